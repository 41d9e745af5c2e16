"""Coefficients of any number of annotators, of sums over units; NaN where one is undefined.

Each takes sums with replicates as first axis and gives one value a replicate.
"""

import numpy as np

from sikap.agreement.ratings import Ratings
from sikap.agreement.tallies import Floats, Sums
from sikap.agreement.weights import distances


def percent_agreement(found: Sums, _: Ratings) -> Floats:
    """The mean over units of the share of equal pairs of ratings."""
    equal = np.trace(found.pairs, axis1=-2, axis2=-1)
    return _over(equal, found.units)


def alpha(found: Sums, ratings: Ratings) -> Floats:
    """Krippendorff's α (Krippendorff 2011), by the level of the variable."""
    totals = found.coincidences.sum(axis=-1)
    apart = distances(ratings, totals)
    observed = (found.coincidences * apart).sum(axis=(-2, -1))
    everything = totals.sum(axis=-1)
    expected = (totals[..., :, None] * totals[..., None, :] * apart).sum(axis=(-2, -1))
    return 1 - _over(observed * (everything - 1), expected)


def _over(above: Floats, below: Floats) -> Floats:
    ratio: Floats = np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)
    return ratio
