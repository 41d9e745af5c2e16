from ingest.articles import article
from sikap.ingest.duplicates import copies, words_digest


def test_the_same_words_are_a_copy_whatever_their_case_and_punctuation() -> None:
    articles = [
        article("Rusia menyerang Kyiv, kata PBB.", "b"),
        article("Hujan turun di Bogor.", "c"),
        article("RUSIA menyerang\nKyiv — kata “PBB”", "a"),
    ]
    assert copies(articles) == [("b", "a")]


def test_other_words_are_no_copy() -> None:
    assert copies([article("dua puluh", "a"), article("dua puluh satu", "b")]) == []
    assert words_digest("dua puluh") != words_digest("duapuluh")


def test_texts_without_words_are_not_copies_of_each_other() -> None:
    assert copies([article("!", "a"), article("?", "b")]) == []
