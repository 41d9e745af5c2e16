import pytest

from sikap.ingest.blocks import split_blocks
from sikap.languages import RuleBook

FIRST = "Pemerintah akan membuka jalan itu pada hari Senin."
SECOND = "Warga berharap jalan itu segera selesai dibangun."


def blocks(text: str, language: str = "id") -> list[tuple[str, str]]:
    rules = RuleBook().rules(language)
    return [(block.kind, text[block.start : block.end]) for block in split_blocks(text, rules)]


@pytest.mark.parametrize("gap", ["", " ", "  "])
@pytest.mark.parametrize(
    ("title", "after"),
    [
        ("Harga Beras Turun di Pasar Lama", " Adapun harga gula masih naik."),
        ("Harga Beras Turun di Pasar Lama", "Adapun harga gula masih naik."),
        ("Harga Beras Turun, Apa Sebabnya?", "Pedagang mengeluh sejak pekan lalu."),
        ("Harga Beras Turun di Pasar Lama", " “Kami rugi besar,” kata Budi."),
        ("Harga Beras Turun di Pasar Lama", " Dalam RUPS itu, direksi diganti."),
        ("Harga Beras Turun di Pasar Lama", ""),
    ],
)
def test_a_link_inside_a_line_ends_where_a_sentence_begins(
    gap: str, title: str, after: str
) -> None:
    found = blocks(f"{FIRST}{gap}Baca juga: {title}{after}")
    rest = [("body", after.strip())] if after else []
    assert found == [("body", FIRST), ("related_link", f"Baca juga: {title}"), *rest]


def test_titles_that_are_glued_to_a_lead_without_a_colon_are_links() -> None:
    first, second = "Baca JugaJalan Baru Dibuka untuk Umum", "Warga Senang Menonton Pawai"
    assert blocks(f"{FIRST}{first}{second}Sementara itu, pasar masih tutup.") == [
        ("body", FIRST),
        ("related_link", first),
        ("related_link", second),
        ("body", "Sementara itu, pasar masih tutup."),
    ]


def test_words_like_a_lead_inside_a_sentence_announce_nothing() -> None:
    for text in ("Ia berkata baca juga: Jalan Baru Dibuka.", f"{FIRST} Baca juga lampirannya."):
        assert blocks(text) == [("body", text)]


@pytest.mark.parametrize("title", ["Jalan Lama yang Terlupakan", "Mengapa Jalan Baru?"])
def test_a_heading_that_is_glued_on_both_sides_is_one(title: str) -> None:
    assert blocks(f"{FIRST}{title}{SECOND}") == [
        ("body", FIRST),
        ("heading", title),
        ("body", SECOND),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Armada GrabMobil yang baru sudah tiba.",
        "Ia pindah dari desa itu keKota Bandung dan bekerja.",
        "Menurut PT Sari Jaya, laba naik.",
    ],
)
def test_a_name_that_is_glued_to_a_word_is_no_heading(sentence: str) -> None:
    assert blocks(f"{FIRST} {sentence}") == [("body", f"{FIRST} {sentence}")]


def test_a_byline_with_its_site_closes_a_paragraph() -> None:
    byline = "(WartaKita.com/Budi Santoso)"
    assert blocks(f"{FIRST} {byline}") == [("body", FIRST), ("byline", byline)]


def test_a_box_of_title_call_and_button_is_one_link() -> None:
    box = "Anugerah Guru 2025\nBaca kisah para guru teladan di sini\nSelengkapnya"
    assert blocks(f"{FIRST}\n{box}") == [("body", FIRST), ("related_link", box)]


def test_a_first_line_without_an_end_mark_is_a_heading_though_it_is_long() -> None:
    line = (
        "Budi Santoso bicara soal kabar bahwa ia pindah ke kota lain bersama keluarga besarnya kini"
    )
    assert blocks(f"{line}\n{FIRST}\n{SECOND}")[0] == ("heading", line)
