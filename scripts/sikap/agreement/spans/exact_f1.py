"""Exact F1 of spans as counts and with intervals, of all labels and of each.

Nothing need be matched for it (see `matching`), so it is light enough for every release.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, Floats, over
from sikap.agreement.bootstrap.dense_sums import totals
from sikap.agreement.bootstrap.draws import figure
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.ratings import codes, places
from sikap.agreement.spans.f1_scores import NO_PAIR, NOTHING
from sikap.agreement.spans.match_counts import labels_of
from sikap.agreement.study import Flat, Marks, Options, runs

EXACT = "span-f1-exact"


class Exact(msgspec.Struct, frozen=True, kw_only=True):
    """Exact F1 of the spans of one label, or of all under null: ``same`` of ``of``, and a figure.

    ``of`` counts the spans of both of every two annotators of an item, ``same`` twice those that
    both marked with the same borders and label.
    """

    label: str | None
    same: int
    of: int
    figure: Figure


class _Table(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Clusters × (same and of), of all labels and then of each, and what it is of.

    ``used`` counts the spans of all labels, then those of each.
    """

    counts: Codes
    used: tuple[int, ...]
    units: int
    annotators: int


def exact(marks: Marks, options: Options) -> list[Exact]:
    """The F1 of all spans, then of each label, all of the same replicates."""
    labels = labels_of(marks)
    table = _table(marks, labels)
    once, drawn = totals(table.counts, options)
    return [
        Exact(
            label=name,
            same=int(once[2 * place]),
            of=int(once[2 * place + 1]),
            figure=_figure(table, place, once, drawn, options),
        )
        for place, name in enumerate((None, *labels))
    ]


def headline(marks: Marks, options: Options) -> tuple[Figure, ...]:
    """Exact F1 over all pairs of annotators, of all labels together."""
    table = _table(marks, labels_of(marks))
    once, drawn = totals(table.counts[:, :2], options)
    return (_figure(table, 0, once, drawn, options),)


def _figure(table: _Table, place: int, once: Floats, drawn: Floats, options: Options) -> Figure:
    """The F1 of all labels, or of that at a place after them, of sums over drawn clusters."""
    same, of = 2 * place, 2 * place + 1
    return figure(
        EXACT,
        float(over(once[same:of], once[of : of + 1])[0]),
        over(drawn[:, same], drawn[:, of]),
        Basis(
            units=table.units,
            ratings=table.used[place],
            annotators=table.annotators,
            clusters=len(table.counts),
        ),
        options,
        because=NOTHING if table.units else NO_PAIR,
    )


def _table(marks: Marks, labels: Sequence[str]) -> _Table:
    flat = marks.flat
    several = np.flatnonzero(flat.looked > 1)
    names = [flat.items[place] for place in several.tolist()]
    clusters, cluster = codes([marks.clusters.get(name, name) for name in names])
    of_item = np.full(len(flat.items), -1)
    of_item[several] = cluster
    label = places(flat.labels, labels)[flat.label]
    compared = of_item[flat.item[flat.look]] >= 0
    used = np.bincount(label[compared], minlength=len(labels)).tolist()
    return _Table(
        counts=_counted(flat, of_item, len(clusters), label, len(labels)),
        used=(sum(used), *used),
        units=len(several),
        annotators=len(np.unique(flat.annotator[of_item[flat.item] >= 0])),
    )


def _counted(flat: Flat, cluster: Codes, clusters: int, label: Codes, labels: int) -> Codes:
    """Clusters × (same and of, of all labels and then by label), of spans ``label``.

    ``cluster`` is that of each item, -1 where none is compared.
    """
    item = flat.item[flat.look]
    compared = np.flatnonzero(cluster[item] >= 0)
    table = np.zeros((clusters, 2 + 2 * labels), dtype=np.int64)
    shared = _shared(flat, item, label)
    counted = ((2, shared), (3, (compared, flat.looked[item[compared]] - 1)))
    for column, (row, times) in counted:
        cells = cluster[item[row]] * labels + label[row]
        # Sums of whole numbers, so floats are exact.
        summed = np.bincount(cells, weights=times, minlength=clusters * labels)
        table[:, column::2] = summed.reshape(clusters, labels)
    # The whole is the sum of its labels.
    table[:, 0], table[:, 1] = table[:, 2::2].sum(axis=1), table[:, 3::2].sum(axis=1)
    return table


def _shared(flat: Flat, item: Codes, label: Codes) -> tuple[Codes, Codes]:
    """Rows of spans of one border and label each, and twice how many of it two share, summed.

    Two annotators share as many as the one has who has fewer of them, over every two.
    """
    order = np.lexsort((flat.look, label, flat.end, flat.start, item))
    alike = [column[order] for column in (item, flat.start, flat.end, label)]
    run = runs(*alike, flat.look[order])  # what one annotator marked so, once or more
    times = np.diff(np.append(run, len(order)))
    first = runs(*(column[run] for column in alike))
    group = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(run))))
    downwards = np.lexsort((-times, group))
    rank = np.arange(len(run)) - first[group]
    both = np.bincount(group, weights=2 * rank * times[downwards], minlength=len(first))
    there = np.flatnonzero(both)
    return order[run[first[there]]], both[there].astype(np.int64)
