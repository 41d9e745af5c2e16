"""From the bytes of a piece to articles, or to what is wrong with it: one module a kind.

Values in, values out: a piece goes to another process and its articles come back. One record that
cannot be read is a Problem and never stops the others.
"""

from collections.abc import Iterator

from sikap.errors import Problem
from sikap.ingest.pieces import Piece, Reading
from sikap.ingest.readers.arrow import names_of, read_arrow
from sikap.ingest.readers.columns import chosen
from sikap.ingest.readers.delimited import header_of, read_delimited
from sikap.ingest.readers.json_lines import keys, read_lines
from sikap.ingest.readers.page import read_page
from sikap.ingest.readers.text import read_text
from sikap.records import Article

__all__ = ["read", "taken"]

_READERS = {
    "text": read_text,
    "html": read_page,
    "jsonl": read_lines,
    "csv": read_delimited,
    "tsv": read_delimited,
    "parquet": read_arrow,
}


def read(piece: Piece, reading: Reading) -> Iterator[Article | Problem]:
    """Yield the articles of a piece, and a Problem for each record that cannot become one."""
    return _READERS[piece.format](piece, reading)


def taken(piece: Piece, reading: Reading) -> dict[str, str]:
    """The column that each field is read from, by the first row of a piece; none of a document."""
    if piece.format in {"text", "html"}:
        return {}
    if piece.format == "jsonl":
        names = keys(piece)
    elif piece.format == "parquet":
        names = names_of(piece)
    else:
        header = header_of(piece.data.decode("utf-8", "surrogateescape"), piece.format)
        names = list(header.cells) if header else []
    return chosen(names, reading.columns)
