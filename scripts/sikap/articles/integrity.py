"""Whether articles on disk are as they were frozen."""

from collections.abc import Callable, Iterator

import msgspec

from sikap.errors import Problem
from sikap.patterns import DAY, LANGUAGE, SHA256
from sikap.records import Article
from sikap.storage import schemas
from sikap.storage.blocks import Block
from sikap.storage.files import sha256, try_lines


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


def check_frozen(article: Article, file: str, line: int) -> Iterator[Problem]:
    """Yield what is wrong with an article that was decoded from a line: its form, else its digest.

    Codes: schema, digest.
    """
    if not _screened(article):
        yield from (
            msgspec.structs.replace(problem, line=line)
            for problem in schemas.check("article", [msgspec.to_builtins(article)], file)
        )
    problem = digest_problem(article, file, line)
    if problem is not None:
        yield problem


def read_block(
    block: Block, file: str, what: Callable[[Article, bytes], None]
) -> Iterator[Problem]:
    """Give each article of a block, with its line, to ``what``; yield what is wrong instead."""
    articles, problems = try_lines(block.data, Article, file, block.line)
    if problems:
        yield from problems
        return
    lines = block.data.split(b"\n")
    for place, article in enumerate(articles):
        wrong = list(check_frozen(article, file, block.line + place))
        if wrong:
            yield from wrong
        else:
            what(article, lines[place] + b"\n")


def _screened(article: Article) -> bool:
    """Whether the form is surely right; what the decoder has seen to is not looked at again.

    Ten times as fast as the schema, which has the last word on all that does not pass here.
    """
    return (
        0 < len(article.article_id) <= 512
        and article.text != ""
        and article.source != ""
        and SHA256.fullmatch(article.text_sha256) is not None
        and SHA256.fullmatch(article.raw_sha256) is not None
        and LANGUAGE.fullmatch(article.language) is not None
        and (article.published is None or DAY.fullmatch(article.published) is not None)
    )
