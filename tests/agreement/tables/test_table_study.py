"""From columns to what is studied: whatever the order of rows, and whoever wrote the file."""

import random
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
import numpy as np
import pytest

from builders import codes
from sikap.agreement.ratings import Ratings, ratings_of
from sikap.agreement.tables.column_roles import TableRequest, layout_of
from sikap.agreement.tables.table_study import Tabled, tabled
from sikap.errors import InputError
from sikap.formats.jsonl import read_list
from sikap.formats.table import Table
from sikap.records import Span

LONG = ("item", "annotator", "label")


def table(rows: Iterable[Sequence[Any]], names: Sequence[str] = LONG) -> Table:
    return read_list([dict(zip(names, row, strict=True)) for row in rows], "t.json", list)


def study(rows: Iterable[Sequence[Any]], names: Sequence[str] = LONG, **options: Any) -> Tabled:
    return tabled(table(rows, names), layout_of(TableRequest(**options), names, "t.json"))


def refused(
    rows: Iterable[Sequence[Any]], names: Sequence[str] = LONG, **options: Any
) -> list[str]:
    with pytest.raises(InputError) as raised:
        study(rows, names, **options)
    return [str(one) for one in raised.value.problems]


def plain(ratings: Ratings) -> list[tuple[str, str, str]]:
    """Ratings as rows of item, annotator and value."""
    return [
        (ratings.items[item], ratings.annotators[who], ratings.values[value])
        for item, who, value in zip(ratings.item, ratings.annotator, ratings.value, strict=True)
    ]


ROWS = [("i2", "a", "x"), ("i1", "b", "y"), ("i1", "a", "x"), ("i2", "b", "x")]


def test_a_long_table_gives_the_ratings_that_its_rows_say() -> None:
    (ratings,) = study(ROWS).study.variables
    assert plain(ratings) == sorted(ROWS)
    assert ratings.values == ("x", "y")


def test_codes_and_rows_make_the_same_ratings() -> None:
    (coded,) = study(ROWS).study.variables
    rows = ratings_of("label", sorted(ROWS))
    for name in Ratings.__struct_fields__:
        one, other = getattr(coded, name), getattr(rows, name)
        if isinstance(one, np.ndarray):
            assert np.array_equal(one, other, equal_nan=name == "when"), name
        else:
            assert one == other, name


def test_the_order_of_rows_decides_nothing() -> None:
    rows = [(f"i{n % 20}", f"a{n // 20}", str(n * 7 % 5), f"c{n % 4}") for n in range(100)]
    names = (*LONG, "article")
    (one,) = study(rows, names, cluster="article").study.variables
    for seed in range(5):
        shuffled = random.Random(seed).sample(rows, len(rows))
        (other,) = study(shuffled, names, cluster="article").study.variables
        assert plain(one) == plain(other)
        assert one.clusters == other.clusters
        assert np.array_equal(one.cluster, other.cluster)


def test_empty_cells_and_declared_marks_are_no_ratings() -> None:
    rows = [*ROWS, ("i3", "a", ""), ("i3", "b", None), ("i4", "a", "NA")]
    found = study(rows, missing=("NA",))
    assert plain(found.study.variables[0]) == sorted(ROWS)
    assert found.problems == ()


def test_a_mark_of_no_rating_that_nobody_declared_is_told_and_counts() -> None:
    found = study([*ROWS, ("i3", "a", "NA")])
    assert ("i3", "a", "NA") in plain(found.study.variables[0])
    assert codes(found.problems) == ["missing-mark"]


def test_dirty_labels_annotators_and_items_are_told_and_stay_apart() -> None:
    found = study([*ROWS, ("i1 ", "A", "X")])
    assert codes(found.problems) == ["dirty"] * 3
    assert found.study.variables[0].values == ("X", "x", "y")
    assert found.study.variables[0].annotators == ("A", "a", "b")


def test_an_item_rated_twice_alike_counts_once_and_unlike_not_at_all() -> None:
    found = study([*ROWS, ("i1", "a", "x"), ("i2", "b", "y")])
    assert plain(found.study.variables[0]) == [("i1", "a", "x"), ("i1", "b", "y"), ("i2", "a", "x")]
    alike, unlike = found.problems
    assert "rows 3, 5" in alike.found
    assert "counts once" in alike.found
    assert "rows 4, 6" in unlike.found
    assert "none counts" in unlike.found


def test_a_pass_makes_of_the_second_time_a_repeat() -> None:
    rows = [(*row, "1") for row in ROWS] + [("i1", "a", "y", "2"), ("i1", "a", "y", "3")]
    found = study(rows, (*LONG, "turn"), pass_="turn")
    (again,) = found.study.again
    assert plain(again) == [("i1", "a", "y")]
    assert plain(found.study.variables[0]) == sorted(ROWS)
    assert codes(found.problems) == ["table-repeat"]
    assert "'3' are left out" in found.problems[0].found


def test_several_label_columns_are_variables_of_one_study() -> None:
    rows = [(*row, 1) for row in ROWS]
    found = study(rows, (*LONG, "score"), label=("label", "score"), level=("score=interval",))
    assert [(one.name, one.level) for one in found.study.variables] == [
        ("label", "nominal"),
        ("score", "interval"),
    ]


