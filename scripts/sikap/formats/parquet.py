"""Parquet to columns: types are those of the file, and none is guessed.

Columns of Arrow to columns of codes, and plain CSV by way of Arrow, ten times as fast.
"""

import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from sikap.formats.table import MOST_ROWS, Coder, Column, Keep, Table, unreadable

_BLANK = re.compile(rb"\n\r?\n")
_TEXT = pa.dictionary(pa.int32(), pa.string())


def column_of(column: pa.ChunkedArray) -> Column:
    """A column of any type that is not nested: no cell goes through Python."""
    coder = Coder()
    for chunk in column.chunks:
        coded = _dictionary(chunk)
        entries = [*coded.dictionary.to_pylist(), None]
        nothing = pa.scalar(len(entries) - 1, pa.int64())
        places = pc.fill_null(pc.cast(coded.indices, pa.int64()), nothing)
        coder.coded(entries, places.to_numpy(zero_copy_only=False))
    return coder.column()


def _dictionary(chunk: pa.Array) -> pa.DictionaryArray:
    if pa.types.is_dictionary(chunk.type):
        return chunk
    readable = pc.cast(chunk, pa.string()) if pa.types.is_temporal(chunk.type) else chunk
    return readable.dictionary_encode()


def plain_columns(
    data: bytes, delimiter: str, width: int, wanted: Sequence[int]
) -> list[Column] | None:
    """Columns by their places, of CSV whose first line is the header; None where it is not plain.

    Plain is what has no quotes, no blank line and rows of one length: there is one way to read it,
    so that nothing hangs on whose reader does. ``width`` is the length of the header.
    """
    lone = data.count(b"\r") != data.count(b"\r\n")
    if b'"' in data or lone or width < 2 or _BLANK.search(data):
        return None
    names = [str(place) for place in range(width)]
    try:
        table = csv.read_csv(
            io.BytesIO(data),
            csv.ReadOptions(use_threads=False, column_names=names, skip_rows=1),
            csv.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
            csv.ConvertOptions(
                check_utf8=False,
                null_values=[],
                strings_can_be_null=False,
                include_columns=[names[place] for place in wanted],
                column_types=dict.fromkeys(names, _TEXT),
            ),
        )
    except pa.ArrowException:
        return None
    if not 0 < table.num_rows <= MOST_ROWS:
        return None
    return [column_of(table.column(names[place])) for place in wanted]


MOST_BYTES = 4 << 30
"""Of all columns when unpacked, as the footer says, and of one of lists as it is read."""
BATCH = 1024
"""Rows of lists at a time: each may hold much that stands in the file once."""


def read_parquet(data: bytes, file: str, keep: Keep) -> Table:
    """The columns that are wanted; raises InputError where the file cannot be read."""
    try:
        return _read(data, file, keep)
    except (pa.ArrowException, OSError) as error:
        found = f"it cannot be read as Parquet: {str(error).partition(chr(10))[0]}"
        raise unreadable(file, found, "write it again") from error


def _read(data: bytes, file: str, keep: Keep) -> Table:
    with pq.ParquetFile(io.BytesIO(data), pre_buffer=False) as opened:
        schema, footer = opened.schema_arrow, opened.metadata
        _check(footer, file)
        kept = set(keep(schema.names))
        names = [name for name in schema.names if name in kept]
    nested = [name for name in names if pa.types.is_nested(schema.field(name).type)]
    flat = [name for name in names if name not in nested]
    # Texts stay a dictionary with places in it, as they are in the file: one may stand there once
    # and be meant by millions of cells.
    texts = [name for name in flat if _is_text(schema.field(name).type)]
    options: dict[str, Any] = {"read_dictionary": texts, "pre_buffer": False}
    with pq.ParquetFile(io.BytesIO(data), **options) as opened:
        table = opened.read(columns=flat, use_threads=False)
        table.validate(full=True)
        columns = {name: column_of(table.column(name)) for name in flat}
        columns |= {name: _nested(opened, name, file) for name in nested}
    return Table(
        file=file,
        columns={name: columns[name] for name in names},
        at=np.arange(1, footer.num_rows + 1),
        unit="row",
    )


def _check(footer: pq.FileMetaData, file: str) -> None:
    """Raise InputError where the file holds more than could be read, or nothing."""
    groups = [footer.row_group(place) for place in range(footer.num_row_groups)]
    if footer.num_rows > MOST_ROWS:
        found = f"it has {footer.num_rows} rows, more than {MOST_ROWS}"
        raise unreadable(file, found, "take a part")
    if sum(group.total_byte_size for group in groups) > MOST_BYTES:
        raise unreadable(file, f"it unpacks to more than {MOST_BYTES} bytes", "take a part")
    if not footer.num_rows:
        raise unreadable(file, "it has no row", "give it a row for each rating")


def _nested(opened: pq.ParquetFile, name: str, file: str) -> Column:
    """A column of lists or the like, some rows at a time, up to a bound when unpacked."""
    coder, size = Coder(), 0
    if _members(opened.metadata, name) > MOST_ROWS:
        found = f"the column {name!r} has lists with more than {MOST_ROWS} members"
        raise unreadable(file, found, "take a part")
    for batch in opened.iter_batches(batch_size=BATCH, columns=[name], use_threads=False):
        size += _unpacked(batch.column(0))
        if size > MOST_BYTES:
            found = f"the column {name!r} unpacks to more than {MOST_BYTES} bytes"
            raise unreadable(file, found, "take a part")
        batch.validate(full=True)
        coder.values(batch.column(0).to_pylist())
    return coder.column()


def _unpacked(array: pa.Array) -> int:
    """The bytes of what an array holds, each text as often as cells mean it."""
    kind = array.type
    if pa.types.is_dictionary(kind) and _is_text(kind.value_type):
        lengths = pc.take(pc.binary_length(array.dictionary), array.indices)
        size: int = array.nbytes + (pc.sum(lengths).as_py() or 0)
    elif pa.types.is_map(kind):
        size = _unpacked(array.keys) + _unpacked(array.items)
    elif pa.types.is_struct(kind):
        size = sum(map(_unpacked, array.flatten()))
    elif pa.types.is_nested(kind):
        size = _unpacked(array.flatten())
    else:
        size = array.nbytes
    return size


def _members(footer: pq.FileMetaData, name: str) -> int:
    """How many values a column of lists holds, at the leaf that has most of them."""
    values: Counter[str] = Counter()
    for group in map(footer.row_group, range(footer.num_row_groups)):
        for column in map(group.column, range(group.num_columns)):
            if column.path_in_schema.startswith(f"{name}."):
                values[column.path_in_schema] += column.num_values
    return max(values.values(), default=0)


def _is_text(type_: pa.DataType) -> bool:
    kinds = (pa.types.is_string, pa.types.is_large_string)
    return any(is_it(type_) for is_it in (*kinds, pa.types.is_binary, pa.types.is_large_binary))
