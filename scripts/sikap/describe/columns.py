"""Columns of published tables as values: which tell rows apart, their types, their classes."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pyarrow as pa

from sikap.describe.changes import Ids

SENTENCE_KEY = ("sentence_id",)
KEYS = {"annotations": ("item_id", "annotator"), "articles": ("article_id",)}
"""Columns that tell rows apart in the configs where the id of a sentence does not."""


def key_columns(config: str, columns: Sequence[str], span_key: Sequence[str]) -> tuple[str, ...]:
    """The columns that tell the rows of a config apart; all of them where none is known."""
    chosen: tuple[str, ...] = KEYS.get(config, SENTENCE_KEY)
    if config not in KEYS and "target_start" in columns:
        extra = ("label" if name == config else name for name in span_key)
        mention = ("target_start", "target_end", "target_label")
        chosen = (*SENTENCE_KEY, *mention, *(name for name in extra if name in columns))
    return chosen if set(chosen) <= set(columns) else tuple(columns)


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
