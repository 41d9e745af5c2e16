import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.articles.merge import Document, Known, known, meet, order, pack, unpack
from sikap.errors import Problem
from sikap.records import Article
from sikap.storage.files import encode_line, sha256

LOOK = Problem(code="empty", file="a.txt", id="a", found="dua\nbaris", fix="lihat")


def article(text: str = "Halo.", **changes: str | None) -> Article:
    digest = sha256(text)
    made = Article(
        article_id="a",
        text=text,
        text_sha256=digest,
        raw_sha256=digest,
        source="a.txt",
        language="id",
        encoding="utf-8",
        normalised=(),
    )
    return msgspec.structs.replace(made, **changes)


def document(made: Article, file: str = "a.txt") -> Document:
    return unpack(pack(made, file, [LOOK])[1])


def there(made: Article) -> Known:
    return known(made, encode_line(made))


def test_a_document_comes_back_as_it_was_packed() -> None:
    made = article("Baris.\nLain.\u2028\x85")
    assert pack(made, "ö/a.txt", [LOOK, LOOK])[0] == b"a"
    back = unpack(pack(made, "ö/a.txt", [LOOK, LOOK])[1])
    assert back.file == "ö/a.txt"
    assert msgspec.json.decode(back.line, type=Article) == made
    assert [msgspec.json.decode(line, type=Problem) for line in back.warnings] == [LOOK, LOOK]


def test_a_new_document_is_added_with_what_is_doubtful_in_it() -> None:
    made = article()
    outcome = meet(None, [document(made)], update=False)
    assert (outcome.change, outcome.line) == ("added", encode_line(made))
    assert outcome.warnings == (encode_line(LOOK),)


def test_an_article_that_is_not_met_keeps_what_is_doubtful_in_it() -> None:
    outcome = meet(there(article(cluster="a")), [], update=True)
    assert (outcome.change, outcome.cluster, outcome.warnings) == ("kept", "a", None)


@pytest.mark.parametrize(
    ("changes", "code", "named"),
    [
        ({"title": "Judul"}, "metadata", "another title"),
        ({"author": "Anu", "outlet": "Warta"}, "metadata", "another author and outlet"),
        ({"source": "https://example.org/a"}, "metadata", "another source"),
    ],
)
@pytest.mark.parametrize("update", [False, True])
def test_what_a_source_says_otherwise_is_a_conflict(
    changes: dict[str, str], code: str, named: str, update: bool
) -> None:
    old, new = article(), article(**changes)
    outcome = meet(there(old), [document(new)], update=update)
    if update:
        assert (outcome.change, outcome.line) == ("updated", encode_line(new))
    else:
        (problem,) = outcome.problems
        assert (problem.code, named in problem.found, outcome.change) == (code, True, "kept")


def test_where_a_file_lay_says_nothing() -> None:
    moved = document(article(source="elsewhere/a.txt"), "elsewhere/a.txt")
    assert meet(there(article()), [moved], update=False).change == "unchanged"
    assert meet(None, [document(article()), moved], update=False).repeated == 1


def test_a_language_that_is_found_out_later_is_no_conflict() -> None:
    old, new = article(cluster="a"), article(identified_language="id")
    outcome = meet(there(old), [document(new)], update=False)
    assert (outcome.change, outcome.cluster) == ("unchanged", "a")
    assert outcome.line == encode_line(article(cluster="a", identified_language="id"))


def test_of_many_documents_that_differ_some_are_named() -> None:
    different = [document(article(f"Teks {n}."), f"{n}.txt") for n in range(9)]
    outcome = meet(None, different, update=False)
    assert (outcome.change, outcome.line, len(outcome.problems)) == ("none", None, 9)
    assert outcome.problems[0].found.endswith("4.txt and 4 more")


def test_rows_of_one_file_that_differ_are_one_problem() -> None:
    rows = [document(article(text), "t.jsonl") for text in ("Satu.", "Dua.", "Tiga.")]
    (problem,) = meet(None, rows, update=False).problems
    assert (problem.code, problem.file, problem.id) == ("duplicate-id", "t.jsonl", "a")


PRINTED = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]), max_size=3)


@given(st.lists(st.tuples(PRINTED, st.integers(0, 3), PRINTED, PRINTED)))
def test_problems_are_sorted_by_file_line_id_and_what_was_found(
    rows: list[tuple[str, int, str, str]],
) -> None:
    problems = [
        Problem(code="empty", file=file, line=line or None, id=id_, found=found, fix="x")
        for file, line, id_, found in rows
    ]
    assert sorted(problems, key=order) == sorted(
        problems, key=lambda one: (one.file, one.line or 0, one.id, one.found)
    )
