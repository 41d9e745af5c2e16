import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.ingest.cuts import cuts
from sikap.ingest.glued import parts
from sikap.languages import RuleBook

RULES = RuleBook().rules("id")
PIECES = [
    *(
        "Baca juga: ",
        "BACA JUGA",
        "Harapan Warga",
        "Kota Baru",
        "Pemerintah akan ",
        "warga ",
        "5 Kota",
    ),
    *(". ", ".", "? ", "”", "“", "12 ", "\n", " ", "é", "\u0663", "\u017f", "\u4e2d", "%", ")"),
]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=20).map("".join)


@given(TEXTS)
def test_each_part_begins_at_one_of_the_cuts(text: str) -> None:
    found = [part for part in parts(text, 0, len(text), RULES) if part[2] is not None]
    borders = {start for start, _, _ in found} | {end for _, end, _ in found}
    assert not found or borders & set(cuts(text, RULES))


@given(TEXTS, st.data())
def test_a_line_without_cuts_is_one_part(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    if start < end and not any(start <= cut < end for cut in cuts(text, RULES)):
        assert list(parts(text, start, end, RULES)) == [(start, end, None)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Jalan itu dibuka. Baca juga: Kota Tua Dibuka", 18),
        ("Jalan itu dibuka.Harapan WargaWarga menunggu lama", 30),
        ("Jalan itu dibuka.Harapan Warga5 Orang menunggu", 30),
        ("“Jalan” é \u4e2d dibuka.Harapan WargaWarga menunggu lama", 32),
    ],
)
def test_a_glued_place_is_found_in_any_script(text: str, place: int) -> None:
    assert cuts(text, RULES) == [place]


def test_a_plain_text_has_no_cuts() -> None:
    text = "“Jalan itu dibuka,” kata Menteri Budi. Pada 2023 Warga menunggu."
    assert cuts(text, RULES) == []
