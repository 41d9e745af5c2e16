"""What somebody says of columns, held against the header."""

from typing import Any

import pytest

from sikap.agreement.tables.column_roles import Layout, TableRequest, layout_of, names_in
from sikap.errors import InputError


def layout(*header: str, **options: Any) -> Layout:
    return layout_of(TableRequest(**options), header, "t.csv")


def fixes(*header: str, **options: Any) -> list[str]:
    with pytest.raises(InputError) as raised:
        layout(*header, **options)
    return [one.fix for one in raised.value.problems]


def test_levels_and_scales_are_for_all_label_columns_or_for_one() -> None:
    found = layout(
        *("item", "annotator", "p", "q=r"),
        label=("p", "q=r"),
        level=("nominal", "q=r=ordinal"),
        values=("p=a,b", "q=r=1,2"),
    )
    assert found.levels == {"p": "nominal", "q=r": "ordinal"}
    assert found.scales == {"p": ("a", "b"), "q=r": ("1", "2")}


def test_a_value_may_hold_a_comma_in_quotes() -> None:
    assert names_in('a,"b, c", d') == ("a", "b, c", "d")


@pytest.mark.parametrize(
    ("header", "fix"),
    [
        (("Item", "annotator", "label"), "say --item 'Item'"),
        ((" item ", "annotator", "label"), "say --item ' item '"),
        (("sentence_id", "annotator", "label"), "say --item 'sentence_id'"),
        (("itm", "annotator", "label"), "say --item 'itm'"),
        (("x", "annotator", "label"), "say --item COLUMN"),
    ],
)
def test_a_column_that_is_missing_is_answered_with_the_likely_one(
    header: tuple[str, ...], fix: str
) -> None:
    assert fixes(*header) == [fix]


def test_without_a_column_of_annotators_wide_is_suggested() -> None:
    assert fixes("item", "ani", "budi", "label") == [
        "say --annotator COLUMN, or --wide if each annotator has a column"
    ]


def test_the_columns_of_a_wide_table_are_all_that_have_no_other_part() -> None:
    assert layout("item", "a", "b", "doc", wide=True, cluster="doc").raters == ("a", "b")
    assert layout("item", "a", "b", "c", wide=True, annotators="a,c").raters == ("a", "c")
    assert layout("", "item", "a", "b", "__index_level_0__", wide=True).raters == ("a", "b")
    assert fixes("item", "a", "b", wide=True, annotators="a,x") == ["say --annotators A,B,…"]


def test_columns_and_levels_that_cannot_be_are_told_together() -> None:
    assert len(fixes("item", "annotator", "x", level=("metric",))) == 2
