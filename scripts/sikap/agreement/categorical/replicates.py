"""Values computed anew for every draw of clusters, from what each kind of cluster adds to sums."""

from collections.abc import Callable

import numpy as np

from sikap.agreement.arrays import Floats
from sikap.agreement.bootstrap.draws import blocks
from sikap.agreement.categorical.unit_counts import Tally
from sikap.agreement.study import Options

Compute = Callable[[Floats], Floats]
"""Takes draws × kinds of clusters, how often each is drawn, and gives draws × values."""


def replicated(
    compute: Compute, width: int, tallied: Tally, options: Options
) -> tuple[Floats, Floats]:
    """So many values, and their replicates (replicates × values), computed from draws.

    There are no replicates where there are no two clusters with units that two annotators rated.
    """
    if not tallied.basis.units:
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
