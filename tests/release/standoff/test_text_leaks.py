"""What is searched for pieces of articles: finding all that is there, and nothing else."""

import html
import json
import unicodedata
from collections.abc import Callable, Iterable
from urllib.parse import quote

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from samples import sample
from sikap.errors import Problem
from sikap.records import Article
from sikap.release.standoff.text_leaks import (
    CHARACTERS,
    UNITS,
    WORDS,
    Pieces,
    Place,
    decoded,
    text_found,
)
from sikap.text.words import is_unspaced, normal_form, shingles

TEXT = (
    "Wali Kota Rintan Belsara menolak Proyek Menara Kawi pada Selasa pagi di Lembang.\n"
    "Bu q\u0303ori berkata: “Kami tidak pernah diajak bicara soal itu!” 🚧 Lihat "
    "https://kabar.example/2026/03/wali-kota-menolak-proyek-menara-kawi-di-tengah-hujan ya.\n"
)
SENTENCE = "Wali Kota Rintan Belsara menolak Proyek Menara Kawi pada Selasa pagi di Lembang."
SHORT = "Wali Kota Rintan Belsara menolak Proyek Menara"
CHINESE = "市长周二上午宣布，新塔项目将被推迟到明年春天再行审议，居民对此表示欢迎。"
JAVANESE = "ꦱꦧꦼꦤ꧀ꦥꦿꦤꦠꦏꦭꦲꦶꦂꦫꦏꦺꦏꦤ꧀ꦛꦶꦩꦂꦢꦶꦏꦭꦤ꧀ꦢꦂꦧꦺꦩꦂꦠꦧꦠ꧀ꦭꦤ꧀ꦲꦏ꧀ꦲꦏ꧀ꦏꦁꦥꦝ"
THAI = "นายกเทศมนตรีประกาศเลื่อนโครงการหอคอยใหม่ออกไปเป็นปีหน้า"


def article(text: str, id_: str = "berita", title: str | None = None) -> Article:
    return msgspec.structs.replace(sample().articles[0], article_id=id_, text=text, title=title)


ARTICLES = [
    article("Hujan turun."),
    article(TEXT, "menara", "Belsara Menolak Menara"),
    article(CHINESE, "ta"),
    article(THAI, "thai"),
    article(JAVANESE, "jawa"),
]


def search(text: str, where: str = "", articles: Iterable[Article] = ARTICLES) -> list[Problem]:
    return list(text_found([Place(file="f", where=where, text=text)], list(articles)))


HIDING: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in capitals": str.upper,
    "without punctuation": lambda text: text.replace(".", "").replace(",", ""),
    "with other white space": lambda text: text.replace(" ", "\n\t\u00a0"),
    "with other punctuation": lambda text: text.replace(" ", " – "),
    "in a longer id": lambda text: f"x-{text.lower().replace(' ', '-')}-2026",
    "in an id with underscores": lambda text: f"x_{text.replace(' ', '_')}_2",
    "decomposed": lambda text: unicodedata.normalize("NFKD", text),
    "in full width": lambda text: "".join(
        chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text
    ),
    "with soft hyphens": "\u00ad".join,
    "with joiners of no width": "\u200b".join,
    "with spaces of no width": lambda text: text.replace(" ", "\u200b"),
    "with tags that nobody sees": "\U000e0041".join,
    "with controls": "\x08".join,
    "with controls for spaces": lambda text: text.replace(" ", "\0"),
    "with a filler": "\u3164".join,
    "with private characters": "\ue000".join,
    "as JSON": lambda text: json.dumps({"note": [text]}),
    "as JSON in JSON": lambda text: json.dumps(json.dumps(text)),
    "as JSON with every letter escaped": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "as a JSON list of words": lambda text: json.dumps(text.split()),
    "as a JSON list of pieces": lambda text: json.dumps(
        [text[start : start + 3] for start in range(0, len(text), 3)]
    ),
    "with other accents": lambda text: text.replace("a", "a\u0301").replace("e", "\u00eb"),
    "as YAML": lambda text: yaml.safe_dump({"note": text}, width=20),
    "as HTML entities": lambda text: "".join(f"&#{ord(c)};" for c in text),
    "as hexadecimal entities": lambda text: "".join(f"&#x{ord(c):x};" for c in text),
    "as entities in entities": lambda text: html.escape("".join(f"&#{ord(c)};" for c in text)),
    "with tags around words": lambda text: text.replace(" ", "</b> <b>"),
    "with tags inside words": lambda text: text.replace("a", "a<wbr>"),
    "as a comment": lambda text: f"<!-- {text} -->",
    "in an attribute": lambda text: f'<p title="{text}">',
    "in Markdown emphasis": lambda text: text.replace(" ", " *_") + "_*",
    "behind backslashes": lambda text: "\\" + text.replace("a", "\\a"),
    "with percent signs": lambda text: quote(text).replace("%20", " %20"),
}


