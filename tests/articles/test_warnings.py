from hypothesis import given
from hypothesis import strategies as st

from builders import article, codes
from sikap.articles.warnings import observe, warned
from sikap.languages import RuleBook
from sikap.records import Article

BOOK = RuleBook()
TEXT = "Ia datang pada Rabu (23/11). Hubungi Sari di 0812-3456-7821."
BITS = st.sampled_from(
    [
        "Rabu (",
        "23/11",
        "/2023",
        "malam ",
        "0812",
        "-3456",
        " 7890",
        "@",
        "a.id",
        "\u200b",
        "\n",
        "٣",
    ]
)


def seen(of: Article) -> list[str]:
    return codes(observe(of, BOOK.rules(of.language), "a.txt"))


def test_what_is_doubtful_is_told_with_its_place() -> None:
    of = article(TEXT, published="2023-11-25", identified_language="en")
    language, weekday, private = observe(of, BOOK.rules("id"), "a.txt")
    assert (language.code, weekday.code, private.code) == (
        "language-mismatch",
        "weekday",
        "private-data",
    )
    assert {one.file for one in (language, weekday, private)} == {"a.txt"}
    assert weekday.found == "'Rabu (23/11' at code points 15 to 26, but 2023-11-23 is a Thursday"
    assert private.found == "phone 08…21 at code points 45 to 59"


def test_a_tidy_article_has_nothing_to_look_at() -> None:
    of = article("Ia datang pada Kamis (23/11/2023).", identified_language="id")
    assert seen(of) == []


def test_warnings_are_counted_by_code() -> None:
    of = article(TEXT + TEXT, published="2023-11-25")
    assert warned(observe(of, BOOK.rules("id"), "a.txt")) == {"private-data": 2, "weekday": 2}


@given(
    st.text() | st.lists(BITS | st.text(max_size=3)).map("".join),
    st.sampled_from(["id", "en", "zz"]),
    st.none() | st.dates().map(str),
)
def test_no_text_makes_it_fail(text: str, language: str, published: str | None) -> None:
    of = article(text, language=language, published=published, identified_language="id")
    for problem in observe(of, BOOK.rules(language), "a.txt"):
        assert problem.id == of.article_id
