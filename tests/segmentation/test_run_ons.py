import pytest

from sikap.languages import RuleBook
from sikap.segmentation.blocks import split_blocks

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


def test_a_short_half_of_a_glued_word_is_no_title_by_itself() -> None:
    link = "Baca JugaCara Baru Menjual Batik Lewat TikTok Ramai Dicoba Warga Kota"
    assert blocks(f"{FIRST}{link}")[1:] == [("related_link", link)]


def test_a_quotation_that_is_glued_to_a_link_begins_the_text_again() -> None:
    link = "Baca JugaJalan Baru Dibuka untuk Umum"
    assert blocks(f'{FIRST}{link}"Kami senang sekali," kata Budi.')[1:] == [
        ("related_link", link),
        ("body", '"Kami senang sekali," kata Budi.'),
    ]


def test_headings_with_numbers_are_cut_out_with_their_numbers() -> None:
    text = (
        f"{FIRST}3 Alasan Warga Pindah ke Desa1. Harga Tanah Lebih MurahNamun, ada pula yang "
        f"menolak.2. Udara Bersih dan SegarPenduduk kota ingin sehat. {SECOND}"
    )
    assert blocks(text) == [
        ("body", FIRST),
        ("heading", "3 Alasan Warga Pindah ke Desa"),
        ("heading", "1. Harga Tanah Lebih Murah"),
        ("body", "Namun, ada pula yang menolak."),
        ("heading", "2. Udara Bersih dan Segar"),
        ("body", f"Penduduk kota ingin sehat. {SECOND}"),
    ]


def test_a_question_can_be_a_heading_before_a_numbered_one() -> None:
    text = f"{FIRST}Mengapa Warga Pindah?1. Harga Tanah Rp 1.500 Per MeterAda pula yang menolak."
    assert blocks(text)[1:] == [
        ("heading", "Mengapa Warga Pindah?"),
        ("heading", "1. Harga Tanah Rp 1.500 Per Meter"),
        ("body", "Ada pula yang menolak."),
    ]


def test_after_a_number_text_begins_with_a_name_only_if_both_halves_are_long() -> None:
    assert blocks(f"{FIRST}1. Pasar Desa KarangbaruKepala Desa senang.")[1:] == [
        ("heading", "1. Pasar Desa Karangbaru"),
        ("body", "Kepala Desa senang."),
    ]
    account = "5. Pilih Rekening SimpAda Utama."
    assert [kind for kind, _ in blocks(f"{FIRST}\n{account}")] == ["body", "body"]


def test_a_numbered_heading_ends_the_title_of_a_link() -> None:
    text = (
        f"{FIRST} Baca Juga: Kisah Desa di Atas Awan 3. Warganya Berjumlah 431 OrangMereka bertani."
    )
    assert blocks(text)[1:] == [
        ("related_link", "Baca Juga: Kisah Desa di Atas Awan"),
        ("heading", "3. Warganya Berjumlah 431 Orang"),
        ("body", "Mereka bertani."),
    ]


def test_the_source_of_a_quotation_does_not_part_a_sentence() -> None:
    text = f"{FIRST} “Bacalah dengan tenang.” (HR. Fulan dan Fulan)Kalimat itu pendek."
    assert blocks(text) == [("body", text)]
