from typing import Any

import pyarrow as pa

from sikap.describe.changes import ConfigDiff
from sikap.describe.renames import compare_annotations
from sikap.describe.row_diff import pair

SCHEMA = pa.schema([("item_id", pa.string()), ("annotator", pa.string()), ("said", pa.string())])
Said = dict[tuple[str, str], str]
OLD = {("i1", "a1"): "x", ("i1", "a2"): "y", ("i2", "a1"): "x", ("i2", "a2"): "x"}


def table(said: Said) -> dict[str, pa.Table]:
    rows: list[dict[str, Any]] = [
        {"item_id": item, "annotator": name, "said": what} for (item, name), what in said.items()
    ]
    return {"train": pa.Table.from_pylist(rows, schema=SCHEMA)}


def compared(old: Said, new: Said) -> tuple[ConfigDiff, dict[str, str]]:
    before, after = table(old), table(new)
    return compare_annotations(before, after, pair("annotations", before, after, ()))


def under(names: dict[str, str], said: Said = OLD) -> Said:
    return {(item, names.get(name, name)): what for (item, name), what in said.items()}


def test_a_new_pseudonym_with_the_same_rows_is_a_rename() -> None:
    change, renamed = compared(OLD, under({"a2": "a9"}))
    assert renamed == {"a2": "a9"}
    assert (change.added, change.removed, change.edits) == ({}, {}, {"annotator": 2})


def test_two_who_change_names_are_found() -> None:
    change, renamed = compared(OLD, under({"a1": "a2", "a2": "a1"}))
    assert renamed == {"a1": "a2", "a2": "a1"}
    assert (change.added, change.removed, change.edits) == ({}, {}, {"annotator": 4})


def test_a_rename_is_found_beside_a_round_that_is_new() -> None:
    new = under({"a1": "a2", "a2": "a3"}) | {("i7", "a1"): "x", ("i7", "a2"): "y"}
    change, renamed = compared(OLD, new)
    assert renamed == {"a1": "a2", "a2": "a3"}
    assert change.added == {"train": ("i7 a1", "i7 a2")}


def test_what_somebody_said_otherwise_is_no_rename() -> None:
    change, renamed = compared(OLD, OLD | {("i1", "a1"): "z"})
    assert (renamed, change.edited, change.edits) == ({}, ("i1 a1",), {"said": 1})


def test_a_new_name_with_other_rows_is_no_rename() -> None:
    change, renamed = compared(OLD, under({"a2": "a9"}) | {("i1", "a9"): "z"})
    assert renamed == {}
    assert change.removed == {"train": ("i1 a2", "i2 a2")}
    assert change.added == {"train": ("i1 a9", "i2 a9")}


def test_who_cannot_be_told_apart_is_not_guessed() -> None:
    same = {("i1", "a1"): "x", ("i1", "a2"): "x"}
    _, renamed = compared(same, under({"a1": "a8", "a2": "a9"}, same))
    assert renamed == {}


def test_a_name_that_somebody_still_has_is_not_given_away() -> None:
    old = {("i1", "a1"): "x", ("i2", "a2"): "y"}
    new = {("i1", "a2"): "x", ("i2", "a2"): "y"}
    change, renamed = compared(old, new)
    assert (renamed, change.removed, change.added) == (
        {},
        {"train": ("i1 a1",)},
        {"train": ("i1 a2",)},
    )
