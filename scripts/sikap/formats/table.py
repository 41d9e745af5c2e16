"""A table as columns of codes, so that a million cells are no million Python objects."""

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from sikap.errors import InputError, Problem

Codes = NDArray[np.int64]
Keep = Callable[[Sequence[str]], Collection[str]]
"""Told the names of all columns, in order and as often as they occur: those to be read."""

MOST_ROWS = 20_000_000
MOST_PROBLEMS = 300
"""Named of one kind; of more only the number is told."""
WHOLE = 1e15  # below it floats hold every whole number
_NAMED = 40


class Column(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One column: cell i holds ``entries[codes[i]]``; an empty cell holds the empty text.

    ``sets`` has the members of entries that were lists, by the text that stands for them;
    ``objects`` are entries that were JSON objects, as text.
    """

    entries: tuple[str, ...]
    codes: Codes
    sets: dict[str, frozenset[str]] = {}
    objects: frozenset[str] = frozenset()

    def counts(self) -> Codes:
        """How many cells hold each entry."""
        return np.bincount(self.codes, minlength=len(self.entries))

    def only(self, rows: NDArray[Any]) -> "Column":
        """The column of some rows, by a mask or by their places."""
        return msgspec.structs.replace(self, codes=self.codes[rows])


def numbered(numbers: Sequence[int]) -> Codes:
    """The numbers of rows, as a table has them in ``at``."""
    return np.asarray(numbers, dtype=np.int64)


class Table(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Columns of one length by name; ``at`` has the number of each row's line, row or task."""

    file: str
    columns: dict[str, Column]
    at: Codes
    unit: Literal["line", "row", "task"]

    def only(self, rows: NDArray[Any]) -> "Table":
        """The table of some rows, by a mask or by their places."""
        columns = {name: column.only(rows) for name, column in self.columns.items()}
        return msgspec.structs.replace(self, columns=columns, at=self.at[rows])

    def problem(self, code: str, row: int, found: str, fix: str) -> Problem:
        """A problem of a row, with its place in the file."""
        number = int(self.at[row])
        if self.unit == "line":
            return Problem(code=code, file=self.file, line=number, found=found, fix=fix)
        id_ = f"{self.unit} {number}"
        return Problem(code=code, file=self.file, id=id_, found=found, fix=fix)

    def told(self, rows: Iterable[int]) -> str:
        """Rows as people find them: ``lines 3, 9``."""
        listed = [str(self.at[row]) for row in rows]
        more = f" and {len(listed) - 10} more" if len(listed) > 10 else ""
        return f"{self.unit}s {', '.join(listed[:10])}{more}"


class _Numbering(dict[str, int]):
    def __missing__(self, key: str) -> int:
        self[key] = number = len(self)
        return number


class Coder:
    """Makes a column of cells that come in batches: texts, or what JSON and Parquet hold."""

    def __init__(self, empty: int = 0) -> None:
        """Begin with so many empty cells."""
        self._place = _Numbering()
        self._parts: list[Codes] = []
        self._sets: dict[str, frozenset[str]] = {}
        self._objects: set[str] = set()
        if empty:
            self.texts([""] * empty)

    def texts(self, cells: Sequence[str]) -> None:
        """Add cells that are texts."""
        self._parts.append(np.fromiter(map(self._place.__getitem__, cells), np.int64, len(cells)))

    def values(self, cells: Sequence[Any]) -> None:
        """Add cells of any kind."""
        plain = set(map(type, cells)) <= {str}
        self.texts(cells if plain else [self._text(cell) for cell in cells])

    def coded(self, entries: Sequence[Any], codes: Codes) -> None:
        """Add cells as places in a list of values of any kind."""
        place = [self._place[self._text(entry)] for entry in entries]
        self._parts.append(np.asarray(place, dtype=np.int64)[codes])

    def column(self) -> Column:
        """All that was added."""
        return Column(
            entries=tuple(self._place),
            codes=np.concatenate(self._parts) if self._parts else np.empty(0, dtype=np.int64),
            sets=self._sets,
            objects=frozenset(self._objects),
        )

    def _text(self, cell: Any) -> str:  # noqa: ANN401
        if isinstance(cell, str):
            return cell
        if isinstance(cell, dict) and isinstance(cell.get("choices"), list):
            cell = cell["choices"]  # as JSON-MIN writes several choices
        if isinstance(cell, dict):
            text = msgspec.json.encode(cell).decode()
            self._objects.add(text)
            return text
        if isinstance(cell, list | tuple):
            members = sorted({self._text(one) for one in cell} - {""})
            text = msgspec.json.encode(members).decode()
            self._sets[text] = frozenset(members)
            return text
        return scalar(cell)


def scalar(value: object) -> str:
    """A single value as text: a number in its shortest form, so that 1.0 is 1; null is empty."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        whole = value.is_integer() and abs(value) < WHOLE
        return str(int(value)) if whole else repr(value)
    return str(value)


def named(texts: Iterable[str]) -> str:
    """Names or values as a list for people, each of bearable length, not more than twenty."""
    given = list(texts)
    shown = ", ".join(repr(shortened(one)) for one in given[:20])
    return f"{shown} and {len(given) - 20} more" if len(given) > 20 else shown


def shortened(text: str) -> str:
    """The beginning of a text that is too long to be read in a message."""
    return text if len(text) <= _NAMED else f"{text[: _NAMED - 1]}…"


def unreadable(file: str, found: str, fix: str, line: int | None = None) -> InputError:
    """The error of a file that is no table that can be read."""
    return InputError(Problem(code="table-file", file=file, line=line, found=found, fix=fix))


def too_many(problems: list[Problem], more: int) -> list[Problem]:
    """Problems of one kind, with one that tells how many more there are."""
    if more <= 0 or not problems:
        return problems
    last = problems[-1]
    found = f"{more} more rows are like these"
    return [*problems, Problem(code=last.code, file=last.file, found=found, fix=last.fix)]
