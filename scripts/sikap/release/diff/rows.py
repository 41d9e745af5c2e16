"""Rows of one config in two releases: matched by their ids, compared where they differ.

Tables are compared column by column and block by block as Arrow arrays; only rows in blocks that
differ are decoded. So two releases of a million rows cost little where little changed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
import pyarrow as pa

from sikap.release.data.features import key_columns
from sikap.release.diff.changes import ConfigDiff, Ids


def classes_of(table: pa.Table) -> dict[str, Ids]:
    """The names of the classes of every column, from the metadata; none where it has no classes."""
    try:
        metadata = (table.schema.metadata or {}).get(b"huggingface", b"{}")
        features = msgspec.json.decode(metadata, type=dict[str, Any])["info"]["features"]
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
        features = {}
    features = features if isinstance(features, dict) else {}
    return {name: _feature_classes(features.get(name)) for name in table.column_names}


def type_name(kind: pa.DataType) -> str:
    """A type as text, free of how the inner field of a list is named."""
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return f"list<{type_name(kind.value_type)}>"
    if pa.types.is_struct(kind):
        fields = (kind.field(place) for place in range(kind.num_fields))
        return f"struct<{', '.join(f'{f.name}: {type_name(f.type)}' for f in fields)}>"
    return str(kind)


def _feature_classes(feature: object) -> Ids:
    if isinstance(feature, list):
        feature = {"": feature[0]} if feature else None
    if not isinstance(feature, dict):
        return ()
    if feature.get("_type") == "ClassLabel":
        return tuple(map(str, feature.get("names") or ()))
    return next(filter(None, map(_feature_classes, feature.values())), ())


def shown(value: object) -> str:
    """A value of a column as text."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


Row = dict[str, Any]
Splits = Mapping[str, pa.Table]
BLOCK = 16
DERIVED = {"views"}
"""What a row says that follows from other rows: an article more in train can change it."""
BATCH = 4096


class Side(msgspec.Struct, frozen=True):
    """All rows of a config in one release: one table, and the split and the key of every row."""

    table: pa.Table
    splits: list[str]
    keys: list[tuple[Any, ...]]

    def id(self, place: int) -> str:
        """The row's key as text; parts that are null are left out."""
        return " ".join(shown(part) for part in self.keys[place] if part is not None)


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
    return all(
        classes_of(table) == classes_of(new[split]) and table.equals(new[split])
        for split, table in old.items()
    )


def compare(config: str, old: Splits, new: Splits, pairs: Pairs) -> ConfigDiff:
    """What changed in a config whose rows are matched; where nothing did, the order is another."""
    one, other = pairs.old, pairs.new
    edited = {place: names for place, names in pairs.edited.items() if set(names) != DERIVED}
    edits = Counter(column for columns in edited.values() for column in columns)
    moves = [(i, j) for i, j in pairs.both if one.splits[i] != other.splits[j]]
    types = [_types(side.table) for side in (one, other)]
    common = [name for name in types[0] if name in types[1]]
    changes = ConfigDiff(
        config=config,
        state="changed",
        before=_counts(old),
        after=_counts(new),
        added=_by((other.splits[place], other.id(place)) for place in pairs.added),
        removed=_by((one.splits[place], one.id(place)) for place in pairs.removed),
        edited=tuple(sorted(one.id(pairs.both[place][0]) for place in edited)),
        reviewed=tuple(
            sorted(one.id(pairs.both[place][0]) for place in pairs.edited.keys() - edited.keys())
        ),
        edits=dict(sorted(edits.items())),
        moved=_by((f"{one.splits[i]} → {other.splits[j]}", one.id(i)) for i, j in moves),
        columns_added=tuple(sorted(types[1].keys() - types[0].keys())),
        columns_removed=tuple(sorted(types[0].keys() - types[1].keys())),
        retyped={n: (types[0][n], types[1][n]) for n in common if types[0][n] != types[1][n]},
        classes=_classes(old, new, common),
    )
    blank = ConfigDiff(config=config, state="changed", before=changes.before, after=changes.after)
    return changes if changes != blank else msgspec.structs.replace(blank, state="reordered")


def _types(table: pa.Table) -> dict[str, str]:
    return {field.name: type_name(field.type) for field in table.schema}


def _classes(old: Splits, new: Splits, common: Sequence[str]) -> dict[str, tuple[Ids, Ids]]:
    """Columns with other names of classes, in any split; every split carries its own metadata."""
    shared = [(old[split], new[split]) for split in old if split in new]
    found: dict[str, tuple[Ids, Ids]] = {}
    for tables in shared or [(next(iter(old.values())), next(iter(new.values())))]:
        before, after = map(classes_of, tables)
        for name in common:
            if before[name] != after[name]:
                found.setdefault(name, (before[name], after[name]))
    return found


def _keys(table: pa.Table, key: Sequence[str]) -> list[tuple[Any, ...]]:
    columns = (table[name].to_pylist() for name in key)
    nested = [pa.types.is_nested(table.schema.field(name).type) for name in key]
    hashable = (
        map(shown, column) if deep else column for column, deep in zip(columns, nested, strict=True)
    )
    return list(zip(*hashable, strict=True))


def _match(old: Side, new: Side) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """Pair rows of one key in the same split first, then across splits."""
    waiting = {name: place for place, name in enumerate(_names(new))}
    both, rest = [], []
    for place, name in enumerate(_names(old)):
        other = waiting.pop(name, None)
        if other is None:
            rest.append(place)
        else:
            both.append((place, other))
    elsewhere: dict[Any, list[int]] = {}
    for place in waiting.values():
        elsewhere.setdefault(new.keys[place], []).append(place)
    removed = []
    for place in rest:
        found = elsewhere.get(old.keys[place])
        if found:
            both.append((place, found.pop(0)))
        else:
            removed.append(place)
    return sorted(both), removed, [place for places in elsewhere.values() for place in places]


def _names(side: Side) -> list[tuple[Any, ...]]:
    """Key and split of every row; rows that share both, which no sound release has, are numbered.

    They are numbered by their content, so that the order of rows decides nothing.
    """
    names: list[tuple[Any, ...]] = list(zip(side.keys, side.splits, strict=True))
    if len(set(names)) == len(names):
        return names
    times = Counter(names)
    twice = [place for place, name in enumerate(names) if times[name] > 1]
    rows = side.table.take(pa.array(twice, pa.int64())).to_pylist()
    seen: Counter[tuple[Any, ...]] = Counter()
    for _, place in sorted(zip(map(repr, rows), twice, strict=True)):
        name = names[place]
        names[place] = (*name, seen[name])
        seen[name] += 1
    # One row against several of its kind is the first of them.
    return [name[:2] if name[2:] == (0,) else name for name in names]


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
