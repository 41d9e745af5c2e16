"""Rows of CSV and TSV to articles: quotes as RFC 4180 has them."""

import csv
from collections import Counter
from collections.abc import Iterator
from typing import Literal

import msgspec

from sikap.articles.chunks import MOST_BYTES, Piece, Reading
from sikap.articles.readers.rows import Rows
from sikap.errors import Problem
from sikap.records import Article

_DELIMITERS = ",;\t|"
_HEAD = 65_536


class Row(msgspec.Struct, frozen=True, gc=False):
    """Cells, or why there are none; the lines they stand on as text; how many lines come before."""

    cells: tuple[str, ...]
    text: str
    before: int
    broken: str = ""
    open: bool = False


def read_delimited(piece: Piece, reading: Reading) -> Iterator[Article | Problem]:
    """Yield an article or a problem for each row that is not blank.

    The digest of an article's source is that of its row in UTF-8, line ends in cells included, the
    one behind it not. A row whose quotes are wrong ends with its first line: the next is read.
    """
    text = piece.data.decode("utf-8", "surrogateescape")
    header, *found = split_rows(text, delimiter(text, piece.format)) or [Row((), "", 0)]
    rows = Rows(piece, reading)
    first = header.text.count("\n") or 1
    names = header.cells
    for row in found:
        line = piece.line + row.before - first
        if row.broken:
            yield rows.problem("schema", row.broken, line)
        elif len(row.cells) != len(names):
            yield rows.problem("schema", _ragged(row, names, line), line)
        elif bad := _undecoded(row.text):
            where = f"the row is not {piece.encoding or 'utf-8'}: byte 0x{bad:02x}"
            yield rows.problem("encoding", where, line, fix="save it in one encoding, best UTF-8")
        else:
            raw = row.text.rstrip("\r\n").encode("utf-8")
            yield rows.article(dict(zip(names, row.cells, strict=True)), raw, line)


def split_rows(text: str, separator: str) -> list[Row]:
    """All rows of a text that are not blank; a last one may be open: its quote is not closed."""
    lines = _lines(text)
    rows: list[Row] = []
    before = csv.field_size_limit(MOST_BYTES + 1)
    try:
        at = 0
        while at < len(lines):
            at = _rows_from(lines, at, separator, rows)
    finally:
        csv.field_size_limit(before)
    return rows


def delimiter(text: str, format_: Literal["csv", "tsv"] | str) -> str:
    """What parts the columns: what the header has most of, outside quotes."""
    if format_ == "tsv":
        return "\t"
    quoted, counts = False, Counter[str]()
    for character in text[:_HEAD]:
        quoted ^= character == '"'
        if not quoted and character in "\r\n":
            break
        if not quoted and character in _DELIMITERS:
            counts[character] += 1
    return max(_DELIMITERS, key=lambda one: counts[one])


def header_of(text: str, format_: str) -> Row | None:
    """The first row that is not blank."""
    return next(iter(split_rows(text, delimiter(text, format_))), None)


def _lines(text: str) -> list[str]:
    """Lines with their ends; a carriage return alone ends one only where there is no newline."""
    if "\n" not in text and "\r" in text:
        return _cut(text, "\r")
    return _cut(text, "\n")


def _cut(text: str, end: str) -> list[str]:
    parts = text.split(end)
    last = parts.pop()
    return [part + end for part in parts] + ([last] if last else [])


def _rows_from(lines: list[str], at: int, separator: str, rows: list[Row]) -> int:
    """Read rows up to the end or a broken one, and tell the line to go on from."""
    used = at

    def fed() -> Iterator[str]:
        nonlocal used
        while used < len(lines):
            line = lines[used]
            used += 1
            yield line

    reader = csv.reader(fed(), delimiter=separator, strict=True)
    start = at
    try:
        for cells in reader:
            text = lines[start] if used - start == 1 else "".join(lines[start:used])
            if text.strip(" \t\r\n\ufeff"):
                rows.append(Row(tuple(cells), text, start))
            start = used
    except csv.Error as error:
        is_open = used == len(lines) and "unexpected end" in str(error)
        if "unexpected end" in str(error):
            why = "a quote that is opened here is never closed"
        else:
            why = f"its quotes are wrong ({error})"
        rows.append(Row((), lines[start], start, why, is_open))
        return start + 1
    return used


def _ragged(row: Row, names: tuple[str, ...], line: int) -> str:
    said = f"the row has {len(row.cells)} cells, the header {len(names)}"
    lines = row.text.rstrip("\r\n").count("\n")
    return f"{said}; it goes on to line {line + lines}" if lines else said


def _undecoded(text: str) -> int:
    if text.isascii():
        return 0
    return next((ord(one) & 0xFF for one in text if "\ud800" <= one <= "\udfff"), 0)
