"""Copies: articles that hold the same words, or nearly so, as a syndicated text does.

Two articles are copies where the Jaccard index of their shingles, by default word 3-grams
(character 6-grams in a script without spaces), reaches the threshold of the settings. Candidates
are found by `minhash` in bands and then counted exactly, so that no pair is named that is none.
Of pairs at exactly the threshold the bands miss 3 in 10,000 at most. Whether a pair is found hangs
on its two texts alone, not on what other articles there are, nor on their order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sikap.articles.near_duplicates.minhash import (
    Places,
    Signatures,
    alike,
    band_keys,
    bands,
    collisions,
    signatures,
)
from sikap.records import Article
from sikap.settings import Copies
from sikap.text.words import shingles as ngrams_of

REMEMBERED = 2_000
"""Articles whose shingles are kept while pairs are counted."""
Shingles = frozenset[str]


class Pair(NamedTuple):
    """Two article ids, the smaller first, and the Jaccard index of their shingles."""

    one: str
    other: str
    similarity: float


def shingles(text: str, settings: Copies) -> Shingles:
    """The shingles of a text, whatever its case, white space and punctuation.

    A shorter text is its one shingle; one without words stands for itself.
    """
    return ngrams_of(text, settings.words, settings.characters)


def similarity(one: Shingles, other: Shingles) -> float:
    """Jaccard index of two sets of shingles."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def copies(articles: Iterable[Article], settings: Copies) -> list[tuple[str, ...]]:
    """Clusters of two or more article ids that are copies, each in the order given.

    A cluster is a connected component: a copy of a copy belongs to it.
    """
    articles = list(articles)
    ids = [article.article_id for article in articles]
    edges = [(pair.one, pair.other) for pair in near_pairs(articles, settings)]
    return [cluster for cluster in components(ids, edges) if len(cluster) > 1]


def near_pairs(
    articles: Iterable[Article], settings: Copies, kept: Signatures | None = None
) -> list[Pair]:
    """Every pair of copies with its similarity, sorted.

    Of articles with the same shingles, which are alike in every pair, only the first by id is
    paired: with each of the others at similarity 1, and with whatever they are all copies of.
    ``kept`` are the signatures of the articles in the order given, where somebody has them.
    """
    given = list(articles)
    order = sorted(range(len(given)), key=lambda place: given[place].article_id)
    ordered = [given[place] for place in order]
    ids = [article.article_id for article in ordered]

    @lru_cache(REMEMBERED)
    def shingles_of(place: int) -> Shingles:
        return shingles(ordered[place].text, settings)

    if kept is None:
        rows = signatures([article.text for article in ordered], settings)
    else:
        rows = kept[np.array(order, dtype=np.int64)]
    twins = dict(_same(rows, shingles_of))
    pairs = [Pair(ids[first], ids[place], 1.0) for place, first in twins.items()]
    singles = np.array([p for p in range(len(ids)) if p not in twins], dtype=np.int64)
    for left, right in _candidates(rows[singles], settings.threshold):
        one, other = int(singles[left]), int(singles[right])
        found = similarity(shingles_of(one), shingles_of(other))
        if found >= settings.threshold:
            pairs.append(Pair(ids[one], ids[other], found))
    return sorted(pairs)


def components(ids: Iterable[str], edges: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    """The connected components of a graph, each in the order of ``ids``, by their first members.

    Raises KeyError for an edge to an id that is not there.
    """
    parent = {id_: id_ for id_ in ids}

    def root(id_: str) -> str:
        while parent[id_] != id_:
            parent[id_] = parent[parent[id_]]
            id_ = parent[id_]
        return id_

    for one, other in edges:
        parent[root(other)] = root(one)
    groups: dict[str, list[str]] = defaultdict(list)
    for id_ in parent:
        groups[root(id_)].append(id_)
    return [tuple(group) for group in groups.values()]


def _same(rows: Signatures, shingles_of: Callable[[int], Shingles]) -> Iterator[tuple[int, int]]:
    """Yield every place whose shingles an earlier place has, with the first such place."""
    equal: dict[bytes, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        equal[row.tobytes()].append(place)
    for places in equal.values():
        if len(places) > 1:
            firsts: dict[Shingles, int] = {}
            for place in places:
                first = firsts.setdefault(shingles_of(place), place)
                if first != place:
                    yield place, first


def _candidates(rows: Signatures, threshold: float) -> list[tuple[int, int]]:
    """Pairs of rows that share a band and are not hopelessly unlike, sorted."""
    count = len(rows)
    kept: Places = np.empty(0, dtype=np.int64)
    for band in bands(threshold):
        found = [kept]
        for left, right in collisions(band_keys(rows[:, band])):
            codes = left * count + right
            new = ~np.isin(codes, kept)
            left, right, codes = left[new], right[new], codes[new]  # noqa: PLW2901
            found.append(codes[alike(rows[left], rows[right], threshold)])
        kept = np.unique(np.concatenate(found))
    return [(int(code) // count, int(code) % count) for code in kept]
