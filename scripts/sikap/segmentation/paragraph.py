"""A paragraph, and what is found out about it once something hangs on it.

Which stretches of a paragraph stand between quotation marks or brackets.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import sentencex

from sikap.languages.sentence_ends import StopRules

_PAIRS = {"”": "“", "»": "«", "」": "「", "』": "『", ")": "(", "）": "（", "》": "《", "】": "【"}
_OPENING = frozenset(_PAIRS.values())
_CLOSE = (*_PAIRS, '"')
_OPEN = (*_PAIRS.values(), '"')
_MARK = re.compile(f'["{"".join(_PAIRS)}{"".join(_OPENING)}]')
_ASCII_MARK = re.compile('["()]')
_BRACKET = re.compile("[()（）]")


def enclosed(text: str, *, brackets: bool = False) -> list[tuple[int, int]]:
    """The spans between two marks that belong together, in order; what meets is one span.

    ``brackets`` says to look at round brackets alone.

    A mark that opens again before it was closed begins anew: what people forget to close must not
    swallow the rest. A straight quote opens after a space and closes before one; else it does what
    the last one did not.
    """
    opened: dict[str, int] = {}
    spans = []
    marks = _BRACKET if brackets else _ASCII_MARK if text.isascii() else _MARK
    for match in marks.finditer(text):
        mark, place = match[0], match.start()
        if mark in _OPENING or (mark == '"' and _opens(text, place, open_=mark in opened)):
            opened[mark] = place
            continue
        begin = opened.pop(_PAIRS.get(mark, mark), None)
        if begin is not None:
            spans.append((begin, place))
    return _united(spans)


def reach(text: str) -> tuple[int, int]:
    """Where the first mark that may open stands, and the last that may close: no span is outside.

    Far cheaper than ``enclosed``, and most marks lie outside.
    """
    if text.isascii():
        begin, quote = text.find("("), text.find('"')
        if begin < 0 or 0 <= quote < begin:
            begin = quote
        return begin, max(text.rfind(")"), text.rfind('"'))
    begins = [place for place in map(text.find, _OPEN) if place >= 0]
    return min(begins, default=-1), max(map(text.rfind, _CLOSE))


def _united(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if united and begin <= united[-1][1]:
            united[-1] = united[-1][0], max(end, united[-1][1])
        else:
            united.append((begin, end))
    return united


def _opens(text: str, place: int, *, open_: bool) -> bool:
    """Whether a straight quote opens."""
    before = place == 0 or text[place - 1] in " ([“‘«"
    after = place + 1 == len(text) or not text[place + 1].isalnum()
    return not open_ if before == after else before


LOOK_BACK = 40
_STRETCH_LENGTH = 5000
_STRETCH = re.compile(r"[。！？][”」』）]*|[.!?][\"”)]*\s+(?=\W?[A-Z])")
_NEXT = re.compile(r"[\W_]*([^\W_]+(?:[’'][^\W_]+)?\.?)")
_LETTERS = re.compile(r"[^\W_](?:[^\W_]|[.])*\Z")


class Paragraph:
    """A text whose only white space are blanks, and the rules of its language."""

    def __init__(self, text: str, rules: StopRules) -> None:
        self.text = text
        self.rules = rules
        self._found: list[int] | None = None
        self._reach: tuple[int, int] | None = None
        self._enclosed: list[tuple[int, int]] | None = None
        self._counted = (0, 0)

    def word_before(self, stop: int) -> str:
        """The word before a full stop, with those that it has inside."""
        word = self.text[self.text.rfind(" ", 0, stop) + 1 : stop]
        if not word.isalpha() and (letters := _LETTERS.search(word[-LOOK_BACK:])):
            return letters[0]
        return word

    def word_after(self, place: int) -> str:
        """The next word, with the full stop right behind it."""
        match = _NEXT.match(self.text, place, place + LOOK_BACK)
        return match[1] if match else ""

    def asked(self) -> bool:
        """Whether the segmenter was asked already, so that its answer costs little."""
        return self._found is not None

    def opens(self, place: int) -> bool:
        """Whether the next word is one that only begins sentences."""
        return self.word_after(place) in self.rules.openers

    def segmenter_ends(self, start: int, end: int) -> bool:
        """Whether the segmenter sees an end at a mark."""
        if self._found is None:
            self._found = list(_found(self.text, self.rules.segmenter))
        place = bisect_right(self._found, start)
        return place < len(self._found) and self._found[place] <= end

    def inside(self, place: int) -> bool:
        """Whether a mark stands in brackets, or in a quotation that stays whole; not at its end."""
        if self._reach is None:
            self._reach = reach(self.text)
        begin, end = self._reach
        if not begin < place < end - 1:
            return False
        if self._enclosed is None:
            self._enclosed = enclosed(self.text, brackets=self.rules.quoted)
        number = bisect_left(self._enclosed, (place,)) - 1
        return number >= 0 and self._enclosed[number][1] > place + 1

    def quoted(self, end: int) -> bool:
        """Whether an odd number of straight quotes stands before a place; places ascend."""
        start, number = self._counted
        number += self.text.count('"', start, end)
        self._counted = max(start, end), number
        return number % 2 == 1


def _found(text: str, segmenter: str) -> Iterator[int]:
    """Yield the ends that the segmenter sees.

    It takes quadratic time where a paragraph has no spaces, so a long one is given in stretches.
    """
    start = 0
    while start < len(text):
        cut = _STRETCH.search(text, start + _STRETCH_LENGTH)
        stop = cut.end() if cut else len(text)
        # The pieces are all of the text. Asking for offsets costs half as much again.
        for piece in sentencex.segment(segmenter, text[start:stop]):
            start += len(piece)
            yield start
        start = stop
