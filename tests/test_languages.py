from pathlib import Path

import pytest

from sikap.errors import InputError
from sikap.languages import LanguageFile, RuleBook, known_languages
from sikap.languages.load import read_file
from sikap.languages.prefilters import hints


def test_some_languages_have_rules_of_their_own() -> None:
    assert {"en", "id", "zh"} < set(known_languages())


def test_every_language_has_usable_rules() -> None:
    book = RuleBook()
    for language in known_languages():
        assert book.rules(language).stops.segmenter == language


def test_a_language_without_rules_of_lines_has_those_of_every_language() -> None:
    book = RuleBook()
    assert book.rules("zh").lines == book.rules("und").lines != book.rules("id").lines


def test_any_other_language_takes_the_same_path() -> None:
    book = RuleBook()
    assert book.rules("sw").lines == book.rules("und").lines
    assert book.rules("sw").stops.segmenter == "sw"


def test_a_region_does_not_change_the_language() -> None:
    book = RuleBook()
    assert book.rules("id-ID") == book.rules("id") != book.rules("en")


@pytest.mark.parametrize(
    "opening",
    [
        "Beirut, Purna Warta –",
        "KOMPAS.com -",
        "JAKARTA, KOMPAS.com -",
        "TANGERANG SELATAN\n, KOMPAS.com -",
        "REPUBLIKA.CO.ID, CIREBON--",
        "REPUBLIKA.CO.ID,\u00a0BANDUNG --",
        "Liputan6.com, Jakarta -",
        "Liputan6.com, Jakarta",
        "Tribunjogja.com Inggris ---",
        "JAKARTA-",
        "MAKKAH–",
        "MUSI RAWAS --",
        "PALEMBANG, 9 JUNI 2025 –",
        "Jakarta\n-\n",
        "Le Mans\n-\n",
    ],
)
def test_an_indonesian_dateline_ends_where_the_sentence_begins(opening: str) -> None:
    match = RuleBook().rules("id").dateline.match(opening + "Menteri itu datang.")
    assert match is not None
    assert match[0].strip() == opening.strip()


@pytest.mark.parametrize(
    "opening",
    [
        "COVID-19 masih ada.",
        "Menteri Keuangan, Sri Mulyani, menolak.",
        "Dunia – dan khususnya Inggris – sedang berubah.",
        "RCTI menyiarkan laga itu.",
        "Saya pergi.",
    ],
)
def test_a_sentence_is_no_dateline(opening: str) -> None:
    assert RuleBook().rules("id").dateline.match(opening) is None


def test_a_project_can_add_an_outlet(tmp_path: Path) -> None:
    text = "names = ['Warta Kita']\n[lines]\nother = ['Dukung Warta Kita [^\\n]*']\n"
    (tmp_path / "wartakita.toml").write_text(text, encoding="utf-8")
    book = RuleBook(tmp_path)
    for outlet in ("wartakita", "WARTA KITA"):
        match = book.rules("id", outlet).lines.match("Dukung Warta Kita hari ini\n")
        assert match is not None
        assert match.lastgroup == "other"
    assert book.rules("id").lines.match("Dukung Warta Kita hari ini\n") is None


def test_a_blank_in_a_pattern_stands_for_a_line_break_too(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("[lines]\nother = ['Salam kami[ -]x']\n", encoding="utf-8")
    rules = RuleBook(tmp_path).rules("id", "a")
    assert rules.lines.match("Salam \n kami x")
    assert not rules.lines.match("Salam\n\nkami x")
    assert not rules.lines.match("Salam kami\nx")


@pytest.mark.parametrize("outlet", ["wartakita.test", "bola.wartakita.test", "a.B.WartaKita.test"])
def test_a_domain_stands_for_the_hosts_below_it(tmp_path: Path, outlet: str) -> None:
    text = 'names = ["wartakita.test"]\n[lines]\nother = ["Dukung kami"]\n'
    (tmp_path / "wartakita.toml").write_text(text, encoding="utf-8")
    book = RuleBook(tmp_path)
    assert book.rules("id", outlet).lines.match("Dukung kami\n")
    assert any(rule.file.endswith("outlets/wartakita.toml") for rule in book.each("id", outlet))


@pytest.mark.parametrize("outlet", ["mywartakita.test", "test", "a.wartakita", "wartakita.test.x"])
def test_other_hosts_are_no_outlet_of_that_domain(tmp_path: Path, outlet: str) -> None:
    text = 'names = ["wartakita.test"]\n[lines]\nother = ["Dukung kami"]\n'
    (tmp_path / "wartakita.toml").write_text(text, encoding="utf-8")
    assert not RuleBook(tmp_path).rules("id", outlet).lines.match("Dukung kami\n")


def test_every_unusable_outlet_is_named_at_once(tmp_path: Path) -> None:
    files = {
        "a.toml": "[lines]\nother = ['(']\n",
        "b.toml": "[lines]\nheadings = []\n",
        "c.toml": "[lines\n",
        "d.toml": "[lines]\ncaption = ['(a)b']\nbyline = ['a*']\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        RuleBook(tmp_path)
    places = [(problem.code, problem.file, problem.id) for problem in caught.value.problems]
    assert places == [
        ("rules", "schema/outlets/a.toml", "lines.other"),
        ("rules", "schema/outlets/b.toml", ""),
        ("rules", "schema/outlets/c.toml", ""),
        ("rules", "schema/outlets/d.toml", "lines.byline"),
        ("rules", "schema/outlets/d.toml", "lines.caption"),
    ]
    assert "headings" in caught.value.problems[1].found


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("[calendar]\nmonths = [['Januari']]", "calendar.months"),
        ("[calendar]\npublished = [' ']", "calendar.published"),
        ("[private]\nregions = ['Indonesia']", "private.regions"),
        ("[private]\noffices = ['']", "private.offices"),
        ("[private.identity]\nkartu = '('", "private.identity.kartu"),
        ("[private.identity]\nkartu = '(a)b'", "private.identity.kartu"),
    ],
)
def test_a_calendar_or_pattern_that_cannot_be_used_is_named(
    table: str, key: str, tmp_path: Path
) -> None:
    (tmp_path / "qq.toml").write_text(f"segmenter = 'en'\n{table}\n", encoding="utf-8")
    _, problems = read_file(tmp_path / "qq.toml", "languages/qq.toml", LanguageFile)
    assert [(one.code, one.id) for one in problems] == [("rules", key)]


@pytest.mark.parametrize(
    ("pattern", "literal"),
    [
        (r"(?:Read )?Join the Channel [A-Z]\w+", "Channel"),
        (r"\[Advert:[^\]]{1,60}\]", "[Advert:"),
        (r"colou?r", "colo"),
        (r"\x41bc+", "b"),
        (r"one|two", ""),
        (r"[Jj]oin\.{3}", "oin"),
    ],
)
def test_a_hint_is_a_literal_that_every_match_has(pattern: str, literal: str) -> None:
    assert hints([pattern], [], []).other_end == (literal,)
