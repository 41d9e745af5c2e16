"""One engine for rounds, tables and exports: a study in, all figures out."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from sikap.agreement.categorical.variable import headline, main, variable
from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.diagnostics.attach import of_layer, of_variable
from sikap.agreement.diagnostics.contested_items import contested
from sikap.agreement.diagnostics.round_differences import differences
from sikap.agreement.diagnostics.self_consistency import consistencies
from sikap.agreement.diagnostics.subsets import clusters_of
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Ratings
from sikap.agreement.report import AgreementReport, Between, Layer, Variable
from sikap.agreement.spans.exact_f1 import EXACT
from sikap.agreement.spans.exact_f1 import headline as span_headline
from sikap.agreement.spans.layer import layer
from sikap.agreement.spans.matched_units import span_units
from sikap.agreement.study import Marks, Options, Study
from sikap.errors import Problem
from sikap.records import Record
from sikap.version import __version__

Main = dict[str, tuple[Figure, ...]]
"""The main figures of each variable and layer of a study."""


def analyse(
    study: Study,
    options: Options,
    *,
    kind: Literal["round", "table"],
    others: Sequence[Study] = (),
    problems: Sequence[Problem] = (),
) -> AgreementReport:
    """Compute everything; ``others`` are rounds before this one, or the parts of a table."""
    rated = everything(study)
    variables = tuple(_variables(study, rated, options))
    layers = tuple(_layers(study, options))
    whole = {one.name: _main(one) for one in variables}
    whole |= {one.name: _main(one) for one in layers}
    report = AgreementReport(
        sikap=__version__,
        source=study.name,
        kind=kind,
        items=len(_items(study)),
        annotators=tuple(sorted(_annotators(study))),
        options=options,
        definitions={},
        variables=variables,
        layers=layers,
        between=tuple(between(other, study, whole, options) for other in others),
        contested=contested(study),
        problems=tuple(problems),
    )
    used = {*coefficients_in(report), *_told(report)}
    definitions = {name: text for name, text in DEFINITIONS.items() if name in used}
    return msgspec.structs.replace(report, definitions=definitions)


def _variables(study: Study, rated: Sequence[Ratings], options: Options) -> Iterator[Variable]:
    for ratings, again in zip(rated, consistencies(study, options), strict=True):
        found = variable(ratings, options)
        yield of_variable(found, ratings, options, _main(found), again)


def _layers(study: Study, options: Options) -> Iterator[Layer]:
    again = {marks.name: marks for marks in study.marks_again}
    for marks in study.layers:
        found = layer(marks, options, again.get(marks.name))
        yield of_layer(found, marks, options, _main(found), span_headline)


def _main(found: Variable | Layer) -> tuple[Figure, ...]:
    """The main figures of all of it: those of `main_figures`, which need not be computed twice."""
    keys = main(found.level) if isinstance(found, Variable) else (EXACT,)
    by_key = {one.coefficient: one for one in found.figures}
    return tuple(by_key[key] for key in keys)


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


def main_figures(rated: Iterable[Ratings], layers: Iterable[Marks], options: Options) -> Main:
    """The main figures of variables and layers, by name."""
    return {
        **{ratings.name: headline(ratings, options) for ratings in rated},
        **{marks.name: span_headline(marks, options) for marks in layers},
    }


def between(other: Study, study: Study, main: Main, options: Options) -> Between:
    """The main figures of another study, and how those of ``study``, ``main``, differ."""
    figures = main_figures(everything(other), other.layers, options)
    apart = {*clusters_of(other).values()}.isdisjoint(clusters_of(study).values())
    return Between(
        name=other.name,
        guidelines=other.guidelines,
        figures=figures,
        differences=differences(main, figures, independent=apart),
    )


def _items(study: Study) -> set[str]:
    rated = {item for ratings in study.variables for item in ratings.items}
    return rated | {item for marks in study.layers for item, _ in marks.spans}


def _annotators(study: Study) -> set[str]:
    rated = {who for ratings in study.variables for who in ratings.annotators}
    return rated | {who for marks in study.layers for _, who in marks.spans}


def coefficients_in(part: object) -> Iterator[str]:
    """The keys of all figures in a part of a report, some of them often."""
    if isinstance(part, Figure):
        yield part.coefficient
    elif isinstance(part, tuple):
        for one in part:
            yield from coefficients_in(one)
    elif isinstance(part, dict):
        yield from coefficients_in(tuple(part.values()))
    elif isinstance(part, Record):
        yield from coefficients_in(tuple(getattr(part, name) for name in part.__struct_fields__))


def _told(report: AgreementReport) -> Iterator[str]:
    """The keys of what a report has that is no figure and has a definition."""
    yield "interval"
    if report.contested:
        yield "contested"
    parts: tuple[Variable | Layer, ...] = (*report.variables, *report.layers)
    if any(one.needed for one in parts):
        yield "needed"
    if any(one.differences for one in report.between):
        yield "difference"
