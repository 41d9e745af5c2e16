"""Where the sentences of one paragraph end.

Every mark that may end a sentence is looked at once. What the rules of the language know about it
decides; where they know nothing, sentencex does, unless it sees a quotation that there is not.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

import sentencex

from sikap.ingest.invisible import INVISIBLE
from sikap.languages import Rules
from sikap.languages.stops import SPACED, Stop, StopRules
from sikap.segment.quotes import enclosed

# What shows nothing between sentences is as good as a space; inside words it may join letters.
_ODD_SPACE = re.compile(rf"[^\S ]|(?![\u00ad\u200c\u200d])[{INVISIBLE}]")
_STRETCH_LENGTH = 5000
_STRETCH = re.compile(r"[。！？][”」』）]*|[.!?][\"”)]*\s+(?=\W?[A-Z])")
_WORD = re.compile(r"\w")
_NEXT = re.compile(r"[\W_]*([^\W_]+(?:[’'][^\W_]+)?\.?)")
_LETTERS = re.compile(r"[^\W_](?:[^\W_]|[.])*\Z")
_INITIALS = re.compile(r"[^\W\d_](?:\.-?[^\W\d_])*\Z")
_ROMAN = re.compile(r"[IVXLC]+\b")
_NUMBER = re.compile(r"\W*(?:\d{1,3}|[A-Za-z])\.\s*\Z")
_WORD_OR_YEAR = re.compile(r".?[^\W\d_]{3}\Z|\d{4}\Z")
_NOTE = re.compile(r"\d{1,3}\s+(?=[^\W\d_])")
_ADDRESS = re.compile(r"(?:www\.|://|@)\S*\Z")
_LOOK_BACK = 40
_WORD_LENGTH = 5
_NUMBER_LENGTH = 12
_CONTINUES = frozenset(",;:)]}、，；：")
_QUOTES = '"”’»」』'
_WIDE = "\u2e80"
"""From here on scripts are written without spaces."""


def sentence_ends(text: str, rules: Rules) -> list[int]:
    """Where the sentences of one paragraph end, as ascending offsets; the last is its length."""
    # A line break inside a paragraph is soft, but the segmenter would take two for a paragraph's.
    if not text.isascii() or "\n" in text or "\t" in text:
        text = _ODD_SPACE.sub(" ", text)
    paragraph = _Paragraph(text, rules.stops)
    length = len(text)
    ends, last, seen, worded = [], 0, 0, False
    for match in rules.stops.marks(text):
        if match.end() == length:
            break
        end = paragraph.end(match, last)
        if not last < end < length:
            continue
        # A mark is no sentence by itself: it goes to the next, or the last.
        worded = worded or _WORD.search(text, seen, end) is not None
        seen = end
        if worded:
            ends.append(end)
            last, worded = end, False
    if ends and not _WORD.search(text, last):
        ends.pop()
    ends.append(length)
    return ends


class _Paragraph:
    """A paragraph, and what is found out about it once something hangs on it."""

    def __init__(self, text: str, rules: StopRules) -> None:
        self.text = text
        self.rules = rules
        self._found: list[int] | None = None
        self._enclosed: list[tuple[int, int]] | None = None
        self._counted = (0, 0)

    def end(self, match: re.Match[str], last: int) -> int:
        """Where the sentence ends that a mark ends, or 0; ``last`` is where the last one ended."""
        text = self.text
        start, end, closed = match.start(), match.end(), match.end("mark")
        if text[start] not in SPACED:
            return end if self._terminal(start, closed, end) else 0
        if closed == end:
            return self._glued(start, end)
        if text[end] in _CONTINUES:
            return 0
        if not self._spaced(start, closed, end, last):
            return 0
        return self._after_note(self._after_quote(end))

    def _spaced(self, start: int, closed: int, end: int, last: int) -> bool:
        """Whether a mark with white space behind it ends a sentence."""
        text, rules = self.text, self.rules
        kind = None
        bare = text[start] == "." and closed == start + 1
        if bare:
            word = self._word_before(start)
            kind = rules.abbreviations.get(word)
            if kind or len(word) < 5:
                said = self._abbreviated(word, kind, start, end, last)
                if said is not None:
                    return said
        if self._small(end):
            # "Benarkah?" tanya dia. A small letter after a word and a full stop is carelessness.
            careless = bare and kind is None and _WORD_OR_YEAR.match(text, max(0, start - 4), start)
            return bool(careless) and self._segmenter_ends(start, end)
        return self._segmenter_ends(start, end) or self._misled(start, closed, end)

    def _small(self, end: int) -> bool:
        """Whether what follows begins small, be it after a dash; iPhone does not."""
        text = self.text
        if text[end] in "-–—":
            end += 1 + text.startswith(" ", end + 1)
        return text[end : end + 1].islower() and not text[end + 1 : end + 2].isupper()

    def _word_before(self, start: int) -> str:
        text = self.text
        word = text[text.rfind(" ", 0, start) + 1 : start]
        if not word.isalpha() and (letters := _LETTERS.search(word[-_LOOK_BACK:])):
            return letters[0]
        return word

    def _abbreviated(
        self, word: str, kind: Stop | None, start: int, end: int, last: int
    ) -> bool | None:
        """Whether a full stop ends a sentence after a word of a list or a short one, if known."""
        text, rules = self.text, self.rules
        first = text[end]
        if end - last < _NUMBER_LENGTH and _NUMBER.match(text, last, end):
            return False
        if (kind or len(word) < 3 or not word.islower()) and rules.always.search(
            text, max(0, start - _LOOK_BACK), start
        ):
            return not first.islower() or (kind is None and len(word) > 1)
        if kind == "never":
            return False
        if kind == "numbered" and (first.isdigit() or _ROMAN.match(text, end)):
            return False
        if kind == "seldom" or (kind == "numbered" and len(word) > 1):
            return not (first == "(" or first.islower() or self._abbreviation_at(end))
        if rules.ordinals and len(word) < 3 and (word.isdigit() or _ROMAN.fullmatch(word)):
            return self._opens(end)
        named = kind == "opened" or (not word.islower() and _INITIALS.match(word))
        if named and (first.isalnum() or first == "("):
            return self._opens(end)
        return None

    def _abbreviation_at(self, end: int) -> bool:
        word = self._word_after(end)
        return word.endswith(".") and (len(word) == 2 or word[:-1] in self.rules.abbreviations)

    def _opens(self, end: int) -> bool:
        return self._word_after(end) in self.rules.openers

    def _word_after(self, end: int) -> str:
        match = _NEXT.match(self.text, end, end + _LOOK_BACK)
        return match[1] if match else ""

    def _terminal(self, start: int, closed: int, end: int) -> bool:
        """Whether a mark that needs no white space ends a sentence."""
        text = self.text
        if text[end] in _CONTINUES or (
            closed == end
            and text[end].isdecimal()
            and start
            and text[start - 1].isdecimal()
            and text[start] == "．"
        ):
            return False
        if text[closed - 1] in _QUOTES and self.rules.goes_on.match(text, end):
            return False
        return not self._inside(start)

    def _glued(self, start: int, end: int) -> int:
        """Where a sentence ends that the next follows without white space, or 0."""
        text = self.text
        last, first = text[end - 1], text[end]
        if first >= _WIDE and start and text[start - 1] >= _WIDE:
            # 好吗?我不知道.
            return end if first.isalpha() and text[start] != "…" else 0
        letter = end
        while text[letter : letter + 1] in ("“", "‘", "’"):
            letter += 1
        if not text[letter : letter + 1].isupper():
            return 0
        if letter > end or last == "”":
            return end
        if last == '"':
            # Of straight quotes every other one opens.
            return end - 1 if self._quoted(end) else end
        if (
            end - start > 1
            and text[start] == "."
            or _ADDRESS.search(text, max(0, start - _LOOK_BACK), start)
        ):
            return 0
        if text[start] in "!?":
            return end
        before = text[max(0, start - 2) : start]
        small = len(before) == 2 and before.isalpha() and before.islower()
        return end if small and text[letter + 1 : letter + 2].islower() else 0

    def _quoted(self, end: int) -> bool:
        """Whether an odd number of straight quotes stands before a place; places ascend."""
        start, number = self._counted
        number += self.text.count('"', start, end)
        self._counted = max(start, end), number
        return number % 2 == 1

    def _after_quote(self, end: int) -> int:
        """The end after a straight quote that stands apart, if it closes."""
        text = self.text
        if text[end] in "\"'" and text[end + 1 : end + 2] in ("", " "):
            if text[end] == "'" or self._quoted(end):
                return end + 1
        return end

    def _after_note(self, end: int) -> int:
        """The end after the number of a footnote: what follows it begins a sentence itself."""
        if end < len(self.text) and self.text[end].isdigit():
            note = _NOTE.match(self.text, end)
            if note and self._opens(note.end()):
                return note.end()
        return end

    def _segmenter_ends(self, start: int, end: int) -> bool:
        """Whether the segmenter sees an end at a mark."""
        if self._found is None:
            self._found = list(_found(self.text, self.rules.segmenter))
        place = bisect_right(self._found, start)
        return place < len(self._found) and self._found[place] <= end

    def _misled(self, start: int, closed: int, end: int) -> bool:
        """Whether the segmenter saw no end since it paired the wrong quotation marks."""
        text = self.text
        if text[start] == "…":
            return self._opens(end) and not self._inside(start)
        if text[start] not in ".!?" or text.startswith("..", start):
            return False
        if text[start] == "." and closed == start + 1:
            # It may also know an abbreviation, but none as long as this.
            before = text[max(0, start - _WORD_LENGTH) : start]
            if len(before) < _WORD_LENGTH or not (before.isalpha() and before[1:].islower()):
                return False
        return not self._inside(start)

    def _inside(self, place: int) -> bool:
        if self._enclosed is None:
            self._enclosed = enclosed(self.text)
        # A mark right before what closes it may end the sentence around it.
        number = bisect_left(self._enclosed, (place,)) - 1
        return number >= 0 and self._enclosed[number][1] > place + 1


def _found(text: str, segmenter: str) -> Iterator[int]:
    """Yield the ends that the segmenter sees.

    It takes quadratic time where a paragraph has no spaces, so a long one is given in stretches.
    """
    start = 0
    while start < len(text):
        cut = _STRETCH.search(text, start + _STRETCH_LENGTH)
        stop = cut.end() if cut else len(text)
        for boundary in sentencex.get_sentence_boundaries(segmenter, text[start:stop]):
            yield start + boundary["end_index"]
        start = stop
