"""Characters that show nothing: beside white space all that may lie between two sentences."""

import re

INVISIBLE = (
    "\u00ad"  # soft hyphen
    "\u034f"  # combining grapheme joiner
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # marks of direction
    "\u180e\u200b-\u200d\u2060\ufeff"  # of no width
)
"""As the inside of a character class."""

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
