"""Ratings as counts by unit, and what units add up to: all that coefficients are computed from."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from sikap.agreement.figures import Basis
from sikap.agreement.ratings import Codes, Ratings

Floats = NDArray[np.float64]
ROOM = 4_000_000
"""Numbers to hold at once while units are added up."""


class Sums(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Sums over units, where c and k are values and r is the number of ratings of a unit.

    ``coincidences[…, c, k]``: ordered pairs of ratings over r − 1. ``pairs[…, c, k]``: the same
    over r (r − 1). ``units[…]``: how many have two ratings or more. ``shares[…, c]``: ratings over
    r, of units with one or more; ``rated[…]``: how many these are. The first axes are replicates.
    """

    coincidences: Floats
    pairs: Floats
    units: Floats
    shares: Floats
    rated: Floats


class Tally(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Counts of units, with clusters by kind: those of one kind add the same to every sum.

    ``table`` (units × values) has the units of one cluster of each kind, ``owner`` the kind that
    each of its rows is of, in order; ``kind`` is that of each cluster. So where each unit is a
    cluster of its own, there are only as many kinds as there are different rows.
    """

    table: Codes
    owner: Codes
    kind: Codes
    basis: Basis

    @property
    def once(self) -> Floats:
        """How many clusters of each kind there are: 1 × kinds."""
        return np.bincount(self.kind, minlength=self.kinds)[None].astype(np.float64)

    @property
    def kinds(self) -> int:
        """How many kinds of clusters there are."""
        return int(self.kind.max(initial=-1)) + 1


def tally(ratings: Ratings) -> Tally:
    """Count how many annotators gave each unit each value."""
    width, units = len(ratings.values), len(ratings.items)
    cells = ratings.item * width + ratings.value
    table = np.bincount(cells, minlength=units * width).reshape(units, width)
    rated = table.sum(axis=1)
    counted = rated >= 2
    basis = Basis(
        units=int(counted.sum()),
        ratings=int(rated[counted].sum()),
        annotators=len(np.unique(ratings.annotator[counted[ratings.item]])),
        clusters=len(np.unique(ratings.cluster[counted])),
    )
    table, cluster = table[rated > 0], ratings.cluster[rated > 0]
    order = np.argsort(cluster, kind="stable")
    clusters, owner = np.unique(cluster[order], return_inverse=True)
    table = table[order]
    if len(clusters) < len(table):
        return Tally(table=table, owner=owner, kind=np.arange(len(clusters)), basis=basis)
    alone, kind = unique_rows(table)
    return Tally(table=alone, owner=np.arange(len(alone)), kind=kind, basis=basis)


def sums(tallied: Tally, drawn: Floats) -> Sums:
    """The sums over clusters drawn so often: ``drawn`` is replicates × kinds."""
    width = tallied.table.shape[1]
    total = np.zeros((len(drawn), 2 * width * width + width + 2))
    starts = np.searchsorted(tallied.owner, np.arange(tallied.kinds + 1))
    first = 0
    while first < tallied.kinds:
        room = starts[first] + max(1, ROOM // total.shape[1])
        last = max(first + 1, int(np.searchsorted(starts, room, side="right")) - 1)
        rows = _features(tallied.table[starts[first] : starts[last]])
        edges = starts[first:last] - starts[first]
        total += drawn[:, first:last] @ np.add.reduceat(rows, edges, axis=0)
        first = last
    square = (len(drawn), width, width)
    return Sums(
        coincidences=total[:, : width**2].reshape(square),
        pairs=total[:, width**2 : 2 * width**2].reshape(square),
        units=total[:, -2],
        shares=total[:, 2 * width**2 : -2],
        rated=total[:, -1],
    )


def _features(table: Codes) -> Floats:
    """What each unit adds to the sums, as one row: units × (2 values² + values + 2)."""
    units, width = table.shape
    given = table.astype(np.float64)
    rated = given.sum(axis=1)
    met = given[:, :, None] * given[:, None, :]
    values = np.arange(width)
    met[:, values, values] -= given
    met = met.reshape(units, -1)
    counted = rated >= 2
    others = np.where(counted, rated - 1, 1.0)[:, None]
    return np.hstack(
        (
            met / others,
            met / (others * rated[:, None]),
            given / rated[:, None],
            counted[:, None].astype(np.float64),
            np.ones((units, 1)),
        )
    )


def unique_rows(table: Codes) -> tuple[Codes, Codes]:
    """The different rows of a table of counts, and which of them each row is."""
    base = int(table.max(initial=0)) + 1
    if base ** table.shape[1] < 2**62:
        key = table @ (base ** np.arange(table.shape[1], dtype=np.int64))
        _, first, which = np.unique(key, return_index=True, return_inverse=True)
        return table[first], which
    rows, which = np.unique(table, axis=0, return_inverse=True)
    return rows, which.reshape(-1)
