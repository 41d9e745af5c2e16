from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from sikap.label_studio.wire.offsets import ResultError, certify, fold

# Text as articles have it: no surrogates; astral characters and white space are frequent.
characters = st.one_of(
    st.characters(exclude_categories=["Cs"]),
    st.sampled_from("ab \n\t\u00a0\u200b\u200d\u0301😀🏽👩"),
)
texts = st.text(characters, min_size=1)


def utf16(text: str, offset: int) -> int:
    return len(text[:offset].encode("utf-16-le")) // 2


def region(start: object, end: object, text: object = None) -> dict[str, Any]:
    return {"start": start, "end": end, "text": text, "labels": ["PER"]}


def problem_code(value: dict[str, Any], text: str) -> str:
    with pytest.raises(ResultError) as raised:
        certify(value, text)
    return raised.value.problem.code


@st.composite
def marked(draw: st.DrawFn) -> tuple[str, int, int]:
    text = draw(texts)
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    assume(not text[start:end].isspace())
    return text, start, end


@given(marked())
@example(("😀😀", 0, 1))
def test_code_points_come_back_as_they_are(given_: tuple[str, int, int]) -> None:
    text, start, end = given_
    assert certify(region(start, end, text[start:end]), text) == (start, end)


@given(marked())
@example(("😀 Beirut", 2, 8))
def test_utf16_units_come_back_as_code_points(given_: tuple[str, int, int]) -> None:
    text, start, end = given_
    units = utf16(text, start), utf16(text, end)
    # Where both readings give the stored text nothing can tell them apart: code points win.
    assume(units == (start, end) or fold(text[slice(*units)]) != fold(text[start:end]))
    assert certify(region(*units, text[start:end]), text) == (start, end)


@given(marked())
def test_white_space_may_have_been_rewritten(given_: tuple[str, int, int]) -> None:
    text, start, end = given_
    stored = " ".join(text[start:end].replace("\u00a0", " ").split(" ")).replace("\n", "\\n")
    assert certify(region(start, end, stored), text) == (start, end)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("kata\nAntara", "kata\\nAntara"),
        ("PT\u00a0Ombak", "PT Ombak"),
        ("PT  Ombak", "PT Ombak"),
        ("PT \n\u00a0Ombak", "PT\\n Ombak"),
        ("a\tb", "a b"),
        ("a\u2028b", "a b"),
    ],
)
def test_white_space_is_folded_on_both_sides(text: str, stored: str) -> None:
    assert fold(text) == fold(stored)
    assert certify(region(0, len(text), stored), text) == (0, len(text))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_where_no_text_is_stored_the_offsets_stand_as_code_points() -> None:
    assert certify({"start": 2, "end": 4}, "😀abc") == (2, 4)


@pytest.mark.parametrize(
    ("start", "end"),
    [(0, 6), (-1, 3), (3, 3), (4, 2), (5, 6), ("0", 3), (0, None), (True, 3), (0.0, 3.0)],
)
def test_a_region_outside_the_text_is_refused(start: object, end: object) -> None:
    assert problem_code(region(start, end, "abc"), "abcde") == "span-outside"


def test_an_end_one_beyond_the_text_is_not_clipped() -> None:
    assert problem_code(region(0, 11, "بيروت Ahmad"), "بيروت Ahma") == "span-outside"


@pytest.mark.parametrize("stored", ["Ahmed", "ahmad", "Ahma", "", "Ahmad "])
def test_a_region_whose_text_differs_is_refused(stored: str) -> None:
    assert problem_code(region(0, 5, stored), "Ahmad datang") == "span-text"


@pytest.mark.parametrize("stored", [" ", "\n", None])
def test_a_region_of_white_space_only_is_refused(stored: str | None) -> None:
    assert problem_code(region(4, 5, stored), "Kota Bogor") == "span-text"
    assert problem_code(region(4, 7, stored), "Kota \u00a0\nBogor") == "span-text"


def test_an_offset_inside_a_pair_is_no_utf16_reading() -> None:
    assert problem_code(region(1, 2, "😀"), "😀bc") == "span-text"
