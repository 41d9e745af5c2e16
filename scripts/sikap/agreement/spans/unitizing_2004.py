"""Krippendorff's α_U of 1995 as it stands in the book of 2004: squared distances of borders.

For each label alone: where units of two annotators intersect, the squared distances of their two
borders; where a unit lies in a gap of the other, its squared length. The expectation is over all
places that the units could have on the continuum, among the gaps that there are. α_U of all labels
is of the sums over labels. It asks that all annotators unitize all of the continuum.

Texts are laid end to end, and a gap ends where its text does, so that their order does not matter.
Offsets are code points. One annotator's spans of one label that lie upon each other are made a
partition first (`painting`).
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import msgspec
import numpy as np

from sikap.agreement.arrays import Floats, over
from sikap.agreement.bootstrap.draws import figure
from sikap.agreement.bootstrap.totals import totals
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.spans.counts import Spans, by_item, labels_of
from sikap.agreement.spans.painting import painted
from sikap.agreement.spans.scores import NOTHING
from sikap.agreement.spans.unitizing import UNKNOWN, UNUSED, within
from sikap.agreement.study import Marks, Options
from sikap.records import Extent

NOT_ALL = "not every annotator looked at every text, as this coefficient asks"
ALIKE = "the units can lie in one way only, so chance alone explains all agreement"
Texts = Mapping[str, Mapping[str, Spans]]


class Disagreement(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Observed and expected disagreement on one label: once, and by replicate."""

    observed: Floats
    expected: Floats
    drawn_observed: Floats
    drawn_expected: Floats


def alpha_u_figures(marks: Marks, options: Options) -> tuple[Figure, tuple[Figure, ...]]:
    """α_U of all labels, and of each."""
    texts = {
        item: {who: within(mine, marks.lengths[item]) for who, mine in spans.items()}
        for item, spans in by_item(marks.spans).items()
        if len(spans) > 1 and item in marks.lengths
    }
    people = {who for spans in texts.values() for who in spans}
    base = Basis(
        units=len(texts),
        ratings=sum(len(mine) for spans in texts.values() for mine in spans.values()),
        annotators=len(people),
        clusters=len({marks.clusters.get(item, item) for item in texts}),
    )
    why = "" if texts else UNKNOWN
    if any(len(spans) < len(people) for spans in texts.values()):
        why = NOT_ALL
    labels = labels_of(marks)
    used = {span.label for spans in texts.values() for mine in spans.values() for span in mine}
    found = {
        label: disagreement(marks, texts, label, options)
        for label in labels
        if label in used and not why
    }
    each = tuple(
        _figure(
            "unitizing-alpha-2004-label",
            [found[label]] if label in found else [],
            base,
            options,
            why or (ALIKE if label in used else UNUSED),
        )
        for label in labels
    )
    every = list(found.values())
    because = why or (ALIKE if used else NOTHING)
    return _figure("unitizing-alpha-2004", every, base, options, because), each


def _figure(
    name: str, found: Sequence[Disagreement], base: Basis, options: Options, because: str
) -> Figure:
    once: Floats = np.array([np.nan])
    drawn: Floats = np.zeros(0)
    if found:
        once = _alpha([one.observed for one in found], [one.expected for one in found])
        drawn = _alpha([one.drawn_observed for one in found], [one.drawn_expected for one in found])
    return figure(name, float(once.sum()), drawn, base, options, because=because)


def _alpha(observed: Sequence[Floats], expected: Sequence[Floats]) -> Floats:
    return 1 - over(np.sum(observed, axis=0), np.sum(expected, axis=0))


