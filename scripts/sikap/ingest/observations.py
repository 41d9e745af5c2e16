"""What people should look at in an article, though it is taken as it is."""

from collections.abc import Iterator

from sikap.errors import Problem
from sikap.languages import Rules
from sikap.records import Article


def observe(article: Article, rules: Rules, file: str) -> Iterator[Problem]:
    """Yield what is doubtful in an article: of its dates, its language, and private persons."""
    raise NotImplementedError
