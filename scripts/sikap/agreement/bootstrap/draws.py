"""Bootstrap by cluster: how often each kind of cluster is drawn, the same on every machine.

Clusters (articles, as a rule) are drawn with replacement, all units of one together, since the
units of an article are not independent (Davison & Hinkley 1997, section 3.8). The interval is that
of percentiles, expanded as Student's t is wider than the normal distribution (Hesterberg 2015).

Quantiles of Student's t, which scipy has too, but takes longer to import than all else takes.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from math import atan, cos, pi, sin, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sikap.agreement.arrays import Codes, Floats
from sikap.agreement.figures import Basis, Figure, rounded
from sikap.agreement.study import Options

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


ROOM = 8_000_000
"""Numbers to hold at once."""
HALF = np.uint64(32)
PIECE = 32_768
"""Draws made at once; even, since a number of the stream makes two of them."""
FEW_KINDS = 12
"""Of so many kinds each is counted by itself, which takes half the time of `bincount`."""
FEWEST = 0.95
"""Of the replicates so many must have a value, or there is no interval."""
REMEMBERED = 2_000_000
"""Draws of so many numbers at most are kept, for many figures are of the same clusters."""
LEAST_CLUSTERS = 5
"""Of fewer clusters even the whole range of replicates is too narrow. `tests/agreement/
bootstrap/test_draws.py` shows how often intervals hold the truth of a model."""
ALIKE = "all clusters are alike in this, and so are the replicates: that is no certainty"
TAIL_DIGITS = 10
"""Digits of the share of replicates beyond an end, so that no last bit of a cosine matters."""


def reach(clusters: int, confidence: float) -> float:
    """How many standard deviations, taken with n below, an interval reaches to each side.

    That is what a t interval has: √(n / (n − 1)) for the deviation that is n − 1 below, times the
    quantile of t with n − 1 degrees of freedom; 1.96 for many clusters and 95 %. Takes two
    clusters or more.
    """
    quantile = student_quantile((1 + confidence) / 2, clusters - 1)
    return sqrt(clusters / (clusters - 1)) * quantile


def tail(clusters: int, confidence: float) -> float:
    """The share of replicates below the interval, and above: less than half of what it leaves out.

    Plain percentiles are too narrow where clusters are few, as normal intervals are beside those
    of Student's t: replicates scatter by √((n − 1) / n) too little, and how much they do is itself
    uncertain. Hesterberg 2015 expands them by as much.
    """
    return round(NormalDist().cdf(-reach(clusters, confidence)), TAIL_DIGITS)


def draws(kind: Codes, kinds: int, options: Options) -> Floats:
    """How often each kind of cluster is drawn in each replicate: replicates × kinds.

    ``kind`` has the kind of each cluster, in the order of clusters; those of one kind add the same
    to every figure. The same clusters are drawn whatever their kinds are: so no name of a label or
    an annotator matters, and a figure has the same replicates alone and beside others. Only the raw
    stream of PCG64 is used, which numpy keeps for ever; 32 bits a draw leave a bias below
    clusters / 2³².
    """
    found = tuple(blocks(kind, kinds, options, widest=1))
    return np.concatenate(found) if found else np.empty((0, kinds))


def blocks(kind: Codes, kinds: int, options: Options, *, widest: int) -> Iterator[Floats]:
    """The same draws some replicates at a time, as many as there is room for.

    ``widest`` is how many numbers are made of one replicate.
    """
    step = max(1, ROOM // max(1, kinds, widest))
    if options.replicates * len(kind) <= REMEMBERED:
        whole = _remembered(len(kind), options.replicates, options.seed)
        for first in range(0, options.replicates, step):
            yield _by_kind(whole[first : first + step], kind, kinds)
        return
    stream = np.random.PCG64(options.seed)
    small = kind.astype(np.min_scalar_type(max(0, kinds - 1)))
    for first in range(0, options.replicates, step):
        drawn = np.empty((min(step, options.replicates - first), kinds))
        for replicate in range(len(drawn)):
            drawn[replicate] = _draw(stream, small, kinds)
        yield drawn


@lru_cache(maxsize=4)
def _remembered(clusters: int, replicates: int, seed: int) -> Floats:
    """How often each cluster is drawn: replicates × clusters. Nobody may write to it."""
    stream = np.random.PCG64(seed)
    each = np.arange(clusters).astype(np.min_scalar_type(max(0, clusters - 1)))
    drawn = np.empty((replicates, clusters))
    for replicate in range(replicates):
        drawn[replicate] = _draw(stream, each, clusters)
    drawn.flags.writeable = False
    return drawn


def _by_kind(drawn: Floats, kind: Codes, kinds: int) -> Floats:
    """How often each kind is drawn, of how often each cluster is."""
    if kinds == len(kind) and (kind == np.arange(kinds)).all():
        return drawn
    times = np.bincount(kind, minlength=kinds)
    there = np.flatnonzero(times)
    found = np.zeros((len(drawn), kinds))
    if len(there):
        ordered = drawn[:, np.argsort(kind, kind="stable")]
        found[:, there] = np.add.reduceat(ordered, (np.cumsum(times) - times)[there], axis=1)
    return found


def _draw(stream: np.random.PCG64, kind: NDArray[np.unsignedinteger], kinds: int) -> Floats:
    """How often each kind is drawn once; in pieces that stay in the cache of a processor."""
    clusters = len(kind)
    drawn = np.zeros(kinds)
    for first in range(0, clusters, PIECE):
        size = min(PIECE, clusters - first)
        # Lower halves first, whatever the order of bytes of the machine.
        raw = stream.random_raw((size + 1) // 2).astype("<u8", copy=False).view("<u4")[:size]
        chosen = np.multiply(raw, np.uint64(clusters), dtype=np.uint64)
        chosen >>= HALF
        found = kind.take(chosen.view(np.int64))
        if kinds <= FEW_KINDS:
            drawn += [np.count_nonzero(found == one) for one in range(kinds)]
        else:
            drawn += np.bincount(found, minlength=kinds)
    return drawn


def figures_of(
    reasons: Mapping[str, str],
    values: Floats,
    replicates: Floats,
    basis: Basis,
    options: Options,
) -> tuple[Figure, ...]:
    """A figure for each coefficient, in order; ``reasons`` has why each may be NaN."""
    return tuple(
        figure(key, float(values[place]), replicates[:, place], basis, options, because=because)
        for place, (key, because) in enumerate(reasons.items())
    )


def figure(
    coefficient: str,
    value: float,
    replicates: NDArray[np.float64],
    basis: Basis,
    options: Options,
    *,
    because: str = "",
) -> Figure:
    """The figure of a value and its replicates; ``because`` says why the value is NaN.

    An interval of no width, as that of agreement in full, is given with what it lacks in `unsure`.
    """
    if np.isnan(value):
        return Figure(coefficient=coefficient, value=None, undefined=because, basis=basis)
    known = replicates[~np.isnan(replicates)]
    unsure = None
    if basis.clusters < 2:
        unsure = "there is one cluster only, so nothing can be drawn anew"
    elif basis.clusters < LEAST_CLUSTERS:
        unsure = f"there are {basis.clusters} clusters only, of which intervals are far too narrow"
    elif not len(replicates):
        unsure = "no replicates were asked for"
    elif len(known) < FEWEST * len(replicates):
        unsure = f"undefined in {len(replicates) - len(known)} of {len(replicates)} replicates"
    low = high = None
    if unsure is None:
        beyond = tail(basis.clusters, options.confidence)
        low, high = (rounded(edge) for edge in np.quantile(known, (beyond, 1 - beyond)))
        unsure = ALIKE if rounded(known.min()) == rounded(known.max()) else None
    return Figure(
        coefficient=coefficient,
        value=rounded(value),
        low=low,
        high=high,
        unsure=unsure,
        basis=basis,
    )
