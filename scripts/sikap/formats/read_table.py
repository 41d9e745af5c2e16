"""What kind of file bytes are, by the name of the file and by how they begin."""

from collections.abc import Sequence
from typing import Any

import msgspec

from sikap.errors import InputError, Problem
from sikap.formats.csv_columns import read_delimited
from sikap.formats.detect import Kind, kind_of, parted
from sikap.formats.jsonl import read_lines, read_list
from sikap.formats.parquet import read_parquet
from sikap.formats.table import Keep, Table

_BOM = b"\xef\xbb\xbf"


def format_of(data: bytes, file: str) -> Kind:
    """The format of a file, by its content where its name says nothing; CSV for all of its kin."""
    kind = parted(file).kind
    if kind in {None, "text", "html"} or data.startswith(b"PAR1"):
        kind = kind_of(data[:1024])
    return kind if kind in {"jsonl", "json", "parquet"} else "csv"


def entries_of(data: bytes, file: str) -> list[Any] | None:
    """The entries of a JSON file, one object standing for a list of one.

    None where each line is JSON by itself. Raises InputError where it is not JSON.
    """
    try:
        found = msgspec.json.decode(data.removeprefix(_BOM))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ValueError) as error:
        if b"\n{" in data.rstrip():
            return None
        said, fix = f"it is not JSON: {error}", "write a list of objects, or one object a line"
        raise InputError(Problem(code="not-json", file=file, found=said, fix=fix)) from error
    return found if isinstance(found, list) else [found]


def is_export(entries: Sequence[Any] | None) -> bool:
    """Whether entries are tasks of a Label Studio export, not rows of a table."""
    return any(
        isinstance(one, dict) and isinstance(one.get(key), list)
        for one in (entries or ())[:100]
        for key in ("annotations", "completions", "predictions")
    )


def read_table(
    data: bytes, file: str, keep: Keep, delimiter: str | None, entries: Sequence[Any] | None
) -> Table:
    """The columns that are wanted of a table of any format; ``entries`` are those of a JSON file.

    Raises InputError with everything that keeps it from being read.
    """
    format_ = format_of(data, file)
    if format_ == "parquet":
        return read_parquet(data, file, keep)
    if entries is not None:
        return read_list(entries, file, keep)
    if format_ in {"jsonl", "json"}:
        return read_lines(data, file, keep)
    return read_delimited(data, file, keep, delimiter)
