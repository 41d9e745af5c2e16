"""Where the sentences of rounds stand in the articles as they are now.

The id of a sentence is a hash of article, text and occurrence. So when the first of two equal
sentences is deleted the second one gets its id, and would get its label. Hence an id alone proves
nothing: a label follows a sentence only where its neighbours say that it is the same one.
"""

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeVar

import msgspec

from sikap.records import Item, Kind, Record, Sentence

State = Literal["kept", "moved", "ambiguous", "orphaned"]
Follows = Literal["same", "context", "white-space", "decided"]
Unsure = Literal["several", "contested", "no-neighbour"]
Lost = Literal["taken", "other-kind", "form", "inside", "across", "reworded", "gone"]
Reason = Literal[Follows, Unsure, Lost]
Fit = Literal["same", "part", "other"]
Key = tuple[str, str]
"""A round, and a sentence that was in it."""
Context = tuple[str, str]

Sight = tuple[str, str, str]
"""What stands somewhere: the neighbours and the text."""
Score = tuple[int, int, int]
T = TypeVar("T")

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
    groups: dict[Sight, list[Item]] = defaultdict(list)
    for key, old in olds.items():
        if key not in kept:
            groups[old.round_id, old.article_id, words(old.text)].append(old)
    found: dict[Key, Anchor] = {}
    for (round_id, article_id, text), group in groups.items():
        there = standing.with_words(article_id, text)
        free = [one for one in there if (round_id, one.sentence_id) not in kept]
        for anchor in _matched(group, free, standing, bool(there)):
            found[anchor.key] = anchor
    found |= {anchor.key: anchor for anchor in _claimed_otherwise(found, olds, kept)}
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
    olds: Sequence[Item], free: Sequence[Sentence], standing: Standing, there: bool
) -> Iterator[Anchor]:
    """Yield an anchor for each of some equal sentences: who goes where, one to one.

    One follows to a place that fits it better than any other place does, and better than that
    place fits any other. What is then left may be decided by that, and so on.
    """
    waiting: dict[Context, list[Item]] = defaultdict(list)
    for old in olds:
        waiting[old.before, old.after].append(old)
    left: dict[Sight, list[Sentence]] = defaultdict(list)
    for one in free:
        left[*standing.context(one), one.text].append(one)
    pairs = list(_sure(waiting, left))
    while pairs:
        for context, sight in pairs:
            (old,), (one,) = waiting.pop(context), left.pop(sight)
            reason: Reason = "context" if one.text == old.text else "white-space"
            yield _anchor(old, "moved", reason, one.sentence_id, [standing.place(one, old)])
        pairs = list(_sure(waiting, left))
    for context, several in waiting.items():
        for old in several:
            if not left:
                yield _anchor(old, "orphaned", "taken" if there else "gone")
                continue
            scores = {sight: _score(context, old.text, sight) for sight in left}
            best = max(scores.values())
            fitting = [
                one for sight, score in scores.items() if score == best for one in left[sight]
            ]
            reason = "several" if len(fitting) > 1 else "contested" if best[0] else "no-neighbour"
            places = (standing.place(one, old) for one in fitting)
            yield _anchor(old, "ambiguous", reason, places=places)


def _sure(
    waiting: Mapping[Context, Sequence[Item]],
    left: Mapping[Sight, Sequence[Sentence]],
) -> Iterator[tuple[Context, Sight]]:
    """Yield the pairs that fit each other better than either fits anything else."""
    by_old: dict[Context, list[tuple[Score, Sight]]] = {}
    by_new: dict[Sight, list[tuple[Score, Context]]] = {}
    for context, several in waiting.items():
        for sight, places in left.items():
            score = _score(context, several[0].text, sight)
            # What stands twice between the same neighbours cannot be told apart by them.
            by_old.setdefault(context, []).extend([(score, sight)] * min(len(places), 2))
            by_new.setdefault(sight, []).extend([(score, context)] * min(len(several), 2))
    for context, found in by_old.items():
        fitting = _only_best(found)
        if fitting is not None and _only_best(by_new[fitting]) == context:
            yield context, fitting


def _only_best(found: Sequence[tuple[Score, T]]) -> T | None:
    """What alone has the best score; None where several have it, or no neighbour fits."""
    best = max(score for score, _ in found)
    first, *others = (one for score, one in found if score == best)
    return None if others or not best[0] else first


def _score(context: Context, text: str, sight: Sight) -> Score:
    """How well a place fits: neighbours known again, those that are the same, the same text."""
    before, after, now = sight
    fits = _fit(context[0], before, str.endswith), _fit(context[1], after, str.startswith)
    return 2 - fits.count("other"), fits.count("same"), int(text == now)


@functools.lru_cache(maxsize=10_000)
def _fit(old: str, new: str, has: Callable[[str, str], bool]) -> Fit:
    if old == new:
        return "same"
    short, long = sorted((words(old), words(new)), key=len)
    return "part" if (len(short) >= FEW and has(long, short)) or short == long else "other"


def _claimed_otherwise(
    found: Mapping[Key, Anchor], olds: Mapping[Key, Item], kept: Iterable[Key]
) -> Iterator[Anchor]:
    """Yield as ambiguous what would follow, by one neighbour, to another's place in other rounds.

    Two rounds may have one sentence under two ids, frozen at different times. But where neither
    id nor neighbours agree, they may be two sentences that stood there at once.
    """
    claims: dict[str, list[Item]] = defaultdict(list)
    moved = [anchor for anchor in found.values() if anchor.to is not None]
    if not moved:
        return
    for anchor in moved:
        claims[str(anchor.to)].append(olds[anchor.key])
    for key in kept:
        if key[1] in claims:
            claims[key[1]].append(olds[key])
    for anchor in moved:
        (place,) = anchor.places
        if place.before_fit == place.after_fit == "same":
            continue
        for other in claims[str(anchor.to)]:
            stood = (other.before, other.after) == (anchor.before, anchor.after)
            if other.sentence_id != anchor.sentence_id and not stood:
                yield msgspec.structs.replace(
                    anchor, state="ambiguous", reason="contested", to=None
                )
                break
