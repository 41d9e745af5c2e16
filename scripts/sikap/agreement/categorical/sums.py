"""What drawn units add up to: all that coefficients of any number of annotators are computed of.

A replicate is computed anew for every draw, from what each kind of cluster adds to the sums.
"""

from collections.abc import Callable
from functools import cached_property

import numpy as np

from sikap.agreement.arrays import Floats
from sikap.agreement.bootstrap.draws import blocks
from sikap.agreement.bootstrap.sparse_sums import Columns, Together
from sikap.agreement.categorical.distances import spread
from sikap.agreement.categorical.unit_counts import Tally
from sikap.agreement.study import Options


class Sums:
    """Sums over units drawn so often, each computed when it is asked for: first axis is draws.

    ``drawn`` is draws × kinds of clusters; ``kept`` is what may be kept between draws. Below, r
    is the number of ratings of a unit.
    """

    def __init__(self, tallied: Tally, drawn: Floats, kept: Together) -> None:
        self.tallied, self.scale, self.drawn, self.kept = tallied, tallied.scale, drawn, kept

    @cached_property
    def units(self) -> Floats:
        """How many units have two ratings or more."""

        def make() -> Columns:
            row = np.flatnonzero(self.tallied.rated >= 2)
            return self.tallied.columns(row, 0 * row, np.ones(len(row)), 1)

        return self.kept.of("units", self.drawn, make)[:, 0]

    @cached_property
    def totals(self) -> Floats:
        """How often each value was given on units with two ratings or more: draws × values."""

        def make() -> Columns:
            row, value, count = self.tallied.entries
            counted = self.tallied.rated[row] >= 2
            row, value, count = row[counted], value[counted], count[counted]
            return self.tallied.columns(row, value, count, self.scale.width)

        return self.kept.of("totals", self.drawn, make)

    @cached_property
    def shares(self) -> Floats:
        """The sum over units with a rating of the share of each value there: draws × values."""

        def make() -> Columns:
            row, value, count = self.tallied.entries
            share = count / self.tallied.rated[row]
            return self.tallied.columns(row, value, share, self.scale.width)

        return self.kept.of("shares", self.drawn, make)

    def apart(self, distance: str, *, by_pairs: bool = False) -> Floats:
        """The distances of all ordered pairs of ratings of a unit, over r − 1.

        ``by_pairs``: over r (r − 1), so that a unit counts the same however many rated it.
        """

        def make() -> Columns:
            row, one, other, times = self.tallied.meetings
            rated = self.tallied.rated[row]
            over = rated * (rated - 1) if by_pairs else rated - 1
            amount = times * self.scale.apart(distance, one, other) / over
            return self.tallied.columns(row, 0 * row, amount, 1)

        key = f"{distance} by pairs" if by_pairs else distance
        return self.kept.of(key, self.drawn, make)[:, 0]

    @cached_property
    def ordinal_apart(self) -> tuple[Floats, Floats]:
        """Ordinal distances: of all ordered pairs within units, over r − 1, and of all together.

        The distance of two values is how many ratings lie between them, half of their own
        included, squared: of those that are drawn.
        """
        one, other, which = self.tallied.met

        def make() -> Columns:
            row, _, _, times = self.tallied.meetings
            amount = times / (self.tallied.rated[row] - 1)
            return self.tallied.columns(row, which, amount, len(one))

        met = self.kept.of("met", self.drawn, make)
        ranks = np.cumsum(self.totals, axis=-1) - self.totals / 2
        between = ranks[:, one] - ranks[:, other]
        return (met * np.square(between)).sum(axis=-1), spread(self.totals, ranks)


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
