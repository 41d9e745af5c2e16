"""How sentences stand in the articles as they are now, each between its neighbours.

Also the records of it: where a sentence stands, and what became of one that was in a round.
"""

import functools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

from sikap.records import Item, Kind, Record, Sentence

State = Literal["kept", "moved", "ambiguous", "orphaned"]
Follows = Literal["same", "context", "white-space", "decided"]
Unsure = Literal["several", "no-neighbour"]
Lost = Literal["taken", "other-kind", "form", "inside", "across", "reworded", "gone"]
Reason = Literal[Follows, Unsure, Lost]
Fit = Literal["same", "part", "other"]
Key = tuple[str, str]
"""A round, and a sentence that was in it."""
Context = tuple[str, str]

FEW = 8
"""Of how many code points a piece of a neighbour must be at least, to be known again."""
_SPACE = re.compile(r"\s")


class Place(Record, frozen=True, kw_only=True):
    """A sentence as it stands now, beside ``before`` and ``after``.

    The fits say whether these are the neighbours of old, ``part`` of them (or they of these), as
    after a merge or a split, or others.
    """

    sentence_id: str
    kind: Kind
    start: int
    end: int
    text: str
    before: str
    after: str
    before_fit: Fit
    after_fit: Fit


class Anchor(Record, frozen=True, kw_only=True):
    """What became of one sentence of one round, and the evidence.

    ``start``, ``text``, ``before`` and ``after`` are as the round froze them. Where the sentence is
    kept or moved, ``to`` is its id now; null otherwise. ``places`` are what the state rests on:
    where it stands, could stand, or what holds or resembles its words. ``reason`` says why.
    """

    round_id: str
    sentence_id: str
    article_id: str
    state: State
    reason: Reason
    to: str | None
    start: int
    text: str
    before: str
    after: str
    places: tuple[Place, ...]

    @property
    def key(self) -> Key:
        """The round and the sentence."""
        return self.round_id, self.sentence_id


class Standing:
    """The body sentences of articles as they are now, each with its neighbours."""

    def __init__(self, sentences: Iterable[Sentence]) -> None:
        of_article: dict[str, list[Sentence]] = defaultdict(list)
        for one in sentences:
            if one.kind == "body":
                of_article[one.article_id].append(one)
        self.by_id: dict[str, Sentence] = {}
        self._contexts: dict[str, Context] = {}
        self._of_article = of_article
        self._by_words: dict[str, dict[str, list[Sentence]]] = {}
        for body in of_article.values():
            body.sort(key=lambda one: one.index)
            texts = ["", *(one.text for one in body), ""]
            for place, one in enumerate(body):
                self.by_id[one.sentence_id] = one
                self._contexts[one.sentence_id] = texts[place], texts[place + 2]

    def context(self, one: Sentence) -> Context:
        """The texts of the body sentences before and after; nothing at an end of the article."""
        return self._contexts[one.sentence_id]

    def with_words(self, article_id: str, text: str) -> Sequence[Sentence]:
        """The sentences with this text, but for which white space is between the words."""
        if article_id not in self._by_words:
            by_words: dict[str, list[Sentence]] = defaultdict(list)
            for one in self._of_article.get(article_id, ()):
                by_words[words(one.text)].append(one)
            self._by_words[article_id] = by_words
        return self._by_words[article_id].get(words(text), ())

    def holds(self, old: Item) -> bool:
        """Whether the sentence of an item has its id, text and neighbours still."""
        now = self.by_id.get(old.sentence_id)
        return (
            now is not None
            and now.text == old.text
            and self._contexts[old.sentence_id] == (old.before, old.after)
        )

    def place(self, one: Sentence, old: "Item | Anchor") -> Place:
        """Where a sentence stands, compared with where an old one stood."""
        before, after = self.context(one)
        return place_of(one, old, before, after)


def place_of(one: Sentence, old: Item | Anchor, before: str = "", after: str = "") -> Place:
    """A sentence between two others, compared with where an old one stood."""
    return Place(
        sentence_id=one.sentence_id,
        kind=one.kind,
        start=one.start,
        end=one.end,
        text=one.text,
        before=before,
        after=after,
        before_fit=_fit(old.before, before, str.endswith),
        after_fit=_fit(old.after, after, str.startswith),
    )


def words(text: str) -> str:
    """The text with each white-space character as a plain space: offsets stay what they are."""
    return _SPACE.sub(" ", text)


@functools.lru_cache(maxsize=10_000)
def _fit(old: str, new: str, has: Callable[[str, str], bool]) -> Fit:
    if old == new:
        return "same"
    short, long = sorted((words(old), words(new)), key=len)
    return "part" if (len(short) >= FEW and has(long, short)) or short == long else "other"
