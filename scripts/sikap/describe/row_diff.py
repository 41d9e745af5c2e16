"""Rows of one config in two releases: matched by their ids, compared where they differ.

Tables are compared column by column and block by block as Arrow arrays; only rows in blocks that
differ are decoded. So two releases of a million rows cost little where little changed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from sikap.describe.changes import ConfigDiff, Ids

Row = dict[str, Any]
Splits = Mapping[str, pa.Table]
BLOCK = 16
BATCH = 4096


class Side(msgspec.Struct, frozen=True):
    """All rows of a config in one release: one table, and the split and the key of every row."""

    table: pa.Table
    splits: list[str]
    keys: list[tuple[Any, ...]]

    def id(self, place: int) -> str:
        """The row's key as text; parts that are null are left out."""
        return " ".join(_shown(part) for part in self.keys[place] if part is not None)


class Pairs(msgspec.Struct, frozen=True):
    """Rows of two releases that have the same key, and the places of those that have not.

    ``both`` holds places (old, new); ``edited`` maps the pairs that differ, as places in ``both``,
    to the columns in which they do.
    """

    old: Side
    new: Side
    both: list[tuple[int, int]]
    edited: dict[int, Ids]
    removed: list[int]
    added: list[int]

    def decoded(
        self, columns: Sequence[str], pairs: Sequence[int]
    ) -> Iterator[tuple[int, Row, Row]]:
        """Yield pairs, given as places in ``both``, with both rows; a batch at a time."""
        for start in range(0, len(pairs), BATCH):
            batch = pairs[start : start + BATCH]
            taken = [[self.both[pair][which] for pair in batch] for which in (0, 1)]
            old = self.old.table.select(columns).take(taken[0]).to_pylist()
            new = self.new.table.select(columns).take(taken[1]).to_pylist()
            yield from zip(batch, old, new, strict=True)


def pair(config: str, old: Splits, new: Splits, span_key: Sequence[str]) -> Pairs:
    """Match the rows of a config in two releases; tables of one side have the same columns."""
    tables = [pa.concat_tables(side.values()).combine_chunks() for side in (old, new)]
    common = [name for name in tables[0].column_names if name in tables[1].column_names]
    key = key_columns(config, common, span_key)
    one, other = (
        Side(table, [s for s, t in side.items() for _ in range(t.num_rows)], _keys(table, key))
        for table, side in zip(tables, (old, new), strict=True)
    )
    both, removed, added = _match(one, other)
    edited = dict(_edited(one, other, both, common))
    return Pairs(one, other, both, edited, removed, added)


def same_tables(old: Splits, new: Splits) -> bool:
    """Whether a config has the same rows, columns and classes, however they are packed."""
    if old.keys() != new.keys():
        return False
    one, other = (columns_of(next(iter(side.values()))) for side in (old, new))
    return one == other and all(table.equals(new[split]) for split, table in old.items())


def compare(config: str, old: Splits, new: Splits, pairs: Pairs) -> ConfigDiff:
    """What changed in a config whose rows are matched; where nothing did, the order is another."""
    one, other = pairs.old, pairs.new
    edits = Counter(column for columns in pairs.edited.values() for column in columns)
    moves = [(i, j) for i, j in pairs.both if one.splits[i] != other.splits[j]]
    columns = [columns_of(next(iter(side.values()))) for side in (old, new)]
    types = [{name: kind for name, (kind, _) in of.items()} for of in columns]
    classes = [{name: names for name, (_, names) in of.items()} for of in columns]
    common = [name for name in types[0] if name in types[1]]
    changes = ConfigDiff(
        config=config,
        state="changed",
        before=_counts(old),
        after=_counts(new),
        added=_by((other.splits[place], other.id(place)) for place in pairs.added),
        removed=_by((one.splits[place], one.id(place)) for place in pairs.removed),
        edited=tuple(sorted(one.id(pairs.both[place][0]) for place in pairs.edited)),
        edits=dict(sorted(edits.items())),
        moved=_by((f"{one.splits[i]} → {other.splits[j]}", one.id(i)) for i, j in moves),
        columns_added=tuple(sorted(types[1].keys() - types[0].keys())),
        columns_removed=tuple(sorted(types[0].keys() - types[1].keys())),
        retyped={n: (types[0][n], types[1][n]) for n in common if types[0][n] != types[1][n]},
        classes={
            n: (classes[0][n], classes[1][n]) for n in common if classes[0][n] != classes[1][n]
        },
    )
    blank = ConfigDiff(config=config, state="changed", before=changes.before, after=changes.after)
    return changes if changes != blank else msgspec.structs.replace(blank, state="reordered")


def key_columns(config: str, columns: Sequence[str], span_key: Sequence[str]) -> tuple[str, ...]:
    """The columns that tell the rows of a config apart; all of them where none is known."""
    keys: dict[str, tuple[str, ...]] = {
        "articles": ("article_id",),
        "annotations": ("item_id", "annotator"),
    }
    mention = ("sentence_id", "target_start", "target_end", "target_label")
    extra = ("label" if name == config else name for name in span_key)
    if config not in keys and "target_start" in columns:
        keys[config] = (*mention, *(name for name in extra if name in columns))
    chosen = keys.get(config, ("sentence_id",))
    return chosen if set(chosen) <= set(columns) else tuple(columns)


