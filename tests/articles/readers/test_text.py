import json

import pytest

from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.readers.read import read as read_piece
from sikap.errors import Problem
from sikap.records import Article
from sikap.storage.files import sha256

DATA = "\ufeffHalo dunia.\r\n".encode()


def read(metadata: bytes | None = None, data: bytes = DATA) -> Article | Problem:
    piece = Piece(
        format="text",
        article_id="x/a",
        source="x/a.txt",
        file="dataset/raw/x/a.txt",
        data=data,
        metadata_file="dataset/raw/x/a.json",
        metadata=metadata,
    )
    (one,) = read_piece(piece, ReadOptions(language="id"))
    return one


def test_an_article_knows_the_bytes_it_came_from_and_the_text_it_froze() -> None:
    article = read()
    assert isinstance(article, Article)
    assert article.text == "Halo dunia.\n"
    assert article.raw_sha256 == sha256(DATA)
    assert article.text_sha256 == sha256("Halo dunia.\n")
    assert (article.source, article.language) == ("x/a.txt", "id")
    assert article.normalised == ("bom", "newlines")


def test_metadata_are_taken_over() -> None:
    values = {
        "title": "Halo",
        "author": "Sari",
        "outlet": "Warta Kita",
        "published": "2023-11-23",
        "licence": "CC-BY-4.0",
        "language": "jv",
        "source": "https://example.org/a",
    }
    article = read(b"\xef\xbb\xbf" + json.dumps(values).encode())
    assert isinstance(article, Article)
    assert {name: getattr(article, name) for name in values} == values


def test_metadata_may_be_null() -> None:
    article = read(b'{"title": null, "language": null}')
    assert isinstance(article, Article)
    assert (article.title, article.language) == (None, "id")


@pytest.mark.parametrize(
    "metadata",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"titel": "x"}',
        b'{"title": 1}',
        b'{"title": " "}',
        b'{"title": "a\\u0000b"}',
        b'{"title": "\\ud800"}',
        b'{"published": "2023-02-30"}',
        b'{"published": "23 November 2023"}',
        b'{"published": "20231123"}',
        b'{"language": "Bahasa Indonesia"}',
        b'{"source": "javascript:alert(1)"}',
    ],
)
def test_metadata_that_cannot_be_used_set_the_article_aside(metadata: bytes) -> None:
    problem = read(metadata)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.id) == ("metadata", "x/a")
    assert problem.file == "dataset/raw/x/a.json"


def test_metadata_with_the_name_of_a_language_are_told_its_tag() -> None:
    problem = read(b'{"language": "english"}')
    assert isinstance(problem, Problem)
    assert problem.found == "language 'english' is no language tag; write \"en\""


def test_all_that_is_wrong_with_metadata_is_said_at_once() -> None:
    problem = read(b'{"titel": "x", "outlet": 7, "published": "soon"}')
    assert isinstance(problem, Problem)
    assert all(word in problem.found for word in ("titel", "outlet", "published"))


def test_a_text_that_cannot_be_frozen_is_named_by_its_id() -> None:
    problem = read(data=b"a\0b")
    assert isinstance(problem, Problem)
    assert (problem.code, problem.id) == ("control-character", "x/a")
