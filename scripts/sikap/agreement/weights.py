"""How far apart two values are, by level of measurement: values × values, 0 for the same."""

import numpy as np

from sikap.agreement.ratings import Ratings, numbers
from sikap.agreement.tallies import Floats


def distances(ratings: Ratings, totals: Floats) -> Floats:
    """Squared distances of Krippendorff's α (2011): … × values × values.

    ``totals[…, c]`` is how often each value was given in all: the ordinal distance depends on it.
    Raises ValueError where the level needs numbers and a value is none.
    """
    if ratings.level == "ordinal":
        ranks = np.cumsum(totals, axis=-1) - totals / 2
        apart: Floats = np.square(ranks[..., :, None] - ranks[..., None, :])
        return apart
    return fixed_distances(ratings)


def fixed_distances(ratings: Ratings) -> Floats:
    """Squared distances that hang on the values alone: values × values."""
    width = len(ratings.values)
    if ratings.level in {"interval", "ratio"}:
        found = numbers(ratings.values)
        if found is None:
            raise ValueError(f"{ratings.name} is {ratings.level}, but its values are no numbers")
        apart, both = np.subtract.outer(found, found), np.add.outer(found, found)
        if ratings.level == "ratio":
            apart = np.divide(apart, both, out=np.zeros_like(both), where=both != 0)
        squared: Floats = apart * apart
        return squared
    if ratings.level in {"masi", "jaccard"}:
        pairs = [[_apart(a, b, ratings.level) for b in ratings.members] for a in ratings.members]
        return np.asarray(pairs, dtype=np.float64).reshape(width, width)
    return 1.0 - np.eye(width)


def _apart(one: frozenset[str], other: frozenset[str], level: str) -> float:
    """The Jaccard distance of two sets, or MASI (Passonneau 2006), which weighs it by inclusion."""
    union = one | other
    if not union:
        return 0.0
    near = len(one & other) / len(union)
    if level == "masi":
        if one == other:
            weight = 1.0
        elif one <= other or other <= one:
            weight = 2 / 3
        else:
            weight = 1 / 3 if one & other else 0.0
        near *= weight
    return 1 - near
