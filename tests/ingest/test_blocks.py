import pytest

from reference import shared
from sikap.ingest.blocks import split_blocks
from sikap.languages import RuleBook

RULES = RuleBook().rules("id")
FIRST = "Pemerintah akan membuka jalan itu pada hari Senin."
SECOND = "Warga berharap jalan itu segera selesai dibangun."


def blocks(text: str, language: str = "id") -> list[tuple[str, str]]:
    rules = RuleBook().rules(language)
    return [(block.kind, text[block.start : block.end]) for block in split_blocks(text, rules)]


def test_the_seed_article_falls_into_its_pieces() -> None:
    text = shared("seed/000_e6b9f93865852c3a.txt").read_text(encoding="utf-8")
    found = blocks(text)
    kinds = [kind for kind, _ in found]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "body": 12,
        "dateline": 1,
        "heading": 1,
        "related_link": 3,
    }
    assert found[0] == ("dateline", "Beirut, Purna Warta –")
    assert found[1][1].startswith("Sekretaris Jenderal")


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
