"""Whether annotators say the same of an item that comes a second time."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec
import numpy as np

from sikap.agreement.categorical import headline
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.parts import drawn_sums, over, part, renamed
from sikap.agreement.ratings import Ratings, codes, places
from sikap.agreement.report import Consistency
from sikap.agreement.resample import figure
from sikap.agreement.study import Key, Marks, Options
from sikap.records import SEPARATOR, Span

PASSES = ("first", "second")
KEYS = {"percent-agreement": "consistency-agreement", "krippendorff-alpha": "consistency-alpha"}
NOTHING = "no span was marked in either pass"


def consistency(first: Ratings, again: Ratings, options: Options) -> tuple[Consistency, ...]:
    """The consistency of all annotators together, then of each whom an item came to twice.

    Empty where no item did.
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


def span_consistency(marks: Marks, again: Marks, options: Options) -> tuple[Consistency, ...]:
    """The same of spans: exact F1 of the spans of the first pass and those of the second."""
    keys = sorted(marks.spans.keys() & again.spans.keys())
    if not keys:
        return ()
    return tuple(
        Consistency(annotator=annotator, figures=(_exact(marks, again, theirs, options),))
        for annotator, theirs in _by_annotator(keys)
    )


def _by_annotator(keys: Sequence[Key]) -> Iterator[tuple[str | None, list[Key]]]:
    yield None, list(keys)
    for annotator in sorted({whose for _, whose in keys}):
        yield annotator, [key for key in keys if key[1] == annotator]


def _exact(marks: Marks, again: Marks, keys: Sequence[Key], options: Options) -> Figure:
    rows = np.asarray(
        [_overlap(marks.spans[key], again.spans[key]) for key in keys], dtype=np.float64
    )
    _, cluster = codes([marks.clusters.get(item, item) for item, _ in keys])
    basis = Basis(
        units=len(keys),
        ratings=2 * len(keys),
        annotators=len({annotator for _, annotator in keys}),
        clusters=int(cluster.max()) + 1,
    )
    drawn = drawn_sums(rows, cluster, options)
    once = rows.sum(axis=0)[None]
    value = float(over(once[:, 0], once[:, 1])[0])
    replicates = over(drawn[:, 0], drawn[:, 1])
    return figure("consistency-f1", value, replicates, basis, options, because=NOTHING)


def _overlap(one: Iterable[Span], other: Iterable[Span]) -> tuple[int, int]:
    """Twice the spans with the same borders and label, and the spans of both."""
    mine, theirs = ([(s.start, s.end, s.label) for s in spans] for spans in (one, other))
    both = sum(min(mine.count(span), theirs.count(span)) for span in set(mine))
    return 2 * both, len(mine) + len(theirs)
