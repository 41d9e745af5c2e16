"""Krippendorff's α of unitizing: texts cut into marked units and the gaps between them.

The family of Krippendorff, Mathet, Bouvry & Widlöcher (2016), which corrects α_U of 1995 and 2004
for more than two observers: uα of units and their labels, and its binary form of marked against
not marked. Its observed coincidences are lengths of intersections, its expected ones come of all
lengths, without pairing a unit with itself; gaps have no structure, so of them only their length
matters. So both are sums over texts, in any order; where texts have unlike numbers of annotators,
lengths are weighed by 1 / (m - 1), as in α with missing ratings.

Offsets are code points. One annotator's spans that lie upon each other are made a partition first
(`flatten`); for the figures of one label its own spans alone, so that no other hides them.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, Floats, over
from sikap.agreement.bootstrap.dense_sums import totals
from sikap.agreement.bootstrap.draws import figure
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.spans.f1_scores import NOTHING
from sikap.agreement.spans.flatten import painted
from sikap.agreement.spans.match_counts import Spans, by_item, labels_of
from sikap.agreement.study import Marks, Options

UNKNOWN = "the lengths of no texts that two annotators looked at are known"
UNUSED = "nobody used the label"
FULL = "everybody marked all of every text alike, so chance alone explains all agreement"


Alpha = Callable[[Floats, int], Floats]


class Continuum(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What the texts of each cluster add: clusters × columns.

    ``lengths`` is of one column: lengths times annotators. Of label k (0 is a gap) ``met[:, k]``
    is its observed coincidence with itself, ``marked[:, k]`` the length that annotators gave it,
    ``squares[:, k]`` the sum of squared lengths of its units (0: of lengths of gaps). ``own`` has
    the three of each label by itself: clusters × labels × 3.
    """

    lengths: Floats
    met: Floats
    marked: Floats
    squares: Floats
    own: Floats
    basis: Basis


def unitizing_figures(
    marks: Marks, options: Options
) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
    """uα and its binary form; and uα of each label, as if it were the only one."""
    found = continuum(marks)
    width = found.met.shape[1]
    table = np.concatenate(
        (
            found.lengths,
            found.met,
            found.marked,
            found.squares,
            found.own.reshape(len(found.own), 3 * (width - 1)),
        ),
        axis=1,
    )
    once, drawn = totals(table, options)
    because = NOTHING if once[0] == once[1 + width] else FULL
    if not found.basis.units:
        because = UNKNOWN

    def of(name: str, alpha: Alpha, place: int, reason: str) -> Figure:
        value, replicates = alpha(once[None], place), alpha(drawn, place)
        return figure(name, float(value[0]), replicates, found.basis, options, because=reason)

    every = (
        of("unitizing-alpha", _alpha, width, because),
        of("unitizing-alpha-binary", _binary, width, because),
    )
    firsts = range(1 + 3 * width, len(once), 3)
    unused = because if because == UNKNOWN else UNUSED
    return every, tuple(
        of("unitizing-alpha-label", _own, first, FULL if once[first + 1] else unused)
        for first in firsts
    )


def _alpha(sums: Floats, width: int) -> Floats:
    """uα (equations 1, 4 and 5a): 1 - observed / expected disagreement."""
    every = sums[:, 0]
    met = sums[:, 1 : 1 + width].sum(axis=1)
    marked, squares = sums[:, 1 + width : 1 + 2 * width], sums[:, 1 + 2 * width : 1 + 3 * width]
    alone = squares.sum(axis=1)
    alike = (marked**2 - squares).sum(axis=1)
    expected = every * (every**2 - alone - alike)
    return 1 - over((every - met) * (every**2 - alone), expected)


def _binary(sums: Floats, width: int) -> Floats:
    """|uα (equation 6): units together against gaps together."""
    every, met, gaps = sums[:, 0], sums[:, 1], sums[:, 1 + width]
    alone = sums[:, 1 + 2 * width : 1 + 3 * width].sum(axis=1)
    return 1 - over((gaps - met) * (every**2 - alone), every * gaps * (every - gaps))


def _own(sums: Floats, first: int) -> Floats:
    """uα of one label, where all else is a gap."""
    every, met, marked, squares = sums[:, 0], *sums[:, first : first + 3].T
    gaps = every - marked
    return 1 - over((marked - met) * (every**2 - squares - gaps), every * marked * gaps)


