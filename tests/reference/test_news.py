"""Real news: nothing is lost of it, and hardly anything in it is taken for what it is not."""

import json
from collections import Counter

from articles.readers import test_html
from articles.readers.test_rows import OPTIONS, piece
from articles.test_pii import found
from articles.test_publication_date import told
from builders import article
from reference.files import NEWS, reference_path, reference_rows
from segmentation.test_sentences import BOOK, joined
from sikap.articles.language_id import identified_language, mismatch
from sikap.articles.normalise import Frozen, freeze_text
from sikap.articles.publication_date import iso_day
from sikap.articles.readers.read import read
from sikap.errors import Problem
from sikap.records import Article
from sikap.segmentation.sentences import check_sentences, segment


def test_the_reference_pages_keep_their_words() -> None:
    folder = reference_path("data/news/html")
    recall, precision, titles = [], [], 0
    pages = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
    for page in pages:
        found = test_html.one((folder / page["file"]).read_bytes())
        assert isinstance(found, Article)
        said, got = (
            Counter(test_html.WORD.findall(page["content"])),
            Counter(test_html.WORD.findall(found.text)),
        )
        recall.append((said & got).total() / said.total())
        precision.append((said & got).total() / got.total())
        titles += found.title == page["title"]
    assert titles == len(pages)
    assert sum(recall) / len(pages) > 0.98
    assert sum(precision) / len(pages) > 0.85


def test_the_reference_articles_go_in_without_an_option() -> None:
    data = reference_path("data/news/id_articles.jsonl").read_bytes()
    found = list(read(piece(data), OPTIONS))
    assert len(found) == 387
    assert [one for one in found if isinstance(one, Problem)] == []
    assert all(isinstance(one, Article) and one.outlet and one.source for one in found)


def test_hardly_anything_is_found_in_real_news() -> None:
    rows = reference_rows(NEWS)
    assert sum(bool(found(row["text"])) for row in rows) < len(rows) / 50


def test_weekdays_are_told_rarely_in_real_news() -> None:
    rows = reference_rows(NEWS)
    found = [told(row["text"], iso_day(row["date"], "id")) for row in rows]
    assert 0 < sum(map(bool, found)) < len(rows) / 20
    assert sum(iso_day(row["date"], "id") is None for row in rows) <= 1


def test_real_news_is_in_its_language() -> None:
    rows = reference_rows(NEWS)
    assert not any(mismatch("id", identified_language(row["text"])) for row in rows)


def test_all_reference_articles_have_exact_spans_and_clean_gaps() -> None:
    checked = 0
    for row in reference_rows(NEWS):
        frozen = freeze_text(row["text"], "a.txt", "utf-8")
        assert isinstance(frozen, Frozen)
        found = segment(article(frozen.text), BOOK.rules("id"))
        assert not list(check_sentences(article(frozen.text), found))
        assert joined(frozen.text, found) == frozen.text
        checked += len(found)
    assert checked > 5000
