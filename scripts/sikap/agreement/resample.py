"""Bootstrap by cluster: how often each kind of cluster is drawn, the same on every machine.

Clusters (articles, as a rule) are drawn with replacement, all units of one together, since the
units of an article are not independent (Davison & Hinkley 1997, section 3.8). The interval is that
of percentiles.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from sikap.agreement.figures import Basis, Figure, rounded
from sikap.agreement.ratings import Codes
from sikap.agreement.study import Options
from sikap.agreement.tallies import Tally
from sikap.agreement.weights import ROOM, Floats

Compute = Callable[[Floats], Floats]
"""Takes draws × kinds of clusters, how often each is drawn, and gives draws × values."""
HALF = np.uint64(32)
FEWEST = 0.95
"""Of the replicates so many must have a value, or there is no interval."""


def draws(kind: Codes, kinds: int, options: Options) -> Floats:
    """How often each kind of cluster is drawn in each replicate: replicates × kinds.

    ``kind`` has the kind of each cluster; clusters of one kind add the same to every figure. Only
    the raw stream of PCG64 is used, which numpy keeps for ever; 32 bits a draw leave a bias below
    clusters / 2³².
    """
    found = tuple(blocks(kind, kinds, options, widest=1))
    return np.concatenate(found) if found else np.empty((0, kinds))


def blocks(kind: Codes, kinds: int, options: Options, *, widest: int) -> Iterator[Floats]:
    """The same draws some replicates at a time, as many as there is room for.

    ``widest`` is how many numbers are made of one replicate.
    """
    stream = np.random.PCG64(options.seed)
    clusters = len(kind)
    small = kind.astype(np.uint32 if kinds > 65_535 else np.uint16)
    step = max(1, ROOM // max(1, kinds, widest))
    for first in range(0, options.replicates, step):
        drawn = np.empty((min(step, options.replicates - first), kinds))
        for replicate in range(len(drawn)):
            # Lower halves first, whatever the machine's order of bytes.
            raw = stream.random_raw((clusters + 1) // 2).astype("<u8", copy=False)
            chosen = raw.view("<u4")[:clusters].astype(np.uint64)
            chosen *= np.uint64(clusters)
            chosen >>= HALF
            drawn[replicate] = np.bincount(small.take(chosen.view(np.int64)), minlength=kinds)
        yield drawn


def replicated(compute: Compute, tallied: Tally, options: Options) -> tuple[Floats, Floats]:
    """Values, and their replicates (replicates × values), of what is computed from draws.

    There are no replicates where there are no two clusters with units that two annotators rated.
    """
    if not tallied.basis.units:
        width = compute(np.ones((1, tallied.kinds))).shape[1]
        return np.full(width, np.nan), np.empty((0, width))
    value = compute(tallied.once)[0]
    found: list[Floats] = [np.empty((0, len(value)))]
    if tallied.basis.clusters >= 2:
        drawn = blocks(tallied.kind, tallied.kinds, options, widest=tallied.widest)
        found += [compute(some) for some in drawn]
    return value, np.concatenate(found)


def beside(*parts: Compute) -> Compute:
    """What computes several things of the same draws, one beside the other."""

    def compute(drawn: Floats) -> Floats:
        return np.concatenate([part(drawn) for part in parts], axis=-1)

    return compute


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
    elif not len(replicates):
        unsure = "no replicates were asked for"
    elif len(known) < FEWEST * len(replicates):
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
