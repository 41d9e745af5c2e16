"""Whether the text of an article is the one that was frozen."""

from sikap.errors import Problem
from sikap.records import Article
from sikap.store import sha256


def digest_problem(article: Article, file: str, line: int | None) -> Problem | None:
    """What is wrong with the text of an article that stands on a line of a file; None if nothing.

    Code: digest.
    """
    if sha256(article.text) == article.text_sha256:
        return None
    return Problem(
        code="digest",
        file=file,
        line=line,
        id=article.article_id,
        found="the text was changed after it was frozen",
        fix="restore the file from git, or delete it and ingest again",
    )
