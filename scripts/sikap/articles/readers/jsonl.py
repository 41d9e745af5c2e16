"""Lines of JSON to articles."""

import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.readers.rows import Rows
from sikap.errors import Problem
from sikap.records import Article

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_FIX = "write one JSON object a line, in UTF-8"


def read_lines(piece: Piece, options: ReadOptions) -> Iterator[Article | Problem]:
    """Yield an article or a problem for each line that is not blank.

    The digest of an article's source is that of its line in UTF-8, without white space around it.
    """
    rows = Rows(piece, options)
    decode = msgspec.json.Decoder().decode
    for number, line in enumerate(piece.data.split(b"\n"), piece.line):
        raw = line.strip()
        if not raw:
            continue
        try:
            row = decode(raw)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            yield _broken(rows, raw, error, number)
            continue
        if not isinstance(row, dict):
            yield rows.problem("schema", "the line is no JSON object", number, fix=_FIX)
        elif name := _repeated(raw, row, rows):
            yield rows.problem("schema", f"it has {name!r} more than once", number)
        else:
            yield rows.article(row, raw, number)


def keys(piece: Piece) -> list[str]:
    """The keys of the first line that can be read."""
    for line in piece.data.split(b"\n"):
        try:
            row = msgspec.json.decode(line)
        except (msgspec.DecodeError, ValueError, RecursionError):
            continue
        if isinstance(row, dict):
            return [*row]
    return []


def _broken(rows: Rows, raw: bytes, error: Exception, line: int) -> Problem:
    if isinstance(error, UnicodeDecodeError):
        found = f"the line is not {rows.piece.encoding or 'utf-8'}: byte {error.start} of a text"
        return rows.problem("encoding", found, line, fix="save it in one encoding, best UTF-8")
    if _SURROGATE.search(raw) and _reads(raw):
        found = "it has half of a surrogate pair as \\u escape"
        return rows.problem("surrogate", found, line, fix="correct it at its source")
    return rows.problem("not-json", f"the line is not JSON: {error}", line, fix=_FIX)


def _reads(raw: bytes) -> bool:
    try:
        json.loads(raw)
    except (ValueError, RecursionError):
        return False
    return True


def _repeated(raw: bytes, row: dict[str, Any], rows: Rows) -> str | None:
    """A key of a field that stands in the line twice: nobody knows which value was meant."""
    for column in rows.choice(row).values():
        if raw.count(f'"{column}"'.encode()) > 1:
            names = json.loads(raw, object_pairs_hook=_Pairs, parse_int=str).names
            if names.count(column) > 1:
                return column
    return None


class _Pairs:
    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        self.names = [name for name, _ in pairs]
