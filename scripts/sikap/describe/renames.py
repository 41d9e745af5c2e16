"""Annotators who have another pseudonym in a newer release, found by what they said."""

from typing import Any

import msgspec
import pyarrow as pa

from sikap.describe.changes import ConfigDiff
from sikap.describe.row_diff import Pairs, Row, Splits, compare, pair

Said = dict[str, dict[str, list[Row]]]
CONFIG, NAME = "annotations", "annotator"


def compare_annotations(
    old: Splits, new: Splits, pairs: Pairs
) -> tuple[ConfigDiff, dict[str, str]]:
    """What changed in the annotation rows, told by renamed annotators where that explains it.

    A pseudonym counts as renamed where every row of it that differs stands under one other name
    with the same content, and nobody else's rows would fit. Its rows are then edited in their
    annotator alone.
    """
    renamed = find(pairs)
    if not renamed:
        return compare(CONFIG, old, new, pairs), {}
    before = {split: _under(table, renamed) for split, table in old.items()}
    pairs = pair(CONFIG, before, new, ())
    change = compare(CONFIG, before, new, pairs)
    names = set(renamed.values())
    same = (i for place, (i, _) in enumerate(pairs.both) if place not in pairs.edited)
    ids = [pairs.old.id(place) for place in same if pairs.old.keys[place][1] in names]
    edits = dict(sorted((change.edits | {NAME: len(ids)}).items()))
    edited = tuple(sorted((*change.edited, *ids)))
    return msgspec.structs.replace(change, state="changed", edited=edited, edits=edits), renamed


def find(pairs: Pairs) -> dict[str, str]:
    """Old pseudonyms that have a new one, from annotation rows that differ."""
    columns = [side.table.column_names for side in (pairs.old, pairs.new)]
    if columns[0] != columns[1] or not {"item_id", NAME} <= set(columns[0]):
        return {}
    before = _said(pairs.old.table, [*pairs.removed, *(pairs.both[p][0] for p in pairs.edited)])
    after = _said(pairs.new.table, [*pairs.added, *(pairs.both[p][1] for p in pairs.edited)])
    items = {item for said in before.values() for item in said}
    items &= {item for said in after.values() for item in said}
    fits = {
        old: [n for n, rows in after.items() if _equal(said, rows, items)]
        for old, said in before.items()
    }
    wanted = [new for candidates in fits.values() for new in candidates]
    unique = {
        old: new[0] for old, new in fits.items() if len(new) == 1 and wanted.count(new[0]) == 1
    }
    stay = {key[1] for key in pairs.old.keys} - unique.keys()
    return {} if stay & set(unique.values()) else dict(sorted(unique.items()))


def _said(table: pa.Table, places: list[int]) -> Said:
    """Rows by annotator and item, without the annotator."""
    said: Said = {}
    for row in table.take(pa.array(places, pa.int64())).to_pylist():
        said.setdefault(row.pop(NAME), {}).setdefault(row["item_id"], []).append(row)
    return said


def _equal(old: dict[str, Any], new: dict[str, Any], items: set[str]) -> bool:
    shared = [{item: rows for item, rows in said.items() if item in items} for said in (old, new)]
    return bool(shared[0]) and shared[0] == shared[1]


def _under(table: pa.Table, names: dict[str, str]) -> pa.Table:
    column = [names.get(name, name) for name in table[NAME].to_pylist()]
    place = table.column_names.index(NAME)
    field = table.schema.field(place)
    return table.set_column(place, field, pa.array(column, field.type))