def test_parts_are_studies_of_their_own_on_one_scale_and_ordered_by_size() -> None:
    rows = [
        (f"{part}{item}", who, "x" if part == "10" else "y", part)
        for part in ("10", "9")
        for item in "ab"
        for who in "pq"
    ]
    found = study(rows, (*LONG, "round"), by="round")
    assert [part.name for part in found.parts] == ["round 9", "round 10"]
    assert {part.variables[0].values for part in found.parts} == {("x", "y")}
    assert [len(part.variables[0].item) for part in found.parts] == [4, 4]
    assert len(found.study.variables[0].item) == 8


def test_an_item_in_two_parts_is_a_unit_in_each_and_one_cluster() -> None:
    rows = [("i", who, "x", part) for who in "ab" for part in "12"] + [("k", "a", "x", "1")]
    found = study(rows, (*LONG, "round"), by="round")
    (ratings,) = found.study.variables
    assert ratings.items == ("i (round 1)", "i (round 2)", "k")
    assert ratings.clusters == ("i", "k")
    assert ratings.cluster.tolist() == [0, 0, 1]
    assert found.problems == ()


def test_an_item_without_a_cluster_is_one_of_its_own() -> None:
    rows = [("i", "a", "x", "c"), ("i", "b", "x", ""), ("k", "a", "x", ""), ("l", "a", "x", "c")]
    (ratings,) = study(rows, (*LONG, "article"), cluster="article").study.variables
    assert [ratings.clusters[place] for place in ratings.cluster] == ["c", "k", "c"]


def test_an_item_in_two_clusters_is_refused_with_its_row() -> None:
    rows = [("i", "a", "x", "c"), ("i", "b", "x", "d")]
    (said,) = refused(rows, (*LONG, "article"), cluster="article")
    assert "row 1" in said or "row 2" in said


def test_times_are_seconds_or_moments_and_nothing_else() -> None:
    rows = [("i", "a", "x", 5), ("i", "b", "x", "1970-01-01T00:01:00Z"), ("k", "a", "x", None)]
    (ratings,) = study(rows, (*LONG, "at"), time="at").study.variables
    assert ratings.when[:2].tolist() == [5.0, 60.0]
    assert np.isnan(ratings.when[2])
    assert len(refused([("i", "a", "x", "soon")], (*LONG, "at"), time="at")) == 1


def test_of_several_texts_of_an_item_one_is_shown_and_it_is_told() -> None:
    rows = [("i", "a", "x", "zwei"), ("i", "b", "x", "eins"), ("k", "a", "x", "drei")]
    found = study(rows, (*LONG, "text"), text="text")
    assert found.study.texts == {"i": "eins", "k": "drei"}
    assert codes(found.problems) == ["table-text"]


def test_wide_and_long_are_the_same() -> None:
    wide = [("i1", "x", "y", "?"), ("i2", "x", "x", "?")]
    found = study(wide, ("item", "a", "b", "note"), wide=True, annotators="a,b")
    assert plain(found.study.variables[0]) == sorted(ROWS)
    assert found.study.variables[0].name == "label"


def test_all_columns_of_a_wide_table_are_annotators_unless_they_are_named_for_something() -> None:
    wide = [("i1", "d1", "x", "y"), ("i2", "d1", "x", "x")]
    found = study(wide, ("item", "article", "a", "b"), wide=True, cluster="article")
    assert found.study.variables[0].annotators == ("a", "b")
    assert found.study.variables[0].clusters == ("d1",)


REMARKED = [("i1", "x", "y", "hard"), ("i2", "x", "x", ""), ("i3", "y", "x", "why")]


def test_a_column_that_is_probably_no_annotator_is_told_and_counts() -> None:
    found = study(REMARKED, ("item", "a", "b", "note"), wide=True)
    (problem,) = [one for one in found.problems if one.code == "table-column"]
    assert "'note' counts as an annotator" in problem.found
    assert problem.fix.endswith("--annotators a,b")
    assert found.study.variables[0].annotators == ("a", "b", "note")


@pytest.mark.parametrize(
    ("rows", "options"),
    [
        (REMARKED, {"annotators": "a,b"}),
        ([("i1", "x", "y", "x"), ("i2", "x", "x", "y")], {}),
        ([("i1", "1", "2", "3")], {}),
        ([("i1", "x", "x", "?"), ("i2", "y", "x", "?")], {"missing": ("?",)}),
    ],
)
def test_annotators_who_share_values_or_gave_none_are_not_doubted(
    rows: list[Sequence[Any]], options: dict[str, Any]
) -> None:
    found = study(rows, ("item", "a", "b", "note"), wide=True, **options)
    assert not [one for one in found.problems if one.code == "table-column"]


@pytest.mark.parametrize(
    ("options", "meant"), [({}, "--start"), ({"wide": True}, "leave --wide away")]
)
def test_where_nearly_all_is_there_twice_the_form_of_the_table_is_doubted(
    options: dict[str, Any], meant: str
) -> None:
    rows = [(f"i{n}", who, label) for n in range(9) for who in "ab" for label in "xy"]
    found = study([*rows, ("i9", "a", "x")], **options)
    twice = [one for one in found.problems if one.code == "table-repeat"]
    assert len(twice) == 4
    assert meant in twice[-1].fix


