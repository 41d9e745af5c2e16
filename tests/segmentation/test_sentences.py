from collections import Counter
from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import article
from news import DATASET_TEXTS, KINDS, TEXT
from sikap.articles.normalise import Frozen, freeze_text
from sikap.languages import RuleBook, known_languages
from sikap.records import Article, Sentence
from sikap.segmentation.sentences import check_sentences, segment, sentence_ends
from sikap.text.unicode import OUTER

BOOK = RuleBook()


def cut(text: str, language: str = "id") -> list[str]:
    return [found.text for found in segment(article(text), BOOK.rules(language))]


def joined(text: str, sentences: Iterable[Sentence]) -> str:
    """The text put together again, from gaps that hold nothing visible and from sentences."""
    parts, position = [], 0
    for sentence in sentences:
        gap = text[position : sentence.start]
        assert OUTER.fullmatch(gap)
        parts += [gap, sentence.text]
        position = sentence.end
    assert OUTER.fullmatch(text[position:])
    return "".join([*parts, text[position:]])


def test_an_article_of_news_has_twelve_body_sentences() -> None:
    sentences = segment(article(TEXT), BOOK.rules("id"))
    assert Counter(sentence.kind for sentence in sentences) == KINDS
    body = [sentence for sentence in sentences if sentence.kind == "body"]
    assert body[0].text.startswith("Serikat Nakhoda")
    assert [sentence.index for sentence in sentences] == list(range(17))
    assert joined(TEXT, sentences) == TEXT


@pytest.mark.parametrize("text", DATASET_TEXTS)
def test_articles_of_the_dataset_have_exact_spans_and_clean_gaps(text: str) -> None:
    frozen = freeze_text(text, "a.txt", "utf-8")
    assert isinstance(frozen, Frozen)
    sentences = segment(article(frozen.text), BOOK.rules("id"))
    assert not list(check_sentences(article(frozen.text), sentences))
    assert joined(frozen.text, sentences) == frozen.text


@pytest.mark.parametrize(
    "sentences",
    [
        ["Tn. Budi bertemu Ny. Ani di Jl. Merdeka No. 5.", "Mereka senang."],
        ["PT. Astra Tbk. (ASII) naik.", "Saham lain turun."],
        ["Warga menuding PT. Sari Tbk. sebagai biang keladi.", "Ia diam."],
        ["Panglima, Laksda. Gatra Wisnu, membantah.", "Ia diam."],
        ["Kepala badan itu, Laksda. (Purn.) Gatra Wisnu, membantah.", "Ia diam."],
        ["Kantor Grab Pte. Ltd. (GRAB) pindah.", "Alasannya sewa."],
        ["Kerajaan itu berdiri pada abad ke-6 M.", "Rajanya Purnawarman."],
        ["Laba naik pada kuartal I.", "Direksi puas."],
        ["Suhu turun di bawah 2 C.", "Warga kedinginan."],
        ["Menteri A. Rahman datang.", "Ia disambut."],
        ["“Kami menolak,” katanya..", "Rapat lalu ditutup."],
        ["Ia berkata, “Kami akan menang.”", "Lalu ia pergi."],
        ["“Benarkah?” tanya dia.", "Tidak ada jawaban."],
        ["Kunjungi KOMPAS.com atau Tribunnews.com hari ini.", "Gratis."],
    ],
)
def test_full_stops_that_end_a_sentence_are_told_from_those_that_do_not(
    sentences: list[str],
) -> None:
    assert cut(" ".join(sentences)) == sentences


def test_sentences_without_a_space_between_them_are_parted() -> None:
    text = "Ia datang ke kota itu.Warga senang.“Selamat,” kata dia.Lalu ia pergi."
    assert cut(text) == [
        "Ia datang ke kota itu.",
        "Warga senang.",
        "“Selamat,” kata dia.",
        "Lalu ia pergi.",
    ]


def test_straight_quotes_go_to_the_sentence_that_they_quote() -> None:
    text = 'Ia menolak rencana itu."Kami kecewa," kata dia. Ia menjawab, "Tidak."Warga diam saja.'
    assert cut(text) == [
        "Ia menolak rencana itu.",
        '"Kami kecewa," kata dia.',
        'Ia menjawab, "Tidak."',
        "Warga diam saja.",
    ]


def test_a_soft_break_stays_inside_the_sentence() -> None:
    text = "Artis\nLuna Maya\nternyata pindah. Ia kini di\nBali\n."
    assert cut(text) == ["Artis\nLuna Maya\nternyata pindah.", "Ia kini di\nBali\n."]


def test_a_mark_is_no_sentence_by_itself() -> None:
    assert cut("Ia pergi. 😀 Ia kembali. !") == ["Ia pergi.", "😀 Ia kembali. !"]


