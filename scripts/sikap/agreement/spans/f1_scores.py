"""F1 between annotators and with settled spans, all of the same counts of how spans met.

The kinds of F1 are those of SemEval-2013 task 9 (Segura-Bedmar et al. 2013), of two annotators
neither of whom is right; exact F1 is CoNLL's. Items where nobody marked anything add nothing.
"""

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, Floats, mean_known, over
from sikap.agreement.bootstrap.dense_sums import totals
from sikap.agreement.bootstrap.draws import figure
from sikap.agreement.categorical.sparse_pairs import MOST_DRAWN, MOST_LISTED, TOO_MANY
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.report import Errors, Pair
from sikap.agreement.spans.match_counts import KINDS, Met, basis
from sikap.agreement.study import Marks, Options

WEIGHTS: dict[str, tuple[float, ...]] = {
    "exact": (1, 0, 0, 0, 0),
    "borders": (1, 0, 1, 0, 0),
    "partial": (1, 0.5, 1, 0.5, 0),
    "type": (1, 1, 0, 0, 0),
}
"""What a span counts for in each F1, by how it met its match."""

NOTHING = "nobody marked anything"
NO_PAIR = "no item was looked at by two annotators"


def f1(counts: Floats, kind: str) -> Floats:
    """The F1 of counts by how spans met: of … × kinds, …; NaN where nobody marked anything."""
    return over(counts @ np.asarray(WEIGHTS[kind]), counts.sum(axis=-1))


def pooled(found: Met, base: Basis, options: Options) -> tuple[Figure, ...]:
    """Every F1 over all pairs of annotators, each pair and item with the weight of its spans."""
    once, drawn = summed(found.table(), options)
    return scores(once, drawn, base, options)


def scores(
    once: Floats, drawn: Floats, base: Basis, options: Options, *, because: str = ""
) -> tuple[Figure, ...]:
    """Every F1 of counts by kind, and of replicates × kinds."""
    because = because or (NOTHING if base.units else NO_PAIR)
    return tuple(
        figure(
            f"span-f1-{kind}",
            float(f1(once, kind)),
            f1(drawn, kind),
            base,
            options,
            because=because,
        )
        for kind in WEIGHTS
    )


def summed(table: Codes, options: Options) -> tuple[Floats, Floats]:
    """The totals of clusters × … × kinds: … × kinds, and replicates × … × kinds."""
    once, drawn = totals(table.reshape(len(table), int(np.prod(table.shape[1:]))), options)
    return once.reshape(table.shape[1:]), drawn.reshape(len(drawn), *table.shape[1:])


def by_pair(
    found: Met, marks: Marks, base: Basis, options: Options
) -> tuple[tuple[Figure, ...], tuple[Pair, ...]]:
    """The means of F1 over pairs of annotators, and the figures of each pair.

    Of more than `MOST_DRAWN` pairs there are no intervals, and not more than `MOST_LISTED` are
    listed.
    """
    width = len(found.pairs)
    many = width > MOST_DRAWN
    if many:
        once, drawn = _undrawn(found)
    else:
        once, drawn = summed(found.table((found.pair, width)), options)
    means = tuple(_mean(once, drawn, kind, base, options, many=many) for kind in WEIGHTS)
    pairs = tuple(
        Pair(
            one=found.pairs[number][0],
            other=found.pairs[number][1],
            figures=_of_pair(once, drawn, number, found, marks, options),
        )
        for number in _listed(found)
    )
    return means, pairs


def _listed(found: Met) -> list[int]:
    """The places of the pairs that are listed: of too many those with most items in common."""
    items = np.bincount(found.meetings[:, 1], minlength=len(found.pairs))
    return sorted(np.argsort(-items, kind="stable")[:MOST_LISTED].tolist())


def _undrawn(found: Met) -> tuple[Floats, Floats]:
    """Spans by pair and kind, and no replicates of them."""
    width = len(found.pairs)
    flat = np.bincount(found.pair * KINDS + found.kind, minlength=width * KINDS)
    return flat.reshape(width, KINDS).astype(np.float64), np.zeros((0, width, KINDS))


def _of_pair(
    once: Floats, drawn: Floats, number: int, found: Met, marks: Marks, options: Options
) -> tuple[Figure, ...]:
    figures = scores(once[number], drawn[:, number], basis(found, marks, number), options)
    return tuple(map(too_many, figures)) if len(found.pairs) > MOST_DRAWN else figures


def _mean(
    once: Floats, drawn: Floats, kind: str, base: Basis, options: Options, *, many: bool
) -> Figure:
    found = figure(
        f"span-f1-{kind}-mean",
        float(mean_known(f1(once, kind)[None])[0]),
        mean_known(f1(drawn, kind)),
        base,
        options,
        because=NOTHING if base.units else NO_PAIR,
    )
    return too_many(found) if many else found


def too_many(found: Figure, unsure: str = TOO_MANY) -> Figure:
    """The figure without an interval, as there are too many of its kind to draw each anew."""
    if found.value is None:
        return found
    return msgspec.structs.replace(found, low=None, high=None, unsure=unsure)


def errors(found: Met) -> tuple[Errors, ...]:
    """Where annotators differ, in spans of both: of all pairs, then of each label."""
    flat = np.bincount(found.label * KINDS + found.kind, minlength=len(found.labels) * KINDS)
    table = flat.reshape(-1, KINDS)
    every = _errors(None, table.sum(axis=0))
    return (every, *(map(_errors, found.labels, table)))


def _errors(label: str | None, counts: Codes) -> Errors:
    same, borders, types, both, missed = (int(count) for count in counts)
    return Errors(label=label, same=same, borders=borders, types=types, both=both, missed=missed)


def of_labels(found: Met, base: Basis, options: Options) -> list[tuple[Figure, ...]]:
    """Every F1 of each label: of its spans, whatever the label of those they met where F1 is so."""
    width = len(found.labels)
    once, drawn = summed(found.table((found.label, width)), options)
    each = []
    for label in range(width):
        mine = Basis(
            units=base.units,
            ratings=int(once[label].sum()),
            annotators=base.annotators,
            clusters=base.clusters,
        )
        each.append(scores(once[label], drawn[:, label], mine, options))
    return each
