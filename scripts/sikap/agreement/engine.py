"""One engine for rounds, tables and exports: a study in, all figures out."""

from collections.abc import Iterator, Sequence
from typing import Literal

from sikap import __version__
from sikap.agreement.categorical import headline, variable
from sikap.agreement.causes import of_variable
from sikap.agreement.contested import contested
from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.earlier import clusters, differences
from sikap.agreement.figures import Figure
from sikap.agreement.report import AgreementReport, Between, Contested, Variable
from sikap.agreement.study import Options, Study
from sikap.errors import Problem
from sikap.records import Record


def analyse(
    study: Study,
    options: Options,
    *,
    kind: Literal["round", "table"],
    others: Sequence[Study] = (),
    problems: Sequence[Problem] = (),
) -> AgreementReport:
    """Compute everything; ``others`` are rounds before this one, or the parts of a table."""
    again = {ratings.name: ratings for ratings in study.again}
    variables = tuple(
        of_variable(variable(ratings, options), ratings, options, again.get(ratings.name))
        for ratings in study.variables
    )
    earlier = tuple(between(other, options, study) for other in others)
    disputed = contested(study)
    used = {*coefficients_in((variables, earlier)), *_told(variables, earlier, disputed)}
    return AgreementReport(
        sikap=__version__,
        source=study.name,
        kind=kind,
        items=len({item for ratings in study.variables for item in ratings.items}),
        annotators=tuple(sorted({who for one in study.variables for who in one.annotators})),
        options=options,
        definitions={name: text for name, text in DEFINITIONS.items() if name in used},
        variables=variables,
        layers=(),
        between=earlier,
        contested=disputed,
        problems=tuple(problems),
    )


def between(study: Study, options: Options, now: Study | None = None) -> Between:
    """The main figures of a study, to be seen beside those of others, and how ``now`` differs."""
    figures = _main(study, options)
    return Between(
        name=study.name,
        guidelines=study.guidelines,
        figures=figures,
        differences={}
        if now is None
        else differences(
            _main(now, options), figures, independent=not clusters(now) & clusters(study)
        ),
    )


def _main(study: Study, options: Options) -> dict[str, tuple[Figure, ...]]:
    return {ratings.name: headline(ratings, options) for ratings in study.variables}


def coefficients_in(part: object) -> Iterator[str]:
    """The keys of all figures in a part of a report."""
    if isinstance(part, Figure):
        yield part.coefficient
    elif isinstance(part, tuple):
        for one in part:
            yield from coefficients_in(one)
    elif isinstance(part, dict):
        yield from coefficients_in(tuple(part.values()))
    elif isinstance(part, Record):
        yield from coefficients_in(tuple(getattr(part, name) for name in part.__struct_fields__))


def _told(
    variables: tuple[Variable, ...], earlier: tuple[Between, ...], disputed: tuple[Contested, ...]
) -> Iterator[str]:
    """The keys of what is no figure and has a definition."""
    if disputed:
        yield "contested"
    if any(one.needed for one in variables):
        yield "needed"
    if any(one.differences for one in earlier):
        yield "difference"
