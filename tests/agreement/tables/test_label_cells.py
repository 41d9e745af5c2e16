"""From cells to a scale: what is one value, in which order, and what cannot be."""

from typing import Any

import pytest

from builders import codes
from sikap.agreement.ratings import Level
from sikap.agreement.tables.column_roles import Layout
from sikap.agreement.tables.label_cells import NOTHING, ColumnScale, column_scale, written_set
from sikap.formats.jsonl import read_list


def scale(
    *cells: Any,
    level: Level | None = None,
    values: tuple[str, ...] = (),
    separator: str | None = None,
    missing: tuple[str, ...] = (),
) -> ColumnScale:
    table = read_list([{"label": cell} for cell in cells], "t.json", list)
    layout = Layout(
        item="item",
        annotator="annotator",
        labels=("label",),
        levels={"label": level} if level else {},
        scales={"label": values},
        separator=separator,
        missing=frozenset(("", *missing)),
    )
    return column_scale(table, "label", layout)


def test_values_are_ordered_numbers_by_size_and_then_texts() -> None:
    assert scale("b", "10", "9", "a").values == ("9", "10", "a", "b")


def test_a_declared_scale_keeps_its_order_and_its_unused_values() -> None:
    found = scale("no", "yes", values=("yes", "maybe", "no"))
    assert found.values == ("yes", "maybe", "no")
    assert found.refused == found.warned == ()


def test_a_number_is_one_value_however_it_is_typed() -> None:
    assert scale(1, 1.0, "1", 2).values == ("1", "2")


def test_two_writings_of_a_number_in_a_column_of_numbers_are_one_and_it_is_told() -> None:
    found = scale("1", "1.0", "2")
    assert found.values == ("1", "2")
    assert codes(found.warned) == ["dirty"]
    assert "count as 1" in found.warned[0].found


def test_numbers_written_alike_are_one_without_a_word() -> None:
    found = scale("1.0", "2.0", "1.0")
    assert found.values == ("1", "2")
    assert found.warned == ()


def test_beside_names_and_with_leading_zeros_numbers_are_names() -> None:
    beside = scale("1", "1.0", "x")
    assert beside.values == ("1", "1.0", "x")
    assert codes(beside.warned) == ["dirty"]
    assert scale("01", "1").values == ("01", "1")


@pytest.mark.parametrize("level", ["interval", "ratio"])
def test_a_text_among_numbers_is_refused_at_its_first_row(level: Level) -> None:
    found = scale("1", "many", "2", "many", "3,5", level=level)
    assert [one.id for one in found.refused] == ["row 2", "row 5"]
    assert "(2 cells)" in found.refused[0].found


def test_of_many_texts_among_numbers_ten_are_named_and_the_rest_is_counted() -> None:
    found = scale("1", *(f"text {n}" for n in range(12)), "text 11", level="interval").refused
    assert len(found) == 11
    assert found[-1].found == "label: 2 more such values, in 3 cells"


def test_decimal_commas_are_called_what_they_are() -> None:
    (one, other) = scale("1", "2,5", "-3,0", level="interval").refused
    assert one.fix == other.fix
    assert "decimal point" in one.fix
    (_, mixed) = scale("1", "2,5", "many", level="interval").refused
    assert "--missing" in mixed.fix


@pytest.mark.parametrize("text", ["nan", "inf", "1_000", "\uff11", "0x10", "1e9999"])
def test_what_only_some_readers_take_for_a_number_is_none(text: str) -> None:
    assert codes(scale("1", text, level="interval").refused) == ["table-value"]


def test_a_ratio_below_zero_is_refused() -> None:
    assert codes(scale("1", "-2", level="ratio").refused) == ["table-value"]


def test_an_order_of_texts_must_be_declared_and_that_of_numbers_not() -> None:
    (problem,) = scale("low", "high", level="ordinal").refused
    assert "--values label=LOWEST,…,HIGHEST" in problem.fix
    assert scale("1", "3", "2", level="ordinal").values == ("1", "2", "3")


def test_a_value_beside_a_declared_order_is_refused_and_beside_other_scales_told() -> None:
    (problem,) = scale("low", "hihg", level="ordinal", values=("low", "high")).refused
    assert problem.id == "row 2"
    beside = scale("x", "z", values=("x", "y"))
    assert codes(beside.warned) == ["table-value"]
    assert beside.values == ("x", "y", "z")


def test_too_many_values_are_no_labels() -> None:
    assert codes(scale(*(f"text {n}" for n in range(1001))).refused) == ["table-value"]
    assert scale(*(f"text {n}" for n in range(1000))).refused == ()


def test_cells_with_a_separator_and_lists_are_sets() -> None:
    of_text = scale("a|b", "b|a", "a", separator="|")
    of_lists = scale(["a", "b"], ["b", "a", "b"], ["a"])
    for found in (of_text, of_lists):
        assert found.level == "masi"
        assert found.values == ("a", "a|b")
        assert found.members == (frozenset("a"), frozenset("ab"))


def test_an_empty_list_is_the_empty_set_and_an_empty_cell_no_rating() -> None:
    found = scale([], ["a"], None)
    assert found.values == (NOTHING, "a")
    assert found.members == (frozenset(), frozenset("a"))


def test_single_values_beside_lists_are_sets_of_one() -> None:
    assert scale("a", ["a"], ["b"]).members == (frozenset("a"), frozenset("b"))


def test_sets_are_told_apart_whatever_their_members_are_called() -> None:
    order = {name: place for place, name in enumerate(("a", "b", "a|b", "a\\", NOTHING))}
    sets = [(), ("a", "b"), ("a|b",), ("a\\", "b"), (NOTHING,), ("a",), ("b",)]
    assert len({written_set(frozenset(one), order) for one in sets}) == len(sets)


def test_sets_have_no_size() -> None:
    assert codes(scale(["a"], level="interval").refused) == ["table-option"]


def test_dirt_is_looked_for_in_the_members_of_sets() -> None:
    assert codes(scale("a|b", "A|b", separator="|").warned) == ["dirty"]


def test_objects_are_no_values() -> None:
    assert codes(scale({"a": 1}, "x").refused) == ["table-value"]


def test_long_numbers_keep_all_their_digits() -> None:
    one, other = "1" * 30, "1" * 29 + "2"
    assert scale(one, other).values == (one, other)


def test_a_mark_that_is_a_number_is_found_however_it_is_written() -> None:
    assert scale("-99", "-99.0", "1.0", missing=("-99",)).values == ("1",)
