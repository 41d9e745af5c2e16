"""How the spans of two annotators meet, as columns of codes that every score of spans counts."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, counted
from sikap.agreement.figures import Basis
from sikap.agreement.spans.matching import matches, same_borders
from sikap.agreement.study import Marks
from sikap.records import Span

SAME, BORDERS, TYPES, BOTH, MISSED = range(5)
"""Kinds of how a span met its match: as it is in `report.Errors`."""
KINDS = 5

Spans = tuple[Span, ...]
Meeting = tuple[str, str, str, Spans, Spans]
"""An item, two annotators, and the spans of each."""


class Met(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The spans of two annotators on one item each, a row for every span of both.

    ``cluster``, ``pair``, ``side`` (0 or 1), ``label`` and ``kind`` are places. ``meetings`` has
    a row for each pair and item: cluster, pair, item. ``pairs`` are sorted.
    """

    labels: tuple[str, ...]
    clusters: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    meetings: Codes
    cluster: Codes
    pair: Codes
    side: Codes
    label: Codes
    kind: Codes

    def table(self, *axes: tuple[Codes, int]) -> Codes:
        """Count spans: clusters × axes (codes and their number) × kinds."""
        cells = (self.cluster, *(codes for codes, _ in axes), self.kind)
        return counted(cells, (len(self.clusters), *(size for _, size in axes), KINDS))


def by_item(spans: Mapping[tuple[str, str], Spans]) -> dict[str, dict[str, Spans]]:
    """The spans by item and annotator, of items and annotators in their order."""
    of: dict[str, dict[str, Spans]] = defaultdict(dict)
    for item, who in sorted(spans):
        of[item][who] = spans[item, who]
    return of


def labels_of(marks: Marks) -> tuple[str, ...]:
    """The declared labels, and those that were used beyond them."""
    used = set(marks.flat.labels)
    used |= {span.label for spans in marks.settled.values() for span in spans}
    return (*marks.labels, *sorted(used - set(marks.labels)))


def between_annotators(marks: Marks) -> Iterator[Meeting]:
    """All pairs of annotators that looked at one item."""
    for item, spans in by_item(marks.spans).items():
        for one, other in combinations(spans, 2):
            yield item, one, other, spans[one], spans[other]


def with_settled(marks: Marks) -> Iterator[Meeting]:
    """All annotators of settled items, with what was settled."""
    for (item, who), spans in marks.spans.items():
        if item in marks.settled:
            yield item, who, "", spans, marks.settled[item]


def met(marks: Marks, meetings: Iterable[Meeting]) -> Met:
    """Match the spans of each meeting and say of every span how it met its match."""
    place = {label: number for number, label in enumerate(labels_of(marks))}
    pairs: dict[tuple[str, str], int] = {}
    clusters: dict[str, int] = {}
    items: dict[str, int] = {}
    seen: list[tuple[int, int, int]] = []
    rows: list[tuple[int, int, int, int, int]] = []
    for item, one, other, first, second in meetings:
        cluster = clusters.setdefault(marks.clusters.get(item, item), len(clusters))
        pair = pairs.setdefault((one, other), len(pairs))
        seen.append((cluster, pair, items.setdefault(item, len(items))))
        if first == second:
            rows.extend(
                (cluster, pair, side, place[span.label], SAME) for span in first for side in (0, 1)
            )
        else:
            for side, label, kind in _kinds(first, second):
                rows.append((cluster, pair, side, place[label], kind))
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5)
    looked = np.array(seen, dtype=np.int64).reshape(-1, 3)
    clusters_new, pairs_new = _sorted(clusters), _sorted(pairs)
    looked[:, 0], looked[:, 1] = clusters_new[looked[:, 0]], pairs_new[looked[:, 1]]
    return Met(
        labels=tuple(place),
        clusters=tuple(sorted(clusters)),
        pairs=tuple(sorted(pairs)),
        meetings=looked,
        cluster=clusters_new[columns[:, 0]],
        pair=pairs_new[columns[:, 1]],
        side=columns[:, 2],
        label=columns[:, 3],
        kind=columns[:, 4],
    )


def _sorted(place: Mapping[str, int] | Mapping[tuple[str, str], int]) -> Codes:
    """For each place in the order of coming that in the order of names."""
    new = np.empty(len(place), dtype=np.int64)
    new[[number for _, number in sorted(place.items())]] = np.arange(len(place))
    return new


def _kinds(first: Spans, second: Spans) -> Iterator[tuple[int, str, int]]:
    """The side, label and kind of each span of two annotators."""
    left, right = [MISSED] * len(first), [MISSED] * len(second)
    for here, there in matches(first, second):
        one, other = first[here], second[there]
        equal, alike = same_borders(one, other), one.label == other.label
        kind = (SAME if alike else TYPES) if equal else (BORDERS if alike else BOTH)
        left[here] = right[there] = kind
    yield from ((0, span.label, kind) for span, kind in zip(first, left, strict=True))
    yield from ((1, span.label, kind) for span, kind in zip(second, right, strict=True))


def basis(found: Met, marks: Marks, pair: int | None = None) -> Basis:
    """What is compared: items as units, and as ratings the spans on them, each counted once."""
    looked = found.meetings if pair is None else found.meetings[found.meetings[:, 1] == pair]
    if pair is not None:
        annotators = len(set(found.pairs[pair]))
        ratings = int((found.pair == pair).sum())
    else:
        annotators = len({who for both in found.pairs for who in both})
        ratings = _spans(marks)
    return Basis(
        units=len(np.unique(looked[:, 2])),
        ratings=ratings,
        annotators=annotators,
        clusters=len(np.unique(looked[:, 0])),
    )


def _spans(marks: Marks) -> int:
    """How many spans are on items that two annotators or more looked at."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for (item, _), spans in marks.spans.items():
        counts[item][0] += 1
        counts[item][1] += len(spans)
    return sum(spans for annotators, spans in counts.values() if annotators > 1)
