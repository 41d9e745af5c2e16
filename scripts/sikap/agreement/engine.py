"""One engine for rounds, tables and exports: a study in, all figures out."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from sikap import __version__
from sikap.agreement.categorical import headline, variable
from sikap.agreement.causes import of_layer, of_variable
from sikap.agreement.contested import contested
from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.earlier import clusters, differences
from sikap.agreement.figures import Figure
from sikap.agreement.layer import layer
from sikap.agreement.ratings import Ratings
from sikap.agreement.report import AgreementReport, Between, Contested, Layer, Variable
from sikap.agreement.span_scores import headline as span_headline
from sikap.agreement.study import Options, Study
from sikap.agreement.units import span_units
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
    marks_again = {marks.name: marks for marks in study.marks_again}
    variables = tuple(
        of_variable(variable(ratings, options), ratings, options, again.get(ratings.name))
        for ratings in everything(study)
    )
    layers = tuple(
        of_layer(layer(marks, options), marks, options, span_headline, marks_again.get(marks.name))
        for marks in study.layers
    )
    earlier = tuple(between(other, options, study) for other in others)
    disputed = contested(study)
    used = {
        *coefficients_in((variables, layers, earlier)),
        *_told((*variables, *layers), earlier, disputed),
    }
    return AgreementReport(
        sikap=__version__,
        source=study.name,
        kind=kind,
        items=len(_items(study)),
        annotators=tuple(sorted(_annotators(study))),
        options=options,
        definitions={name: text for name, text in DEFINITIONS.items() if name in used},
        variables=variables,
        layers=layers,
        between=earlier,
        contested=disputed,
        problems=tuple(problems),
    )


def everything(study: Study) -> tuple[Ratings, ...]:
    """The variables of a study, and what was said of the matched spans of its layers.

    An attribute that several layers or variables have is called after its layer too.
    """
    units = [(marks.name, ratings) for marks in study.layers for ratings in span_units(marks)]
    names = Counter(ratings.name for ratings in study.variables)
    names.update(ratings.name for _, ratings in units)
    return (
        *study.variables,
        *(
            ratings
            if names[ratings.name] == 1
            else msgspec.structs.replace(ratings, name=f"{owner}:{ratings.name}")
            for owner, ratings in units
        ),
    )


def _items(study: Study) -> set[str]:
    rated = {item for ratings in study.variables for item in ratings.items}
    return rated | {item for marks in study.layers for item, _ in marks.spans}


def _annotators(study: Study) -> set[str]:
    rated = {who for ratings in study.variables for who in ratings.annotators}
    return rated | {who for marks in study.layers for _, who in marks.spans}


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
    return {
        **{ratings.name: headline(ratings, options) for ratings in everything(study)},
        **{marks.name: span_headline(marks, options) for marks in study.layers},
    }


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
    parts: tuple[Variable | Layer, ...],
    earlier: tuple[Between, ...],
    disputed: tuple[Contested, ...],
) -> Iterator[str]:
    """The keys of what is no figure and has a definition."""
    if disputed:
        yield "contested"
    if any(one.needed for one in parts):
        yield "needed"
    if any(one.differences for one in earlier):
        yield "difference"
