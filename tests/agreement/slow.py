"""Coefficients of agreement once more: each as its paper states it, in exact fractions, slowly.

Nothing here is taken from the package, and nothing is vectorised: what both say alike is either
right or was misread twice. None stands for what divides by nothing.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, permutations

from scipy.stats import norm, t

Value = str
Units = Mapping[str, Mapping[str, Value]]
"""By item: what each annotator said of it."""
Distance = Callable[[Value, Value], Fraction]
Weight = Callable[[Value, Value], Fraction]


def units_of(rows: Iterable[tuple[str, str, Value]]) -> dict[str, dict[str, Value]]:
    """Rows of item, annotator and value as units."""
    units: dict[str, dict[str, Value]] = {}
    for item, annotator, value in rows:
        units.setdefault(item, {})[annotator] = value
    return units


def over(above: Fraction, below: Fraction) -> Fraction | None:
    """A ratio, None where it divides by nothing."""
    return above / below if below else None


def pairable(units: Units) -> list[list[Value]]:
    """The ratings of units that have two or more."""
    return [list(said.values()) for said in units.values() if len(said) >= 2]


def alpha(units: Units, distance: Distance) -> Fraction | None:
    """Krippendorff 2011: 1 − D_o / D_e.

    D_o is the mean distance within units, each unit's ordered pairs over m − 1; D_e is that of all
    ordered pairs of two pairable ratings.
    """
    found = pairable(units)
    everything = [value for said in found for value in said]
    count = len(everything)
    if not count:
        return None
    observed = Fraction(0)
    for said in found:
        apart = sum((distance(one, other) for one, other in permutations(said, 2)), Fraction(0))
        observed += apart / (len(said) - 1)
    expected = Fraction(0)
    for one, other in permutations(everything, 2):
        expected += distance(one, other)
    ratio = over(observed / count, expected / (count * (count - 1)))
    return None if ratio is None else 1 - ratio


def nominal(one: Value, other: Value) -> Fraction:
    """0 for the same, else 1."""
    return Fraction(one != other)


def interval(one: Value, other: Value) -> Fraction:
    """(c − k)²."""
    return (Fraction(one) - Fraction(other)) ** 2


def ratio(one: Value, other: Value) -> Fraction:
    """((c − k) / (c + k))², 0 for two noughts."""
    c, k = Fraction(one), Fraction(other)
    return ((c - k) / (c + k)) ** 2 if c + k else Fraction(0)


def ordinal(units: Units, scale: Sequence[Value]) -> Distance:
    """(Σ n_g from c to k − (n_c + n_k) / 2)², n counted over pairable ratings."""
    counts = Counter(value for said in pairable(units) for value in said)

    def distance(one: Value, other: Value) -> Fraction:
        low, high = sorted((scale.index(one), scale.index(other)))
        between = sum(counts[scale[place]] for place in range(low, high + 1))
        return (between - Fraction(counts[one] + counts[other], 2)) ** 2

    return distance


def jaccard(one: frozenset[str], other: frozenset[str]) -> Fraction:
    """1 − |A ∩ B| / |A ∪ B|; two empty sets are the same."""
    return 1 - Fraction(len(one & other), len(one | other)) if one | other else Fraction(0)


def masi(one: frozenset[str], other: frozenset[str]) -> Fraction:
    """Passonneau 2006: 1 − J × M; M is 1 for equal sets, 2/3 for one within the other.

    It is 1/3 where both have something of their own beside what they share, and 0 without that.
    """
    if one == other:
        return Fraction(0)
    if one < other or other < one:
        monotony = Fraction(2, 3)
    else:
        monotony = Fraction(1, 3) if one & other else Fraction(0)
    return 1 - (1 - jaccard(one, other)) * monotony


def identity(one: Value, other: Value) -> Fraction:
    """Agreement is all or nothing."""
    return Fraction(one == other)


def span(place: Mapping[Value, Fraction]) -> Fraction:
    """The distance of the ends of a scale."""
    return max(place.values()) - min(place.values())


def linear(place: Mapping[Value, Fraction]) -> Weight:
    """1 − |i − j| over that of the ends of the scale."""

    def weight(one: Value, other: Value) -> Fraction:
        apart = abs(place[one] - place[other])
        return 1 - apart / span(place) if apart else Fraction(1)

    return weight


def quadratic(place: Mapping[Value, Fraction]) -> Weight:
    """1 − (i − j)² over that of the ends of the scale."""

    def weight(one: Value, other: Value) -> Fraction:
        apart = abs(place[one] - place[other])
        return 1 - (apart / span(place)) ** 2 if apart else Fraction(1)

    return weight


def observed_agreement(units: Units, weight: Weight = identity) -> Fraction | None:
    """Gwet 2014: the mean over units with two ratings of the mean weight of their pairs."""
    found = pairable(units)
    total = Fraction(0)
    for said in found:
        pairs = list(combinations(said, 2))
        total += sum((weight(one, other) for one, other in pairs), Fraction(0)) / len(pairs)
    return over(total, Fraction(len(found)))


def prevalence(units: Units, scale: Sequence[Value]) -> dict[Value, Fraction]:
    """Gwet 2014: π_k, the mean over all rated units of the share of ratings that are k."""
    rated = [list(said.values()) for said in units.values() if said]
    if not rated:
        return dict.fromkeys(scale, Fraction(0))
    return {
        value: sum((Fraction(said.count(value), len(said)) for said in rated), Fraction(0))
        / len(rated)
        for value in scale
    }


def corrected(observed: Fraction | None, expected: Fraction) -> Fraction | None:
    """(p_a − p_e) / (1 − p_e)."""
    return None if observed is None else over(observed - expected, 1 - expected)


def fleiss(units: Units, scale: Sequence[Value], weight: Weight = identity) -> Fraction | None:
    """Fleiss 1971, for varying numbers of raters as in Gwet 2014: p_e = Σ w π_k π_l."""
    share = prevalence(units, scale)
    expected = sum((weight(k, m) * share[k] * share[m] for k in scale for m in scale), Fraction(0))
    return corrected(observed_agreement(units, weight), expected)


def gwet(units: Units, scale: Sequence[Value], weight: Weight = identity) -> Fraction | None:
    """Gwet 2008, 2014: p_e = T_w / (q (q − 1)) Σ π_k (1 − π_k), T_w the sum of all weights."""
    q = len(scale)
    if q < 2:
        return None
    weights = sum((weight(one, other) for one in scale for other in scale), Fraction(0))
    spread = sum((p * (1 - p) for p in prevalence(units, scale).values()), Fraction(0))
    return corrected(observed_agreement(units, weight), weights * spread / (q * (q - 1)))


def brennan_prediger(
    units: Units, scale: Sequence[Value], weight: Weight = identity
) -> Fraction | None:
    """Brennan & Prediger 1981: p_e = T_w / q²."""
    if not scale:
        return None
    weights = sum((weight(one, other) for one in scale for other in scale), Fraction(0))
    return corrected(observed_agreement(units, weight), weights / len(scale) ** 2)


def both(units: Units, one: str, other: str) -> list[tuple[Value, Value]]:
    """What two annotators said of the units that both rated."""
    return [(said[one], said[other]) for said in units.values() if one in said and other in said]


def cohen(pairs: Sequence[tuple[Value, Value]], weight: Weight = identity) -> Fraction | None:
    """Cohen 1960, 1968: p_e from what each of the two gave."""
    count = len(pairs)
    if not count:
        return None
    observed = sum((weight(a, b) for a, b in pairs), Fraction(0)) / count
    expected = sum((weight(a, b) for a, _ in pairs for _, b in pairs), Fraction(0)) / count**2
    return corrected(observed, expected)


def scott(pairs: Sequence[tuple[Value, Value]]) -> Fraction | None:
    """Scott 1955: p_e from what both gave together."""
    count = len(pairs)
    if not count:
        return None
    given = Counter(value for pair in pairs for value in pair)
    expected = sum((Fraction(n, 2 * count) ** 2 for n in given.values()), Fraction(0))
    return corrected(Fraction(sum(a == b for a, b in pairs), count), expected)


def conger(units: Units) -> Fraction | None:
    """Conger 1980, as in Gwet 2014: p_e is the mean over pairs of annotators of Σ p_gk p_hk.

    p_gk is the share of g's ratings, on all units, that are k.
    """
    given: dict[str, Counter[Value]] = {}
    for said in units.values():
        for who, value in said.items():
            given.setdefault(who, Counter())[value] += 1
    found = list(given.values())
    pairs = list(combinations(found, 2))
    if not pairs:
        return None
    expected = sum(
        (
            Fraction(one[value] * other[value], one.total() * other.total())
            for one, other in pairs
            for value in one
        ),
        Fraction(0),
    ) / len(pairs)
    return corrected(observed_agreement(units), expected)


def specific(units: Units, value: Value) -> Fraction | None:
    """Cicchetti & Feinstein 1990, for any number of raters: Σ n (n − 1) / Σ n (r − 1)."""
    above = below = 0
    for said in pairable(units):
        count = said.count(value)
        above += count * (count - 1)
        below += count * (len(said) - 1)
    return over(Fraction(above), Fraction(below))


def beyond(clusters: int, confidence: float) -> float:
    """Hesterberg 2015: Φ(−√(n / (n − 1)) t), the share of replicates beyond either end."""
    quantile = t.ppf((1 + confidence) / 2, clusters - 1)
    return float(norm.cdf(-math.sqrt(clusters / (clusters - 1)) * quantile))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which a share lies, between two neighbours by straight line."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