def columns_of(table: pa.Table) -> dict[str, tuple[str, Ids]]:
    """The columns of a table with their types and, in the metadata, the names of their classes."""
    try:
        metadata = (table.schema.metadata or {}).get(b"huggingface", b"{}")
        features = msgspec.json.decode(metadata, type=dict[str, Any])["info"]["features"]
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
        features = {}
    features = features if isinstance(features, dict) else {}
    return {f.name: (type_name(f.type), _classes(features.get(f.name))) for f in table.schema}


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


def _keys(table: pa.Table, key: Sequence[str]) -> list[tuple[Any, ...]]:
    columns = ([_hashable(value) for value in table[name].to_pylist()] for name in key)
    return list(zip(*columns, strict=True))


def _hashable(value: object) -> object:
    return _shown(value) if isinstance(value, list | dict) else value


def _shown(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _match(old: Side, new: Side) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Pair rows of one key in the same split first, then across splits."""
    before, after = _ordered(old), _ordered(new)
    if before == after and old.keys == new.keys and old.splits == new.splits:
        return list(zip(before, after, strict=True)), [], []
    waiting: dict[tuple[Any, str], list[int]] = {}
    for place in after:
        waiting.setdefault((new.keys[place], new.splits[place]), []).append(place)
    both, rest = [], []
    for place in before:
        found = waiting.get((old.keys[place], old.splits[place]))
        if found:
            both.append((place, found.pop(0)))
        else:
            rest.append(place)
    elsewhere: dict[Any, list[int]] = {}
    for (key, _), places in waiting.items():
        elsewhere.setdefault(key, []).extend(places)
    removed = []
    for place in rest:
        found = elsewhere.get(old.keys[place])
        if found:
            both.append((place, found.pop(0)))
        else:
            removed.append(place)
    return sorted(both), removed, [place for places in elsewhere.values() for place in places]


def _ordered(side: Side) -> Sequence[int]:
    """All places; rows that share key and split, which no sound release has, by their content."""
    places = range(len(side.keys))
    times = Counter(zip(side.keys, side.splits, strict=True))
    if len(times) == len(side.keys):
        return places
    twice = [p for p in places if times[side.keys[p], side.splits[p]] > 1]
    rows = side.table.take(twice).to_pylist()
    content = {place: repr(row) for place, row in zip(twice, rows, strict=True)}
    return sorted(places, key=lambda place: content.get(place, ""))


def _edited(
    old: Side, new: Side, both: Sequence[tuple[int, int]], common: Sequence[str]
) -> Iterator[tuple[int, Ids]]:
    """Yield the pairs that differ, as places in ``both``, with the columns in which they do."""
    tables = [
        _taken(side.table, [pair[which] for pair in both]) for which, side in ((0, old), (1, new))
    ]
    doubtful: set[int] = set()
    columns = []
    for name in common:
        places = _unequal(tables[0][name], tables[1][name])
        if places:
            columns.append(name)
            doubtful.update(places)
    pairs = sorted(doubtful)
    for start in range(0, len(pairs), BATCH):
        batch = pairs[start : start + BATCH]
        rows = [table.select(columns).take(batch).to_pylist() for table in tables]
        for place, one, other in zip(batch, *rows, strict=True):
            differing = tuple(name for name in columns if not _same(one[name], other[name]))
            if differing:
                yield place, differing


def _taken(table: pa.Table, places: list[int]) -> pa.Table:
    if places == list(range(table.num_rows)):
        return table
    return table.take(pa.array(places, pa.int64())).combine_chunks()


def _unequal(old: pa.ChunkedArray, new: pa.ChunkedArray) -> list[int]:
    """Places in blocks that differ; all places where the types differ."""
    if not old.type.equals(new.type):
        return list(range(len(old)))
    found: list[int] = []
    blocks = [(0, len(old))]
    while blocks:
        start, length = blocks.pop()
        if not length or old.slice(start, length).equals(new.slice(start, length)):
            continue
        if length <= BLOCK:
            found += range(start, start + length)
        else:
            half = length // 2
            blocks += [(start, half), (start + half, length - half)]
    return found


def _same(one: object, other: object) -> bool:
    return one == other or (one != one and other != other)  # noqa: PLR0124 - not a number


def _counts(side: Splits) -> dict[str, int]:
    return {split: table.num_rows for split, table in sorted(side.items())}


def _by(pairs: Iterator[tuple[str, str]]) -> dict[str, Ids]:
    groups: dict[str, list[str]] = {}
    for name, id_ in pairs:
        groups.setdefault(name, []).append(id_)
    return {name: tuple(sorted(ids)) for name, ids in sorted(groups.items())}
