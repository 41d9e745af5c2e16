"""Copies: articles that hold the same words."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from sikap.records import Article

_WORD = re.compile(r"\w+")


def words_digest(text: str) -> bytes:
    """Digest of the words of a text, whatever its case, white space and punctuation.

    A text without words is its own digest's only source.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = _WORD.findall(folded) or [text]
    return hashlib.sha256("\x1f".join(words).encode()).digest()


def copies(articles: Iterable[Article]) -> list[tuple[str, ...]]:
    """Groups of two or more article ids with the same words, each in the order given."""
    groups = defaultdict(list)
    for article in articles:
        groups[words_digest(article.text)].append(article.article_id)
    return [tuple(group) for group in groups.values() if len(group) > 1]