@pytest.mark.parametrize("way", HIDING)
def test_a_sentence_is_found_however_it_is_written(way: str) -> None:
    (problem,) = search(f"Lihat pedoman.\n\n{HIDING[way](SENTENCE)}\n\nTerima kasih.")
    assert (problem.code, problem.file, problem.id) == ("text-found", "f", "menara")


def test_a_finding_names_line_and_article_and_quotes_nothing() -> None:
    (problem,) = search(f"satu\ndua\n> {SENTENCE}\nempat")
    assert (problem.line, problem.id) == (3, "menara")
    assert not any(word in str(problem) for word in ("Rintan", "Kawi", "Lembang"))


def test_a_piece_over_several_lines_ends_on_the_last_of_them() -> None:
    first, second = SENTENCE[:40], SENTENCE[40:64]
    (problem,) = search(f"satu\n{first}\n{second}\nempat\n")
    assert problem.line == 3


def test_a_place_that_is_no_line_is_named_as_it_is() -> None:
    (problem,) = search(SENTENCE, where="column spans.text")
    assert (problem.line, problem.found.partition(" holds")[0]) == (None, "column spans.text")


def test_words_fewer_than_a_piece_are_nobodys() -> None:
    assert len(SHORT.split()) == WORDS - 1
    assert search(f"{SHORT}. {SHORT}.") == []


def test_a_web_address_is_no_text() -> None:
    url = "https://kabar.example/2026/03/wali-kota-menolak-proyek-menara-kawi-di-tengah-hujan"
    assert search(f'Sumber: <a href="{url}">{url}</a>, "{url}".') == []
    assert [p.id for p in search(url.removeprefix("https://kabar.example/2026/03/"))] == []


def test_what_an_address_spells_in_percent_signs_is_no_text_either() -> None:
    assert search(f"https://kabar.example/?q=%22{quote(SENTENCE)}%22&page=2") == []
    assert search(f'"https://kabar.example/{quote(CHINESE)}"') == []


def test_numbers_in_a_row_are_a_table_and_no_piece() -> None:
    table = article("Klasemen: Persatuan 0 0 0 0 0 0 0 0 0 0, Sawah 1 2 3 4 5 6 7 8 9.", "bola")
    assert search("| train | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |", articles=[table]) == []
    assert search("[1, 2, 3, 4, 5, 6, 7, 8]", articles=[table]) == []
    assert search("Persatuan 0 0 0 0 0 0 0", articles=[table])


def test_words_beside_an_address_are_text_all_the_same() -> None:
    words = SENTENCE.split()
    half = f"{' '.join(words[:4])} https://kabar.example/x {' '.join(words[4:])}"
    assert [problem.id for problem in search(half)] == ["menara"]


@pytest.mark.parametrize("title", ["Belsara Menolak Menara", "BELSARA, menolak: menara"])
def test_a_whole_title_is_found(title: str) -> None:
    assert [problem.id for problem in search(f"Contoh: {title}!")] == ["menara"]
    assert search(title.rpartition(" ")[0]) == []


def test_a_title_of_two_words_is_no_piece() -> None:
    assert search("Sawah hijau", articles=[article("Hujan.", title="Sawah hijau")]) == []


def test_a_whole_title_in_a_script_without_spaces_is_found() -> None:
    named = article("Hujan.", "ta", "市长推迟新塔项目")
    assert [p.id for p in search("例：「市长推迟新塔项目」。", articles=[named])] == ["ta"]
    assert search("例：「市长推迟新塔」。", articles=[named]) == []
    assert (
        search(
            "市长推迟新塔项目", articles=[article("Hujan.", "市长推迟新塔项目", "市长推迟新塔项目")]
        )
        == []
    )


