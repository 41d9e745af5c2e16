"""CSV and its kin to rows: what parts the columns, quotes as RFC 4180 has them, lines of rows.

`csv_columns` makes columns of ratings: it refuses a table with a broken row, and takes millions of
rows straight from the reader. `articles.readers.csv` makes articles: a broken row costs its first
line alone, and the digest of a row is of its text. So `split_rows` keeps both, which takes longer.
"""

import contextlib
import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    import _csv

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
HEAD = 65_536
LONGEST = (32 << 20) + 1
"""Characters in a cell: a text may be long, but not without end."""
NEVER_CLOSED = "a quote that is opened here is never closed"


class Row(msgspec.Struct, frozen=True, gc=False):
    """Cells, or why there are none; the lines they stand on as text; how many lines come before."""

    cells: tuple[str, ...]
    text: str
    before: int
    broken: str = ""
    open: bool = False


def delimiter_of(text: str, is_tsv: bool) -> str:
    """What parts the columns: in TSV a tab, else what the header has most of, outside quotes."""
    if is_tsv:
        return "\t"
    quoted, counts = False, Counter[str]()
    for character in text[:HEAD]:
        quoted ^= character == '"'
        if not quoted and character in "\r\n":
            break
        if not quoted:
            counts[character] += character in DELIMITERS
    return max(DELIMITERS, key=lambda one: counts[one])


def strict_reader(lines: Iterable[str], delimiter: str) -> "_csv.Reader":
    """A reader that raises csv.Error where RFC 4180 knows no way to read the quotes."""
    return csv.reader(lines, delimiter=delimiter, strict=True)


def why_broken(error: csv.Error) -> str:
    """What the error of a reader says of the quotes."""
    return NEVER_CLOSED if "unexpected end" in str(error) else f"its quotes are wrong ({error})"


@contextlib.contextmanager
def long_cells() -> Iterator[None]:
    """Let cells have ``LONGEST`` characters meanwhile."""
    before = csv.field_size_limit(LONGEST)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def split_rows(text: str, delimiter: str) -> list[Row]:
    """All rows of a text that are not blank; a last one may be open: its quote is not closed.

    A row whose quotes are wrong ends with its first line. A carriage return alone ends a line only
    where there is no newline.
    """
    lines = _cut(text, "\r" if "\n" not in text and "\r" in text else "\n")
    rows: list[Row] = []
    with long_cells():
        at = 0
        while at < len(lines):
            at = _rows_from(lines, at, delimiter, rows)
    return rows


def _cut(text: str, end: str) -> list[str]:
    """Lines with their ends."""
    *parts, last = text.split(end)
    return [part + end for part in parts] + ([last] if last else [])


def _rows_from(lines: list[str], at: int, delimiter: str, rows: list[Row]) -> int:
    """Read rows up to the end or a broken one, and tell the line to go on from."""
    used = at

    def fed() -> Iterator[str]:
        nonlocal used
        while used < len(lines):
            line = lines[used]
            used += 1
            yield line

    start = at
    try:
        for cells in strict_reader(fed(), delimiter):
            text = lines[start] if used - start == 1 else "".join(lines[start:used])
            if text.strip(" \t\r\n\ufeff"):
                rows.append(Row(tuple(cells), text, start))
            start = used
    except csv.Error as error:
        why = why_broken(error)
        is_open = why == NEVER_CLOSED and used == len(lines)
        rows.append(Row((), lines[start], start, why, is_open))
        return start + 1
    return used
