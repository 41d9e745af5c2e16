"""What clusters add up to: all of them once, and drawn anew in every replicate."""

import numpy as np

from sikap.agreement.arrays import Codes, Floats
from sikap.agreement.bootstrap.draws import blocks
from sikap.agreement.study import Options


def totals(table: Codes | Floats, options: Options) -> tuple[Floats, Floats]:
    """The sums of a table of clusters × columns: over all of them, and replicates × columns."""
    once = table.sum(axis=0).astype(np.float64)
    if not len(table) or not options.replicates:
        return once, np.zeros((0, table.shape[1]))
    used = np.flatnonzero(table.any(axis=0))
    rows, kind = _alike(table[:, used])
    sums = rows.astype(np.float64)
    drawn = np.zeros((options.replicates, table.shape[1]))
    found = [some @ sums for some in blocks(kind, len(sums), options, widest=len(used))]
    drawn[:, used] = np.concatenate(found)
    return once, drawn


def _alike(table: Codes | Floats) -> tuple[Codes | Floats, Codes]:
    """The different rows, and which of them each is; counts alone are often alike."""
    if np.issubdtype(table.dtype, np.integer):
        return _unique(table.astype(np.int64))
    return table, np.arange(len(table))


def _unique(table: Codes) -> tuple[Codes, Codes]:
    base = int(table.max(initial=0)) + 1
    if base ** table.shape[1] < 2**62:  # a row is one number then, which is quicker to sort
        key = table @ (base ** np.arange(table.shape[1], dtype=np.int64))
        _, first, which = np.unique(key, return_index=True, return_inverse=True)
        return table[first], which.astype(np.int64)
    rows, which = np.unique(table, axis=0, return_inverse=True)
    return rows, which.reshape(-1).astype(np.int64)


def drawn_sums(rows: Floats, cluster: Codes, options: Options) -> Floats:
    """The sums of rows (units × columns) in each replicate that draws clusters anew."""
    _, place = np.unique(cluster, return_inverse=True)
    added = [np.bincount(place, weights=column) for column in rows.T]
    kinds, kind = np.unique(np.stack(added, axis=1), axis=0, return_inverse=True)
    found: list[Floats] = [np.zeros((0, rows.shape[1]))]
    for drawn in blocks(kind.reshape(-1), len(kinds), options, widest=rows.shape[1]):
        found.append(drawn @ kinds)
    return np.concatenate(found)
