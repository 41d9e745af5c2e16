"""Where the sentences of one paragraph end.

Every mark that may end a sentence is looked at once. What the rules of the language know about it
decides; where they know nothing, sentencex does, unless it sees a quotation that there is not.

Whether the full stop of an abbreviation, an initial or a number ends a sentence.
"""

import re

from sikap.languages import Rules
from sikap.languages.sentence_ends import PLAIN, SPACED, TAIL, Stop
from sikap.segmentation.paragraph import LOOK_BACK, Paragraph
from sikap.text.unicode import BETWEEN

_INITIALS = re.compile(r"[^\W\d_](?:\.-?[^\W\d_])*\Z")
_ROMAN = re.compile(r"[IVXLC]+\b")
_NUMBER = re.compile(r"\W*(?:\d{1,3}|[A-Za-z])\.\s*\Z")
_NUMBER_LENGTH = 12


def abbreviated(
    paragraph: Paragraph, word: str, kind: Stop | None, span: tuple[int, int], last: int
) -> bool | None:
    """Whether a full stop ends a sentence after a word of a list or a short one.

    ``span`` is that of the full stop and the white space behind it, ``last`` where the last
    sentence ended. None if nothing is known.
    """
    text, rules, (start, end) = paragraph.text, paragraph.rules, span
    first = text[end]
    if end - last < _NUMBER_LENGTH and _NUMBER.match(text, last, end):
        # The number of an entry of a list.
        return False
    if (kind or len(word) < 3 or not word.islower()) and rules.always.search(
        text, max(0, start - LOOK_BACK), start
    ):
        return not first.islower() or (kind is None and len(word) > 1)
    if rules.ordinals and len(word) < 3 and (word.isdigit() or _ROMAN.fullmatch(word)):
        return paragraph.opens(end)
    if kind is not None and (said := _listed(paragraph, word, kind, end)) is not None:
        return said
    named = kind == "opened" or (not word.islower() and _INITIALS.match(word))
    return paragraph.opens(end) if named and (first.isalnum() or first == "(") else None


def _listed(paragraph: Paragraph, word: str, kind: Stop, end: int) -> bool | None:
    """What the list says that a word is in."""
    first = paragraph.text[end]
    if kind == "never":
        return False
    if kind == "numbered" and (first.isdigit() or _ROMAN.match(paragraph.text, end)):
        return False
    if kind == "seldom" or (kind == "numbered" and len(word) > 1):
        following = paragraph.word_after(end)
        another = following.endswith(".") and (
            len(following) == 2 or following[:-1] in paragraph.rules.abbreviations
        )
        return not (another or first == "(" or first.islower())
    return None


# White space but the blank, and what is as good as one.
_ODD_SPACE = re.compile(
    f"[\t-\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000{BETWEEN}]"
)
_WORD = re.compile(r"\w")
_WORD_OR_YEAR = re.compile(r".?[^\W\d_]{3}\Z|\d{4}\Z")
_NOTE = re.compile(r"\d{1,3}\s+(?=[^\W\d_])")
_ADDRESS = re.compile(r"(?:www\.|://|@)\S*\Z")
_LONGEST = 4
"""A word that is in no list and longer than this is no abbreviation."""
_CONTINUES = frozenset(",;:)]}、，；：")
_ONE_WORD = re.compile(r"[\w.] \([^\W\d_]+\Z")
_QUOTES = '"”’»」』'
_WIDE = "\u2e80"
"""From here on Han, kana and Hangul, where no space need follow a mark."""


def sentence_ends(text: str, rules: Rules) -> list[int]:
    """Where the sentences of one paragraph end, as ascending offsets; the last is its length."""
    # A line break inside a paragraph is soft, but the segmenter would take two for a paragraph's.
    if not text.isascii() or "\n" in text or "\t" in text:
        text = _ODD_SPACE.sub(" ", text)
    paragraph, tails = Paragraph(text, rules.stops), rules.stops.tails
    length = len(text)
    ends, last, seen, worded = [], 0, 0, False
    for match in rules.stops.marks(text):
        start, end = match.span()
        if end == length:
            break
        plain = match.lastindex == PLAIN
        if plain and text[start - TAIL : start] not in tails and not paragraph.inside(start):
            # More than half of all ends: nothing that follows would say otherwise.
            ends.append(end)
            last, seen, worded = end, end, False
            continue
        end = _end(paragraph, (start, start + 1 if plain else match.end("mark"), end), last)
        if not last < end < length:
            continue
        # A mark is no sentence by itself: it goes to the next, or the last.
        worded = worded or _WORD.search(text, seen, end) is not None
        seen = end
        if worded:
            ends.append(end)
            last, worded = end, False
    if ends and not text[last].isalnum() and not _WORD.search(text, last):
        ends.pop()
    ends.append(length)
    return ends


