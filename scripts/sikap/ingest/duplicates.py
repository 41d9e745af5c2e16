"""Copies: articles that hold the same words, or nearly so, as a syndicated text does.

Two articles are copies where the Jaccard index of their word 5-grams is at least one half, counted
exactly. Only pairs that share a 5-gram are looked at, and 5-grams of very many articles (the
formulas of an outlet) make no pairs.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable

from sikap.records import Article

SHINGLE_WORDS = 5
THRESHOLD = 0.5
FORMULA = 100
_WORD = re.compile(r"\w+")
Shingles = frozenset[tuple[str, ...]]


def shingles(text: str) -> Shingles:
    """The word 5-grams of a text, whatever its case, white space and punctuation.

    A shorter text is its one shingle; one without words stands for itself.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = _WORD.findall(folded) or [text]
    starts = range(max(1, len(words) - SHINGLE_WORDS + 1))
    return frozenset(tuple(words[start : start + SHINGLE_WORDS]) for start in starts)


def similarity(one: Shingles, other: Shingles) -> float:
    """Jaccard index of two sets of shingles."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def copies(articles: Iterable[Article]) -> list[tuple[str, ...]]:
    """Groups of two or more article ids that are copies, each in the order given.

    A group is a connected component: a copy of a copy belongs to it.
    """
    ids, sets = [], []
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    group_of: list[int] = []
    for number, article in enumerate(articles):
        ids.append(article.article_id)
        sets.append(shingles(article.text))
        group_of.append(number)
        for other in _candidates(sets[number], holders):
            if similarity(sets[number], sets[other]) >= THRESHOLD:
                _join(group_of, number, other)
        for shingle in sets[number]:
            holders[shingle].append(number)
    groups: dict[int, list[str]] = defaultdict(list)
    for number, article_id in enumerate(ids):
        groups[group_of[number]].append(article_id)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _candidates(of: Shingles, holders: dict[tuple[str, ...], list[int]]) -> list[int]:
    """Earlier articles that share enough shingles to be worth comparing."""
    shared: Counter[int] = Counter()
    for shingle in of:
        if len(holders.get(shingle, ())) <= FORMULA:
            shared.update(holders.get(shingle, ()))
    # A Jaccard index of t needs at least t of the own shingles to be shared.
    return [other for other, count in shared.items() if count >= THRESHOLD * len(of) / 2]


def _join(group_of: list[int], one: int, other: int) -> None:
    low, high = sorted((group_of[one], group_of[other]))
    group_of[:] = [low if group == high else group for group in group_of]
