from collections.abc import Mapping

import msgspec
from hypothesis import given

from agreement.simulated import Row, rows
from sikap.agreement.diagnostics.self_consistency import (
    consistencies,
    consistency,
    passes,
    unit_consistency,
)
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import ratings_of
from sikap.agreement.report import Consistency
from sikap.agreement.study import Attribute, Key, Marks, Options, Study
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
    assert [of(one, "consistency-agreement").value for one in found] == [0.75, 0.66666667, 1]


def test_alpha_has_the_two_passes_as_raters() -> None:
    found = consistency(ratings_of("v", FIRST), ratings_of("v", AGAIN), FEW)
    # x and x, x and y, twice y and y: 3 x and 5 y; observed 2 / 8, expected 2 * 3 * 5 / (8 * 7).
    alpha = of(found[0], "consistency-alpha")
    assert alpha.value == 0.53333333
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
    stance = Attribute(name="stance", values=("for", "against"))
    return Marks(name="m", labels=("L", "M"), attributes=(stance,), spans=spans, clusters={})


def span(start: int, end: int, label: str = "L", stance: str = "for") -> Span:
    return Span(start=start, end=end, label=label, attributes={"stance": (stance,)})


def test_labels_and_attributes_of_spans_marked_in_both_passes_are_compared() -> None:
    first = marks({("i1", "p"): (span(0, 2), span(3, 5)), ("i1", "q"): (span(0, 2), span(7, 9))})
    again = marks(
        {
            ("i1", "p"): (span(0, 2), span(4, 5, "M")),
            ("i1", "q"): (span(0, 2, stance="against"),),
            ("i2", "q"): (span(0, 2),),
        }
    )
    label, stance = unit_consistency(first, again, FEW)
    assert [one.annotator for one in label] == [None, "p", "q"]
    assert [of(one, "consistency-agreement").value for one in label] == [0.66666667, 0.5, 1]
    assert [of(one, "consistency-agreement").value for one in stance] == [0.66666667, 1, 0]
    assert of(stance[0], "consistency-alpha").basis.clusters == 1


def test_where_no_spans_were_matched_consistency_says_so() -> None:
    empty = marks({("i1", "p"): ()})
    label, _ = unit_consistency(empty, empty, FEW)
    assert of(label[0], "consistency-agreement").undefined == "there are no ratings"


def test_a_study_has_a_consistency_for_each_variable_and_each_of_its_layers() -> None:
    layer = marks({("i1", "p"): (span(0, 2),)})
    study = Study(
        name="s",
        variables=(ratings_of("v", FIRST), ratings_of("w", FIRST)),
        again=(ratings_of("w", AGAIN),),
        layers=(layer,),
        marks_again=(layer,),
    )
    found = consistencies(study, FEW)
    assert [[one.annotator for one in each] for each in found] == [
        [],
        [None, "p", "q"],
        [None, "p"],
        [None, "p"],
    ]
    without = msgspec.structs.replace(study, again=(), marks_again=())
    assert consistencies(without, FEW) == ((), (), (), ())
