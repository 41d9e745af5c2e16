from hypothesis import given
from hypothesis import strategies as st

from sikap.release.data.conll import Tagged, to_conll
from sikap.text.tokens import tokenize

TEXTS = st.lists(st.text(max_size=12) | st.sampled_from(["# sentence_id = x", "#", "a\u0085b"]))


def tagged(number: int, text: str) -> Tagged:
    extents = tokenize(text).extents
    tokens = [text[start:end] for start, end in extents]
    starts, ends = [start for start, _ in extents], [end for _, end in extents]
    return f"s{number}", "a", tokens, starts, ends, ["O"] * len(tokens)


def read(text: str) -> list[list[list[str]]]:
    """The sentences of a file as a reader of CoNLL sees them."""
    blocks = text.split("\n\n")[:-1] if text else []
    return [
        [line.split("\t") for line in block.split("\n") if not line.startswith("# ")]
        for block in blocks
    ]


@given(TEXTS)
def test_what_is_written_can_be_read_again(texts: list[str]) -> None:
    sentences = [tagged(number, text) for number, text in enumerate(texts)]
    expected = [
        [[t, str(s), str(e), tag] for t, s, e, tag in zip(*one[2:], strict=True)]
        for one in sentences
    ]
    assert [[line for line in s if line != [""]] for s in read(to_conll(sentences))] == expected


def test_a_sentence_is_named_and_ended_by_a_blank_line() -> None:
    sentence = ("s1", "a1", ["Adi", "diam"], [0, 4], [3, 8], ["B-PER", "O"])
    lines = ["# sentence_id = s1", "# article_id = a1", "Adi\t0\t3\tB-PER", "diam\t4\t8\tO", "", ""]
    assert to_conll([sentence]).split("\n") == lines
