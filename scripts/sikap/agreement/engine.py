"""One engine for rounds, tables and exports: a study in, all figures out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from sikap import __version__
from sikap.agreement.categorical import headline, variable
from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.layer import layer
from sikap.agreement.ratings import Ratings
from sikap.agreement.report import (
    AgreementReport,
    Between,
    ByValue,
    Consistency,
    Layer,
    Pair,
    Stretch,
    Use,
    Variable,
)
from sikap.agreement.span_scores import headline as span_headline
from sikap.agreement.study import Options, Study
from sikap.agreement.units import span_units
from sikap.errors import Problem

Part = ByValue | Pair | Use | Stretch | Consistency


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
        variable(ratings, options, again.get(ratings.name)) for ratings in everything(study)
    )
    layers = tuple(layer(marks, options, marks_again.get(marks.name)) for marks in study.layers)
    earlier = tuple(between(other, options) for other in others)
    used = set(_coefficients(variables, layers, earlier))
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
        contested=(),
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


def _coefficients(
    variables: Iterable[Variable], layers: Iterable[Layer], earlier: Iterable[Between]
) -> Iterator[str]:
    """The keys of all coefficients in a report, some of them often."""
    parts: list[Part | Variable | Layer] = [*variables, *layers]
    for one in variables:
        parts += (*one.by_value, *one.pairs, *one.annotators, *one.course, *one.consistency)
    for spans in layers:
        parts += (*spans.by_label, *spans.pairs, *spans.annotators, *spans.settled)
        parts += (*spans.course, *spans.consistency)
    figures = [part.figures for part in parts]
    figures += [main for study in earlier for main in study.figures.values()]
    yield from (figure.coefficient for several in figures for figure in several)


def between(study: Study, options: Options) -> Between:
    """The main figures of a study, to be seen beside those of others."""
    return Between(
        name=study.name,
        guidelines=study.guidelines,
        figures={
            **{ratings.name: headline(ratings, options) for ratings in everything(study)},
            **{marks.name: span_headline(marks, options) for marks in study.layers},
        },
    )
