"""What clusters add up to: all of them once, and drawn anew in every replicate."""

from collections.abc import Sequence

import numpy as np

from sikap.agreement.ratings import Codes
from sikap.agreement.resample import draws
from sikap.agreement.study import Options
from sikap.agreement.tallies import Floats, unique_rows


def totals(table: Codes | Floats, options: Options) -> tuple[Floats, Floats]:
    """The sums of a table of clusters × columns: over all of them, and replicates × columns."""
    once = table.sum(axis=0).astype(np.float64)
    if not len(table) or not options.replicates:
        return once, np.zeros((0, table.shape[1]))
    used = np.flatnonzero(table.any(axis=0))
    drawn = np.zeros((options.replicates, table.shape[1]))
    rows, kind = _alike(table[:, used])
    drawn[:, used] = draws(kind, len(rows), options) @ rows.astype(np.float64)
    return once, drawn


def _alike(table: Codes | Floats) -> tuple[Codes | Floats, Codes]:
    """The different rows, and which of them each is; counts alone are often alike."""
    if np.issubdtype(table.dtype, np.integer):
        return unique_rows(table.astype(np.int64))
    return table, np.arange(len(table))


def counted(cells: Sequence[Codes], shape: Sequence[int]) -> Codes:
    """How often each combination of codes occurs, as an array of a shape."""
    flat = np.ravel_multi_index(tuple(cells), tuple(shape)) if len(cells[0]) else cells[0]
    return np.bincount(flat, minlength=int(np.prod(shape))).reshape(tuple(shape))
