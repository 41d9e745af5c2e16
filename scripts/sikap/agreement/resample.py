"""Bootstrap by cluster: how often each kind of cluster is drawn, the same on every machine.

Clusters (articles, as a rule) are drawn with replacement, all units of one together, since the
units of an article are not independent (Davison & Hinkley 1997, section 3.8). The interval is that
of percentiles.
"""

import numpy as np
from numpy.typing import NDArray

from sikap.agreement.figures import Basis, Figure, rounded
from sikap.agreement.ratings import Codes
from sikap.agreement.study import Options

HALF = np.uint64(32)
FEWEST = 0.95
"""Of the replicates so many must have a value, or there is no interval."""


def draws(kind: Codes, kinds: int, options: Options) -> NDArray[np.float64]:
    """How often each kind of cluster is drawn in each replicate: replicates × kinds.

    ``kind`` has the kind of each cluster; clusters of one kind add the same to every figure. Only
    the raw stream of PCG64 is used, which numpy keeps for ever; 32 bits a draw leave a bias below
    clusters / 2³².
    """
    stream = np.random.PCG64(options.seed)
    clusters = len(kind)
    drawn = np.empty((options.replicates, kinds))
    small = kind.astype(np.uint32 if kinds > 65_535 else np.uint16)
    for replicate in range(options.replicates):
        raw = stream.random_raw((clusters + 1) // 2).view(np.uint32)[:clusters]
        chosen = (raw.astype(np.uint64) * np.uint64(clusters)) >> HALF
        drawn[replicate] = np.bincount(small[chosen], minlength=kinds)
    return drawn


def figure(
    coefficient: str,
    value: float,
    replicates: NDArray[np.float64],
    basis: Basis,
    options: Options,
    *,
    because: str = "",
) -> Figure:
    """The figure of a value and its replicates; ``because`` says why the value is NaN."""
    if np.isnan(value):
        return Figure(coefficient=coefficient, value=None, undefined=because, basis=basis)
    known = replicates[~np.isnan(replicates)]
    unsure = None
    if basis.clusters < 2:
        unsure = "there is one cluster only, so nothing can be drawn anew"
    elif len(known) < FEWEST * len(replicates) or not len(replicates):
        unsure = f"undefined in {len(replicates) - len(known)} of {len(replicates)} replicates"
    low = high = None
    if unsure is None:
        tail = (1 - options.confidence) / 2
        low, high = (rounded(edge) for edge in np.quantile(known, (tail, 1 - tail)))
    return Figure(
        coefficient=coefficient,
        value=rounded(value),
        low=low,
        high=high,
        unsure=unsure,
        basis=basis,
    )
