"""Copies: articles that hold the same words, or nearly so, as a syndicated text does.

Two articles are copies where the Jaccard index of their word 5-grams (character 10-grams in a
script without spaces) is at least one half. Candidates are found by MinHash signatures in bands
(Broder 1997; Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*, chapter 3) and then
counted exactly, so that no pair is named that is none. Of pairs at exactly one half the bands miss
3 in 10,000, of pairs at 0.55 fewer than 1 in 100,000. Whether a pair is found depends on its two
texts alone, not on what other articles there are, nor on their order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import rensa
from numpy.typing import NDArray

from sikap.ingest.shingles import shingles as ngrams_of
from sikap.records import Article

SHINGLE_WORDS = 5
SHINGLE_CHARACTERS = 10
THRESHOLD = 0.5
SEED = 1
BANDS, ROWS = 128, 4
HOPELESS = 0.35
"""Estimated similarity below which nothing is counted: seven standard errors under one half."""
CHUNK = 500
SLICE = 20_000
REMEMBERED = 2_000
Shingles = frozenset[str]
Signatures = NDArray[np.uint32]
Places = NDArray[np.int64]


class Pair(NamedTuple):
    """Two article ids, the smaller first, and the Jaccard index of their shingles."""

    one: str
    other: str
    similarity: float


def shingles(text: str) -> Shingles:
    """The word 5-grams of a text, whatever its case, white space and punctuation.

    In a script without spaces they are of ten characters. A shorter text is its one shingle; one
    without words stands for itself.
    """
    return ngrams_of(text, SHINGLE_WORDS, SHINGLE_CHARACTERS)


def similarity(one: Shingles, other: Shingles) -> float:
    """Jaccard index of two sets of shingles."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def copies(articles: Iterable[Article]) -> list[tuple[str, ...]]:
    """Groups of two or more article ids that are copies, each in the order given.

    A group is a connected component: a copy of a copy belongs to it.
    """
    articles = list(articles)
    ids = [article.article_id for article in articles]
    edges = [(pair.one, pair.other) for pair in near_pairs(articles)]
    return [group for group in components(ids, edges) if len(group) > 1]


def near_pairs(articles: Iterable[Article]) -> list[Pair]:
    """Every pair of copies with its similarity, sorted.

    Of articles with the same shingles, which are alike in every pair, only the first by id is
    paired: with each of the others at similarity 1, and with whatever they are all copies of.
    """
    ordered = sorted(articles, key=lambda article: article.article_id)
    ids = [article.article_id for article in ordered]

    @lru_cache(REMEMBERED)
    def shingles_of(place: int) -> Shingles:
        return shingles(ordered[place].text)

    signatures = _signatures([article.text for article in ordered])
    twins = dict(_same(signatures, shingles_of))
    pairs = [Pair(ids[first], ids[place], 1.0) for place, first in twins.items()]
    singles = np.array([p for p in range(len(ids)) if p not in twins], dtype=np.int64)
    for left, right in _candidates(signatures[singles]):
        one, other = int(singles[left]), int(singles[right])
        found = similarity(shingles_of(one), shingles_of(other))
        if found >= THRESHOLD:
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


def _signatures(texts: Sequence[str]) -> Signatures:
    """A MinHash signature a text, as rows; equal for equal sets of shingles."""
    rows = np.empty((len(texts), BANDS * ROWS), dtype=np.uint32)
    for start in range(0, len(texts), CHUNK):
        sets = [list(shingles(text)) for text in texts[start : start + CHUNK]]
        matrix = rensa.RMinHash.digest_matrix_from_token_sets(sets, BANDS * ROWS, SEED)
        rows[start : start + len(sets)] = matrix.to_rows()
    return rows


def _same(
    signatures: Signatures, shingles_of: Callable[[int], Shingles]
) -> Iterator[tuple[int, int]]:
    """Yield every place whose shingles an earlier place has, with the first such place."""
    alike: dict[bytes, list[int]] = defaultdict(list)
    for place, row in enumerate(signatures):
        alike[row.tobytes()].append(place)
    for places in alike.values():
        if len(places) > 1:
            firsts: dict[Shingles, int] = {}
            for place in places:
                first = firsts.setdefault(shingles_of(place), place)
                if first != place:
                    yield place, first


def _candidates(signatures: Signatures) -> list[tuple[int, int]]:
    """Pairs of rows that share a band and are not hopelessly unlike, sorted."""
    count = len(signatures)
    kept = np.empty(0, dtype=np.int64)
    for band in range(BANDS):
        keys = np.ascontiguousarray(signatures[:, band * ROWS : (band + 1) * ROWS])
        left, right = _collisions(keys.view(np.uint64))
        codes = left * count + right
        new = ~np.isin(codes, kept)
        left, right, codes = left[new], right[new], codes[new]
        alike = _alike(signatures, left, right)
        kept = np.union1d(kept, codes[alike])
    return [(int(code) // count, int(code) % count) for code in kept]


def _collisions(keys: NDArray[np.uint64]) -> tuple[Places, Places]:
    """Every pair of places with equal rows of keys, the smaller place first."""
    order = np.lexsort(keys.T)
    ranked = keys[order]
    lefts, rights = [], []
    starts: Places = np.arange(len(order) - 1)
    distance = 1
    while len(starts):
        starts = starts[starts + distance < len(order)]
        starts = starts[(ranked[starts] == ranked[starts + distance]).all(axis=1)]
        lefts.append(order[starts])
        rights.append(order[starts + distance])
        distance += 1
    one = np.concatenate(lefts) if lefts else np.empty(0, dtype=np.int64)
    other = np.concatenate(rights) if rights else np.empty(0, dtype=np.int64)
    return np.minimum(one, other), np.maximum(one, other)


def _alike(signatures: Signatures, left: Places, right: Places) -> NDArray[np.bool_]:
    """Which pairs of rows agree in enough places to be worth an exact count."""
    enough = HOPELESS * signatures.shape[1]
    parts = [
        (signatures[left[at : at + SLICE]] == signatures[right[at : at + SLICE]]).sum(axis=1)
        >= enough
        for at in range(0, len(left), SLICE)
    ]
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.bool_)
