import msgspec
import pytest

from builders import codes
from samples import sample
from sikap.release.documents.required_statements import unlicensed

ARTICLE = sample().articles[0]


@pytest.mark.parametrize("licence", ["CC-BY-4.0", "cc-by-4.0", "Cc-By-4.0"])
def test_a_licence_on_the_list_is_allowed_whatever_its_case(licence: str) -> None:
    article = msgspec.structs.replace(ARTICLE, licence=licence)
    assert list(unlicensed([article], ["CC0-1.0", "cc-BY-4.0"])) == []


@pytest.mark.parametrize("allowed", [[], ["CC0-1.0"], ["CC-BY-4.0-NC", ""]])
@pytest.mark.parametrize("licence", ["CC-BY-4.0", "unknown", None])
def test_any_other_licence_is_named_with_its_article(
    licence: str | None, allowed: list[str]
) -> None:
    article = msgspec.structs.replace(ARTICLE, licence=licence)
    (problem,) = unlicensed([article], allowed)
    assert (problem.code, problem.id) == ("licence", article.article_id)
    assert licence is None or repr(licence) in problem.found
    assert "--text standoff" in problem.fix


def test_every_article_is_named_at_once() -> None:
    found = list(unlicensed(sample().articles, []))
    assert codes(found) == ["licence"] * 6
    assert [problem.id for problem in found] == [one.article_id for one in sample().articles]


def test_what_to_do_depends_on_whether_anything_was_said() -> None:
    none, other = (msgspec.structs.replace(ARTICLE, licence=one) for one in (None, "MIT"))
    (unstated,), (unlisted,) = (list(unlicensed([one], ["CC0-1.0"])) for one in (none, other))
    assert unstated.fix.startswith("state its licence in its metadata")
    assert unlisted.fix.startswith("if you may give the text on, add the licence")