def test_a_long_paragraph_without_spaces_is_cut_like_a_short_one() -> None:
    assert cut("同样的力不同。" * 5000, "zh") == ["同样的力不同。"] * 5000


def test_a_long_paragraph_is_cut_like_a_short_one() -> None:
    sentences = ["Tn. Budi pergi ke Jl. Merdeka.", "“Benarkah?” tanya Ani."]
    assert cut(" ".join(sentences * 1000)) == sentences * 1000


def test_invisible_characters_are_gaps_only() -> None:
    text = "\u200b Ia pergi.\ufeff \u2060Ia kembali. \u200b"
    assert cut(text) == ["Ia pergi.", "Ia kembali."]


def test_equal_sentences_of_one_article_have_different_ids() -> None:
    found = segment(article("Ia pergi. Ia pergi. Ia pergi."), BOOK.rules("id"))
    assert len({sentence.sentence_id for sentence in found}) == 3


def test_an_edit_elsewhere_does_not_change_an_id() -> None:
    before = segment(article("Ia pergi. Ia kembali."), BOOK.rules("id"))
    after = segment(article("Pagi itu hujan. Ia pergi. Ia kembali."), BOOK.rules("id"))
    assert [one.sentence_id for one in before] == [one.sentence_id for one in after[1:]]


MARKS = "\n\t .!?…:;,-–—()[]{}\"'“”‘’«»。！？•1aZé"
WORDS = ["Tn.", "Jakarta", "ia", "(a/b)", "Baca juga:", "Baca juga", "Daftar isi", "KOMPAS.com -"]
BREAKS = ["\n\n", "\r\n", "\u2028", "\u00a0", "\u200b", "\u200d", "\ufeff", "\u00ad", "\u202e"]
SCRIPTS = [
    *(
        "\u0301",
        "😀",
        "👨\u200d👩\u200d👧",
        "שלום",
        "ก",
        "ADVERTISEMENT",
        "***",
        "你好。",
        "はい」と",
        "．",
    ),
    *("كيف؟", "نعم۔", "हाँ।", "॥", "ကက။", "កក។", "Այո։", "ሰላም።", "ναι;", "བོད།", "𑇅", "𛲟", "한국어."),
]
PIECES = st.sampled_from([*MARKS, *WORDS, *BREAKS, *SCRIPTS])
HOSTILE = st.one_of(
    st.lists(PIECES, max_size=60).map("".join), st.text(st.characters(exclude_categories=()))
)


@given(HOSTILE, st.sampled_from([*known_languages(), "und"]))
def test_any_text_is_rejected_or_gets_exact_spans(text: str, language: str) -> None:
    frozen = freeze_text(text, "a.txt", "utf-8")
    if not isinstance(frozen, Frozen):
        assert frozen.code in {"empty", "surrogate", "control-character"}
        return
    assert freeze_text(frozen.text, "a.txt", "utf-8") == Frozen(frozen.text, "utf-8", ())
    source = article(frozen.text)
    found = segment(source, BOOK.rules(language))
    assert found
    assert not list(check_sentences(source, found))
    assert joined(frozen.text, found) == frozen.text
    assert all(sentence.text == sentence.text.strip() for sentence in found)
    assert segment(source, BOOK.rules(language)) == found


@given(st.lists(PIECES, max_size=40).map("".join))
def test_sentence_ends_ascend_to_the_length_of_the_paragraph(text: str) -> None:
    ends = sentence_ends(text, BOOK.rules("id"))
    assert ends == sorted(set(ends))
    assert ends[-1] == len(text)


SOURCE = article("Ia pergi. Ia kembali.")
GOOD = segment(SOURCE, BOOK.rules("id"))


def changed(number: int, **fields: object) -> list[Sentence]:
    sentences = list(GOOD)
    sentences[number] = msgspec.structs.replace(GOOD[number], **fields)
    return sentences


@pytest.mark.parametrize(
    ("sentences", "codes"),
    [
        (GOOD, []),
        (changed(0, text="Dia pergi."), ["span-text"]),
        (changed(1, start=8, text=". Ia kembali."), ["span-overlap"]),
        (changed(1, start=13, text="kembali."), ["gap-text"]),
        (GOOD[:1], ["gap-text"]),
        (GOOD[1:], ["gap-text"]),
        ([], ["gap-text"]),
        (changed(1, end=99), ["span-outside", "gap-text"]),
        (changed(0, start=-3), ["span-outside", "gap-text"]),
    ],
)
def test_a_wrong_span_is_named(sentences: list[Sentence], codes: list[str]) -> None:
    source: Article = SOURCE
    assert [problem.code for problem in check_sentences(source, sentences)] == codes
