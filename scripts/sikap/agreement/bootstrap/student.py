"""Quantiles of Student's t, which scipy has too, but takes longer to import than all else takes."""

from functools import lru_cache
from math import atan, cos, pi, sin, sqrt
from statistics import NormalDist

MANY = 200
"""Degrees of freedom from which the expansion is exact to ten digits (A&S 26.7.5)."""
HALVINGS = 100


@lru_cache
def student_quantile(share: float, freedom: int) -> float:
    """The number below which a share of Student's t lies; ``share`` is one half to below 1.

    Abramowitz & Stegun 1964, Handbook of Mathematical Functions, 26.7: the distribution as a finite
    sum, turned round by bisection; from `MANY` degrees of freedom by its expansion.
    """
    if freedom >= MANY:
        return _expanded(NormalDist().inv_cdf(share), freedom)
    low, high = 0.0, 1.0
    while _within(high, freedom) < 2 * share - 1:
        low, high = high, 2 * high
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        if _within(middle, freedom) < 2 * share - 1:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _within(t: float, freedom: int) -> float:
    """The share of the distribution from -t to t (26.7.3 and 26.7.4)."""
    angle = atan(t / sqrt(freedom))
    odd = freedom % 2
    term = cos(angle) if odd else 1.0
    total = 0.0
    for power in range(odd, freedom - 1, 2):
        total += term
        term *= cos(angle) ** 2 * (power + 1) / (power + 2)
    if odd:
        return 2 / pi * (angle + sin(angle) * total)
    return sin(angle) * total


def _expanded(z: float, freedom: int) -> float:
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    fourth = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160
    return z + first / freedom + second / freedom**2 + third / freedom**3 + fourth / freedom**4
