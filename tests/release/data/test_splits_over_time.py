"""The life of a corpus: it grows, is copied from, loses articles, and is released again."""

from random import Random

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from builders import article
from examples import FEW
from sikap.articles.near_duplicates.pairs import near_pairs
from sikap.records import Article
from sikap.release.data.splits import Assignment, Ledger, assign
from sikap.settings import Copies

SHARES = {"train": 0.6, "validation": 0.2, "test": 0.2}
WORDS = [f"kata{number}" for number in range(900)]


class Corpus(RuleBasedStateMachine):
    """Articles with real copies, the ledger so far, and every place that was ever given."""

    @initialize(seed=st.integers(0, 999))
    def begin(self, seed: int) -> None:
        """An empty corpus."""
        self.random = Random(seed)
        self.articles: dict[str, Article] = {}
        self.ever: dict[str, str] = {}
        self.result = Assignment(ledger=Ledger(salt="uji", articles={}), quarantined=())
        self.made = 0

    def add(self, words: list[str]) -> None:
        """Put in an article whose name says nothing of when it came."""
        name = f"{self.random.randrange(10**6):06}-{self.made}"
        self.made += 1
        self.articles[name] = article(" ".join(words), name)

    @rule(count=st.integers(1, 40))
    def grow(self, count: int) -> None:
        """Articles that are nobody's copies come in."""
        for _ in range(count):
            self.add(self.random.choices(WORDS, k=40))

    @precondition(lambda self: self.articles)
    @rule()
    def copy(self) -> None:
        """A near-copy of an article comes in."""
        words = self.random.choice(sorted(self.articles.items()))[1].text.split()
        words[self.random.randrange(len(words))] = "lain"
        self.add(words)

    @rule(wait=st.booleans())
    def bridge(self, wait: bool) -> None:
        """Two articles come in that are no copies, then one that is a copy of both."""
        parts = [self.random.choices(WORDS, k=30) for _ in range(3)]
        self.add([*parts[0], *parts[1]])
        self.add([*parts[1], *parts[2]])
        if wait:
            self.release()
        self.add([*parts[0][15:], *parts[1], *parts[2][:15]])

    @precondition(lambda self: self.articles)
    @rule()
    def withdraw(self) -> None:
        """An article goes; the ledger remembers where it was."""
        del self.articles[self.random.choice(sorted(self.articles))]

    @rule()
    def release(self) -> None:
        """Splits are drawn, whatever the order of the input, and once more."""
        before = self.result.ledger
        pairs = near_pairs(self.articles.values(), Copies())
        self.result = assign(before, SHARES, self.articles, pairs)
        names, turned = list(self.articles), list(pairs)
        self.random.shuffle(names)
        self.random.shuffle(turned)
        assert assign(before, SHARES, names, turned) == self.result
        assert assign(self.result.ledger, SHARES, names, turned) == self.result
        out = {one.article_id for one in self.result.quarantined}
        splits = self.result.ledger.articles
        assert {*self.articles} - out <= splits.keys()
        assert not out & splits.keys()
        assert all(splits[a] == splits[b] for a, b, _ in pairs if not {a, b} & out)
        for one in self.result.quarantined:
            assert len(one.bridges) > 1
            assert all(splits[other] == split for split, o in one.bridges.items() for other in o)
        self.ever |= splits

    @invariant()
    def nothing_ever_moves(self) -> None:
        """What was placed once stays there, in whatever order things happened."""
        if hasattr(self, "ever"):
            assert self.ever == self.result.ledger.articles


TestCorpus = Corpus.TestCase
TestCorpus.settings = settings(FEW, stateful_step_count=30)
