"""Coefficients of two annotators, of what they said of the units that both judged.

`kappa_of` and `asymptotic` take a table of counts as papers print it; what a report says of its own
ratings comes of `Contingency`, with intervals by clusters.
"""

from collections.abc import Mapping
from math import sqrt
from statistics import NormalDist

import msgspec
import numpy as np

from sikap.agreement.arrays import Floats, over
from sikap.agreement.categorical.distances import Distances


class Contingency(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What two annotators said of shared units; the first axis is draws, or pairs of annotators.

    ``units`` is how many they share, ``apart`` the sum of distances there by name, ``one`` and
    ``other`` how often each of them gave each value: … × values.
    """

    scale: Distances
    units: Floats
    apart: Mapping[str, Floats]
    one: Floats
    other: Floats


def percent_agreement(found: Contingency) -> Floats:
    """The share of shared units on which both gave the same value."""
    return 1 - over(found.apart["nominal"], found.units)


def cohen_kappa(found: Contingency, distance: str) -> Floats:
    """Cohen's κ, weighted by a distance: chance from what each of the two gives how often."""
    expected = found.scale.crossed(distance, found.one, found.other)
    several = found.scale.several(found.one + found.other, as_numbers=distance != "nominal")
    return 1 - over(found.apart[distance] * found.units, expected, several)


def scott_pi(found: Contingency) -> Floats:
    """Scott's π: chance from what both together give how often."""
    both = found.one + found.other
    expected = found.scale.met("nominal", both) / 4
    several = found.scale.several(both, as_numbers=False)
    return 1 - over(found.apart["nominal"] * found.units, expected, several)


class Asymptotic(msgspec.Struct, frozen=True, kw_only=True):
    """Cohen's κ with its standard error, and the normal interval, in large samples."""

    kappa: float
    ase: float
    ci_low: float
    ci_high: float


def kappa_of(table: Floats, apart: Floats | None = None) -> float:
    """Cohen's κ of a table of counts or proportions, one annotator's values × the other's.

    ``apart`` has how far values are apart, on any scale (Cohen 1968); without it they agree or not.
    NaN where chance alone explains all agreement.
    """
    share, distance, by_chance = _of_table(table, apart)
    expected = (by_chance * distance).sum()
    return 1 - float((share * distance).sum() / expected) if expected > 0 else float("nan")


def asymptotic(
    table: Floats, apart: Floats | None = None, *, confidence: float = 0.95
) -> Asymptotic:
    """Cohen's κ of a table of counts with its standard error (Fleiss, Cohen & Everitt 1969).

    Units are taken as independent of each other, so where they come in clusters it is too narrow.
    All NaN where κ is undefined.
    """
    share, distance, by_chance = _of_table(table, apart)
    kappa = kappa_of(table, apart)
    weight = 1 - distance / (distance.max() or 1.0)
    observed, expected = (share * weight).sum(), (by_chance * weight).sum()
    rows, columns = weight @ share.sum(axis=0), share.sum(axis=1) @ weight
    means = rows[:, None] + columns
    inner = (share * np.square(weight * (1 - expected) - means * (1 - observed))).sum()
    inner -= (observed * expected - 2 * expected + observed) ** 2
    if np.isnan(kappa):
        return Asymptotic(kappa=kappa, ase=kappa, ci_low=kappa, ci_high=kappa)
    ase = sqrt(max(0.0, inner) / table.sum()) / (1 - expected) ** 2
    far = NormalDist().inv_cdf((1 + confidence) / 2) * ase
    return Asymptotic(kappa=kappa, ase=ase, ci_low=kappa - far, ci_high=kappa + far)


def _of_table(table: Floats, apart: Floats | None) -> tuple[Floats, Floats, Floats]:
    share = np.asarray(table, dtype=np.float64) / np.sum(table)
    distance = 1 - np.eye(len(share)) if apart is None else np.asarray(apart, dtype=np.float64)
    return share, distance, np.outer(share.sum(axis=1), share.sum(axis=0))
