"""Where in a text something may be glued: most texts have no such place, as their bytes show.

To search an article of 3,000 characters by patterns takes 100 µs, in bytes less than 10. What is
found here is all that `sikap.ingest.glued` could find, and more: only such lines are cut up.
"""

import re
from collections.abc import Iterator

from sikap.ingest.glued import GLUE, OPENS, closes_title
from sikap.languages import Rules

_ASCII = bytes(range(0x80))
# How the marks of U+2000 to U+203F begin, which are no letters or digits; the space that does not
# break.
_MARKS, _SPACE = b"\xe2\x80", b"\xc2\xa0"
_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_CLOSING = b")?!%\x9d"  # the last is that of ”, if there are no letters but those of ASCII
_CLASSES = bytes.maketrans(
    _LETTERS + _LETTERS.upper() + b"0123456789" + _CLOSING,
    b"a" * 26 + b"A" * 26 + b"0" * 10 + b"a" * 5,
)
_GLUED = (
    (b"aAa", GLUE[0]),
    (b"0Aa", GLUE[0]),
    (b"a0 Aa", GLUE[1]),
    (b"a00 Aa", GLUE[1]),
)


def cuts(text: str, rules: Rules) -> list[int]:
    """All places of a text where `sikap.ingest.glued.parts` may begin to cut, and some others."""
    encoded = text.encode("utf-8", "surrogatepass")
    others = encoded.translate(None, _ASCII) if len(encoded) > len(text) else b""
    leads = rules.hints.leads
    if leads is None or 3 * others.count(_MARKS) + 2 * others.count(_SPACE) != len(others):
        return _searched(text, rules.hints.heads)
    found = [(OPENS, at) for at in _capitalised(encoded, leads)]
    classes = encoded.translate(_CLASSES)
    found += [(pattern, at + 1) for form, pattern in _GLUED for at in _all(classes, form)]
    places = []
    for pattern, at in found:
        place = at
        if others:
            place -= 2 * encoded.count(_MARKS, 0, at) + encoded.count(_SPACE, 0, at)
        if pattern.match(text, place) and (pattern is OPENS or closes_title(text, place, rules)):
            places.append(place)
    return places


def _searched(text: str, heads: re.Pattern[str]) -> list[int]:
    opened = (opening.start() for opening in OPENS.finditer(text))
    glued = (glue.start() for one in GLUE for glue in one.finditer(text))
    return [start for start in opened if heads.match(text, start)] + list(glued)


def _capitalised(encoded: bytes, leads: tuple[bytes, ...]) -> list[int]:
    """Where words that announce a link begin with a capital."""
    small = encoded.lower()
    return [at for lead in leads for at in _all(small, lead) if encoded[at : at + 1].isupper()]


def _all(encoded: bytes, form: bytes) -> Iterator[int]:
    at = encoded.find(form)
    while at >= 0:
        yield at
        at = encoded.find(form, at + 1)
