from collections import Counter

import pytest

from news import KINDS, TEXT
from sikap.languages import RuleBook
from sikap.segmentation.blocks import split_blocks

RULES = RuleBook().rules("id")
FIRST = "Pemerintah akan membuka jalan itu pada hari Senin."
SECOND = "Warga berharap jalan itu segera selesai dibangun."


def blocks(text: str, language: str = "id") -> list[tuple[str, str]]:
    rules = RuleBook().rules(language)
    return [(block.kind, text[block.start : block.end]) for block in split_blocks(text, rules)]


def test_an_article_of_news_falls_into_its_pieces() -> None:
    pieces = blocks(TEXT)
    assert Counter(kind for kind, _ in pieces) == KINDS
    assert pieces[0] == ("dateline", "Muaraselasih, Warta Bentala –")
    assert pieces[1][1].startswith("Serikat Nakhoda")


def test_a_break_around_a_link_lies_inside_the_sentence() -> None:
    text = f"Artis\nLuna Maya\nternyata pindah ke\nBali\n.\n{FIRST}"
    assert blocks(text) == [
        ("body", "Artis\nLuna Maya\nternyata pindah ke\nBali\n."),
        ("body", FIRST),
    ]


@pytest.mark.parametrize(
    "broken",
    [
        "Ia tiba dari\nKota Bandung dengan bus.",
        "Ia membeli beras,\nGula, dan garam di pasar.",
        "Ia datang pada Selasa\n(10/6/2025) pagi.",
        "Ia bekerja di PT.\nHonda sejak lama.",
        "Menteri\nBudi Santoso\nmenolak usul itu.",
        "Itu kota besar. Menurut\nBadan Pusat Statistik angkanya naik.",
    ],
)
def test_a_soft_break_joins(broken: str) -> None:
    assert blocks(f"{broken}\n{FIRST}") == [("body", broken), ("body", FIRST)]


def test_an_empty_line_is_always_hard() -> None:
    text = f"Ia tiba dari\n\nkota lain.\n\n{FIRST}"
    assert [piece for _, piece in blocks(text)] == ["Ia tiba dari", "kota lain.", FIRST]


def test_a_short_line_without_an_end_mark_is_a_heading_if_text_follows() -> None:
    assert blocks(f"{FIRST}\nHarapan Warga\n{SECOND}")[1] == ("heading", "Harapan Warga")
    assert blocks(f"{FIRST}\nHarapan Warga\nBaca juga: Jalan Baru\n{SECOND}")[1][0] == "heading"
    assert blocks(f"{FIRST}\nHarapan Warga")[1][0] == "other"


def test_entries_of_a_list_are_no_headings() -> None:
    text = f"{FIRST}\n1. Beras\n2. Gula\n3. Garam\n{SECOND}"
    assert {kind for kind, _ in blocks(text)} == {"body"}


def test_a_numbered_heading_is_one() -> None:
    text = f"{FIRST}\n1. Jalan Baru\n{SECOND}\n2. Jembatan Lama\n{FIRST}"
    assert [kind for kind, _ in blocks(text)] == ["body", "heading", "body", "heading", "body"]


def test_a_lead_takes_the_title_on_the_next_line() -> None:
    assert blocks(f"{FIRST}\nBaca juga:\nJalan Baru Dibuka?\n{SECOND}") == [
        ("body", FIRST),
        ("related_link", "Baca juga:\nJalan Baru Dibuka?"),
        ("body", SECOND),
    ]


def test_a_lead_without_a_colon_takes_all_titles_that_follow() -> None:
    text = f"{FIRST}\nBaca Juga\nJalan Baru Dibuka\nWarga Senang\n{SECOND}"
    assert blocks(text)[1:] == [
        ("related_link", "Baca Juga\nJalan Baru Dibuka"),
        ("related_link", "Warga Senang"),
        ("body", SECOND),
    ]


def test_a_lead_whose_title_was_lost_takes_no_sentence() -> None:
    text = f"{FIRST}\nBaca Juga\n{SECOND}\nAdvertisement"
    assert [kind for kind, _ in blocks(text)] == ["body", "related_link", "body", "other"]


def test_a_sentence_that_begins_like_a_lead_stays_a_sentence() -> None:
    assert blocks(f"{FIRST}\nBaca juga bagian akhir laporan ini.")[1][0] == "body"


def test_a_dateline_on_lines_of_its_own_shares_the_first_paragraph() -> None:
    text = f"Jakarta\n-\n{FIRST}\n{SECOND}"
    assert [(block.kind, block.paragraph) for block in split_blocks(text, RULES)] == [
        ("dateline", 0),
        ("body", 0),
        ("body", 1),
    ]


