from hypothesis import given
from hypothesis import strategies as st

from ingest.articles import article
from sikap.ingest.duplicates import THRESHOLD, copies, shingles, similarity

LONG = " ".join(f"kata{number}" for number in range(100))


def test_the_same_words_are_a_copy_whatever_their_case_and_punctuation() -> None:
    articles = [
        article("Rusia menyerang Kyiv, kata PBB.", "b"),
        article("Hujan turun di Bogor.", "c"),
        article("RUSIA menyerang\nKyiv — kata “PBB”", "a"),
    ]
    assert copies(articles) == [("b", "a")]


def test_a_text_with_some_words_changed_is_a_copy_and_one_with_many_is_not() -> None:
    some = LONG.replace("kata10 ", "lain ").replace("kata60 ", "")
    many = " ".join(w if n % 4 else f"lain{n}" for n, w in enumerate(LONG.split()))
    assert copies([article(LONG, "a"), article(some, "b"), article(many, "c")]) == [("a", "b")]


def test_a_copy_of_a_copy_belongs_to_the_group() -> None:
    words = LONG.split()
    texts = [" ".join(words[start : start + 70]) for start in (0, 15, 30)]
    assert similarity(shingles(texts[0]), shingles(texts[2])) < THRESHOLD
    assert copies([article(text, str(n)) for n, text in enumerate(texts)]) == [("0", "1", "2")]


def test_a_formula_of_an_outlet_makes_no_copies() -> None:
    formula = "baca berita pilihan kami setiap hari di kanal ini"
    articles = [
        article(f"{formula} {' '.join(f'w{n}x{k}' for k in range(20))}", f"{n}") for n in range(120)
    ]
    assert copies(articles) == []


def test_other_words_are_no_copy() -> None:
    assert copies([article("dua puluh", "a"), article("dua puluh satu", "b")]) == []
    assert shingles("dua puluh") != shingles("duapuluh")


def test_texts_without_words_are_not_copies_of_each_other() -> None:
    assert copies([article("!", "a"), article("?", "b")]) == []


@given(st.lists(st.sampled_from([LONG, LONG[:-40], "satu dua tiga", "empat"]), max_size=6))
def test_groups_do_not_depend_on_the_order(texts: list[str]) -> None:
    articles = [article(text, str(number)) for number, text in enumerate(texts)]

    def found(given_: list[object]) -> set[frozenset[str]]:
        return {frozenset(group) for group in copies(given_)}  # type: ignore[arg-type]

    assert found(list(articles)) == found(list(reversed(articles)))
