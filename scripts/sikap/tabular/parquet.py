"""Parquet to columns: types are those of the file, and none is guessed."""

import io
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sikap.tabular.arrow import column_of
from sikap.tabular.table import MOST_ROWS, Keep, Table, unreadable

MOST_BYTES = 4 << 30
"""Of all columns when unpacked, as the footer says."""


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
        if footer.num_rows > MOST_ROWS:
            found = f"it has {footer.num_rows} rows, more than {MOST_ROWS}"
            raise unreadable(file, found, "take a part")
        groups = map(footer.row_group, range(footer.num_row_groups))
        if sum(group.total_byte_size for group in groups) > MOST_BYTES:
            raise unreadable(file, f"it unpacks to more than {MOST_BYTES} bytes", "take a part")
        if not footer.num_rows:
            raise unreadable(file, "it has no row", "give it a row for each rating")
        kept = set(keep(schema.names))
        names = [name for name in schema.names if name in kept]
    texts = [name for name in names if _is_text(schema.field(name).type)]
    # Texts stay a dictionary with places in it, as they are in the file.
    options: dict[str, Any] = {"read_dictionary": texts, "pre_buffer": False}
    with pq.ParquetFile(io.BytesIO(data), **options) as opened:
        table = opened.read(columns=names, use_threads=False)
    table.validate(full=True)
    return Table(
        file=file,
        columns={name: column_of(table.column(name)) for name in names},
        at=np.arange(1, table.num_rows + 1),
        unit="row",
    )


def _is_text(type_: pa.DataType) -> bool:
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))