def test_datelines_stand_before_the_body_only() -> None:
    assert blocks(f"{FIRST}\nJAKARTA - {SECOND}")[1] == ("body", f"JAKARTA - {SECOND}")
    text = f"Laporan Wartawan Warta Kita, Budi Santoso\nBOGOR - {FIRST}"
    assert [kind for kind, _ in blocks(text)] == ["byline", "dateline", "body"]


def test_what_stands_after_the_byline_are_keywords() -> None:
    text = f"{FIRST}\n(dry/din)\njalan baru\nJawa Barat"
    assert blocks(text)[1:] == [
        ("byline", "(dry/din)"),
        ("other", "jalan baru"),
        ("other", "Jawa Barat"),
    ]


def test_a_byline_that_closes_the_last_paragraph_is_taken_off() -> None:
    assert blocks(f"{FIRST} (ima)") == [("body", FIRST), ("byline", "(ima)")]
    assert blocks("Ia hadir bersama Perserikatan Bangsa-Bangsa (PBB)")[0][0] == "body"


def test_an_invitation_that_is_glued_to_a_paragraph_is_taken_off() -> None:
    text = f"{FIRST}Ikuti Whatsapp Channel Warta\n{SECOND}"
    found = split_blocks(text, RULES)
    assert [(block.kind, block.paragraph) for block in found] == [
        ("body", 0),
        ("other", 0),
        ("body", 1),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("SCROLL TO CONTINUE WITH CONTENT", "other"),
        ("ADVERTISEMENT", "other"),
        ("[Gambas:Video 20detik]", "other"),
        ("https://example.org/a", "other"),
        ("***", "other"),
        ("Simak juga Video: Jalan Baru", "related_link"),
        ("Foto: Budi Santoso/Warta Kita", "caption"),
        ("Ilustrasi jalan. (Dok. Warta Kita)", "caption"),
        ("Warga melihat jalan baru itu. (Foto: dok. Warta Kita)", "caption"),
        ("Editor: Budi Santoso", "byline"),
    ],
)
def test_standing_formulas_are_typed(line: str, kind: str) -> None:
    assert blocks(f"{FIRST}\n{line}\n{SECOND}") == [
        ("body", FIRST),
        (kind, line),
        ("body", SECOND),
    ]


def test_a_table_of_contents_is_not_the_headings_it_lists() -> None:
    text = f"Daftar Isi\nJalan Baru\nJakarta\n-\n{FIRST}\nJalan Baru\n{SECOND}"
    kinds = [kind for kind, _ in blocks(text)]
    assert kinds == ["other", "other", "dateline", "body", "heading", "body"]


def test_a_language_without_rules_takes_the_same_path() -> None:
    text = "标题\n数百万的巧克力棒被撤下柜台。公司损失达四百五十万美元。"
    assert [kind for kind, _ in blocks(text, "zh")] == ["heading", "body"]


def test_one_short_line_is_body() -> None:
    assert blocks("Halo dunia") == [("body", "Halo dunia")]


@pytest.mark.parametrize("opening", ["PORT-LOUIS–", "PORT-LOUIS– ", "JAKARTA--", "JAKARTA – "])
def test_a_dash_can_be_glued_to_a_dateline_in_capitals(opening: str) -> None:
    assert blocks(f"{opening}{FIRST}\n{SECOND}")[0] == ("dateline", opening.strip())


@pytest.mark.parametrize("day", ["Senin, 9 Juni 2025 10:30 WIB", "Senin, 09/06/2025 10.30 |"])
def test_a_day_by_itself_above_an_article_is_a_dateline(day: str) -> None:
    assert blocks(f"{day}\n{FIRST}\n{SECOND}")[0] == ("dateline", day)


def test_an_article_that_is_repeated_has_its_dateline_again() -> None:
    found = blocks(f"KORAN.CO.ID, JAKARTA -- {FIRST}\nKORAN.CO.ID, JAKARTA -- {SECOND}")
    assert found[2:] == [("dateline", "KORAN.CO.ID, JAKARTA --"), ("body", SECOND)]


def test_labels_stand_over_the_wording_of_a_verse() -> None:
    verse, meaning = "Sumer iku lintang kang padhang", '"Bintang itu terang sekali."'
    assert blocks(f"{FIRST}\nLatin:\n{verse}\nArtinya:\n{meaning}\n{SECOND}")[1:5] == [
        ("heading", "Latin:"),
        ("body", verse),
        ("heading", "Artinya:"),
        ("body", meaning),
    ]


def test_a_quotation_on_a_line_of_its_own_is_a_paragraph() -> None:
    said, words = "Di depan warga ia berkata,", '"Jalan itu akan selesai pada hari Senin."'
    assert blocks(f"{FIRST} {said}\n{words}\n{SECOND}") == [
        ("body", f"{FIRST} {said}"),
        ("body", words),
        ("body", SECOND),
    ]


def test_a_sentence_that_was_cut_off_is_no_heading() -> None:
    cut = "Warga itu juga diduga sempat menolak pindah dari rumah lama mereka karena tida"
    assert blocks(f"{FIRST}\n{cut}\n{SECOND}")[1] == ("body", cut)


