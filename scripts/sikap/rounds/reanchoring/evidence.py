"""What became of the words of a sentence that no sentence has as its text any more.

Evidence for people: nothing follows from it by itself.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from sikap.records import Sentence
from sikap.rounds.reanchoring.context import Anchor, Place, Reason, Standing, place_of
from sikap.text.unicode import UNSPACED

_WORD = re.compile(r"\w+")
ALIKE = 0.5
"""Which share of the words two sentences must have in common, for one to resemble the other."""


def traced(anchors: Iterable[Anchor], sentences: Iterable[Sentence]) -> list[Anchor]:
    """The anchors, those that are orphaned with the evidence: where their words are now."""
    given = list(anchors)
    wanted = {anchor.article_id for anchor in given if anchor.state == "orphaned"}
    of_article: dict[str, list[Sentence]] = defaultdict(list)
    for one in sentences:
        if one.article_id in wanted:
            of_article[one.article_id].append(one)
    found = {}
    for article_id, several in of_article.items():
        found[article_id] = _Now(sorted(several, key=lambda one: one.index))
    return [
        found[anchor.article_id].trace(anchor)
        if anchor.state == "orphaned" and anchor.article_id in found
        else anchor
        for anchor in given
    ]


class _Now:
    """The sentences of one article now, and their words in one line."""

    def __init__(self, sentences: Sequence[Sentence]) -> None:
        self._sentences = sentences
        self._standing = Standing(sentences)
        self._parts = [_parts(_plain(one.text)) for one in sentences]
        self._line, self._spans = "", list[tuple[int, int]]()
        parts, length, last = list[str](), 0, 0
        for one in sentences:
            gap = " " if one.start > last and parts else ""
            text = _plain(one.text)
            start = length + len(gap)
            self._spans.append((start, start + len(text)))
            parts += [gap, text]
            length, last = start + len(text), one.end
        self._line = "".join(parts)

    def trace(self, anchor: Anchor) -> Anchor:
        """The anchor with reason and places."""
        reason, found = self._found(anchor)
        places = (self._place(one, anchor) for one in found)
        return msgspec.structs.replace(anchor, reason=reason, places=tuple(places))

    def _found(self, anchor: Anchor) -> tuple[Reason, list[Sentence]]:
        if anchor.reason == "taken":
            return "taken", [one for one in self._sentences if one.text == anchor.text]
        other = [one for one in self._sentences if one.text == anchor.text and one.kind != "body"]
        if other:
            return "other-kind", other
        needle = _plain(anchor.text)
        at = self._line.find(needle) if needle else -1
        if at >= 0:
            within = list(self._overlapping(at, at + len(needle)))
            if len(within) > 1:
                return "across", within
            whole = within and _plain(within[0].text) == needle
            return "form" if whole else "inside", within
        return self._like(_parts(needle))

    def _overlapping(self, start: int, end: int) -> Iterator[Sentence]:
        for one, (begin, stop) in zip(self._sentences, self._spans, strict=True):
            if begin < end and start < stop:
                yield one

    def _like(self, sought: Counter[str]) -> tuple[Reason, list[Sentence]]:
        best, like = 0.0, list[Sentence]()
        for one, there in zip(self._sentences, self._parts, strict=True):
            shared = 2 * (sought & there).total() / max(1, sought.total() + there.total())
            if shared > best:
                best, like = shared, [one]
        return ("reworded", like) if best >= ALIKE else ("gone", [])

    def _place(self, one: Sentence, anchor: Anchor) -> Place:
        context = self._standing.context(one) if one.kind == "body" else ("", "")
        return place_of(one, anchor, *context)


def _parts(text: str) -> Counter[str]:
    """The words of a text; its characters where a script has no spaces between words."""
    return Counter(text if UNSPACED.search(text) else _WORD.findall(text.casefold()))


def _plain(text: str) -> str:
    """The text in one Unicode form, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).split())
