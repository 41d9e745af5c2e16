"""What one annotator does with spans: with all others, with settled spans, and a second time."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np

from sikap.agreement.arrays import Codes, Floats, counted, over
from sikap.agreement.bootstrap.draws import figure
from sikap.agreement.categorical.sparse_pairs import MOST_LISTED
from sikap.agreement.figures import Basis, Figure, rounded
from sikap.agreement.report import Consistency, Use
from sikap.agreement.spans.f1_scores import NOTHING, scores, summed, too_many
from sikap.agreement.spans.match_counts import KINDS, SAME, Meeting, Met, met, with_settled
from sikap.agreement.study import Marks, Options

ONCE = "no item was looked at twice"


def annotators(marks: Marks, found: Met, options: Options) -> tuple[Use, ...]:
    """How often each annotator marks each label, how often the others do, and F1 with them."""
    near: dict[str, set[str]] = defaultdict(set)
    for one, other in found.pairs:
        near[one].add(other)
        near[other].add(one)
    people = sorted(near)
    place = {who: number for number, who in enumerate(people)}
    ends = np.array([[place[who] for who in pair] for pair in found.pairs], dtype=np.int64)
    ends = ends.reshape(-1, 2)
    looked = np.concatenate([ends[found.meetings[:, 1], side] for side in (0, 1)])
    whose = np.concatenate([ends[found.pair, side] for side in (0, 1)])
    seen = np.tile(found.meetings, (2, 1))
    twice = (np.tile(found.cluster, 2), whose, np.tile(found.kind, 2))
    once, drawn = _by_person(twice, (len(found.clusters), len(people), KINDS), options)
    counts, expected = _uses(marks, found.labels)
    return tuple(
        Use(
            annotator=who,
            counts=counts[who],
            expected=expected[who],
            figures=_crowded(
                people,
                scores(
                    once[number],
                    drawn[:, number],
                    _basis(seen[looked == number], once[number], 1 + len(near[who])),
                    options,
                ),
            ),
        )
        for number, who in enumerate(people)
    )


def _by_person(
    cells: Sequence[Codes], shape: tuple[int, ...], options: Options
) -> tuple[Floats, Floats]:
    """The sums of clusters × annotators × …; without replicates of more than `MOST_LISTED`."""
    if shape[1] > MOST_LISTED:
        one = (np.zeros_like(cells[0]), *cells[1:])
        once = counted(one, (1, *shape[1:]))[0].astype(np.float64)
        return once, np.zeros((0, *shape[1:]))
    return summed(counted(cells, shape), options)


def _crowded(people: Sequence[object], figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """The figures of one of so many annotators, without intervals where they are too many."""
    if len(people) <= MOST_LISTED:
        return figures
    return tuple(too_many(one, f"there are more than {MOST_LISTED} annotators") for one in figures)


def _basis(seen: Codes, counts: Floats, people: int) -> Basis:
    """Items as units, and as ratings the spans of both sides."""
    return Basis(
        units=len(np.unique(seen[:, 2])),
        ratings=int(counts.sum()),
        annotators=people,
        clusters=len(np.unique(seen[:, 0])),
    )


def _uses(
    marks: Marks, labels: Iterable[str]
) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, float]]]:
    """By annotator how often each label was marked, and would be if all marked as the others do."""
    flat = marks.flat
    looked = flat.looked
    looks = np.flatnonzero(looked[flat.item] > 1)
    item, whose, width = flat.item[looks], flat.annotator[looks], len(flat.annotators)
    mine: dict[str, dict[str, int]] = {flat.annotators[who]: {} for who in np.unique(whose)}
    theirs: dict[str, dict[str, Fraction]] = {who: {} for who in mine}
    for label in labels:
        place = flat.labels.index(label) if label in flat.labels else -1
        look = flat.look[flat.label == place]
        own = np.bincount(look, minlength=len(flat.item))[looks]
        rest = np.bincount(flat.item[look], minlength=len(looked))[item] - own
        used = np.bincount(whose, weights=own, minlength=width)
        expected = [Fraction(0)] * width
        for several in np.unique(looked[item]).tolist():
            here = looked[item] == several
            added = np.bincount(whose[here], weights=rest[here], minlength=width)
            shares = (Fraction(int(count), several - 1) for count in added)
            expected = [one + more for one, more in zip(expected, shares, strict=True)]
        for who, count, share in zip(flat.annotators, used.tolist(), expected, strict=True):
            if who in mine:
                mine[who][label], theirs[who][label] = int(count), share
    return mine, {who: _scaled(theirs[who], mine[who]) for who in mine}


def _scaled(theirs: Mapping[str, int | Fraction], mine: Mapping[str, int]) -> dict[str, float]:
    """The counts of others, scaled to the sum of one's own."""
    every, own = sum(theirs.values()), sum(mine.values())
    return {
        label: rounded(float(theirs.get(label, 0) * own / every)) if every else 0.0
        for label in mine
    }


