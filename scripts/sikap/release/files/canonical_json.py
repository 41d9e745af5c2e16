"""The canonical form of rows, and the content hash over it, which no version of Parquet touches.

The form is RFC 8785 (JSON Canonicalization Scheme), a row a line. polars writes it from columns,
many times as fast as `rfc8785` writes rows: its JSON has no white space and escapes the same
characters in the same way. What it lacks is done here: keys in the order of their UTF-16 code
units, and floats as ECMAScript writes them. Tests hold it to `rfc8785` on everything that our
tables can hold.
"""

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import polars as pl
import pyarrow as pa
import rfc8785

BATCH = 50_000


def lines(table: pa.Table) -> Iterator[pl.Series]:
    """Yield the rows of a table in canonical form, without line ends, in batches.

    Raises ValueError for a float that is no number or not at the top level: no config has one.
    """
    for start in range(0, table.num_rows, BATCH):
        frame = pl.DataFrame(pl.from_arrow(table.slice(start, BATCH)))
        names = _in_order(frame.columns)
        frame = pl.DataFrame([frame[name] for name in names])
        frame.columns = [f"c{place}" for place in range(len(names))]  # "*" would mean all of them
        # Casts of frames, unlike those of series, match the fields of structs by name.
        frame = frame.cast({name: _sorted(dtype) for name, dtype in frame.schema.items()})
        frame.columns = names
        parts: list[pl.Series] = []
        for is_float, group in groupby(frame, lambda column: column.dtype.is_float()):
            columns = list(group)
            parts += map(_floats, columns) if is_float else [_others(columns)]
        joined = pl.concat_str([pl.lit("{"), pl.concat_str(parts, separator=","), pl.lit("}")])
        yield pl.select(joined).to_series()


def measure(tables: Iterable[pa.Table]) -> tuple[str, list[list[int]]]:
    """The content hash of tables, and the bytes of each row of each in canonical form.

    The hash is SHA-256 over the lines in their order, each with its line end; sizes count that too.
    """
    digest, sizes = hashlib.sha256(), []
    for table in tables:
        of_table: list[int] = []
        for batch in lines(table):
            digest.update("\n".join([*batch, ""]).encode())
            of_table += (batch.str.len_bytes() + 1).to_list()
        sizes.append(of_table)
    return digest.hexdigest(), sizes


def content_hash(tables: Iterable[pa.Table]) -> str:
    """The content hash of tables: of what they hold, whatever wrote them."""
    return measure(tables)[0]


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: name.encode("utf-16-be"))


def _sorted(dtype: Any) -> Any:  # noqa: ANN401 - a type of polars, as an instance or as a class
    """The type with the fields of structs at every depth in the order of their names."""
    if isinstance(dtype, pl.List):
        return pl.List(_sorted(dtype.inner))
    if isinstance(dtype, pl.Struct):
        types = {field.name: _sorted(field.dtype) for field in dtype.fields}
        return pl.Struct({name: types[name] for name in _in_order(types)})
    return dtype


def _others(columns: list[pl.Series]) -> pl.Series:
    """``"key":value`` of columns without floats, joined by commas."""
    for column in columns:
        if "Float" in str(column.dtype):
            raise ValueError(f"column {column.name!r} has floats inside a list or struct")
    encoded = pl.DataFrame(columns).select(pl.struct(pl.all()).struct.json_encode()).to_series()
    return encoded.str.strip_prefix("{").str.strip_suffix("}")


def _floats(column: pl.Series) -> pl.Series:
    """``"key":value`` of a column of floats."""
    key = rfc8785.dumps(column.name).decode()
    name, column = column.name, column.alias("c")  # polars expands names such as "^.*$"
    unique = column.drop_nulls().unique()
    try:
        written = [rfc8785.dumps(value).decode() for value in unique]
    except rfc8785.FloatDomainError as error:
        raise ValueError(f"column {name!r} has a value that is no number") from error
    values = column.replace_strict(unique, pl.Series(written, dtype=pl.String), default=None)
    return pl.select(pl.lit(f"{key}:") + values.fill_null("null")).to_series().rename(name)
