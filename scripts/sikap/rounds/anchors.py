"""Where the sentences of rounds stand in the articles as they are now.

The id of a sentence is a hash of article, text and occurrence. So when the first of two equal
sentences is deleted the second one gets its id, and would get its label. Hence an id alone proves
nothing: a label follows a sentence only where its neighbours say that it is the same one.
"""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal

from sikap.records import Item, Kind, Record, Sentence, sentence_id

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
MOST = 1000
"""Up to which occurrence of a text in an article an id is recognised."""
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


def anchors(items: Iterable[Item], standing: Standing) -> list[Anchor]:
    """An anchor for every sentence of every round, in the order of the items.

    Within a round no two sentences follow to the same one. What is orphaned has no evidence yet:
    see ``whereabouts``.
    """
    olds: dict[Key, Item] = {}
    for item in items:
        olds.setdefault((item.round_id, item.sentence_id), item)
    kept = {key for key, old in olds.items() if standing.holds(old)}
    kept -= set(_too_many(olds, kept, standing))
    groups: dict[tuple[str, str, str], list[Item]] = defaultdict(list)
    for key, old in olds.items():
        if key not in kept:
            groups[old.round_id, old.article_id, words(old.text)].append(old)
    found: dict[Key, Anchor] = {}
    numbers = _numbers(olds.values(), {(article, text) for _, article, text in groups})
    for (round_id, article_id, text), group in groups.items():
        there = standing.with_words(article_id, text)
        free = [one for one in there if (round_id, one.sentence_id) not in kept]
        as_many = len(there) == numbers[article_id, text]
        for anchor in _matched(group, free, standing, as_many=as_many, there=bool(there)):
            found[anchor.key] = anchor
    return [found[key] if key in found else _kept(old) for key, old in olds.items()]


def _kept(old: Item) -> Anchor:
    return _anchor(old, "kept", "same", old.sentence_id)


def _anchor(
    old: Item, state: State, reason: Reason, to: str | None = None, places: Iterable[Place] = ()
) -> Anchor:
    return Anchor(
        round_id=old.round_id,
        sentence_id=old.sentence_id,
        article_id=old.article_id,
        state=state,
        reason=reason,
        to=to,
        start=old.start,
        text=old.text,
        before=old.before,
        after=old.after,
        places=tuple(places),
    )


def _numbers(
    olds: Iterable[Item], wanted: Collection[tuple[str, str]]
) -> dict[tuple[str, str], int]:
    """How often texts (by article and words) stood in their articles at least, for all we know.

    An id tells which occurrence of its text a sentence was, and a neighbour may be another one.
    """
    articles = {article for article, _ in wanted}
    of_text: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for old in olds:
        if old.article_id in articles and (old.article_id, words(old.text)) in wanted:
            of_text[old.article_id, old.text].append(old)
    numbers: dict[tuple[str, str], int] = defaultdict(int)
    for (article, text), several in of_text.items():
        ids = {old.sentence_id for old in several}
        beside = max(1 + (old.before, old.after).count(text) for old in several)
        numbers[article, words(text)] += max(len(ids), beside, _last(article, text, ids) + 1)
    return numbers


def _last(article: str, text: str, ids: Collection[str]) -> int:
    """The last occurrence that any of the ids stands for."""
    left, occurrence = set(ids), 0
    while left and occurrence < MOST:
        left.discard(sentence_id(article, text, occurrence))
        occurrence += 1
    return occurrence - 1 if not left else 0


def _too_many(olds: Mapping[Key, Item], kept: Iterable[Key], standing: Standing) -> Iterator[Key]:
    """Yield those of equal sentences between equal neighbours that are fewer now than in the round.

    Nothing tells which of them is gone, so that the id of none says anything.
    """
    alike = Counter((old.round_id, *_sight(old)) for old in olds.values())
    if len(alike) == len(olds):
        return
    for key in kept:
        old = olds[key]
        number = alike[old.round_id, *_sight(old)]
        if number > 1:
            there = standing.with_words(old.article_id, old.text)
            same = sum(standing.context(one) == (old.before, old.after) for one in there)
            if same < number:
                yield key


def _sight(old: Item) -> tuple[str, str, str, str]:
    return old.article_id, old.text, old.before, old.after


def _matched(
    olds: Sequence[Item],
    free: Sequence[Sentence],
    standing: Standing,
    *,
    as_many: bool,
    there: bool,
) -> Iterator[Anchor]:
    """Yield an anchor for each of some equal sentences: who goes where, one to one.

    One follows to the only place between its own neighbours, if no other stood between such. One
    neighbour is enough only where ``as_many`` stand in the article as before and all others have
    found their places; else one may be gone and another new. ``there`` says whether the text is
    there at all.
    """
    by_context: dict[Context, list[Sentence]] = defaultdict(list)
    for one in free:
        by_context[_between(*standing.context(one))].append(one)
    stood = Counter(_between(old.before, old.after) for old in olds)
    left, waiting = list(free), list[Item]()
    for old in olds:
        context = _between(old.before, old.after)
        places = by_context.get(context, [])
        if not len(places) == stood[context] == 1:
            waiting.append(old)
            continue
        left.remove(places[0])
        yield _moved(old, places[0], standing)
    last = as_many and len(left) == len(waiting) == 1
    for old in waiting:
        if left:
            yield _by_one_neighbour(old, left, standing, last=last)
        else:
            yield _anchor(old, "orphaned", "taken" if there else "gone")


def _by_one_neighbour(
    old: Item, left: Sequence[Sentence], standing: Standing, *, last: bool
) -> Anchor:
    """The anchor of one that does not stand between its own neighbours any more.

    It follows where it is the ``last`` and beside one of them; else it is ambiguous.
    """
    places = [standing.place(one, old) for one in left]
    scores = [_score(place) for place in places]
    best = max(scores)
    if last and best > (0, 0):
        return _moved(old, left[0], standing)
    fitting = (place for place, score in zip(places, scores, strict=True) if score == best)
    reason: Reason = "several" if best > (0, 0) else "no-neighbour"
    return _anchor(old, "ambiguous", reason, places=fitting)


def _moved(old: Item, now: Sentence, standing: Standing) -> Anchor:
    reason: Reason = "context" if now.text == old.text else "white-space"
    return _anchor(old, "moved", reason, now.sentence_id, [standing.place(now, old)])


def _between(before: str, after: str) -> Context:
    return words(before), words(after)


def _score(place: Place) -> tuple[int, int]:
    """How well a place fits: how many neighbours are known again, and how many are the same."""
    fits = place.before_fit, place.after_fit
    return 2 - fits.count("other"), fits.count("same")


@functools.lru_cache(maxsize=10_000)
def _fit(old: str, new: str, has: Callable[[str, str], bool]) -> Fit:
    if old == new:
        return "same"
    short, long = sorted((words(old), words(new)), key=len)
    return "part" if (len(short) >= FEW and has(long, short)) or short == long else "other"
