"""Every place in the files of a release where a text could stand, for `describe.scan`."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from sikap.describe.scan import Place, is_address
from sikap.release.parquet import from_parquet


def places(files: Mapping[str, bytes]) -> Iterator[Place]:
    """Yield every column of every table, decoded, and every other file as text.

    Values of a column follow each other once with a space between them and once without: so the
    tokens of a list and the pieces of a text that was cut into rows stand together again. Web
    addresses are left out of the latter, where nothing would tell one from the next.
    """
    for name, data in files.items():
        if not name.endswith(".parquet"):
            yield Place(file=name, where="", text=data.decode("utf-8", "replace"))
            continue
        table = from_parquet(data)
        for key, value in (table.schema.metadata or {}).items():
            where = f"metadata {key.decode('utf-8', 'replace')}"
            yield Place(file=name, where=where, text=value.decode("utf-8", "replace"))
        for column in table.column_names:
            for path, values in _strings(table[column].combine_chunks(), column):
                joined = "".join(value for value in values if not is_address(value))
                for text in (" ".join(values), joined):
                    yield Place(file=name, where=f"column {path}", text=text)


def _strings(array: Any, path: str) -> Iterator[tuple[str, list[str]]]:  # noqa: ANN401
    """Yield the strings of a column at every depth, each with the path of its field."""
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        yield path, [value for value in array.to_pylist() if value is not None]
    elif pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        yield path, [value.decode("utf-8", "replace") for value in array.drop_null().to_pylist()]
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        yield from _strings(array.flatten(), path)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _strings(array.field(field.name), f"{path}.{field.name}")