def settled(marks: Marks, options: Options) -> tuple[Use, ...]:
    """Precision, recall and F1 of each annotator against the settled spans."""
    found = met(marks, with_settled(marks))
    people = len(found.pairs)
    once, drawn = _by_person(
        (found.cluster, found.pair, found.side, found.kind),
        (len(found.clusters), people, 2, KINDS),
        options,
    )
    return tuple(
        _with_settled(found, number, once[number], drawn[:, number], options)
        for number in range(people)
    )


def _with_settled(found: Met, number: int, once: Floats, drawn: Floats, options: Options) -> Use:
    who, _ = found.pairs[number]
    rows = found.pair == number
    uses = counted((found.side[rows], found.label[rows]), (2, len(found.labels)))
    counts, theirs = (
        dict(zip(found.labels, (int(count) for count in side), strict=True)) for side in uses
    )
    looked = found.meetings[found.meetings[:, 1] == number]
    base = _basis(looked, once, 1)
    nothing = ("the annotator marked nothing", "nothing was settled")
    rates = tuple(
        figure(
            name,
            float(_rate(once[None, side])[0]),
            _rate(drawn[:, side]),
            base,
            options,
            because=nothing[side],
        )
        for side, name in enumerate(("span-precision-exact", "span-recall-exact"))
    )
    return Use(
        annotator=who,
        counts=counts,
        expected=_scaled(theirs, counts),
        figures=_crowded(
            found.pairs, (*rates, *scores(once.sum(axis=0), drawn.sum(axis=1), base, options))
        ),
    )


def _rate(counts: Floats) -> Floats:
    """The share of one side's spans that the other has too."""
    return over(counts[..., SAME], counts.sum(axis=-1))


def span_consistency(marks: Marks, again: Marks, options: Options) -> tuple[Consistency, ...]:
    """F1 of each annotator's spans with those of the same annotator a second time; first of all.

    Items that came once, or were done once, do not count.
    """
    found = met(marks, _twice(marks, again))
    once, drawn = _by_person(
        (found.cluster, found.pair, found.kind),
        (len(found.clusters), len(found.pairs), KINDS),
        options,
    )
    every = _basis(found.meetings, once, len(found.pairs))
    parts: list[tuple[str | None, Basis, Floats, Floats]] = [
        (None, every, once.sum(axis=0), drawn.sum(axis=1))
    ]
    for number, (who, _) in enumerate(found.pairs):
        looked = found.meetings[found.meetings[:, 1] == number]
        base = _basis(looked, once[number], 1)
        parts.append((who, base, once[number], drawn[:, number]))
    return tuple(
        Consistency(
            annotator=who,
            figures=scores(
                counts, replicates, base, options, because=NOTHING if base.units else ONCE
            ),
        )
        for who, base, counts, replicates in parts
    )


def _twice(marks: Marks, again: Marks) -> Iterator[Meeting]:
    for (item, who), spans in again.spans.items():
        if (item, who) in marks.spans:
            yield item, who, who, marks.spans[item, who], spans
