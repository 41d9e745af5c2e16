"""Exact F1 of spans as counts and with intervals, of all labels and of each.

Nothing need be matched for it (see `matching`), so it is light enough for every release.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, over
from sikap.agreement.bootstrap.draws import figure
from sikap.agreement.bootstrap.totals import totals
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.ratings import codes
from sikap.agreement.spans.counts import labels_of
from sikap.agreement.spans.scores import NO_PAIR, NOTHING
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
    looked: dict[str, list[tuple[str, Spans]]] = defaultdict(list)
    for (item, who), spans in marks.spans.items():
        looked[item].append((who, spans))
    several = {item: given for item, given in looked.items() if len(given) > 1}
    clusters, cluster = codes([marks.clusters.get(item, item) for item in several])
    labels: list[str | None] = [None, *labels_of(marks)]
    table, used = _counted(several, cluster.tolist(), len(clusters), labels)
    once, drawn = totals(table, options)
    annotators = len({who for given in several.values() for who, _ in given})
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
                    ratings=used[label],
                    annotators=annotators,
                    clusters=len(clusters),
                ),
                options,
                because=NOTHING if several else NO_PAIR,
            ),
        )
        for label, column in zip(labels, range(0, 2 * len(labels), 2), strict=True)
    ]


def _counted(
    several: Mapping[str, Sequence[tuple[str, Spans]]],
    cluster: Sequence[int],
    clusters: int,
    labels: Sequence[str | None],
) -> tuple[Codes, Counter[str | None]]:
    """Clusters × (same and of, by label), and how often each label was used."""
    width = 2 * len(labels)
    place = {label: 2 * number for number, label in enumerate(labels)}
    cells: list[int] = []
    counts: list[int] = []
    used: list[str] = []
    for row, given in zip(cluster, several.values(), strict=True):
        marked = [spans for _, spans in given if spans]
        for spans in marked:
            labelled = [span.label for span in spans]
            used += labelled
            cells.extend([row * width + place[label] + 1 for label in labelled])
            counts.extend([len(given) - 1] * len(spans))
        for one, other in combinations(marked, 2):
            both = list(_both(one, other))
            cells.extend([row * width + place[label] for label in both])
            counts.extend([2] * len(both))
    # Sums of whole numbers, so floats are exact.
    summed = np.bincount(
        np.asarray(cells, dtype=np.int64), weights=counts, minlength=clusters * width
    )
    table = summed.astype(np.int64).reshape(clusters, width)
    # The whole is the sum of its labels.
    table[:, 0], table[:, 1] = table[:, 2::2].sum(axis=1), table[:, 3::2].sum(axis=1)
    ratings: Counter[str | None] = Counter(used)
    ratings[None] = len(used)
    return table, ratings


def _both(one: Spans, other: Spans) -> Iterator[str]:
    """Yield the label of each span that both marked with the same borders and label."""
    if one == other:
        return (span.label for span in one)
    first, second = (
        Counter((span.start, span.end, span.label) for span in spans) for spans in (one, other)
    )
    return (label for _, _, label in (first & second).elements())
