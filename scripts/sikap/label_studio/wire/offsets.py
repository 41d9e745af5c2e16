"""The span of a Label Studio region, certified against the text that is stored with it.

Offsets of the editor are code points; those of exports by older versions are UTF-16 units. The
``text`` that is stored with a region is not reliable in its white space, so it is compared after
folding white space on both sides. Facts measured on Label Studio 1.23.2.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sikap.errors import Problem

WHITE = re.compile(r"(?:\\n|[\s\u00a0])+")
FIX_SPAN = "mark the span again in Label Studio"


class ResultError(ValueError):
    """A result of an annotation that cannot become part of a record; carries the problem."""

    def __init__(self, code: str, found: str, fix: str) -> None:
        super().__init__(found)
        self.problem = Problem(code=code, found=found, fix=fix)


def certify(value: Mapping[str, Any], text: str) -> tuple[int, int]:
    """The span of a region in code points, certified against the text stored with it.

    Reads the offsets as code points, then as UTF-16 units. A region without stored text has
    nothing to compare with: it stands as code points if it lies inside the text. Raises ResultError
    where neither reading gives the stored text, or the span leaves the text or is white space only.
    """
    start, end, stored = value.get("start"), value.get("end"), value.get("text")
    if type(start) is not int or type(end) is not int:
        raise ResultError("span-outside", f"a region goes from {start!r} to {end!r}", FIX_SPAN)
    inside = []
    for s, e in _readings(text, start, end):
        if not 0 <= s < e <= len(text):
            continue
        if not isinstance(stored, str) or fold(text[s:e]) == fold(stored):
            return _with_words(s, e, text)
        inside.append((s, e))
    if not inside:
        found = f"a region {start}-{end} does not lie inside the {len(text)} characters of the text"
        raise ResultError("span-outside", found, FIX_SPAN)
    s, e = inside[0]
    found = f"a region {start}-{end} is {text[s:e]!r}, but {stored!r} is stored with it"
    raise ResultError("span-text", found, FIX_SPAN)


def _readings(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the offsets as code points, and only where these do not fit as UTF-16 units."""
    yield start, end
    s, e = _from_utf16(text, start), _from_utf16(text, end)
    if s is not None and e is not None:
        yield s, e


def _with_words(start: int, end: int, text: str) -> tuple[int, int]:
    if text[start:end].isspace():
        found = f"a region {start}-{end} is {text[start:end]!r}, which is white space only"
        raise ResultError("span-text", found, "delete it, or mark words, in Label Studio")
    return start, end


def fold(text: str) -> str:
    r"""Text with every run of white space, NBSP and written-out ``\n`` as one space."""
    return WHITE.sub(" ", text)


def _from_utf16(text: str, offset: int) -> int | None:
    """The code point offset of a UTF-16 offset; None inside a pair or beyond the text."""
    units = 0
    for place, character in enumerate(text):
        if units == offset:
            return place
        units += 2 if ord(character) > 0xFFFF else 1
    return len(text) if units == offset else None
