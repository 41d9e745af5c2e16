"""Cut Parquet files into pieces of some rows: streams of Arrow, with the columns that are read."""

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sikap.articles.chunks import MOST_BYTES, Piece
from sikap.articles.readers.rows import chosen, lacking
from sikap.errors import Problem
from sikap.sources.decompress import BLOCK, UnreadableError, broken

BATCH = 256
"""Rows at a time: each may hold much that stands in the file once."""


def cut_groups(file: BinaryIO, piece: Piece, columns: dict[str, str]) -> Iterator[Piece | Problem]:
    """Yield pieces of whole rows; ``file`` can be read at any place."""
    line = 1
    try:
        with pq.ParquetFile(file, pre_buffer=False) as opened:
            schema = opened.schema_arrow
        if problem := lacking(schema.names, columns, piece.file):
            yield problem
            return
        file.seek(0)
        for batch in _batches(file, schema, columns):
            yield from _cut(batch, piece, line)
            line += batch.num_rows
    except (pa.ArrowException, OSError, ValueError, OverflowError, UnreadableError) as error:
        what = UnreadableError(f"it cannot be read as Parquet: {str(error).partition(chr(10))[0]}")
        yield broken(piece.file, what, line)


def _batches(file: BinaryIO, schema: Any, columns: dict[str, str]) -> Iterator[Any]:  # noqa: ANN401
    taken = {*chosen(schema.names, columns).values()}
    names = [name for name in schema.names if name in taken]
    # Texts stay a dictionary with places in it, as they are in the file: one may stand there once
    # and be meant by millions of rows.
    texts = [name for name in names if _is_text(schema.field(name).type)]
    options: dict[str, Any] = {"read_dictionary": texts, "pre_buffer": False, "buffer_size": BLOCK}
    with pq.ParquetFile(file, **options) as opened:
        yield from opened.iter_batches(batch_size=BATCH, columns=names, use_threads=False)


def _cut(batch: Any, piece: Piece, line: int) -> Iterator[Piece | Problem]:  # noqa: ANN401
    sizes = [sum(row) for row in zip(*map(_lengths, batch.columns), strict=True)]
    begin, size = 0, 0
    for place, length in enumerate(sizes):
        if length > MOST_BYTES:
            yield from _some(batch, begin, place, piece, line)
            found = f"the row has more than {MOST_BYTES} bytes"
            at = line + place
            fix = "shorten it"
            yield Problem(code="too-large", file=piece.file, line=at, found=found, fix=fix)
            begin, size = place + 1, 0
        elif size + length > BLOCK and place > begin:
            yield from _some(batch, begin, place, piece, line)
            begin, size = place, length
        else:
            size += length
    yield from _some(batch, begin, batch.num_rows, piece, line)


def _some(batch: Any, begin: int, end: int, piece: Piece, line: int) -> Iterator[Piece]:  # noqa: ANN401
    if begin == end:
        return
    rows = batch.slice(begin, end - begin)
    columns = [_plain(column) for column in rows.columns]
    fields = zip(rows.schema.names, columns, strict=True)
    schema = pa.schema([pa.field(name, column.type) for name, column in fields])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, schema) as writer:
        writer.write_batch(pa.record_batch(columns, schema=schema))
    data = sink.getvalue().to_pybytes()
    yield msgspec.structs.replace(piece, data=data, line=line + begin)


def _plain(column: Any) -> Any:  # noqa: ANN401 -- of pyarrow
    """A column without a dictionary; texts as bytes, for it is the reader that decodes them."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_large_string(column.type) or pa.types.is_string(column.type):
        return column.cast(pa.large_binary())
    return column


def _lengths(column: Any) -> list[int]:  # noqa: ANN401 -- of pyarrow
    """The bytes of each cell."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        lengths = pc.take(pc.binary_length(column.dictionary), column.indices)
        return [length or 0 for length in lengths.to_pylist()]
    if pa.types.is_nested(kind) or _is_text(kind):
        return [column.slice(place, 1).nbytes for place in range(len(column))]
    return [8] * len(column)


def _is_text(type_: Any) -> bool:  # noqa: ANN401 -- of pyarrow
    kinds = (pa.types.is_string, pa.types.is_large_string)
    return any(is_it(type_) for is_it in (*kinds, pa.types.is_binary, pa.types.is_large_binary))
