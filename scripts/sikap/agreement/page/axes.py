"""What charts are made of: rows and bars, where an axis begins, how much room names take."""

from collections.abc import Sequence

import msgspec

from sikap.agreement.page.formatting import shorten, wide
from sikap.agreement.page.svg import STEPS

LETTER = 5.9
"""About how many pixels a column of a label takes."""
NARROW, WIDE = 132, 184
"""How wide a column of names may be, in pixels; what is left is for the axis."""
MOST_ROWS = 40
MOST_CELLS = 40
"""How many rows and columns a heat map has at most."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with its interval; NaN never comes here: what does not exist is None."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A bar of parts, one for each kind."""

    name: str
    parts: tuple[int, ...]


def step(value: float | None) -> int:
    """In which step of a colour a value from zero to one lies."""
    return min(STEPS - 1, max(0, int((value or 0) * STEPS)))


def lowest(rows: Sequence[Row]) -> float:
    """Where an axis up to one begins: at zero, or below where figures are."""
    least = min((x for row in rows for x in (row.low, row.value) if x is not None), default=0)
    return 0.0 if least >= 0 else -0.5 if least >= -0.5 else -1.0


def ticks(first: float) -> tuple[float, ...]:
    """The round values of an axis."""
    return (*(mark for mark in (-1.0, -0.5) if mark >= first), 0.0, 0.5, 1.0)


def side(names: Sequence[str], most: float = NARROW) -> float:
    """How wide the column of names is, in pixels."""
    return min(most, 14 + LETTER * max((wide(shorten(name, 40)) for name in names), default=0))


def columns(width: float) -> int:
    """How many columns of letters a column of names has room for."""
    return int((width - 12) / LETTER)
