"""Whether the full stop of an abbreviation, an initial or a number ends a sentence."""

import re

from sikap.languages.stops import Stop
from sikap.segment.paragraph import LOOK_BACK, Paragraph

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
