"""Annotators who have another pseudonym in a newer release, found by what they said."""

from collections import Counter

import msgspec
import pyarrow as pa

from sikap.describe.changes import ConfigDiff
from sikap.describe.row_diff import Pairs, Row, Side, Splits, compare, pair

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
    """Old pseudonyms that have a new one, from the items of which any annotation differs."""
    old, new = pairs.old, pairs.new
    columns = old.table.column_names
    if columns != new.table.column_names or not {"item_id", NAME} <= set(columns):
        return {}
    differing = {old.keys[place][0] for place in pairs.removed}
    differing |= {new.keys[place][0] for place in pairs.added}
    differing |= {old.keys[pairs.both[place][0]][0] for place in pairs.edited}
    items = differing & {key[0] for key in old.keys} & {key[0] for key in new.keys}
    before, after = _said(old, items), _said(new, items)
    moved = {name: said for name, said in before.items() if after.get(name) != said}
    free = {name: said for name, said in after.items() if before.get(name) != said}
    fits = {name: [n for n in free if free[n] == said] for name, said in moved.items()}
    taken = Counter(new for candidates in fits.values() for new in candidates)
    found = {name: new[0] for name, new in fits.items() if len(new) == 1 and taken[new[0]] == 1}
    stay = {key[1] for key in old.keys} - found.keys()
    return {} if stay & set(found.values()) else dict(sorted(found.items()))


def _said(side: Side, items: set[str]) -> Said:
    """The rows of some items by annotator and item, without the annotator."""
    said: Said = {}
    places = [p for p, (item, name) in enumerate(side.keys) if item in items and name is not None]
    for row in side.table.take(pa.array(places, pa.int64())).to_pylist():
        said.setdefault(row.pop(NAME), {}).setdefault(row["item_id"], []).append(row)
    return said


def _under(table: pa.Table, names: dict[str, str]) -> pa.Table:
    column = [names.get(name, name) for name in table[NAME].to_pylist()]
    place = table.column_names.index(NAME)
    field = table.schema.field(place)
    return table.set_column(place, field, pa.array(column, field.type))
