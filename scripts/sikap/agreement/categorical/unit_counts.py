"""Ratings sorted into units of clusters by kind: what all coefficients are made of."""

from functools import cached_property
from typing import Literal

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, Floats
from sikap.agreement.bootstrap.sparse_sums import Columns
from sikap.agreement.categorical.distances import Distances, distances_of
from sikap.agreement.figures import Basis
from sikap.agreement.ratings import Ratings

Alike = Literal["values", "annotators", "never"]
LARGEST_KEY = 2**62


class Tally(msgspec.Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """Units of one cluster of each kind: clusters of one kind add the same to every sum.

    Rating i is that of unit ``row[i]``, by ``annotator[i]``, of ``value[i]``, sorted by unit and
    value; ``owner`` has the kind of cluster that each unit is of, ``kind`` that of each cluster, by
    their places in the ratings. So where each unit is a cluster of its own, there are only as many
    units as there are different ones. Who gave what can be told only where it was asked for.
    """

    scale: Distances
    row: Codes
    annotator: Codes
    value: Codes
    owner: Codes
    kind: Codes
    basis: Basis

    @property
    def once(self) -> Floats:
        """How many clusters of each kind there are: 1 × kinds."""
        return np.bincount(self.kind, minlength=self.kinds)[None].astype(np.float64)

    @cached_property
    def kinds(self) -> int:
        """How many kinds of clusters there are."""
        return int(self.kind.max(initial=-1)) + 1

    @cached_property
    def negative(self) -> bool:
        """Whether a number below 0 was given."""
        return bool(len(self.scale.place) and (self.scale.place[self.value] < 0).any())

    @cached_property
    def rated(self) -> Floats:
        """How many ratings each unit has."""
        return np.bincount(self.row, minlength=len(self.owner)).astype(np.float64)

    @cached_property
    def entries(self) -> tuple[Codes, Codes, Floats]:
        """Unit, value and how often it was given there, where it was; sorted by unit and value."""
        width = max(1, self.scale.width)
        cells, counts = np.unique(self.row * width + self.value, return_counts=True)
        return cells // width, cells % width, counts.astype(np.float64)

    @cached_property
    def meetings(self) -> tuple[Codes, Codes, Codes, Floats]:
        """Unit, lower and higher value, and in how many ordered pairs of ratings these met there.

        A value that meets itself is not among them.
        """
        row, value, count = self.entries
        one, other = pairs_within(row, len(self.owner))
        return row[one], value[one], value[other], 2 * count[one] * count[other]

    @cached_property
    def met(self) -> tuple[Codes, Codes, Codes]:
        """The different pairs of values that met, lower and higher, and which each meeting is."""
        _, one, other, _ = self.meetings
        width = max(1, self.scale.width)
        cells, which = np.unique(one * width + other, return_inverse=True)
        return cells // width, cells % width, which

    @cached_property
    def widest(self) -> int:
        """The most numbers that the sums of one draw take."""
        pairs = len(self.met[0]) if self.scale.level in {"ordinal", "interval", "ratio"} else 0
        return max(1, self.kinds, self.scale.width, pairs)

    def columns(self, row: Codes, column: Codes, amount: Floats, width: int) -> Columns:
        """Sums over units, from what some units add to some columns."""
        return Columns(self.owner[row], column, amount, self.kinds, width)


def pairs_within(row: Codes, rows: int) -> tuple[Codes, Codes]:
    """The places of all pairs of entries of one row, the earlier first; ``row`` is sorted."""
    start = np.searchsorted(row, np.arange(rows))
    sizes = np.bincount(row, minlength=rows)
    found = [(row[:0], row[:0])]
    for size in np.unique(sizes[sizes > 1]):
        one, other = np.triu_indices(int(size), 1)
        first = start[sizes == size][:, None]
        found.append(((first + one).reshape(-1), (first + other).reshape(-1)))
    return np.concatenate([one for one, _ in found]), np.concatenate([other for _, other in found])


def tally(ratings: Ratings, *, alike: Alike = "values") -> Tally:
    """Sort ratings into units of clusters by kind.

    Clusters of one unit are of one kind where it was given the same values, or the same by the same
    annotators, or never.
    """
    order = np.lexsort((ratings.value, ratings.item))
    item, annotator, value = (
        column[order] for column in (ratings.item, ratings.annotator, ratings.value)
    )
    units, row = np.unique(item, return_inverse=True)
    clusters, kind = np.unique(ratings.cluster[units], return_inverse=True)
    found = Tally(
        scale=distances_of(ratings),
        row=row,
        annotator=annotator,
        value=value,
        owner=kind,
        kind=np.arange(len(clusters)),
        basis=_basis(row, annotator, kind),
    )
    if len(clusters) < len(units) or alike == "never":
        return found
    keys = _keys(found, len(ratings.annotators), identified=alike == "annotators")
    return found if keys is None else _by_kind(found, keys)


def _by_kind(found: Tally, keys: Codes) -> Tally:
    """The tally with one unit for all that have one key, where each unit is a cluster."""
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    place = np.full(len(keys), -1)
    place[first] = np.arange(len(first))
    kept = place[found.row] >= 0
    row = place[found.row[kept]]
    order = np.argsort(row, kind="stable")
    kind = np.empty(len(keys), dtype=np.int64)
    kind[found.owner] = which
    return Tally(
        scale=found.scale,
        row=row[order],
        annotator=found.annotator[kept][order],
        value=found.value[kept][order],
        owner=np.arange(len(first)),
        kind=kind,
        basis=found.basis,
    )


def _keys(found: Tally, annotators: int, *, identified: bool) -> Codes | None:
    """A number for each unit that tells its ratings; none where 62 bits do not suffice.

    Nor where an annotator rated a unit twice and it matters who did: digits would run into others.
    """
    width = found.scale.width
    if identified and len(np.unique(found.row * annotators + found.annotator)) < len(found.row):
        return None
    most = int(found.rated.max(initial=0))
    start = np.searchsorted(found.row, np.arange(len(found.owner)))
    if identified:
        digit, base, place = found.value + 1, width + 1, found.annotator
        digits = annotators
    elif (most + 1) ** width < (width + 1) ** most:
        digit, base, place = np.ones_like(found.value), most + 1, found.value
        digits = width
    else:
        place = np.arange(len(found.row)) - start[found.row]
        digit, base, digits = found.value + 1, width + 1, most
    if base**digits >= LARGEST_KEY or not len(start):
        return None
    amount = digit * base ** place.astype(np.int64)
    return np.add.reduceat(amount, start)


def _basis(row: Codes, annotator: Codes, cluster: Codes) -> Basis:
    rated = np.bincount(row)
    counted = rated >= 2
    return Basis(
        units=int(counted.sum()),
        ratings=int(rated[counted].sum()),
        annotators=len(np.unique(annotator[counted[row]])),
        clusters=len(np.unique(cluster[counted])),
    )
