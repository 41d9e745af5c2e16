"""A real article: each step takes it to pieces as people do."""

import json
from pathlib import Path

from builders import article
from reference.files import ARTICLE, reference_path, reference_text
from segmentation.test_blocks import blocks
from segmentation.test_sentences import BOOK, joined
from sikap.segmentation.sentences import check_sentences, segment
from sikap.steps.articles.segment import segment_articles
from sikap.steps.project_files import read_articles, read_sentences
from sikap.storage import schemas
from steps.articles.test_segment import ingested


def test_the_seed_article_falls_into_its_pieces() -> None:
    text = reference_text(ARTICLE)
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


def test_the_seed_article_has_twelve_body_sentences() -> None:
    text = reference_text(ARTICLE)
    sentences = segment(article(text), BOOK.rules("id"))
    body = [sentence for sentence in sentences if sentence.kind == "body"]
    assert len(body) == 12
    assert body[0].text.startswith("Sekretaris Jenderal")
    assert [sentence.index for sentence in sentences] == list(range(17))
    assert joined(text, sentences) == text


def test_the_seed_article_is_frozen_as_it_is(tmp_path: Path) -> None:
    data = reference_path(ARTICLE).read_bytes()
    (article,) = read_articles(ingested(tmp_path, seed=data.decode()))
    assert article.text.encode() == data
    assert article.raw_sha256 == article.text_sha256
    assert article.normalised == ()


def test_the_seed_article_gives_twelve_body_sentences(tmp_path: Path) -> None:
    text = reference_text(ARTICLE)
    project = ingested(tmp_path, seed=text)
    report = segment_articles(project)
    assert report.kinds == {"body": 12, "dateline": 1, "heading": 1, "related_link": 3}
    rows = map(json.loads, project.sentences.read_text(encoding="utf-8").splitlines())
    assert not list(schemas.check("sentence", rows, "sentences.jsonl"))
    assert not list(check_sentences(read_articles(project)[0], read_sentences(project)))
