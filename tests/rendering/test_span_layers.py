from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from sikap.records import Extent
from sikap.rendering.span_layers import segments


@st.composite
def texts_with_extents(draw: st.DrawFn) -> tuple[str, list[Extent]]:
    text = draw(st.text(min_size=1, max_size=12))
    borders = st.integers(0, len(text))
    pairs = st.tuples(borders, borders).filter(lambda pair: pair[0] != pair[1])
    return text, [(min(pair), max(pair)) for pair in draw(st.lists(pairs, max_size=5))]


@given(texts_with_extents())
def test_segments_give_text_and_spans_back(drawn: tuple[str, Sequence[Extent]]) -> None:
    text, extents = drawn
    pieces = segments(text, extents)
    assert "".join(piece.text for piece in pieces) == text
    assert all(piece.head + piece.tail == piece.text for piece in pieces)
    for place, (start, end) in enumerate(extents):
        covered = [(p, layer) for p in pieces for layer in p.layers if layer.place == place]
        assert "".join(piece.text for piece, _ in covered) == text[start:end]
        ends = [(layer.first, layer.last) for _, layer in covered]
        assert [first for first, _ in ends] == [True] + [False] * (len(ends) - 1)
        assert [last for _, last in ends] == [False] * (len(ends) - 1) + [True]


@given(texts_with_extents())
def test_layers_that_lie_on_each_other_have_different_depths(
    drawn: tuple[str, Sequence[Extent]],
) -> None:
    for piece in segments(*drawn):
        depths = [layer.depth for layer in piece.layers]
        assert depths == sorted(set(depths), reverse=True)


def test_two_spans_on_the_same_words_are_two_layers() -> None:
    (piece,) = segments("Adi", [(0, 3), (0, 3)])
    assert [(layer.place, layer.depth) for layer in piece.layers] == [(0, 1), (1, 0)]


def test_only_a_short_last_word_is_kept_with_what_follows() -> None:
    (short,) = segments("Kota Lama", [])
    (long,) = segments("Kota " + "a" * 30, [])
    assert (short.head, short.tail) == ("Kota ", "Lama")
    assert long.tail == ""
