"""What people should look at in an article, though it is taken as it is."""

import calendar
from collections import Counter
from collections.abc import Iterable, Iterator

from sikap.articles.language_id import mismatch
from sikap.articles.pii import masked, private_data
from sikap.articles.publication_date import contradictions
from sikap.errors import Problem
from sikap.languages import Rules
from sikap.records import Article


def observe(article: Article, rules: Rules, file: str) -> Iterator[Problem]:
    """Yield what is doubtful in an article: of its dates, its language, and private persons.

    ``rules`` are those of its language and outlet; ``identified_language`` is filled. Nothing of it
    is an error, and nothing is changed. Codes: language-mismatch, weekday, private-data.
    """
    if mismatch(article.language, article.identified_language):
        found = f"its letters tell {article.identified_language!r}, it is said {article.language!r}"
        fix = "correct the language in its metadata, or leave it out"
        yield _problem("language-mismatch", article, file, found, fix)
    for one in contradictions(article.text, rules, article.published):
        written = " ".join(article.text[one.start : one.end].split())
        says = "there is no such day"
        if one.weekday is not None:
            says = f"{one.day} is a {calendar.day_name[one.weekday]}"
        found = f"{written!r} at code points {one.start} to {one.end}, but {says}"
        fix = "nothing is corrected: which of the two is right, the source knows"
        yield _problem("weekday", article, file, found, fix)
    for thing in private_data(article.text, rules):
        what = thing.name or thing.kind
        shown = masked(article.text[thing.start : thing.end])
        found = f"{what} {shown} at code points {thing.start} to {thing.end}"
        fix = 'look whose it is; private = "exclude" in the settings keeps it out of rounds'
        yield _problem("private-data", article, file, found, fix)


def warned(problems: Iterable[Problem]) -> dict[str, int]:
    """How many warnings there are by code, in the order of the codes."""
    counts = Counter(problem.code for problem in problems)
    return {code: counts[code] for code in sorted(counts)}


def _problem(code: str, article: Article, file: str, found: str, fix: str) -> Problem:
    return Problem(code=code, file=file, id=article.article_id, found=found, fix=fix)