def test_where_no_rating_is_left_what_was_wrong_is_told_too() -> None:
    told = refused([("i1", "a", "x"), ("i1", "a", "y")])
    assert "gave label of the item 'i1' 2 times" in told[0]
    assert "no rating is left" in told[1]


def test_a_wide_table_with_an_item_twice_has_repeats() -> None:
    wide = [("i1", "x", "y"), ("i1", "x", "x")]
    found = study(wide, ("item", "a", "b"), wide=True)
    assert codes(found.problems) == ["table-repeat", "table-repeat", "table-empty"]


SPANS = ("item", "annotator", "label", "start", "end", "stance")
MARKED = [
    ("i1", "a", "PER", 0, 3, "for"),
    ("i1", "b", "PER", "0", "3", None),
    ("i1", "a", "ORG", 5.0, 9.0, "against"),
    ("i2", "a", None, None, None, None),
    ("i2", "b", "PER", 1, 2, "for"),
]


def spans(rows: Iterable[Sequence[Any]] = MARKED, **options: Any) -> Tabled:
    return study(rows, SPANS, start="start", end="end", label=("label", "stance"), **options)


def test_rows_with_borders_are_spans_and_other_label_columns_their_attributes() -> None:
    (layer,) = spans().study.layers
    assert layer.labels == ("ORG", "PER")
    assert [(one.name, one.values) for one in layer.attributes] == [("stance", ("against", "for"))]
    assert layer.spans["i1", "a"] == (
        Span(start=0, end=3, label="PER", attributes={"stance": ("for",)}),
        Span(start=5, end=9, label="ORG", attributes={"stance": ("against",)}),
    )
    assert layer.spans["i1", "b"] == (Span(start=0, end=3, label="PER", attributes={}),)
    assert spans().study.variables == ()


def test_a_row_without_borders_and_label_says_that_nothing_was_marked() -> None:
    (layer,) = spans().study.layers
    assert layer.spans["i2", "a"] == ()


def test_a_span_twice_counts_once() -> None:
    found = spans([*MARKED, MARKED[0]])
    assert codes(found.problems) == ["table-repeat"]
    assert len(found.study.layers[0].spans["i1", "a"]) == 2


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("i", "a", "PER", 3, 3, ""), "from 3 to 3"),
        (("i", "a", "PER", -1, 3, ""), "'-1'"),
        (("i", "a", "PER", "x", 3, ""), "'x'"),
        (("i", "a", "PER", 1.5, 3, ""), "'1.5'"),
        (("i", "a", "PER", 1, None, ""), "end is empty"),
        (("i", "a", None, 1, 2, ""), "label is empty"),
        (("i", "a", "PER", None, None, ""), "start and end are empty"),
        (("i", "a", "PER", 1, 10**12, ""), "from 1 to"),
    ],
)
def test_spans_that_cannot_be_are_refused(row: Sequence[Any], says: str) -> None:
    with pytest.raises(InputError) as raised:
        spans([row, ("i", "b", "PER", 0, 1, "")])
    (problem,) = raised.value.problems
    assert says in problem.found
    assert problem.id == "row 1"


def test_a_span_beyond_its_text_is_refused_and_a_text_gives_length_and_tokens() -> None:
    names = (*LONG, "start", "end", "text")
    rows = [("i", "a", "PER", 0, 4, "😀 Ayu"), ("i", "b", "PER", 2, 5, "😀 Ayu")]
    request = TableRequest(start="start", end="end", text="text")
    layout = layout_of(request, names, "t.json")
    found = tabled(table(rows, names), layout, lambda _: ((0, 1), (2, 5)))
    assert found.study.layers[0].lengths == {"i": 5}
    assert found.study.layers[0].tokens == {"i": ((0, 1), (2, 5))}
    with pytest.raises(InputError, match="in 5 characters"):
        tabled(table([("i", "a", "PER", 2, 6, "😀 Ayu")], names), layout)


def test_no_rating_at_all_is_refused() -> None:
    assert "[table-empty]" in refused([("i", "a", ""), ("i", "b", "")])[0]


def test_ratings_that_never_meet_are_told() -> None:
    assert codes(study([("i", "a", "x"), ("k", "b", "x")]).problems) == ["table-empty"]


def test_a_layout_says_which_columns_it_needs() -> None:
    layout = layout_of(TableRequest(cluster="c"), (*LONG, "c", "d"), "t.json")
    assert layout.columns == {*LONG, "c"}
    assert msgspec.structs.replace(layout, raters=("p", "q")).columns == {"item", "p", "q", "c"}


def test_a_table_of_spans_that_never_says_nothing_was_marked_is_told() -> None:
    said = [row for row in MARKED if row[2]]
    assert codes(spans(said).problems) == ["spans-unsaid"]
    assert codes(spans().problems) == []
    assert codes(spans([row for row in said if row[0] == "i1"]).problems) == []
