"""Sums over drawn clusters, from what each kind of cluster adds to them."""

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
        self._kept: Floats | None = None
        if kinds * width <= max(KEPT, len(amount)):
            self._kept = self._table()
            self.owner, self.column, self.amount = owner[:0], column[:0], amount[:0]

    def of(self, drawn: Floats) -> Floats:
        """The sums where clusters are drawn so often: draws × kinds to draws × columns."""
        if self._kept is not None:
            return drawn @ self._kept
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