def test_a_title_over_a_numbered_list_is_a_heading() -> None:
    text = f"{FIRST}\nDaftar Desa yang Terpilih\n1. Karangbaru\n2. Sukamaju\n{SECOND}"
    assert [kind for kind, _ in blocks(text)] == ["body", "heading", "body", "body", "body"]


@pytest.mark.parametrize(
    "tail",
    [
        "Karangbaru: hujan\nSukamaju: cerah",
        "-Desa Karangbaru, Senin (9/6/2025)\n-Desa Sukamaju, Rabu (11/6/2025)",
    ],
)
def test_a_list_at_the_end_is_part_of_the_article(tail: str) -> None:
    assert {kind for kind, _ in blocks(f"{FIRST}\n{SECOND}\n{tail}")} == {"body"}


def test_what_a_colon_announces_at_the_end_is_part_of_the_article() -> None:
    text = f"{FIRST}\nAcara itu ada di:\nLapangan Karangbaru\nBalai Sukamaju"
    assert [kind for kind, _ in blocks(text)] == ["body"] * 4


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Artikel ini sudah lebih dulu tayang di Koran Desa. Selengkapnya klik di sini.", "other"),
        ("Berita ini sebelumnya telah dimuat di Koran Desa.", "other"),
        ("Simak berita menarik lainnya di korandesa.id dengan mengklik Google News.", "other"),
        ("(KORANDESA.ID / KORANKOTA.COM)", "other"),
        ("[Lihat semua jawaban kelas lima KLIK DI SINI]", "related_link"),
        ("PEXELS/BudiSeorang petani di sawah.", "caption"),
        ("freepikSeorang petani di sawah", "caption"),
        ("KoranDesa.id/ANI Seorang petani di sawah", "caption"),
    ],
)
def test_indonesian_notices_credits_and_calls(line: str, kind: str) -> None:
    assert blocks(f"{FIRST}\n{line}\n{SECOND}")[1] == (kind, line)


EARLY, LATE = "The council will open the road on Monday.", "People hope that it will be finished."


@pytest.mark.parametrize(
    "opening",
    [
        "BOISE, Idaho (AP) —",
        "CAIRO/PARIS, June 3 (Reuters) -",
        "BOISE, Idaho, June 3, 2025 /Wire/ --",
        "(Reuters) -",
        "Paris (AFP) –",
        "Nairobi, Kenya —",
    ],
)
def test_the_datelines_of_agencies(opening: str) -> None:
    assert blocks(f"{opening} {EARLY}\n{LATE}", "en")[:2] == [
        ("dateline", opening),
        ("body", EARLY),
    ]


@pytest.mark.parametrize("day", ["Friday, May 9, 2025", "May 9, 2025", "9 May 2025"])
def test_an_english_day_by_itself_above_an_article_is_a_dateline(day: str) -> None:
    assert blocks(f"Road Opens\n\n{day}\n\n{EARLY}", "en")[1] == ("dateline", day)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Reporting by A. Nobody in Boise; Editing by B. Nobody", "byline"),
        ("By ANN NOBODY, County Press", "byline"),
        ("Compiled by Ann Nobody", "byline"),
        ("County Press writer Ann Nobody contributed to this report.", "byline"),
        ("The mayor at the new road on Monday. (AP Photo/Ann Nobody)", "caption"),
        ("The new road near the river. [File: Ann Nobody/Reuters]", "caption"),
        ("REUTERS/Ann Nobody", "caption"),
        ("A plan of the road Image: Ann Nobody", "caption"),
        ("Read more: Council Opens New Road", "related_link"),
        ("Read the full story here.", "related_link"),
        ("Click here to see all plans of the road", "related_link"),
        ("ADVERTISEMENT", "other"),
        ("Skip advertisement", "other"),
        ("This article was originally published on County Press.", "other"),
        ("This story has been republished from County Press under a free licence.", "other"),
        ("The views expressed in this article are those of its author.", "other"),
        ("Updated on 9 May 2025 at 10:30", "other"),
        ("3 min read", "other"),
        ("Topics: roads, council", "other"),
    ],
)
def test_english_notices_credits_and_calls(line: str, kind: str) -> None:
    assert blocks(f"{EARLY}\n{line}\n{LATE}", "en")[1] == (kind, line)


@pytest.mark.parametrize(
    "sentence",
    [
        "By the time Ann Nobody came, the road was closed.",
        "This article of the treaty was never published in the county.",
        "Nairobi — it must be said — is far away.",
        "The photo by the river shows Ann.",
    ],
)
def test_sentences_that_begin_like_a_formula_stay_text(sentence: str) -> None:
    assert blocks(f"{sentence}\n{LATE}", "en") == [("body", sentence), ("body", LATE)]
