"""Rows of a stream of Arrow, as they are cut of Parquet files, to articles."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pyarrow as pa

from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.readers.rows import Rows
from sikap.errors import Problem
from sikap.records import Article


def read_arrow(piece: Piece, options: ReadOptions) -> Iterator[Article | Problem]:
    """Yield an article or a problem for each row.

    The digest of an article's source is that of its row as a JSON object of the columns that are
    read, in the order of the file.
    """
    rows = Rows(piece, options)
    try:
        with pa.ipc.open_stream(piece.data) as stream:
            names, columns = _columns(stream)
    except (pa.ArrowException, OSError) as error:
        found = f"it cannot be read as Arrow: {str(error).partition(chr(10))[0]}"
        yield rows.problem("source", found, piece.line, fix="write it again")
        return
    for line, values in enumerate(zip(*columns, strict=True), piece.line):
        row = dict(zip(names, values, strict=True))
        bad = next((name for name in names if isinstance(row[name], _Bad)), None)
        if bad is not None:
            found = f"{bad[:40]!r} {row[bad]}"
            yield rows.problem("encoding", found, line, fix="write the file again in UTF-8")
        else:
            yield rows.article(row, _bytes(row), line)


def names_of(piece: Piece) -> list[str]:
    """The columns in a piece."""
    with pa.ipc.open_stream(piece.data) as stream:
        return list(stream.schema.names)


class _Bad(str):
    """What is wrong with a cell whose bytes are no text."""

    __slots__ = ()


def _columns(stream: Any) -> tuple[list[str], list[list[Any]]]:  # noqa: ANN401 -- of pyarrow
    table = stream.read_all()
    return list(table.schema.names), [_cells(column) for column in table.columns]


def _cells(column: Any) -> list[Any]:  # noqa: ANN401 -- of pyarrow
    cells: list[Any] = []
    for chunk in column.chunks:
        try:
            chunk.validate(full=True)
            values = chunk.to_pylist()
        except (pa.ArrowException, ValueError, OverflowError):
            values = [_cell(chunk, place) for place in range(len(chunk))]
        cells.extend(_text(value) if isinstance(value, bytes) else value for value in values)
    return cells


def _cell(chunk: Any, place: int) -> Any:  # noqa: ANN401 -- of pyarrow
    try:
        return chunk[place].as_py()
    except (pa.ArrowException, ValueError, OverflowError) as error:
        return _Bad(f"cannot be read: {str(error).partition(chr(10))[0][:200]}")


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        return _Bad(f"is not UTF-8: byte {error.start}")


def _bytes(row: dict[str, Any]) -> bytes:
    try:
        return msgspec.json.encode(row)
    except (TypeError, ValueError, OverflowError):
        return repr(row).encode("utf-8", "backslashreplace")
