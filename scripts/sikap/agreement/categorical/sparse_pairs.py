"""Pairs among so many annotators that there are too many pairs to draw each of them anew."""

from collections.abc import Iterator
from itertools import combinations

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, Floats, added, mean_known
from sikap.agreement.bootstrap.draws import ROOM
from sikap.agreement.categorical.coefficients import unrated
from sikap.agreement.categorical.contingency import Contingency
from sikap.agreement.categorical.pairs import LIGHT, NOWHERE, ONE_VALUE, distances, measures
from sikap.agreement.categorical.unit_counts import Tally, pairs_within, tally
from sikap.agreement.figures import Basis, Figure, rounded
from sikap.agreement.ratings import Ratings
from sikap.agreement.report import Pair

MOST_DRAWN = 45
"""Pairs that get intervals: those of ten annotators."""
MOST_LISTED = 200
"""Pairs that are listed at all, those with most shared units first."""
MOST_MET = 5_000_000
"""Pairs that are looked at at all: of more neither the time nor the memory would suffice."""
TOO_MANY = f"there are more than {MOST_DRAWN} pairs of annotators, too many to draw each anew"
TOO_MANY_MET = f"more than {MOST_MET:,} pairs of annotators share a unit, too many to look at each"


class ManyPairs(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """All pairs that share a unit, in the order of annotators; values only, each pairs long.

    There are none where they are too ``many`` to look at.
    """

    one: Codes
    other: Codes
    units: Codes
    clusters: Codes
    values: dict[str, Floats]
    many: bool = False


def met_by(ratings: Ratings) -> ManyPairs | tuple[tuple[int, int], ...]:
    """Pairs of annotators by their places; where they are too many to draw, all there is of them.

    Few annotators make few pairs whether or not these share a unit.
    """
    annotators = np.unique(ratings.annotator).tolist()
    possible = len(annotators) * (len(annotators) - 1) // 2
    if possible <= MOST_DRAWN:
        return tuple(combinations(annotators, 2))
    rated = np.bincount(ratings.item)
    if min(possible, int((rated * (rated - 1) // 2).sum())) > MOST_MET:
        return _uncounted(ratings)
    found = many_pairs(tally(ratings, alike="never"), len(ratings.annotators))
    if len(found.units) > MOST_DRAWN:
        return found
    return tuple(zip(found.one.tolist(), found.other.tolist(), strict=True))


def _uncounted(ratings: Ratings) -> ManyPairs:
    """No pairs, because they are too many."""
    none = np.empty(0, dtype=np.int64)
    values: dict[str, Floats] = {key: np.empty(0) for key in measures(ratings.level)}
    return ManyPairs(one=none, other=none, units=none, clusters=none, values=values, many=True)


def many_pair_figures(
    ratings: Ratings, tallied: Tally, found: ManyPairs
) -> tuple[Figure, tuple[Pair, ...]]:
    """Light's κ, and the figures of the pairs with most shared units; values only."""
    by_share = sorted(
        range(len(found.units)),
        key=lambda place: (
            -found.units[place],
            ratings.annotators[found.one[place]],
            ratings.annotators[found.other[place]],
        ),
    )
    kappa = float(mean_known(found.values["cohen-kappa"]))
    because = TOO_MANY_MET if found.many else unrated(ratings, tallied) or NOWHERE
    light = _figure(LIGHT, kappa, because, tallied.basis)
    return light, tuple(_pair(ratings, found, place) for place in by_share[:MOST_LISTED])


def _pair(ratings: Ratings, found: ManyPairs, place: int) -> Pair:
    units = int(found.units[place])
    basis = Basis(units=units, ratings=2 * units, annotators=2, clusters=int(found.clusters[place]))
    return Pair(
        one=ratings.annotators[found.one[place]],
        other=ratings.annotators[found.other[place]],
        figures=tuple(
            _figure(key, float(values[place]), ONE_VALUE, basis)
            for key, values in found.values.items()
        ),
    )


def _figure(key: str, value: float, because: str, basis: Basis) -> Figure:
    if np.isnan(value):
        return Figure(coefficient=key, value=None, undefined=because, basis=basis)
    return Figure(coefficient=key, value=rounded(value), unsure=TOO_MANY, basis=basis)


def many_pairs(tallied: Tally, annotators: int) -> ManyPairs:
    """The figures of all pairs, for many annotators; of a tally with all its units."""
    cells, counts = _cells(tallied, annotators)
    width = max(1, tallied.scale.width)
    pairs, which = np.unique(cells // width**2, return_inverse=True)
    said, replied, weight = cells // width % width, cells % width, counts.astype(np.float64)
    units = added(which, weight, len(pairs))
    apart = {
        name: added(which, weight * tallied.scale.apart(name, said, replied), len(pairs))
        for name in distances(tallied.scale.level)
    }
    wanted = measures(tallied.scale.level)
    values: dict[str, Floats] = {key: np.empty(len(pairs)) for key in wanted}
    starts = np.searchsorted(which, np.arange(len(pairs) + 1))
    step = max(1, ROOM // width)
    for first in range(0, len(pairs), step):
        some = slice(first, first + step)
        inside = slice(starts[first], starts[min(first + step, len(pairs))])
        size = len(pairs[some])
        place = (which[inside] - first) * width
        one, other = (
            added(place + value[inside], weight[inside], size * width).reshape(size, width)
            for value in (said, replied)
        )
        found = Contingency(
            scale=tallied.scale,
            units=units[some],
            apart={name: sums[some] for name, sums in apart.items()},
            one=one,
            other=other,
        )
        for key, compute in wanted.items():
            values[key][some] = compute(found)
    return ManyPairs(
        one=pairs // annotators,
        other=pairs % annotators,
        units=units.astype(np.int64),
        clusters=_clusters(tallied, pairs, annotators),
        values=values,
    )


def _meetings(tallied: Tally, annotators: int) -> Iterator[tuple[Codes, Codes, Codes, Codes]]:
    """Unit, pair of annotators, and what both said, for some units at a time."""
    heavy = np.cumsum(tallied.rated * (tallied.rated - 1) / 2)
    edges = np.searchsorted(heavy, np.arange(ROOM, heavy[-1:].sum() + ROOM, ROOM))
    first = 0
    for edge in np.unique(np.append(edges, len(heavy) - 1)):
        start, end = np.searchsorted(tallied.row, (first, edge + 1))
        row = tallied.row[start:end]
        one, other = pairs_within(row - first, int(edge) + 1 - first)
        apart = tallied.annotator[start:end][one] != tallied.annotator[start:end][other]
        one, other = one[apart], other[apart]
        who, whom = tallied.annotator[start:end][one], tallied.annotator[start:end][other]
        said, replied = tallied.value[start:end][one], tallied.value[start:end][other]
        turned = who > whom
        pair = np.where(turned, whom * annotators + who, who * annotators + whom)
        yield row[one], pair, np.where(turned, replied, said), np.where(turned, said, replied)
        first = int(edge) + 1


def _cells(tallied: Tally, annotators: int) -> tuple[Codes, Codes]:
    """How often which two values met in which pair: a key of the three, and the number of units."""
    width = max(1, tallied.scale.width)
    keys, counts = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    for _, pair, said, replied in _meetings(tallied, annotators):
        some, often = np.unique((pair * width + said) * width + replied, return_counts=True)
        keys.append(some)
        counts.append(often)
    cells, which = np.unique(np.concatenate(keys), return_inverse=True)
    return cells, np.bincount(which, np.concatenate(counts), len(cells)).astype(np.int64)


def _clusters(tallied: Tally, pairs: Codes, annotators: int) -> Codes:
    """In how many clusters each pair shares a unit."""
    seen = [np.empty(0, dtype=np.int64)]
    for row, pair, _, _ in _meetings(tallied, annotators):
        which = np.searchsorted(pairs, pair)
        seen.append(np.unique(which * tallied.kinds + tallied.owner[row]))
    return np.bincount(
        np.unique(np.concatenate(seen)) // max(1, tallied.kinds), minlength=len(pairs)
    )
