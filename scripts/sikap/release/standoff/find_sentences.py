"""Find the sentences of an article again in a text that has changed, without the old text.

The id of a sentence is a hash of article, text and occurrence, and its length is known. So a
window of that length is moved over the new text: where it hashes to the id, the text is proven to
be the old one. Which of several equal texts it was, and whether it still stands where it stood, is
another matter, and is told apart.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from sikap.records import Sentence, sentence_id
from sikap.text.unicode import OUTER, UNSPACED

State = Literal["kept", "moved", "ambiguous", "lost"]


class Sought(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one sentence, and the evidence.

    ``kept``: found, and between the sentences that it stood between; ``moved``: found, but not so;
    ``ambiguous``: its text was found at ``starts``, which are not as many as before; ``lost``: not
    found. ``before`` and ``after`` say whether its neighbours were found right beside it.
    """

    sentence_id: str
    state: State
    starts: tuple[int, ...]
    before: bool = False
    after: bool = False


class _Group(msgspec.Struct, frozen=True):
    """Sentences with one text, in order, and where that text begins in the new one."""

    places: tuple[int, ...]
    starts: tuple[int, ...]


def refind(article_id: str, text: str, sentences: Sequence[Sentence]) -> list[Sought]:
    """What became of every sentence of an article, given in order of index and without texts."""
    groups = list(_groups(article_id, text, sentences))
    found = {
        place: start
        for group in groups
        if len(group.places) == len(group.starts)
        for place, start in zip(group.places, group.starts, strict=True)
    }
    unsure = {place: group.starts for group in groups for place in group.places}
    beside = _Neighbours(text, sentences, found)
    sought = []
    for place, one in enumerate(sentences):
        if place in found:
            before, after = beside.before(place), beside.after(place)
            sought.append(
                Sought(
                    sentence_id=one.sentence_id,
                    state="kept" if before and after else "moved",
                    starts=(found[place],),
                    before=before,
                    after=after,
                )
            )
        else:
            starts = unsure.get(place, ())
            state: State = "ambiguous" if starts else "lost"
            sought.append(Sought(sentence_id=one.sentence_id, state=state, starts=starts))
    return sought


def _groups(article_id: str, text: str, sentences: Sequence[Sentence]) -> Iterator[_Group]:
    """Yield every group of equal sentences whose text is there, the longest texts first.

    What lies inside a longer sentence that was found is no sentence of its own, nor is what begins
    or ends inside a word, unless the sentence did so before.
    """
    by_length: dict[int, dict[str, int]] = {}
    for place, one in enumerate(sentences):
        by_length.setdefault(one.end - one.start, {})[one.sentence_id] = place
    glued = {one.start for one in sentences} & {one.end for one in sentences}
    taken = bytearray(len(text))
    for length in sorted(by_length, reverse=True):
        starts: dict[str, list[int]] = {}
        for start, window, place in _matches(article_id, text, length, by_length[length]):
            old, end = sentences[place], start + length
            if any(taken[start:end]) or any(
                _in_word(text, new) and was not in glued
                for was, new in ((old.start, start), (old.end, end))
            ):
                continue
            taken[start:end] = b"\1" * length
            starts.setdefault(window, []).append(start)
        for window, where in starts.items():
            places = tuple(_equal(article_id, window, by_length[length]))
            yield _Group(places, tuple(where))


def _matches(
    article_id: str, text: str, length: int, ids: Mapping[str, int]
) -> Iterator[tuple[int, str, int]]:
    """Yield where a window has the text of one of the sentences ``ids``, that text, its place."""
    known: dict[str, int | None] = {}
    for start in range(len(text) - length + 1):
        # No sentence begins or ends with white space.
        if text[start].isspace() or text[start + length - 1].isspace():
            continue
        window = text[start : start + length]
        if window not in known:
            known[window] = ids.get(sentence_id(article_id, window, 0))
        place = known[window]
        if place is not None:
            yield start, window, place


def _in_word(text: str, place: int) -> bool:
    """Whether a place lies inside a word, where a script has spaces between words."""
    both = text[max(place - 1, 0) : place + 1]
    return 0 < place < len(text) and both.isalnum() and not UNSPACED.search(both)


def _equal(article_id: str, window: str, ids: Mapping[str, int]) -> Iterator[int]:
    """Yield the places of the sentences with this text, in the order of their occurrence."""
    occurrence = 0
    while (id_ := sentence_id(article_id, window, occurrence)) in ids:
        yield ids[id_]
        occurrence += 1


class _Neighbours:
    """Which of the sentences that were found stand right beside each other in the new text."""

    def __init__(self, text: str, sentences: Sequence[Sentence], found: Mapping[int, int]) -> None:
        lengths = {place: sentences[place].end - sentences[place].start for place in found}
        order = sorted(found, key=lambda place: found[place])
        self._last = len(sentences) - 1
        self._pairs = set(self._adjacent(text, order, found, lengths))

    def _adjacent(
        self,
        text: str,
        order: Sequence[int],
        found: Mapping[int, int],
        lengths: Mapping[int, int],
    ) -> Iterable[tuple[int, int]]:
        last, end = -1, 0
        for place in order:
            if OUTER.fullmatch(text, end, found[place]):
                yield last, place
            last, end = place, found[place] + lengths[place]
        if OUTER.fullmatch(text, end):
            yield last, self._last + 1

    def before(self, place: int) -> bool:
        return (place - 1, place) in self._pairs

    def after(self, place: int) -> bool:
        return (place, place + 1) in self._pairs
