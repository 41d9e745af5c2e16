"""Which sentence of an article that has changed is which sentence of a round.

The id of a sentence is a hash of article, text and occurrence. So when the first of two equal
sentences is deleted the second one gets its id, and would get its label. Hence an id alone proves
nothing: a label follows a sentence only where its neighbours say that it is the same one.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sikap.records import Item, Sentence, sentence_id
from sikap.rounds.reanchoring.context import (
    Anchor,
    Context,
    Key,
    Place,
    Reason,
    Standing,
    State,
    words,
)

MOST = 1000
"""Up to which occurrence of a text in an article an id is recognised."""


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