def continuum(marks: Marks) -> Continuum:
    """Add up the texts of each cluster that two annotators or more looked at."""
    labels = labels_of(marks)
    order = {label: number for number, label in enumerate(labels)}
    looked = {
        item: spans
        for item, spans in by_item(marks.spans).items()
        if len(spans) > 1 and item in marks.lengths
    }
    clusters = sorted({marks.clusters.get(item, item) for item in looked})
    place = {name: number for number, name in enumerate(clusters)}
    width = len(labels) + 1
    lengths = np.zeros((len(clusters), 1))
    parts = np.zeros((3, len(clusters), width))
    own = np.zeros((len(clusters), len(labels), 3))
    for item, spans in looked.items():
        cluster, length = place[marks.clusters.get(item, item)], marks.lengths[item]
        several = [within(mine, length) for mine in spans.values()]
        lengths[cluster] += length * len(several)
        if all(mine == several[0] for mine in several) and _apart(several[0]):
            found = _same(several[0], len(several), length, order)
            parts[:, cluster] += found
            own[cluster] += found[:, 1:].T
            continue
        found = _sums(several, length, order)
        parts[:, cluster] += found
        if all(map(_apart, several)):
            own[cluster] += found[:, 1:].T
            continue
        for label in {span.label for mine in several for span in mine}:
            one = [tuple(span for span in mine if span.label == label) for mine in several]
            own[cluster, order[label]] += _sums(one, length, {label: 0})[:, 1]
    return Continuum(
        lengths=lengths,
        met=parts[0],
        marked=parts[1],
        squares=parts[2],
        own=own,
        basis=Basis(
            units=len(looked),
            ratings=sum(len(mine) for spans in looked.values() for mine in spans.values()),
            annotators=len({who for spans in looked.values() for who in spans}),
            clusters=len(clusters),
        ),
    )


def within(spans: Spans, length: int) -> Spans:
    """The spans as far as they are in the text."""
    if all(span.end <= length for span in spans):
        return spans
    return tuple(
        msgspec.structs.replace(span, end=min(span.end, length))
        for span in spans
        if span.start < length
    )


def _apart(spans: Spans) -> bool:
    """Whether no spans lie upon each other, so that each label has all of its spans."""
    ordered = sorted((span.start, span.end) for span in spans)
    return all(end <= start for (_, end), (start, _) in pairwise(ordered))


def _same(spans: Spans, raters: int, length: int, order: Mapping[str, int]) -> Floats:
    """What `_sums` gives where all marked the same, and no spans lie upon each other."""
    found = np.zeros((3, len(order) + 1))
    gaps = length
    for span in spans:
        size = span.end - span.start
        found[:, order[span.label] + 1] += raters * size, raters * size, raters * size**2
        gaps -= size
    found[:, 0] = gaps * raters
    return found


def _sums(several: Sequence[Spans], length: int, order: Mapping[str, int]) -> Floats:
    """What one text adds: coincidences with itself, length and squares, of each label."""
    width, raters = len(order) + 1, len(several)
    found = np.zeros((3, width))
    if not any(several):
        found[:, 0] = length * raters
        return found
    borders = sorted(
        {0, length, *(place for mine in several for s in mine for place in (s.start, s.end))}
    )
    starts, ends = borders[:-1], borders[1:]
    sizes = np.diff(borders)
    counts = np.zeros((len(sizes), width))
    for mine in several:
        owner = painted(mine, starts, ends, order)
        codes = np.array([*(order[span.label] + 1 for span in mine), 0])[owner]
        counts[np.arange(len(sizes)), codes] += 1
        found[2] += _squares(owner, sizes, codes, mine, width)
    found[0] = sizes @ (counts * (counts - 1)) / (raters - 1)
    found[1] = sizes @ counts
    return found


def _squares(owner: Codes, sizes: Codes, codes: Codes, mine: Spans, width: int) -> Floats:
    """The squared lengths of units by label; of gaps the lengths."""
    there = owner >= 0
    units = np.bincount(owner[there], weights=sizes[there], minlength=len(mine))
    label = np.zeros(len(mine), dtype=np.int64)
    label[owner[there]] = codes[there]
    found = np.zeros(width)
    np.add.at(found, label, units * units)
    found[0] = sizes[~there].sum()
    return found
