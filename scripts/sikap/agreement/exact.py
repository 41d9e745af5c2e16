"""Exact F1 of spans as counts and with intervals, of all labels and of each.

Nothing need be matched for it (see `matching`), so it is light enough for every release.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

import msgspec
import numpy as np

from sikap.agreement.clusters import totals
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.ratings import codes
from sikap.agreement.resample import figure
from sikap.agreement.span_counts import labels_of
from sikap.agreement.span_scores import NO_PAIR, NOTHING, over
from sikap.agreement.study import Marks, Options
from sikap.records import Span

Spans = Sequence[Span]


class Exact(msgspec.Struct, frozen=True, kw_only=True):
    """Exact F1 of the spans of one label, or of all under null: ``same`` of ``of``, and a figure.

    ``of`` counts the spans of both of every two annotators of an item, ``same`` twice those that
    both marked with the same borders and label.
    """

    label: str | None
    same: int
    of: int
    figure: Figure


def exact(marks: Marks, options: Options) -> list[Exact]:
    """The F1 of all spans, then of each label, all of the same replicates."""
    labels = labels_of(marks)
    looked: dict[str, list[tuple[str, Spans]]] = defaultdict(list)
    for (item, who), spans in marks.spans.items():
        looked[item].append((who, spans))
    several = {item: given for item, given in looked.items() if len(given) > 1}
    clusters, cluster = codes([marks.clusters.get(item, item) for item in several])
    place: dict[str | None, int] = {
        label: 2 * number for number, label in enumerate((None, *labels))
    }
    table = np.zeros((len(clusters), 2 * len(place)), dtype=np.int64)
    ratings: Counter[str | None] = Counter()
    for row, given in zip(cluster.tolist(), several.values(), strict=True):
        for label, same, of in _met([spans for _, spans in given if spans], len(given)):
            table[row, place[label]] += same
            table[row, place[label] + 1] += of
            ratings[label] += of // (len(given) - 1)
    # The whole is the sum of its labels.
    table[:, 0], table[:, 1] = table[:, 2::2].sum(axis=1), table[:, 3::2].sum(axis=1)
    ratings[None] = ratings.total()
    once, drawn = totals(table, options)
    annotators = len({who for given in several.values() for who, _ in given})
    because = NOTHING if several else NO_PAIR
    return [
        Exact(
            label=label,
            same=int(once[column]),
            of=int(once[column + 1]),
            figure=figure(
                "span-f1-exact",
                float(over(once[column : column + 1], once[column + 1 : column + 2])[0]),
                over(drawn[:, column], drawn[:, column + 1]),
                Basis(
                    units=len(several),
                    ratings=ratings[label],
                    annotators=annotators,
                    clusters=len(clusters),
                ),
                options,
                because=because,
            ),
        )
        for label, column in place.items()
    ]


def _met(marked: Sequence[Spans], annotators: int) -> Iterator[tuple[str, int, int]]:
    """Yield a label, twice the exact matches, and the spans compared, of some spans of an item."""
    for spans in marked:
        for span in spans:
            yield span.label, 0, annotators - 1
    counters = [Counter((span.start, span.end, span.label) for span in spans) for spans in marked]
    for one, other in combinations(counters, 2):
        for (_, _, label), count in (one & other).items():
            yield label, 2 * count, 0
