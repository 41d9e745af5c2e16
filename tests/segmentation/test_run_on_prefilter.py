import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.languages import RuleBook
from sikap.segmentation.run_on_prefilter import cuts
from sikap.segmentation.run_ons import parts

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


@given(TEXTS, st.data())
def test_a_line_has_the_same_parts_by_the_cuts_of_its_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    known = list(parts(text, start, end, RULES, cuts(text, RULES)))
    assert known == list(parts(text, start, end, RULES))


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
    found = cuts(text, RULES)
    assert found.opens + found.glued == [place]


def test_a_plain_text_has_no_cuts() -> None:
    text = "“Jalan itu dibuka,” kata Menteri Budi. Pada 2023 Warga menunggu."
    assert cuts(text, RULES) == ([], [])
