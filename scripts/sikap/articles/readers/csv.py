"""Rows of CSV and TSV to articles."""

from collections.abc import Iterator

from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.readers.rows import Rows
from sikap.errors import Problem
from sikap.formats.csv import Row, delimiter_of, split_rows
from sikap.records import Article


def read_delimited(piece: Piece, options: ReadOptions) -> Iterator[Article | Problem]:
    """Yield an article or a problem for each row that is not blank.

    The digest of an article's source is that of its row in UTF-8, line ends in cells included, the
    one behind it not. A row whose quotes are wrong ends with its first line: the next is read.
    """
    text = piece.data.decode("utf-8", "surrogateescape")
    header, *found = split_rows(text, delimiter_of(text, piece.format == "tsv")) or [Row((), "", 0)]
    rows = Rows(piece, options)
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


def header_of(text: str, format_: str) -> Row | None:
    """The first row that is not blank."""
    return next(iter(split_rows(text, delimiter_of(text, format_ == "tsv"))), None)


def _ragged(row: Row, names: tuple[str, ...], line: int) -> str:
    said = f"the row has {len(row.cells)} cells, the header {len(names)}"
    lines = row.text.rstrip("\r\n").count("\n")
    return f"{said}; it goes on to line {line + lines}" if lines else said


def _undecoded(text: str) -> int:
    if text.isascii():
        return 0
    return next((ord(one) & 0xFF for one in text if "\ud800" <= one <= "\udfff"), 0)
