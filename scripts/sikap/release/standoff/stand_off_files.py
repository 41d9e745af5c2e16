"""The files of a stand-off release: built from the full one, and searched before they are given.

`text_leaks` searches every place in them where a text could stand.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from sikap.errors import ChecksError
from sikap.release.data.content import Content, Full
from sikap.release.data.tables import tables
from sikap.release.files.build import SUMS, assemble, build, lay_out
from sikap.release.files.parquet import from_parquet
from sikap.release.standoff.strip_texts import stand_off
from sikap.release.standoff.text_leaks import Place, is_address, text_found
from sikap.storage.files import sha256


def places(files: Mapping[str, bytes]) -> Iterator[Place]:
    """Yield every column of every table, decoded, and every other file as text.

    Values of a column follow each other once with a space between them and once without: so the
    tokens of a list and the pieces of a text that was cut into rows stand together again. Addresses
    are glued to nothing: where one ends could not be seen then.
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
                glued = "".join(" " if is_address(value) else value for value in values)
                for text in (" ".join(values), glued):
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


def build_stand_off(content: Content, *, drop_urls: bool = False) -> dict[str, bytes]:
    """All files of the stand-off release of a content with texts.

    The full release is built as well, since the other names its digests. Raises ChecksError where
    a file holds a piece of an article: guidelines or answers that quote one, for example.
    """
    made = tables(content)
    layout = lay_out(made, content.shard_bytes)
    full = Full(
        content_hashes=layout.content_hashes,
        sums=sha256(assemble(content, made, layout)[SUMS]),
    )
    files = build(stand_off(content, full, drop_urls=drop_urls))
    found = list(text_found(places(files), content.articles))
    if found:
        raise ChecksError(found)
    return files
