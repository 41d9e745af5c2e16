import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.articles.integrity import check_frozen
from sikap.records import Article
from sikap.storage import schemas
from sikap.storage.files import sha256

GOOD = Article(
    article_id="a",
    text="Halo.",
    text_sha256=sha256("Halo."),
    raw_sha256=sha256("Halo."),
    source="a.txt",
    language="id",
    encoding="utf-8",
    normalised=(),
)
ODD = ["", "x", "id", "pt-BR", "id\n", "i", "2023-11-23", "2023-11-23\n", "٢٠٢٣-١١-٢٣", "a" * 513]
ODD += ["0" * 64, "0" * 64 + "\n", "G" * 64]
FIELDS = ["article_id", "source", "language", "published", "raw_sha256", "title", "encoding"]


@given(st.dictionaries(st.sampled_from(FIELDS), st.one_of(st.sampled_from(ODD), st.text())))
def test_what_is_let_through_is_what_the_schema_lets_through(changes: dict[str, str]) -> None:
    made = msgspec.structs.replace(GOOD, **changes)
    wrong = list(schemas.check("article", [msgspec.to_builtins(made)], "f"))
    found = [problem.found for problem in check_frozen(made, "f", 7)]
    assert found == [problem.found for problem in wrong]


@pytest.mark.parametrize("text", ["", "Hai."])
def test_another_text_is_told_with_its_line(text: str) -> None:
    *_, problem = check_frozen(msgspec.structs.replace(GOOD, text=text), "f", 7)
    assert (problem.code, problem.line, problem.id) == ("digest", 7, "a")
