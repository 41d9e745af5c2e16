"""CSV and its kin to columns: UTF-8, and rows of one length."""

import codecs
import contextlib
import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from sikap.errors import InputError, Problem, raise_if
from sikap.formats.csv import (
    DELIMITERS,
    HEAD,
    LONGEST,
    NEVER_CLOSED,
    delimiter_of,
    long_cells,
    strict_reader,
    why_broken,
)
from sikap.formats.parquet import plain_columns
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

if TYPE_CHECKING:
    import _csv

BATCH = 16_384
_BOMS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


def read_delimited(data: bytes, file: str, keep: Keep, delimiter: str | None = None) -> Table:
    """The columns that are wanted; raises InputError with every row that cannot be read."""
    text = decoded(data, file)
    is_tsv = file.lower().endswith((".tsv", ".tab"))
    with long_cells():
        rows = _Rows(text, file, delimiter or delimiter_of(text, is_tsv))
        return rows.table(keep, data)


def decoded(data: bytes, file: str) -> str:
    """Bytes as text; raises InputError where they are not UTF-8, and says where."""
    for bom, name in _BOMS.items():
        if data.startswith(bom):
            found, fix = f"it is {name}", "save it as UTF-8"
            raise InputError(Problem(code="not-utf8", file=file, found=found, fix=fix))
    if data[:HEAD].count(0) > len(data[:HEAD]) / 4:
        found, fix = "every other byte is zero, as in UTF-16", "save it as UTF-8"
        raise InputError(Problem(code="not-utf8", file=file, found=found, fix=fix))
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        found = f"byte {column} of the line, 0x{data[error.start]:02x}, is not UTF-8"
        fix = "save it as UTF-8; many spreadsheets call it 'CSV UTF-8'"
        problem = Problem(code="not-utf8", file=file, line=line, found=found, fix=fix)
        raise InputError(problem) from error


class _Rows:
    def __init__(self, text: str, file: str, delimiter: str) -> None:
        self.file = file
        self.delimiter = delimiter
        self.text = text
        self.reader = self._reader()
        self.problems: list[Problem] = []
        self.more = 0

    def _reader(self) -> "_csv.Reader":
        return strict_reader(io.StringIO(self.text, newline=""), self.delimiter)

    def table(self, keep: Keep, data: bytes) -> Table:
        header = self._header()
        kept = set(keep(header))
        places = {name: place for place, name in reversed(list(enumerate(header))) if name in kept}
        if self.reader.line_num == 1:
            plain = plain_columns(data, self.delimiter, len(header), list(places.values()))
            if plain is not None:
                columns = dict(zip(places, plain, strict=True))
                at = np.arange(2, len(plain[0].codes) + 2)
                return Table(file=self.file, columns=columns, at=at, unit="line")
        coders = {name: Coder() for name in header if name in kept}
        lines: list[Codes] = []
        for rows, numbers in self._batches(len(header)):
            cells = list(zip(*rows, strict=True))
            for name, coder in coders.items():
                coder.texts(cells[places[name]])
            lines.append(numbers)
        raise_if(too_many(self.problems, self.more))
        if not lines:
            found, fix = "it has a header and no row", "give it a row for each rating"
            raise unreadable(self.file, found, fix)
        return Table(
            file=self.file,
            columns={name: coder.column() for name, coder in coders.items()},
            at=np.concatenate(lines),
            unit="line",
        )

    def _header(self) -> list[str]:
        try:
            header = next((row for row in self.reader if row), [])
        except csv.Error as error:
            raise self._broken(error) from error
        if not header:
            fix = "give it a first line with the names of columns, and a row for each rating"
            raise unreadable(self.file, "it is empty", fix)
        return header

    def _batches(self, width: int) -> Iterator[tuple[list[list[str]], Codes]]:
        """Yield rows, and the line that each begins on."""
        seen, line = 0, self.reader.line_num + 1
        while True:
            try:
                rows = list(islice(self.reader, BATCH))
            except csv.Error as error:
                self.problems.extend(self._broken(error).problems)
                return
            if not rows:
                return
            numbers: Codes = np.arange(line, line + len(rows))
            if self.reader.line_num + 1 - line > len(rows):  # a cell has a line end in it
                ends = np.fromiter(map(_ends, rows), np.int64, len(rows))
                numbers = numbers + np.concatenate(([0], np.cumsum(ends)[:-1]))
            line = self.reader.line_num + 1
            if set(map(len, rows)) != {width}:
                rows, numbers = self._level(rows, numbers, width)
            seen += len(rows)
            if seen > MOST_ROWS:
                raise unreadable(self.file, f"it has more than {MOST_ROWS} rows", "take a part")
            if rows:
                yield rows, numbers

    def _level(
        self, rows: list[list[str]], numbers: Codes, width: int
    ) -> tuple[list[list[str]], Codes]:
        """The rows that have as many cells as the header; the others are named, but blank lines."""
        for row, number in zip(rows, numbers, strict=True):
            if not row or len(row) == width:
                continue
            if len(self.problems) >= MOST_PROBLEMS:
                self.more += 1
                continue
            found = f"the row has {len(row)} cells, the header {width}"
            fix = f"columns are parted by a {DELIMITERS.get(self.delimiter, self.delimiter)}; put "
            fix += "cells that hold one in double quotes, or say --delimiter"
            self.problems.append(
                Problem(code="table-file", file=self.file, line=int(number), found=found, fix=fix)
            )
        good = np.fromiter((len(row) == width for row in rows), np.bool_, len(rows))
        return [row for row in rows if len(row) == width], numbers[good]

    def _began(self) -> int:
        """The line on which the row begins that never ends."""
        reader, line = self._reader(), 0
        with contextlib.suppress(csv.Error):
            for _ in reader:
                line = reader.line_num
        return line + 1

    def _broken(self, error: csv.Error) -> InputError:
        found, line = why_broken(error), self.reader.line_num
        if "field larger" in found:
            found, fix = f"a cell has more than {LONGEST} characters", "leave the column out"
        elif found == NEVER_CLOSED:
            line, fix = self._began(), "close it; quotes inside quotes are doubled"
        else:
            found += ", or those of a line before"
            fix = 'put the cell in quotes and double the quotes inside: "say ""yes"""'
        return unreadable(self.file, found, fix, line)


def _ends(row: Sequence[str]) -> int:
    """How many line ends the cells of a row hold."""
    return sum(
        cell.count("\n") + cell.count("\r") - cell.count("\r\n")
        for cell in row
        if "\n" in cell or "\r" in cell
    )
