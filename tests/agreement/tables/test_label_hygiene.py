"""Writings that are probably one are told, and only these."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.agreement.tables.label_hygiene import dirty, marks, one_edit, shortest, slips


def found(*texts: str, declared: tuple[str, ...] = ()) -> list[str]:
    counts = {text: 10 - place for place, text in enumerate(texts)}
    return [one.found for one in dirty("t.csv", "label", counts, declared)]


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("yes", "Yes", "in case"),
        ("yes", "yes ", "in spaces"),
        ("yes", " YES", "in spaces and case"),
        ("no  way", "no way", "in spaces"),
        ("caf\u00e9", "cafe\u0301", "in Unicode form"),
        ("ABC", "\uff21\uff22\uff23", "in Unicode form"),
        ("yes", "y\u200bes", "in invisible characters"),
        ("yes", "ye\x00s", "in invisible characters"),
        ("1", "1.0", "in how a number is written"),
        ("stra\u00dfe", "STRASSE", "in case"),
    ],
)
def test_two_writings_of_one_value_are_told_with_how_they_differ(
    one: str, other: str, how: str
) -> None:
    (said,) = found(one, other)
    assert f"differ {how}," in said
    assert "count as different" in said


@pytest.mark.parametrize(
    ("one", "other"), [("yes", "no"), ("1", "2"), ("01", "1"), ("Ann1", "Ann2"), ("a b", "ab")]
)
def test_what_is_not_one_value_is_not_told(one: str, other: str) -> None:
    assert found(one, other) == []


def test_dirt_in_a_writing_that_stands_alone_is_told() -> None:
    (said,) = found("yes ", "no")
    assert "spaces around it" in said


def test_a_declared_value_is_the_one_that_is_suggested() -> None:
    (problem,) = dirty("t.csv", "label", {"YES": 100, "no": 3}, ("yes", "no"))
    assert problem.fix == "if they are one, write 'yes' everywhere"


def test_a_clean_declared_scale_is_no_finding() -> None:
    assert found("yes", "no", declared=("yes", "no", "maybe")) == []


@pytest.mark.parametrize(
    ("counts", "declared", "told"),
    [
        ({"against": 500, "againts": 3}, (), True),
        ({"against": 500, "againts": 300}, (), False),
        ({"againts": 300, "favor": 10}, ("against", "favor"), True),
        ({"cat": 500, "car": 1}, (), False),
        ({"2020": 500, "2021": 1}, (), False),
        ({"neutral": 500, "Neutral": 1}, (), False),
    ],
)
def test_a_rare_value_one_letter_from_a_usual_one_may_be_a_slip(
    counts: dict[str, int], declared: tuple[str, ...], *, told: bool
) -> None:
    assert bool(list(slips("t.csv", "label", counts, declared))) is told


def test_usual_marks_of_no_rating_are_told_unless_declared() -> None:
    counts = {"NA": 2, " ": 1, "yes": 9, "NONE": 4}
    said = [one.found for one in marks("t.csv", "label", counts, ())]
    assert len(said) == 2
    assert list(marks("t.csv", "label", {"NA": 2}, ("NA",))) == []


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("abcd", "abd", True),
        ("abcd", "abxd", True),
        ("abcd", "abdc", True),
        ("abcd", "abcde", True),
        ("abcd", "bacde", False),
        ("abcd", "abcd", False),
        ("abcd", "dcba", False),
    ],
)
def test_one_edit_is_a_letter_more_less_changed_or_swapped(
    one: str, other: str, *, near: bool
) -> None:
    assert one_edit(one, other) is near
    assert one_edit(other, one) is near


@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_a_number_has_one_shortest_form(number: int, zeros: int) -> None:
    assert shortest(f"{number}.{'0' * zeros}" if zeros else str(number)) == str(number)


@given(st.dictionaries(st.text(max_size=5), st.integers(1, 9), max_size=8))
def test_whatever_the_writings_the_order_of_finding_them_decides_nothing(
    counts: dict[str, int],
) -> None:
    turned = dict(reversed(counts.items()))
    assert list(dirty("f", "w", counts)) == list(dirty("f", "w", turned))
    assert list(slips("f", "w", counts)) == list(slips("f", "w", turned))


@given(st.dictionaries(st.text("aA1.0e- ", max_size=4), st.integers(1, 9), max_size=6))
def test_the_glance_at_clean_writings_overlooks_nothing(counts: dict[str, int]) -> None:
    # With a letter beyond ASCII every writing is looked at.
    looked = list(dirty("f", "w", {**counts, "\u00e9": 1}))
    assert list(dirty("f", "w", counts)) == looked
