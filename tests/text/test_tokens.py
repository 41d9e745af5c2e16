import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.text.tokens import TOKENIZER, tag, tokenize

# Control characters but tab and newline never get into an article.
CHARACTERS = st.characters(
    codec="utf-8", exclude_categories=["Cs", "Cc"], include_characters="\t\n"
)
TEXT = st.text(st.one_of(CHARACTERS, st.sampled_from("ab ,.🚜\u0301日本ไทย")))


def surfaces(text: str) -> list[str]:
    tokens = tokenize(text)
    assert tokens.texts == [text[start:end] for start, end in tokens.extents]
    return list(tokens.texts)


def tags(text: str, *mentions: tuple[str, str]) -> tuple[str, ...]:
    found = [(text.index(m), text.index(m) + len(m), label) for m, label in mentions]
    return tag(tokenize(text), found).tags


@given(TEXT)
def test_tokens_are_exact_ordered_and_leave_only_white_space(text: str) -> None:
    position = 0
    for start, end in tokenize(text).extents:
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert text[start:end].strip() == text[start:end]
        position = end
    assert not text[position:].strip()


@given(TEXT)
def test_a_text_has_the_tokens_that_the_tokenizer_gives_all_of_it(text: str) -> None:
    """Though it is only asked for single words."""
    given = TOKENIZER.pre_tokenize_str(text)
    assert surfaces(text) == [piece for piece, _ in given]
    assert list(tokenize(text).extents) == [extent for _, extent in given]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Adi pergi.", ["Adi", "pergi", "."]),
        ("🚜🚜 Tani", ["🚜🚜", "Tani"]),
        ("“q\u0303ori”,", ["“", "q\u0303ori", "”", ","]),
        ("Rp1.000\u00a0juta", ["Rp1", ".", "000", "juta"]),
        ("日本 ไทย", ["日", "本", "ไ", "ท", "ย"]),
        ("ꦱꦧꦼꦤ꧀ꦥꦿꦤꦠ", ["ꦱ", "ꦧꦼ", "ꦤ꧀", "ꦥꦿ", "ꦤ", "ꦠ"]),
        ("ᬫᬓᬲᬫᬶ", ["ᬫ", "ᬓ", "ᬲ", "ᬫᬶ"]),
        ("བོད་ཡིག", ["བོད", "་", "ཡིག"]),
        ("", []),
        (" \n", []),
    ],
)
def test_offsets_are_code_points(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected


@pytest.mark.parametrize(
    ("mentions", "expected"),
    [
        ([], ("O", "O", "O", "O")),
        ([("Kota Lama", "GPE")], ("O", "B-GPE", "I-GPE", "O")),
        ([("Kota", "GPE"), ("Lama", "GPE")], ("O", "B-GPE", "B-GPE", "O")),
        ([("Lama", "PER"), ("Pasar Kota Lama", "FAC")], ("B-FAC", "I-FAC", "I-FAC", "O")),
        ([("Kota Lama", "GPE"), ("Pasar Kota", "FAC")], ("B-FAC", "I-FAC", "O", "O")),
        ([("ota Lama", "GPE")], ("O", "O", "O", "O")),
        ([(" Lama", "GPE")], ("O", "O", "O", "O")),
        ([("Lama", "GPE"), ("Lama", "GPE")], ("O", "O", "B-GPE", "O")),
    ],
)
def test_the_longest_then_the_first_is_tagged(
    mentions: list[tuple[str, str]], expected: tuple[str, ...]
) -> None:
    assert tags("Pasar Kota Lama.", *mentions) == expected


def test_of_equally_long_mentions_the_first_is_tagged() -> None:
    tagging = tag(tokenize("ab cd ef"), [(3, 8, "X"), (0, 5, "Y")])
    assert tagging.tags == ("B-Y", "I-Y", "O")


def test_what_is_not_tagged_is_counted() -> None:
    tokens = tokenize("Pasar Kota Lama.")
    tagging = tag(tokens, [(0, 15, "FAC"), (6, 15, "GPE"), (6, 15, "GPE"), (7, 15, "GPE")])
    assert (tagging.overlapped, tagging.misaligned) == (1, 1)


@given(st.data())
def test_every_mention_is_tagged_or_counted(data: st.DataObject) -> None:
    text = data.draw(TEXT.filter(bool))
    tokens = tokenize(text)
    place = st.integers(0, len(text))
    extents = st.tuples(place, place).filter(lambda pair: pair[0] < pair[1])
    mentions = data.draw(st.lists(st.tuples(extents, st.sampled_from("XY")), max_size=6))
    flat = [(start, end, label) for (start, end), label in mentions]
    tagging = tag(tokens, flat)
    begun = [name for name in tagging.tags if name.startswith("B-")]
    assert len(tagging.tags) == len(tokens.texts)
    assert len(begun) + tagging.overlapped + tagging.misaligned == len(set(flat))
    assert tag(tokens, reversed(flat)) == tagging
    for before, name in zip(("O", *tagging.tags), tagging.tags, strict=False):
        assert not name.startswith("I-") or before[2:] == name[2:]
