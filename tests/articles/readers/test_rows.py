import json

import pytest

from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.readers.read import read, taken
from sikap.articles.readers.rows import chosen
from sikap.errors import Problem
from sikap.records import Article
from sikap.storage.files import sha256

OPTIONS = ReadOptions(language="id", licence="CC-BY-4.0")


def piece(data: bytes, line: int = 1, format_: str = "jsonl") -> Piece:
    return Piece(
        format=format_,  # type: ignore[arg-type]
        file="x.jsonl",
        source="berita/x.jsonl",
        data=data,
        article_id="berita/x",
        line=line,
        encoding="utf-8",
    )


def one(row: object, **columns: str) -> Article | Problem:
    data = row if isinstance(row, bytes) else json.dumps(row).encode()
    (found,) = read(piece(data, 7), ReadOptions(language="id", columns=columns))
    return found


def article(row: object, **columns: str) -> Article:
    found = one(row, **columns)
    assert isinstance(found, Article), found
    return found


def test_columns_are_found_by_their_names() -> None:
    row = {
        "ID": 12,
        "Judul": " Pasar \n Lama ",
        "isi": "Halo.\r\nDunia.",
        "host": "warta.example",
        "tanggal": "2023-11-23T07:00:00Z",
        "penulis": ["Sari", "Budi"],
        "link": "https://warta.example/1",
        "lain": {"x": [1]},
    }
    found = article(row)
    assert (found.article_id, found.title, found.text) == ("12", "Pasar Lama", "Halo.\nDunia.")
    assert (found.outlet, found.published) == ("warta.example", "2023-11-23")
    assert (found.author, found.source) == ("Sari, Budi", "https://warta.example/1")
    assert found.raw_sha256 == sha256(json.dumps(row))


def test_a_row_without_an_id_has_its_place_for_one() -> None:
    found = article({"text": "Halo."})
    assert (found.article_id, found.source) == ("berita/x/7", "berita/x.jsonl")


def test_what_the_user_says_of_columns_goes_before_their_names() -> None:
    row = {"text": "Ringkasan.", "panjang": "Halo.", "url": "tanpa alamat", "title": "A"}
    found = article(row, text="panjang", source="")
    assert (found.text, found.source, found.title) == ("Halo.", "berita/x.jsonl", "A")
    assert chosen(["text", "title"], {"title": "text"}) == {"title": "text"}


def test_which_columns_were_taken_can_be_told() -> None:
    names = {"article_id": "id", "text": "isi"}
    assert taken(piece(b'{"id": "a", "isi": "b", "x": 1}'), OPTIONS) == names
    assert taken(piece(b"id,isi,x\na,b,c\n", 2, "csv"), OPTIONS) == names
    assert taken(piece(b"Halo.", 1, "text"), OPTIONS) == {}


def test_what_the_reading_says_is_taken_where_a_row_says_nothing() -> None:
    (found,) = read(piece(b'{"text": "a", "lang": "jv"}'), OPTIONS)
    assert isinstance(found, Article)
    assert (found.language, found.licence) == ("jv", "CC-BY-4.0")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b"{", "not-json"),
        (b'{"text": NaN}', "not-json"),
        (b'{"text": "a", "x": 1e999}', "not-json"),
        (b'{"text": "a", "x": ' + b"9" * 9999 + b"}", "not-json"),
        (b"[" * 9999, "not-json"),
        (b'{"text": "\\ud800"}', "surrogate"),
        (b'{"text": "\xff"}', "encoding"),
        (b'{"text": "a\\u0000"}', "control-character"),
        (b'{"text": " \\n "}', "empty"),
        (b'{"text": null}', "schema"),
        (b'{"text": 7}', "schema"),
        (b'{"text": ["a"]}', "schema"),
        (b'{"judul": "a"}', "schema"),
        (b'["text"]', "schema"),
        (b'{"text": "a", "text": "b"}', "schema"),
        (b'{"text": "a", "id": {"x": 1}}', "schema"),
        (b'{"text": "a", "id": true}', "schema"),
        (b'{"text": "a", "id": "' + b"x" * 513 + b'"}', "schema"),
        (b'{"text": "a", "id": "x\\ty"}', "encoding"),
        (b'{"text": "a", "title": {"x": 1}}', "metadata"),
        (b'{"text": "a", "title": "x\\u0001"}', "metadata"),
        (b'{"text": "a", "url": "berita/1"}', "metadata"),
        (b'{"text": "a", "lang": "Bahasa Indonesia"}', "metadata"),
    ],
)
def test_a_line_that_is_no_article_is_named_and_the_rest_goes_on(row: bytes, code: str) -> None:
    good = b'{"text": "Halo."}'
    before, problem, after = read(piece(b"\r\n".join([good, row, b"", good]), 3), OPTIONS)
    assert isinstance(before, Article)
    assert isinstance(after, Article)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.line, problem.file) == (code, 4, "x.jsonl")
    assert after.article_id == "berita/x/6"


def test_all_that_is_wrong_with_a_row_is_said_at_once() -> None:
    problem = one({"text": "a", "id": "b", "url": "x", "lang": "??"})
    assert isinstance(problem, Problem)
    assert problem.id == "b"
    assert "'url'" in problem.found
    assert "'lang'" in problem.found


def test_rows_of_csv_are_read_by_their_lines() -> None:
    data = b'id;isi\n\na;"x ""y""\nz"\nb;"c\nd;e;f\ng;h\n'
    found = list(read(piece(data, 2, "csv"), OPTIONS))
    first, *problems, last = found
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert (first.text, first.raw_sha256) == ('x "y"\nz', sha256('a;"x ""y""\nz"'))
    assert (last.article_id, last.text) == ("g", "h")
    assert [one.line for one in problems if isinstance(one, Problem)] == [5, 6]