def test_a_title_that_its_id_spells_out_is_no_secret() -> None:
    named = article("Hujan.", "banjir-di-kota-lama", "Banjir di Kota Lama")
    assert search('{"articles": ["banjir-di-kota-lama"]}', articles=[named]) == []


def test_an_id_that_spells_out_eight_words_is_found() -> None:
    long = "gubernur-sari-menolak-proyek-bendungan-besar-di-kota"
    title = long.replace("-", " ").title()
    assert [p.id for p in search(long, articles=[article("Hujan.", long, title)])] == [long]


@pytest.mark.parametrize(("text", "id_"), [(CHINESE, "ta"), (THAI, "thai"), (JAVANESE, "jawa")])
def test_scripts_without_spaces_are_searched_by_twenty_characters(text: str, id_: str) -> None:
    letters = [c for c in text if unicodedata.category(c)[0] in "LM"]
    piece = letters[:CHARACTERS]
    assert search("".join(piece[:-1])) == []
    for joined in ("".join(piece), " ".join(piece), "，\n".join(piece)):
        assert [problem.id for problem in search(f"abc {joined} def")] == [id_]


@pytest.mark.parametrize("text", [CHINESE, THAI, JAVANESE])
def test_copies_and_leaks_see_the_same_characters(text: str) -> None:
    """A piece that the search finds makes two articles alike, and in both it is characters."""
    letters = normal_form(text).replace(" ", "")
    (unspaced,) = (unit for unit in UNITS if unit.length == CHARACTERS)
    assert is_unspaced(normal_form(text))
    assert "".join(unspaced.find(unicodedata.normalize("NFKD", text))) == letters
    piece = letters[: 2 * CHARACTERS]
    assert search(f"abc {piece} def")
    assert shingles(piece, 3, 6) <= shingles(text, 3, 6)


def test_marks_part_no_word() -> None:
    hindi = "महापौर ने मंगलवार को मीनार की योजना को टाल दिया"
    words = hindi.split()
    assert len(words) > WORDS
    assert search(" ".join(words[: WORDS - 1]), articles=[article(hindi, "hi")]) == []
    assert search(" ".join(words[:WORDS]), articles=[article(hindi, "hi")])


@pytest.mark.parametrize(
    "script",
    [
        "漢字",
        "ひらがな",
        "カタカナ",
        "ｶﾀｶﾅ",
        "ภาษาไทย",
        "ພາສາລາວ",
        "ភាសាខ្មែរ",
        "မြန်မာ",
        "ꦱꦏꦧꦺꦃ",
        "ᬅᬓ᭄ᬱᬭ",
        "བོད",
    ],
)
def test_every_script_without_spaces_is_known(script: str) -> None:
    text = script * CHARACTERS
    assert search(f"a {text}", articles=[article(text)])


def test_layers_of_escapes_are_taken_off_one_by_one() -> None:
    assert "ab c" in list(decoded("a&amp;#98; c"))
    assert list(decoded("hanya teks")) == ["hanya teks"]


words = st.text("abcdefgh", min_size=1, max_size=3)
texts = st.lists(words, min_size=WORDS, max_size=40)


@given(texts, st.data())
def test_every_eight_words_in_a_row_of_an_article_are_found(
    of: list[str], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(of) - WORDS))
    piece = of[start : start + WORDS]
    glue = data.draw(st.lists(st.sampled_from([" ", "\n", ", ", " — ", "_", "\t"]), min_size=9))
    cased = [word.upper() if data.draw(st.booleans()) else word for word in piece]
    hidden = "".join(word + mark for word, mark in zip(cased, glue, strict=False))
    around = data.draw(st.lists(st.text("xyz", min_size=1), max_size=5))
    assert Pieces([article(" ".join(of))]).found_in(f"{' '.join(around)} {hidden}") == "berita"


@given(texts, st.lists(words, max_size=40))
def test_what_is_found_is_in_an_article(of: list[str], other: list[str]) -> None:
    rows = (other[start : start + WORDS] for start in range(len(other) - WORDS + 1))
    shared = f" {' '.join(of)} "
    expected = any(f" {' '.join(row)} " in shared for row in rows)
    found = Pieces([article(" ".join(of))]).found_in(" ".join(other))
    assert (found is not None) == expected
