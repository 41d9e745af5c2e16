"""What Unicode says of characters: which show nothing, and which scripts part no words by spaces.

Names in capitals that are texts are the inside of a character class.
"""

import re
import unicodedata
from functools import cache

BETWEEN = (
    "\u034f"  # combining grapheme joiner
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks of direction
    "\u180e\u200b\u2060\ufeff"  # of no width
)
"""What shows nothing, and joins no letters: as good as a blank."""
INVISIBLE = f"{BETWEEN}\u00ad\u200c\u200d"
"""What shows nothing: that, soft hyphens and joiners. With white space it may part sentences."""
CONTROLS = "\x00-\x08\x0e-\x1f\x7f"
"""Control characters of ASCII that are no white space to people."""

# The Unicode Standard describes these as scripts that put no spaces between words. To Balinese and
# Javanese UAX #14 gives classes of their own (AK and others), for their lines break after any
# syllable; Thai, Lao, Burmese, Khmer and the Tai scripts are in the class SA, which needs a
# dictionary. Sundanese, Batak and Buginese are left out: what is printed in them today has spaces.
UNSPACED_SCRIPTS = {
    "Han": "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\U00016fe2\U00016fe3\U00020000-\U0003ffff",
    "Hiragana": "\u3040-\u309f\U0001b000-\U0001b16f",
    "Katakana": "\u30a0-\u30ff\u31f0-\u31ff\uff66-\uff9f\U0001aff0-\U0001afff",
    "Thai": "\u0e00-\u0e7f",
    "Lao": "\u0e80-\u0eff",
    "Tibetan": "\u0f00-\u0fff",
    "Myanmar": "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f",
    "Khmer": "\u1780-\u17ff\u19e0-\u19ff",
    "Tai_Le": "\u1950-\u197f",
    "New_Tai_Lue": "\u1980-\u19df",
    "Tai_Tham": "\u1a20-\u1aaf",
    "Tai_Viet": "\uaa80-\uaadf",
    "Balinese": "\u1b00-\u1b7f",
    "Javanese": "\ua980-\ua9df",
}
"""By the name that Unicode has for the script."""
UNSPACED = re.compile(f"[{''.join(UNSPACED_SCRIPTS.values())}]")
OUTER = re.compile(rf"[\s{INVISIBLE}]*")
# With letters and digits nearly all that lines begin or end with.
_VISIBLE = ".,:;!?\"'()-…“”‘’"


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without white space and invisible characters at its ends; empty if nothing is left.

    Both ends stay within ``start`` and ``end``.
    """
    if start < end:
        first, last = text[start], text[end - 1]
        if (first.isalnum() or first in _VISIBLE) and (last in _VISIBLE or last.isalnum()):
            return start, end
    match = OUTER.match(text, start, end)
    start = match.end() if match else start
    while end > start and OUTER.fullmatch(text[end - 1]):
        end -= 1
    return start, end


@cache
def hidden() -> re.Pattern[str]:
    """Every character behind which a text can hide: what shows nothing, or nothing that is known.

    Controls, marks of format, fillers, variation selectors, characters of private use.
    """
    every = (
        *(chr(n) for n in range(0x20000) if unicodedata.category(chr(n)) in {"Cc", "Cf", "Co"}),
        *"\u034f\u0640\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\uffa0",
        *"\ufe00-\ufe0f\ufff0-\ufff8\U000e0000-\U000e0fff\U000f0000-\U0010ffff",
    )
    return re.compile(f"[{''.join(one for one in every if not one.isspace())}]")


@cache
def combining_marks(*categories: str) -> frozenset[str]:
    """Every combining mark of some categories: scripts write vowels with Mn and Mc, Me encloses."""
    every = map(chr, (*range(0x300, 0x20000), *range(0xE0100, 0xE01F0)))
    return frozenset(mark for mark in every if unicodedata.category(mark) in categories)
