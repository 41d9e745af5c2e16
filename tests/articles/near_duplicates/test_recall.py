"""How many near-copies the bands find, of those that an exact count over all pairs finds.

``pytest -m scale --log-cli-level=INFO tests/articles/near_duplicates/test_recall.py`` shows
the figures.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Sequence
from random import Random

import pytest

from builders import article
from sikap.articles.near_duplicates.pairs import Pair, near_pairs, shingles, similarity
from sikap.records import Article
from sikap.settings import Copies

COPIES = Copies()
LOG = logging.getLogger(__name__)


def corpus(count: int, copies: int, seed: int) -> list[Article]:
    """Articles of 120 to 400 words, each with a formula of its outlet, and copies of some.

    A copy has up to a sixth of its words changed, so that many lie about the border of a half.
    """
    random = Random(seed)
    words = [f"kata{number}" for number in range(30_000)]
    formulas = [random.choices(words, k=40) for _ in range(5)]
    texts = [
        random.choices(words, k=random.randint(120, 400)) + formulas[number % 5]
        for number in range(count)
    ]
    for _ in range(copies):
        text = list(texts[random.randrange(count)])
        for _ in range(random.randint(1, len(text) // 6)):
            text[random.randrange(len(text))] = random.choice(words)
        texts.append(text)
    return [article(" ".join(text), f"a{number:06}") for number, text in enumerate(texts)]


def counted_exactly(articles: Sequence[Article]) -> list[Pair]:
    """Every pair that is alike enough, over all pairs that share a shingle."""
    sets = [shingles(one.text, COPIES) for one in articles]
    holders: dict[str, list[int]] = defaultdict(list)
    pairs = []
    for number, one in enumerate(sets):
        shared = Counter(other for shingle in one for other in holders[shingle])
        for other, count in shared.items():
            if count >= COPIES.threshold * (len(one) + len(sets[other]) - count):
                found = similarity(one, sets[other])
                pairs.append(Pair(articles[other].article_id, articles[number].article_id, found))
        for shingle in one:
            holders[shingle].append(number)
    return sorted(pairs)


def test_all_pairs_of_a_small_corpus_are_found() -> None:
    articles = corpus(150, 150, seed=1)
    exact = counted_exactly(articles)
    assert len(exact) > 100
    assert near_pairs(articles, COPIES) == exact


@pytest.mark.scale
def test_recall_over_planted_copies_is_nearly_whole() -> None:
    articles = corpus(2_000, 12_000, seed=2)
    exact, found = counted_exactly(articles), near_pairs(articles, COPIES)
    border = [pair for pair in exact if pair.similarity < 0.55]
    missed = set(exact) - set(found)
    recall = 1 - len(missed) / len(exact)
    LOG.info("%d of %d pairs missed; %d are under 0.55", len(missed), len(exact), len(border))
    assert set(found) <= set(exact)
    assert len(border) > 1_000
    assert recall >= 0.999
