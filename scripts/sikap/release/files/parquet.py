"""Tables as Parquet bytes that are the same on every run, and back.

`Dataset.to_parquet` is not byte-reproducible: its bytes follow the chunks in memory. One table, one
chunk, one call with every option fixed is, for one version of pyarrow (measured; so it is pinned
and recorded in release.json).
"""

import io
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.parquet as pq
from datasets import Features

UNREADABLE = (
    *(pa.ArrowException, OSError, OverflowError, RecursionError),
    *(ValueError, TypeError, LookupError, AttributeError),
)
"""What reading raises: pyarrow, and `datasets`, whose types unpack metadata without checking."""

ROWS, ROWS_A_BYTE = 1_000_000, 4
SIZE, RATIO = 1 << 30, 500
"""More rows, or bytes when unpacked, than any table of ours has: each row has an id or offsets."""

CHUNKING = {"min_chunk_size": 262144, "max_chunk_size": 1048576, "norm_level": 0}


def to_parquet(table: pa.Table) -> bytes:
    """The bytes of one Parquet file; the schema of the table carries the features."""
    sink = io.BytesIO()
    pq.write_table(
        table.combine_chunks(),
        sink,
        compression="zstd",
        compression_level=3,
        version="2.6",
        write_page_index=True,
        use_content_defined_chunking=CHUNKING,
        store_schema=True,
    )
    return sink.getvalue()


def from_parquet(data: bytes) -> pa.Table:
    """The table in Parquet bytes; raises ValueError where they cannot be read.

    So it does for a small file that says it holds very much: it is refused before it is unpacked.
    """
    try:
        _refuse_bomb(data)
        # Without threads: those of pyarrow may still hold the bytes when the interpreter ends, and
        # letting go of them then aborts the process (exit code 134 instead of ours).
        with pq.ParquetFile(io.BytesIO(data), pre_buffer=False) as file:
            table = file.read(use_threads=False)
        table.validate(full=True)
    except UNREADABLE as error:
        raise ValueError(str(error)) from error
    return table


def _refuse_bomb(data: bytes) -> None:
    metadata = pq.read_metadata(io.BytesIO(data))
    groups = map(metadata.row_group, range(metadata.num_row_groups))
    size = sum(group.total_byte_size for group in groups)
    if metadata.num_rows > ROWS + ROWS_A_BYTE * len(data):
        raise ValueError(f"{metadata.num_rows} rows in {len(data)} bytes cannot be")
    if size > SIZE + RATIO * len(data):
        raise ValueError(f"{len(data)} bytes that unpack to {size} cannot be")


def features_of(table: pa.Table) -> Features | None:
    """The features in the metadata of a table, if it carries any that can be read."""
    if b"huggingface" not in (table.schema.metadata or {}):
        return None
    try:
        return Features.from_arrow_schema(table.schema)
    except UNREADABLE:
        return None


def has_other_metadata(table: pa.Table, features: Features) -> bool:
    """Whether a table, or a column at any depth, carries metadata that features do not give."""
    schema = table.schema
    # check_metadata of `equals` would also compare how the inner field of a list is named.
    if schema.metadata != features.arrow_schema.metadata:
        return True
    return any(field.metadata for column in schema for field in _fields(column))


def _fields(field: pa.Field) -> Iterator[pa.Field]:
    yield field
    for place in range(field.type.num_fields):
        yield from _fields(field.type.field(place))
