"""Columns of published tables as values: their types and their classes."""

from typing import Any

import msgspec
import pyarrow as pa

from sikap.release.diff.changes import Ids


def classes_of(table: pa.Table) -> dict[str, Ids]:
    """The names of the classes of every column, from the metadata; none where it has no classes."""
    try:
        metadata = (table.schema.metadata or {}).get(b"huggingface", b"{}")
        features = msgspec.json.decode(metadata, type=dict[str, Any])["info"]["features"]
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
        features = {}
    features = features if isinstance(features, dict) else {}
    return {name: _classes(features.get(name)) for name in table.column_names}


def type_name(kind: pa.DataType) -> str:
    """A type as text, free of how the inner field of a list is named."""
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"list<{type_name(kind.value_type)}>"
    if pa.types.is_struct(kind):
        fields = (kind.field(place) for place in range(kind.num_fields))
        return f"struct<{', '.join(f'{f.name}: {type_name(f.type)}' for f in fields)}>"
    return str(kind)


def _classes(feature: object) -> Ids:
    if isinstance(feature, list):
        feature = {"": feature[0]} if feature else None
    if not isinstance(feature, dict):
        return ()
    if feature.get("_type") == "ClassLabel":
        return tuple(map(str, feature.get("names") or ()))
    return next(filter(None, map(_classes, feature.values())), ())


def shown(value: object) -> str:
    """A value of a column as text."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
