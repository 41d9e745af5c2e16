"""Columns of codes and of floats, and the sums, ratios and means that figures are made of."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int64]
Floats = NDArray[np.float64]


def added(place: Codes, amount: Floats, places: int) -> Floats:
    """The sum of the amounts of each place."""
    return np.bincount(place, amount, places).astype(np.float64, copy=False)


def counted(cells: Sequence[Codes], shape: Sequence[int]) -> Codes:
    """How often each combination of codes occurs, as an array of a shape."""
    flat = np.ravel_multi_index(tuple(cells), tuple(shape)) if len(cells[0]) else cells[0]
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(tuple(shape))


def over(above: Floats, below: Floats, where: NDArray[np.bool_] | None = None) -> Floats:
    """The ratio where it is defined, else NaN: where ``below`` is positive, if not said."""
    defined = below > 0 if where is None else where
    ratio: Floats = np.divide(above, below, out=np.full(below.shape, np.nan), where=defined)
    return ratio


def mean_known(values: Floats) -> Floats:
    """The mean over the last axis of the values that are defined, NaN where none is."""
    known = ~np.isnan(values)
    return over(np.where(known, values, 0.0).sum(axis=-1), known.sum(axis=-1).astype(np.float64))
