"""How far apart two values are, by name of the distance: 0 for the same, elementwise on places."""

from collections.abc import Iterator
from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from sikap.agreement.arrays import Codes, Floats
from sikap.agreement.bootstrap.draws import ROOM
from sikap.agreement.ratings import Level, Ratings, numbers

MOST_KEPT = 32_000_000
"""Distances that are kept of all values from all: those of some 5,600 values."""
WORD = 64


class Distances(msgspec.Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The values of a variable as far as their distances go.

    ``place`` has what linear and quadratic distances are taken of: ranks where the level is
    ordinal, numbers where it is interval or ratio, else nothing. ``bits`` (values × words) are the
    members of values that are sets. Distances by name:

    nominal: 1 for different values; linear: of places, over the largest; quadratic: its square;
    interval: of numbers, squared; ratio: the difference over the sum of two numbers, squared (0
    where both are 0); jaccard, masi: of sets. The ordinal one hangs on how often values were given:
    see `coefficients`.
    """

    level: Level
    width: int
    place: Floats
    bits: NDArray[np.uint64]

    def apart(self, name: str, one: Codes, other: Codes) -> Floats:
        """The distance of each value of ``one`` and each of ``other``, broadcast."""
        if name == "nominal":
            different: Floats = (one != other).astype(np.float64)
            return different
        if name in {"masi", "jaccard"}:
            return self._sets_apart(name, one, other)
        difference = np.abs(self.place[one] - self.place[other])
        if name == "ratio":
            both = self.place[one] + self.place[other]
            difference = np.divide(difference, both, out=np.zeros(both.shape), where=both != 0)
        elif name in {"linear", "quadratic"}:
            difference = difference / (self.span or 1.0)
        return difference if name == "linear" else np.square(difference)

    def met(self, name: str, totals: Floats) -> Floats:
        """The distances of all ordered pairs of values, times both their totals: … × values to ….

        ``totals`` is how often each value was given.
        """
        everything = totals.sum(axis=-1)
        found: Floats
        if name == "nominal":
            found = everything**2 - np.square(totals).sum(axis=-1)
        elif name in {"interval", "quadratic"}:
            found = spread(totals, self.place) / (self.span**2 or 1.0 if name[0] == "q" else 1.0)
        elif name == "linear":
            order, gaps = self._gaps()
            below = np.cumsum(totals[..., order], axis=-1)[..., :-1]
            found = 2 * (gaps * below * (everything[..., None] - below)).sum(axis=-1)
        else:
            found = np.zeros(everything.shape)
            for first, apart in self._table(name):
                some = totals[..., first : first + apart.shape[1]]
                found += ((totals @ apart) * some).sum(axis=-1)
        return found

    def crossed(self, name: str, one: Floats, other: Floats) -> Floats:
        """The distances of all pairs of a value of one and a value of another, times both totals.

        The distance is nominal, linear or quadratic; totals are … × values.
        """
        many, more = one.sum(axis=-1), other.sum(axis=-1)
        found: Floats
        if name == "nominal":
            found = many * more - (one * other).sum(axis=-1)
        elif name == "linear":
            order, gaps = self._gaps()
            first = np.cumsum(one[..., order], axis=-1)[..., :-1]
            second = np.cumsum(other[..., order], axis=-1)[..., :-1]
            across = first * (more[..., None] - second) + second * (many[..., None] - first)
            found = (gaps * across).sum(axis=-1)
        else:
            place = (self.place - self.place.mean()) / (self.span or 1.0)
            squares = more * (one @ place**2) + many * (other @ place**2)
            found = squares - 2 * (one @ place) * (other @ place)
        return found

    def all_apart(self, name: str) -> float:
        """The distances of all ordered pairs of values of the scale."""
        return float(self.met(name, np.ones(self.width)))

    @property
    def span(self) -> float:
        """The distance of the two places that are farthest apart."""
        return float(np.ptp(self.place)) if len(self.place) else 0.0

    def several(self, totals: Floats, *, as_numbers: bool) -> NDArray[np.bool_]:
        """Whether more than one value, or number, was given: … × values to …."""
        given = totals > 0
        if as_numbers and self.same is not None:
            given = (given @ self.same) > 0
        many: NDArray[np.bool_] = given.sum(axis=-1) > 1
        return many

    @cached_property
    def same(self) -> NDArray[np.bool_] | None:
        """Values × numbers, where values such as 1 and 1.0 are the same number; else nothing."""
        different, which = np.unique(self.place, return_inverse=True)
        if len(different) == self.width:
            return None
        table: NDArray[np.bool_] = which[:, None] == np.arange(len(different))
        return table

    def _table(self, name: str) -> Iterator[tuple[int, Floats]]:
        """The distances of all values from some at a time, and the first of these; kept if few."""
        if name in self._tables:
            yield 0, self._tables[name]
            return
        places = np.arange(self.width)
        step = self.width if self.width**2 <= MOST_KEPT else max(1, ROOM // self.width)
        for first in range(0, self.width, max(1, step)):
            apart = self.apart(name, places[:, None], places[first : first + step])
            if step == self.width:
                self._tables[name] = apart
            yield first, apart

    @cached_property
    def _tables(self) -> dict[str, Floats]:
        return {}

    def _gaps(self) -> tuple[Codes, Floats]:
        """The order of places, and the linear distance of each from the next."""
        order = np.argsort(self.place, kind="stable")
        return order, np.diff(self.place[order]) / (self.span or 1.0)

    def _sets_apart(self, name: str, one: Codes, other: Codes) -> Floats:
        """The Jaccard distance, or MASI (Passonneau 2006), which weighs it by inclusion."""
        size = np.bitwise_count(self.bits).sum(axis=-1).astype(np.float64)
        shared = np.zeros(np.broadcast_shapes(one.shape, other.shape))
        for word in self.bits.T:
            shared += np.bitwise_count(word[one] & word[other])
        union = size[one] + size[other] - shared
        near = np.divide(shared, union, out=np.ones(union.shape), where=union > 0)
        if name == "masi":
            inside = (shared == size[one]) | (shared == size[other])
            near *= np.where(shared == union, 1.0, np.where(inside, 2 / 3, 1 / 3))
        far: Floats = 1 - near
        return far


def distances_of(ratings: Ratings) -> Distances:
    """The scale of a variable; its values must fit its level (see `levels`)."""
    width = len(ratings.values)
    place: Floats = np.zeros(0)
    if ratings.level == "ordinal":
        place = np.arange(width, dtype=np.float64)
    elif ratings.level in {"interval", "ratio"}:
        found = numbers(ratings.values)
        place = np.zeros(width) if found is None else found
    names = sorted(set().union(*ratings.members))
    bits = np.zeros((len(ratings.members), len(names) // WORD + 1), dtype=np.uint64)
    where = {name: number for number, name in enumerate(names)}
    for value, members in enumerate(ratings.members):
        for name in members:
            word, bit = divmod(where[name], WORD)
            bits[value, word] |= np.uint64(1 << bit)
    return Distances(level=ratings.level, width=width, place=place, bits=bits)


def spread(totals: Floats, place: Floats) -> Floats:
    """The sum over all ordered pairs of the squared distance of places: … × values to ….

    ``place`` is of values, or … × values. The mean is taken off first, so that large numbers
    close together do not lose their difference.
    """
    everything = totals.sum(axis=-1)
    mean = np.divide(
        (totals * place).sum(axis=-1),
        everything,
        out=np.zeros(everything.shape),
        where=everything > 0,
    )
    squares: Floats = 2 * everything * (totals * np.square(place - mean[..., None])).sum(axis=-1)
    return squares
