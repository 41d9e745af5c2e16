"""Which stretches of a paragraph stand between quotation marks or brackets."""

import re

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
