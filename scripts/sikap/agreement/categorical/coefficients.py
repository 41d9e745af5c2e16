"""Coefficients of any number of annotators, of sums over units; NaN where one is undefined.

Each gives one value a draw of its sums, and its reason where there is none. p_a below is Gwet's
(2014): the mean over units of the share of pairs of ratings that agree, by weight.
"""

from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import NDArray

from sikap.agreement.arrays import Floats, over
from sikap.agreement.categorical.sums import Sums
from sikap.agreement.categorical.unit_counts import Tally
from sikap.agreement.ratings import Level, Ratings

ONE_VALUE = "everybody gave one and the same value, so chance alone explains all agreement"
ONE_COUNTED = (
    "on the units with two ratings everybody gave one and the same value, "
    "so chance alone explains all agreement"
)
ONE_PLACE = "the scale has one value only, so chance alone explains all agreement"
NEGATIVE = "a ratio needs numbers from 0 upwards, and there are negative ones"


class Coefficient(msgspec.Struct, frozen=True):
    """A coefficient: its values, one a draw, and why there is none where units were rated twice."""

    compute: Callable[[Sums], Floats]
    because: str
    levels: frozenset[Level]


def percent_agreement(found: Sums) -> Floats:
    """The mean over units of the share of equal pairs of ratings."""
    return _agreement(found, "nominal")


def alpha(distance: str) -> Callable[[Sums], Floats]:
    """Krippendorff's α (2011) by a distance of `Distances`, or the ordinal one."""

    def compute(found: Sums) -> Floats:
        if distance == "ratio" and found.tallied.negative:
            return np.full(len(found.drawn), np.nan)
        if distance == "ordinal":
            observed, expected = found.ordinal_apart
        else:
            observed = found.apart(distance)
            expected = found.scale.met(distance, found.totals)
        everything = found.totals.sum(axis=-1)
        quantity = distance in {"interval", "ratio"}
        several = found.scale.several(found.totals, as_numbers=quantity)
        return 1 - over(observed * (everything - 1), expected, several)

    return compute


def fleiss_kappa(found: Sums) -> Floats:
    """Fleiss' κ in Gwet's form for missing ratings: chance from the mean share of each value."""
    share = _share(found)
    return _beyond(found, "nominal", np.square(share).sum(axis=-1), _several(found))


def gwet_ac(distance: str) -> Callable[[Sums], Floats]:
    """Gwet's AC1 (nominal) or AC2: chance from how far values are shared out, and their number."""

    def compute(found: Sums) -> Floats:
        width = found.scale.width
        share = _share(found)
        agreeing = width**2 - found.scale.all_apart(distance)
        chance = (share * (1 - share)).sum(axis=-1) * agreeing / max(1, width * (width - 1))
        return _beyond(found, distance, chance, _uneven(found, distance))

    return compute


def brennan_prediger(distance: str) -> Callable[[Sums], Floats]:
    """Brennan & Prediger's coefficient: by chance each value of the scale is given as often."""

    def compute(found: Sums) -> Floats:
        width = max(1, found.scale.width)
        chance = np.full(len(found.drawn), 1 - found.scale.all_apart(distance) / width**2)
        return _beyond(found, distance, chance, _uneven(found, distance))

    return compute


def _share(found: Sums) -> Floats:
    """The mean over rated units of the share of each value; 0 where there are no units."""
    everything = found.shares.sum(axis=-1, keepdims=True)
    share: Floats = found.shares / np.where(everything > 0, everything, 1.0)
    return share


def _agreement(found: Sums, distance: str) -> Floats:
    apart = found.apart(distance, by_pairs=True)
    return 1 - over(apart, found.units)


def _beyond(found: Sums, distance: str, chance: Floats, where: NDArray[np.bool_]) -> Floats:
    return over(_agreement(found, distance) - chance, 1 - chance, where)


def _several(found: Sums) -> NDArray[np.bool_]:
    return found.scale.several(found.shares, as_numbers=False)


def _uneven(found: Sums, distance: str) -> NDArray[np.bool_]:
    """Whether the scale has values that are apart: the same for all draws."""
    return np.full(len(found.drawn), found.scale.all_apart(distance) > 0)


def unrated(ratings: Ratings, tallied: Tally) -> str | None:
    """Why nothing can be said of any agreement, if so."""
    if not len(ratings.value):
        return "there are no ratings"
    if len(np.unique(ratings.annotator)) == 1:
        return "there is one annotator only"
    return None if tallied.basis.units else "no unit has two ratings"


ORDERED: frozenset[Level] = frozenset({"ordinal", "interval", "ratio"})
NUMBERS: frozenset[Level] = frozenset({"interval", "ratio"})
SETS: frozenset[Level] = frozenset({"masi", "jaccard"})
SINGLE: frozenset[Level] = ORDERED | {"nominal"}

COEFFICIENTS: dict[str, Coefficient] = {
    "percent-agreement": Coefficient(percent_agreement, "", SINGLE | SETS),
    "krippendorff-alpha-nominal": Coefficient(alpha("nominal"), ONE_COUNTED, SINGLE | SETS),
    "krippendorff-alpha-ordinal": Coefficient(alpha("ordinal"), ONE_COUNTED, ORDERED),
    "krippendorff-alpha-interval": Coefficient(alpha("interval"), ONE_COUNTED, NUMBERS),
    "krippendorff-alpha-ratio": Coefficient(alpha("ratio"), ONE_COUNTED, frozenset({"ratio"})),
    "krippendorff-alpha-masi": Coefficient(alpha("masi"), ONE_COUNTED, SETS),
    "krippendorff-alpha-jaccard": Coefficient(alpha("jaccard"), ONE_COUNTED, SETS),
    "fleiss-kappa": Coefficient(fleiss_kappa, ONE_VALUE, SINGLE | SETS),
    "gwet-ac1": Coefficient(gwet_ac("nominal"), ONE_PLACE, SINGLE),
    "gwet-ac2-linear": Coefficient(gwet_ac("linear"), ONE_PLACE, ORDERED),
    "gwet-ac2-quadratic": Coefficient(gwet_ac("quadratic"), ONE_PLACE, ORDERED),
    "brennan-prediger": Coefficient(brennan_prediger("nominal"), ONE_PLACE, SINGLE),
    "brennan-prediger-linear": Coefficient(brennan_prediger("linear"), ONE_PLACE, ORDERED),
    "brennan-prediger-quadratic": Coefficient(brennan_prediger("quadratic"), ONE_PLACE, ORDERED),
}
"""By key; a coefficient is of variables of its levels."""


def own_alpha(level: Level) -> str:
    """The key of Krippendorff's α of a level."""
    return f"krippendorff-alpha-{level}"


def of_level(level: Level) -> tuple[str, ...]:
    """The keys of the coefficients that make sense for a level, its own α first among the α."""
    named = [key for key, one in COEFFICIENTS.items() if level in one.levels]
    first = ("percent-agreement", own_alpha(level))
    return (*first, *(key for key in named if key not in first))
