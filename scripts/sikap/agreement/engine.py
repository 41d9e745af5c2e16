"""One engine for rounds, tables and exports: a study in, all figures out."""

from collections.abc import Iterator, Sequence
from typing import Literal

from sikap import __version__
from sikap.agreement.categorical import headline, variable
from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.figures import Figure
from sikap.agreement.report import AgreementReport, Between, Variable
from sikap.agreement.study import Options, Study
from sikap.errors import Problem


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
        variable(ratings, options, again.get(ratings.name)) for ratings in study.variables
    )
    used = {figure.coefficient for one in variables for figure in every_figure(one)}
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
        between=tuple(between(other, options) for other in others),
        contested=(),
        problems=tuple(problems),
    )


def every_figure(one: Variable) -> Iterator[Figure]:
    """All figures of a variable, wherever they stand in it."""
    yield from one.figures
    for parts in (one.by_value, one.pairs, one.annotators, one.course, one.consistency):
        for part in parts:
            yield from part.figures


def between(study: Study, options: Options) -> Between:
    """The main figures of a study, to be seen beside those of others."""
    return Between(
        name=study.name,
        guidelines=study.guidelines,
        figures={ratings.name: headline(ratings, options) for ratings in study.variables},
    )
