from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.release.diff.changes import ConfigDiff
from sikap.release.diff.rows import BATCH, compare, pair, same_tables

Row = dict[str, Any]
SCHEMA = pa.schema(
    [
        ("sentence_id", pa.string()),
        ("n", pa.int32()),
        ("x", pa.float64()),
        ("spans", pa.list_(pa.struct([("start", pa.int32()), ("label", pa.string())]))),
    ]
)
SPLITS = ("train", "test")


def tables(rows: Mapping[str, list[Row]]) -> dict[str, pa.Table]:
    return {split: pa.Table.from_pylist(those, schema=SCHEMA) for split, those in rows.items()}


def row(name: str, n: int | None = 0, *, x: float | None = None, label: str | None = None) -> Row:
    spans = None if label is None else [{"start": 0, "label": label}]
    return {"sentence_id": name, "n": n, "x": x, "spans": spans}


def changes(old: Mapping[str, list[Row]], new: Mapping[str, list[Row]]) -> ConfigDiff:
    before, after = tables(old), tables(new)
    return compare("sentences", before, after, pair("sentences", before, after, ()))


SPAN = st.fixed_dictionaries(
    {"start": st.none() | st.integers(0, 3), "label": st.sampled_from(["PER", "ORG", None])}
)
ROW = st.fixed_dictionaries(
    {
        "sentence_id": st.sampled_from("abcdefgh"),
        "n": st.none() | st.integers(0, 2),
        "x": st.none() | st.sampled_from([0.5, float("nan")]),
        "spans": st.none() | st.lists(SPAN, max_size=2),
    }
)
PLACED = st.tuples(st.sampled_from(SPLITS), ROW)
# As a release has them: a sentence stands once, in one split.
RELEASE = st.lists(PLACED, min_size=1, max_size=8, unique_by=lambda one: str(one[1]["sentence_id"]))
# As no release should have them: ids stand several times.
UNSOUND = st.lists(PLACED, min_size=1, max_size=8)


def by_split(placed: list[tuple[str, Row]]) -> dict[str, list[Row]]:
    rows = {split: [one for where, one in placed if where == split] for split in SPLITS}
    return {split: those for split, those in rows.items() if those}


def naive(old: list[tuple[str, Row]], new: list[tuple[str, Row]]) -> dict[str, set[str]]:
    """What changed, row by row in plain Python."""
    before, after = (
        {row["sentence_id"]: (s, repr(sorted(row.items()))) for s, row in side}
        for side in (old, new)
    )
    both = before.keys() & after.keys()
    return {
        "added": after.keys() - before.keys(),
        "removed": before.keys() - after.keys(),
        "edited": {id_ for id_ in both if before[id_][1] != after[id_][1]},
        "moved": {id_ for id_ in both if before[id_][0] != after[id_][0]},
    }


def ids(change: ConfigDiff) -> dict[str, set[str]]:
    groups = {"added": change.added, "removed": change.removed, "moved": change.moved}
    found = {what: {id_ for those in by.values() for id_ in those} for what, by in groups.items()}
    return found | {"edited": set(change.edited)}


@given(RELEASE, RELEASE)
def test_it_finds_what_a_comparison_row_by_row_finds(
    old: list[tuple[str, Row]], new: list[tuple[str, Row]]
) -> None:
    assert ids(changes(by_split(old), by_split(new))) == naive(old, new)


@given(UNSOUND, UNSOUND)
def test_what_is_added_one_way_is_removed_the_other(
    old: list[tuple[str, Row]], new: list[tuple[str, Row]]
) -> None:
    there, back = changes(by_split(old), by_split(new)), changes(by_split(new), by_split(old))
    assert {s: len(i) for s, i in there.added.items()} == {
        s: len(i) for s, i in back.removed.items()
    }
    assert {s: len(i) for s, i in there.removed.items()} == {
        s: len(i) for s, i in back.added.items()
    }


@given(UNSOUND, st.randoms(use_true_random=False))
def test_the_order_of_rows_is_no_change_of_rows(placed: list[tuple[str, Row]], random: Any) -> None:
    shuffled = [*placed]
    random.shuffle(shuffled)
    found = ids(changes(by_split(placed), by_split(shuffled)))
    assert found == {"added": set(), "removed": set(), "edited": set(), "moved": set()}


@given(UNSOUND)
def test_tables_are_the_same_however_they_are_cut(placed: list[tuple[str, Row]]) -> None:
    rows = by_split(placed)
    whole = {"train": tables(rows).get("train", SCHEMA.empty_table())}
    pieces = {"train": pa.concat_tables([whole["train"].slice(0, 1), whole["train"].slice(1)])}
    nan = any(row["x"] != row["x"] for row in rows.get("train", []))
    assert same_tables(whole, pieces) != nan


def test_a_row_that_moved_and_changed_is_both() -> None:
    found = changes({"train": [row("a")]}, {"test": [row("a", 1)]})
    assert found.moved == {"train → test": ("a",)}
    assert (found.edited, found.edits) == (("a",), {"n": 1})


def test_a_row_in_two_views_is_paired_within_its_view() -> None:
    both = {"train": [row("a")], "test": [row("a")]}
    found = changes({"train": [row("a")]}, both)
    assert (found.added, found.moved) == ({"test": ("a",)}, {})
    assert changes(both, {"train": [row("a")]}).removed == {"test": ("a",)}


def test_changes_inside_lists_are_seen_and_nulls_are_no_zeros() -> None:
    old = {"train": [row("a", label="PER"), row("b", None), row("c", 0)]}
    new = {"train": [row("a", label="ORG"), row("b", 0), row("c", None)]}
    assert changes(old, new).edits == {"n": 2, "spans": 1}


def test_changes_are_found_wherever_they_are_in_a_long_table() -> None:
    rows = [row(f"s{n:05}", n) for n in range(2 * BATCH + 7)]
    places = [0, 1, 16, BATCH - 1, BATCH, 2 * BATCH, 2 * BATCH + 6]
    other = [row(one["sentence_id"], -1) if n in places else one for n, one in enumerate(rows)]
    found = changes({"train": rows}, {"train": other[::-1]})
    assert found.edited == tuple(f"s{n:05}" for n in places)
    every = [row(one["sentence_id"], -1) for one in rows]
    assert len(changes({"train": rows}, {"train": every}).edited) == len(rows)


def test_a_key_may_hold_lists() -> None:
    schema = pa.schema([("a", pa.list_(pa.string())), ("b", pa.int32())])
    old = {"train": pa.Table.from_pylist([{"a": ["x"], "b": None}], schema)}
    new = {"train": pa.Table.from_pylist([{"a": ["x", "y"], "b": 1}], schema)}
    found = compare("other", old, new, pair("other", old, new, ()))
    assert (found.removed, found.added) == ({"train": ('["x"]',)}, {"train": ('["x","y"] 1',)})


@pytest.mark.parametrize("metadata", [b"{", b"[]", b'{"info": 5}', b'{"info": {"features": []}}'])
def test_metadata_of_another_form_name_no_classes(metadata: bytes) -> None:
    table = tables({"train": [row("a")]})["train"]
    odd = {"train": table.replace_schema_metadata({b"huggingface": metadata})}
    assert same_tables({"train": table}, odd)