def _end(paragraph: Paragraph, mark: tuple[int, int, int], last: int) -> int:
    """Where the sentence ends that a mark ends, or 0.

    ``mark`` says where the mark starts, where it ends, and where white space behind it does;
    ``last`` where the last sentence ended.
    """
    text = paragraph.text
    start, closed, end = mark
    if text[start] not in SPACED:
        return end if _terminal(paragraph, start, closed, end) else 0
    if closed == end:
        return _glued(paragraph, start, end)
    if text[end] in _CONTINUES or not _spaced(paragraph, start, closed, end, last):
        return 0
    return _after_note(paragraph, _after_quote(paragraph, end))


def _terminal(paragraph: Paragraph, start: int, closed: int, end: int) -> bool:
    """Whether a mark that needs no white space ends a sentence."""
    text = paragraph.text
    if text[end] in _CONTINUES:
        return False
    if text[start] == "．" and closed == end and text[end].isdecimal():
        return False
    if text[closed - 1] in _QUOTES and paragraph.rules.goes_on.match(text, end):
        return False
    return not paragraph.inside(start)


def _spaced(paragraph: Paragraph, start: int, closed: int, end: int, last: int) -> bool:
    """Whether a mark with white space behind it ends a sentence."""
    text = paragraph.text
    kind = None
    bare = text[start] == "." and closed == start + 1
    if bare:
        word = paragraph.word_before(start)
        kind = paragraph.rules.abbreviations.get(word)
        # What is longer, or three or four small letters in no list, is none as far as rules know.
        if kind or len(word) < 3 or (len(word) <= _LONGEST and not word.islower()):
            said = abbreviated(paragraph, word, kind, (start, end), last)
            if said is not None:
                return said
    elif text.startswith(".)", start) and _ONE_WORD.search(text, max(0, start - LOOK_BACK), start):
        # An abbreviation in brackets, as of an officer in retirement: "Letjen. (Purn.) Budi".
        return False
    if _small(text, end):
        # "Benarkah?" tanya dia. A small letter after a word and a full stop is carelessness.
        careless = bare and kind is None and _WORD_OR_YEAR.match(text, max(0, start - 4), start)
        return bool(careless) and paragraph.segmenter_ends(start, end)
    # The segmenter comes last, unless asked before: that costs as much as all else of a paragraph.
    if paragraph.asked() and paragraph.segmenter_ends(start, end):
        return True
    return _misled(paragraph, start, closed, end) or paragraph.segmenter_ends(start, end)


def _small(text: str, end: int) -> bool:
    """Whether what follows begins small, be it after a dash; iPhone does not."""
    if text[end] in "-–—":
        end += 1 + text.startswith(" ", end + 1)
    return text[end : end + 1].islower() and not text[end + 1 : end + 2].isupper()


def _misled(paragraph: Paragraph, start: int, closed: int, end: int) -> bool:
    """Whether the segmenter saw no end since it paired the wrong quotation marks."""
    text = paragraph.text
    if text[start] == "…":
        return paragraph.opens(end) and not paragraph.inside(start)
    if text[start] not in ".!?" or text.startswith("..", start):
        return False
    if text[start] == "." and closed == start + 1:
        # It may also know an abbreviation of the language, but none as long as this.
        before = text[max(0, start - _LONGEST - 1) : start]
        if len(before) <= _LONGEST or not (before.isalpha() and before[1:].islower()):
            return paragraph.opens(end) and not paragraph.inside(start)
    return not paragraph.inside(start)


def _glued(paragraph: Paragraph, start: int, end: int) -> int:
    """Where a sentence ends that the next follows without white space, or 0."""
    text = paragraph.text
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
        return end - 1 if paragraph.quoted(end) else end
    return end if _parted(text, start, end) else 0


def _parted(text: str, start: int, end: int) -> bool:
    """Whether a mark between letters parts sentences: neither an address nor an abbreviation."""
    if _ADDRESS.search(text, max(0, start - LOOK_BACK), start):
        return False
    if text[start] in "!?":
        return True
    before = text[max(0, start - 2) : start]
    small = len(before) == 2 and before.isalpha() and before.islower()
    return end == start + 1 and small and text[end + 1 : end + 2].islower()


def _after_quote(paragraph: Paragraph, end: int) -> int:
    """The end after a straight quote that stands apart, if it closes."""
    text = paragraph.text
    if text[end] not in "\"'" or text[end + 1 : end + 2] not in ("", " "):
        return end
    return end + 1 if text[end] == "'" or paragraph.quoted(end) else end


def _after_note(paragraph: Paragraph, end: int) -> int:
    """The end after the number of a footnote: what follows it begins a sentence itself."""
    text = paragraph.text
    if end < len(text) and text[end].isdigit():
        note = _NOTE.match(text, end)
        if note and paragraph.opens(note.end()):
            return note.end()
    return end
