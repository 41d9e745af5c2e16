"""Where in a text something may be glued: most texts have no such place, as their bytes show.

To search an article of 3,000 characters by patterns takes 100 µs, in bytes less than 10. What is
found here is all that `sikap.ingest.glued` could find, and more: only such lines are cut up.
"""

from sikap.ingest.glued import GLUE, OPENS
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
_GLUED = (b"aAa", b"0Aa", b"a0 Aa", b"a00 Aa")


def cuts(text: str, rules: Rules) -> list[int]:
    """All places of a text where `sikap.ingest.glued.parts` may begin to cut, and some others."""
    encoded = text.encode("utf-8", "surrogatepass")
    others = encoded.translate(None, _ASCII) if len(encoded) > len(text) else b""
    unsure = 3 * others.count(_MARKS) + 2 * others.count(_SPACE) != len(others)
    found = []
    if unsure or _has_lead(encoded, rules.hints.leads):
        heads = rules.hints.heads
        starts = (opening.start() for opening in OPENS.finditer(text))
        found = [start for start in starts if heads.match(text, start)]
    if unsure or _has_glue(encoded):
        found += [glue.start() for one in GLUE for glue in one.finditer(text)]
    return found


def _has_glue(encoded: bytes) -> bool:
    classes = encoded.translate(_CLASSES)
    return any(glued in classes for glued in _GLUED)


def _has_lead(encoded: bytes, leads: tuple[bytes, ...] | None) -> bool:
    """Whether words that announce a link stand anywhere with a capital."""
    if leads is None:
        return True
    small = encoded.lower()
    for lead in leads:
        at = small.find(lead)
        while at >= 0:
            if encoded[at : at + 1].isupper():
                return True
            at = small.find(lead, at + 1)
    return False
