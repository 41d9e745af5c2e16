"""What is stated of a round is what the engine computes, and can be recounted."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.marking import LABELS, marks_of, span
from sikap.agreement.categorical import variable as categorical
from sikap.agreement.categorical.variable import headline
from sikap.agreement.diagnostics.self_consistency import consistency
from sikap.agreement.ratings import Level, Ratings, ratings_of
from sikap.agreement.release_summary import MATCHED, OPTIONS, SPAN_FIGURES, Stated
from sikap.agreement.release_summary import stated as stated_of
from sikap.agreement.spans.exact_f1 import headline as span_headline
from sikap.agreement.spans.layer import layer
from sikap.agreement.study import Marks, Options, Study
from sikap.records import Span

FEW = Options(replicates=20)
Row = tuple[str, str, str]
VALUES = ("favor", "against", "neutral")
rows = st.dictionaries(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["a1", "a2", "a3"])),
    st.sampled_from(VALUES),
    max_size=24,
).map(lambda given: [(item, who, value) for (item, who), value in sorted(given.items())])


def stance(given: list[Row], level: Level = "nominal") -> Ratings:
    clusters = {item: "xy"[ord(item) % 2] for item in "abcdefgh"}
    return ratings_of("stance", given, level=level, values=VALUES, clusters=clusters)


def stated(
    study: Study, *more: str, options: Options = OPTIONS
) -> dict[tuple[str, str | None], Stated]:
    return {(one.of, one.value): one for one in stated_of(study, 1, more, options)}


def of(ratings: Ratings, *more: str, options: Options = OPTIONS) -> dict[str | None, Stated]:
    found = stated(Study(name="r1", variables=(ratings,)), *more, options=options)
    return {value: one for (_, value), one in found.items()}


@given(rows, st.sampled_from(["nominal", "ordinal"]))
def test_the_figures_of_a_control_are_those_of_the_engine(given: list[Row], level: Level) -> None:
    ratings = stance(given, level)
    whole = of(ratings)[None]
    assert (whole.of, whole.level, whole.figures) == ("stance", level, headline(ratings, OPTIONS))


@given(rows, st.sampled_from(VALUES))
def test_the_figures_of_a_value_are_those_of_it_against_all_others(
    given: list[Row], value: str
) -> None:
    binary = [(item, who, said if said == value else "others") for item, who, said in given]
    expected = categorical.figures(
        ratings_of("", binary, values=("others", value), clusters=dict(_clusters())),
        OPTIONS,
        ["krippendorff-alpha-nominal"],
    )
    found = of(stance(given))[value].figures[:1]
    for one, other in zip(found, expected, strict=True):
        assert (one.coefficient, one.basis) == (other.coefficient, other.basis)
        numbers = [(one.value, other.value), (one.low, other.low), (one.high, other.high)]
        for left, right in numbers:
            assert left == (right if right is None else pytest.approx(right, abs=2e-6))


def _clusters() -> list[tuple[str, str]]:
    return [(item, "xy"[ord(item) % 2]) for item in "abcdefgh"]


@given(rows)
def test_the_raw_counts_can_be_recounted(given: list[Row]) -> None:
    found = of(stance(given), options=FEW)
    pairs = [
        (one[2], other[2])
        for place, one in enumerate(given)
        for other in given[:place]
        if one[0] == other[0]
    ]
    assert (found[None].alike, found[None].compared) == (sum(a == b for a, b in pairs), len(pairs))
    for value in VALUES:
        alike = sum((a == value) == (b == value) for a, b in pairs)
        assert (found[value].alike, found[value].compared) == (alike, len(pairs))


def test_a_value_that_nobody_gave_says_so() -> None:
    found = of(stance([("a", "a1", "favor"), ("a", "a2", "favor")]))
    reasons = {value: one.figures[0].undefined or "" for value, one in found.items() if value}
    assert "everybody gave it" in reasons["favor"]
    assert "nobody gave it" in reasons["against"]
    assert "nobody gave it" in reasons["neutral"]


def test_a_value_of_a_set_is_whether_it_is_chosen() -> None:
    sets = {"-": frozenset[str](), "p": frozenset("p"), "p, r": frozenset("pr")}
    given = [("a", "a1", "p"), ("a", "a2", "p, r"), ("b", "a1", "-"), ("b", "a2", "-")]
    ratings = msgspec.structs.replace(
        ratings_of("topics", given, level="masi", values=tuple(sets)),
        members=tuple(sets.values()),
    )
    found = of(ratings)
    assert list(found) == [None, "p", "r"]
    assert [(one.alike, one.compared) for one in found.values()] == [(1, 2), (2, 2), (1, 2)]


def test_more_coefficients_are_computed_where_they_are_asked_for() -> None:
    given = [("a", "a1", "favor"), ("a", "a2", "favor"), ("b", "a1", "against")]
    found = of(stance(given), "percent-agreement", "span-f1-type")
    names = [one.coefficient for one in found["favor"].figures]
    assert names == ["percent-agreement", "krippendorff-alpha-nominal", "specific-agreement"]


spans = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["a1", "a2", "a3"])),
    st.lists(
        st.builds(
            span,
            st.integers(0, 3),
            st.integers(4, 6),
            st.sampled_from(LABELS),
            stance=st.sampled_from(["favor", "against"]),
        ),
        max_size=3,
    ),
    max_size=9,
)


@given(spans)
def test_the_figures_of_spans_are_those_of_the_engine(
    given: dict[tuple[str, str], list[Span]],
) -> None:
    marks = marks_of(given)
    found = stated(Study(name="r1", layers=(marks,)), *MATCHED)
    whole = found["entities", None]
    assert whole.figures[:1] == span_headline(marks, OPTIONS)
    engine = layer(marks, OPTIONS)
    theirs = {one.coefficient: one for one in engine.figures}
    assert [one.coefficient for one in whole.figures] == list(SPAN_FIGURES)
    assert all(theirs[one.coefficient] == one for one in whole.figures)
    for label in engine.by_label:
        mine = {
            one.coefficient: (one.value, one.low) for one in found["entities", label.value].figures
        }
        assert mine == {
            one.coefficient: (one.value, one.low)
            for one in label.figures
            if one.coefficient in SPAN_FIGURES
        }


@pytest.fixture
def marked() -> Marks:
    one = [span(0, 4, "PER", stance="favor"), span(5, 9, "ORG", stance="favor")]
    other = [span(0, 4, "PER", stance="against"), span(5, 8, "ORG", stance="favor")]
    return marks_of({("a", "a1"): one, ("a", "a2"): other, ("b", "a1"): (), ("b", "a2"): one[:1]})


def test_spans_are_counted_as_exact_matches_of_all(marked: Marks) -> None:
    found = stated(Study(name="r1", layers=(marked,)))
    counts = {
        value: (one.alike, one.compared) for (of, value), one in found.items() if of == "entities"
    }
    assert counts == {None: (2, 5), "PER": (2, 3), "ORG": (0, 2), "LOC": (0, 0)}
    assert found["entities", "LOC"].figures[0].undefined == "nobody marked anything"
    assert found["entities", None].level is None


def test_what_is_said_of_matched_spans_is_stated_too(marked: Marks) -> None:
    found = stated(Study(name="r1", layers=(marked,)))
    assert (found["stance", None].alike, found["stance", None].compared) == (1, 2)
    assert (found["entities:label", None].alike, found["entities:label", None].compared) == (2, 2)


def test_a_round_of_nothing_states_nothing_and_breaks_nothing() -> None:
    assert stated_of(Study(name="r1"), 1) == ()
    empty = stated(Study(name="r1", layers=(marks_of({}),)))
    assert {one.figures[0].value for one in empty.values()} == {None}


def test_items_that_came_a_second_time_give_consistency(marked: Marks) -> None:
    first = stance([("a", "a1", "favor"), ("b", "a1", "against"), ("a", "a2", "favor")])
    again = stance([("a", "a1", "favor"), ("b", "a1", "favor")])
    study = Study(
        name="r1", variables=(first,), again=(again,), layers=(marked,), marks_again=(marked,)
    )
    found = stated(study)
    assert found["stance", None].consistency == consistency(first, again, OPTIONS)[0].figures
    assert found["stance", None].consistency[0].value == 0.5
    (exact,) = found["entities", None].consistency
    assert (exact.coefficient, exact.value) == ("span-f1-exact", 1.0)
    assert found["stance", "favor"].consistency == ()
