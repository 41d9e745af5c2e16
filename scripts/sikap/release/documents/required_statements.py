"""What only people can say of a dataset and its articles, and what of it is missing."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from sikap.errors import Problem
from sikap.records import Article
from sikap.release.data.content import Meta
from sikap.release.documents.citation import is_unknown, names_authors
from sikap.release.documents.datasheet_questions import unanswered

SETTINGS = {
    "summary": "say in a sentence or two what the dataset holds",
    "authors": 'name who made it, as "Family, Given" or as a group',
    "published": "write the day on which this version is published, as 2026-03-18",
    "licence": "choose a licence and write its SPDX identifier, such as CC-BY-4.0",
}
"""The settings that a release must have, and what to do about each."""

DRAFT = "; release --draft builds one without"


def unsaid(meta: Meta, answers: Mapping[str, str]) -> tuple[str, ...]:
    """The settings that say nothing, then the ids of the questions without an answer."""
    said = {
        "summary": bool(meta.summary.strip()),
        "authors": names_authors(meta),
        "published": bool(meta.published),
        "licence": not is_unknown(meta.licence),
    }
    return (*(name for name in SETTINGS if not said[name]), *unanswered(answers))


def unsaid_problems(names: tuple[str, ...], settings: str, answers: str) -> Iterator[Problem]:
    """Yield a problem for everything unsaid; ``settings`` and ``answers`` are the files for it."""
    for name in names:
        if name in SETTINGS:
            file, found, fix = settings, f"{name} says nothing", SETTINGS[name]
        else:
            file, found = answers, "the question is not answered"
            fix = "answer it, or say why it does not apply"
        yield Problem(code="unanswered", file=file, id=name, found=found, fix=f"{fix}{DRAFT}")


STATE = (
    "state its licence in its metadata, or that of all such articles as text_licence in the "
    "settings, and ingest with --update"
)
ALLOW = "if you may give the text on, add the licence to allowed_licences"
ELSE = "or leave the article out, or release with --text standoff"


def unlicensed(articles: Iterable[Article], allowed: Collection[str]) -> Iterator[Problem]:
    """Yield one problem for every article whose licence is not ``allowed``, or that has none.

    Licences are SPDX identifiers, compared whatever their case.
    """
    known = {licence.casefold() for licence in allowed}
    for article in articles:
        if article.licence is None:
            found, fix = "nobody has said under which licence its text is", STATE
        elif article.licence.casefold() not in known:
            listed = ", ".join(allowed) or "nothing"
            found = f"its licence is {article.licence!r}; allowed_licences lists {listed}"
            fix = ALLOW
        else:
            continue
        yield Problem(code="licence", id=article.article_id, found=found, fix=f"{fix}, {ELSE}")
