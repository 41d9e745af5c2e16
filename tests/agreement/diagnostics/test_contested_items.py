from itertools import combinations

import numpy as np
from hypothesis import given

from agreement.simulated import Row, rows, simulated
from sikap.agreement.diagnostics.contested_items import contested
from sikap.agreement.ratings import ratings_of
from sikap.agreement.study import Marks, Study
from sikap.records import Span


def of(given_rows: list[Row]) -> Study:
    return Study(name="s", variables=(ratings_of("v", given_rows),))


def span(start: int, end: int, label: str = "L", **attributes: str) -> Span:
    values: dict[str, tuple[str, ...]] = {name: (value,) for name, value in attributes.items()}
    return Span(start=start, end=end, label=label, attributes=values)


def marked(*versions: tuple[Span, ...]) -> Study:
    spans = {("i", who): version for who, version in zip("pqrs", versions, strict=False)}
    layer = Marks(name="m", labels=("L", "M"), spans=spans, clusters={"i": "article"})
    return Study(name="s", layers=(layer,), texts={"i": "some text"})


def test_the_share_is_of_the_pairs_of_annotators_that_differ() -> None:
    (found,) = contested(of([("i", "p", "x"), ("i", "q", "x"), ("i", "r", "y")]))
    assert found.share == 0.66666667


def test_all_that_was_said_stands_side_by_side() -> None:
    study = Study(
        name="s",
        variables=(
            ratings_of("v", [("i", "q", "x"), ("i", "p", "y")], clusters={"i": "article"}),
            ratings_of("w", [("i", "q", "1")], clusters={"i": "article"}),
        ),
        layers=marked((span(0, 2),), ()).layers,
        texts={"i": "<b>teks"},
    )
    (found,) = contested(study)
    assert (found.item, found.cluster, found.text) == ("i", "article", "<b>teks")
    assert [said.annotator for said in found.said] == ["p", "q"]
    assert found.said[0].values == {"v": ("y",)}
    assert found.said[1].values == {"v": ("x",), "w": ("1",)}
    assert found.said[0].spans == {"m": (span(0, 2),)}
    assert found.said[1].spans == {"m": ()}


def test_items_on_which_all_agree_are_not_contested() -> None:
    assert contested(of([("i", "p", "x"), ("i", "q", "x"), ("j", "p", "y")])) == ()
    assert contested(Study(name="s")) == ()


def test_of_equal_shares_more_comparisons_come_first_and_then_the_first_id() -> None:
    two = [(item, who, who) for item in "cab" for who in "pq"]
    three = [("z", who, who) for who in "pqr"]
    assert [found.item for found in contested(of([*two, *three]))] == ["z", "a", "b", "c"]


def test_there_are_twenty_at_most() -> None:
    study = Study(name="s", variables=(simulated(np.random.default_rng(1), 200, 3),))
    assert len(contested(study)) == 20


def test_spans_that_only_one_marked_differ() -> None:
    (found,) = contested(marked((span(0, 2), span(5, 7)), (span(0, 2),)))
    assert found.share == 0.5


def test_matched_spans_differ_in_borders_or_label_once() -> None:
    (found,) = contested(marked((span(0, 2),), (span(0, 3, "M"),)))
    assert found.share == 1


def test_attributes_of_matched_spans_are_compared_each() -> None:
    one, other = span(0, 2, a="x", b="y"), span(0, 2, a="z", b="y")
    (found,) = contested(marked((one,), (other,)))
    assert found.share == 0.33333333
    (found,) = contested(marked((one,), (span(0, 2, a="x"),)))
    assert found.share == 0.33333333


def test_where_one_marked_nothing_all_of_the_other_differs() -> None:
    (found,) = contested(marked((span(0, 2), span(5, 7)), (), ()))
    assert found.share == 1


def test_variables_and_spans_of_an_item_count_together() -> None:
    study = Study(
        name="s",
        variables=(ratings_of("v", [("i", "p", "x"), ("i", "q", "x")]),),
        layers=marked((span(0, 2),), ()).layers,
    )
    assert [found.share for found in contested(study)] == [0.5]


def test_ratings_of_spans_are_not_counted_twice() -> None:
    study = Study(
        name="s",
        variables=(ratings_of("v", [("i", "p", "x"), ("i", "q", "y")], about="span"),),
    )
    assert contested(study) == ()


@given(rows())
def test_shares_are_what_counting_pair_by_pair_gives(made: list[Row]) -> None:
    for found in contested(of(made)):
        values = [value for item, _, value in made if item == found.item]
        pairs = list(combinations(values, 2))
        assert abs(found.share - sum(a != b for a, b in pairs) / len(pairs)) < 1e-6
