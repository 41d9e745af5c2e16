"""Whether annotators say the same of an item that comes a second time."""

from collections.abc import Iterable

import msgspec
import numpy as np

from sikap.agreement.categorical.variable import headline
from sikap.agreement.diagnostics.subsets import part, renamed
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Ratings, codes, places
from sikap.agreement.report import Consistency
from sikap.agreement.spans.matched_units import span_units
from sikap.agreement.study import Key, Marks, Options, Study
from sikap.records import SEPARATOR, Span

PASSES = ("first", "second")
KEYS = {"percent-agreement": "consistency-agreement", "krippendorff-alpha": "consistency-alpha"}


def consistencies(study: Study, options: Options) -> tuple[tuple[Consistency, ...], ...]:
    """The consistency of every variable of a study, then of each of the spans of its layers."""
    again = {ratings.name: ratings for ratings in study.again}
    marks_again = {marks.name: marks for marks in study.marks_again}
    nothing = ((),)
    return (
        *(
            consistency(one, again[one.name], options) if one.name in again else ()
            for one in study.variables
        ),
        *(
            each
            for marks in study.layers
            for each in (
                unit_consistency(marks, marks_again[marks.name], options)
                if marks.name in marks_again
                else nothing * (1 + len(marks.attributes))
            )
        ),
    )


def consistency(first: Ratings, again: Ratings, options: Options) -> tuple[Consistency, ...]:
    """The consistency of all annotators together, then of each whom an item came to twice.

    Empty where no item did. The units are items and annotators, the raters the two passes.
    """
    both, whose = passes(first, again)
    if not len(both.item):
        return ()
    found = [Consistency(annotator=None, figures=_figures(both, options))]
    for annotator in sorted(set(whose)):
        theirs = np.asarray([one == annotator for one in whose], dtype=np.bool_)
        figures = _figures(part(both, theirs[both.item]), options)
        found.append(Consistency(annotator=annotator, figures=figures))
    return tuple(found)


def _figures(both: Ratings, options: Options) -> tuple[Figure, ...]:
    return tuple(renamed(headline(both, options), KEYS))


def passes(first: Ratings, again: Ratings) -> tuple[Ratings, tuple[str, ...]]:
    """The two passes as two raters of units that are an item and an annotator, and whose each is.

    Only what was judged in both passes is a unit; it belongs to the cluster of its item.
    """
    values = (*first.values, *(value for value in again.values if value not in first.values))
    sets = dict(zip(again.values, again.members, strict=False))
    sets.update(zip(first.values, first.members, strict=False))
    given = _given(first), _given(again)
    keys = sorted(given[0].keys() & given[1].keys())
    cluster = {
        item: first.clusters[place]
        for item, place in zip(first.items, first.cluster.tolist(), strict=True)
    }
    clusters, cluster_codes = codes([cluster[item] for item, _ in keys])
    both = msgspec.structs.replace(
        first,
        values=values,
        members=tuple(sets[value] for value in values) if sets else (),
        items=tuple(f"{item}{SEPARATOR}{annotator}" for item, annotator in keys),
        annotators=PASSES,
        clusters=clusters,
        item=np.tile(np.arange(len(keys)), 2),
        annotator=np.repeat(np.arange(2), len(keys)),
        value=places([said[key] for said in given for key in keys], values),
        cluster=cluster_codes,
        when=np.full(2 * len(keys), np.nan),
    )
    return both, tuple(annotator for _, annotator in keys)


def _given(ratings: Ratings) -> dict[Key, str]:
    rows = zip(
        ratings.item.tolist(), ratings.annotator.tolist(), ratings.value.tolist(), strict=True
    )
    return {
        (ratings.items[item], ratings.annotators[annotator]): ratings.values[value]
        for item, annotator, value in rows
    }


def unit_consistency(
    marks: Marks, again: Marks, options: Options
) -> tuple[tuple[Consistency, ...], ...]:
    """The same of the label and the attributes of spans: one for each variable of `span_units`.

    Units are spans of the first pass that were matched with one of the second.
    """
    keys = sorted(marks.spans.keys() & again.spans.keys())
    if not keys:
        return ((),) * (1 + len(marks.attributes))
    whose = (None, *sorted({annotator for _, annotator in keys}))
    found = []
    for one in whose:
        theirs = [key for key in keys if one in {None, key[1]}]
        found.append(span_units(_as_two(marks, again, theirs)))
    return tuple(
        tuple(
            Consistency(annotator=one, figures=_figures(both, options))
            for one, both in zip(whose, each, strict=True)
        )
        for each in zip(*found, strict=True)
    )


def _as_two(marks: Marks, again: Marks, keys: Iterable[Key]) -> Marks:
    """Both passes as two annotators of items that are each an item and an annotator."""
    spans: dict[Key, tuple[Span, ...]] = {}
    clusters: dict[str, str] = {}
    for item, annotator in keys:
        twice = f"{item}{SEPARATOR}{annotator}"
        clusters[twice] = marks.clusters.get(item, item)
        for name, said in zip(PASSES, (marks, again), strict=True):
            spans[twice, name] = said.spans[item, annotator]
    return Marks(
        name=marks.name,
        labels=marks.labels,
        attributes=marks.attributes,
        spans=spans,
        clusters=clusters,
    )