def disagreement(marks: Marks, texts: Texts, label: str, options: Options) -> Disagreement:
    """Observed and expected disagreement on one label, which some unit has."""
    clusters = sorted({marks.clusters.get(item, item) for item in texts})
    place = {name: number for number, name in enumerate(clusters)}
    apart = np.zeros((len(clusters), 2))
    units: list[tuple[int, int]] = []
    gaps: list[tuple[int, int, int]] = []
    for item, spans in texts.items():
        cluster, length = place[marks.clusters.get(item, item)], marks.lengths[item]
        apart[cluster, 0] += length
        several = [units_of(mine, label, length) for mine in spans.values()]
        empty = sum(1 for mine in several if not mine)
        if empty:
            gaps.append((cluster, length, empty))
        if empty == len(several):
            continue
        apart[cluster, 1] += sum(distance(*pair) for pair in combinations(several, 2))
        units += [(cluster, end - start) for mine in several for start, end in mine]
        gaps += [(cluster, gap, 1) for mine in several if mine for gap in _gaps(mine, length)]
    raters = len(next(iter(texts.values())))
    sizes = np.unique([size for _, size in units])
    lengths = _lengths(units, sizes, len(clusters))
    room = _room(gaps, sizes, len(clusters))
    table = np.concatenate((apart, lengths, room), axis=1)
    once, drawn = totals(table, options)
    observed, expected = _terms(once[None], sizes, raters)
    drawn_observed, drawn_expected = _terms(drawn, sizes, raters)
    return Disagreement(
        observed=observed,
        expected=expected,
        drawn_observed=drawn_observed,
        drawn_expected=drawn_expected,
    )


def _terms(sums: Floats, sizes: Floats, raters: int) -> tuple[Floats, Floats]:
    """Observed and expected disagreement of sums: length, distances, units and room by size."""
    length, apart = sums[:, 0], sums[:, 1]
    units, room = sums[:, 2 : 2 + len(sizes)], sums[:, 2 + len(sizes) :]
    observed = over(2 * apart, raters * (raters - 1) * length**2)
    others = (units.sum(axis=1) - 1) * (units @ (2 * sizes**3 - 3 * sizes**2 + sizes)) / 3
    placed = others + (units * room) @ sizes**2
    ways = raters * length * (raters * length - 1) - units @ (sizes * (sizes - 1))
    return observed, over(2 * placed, length * ways)


def _lengths(units: Sequence[tuple[int, int]], sizes: Floats, clusters: int) -> Floats:
    """How many units of each length there are: clusters × lengths."""
    found = np.zeros((clusters, len(sizes)))
    cluster, size = np.array(units).T
    np.add.at(found, (cluster, np.searchsorted(sizes, size)), 1)
    return found


def _room(gaps: Sequence[tuple[int, int, int]], sizes: Floats, clusters: int) -> Floats:
    """In how many places of all gaps a unit of each length can lie: clusters × lengths."""
    found = np.zeros((clusters, len(sizes)))
    if gaps:
        cluster, gap, times = np.array(gaps).T
        places = np.maximum(gap[:, None] - sizes[None] + 1, 0) * times[:, None]
        np.add.at(found, cluster, places)
    return found


def units_of(mine: Spans, label: str, length: int) -> list[Extent]:
    """One annotator's units of a label in a text, in order, apart from each other."""
    spans = [span for span in mine if span.label == label]
    if len(spans) < 2:
        return [(span.start, span.end) for span in spans]
    borders = sorted({0, length, *(place for span in spans for place in (span.start, span.end))})
    owner = painted(spans, borders[:-1], borders[1:], {}).tolist()
    found: dict[int, Extent] = {}
    for one, start, end in zip(owner, borders[:-1], borders[1:], strict=True):
        if one >= 0:
            found[one] = (found.get(one, (start, end))[0], end)
    return sorted(found.values())


def _gaps(mine: Sequence[Extent], length: int) -> Iterator[int]:
    """The lengths of what lies between the units of one annotator in a text."""
    last = 0
    for start, end in (*mine, (length, length)):
        if start > last:
            yield start - last
        last = end


def distance(one: Sequence[Extent], other: Sequence[Extent]) -> int:
    """The sum of squared distances between the units of two annotators in a text."""
    found = 0
    met: set[Extent] = set()
    for start, end in one:
        near = [unit for unit in other if unit[0] < end and start < unit[1]]
        met.update(near)
        found += sum((start - left) ** 2 + (end - right) ** 2 for left, right in near)
        found += 0 if near else (end - start) ** 2
    return found + sum((end - start) ** 2 for start, end in other if (start, end) not in met)
