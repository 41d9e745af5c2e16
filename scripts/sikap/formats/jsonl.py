"""JSON to columns: an object a line, or one list of objects."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np

from sikap.errors import Problem, raise_if
from sikap.formats.table import (
    MOST_PROBLEMS,
    MOST_ROWS,
    Coder,
    Codes,
    Keep,
    Table,
    too_many,
    unreadable,
)

BATCH = 16_384
MOST_COLUMNS = 10_000
_BOM = b"\xef\xbb\xbf"
_FIX = "write one JSON object a line, with the names of columns as keys"
_BROKEN = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError)


def read_lines(data: bytes, file: str, keep: Keep) -> Table:
    """The columns of a JSONL file; raises InputError with every line that is no object."""
    collected = _Collected(file)
    decoder = msgspec.json.Decoder()
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    problems: list[Problem] = []
    more = 0
    for number, line in enumerate(data.removeprefix(_BOM).split(b"\n"), 1):
        if not line or line.isspace():
            continue
        try:
            row = decoder.decode(line)
        except _BROKEN as error:
            code, found = "not-json", f"the line is not JSON: {error}"
        else:
            code = "table-file"
            found = "" if isinstance(row, dict) else "the line is no JSON object"
        if not found:
            rows.append(row)
            numbers.append(number)
        elif len(problems) < MOST_PROBLEMS:
            problems.append(Problem(code=code, file=file, line=number, found=found, fix=_FIX))
        else:
            more += 1
        if len(rows) == BATCH:
            collected.add(rows)
            rows = []
    collected.add(rows)
    raise_if(too_many(problems, more))
    return collected.table(keep, np.asarray(numbers, dtype=np.int64))


def read_list(rows: Sequence[Any], file: str, keep: Keep) -> Table:
    """The columns of a list of objects; raises InputError where one is none."""
    wrong = [number for number, row in enumerate(rows, 1) if not isinstance(row, dict)]
    if wrong:
        raise unreadable(file, f"entry {wrong[0]} of the list is no object", _FIX)
    collected = _Collected(file)
    for first in range(0, len(rows), BATCH):
        collected.add(rows[first : first + BATCH])
    return collected.table(keep, None)


class _Collected:
    """Columns that grow by batches of rows, whatever keys these have."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.coders: dict[str, Coder] = {}
        self.rows = 0

    def add(self, rows: Sequence[dict[str, Any]]) -> None:
        names: Iterable[str] = dict.fromkeys(name for row in rows for name in row)
        for name in names:
            if name not in self.coders:
                self.coders[name] = Coder(empty=self.rows)
        if len(self.coders) > MOST_COLUMNS:
            raise unreadable(self.file, f"it has more than {MOST_COLUMNS} different keys", _FIX)
        for name, coder in self.coders.items():
            coder.values([row.get(name) for row in rows])
        self.rows += len(rows)
        if self.rows > MOST_ROWS:
            raise unreadable(self.file, f"it has more than {MOST_ROWS} rows", "take a part")

    def table(self, keep: Keep, lines: Codes | None) -> Table:
        if not self.rows:
            raise unreadable(self.file, "it is empty", _FIX)
        kept = set(keep(list(self.coders)))
        return Table(
            file=self.file,
            columns={name: one.column() for name, one in self.coders.items() if name in kept},
            at=np.arange(1, self.rows + 1) if lines is None else lines,
            unit="row" if lines is None else "line",
        )
