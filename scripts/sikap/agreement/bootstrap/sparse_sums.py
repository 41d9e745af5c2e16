"""Sums over drawn clusters, from what each kind of cluster adds to them."""

from collections.abc import Callable

import numpy as np

from sikap.agreement.arrays import Codes, Floats, added
from sikap.agreement.bootstrap.draws import ROOM

KEPT = 250_000
"""Numbers that a table may have to be kept, even if most of it is 0."""


class Columns:
    """What clusters add to some sums: kinds × columns, most of it 0; so entry by entry.

    ``amount[i]`` is what a cluster of the kind ``owner[i]`` adds to the sum ``column[i]``.
    """

    def __init__(self, owner: Codes, column: Codes, amount: Floats, kinds: int, width: int) -> None:
        self.owner, self.column, self.amount = owner, column, amount
        self.kinds, self.width = kinds, width
        self.kept: Floats | None = None
        if kinds * width <= max(KEPT, len(amount)):
            self.kept = self._table()
            self.owner, self.column, self.amount = owner[:0], column[:0], amount[:0]

    def of(self, drawn: Floats) -> Floats:
        """The sums where clusters are drawn so often: draws × kinds to draws × columns."""
        if self.kept is not None:
            return drawn @ self.kept
        if self.kinds * self.width <= ROOM:
            return drawn @ self._table()
        found = np.empty((len(drawn), self.width))
        for place, row in enumerate(drawn):
            found[place] = added(self.column, self.amount * row[self.owner], self.width)
        return found

    def _table(self) -> Floats:
        cells = self.owner * self.width + self.column
        found = added(cells, self.amount, self.kinds * self.width)
        return found.reshape(self.kinds, self.width)


class Together:
    """Some sums by name, those of one draw all made at once: the draws are gone through once."""

    def __init__(self) -> None:
        self._columns: dict[str, Columns] = {}
        self._joined: Floats | None = None
        self._drawn: Floats | None = None
        self._found: dict[str, Floats] = {}

    def of(self, name: str, drawn: Floats, make: Callable[[], Columns]) -> Floats:
        """The sums of a name, as ``make`` gives them, where clusters are drawn so often."""
        if name not in self._columns:
            self._columns[name], self._joined = make(), None
        if drawn is not self._drawn:
            self._drawn, self._found = drawn, self._all(drawn)
        if name not in self._found:
            self._found[name] = self._columns[name].of(drawn)
        return self._found[name]

    def _all(self, drawn: Floats) -> dict[str, Floats]:
        kept = {name: one.kept for name, one in self._columns.items() if one.kept is not None}
        if not kept:
            return {}
        if self._joined is None:
            self._joined = np.hstack(list(kept.values()))
        ends = np.cumsum([table.shape[1] for table in kept.values()])
        return dict(zip(kept, np.split(drawn @ self._joined, ends[:-1], axis=1), strict=True))
