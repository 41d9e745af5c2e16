"""From the bytes of a piece to articles, or to what is wrong with it: one module a kind.

Values in, values out: a piece goes to another process and its articles come back. One record that
cannot be read is a Problem and never stops the others.
"""

from collections.abc import Iterator

from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.readers.csv import header_of, read_delimited
from sikap.articles.readers.html import read_page
from sikap.articles.readers.jsonl import keys, read_lines
from sikap.articles.readers.parquet import names_of, read_arrow
from sikap.articles.readers.rows import chosen
from sikap.articles.readers.text import read_text
from sikap.errors import Problem
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


def read(piece: Piece, options: ReadOptions) -> Iterator[Article | Problem]:
    """Yield the articles of a piece, and a Problem for each record that cannot become one."""
    return _READERS[piece.format](piece, options)


def taken(piece: Piece, options: ReadOptions) -> dict[str, str]:
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
    return chosen(names, options.columns)
