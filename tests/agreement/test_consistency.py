from collections.abc import Mapping

from hypothesis import given

from agreement.simulated import Row, rows
from sikap.agreement.consistency import consistency, passes, span_consistency
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import ratings_of
from sikap.agreement.report import Consistency
from sikap.agreement.study import Key, Marks, Options
from sikap.records import Span

FEW = Options(replicates=30)
FIRST = [
    *(("i1", "p", "x"), ("i1", "q", "y")),
    *(("i2", "p", "x"), ("i2", "q", "y")),
    *(("i3", "p", "y"), ("i3", "q", "x")),
]
AGAIN = [("i1", "p", "x"), ("i2", "p", "y"), ("i3", "p", "y"), ("i2", "q", "y")]


def of(found: Consistency, coefficient: str) -> Figure:
    return {figure.coefficient: figure for figure in found.figures}[coefficient]


def test_consistency_is_told_of_all_and_of_each_who_got_an_item_twice() -> None:
    found = consistency(ratings_of("v", FIRST), ratings_of("v", AGAIN), FEW)
    assert [one.annotator for one in found] == [None, "p", "q"]
    assert [of(one, "consistency-agreement").value for one in found] == [0.75, 0.666667, 1]


def test_alpha_has_the_two_passes_as_raters() -> None:
    found = consistency(ratings_of("v", FIRST), ratings_of("v", AGAIN), FEW)
    # x and x, x and y, twice y and y: 3 x and 5 y; observed 2 / 8, expected 2 * 3 * 5 / (8 * 7).
    alpha = of(found[0], "consistency-alpha")
    assert alpha.value == 0.533333
    assert alpha.basis.units == 4
    assert alpha.basis.annotators == 2
    assert alpha.basis.clusters == 3


def test_whoever_repeats_one_value_has_no_alpha_and_is_told_why() -> None:
    found = consistency(ratings_of("v", FIRST), ratings_of("v", AGAIN), FEW)
    alpha = of(found[2], "consistency-alpha")
    assert alpha.value is None
    assert alpha.undefined


def test_where_nothing_came_twice_there_is_no_consistency() -> None:
    assert consistency(ratings_of("v", FIRST), ratings_of("v", []), FEW) == ()
    assert consistency(ratings_of("v", FIRST), ratings_of("v", [("i9", "p", "x")]), FEW) == ()


def test_values_of_the_second_pass_alone_are_on_the_scale() -> None:
    both, whose = passes(ratings_of("v", FIRST), ratings_of("v", [("i1", "p", "z")]))
    assert both.values == ("x", "y", "z")
    assert [both.values[code] for code in both.value] == ["x", "z"]
    assert whose == ("p",)


@given(rows())
def test_who_repeats_everything_is_wholly_consistent(made: list[Row]) -> None:
    for found in consistency(ratings_of("v", made), ratings_of("v", made[::-1]), FEW):
        assert of(found, "consistency-agreement").value == 1
        assert of(found, "consistency-alpha").value in {1, None}


def marks(spans: Mapping[Key, tuple[Span, ...]]) -> Marks:
    return Marks(name="m", labels=("L", "M"), spans=spans, clusters={})


def span(start: int, end: int, label: str = "L") -> Span:
    return Span(start=start, end=end, label=label, attributes={})


def test_spans_are_consistent_as_far_as_borders_and_labels_are_the_same() -> None:
    first = marks({("i1", "p"): (span(0, 2), span(3, 5)), ("i1", "q"): (span(0, 2),)})
    again = marks({("i1", "p"): (span(0, 2), span(3, 5, "M")), ("i1", "q"): (span(0, 2),)})
    found = span_consistency(first, again, FEW)
    assert [one.annotator for one in found] == [None, "p", "q"]
    assert [one.figures[0].value for one in found] == [0.666667, 0.5, 1]


def test_where_no_span_was_marked_twice_consistency_is_undefined() -> None:
    empty = marks({("i1", "p"): ()})
    assert span_consistency(empty, empty, FEW)[0].figures[0].undefined == (
        "no span was marked in either pass"
    )
    assert span_consistency(empty, marks({}), FEW) == ()
