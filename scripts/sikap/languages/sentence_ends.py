"""Which marks end a sentence: the ``[stops]`` of a language, made ready for looking up."""

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from sikap.languages.regexes import any_of

Stop = Literal["never", "numbered", "opened", "seldom"]
"""How far the full stop of an abbreviation ends a sentence."""

# Sentence_Terminal of Unicode, without those that words and numbers have inside.
_TERMINALS = (
    "\u0589\u061d-\u061f\u06d4\u0700-\u0702\u07f9\u0837\u0839\u083d\u083e\u0964\u0965\u104a\u104b"
    "\u1362\u1367\u1368\u166e\u1735\u1736\u17d4\u17d5\u1803\u1809\u1944\u1945\u1aa8-\u1aab\u1b4e"
    "\u1b4f\u1b5a\u1b5b\u1b5e\u1b5f\u1b7d-\u1b7f\u1c3b\u1c3c\u1c7e\u1c7f\u2cf9-\u2cfb\u2e2e\u2e3c"
    "\u2e53\u2e54\u3002\ua4ff\ua60e\ua60f\ua6f3\ua6f7\ua876\ua877\ua8ce\ua8cf\ua92f\ua9c8\ua9c9"
    "\uaa5d-\uaa5f\uaaf0\uaaf1\uabeb\ufe12\ufe15\ufe16\ufe56\ufe57\uff01\uff0e\uff1f\uff61"
)
_ASTRAL = (
    "\U00010a56\U00010a57\U00010f55-\U00010f59\U00010f86-\U00010f89\U00011047\U00011048"
    "\U000110be-\U000110c1\U00011141-\U00011143\U000111c5\U000111c6\U000111cd\U000111de\U000111df"
    "\U00011238\U00011239\U0001123b\U0001123c\U000112a9\U0001144b\U0001144c\U000115c2\U000115c3"
    "\U000115c9-\U000115d7\U00011641\U00011642\U0001173c-\U0001173e\U00011944\U00011946\U00011a42"
    "\U00011a43\U00011a9b\U00011a9c\U00011c41\U00011c42\U00011ef7\U00011ef8\U00011f43\U00011f44"
    "\U00016a6e\U00016a6f\U00016af5\U00016b37\U00016b38\U00016b44\U00016e98\U0001bc9f\U0001da88"
)
SPACED = ".!?…‼⁇⁈⁉․﹒"
"""Marks that end a sentence only before white space."""

CLOSING = "`\"'”’»›)\\]}」』】〉》〕）］｝｣"
ASCII_CLOSING = "`\"')\\]}"
# A mark with all that closes after it: in German a quotation mark that opens elsewhere; a closing
# mark or a reference, as "[3]", may stand apart. What most marks are is seen right here: one inside
# a number or an address ends nothing, and the full stop of a long word before a capital is plain.
_FORM = (
    r"[{spaced}{terminal}](?!(?<=[{spaced}])[0-9a-z])"
    r"(?:(?P<plain>(?<=[A-Za-z][a-z]{{4}}\.) (?=[A-Z]))|(?P<mark>[{spaced}{terminal}{closing}]*+"
    r"(?:[“‘](?=[\s,;:]|\Z))?+(?:\s[”’»›)\]」』）]++(?=[\s.,]|\Z))?(?:\s?\[\d{{1,3}}\])*+)\s*+)"
)
PLAIN = 1
"""The number of the group ``plain``."""
TAIL = 5
"""So many letters before a full stop show whether the word may be a longer abbreviation."""


class Stops(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[stops]`` of a file; ``goes_on`` and ``always`` hold patterns, the other lists words."""

    never: tuple[str, ...] = ()
    numbered: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    seldom: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    always: tuple[str, ...] = ()
    goes_on: tuple[str, ...] = ()
    marks: str = ""
    ordinals: bool = False
    quoted: bool = False


class StopRules(msgspec.Struct, frozen=True, kw_only=True):
    """The rules of a language about the ends of sentences, compiled.

    ``stop`` matches any mark that may end one and white space behind it: either ``plain`` is in its
    match, or ``mark``, which ends where the mark does. There is one pattern for ASCII, one for the
    basic plane, one for all, as few characters are found fast; ``points`` is the one for ASCII
    without exclamation and question marks. ``abbreviations`` says of a word how
    far its full stop is one, ``tails`` has the last five letters of the longer ones; ``always``
    matches a text before such a full stop, ``goes_on`` what follows a quotation in its sentence.
    """

    segmenter: str
    points: re.Pattern[str]
    stop: tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]
    abbreviations: dict[str, Stop]
    tails: frozenset[str]
    openers: frozenset[str]
    always: re.Pattern[str]
    goes_on: re.Pattern[str]
    ordinals: bool
    quoted: bool

    def marks(self, text: str) -> Iterator[re.Match[str]]:
        """The marks of a text in order."""
        if text.isascii():
            # A pattern that begins with one character is run twice as fast as with one of three.
            other = "!" in text or "?" in text
            return (self.stop[0] if other else self.points).finditer(text)
        # Three times as fast as looking for a character beyond the basic plane.
        wide = len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text)
        return self.stop[2 if wide else 1].finditer(text)


def compiled(stops: Stops, segmenter: str) -> StopRules:
    """The rules of a table; a word in several lists is in the first of them."""
    abbreviations: dict[str, Stop] = {}
    lists: tuple[tuple[Stop, tuple[str, ...]], ...] = (
        ("never", stops.never),
        ("numbered", stops.numbered),
        ("opened", stops.opened),
        ("seldom", stops.seldom),
    )
    for kind, words in lists:
        for word in words:
            abbreviations.setdefault(word, kind)
    own = re.escape(stops.marks)
    own_ascii = re.escape("".join(filter(str.isascii, stops.marks)))
    levels = [
        (".", own_ascii, ASCII_CLOSING),
        (".!?", own_ascii, ASCII_CLOSING),
        (SPACED, _TERMINALS + own, CLOSING),
        (SPACED, _TERMINALS + _ASTRAL + own, CLOSING),
    ]
    points, ascii_, basic, all_ = (
        re.compile(_FORM.format(spaced=spaced, terminal=terminal, closing=closing))
        for spaced, terminal, closing in levels
    )
    return StopRules(
        segmenter=segmenter,
        points=points,
        stop=(ascii_, basic, all_),
        abbreviations=abbreviations,
        tails=frozenset(word[-TAIL:] for word in abbreviations if len(word) >= TAIL),
        openers=frozenset(stops.openers),
        always=any_of(stops.always, r"(?:^|(?<=[\W_]))(?:{0})\Z"),
        goes_on=any_of(stops.goes_on, "(?:{0})"),
        ordinals=stops.ordinals,
        quoted=stops.quoted,
    )
