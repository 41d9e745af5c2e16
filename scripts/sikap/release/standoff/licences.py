"""Which articles may be given on: the licence of each against the list of the project."""

from collections.abc import Collection, Iterable, Iterator

from sikap.errors import Problem
from sikap.records import Article

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
