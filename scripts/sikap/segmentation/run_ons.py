"""Pieces that stand inside a line: scrapers glue a link or a heading to the text around it.

A link has a lead ("Read also:") behind a full stop. Where its title ends, or that of a heading
that has no lead, shows in the letters alone: titles begin their words with capitals, but for a few
small words, and sentences do not; and often the next sentence follows without a space.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sikap.languages import Rules
from sikap.records import Kind

_WORD = re.compile(r"\S+")
_END = re.compile(r"[.!?…:。！？][\"'”’)\]]*\s*\Z|\A\Z")
# All begin with the letter that is rare, so that the search leaps from one to the next; as one
# pattern of alternatives they would not leap. What else changes here: see `run_on_prefilter`.
GLUE = (
    re.compile(
        r"[A-Z](?:(?<=[^\W\d_A-Z]{2}[A-Z])|(?<=[\d)?!%”][A-Z]))"
        r"[^\W\d_A-Z]+,? [^\W_]"
    ),
    re.compile(r"\d(?<=[^\W\d_A-Z]{2}(?:[^\W\d_A-Z]|[?!])\d)\d?\.? [A-Z][a-z]"),
)
OPENS = re.compile(
    r"[A-Z](?:(?<=[.!?…:\"'”’)\]][A-Z])|(?<=[.!?…:\"'”’)\]]\s[A-Z])|(?<=[.!?…:]\s\s[A-Z]))"
)
_INNER = re.compile(r"(?:(?<=[^\W\d_A-Z]{2})|(?<=[\d)?!%”]))(?=[\"“]?[A-Z][^\W\d_A-Z]+\W*\Z)")
_ENTRY = re.compile(r"\d{1,2}\.")
# Short halves are names rather than two titles: TikTok, WhatsApp.
_NEXT_TITLE = re.compile(r"(?:(?<=[^\W\d_]{4})|(?<=[\d)?!%”]))(?=[A-Z][^\W\d_]{3})")
_MARKS = "\"'“”‘’()[],;:.!?"
_OPEN = '“"‘'
_CLOSE = ("”", '"', "’")
_LINK_WORDS = 70
_HEADING_CHARACTERS = 120
_LEAST_WORDS = 2
_TITLE_WORDS = 4
_NUMBER = 2
_OPENING_WORDS = 4

Part = tuple[int, int, Kind | None]


class Cuts(NamedTuple):
    """Where a text may have pieces inside its lines: at leads of links, and where headings end."""

    opens: list[int]
    glued: list[int]


def parts(
    text: str, start: int, end: int, rules: Rules, cuts: Cuts | None = None
) -> Iterator[Part]:
    """Yield the parts of the line ``[start, end)`` in order; kind None is that of the line.

    ``cuts`` are those of the text, if they are known: then nothing is sought.
    """
    if cuts is None:
        cuts = Cuts(
            [one.start() for one in OPENS.finditer(text, start, end)],
            [one.start() for glue in GLUE for one in glue.finditer(text, start, end)],
        )
    opens = sorted(at for at in cuts.opens if start <= at < end)
    glued = sorted(at for at in cuts.glued if start <= at < end)
    for begin, stop, kind in _links(text, start, end, rules, opens):
        if kind is None:
            yield from _headings(text, begin, stop, rules, glued)
        else:
            yield begin, stop, kind


def title_end(text: str, start: int, end: int, rules: Rules) -> int:
    """Where a title that begins at ``start`` ends and a sentence begins, else ``end``."""
    words = []
    for match in _WORD.finditer(text, start, end):
        words.append(match)
        if len(words) > _LEAST_WORDS:
            if cut := _inner(text, words, end):
                return cut
            if _ENTRY.fullmatch(match[0]):
                return match.start()
        word = match[0].strip(_MARKS)
        if len(words) <= _LEAST_WORDS or not word[:1].islower() or rules.small.fullmatch(word):
            continue
        return _sentence_start(words, rules)
    return end if len(words) <= _LINK_WORDS else start


def _inner(text: str, words: list[re.Match[str]], end: int) -> int:
    """Where a sentence is glued to the last of some words of a title, else 0."""
    found = list(_INNER.finditer(words[-1][0]))
    if not found:
        return 0
    following = _WORD.match(text, min(words[-1].end() + 1, end), end)
    if words[-1][0].endswith(",") or (following and following[0][0].islower()):
        return words[-1].start() + found[-1].start()
    return 0


def _sentence_start(words: list[re.Match[str]], rules: Rules) -> int:
    """Where the sentence begins whose first word in small letters is the last of some words."""
    at = len(words) - 2
    while at > _LEAST_WORDS and (words[at][0][0].islower() or words[at][0][0].isdigit()):
        at -= 1
    for earlier in range(_LEAST_WORDS, at):
        word = words[earlier][0]
        if word[0] in _OPEN and not _closes(words[earlier:at]):
            return words[earlier].start()
        # What titles write small has a capital where it opens a sentence.
        small = rules.small.fullmatch(word.lower().strip(_MARKS))
        if small and word[0].isupper() and earlier >= at - _OPENING_WORDS:
            return words[earlier].start()
    return words[at].start()


def _closes(words: list[re.Match[str]]) -> bool:
    return any(word[0].rstrip(",.").endswith(_CLOSE) for word in words)


def _links(text: str, start: int, end: int, rules: Rules, opens: list[int]) -> Iterator[Part]:
    begin = start
    for opening in opens:
        lead = rules.link_lead.match(text, opening, end)
        if lead is None or lead.start() < begin or not _announces(text, begin, lead, end):
            continue
        stop = title_end(text, lead.end(), end, rules)
        if stop > lead.end():
            yield begin, lead.start(), None
            yield from _titles(text, lead, stop)
            begin = stop
    if begin < end:
        yield begin, end, None


def _titles(text: str, lead: re.Match[str], stop: int) -> Iterator[Part]:
    """The titles behind a lead; those behind one without a colon can be glued to each other."""
    begin, title = lead.start(), lead.end()
    if not lead["colon"]:
        for glue in _NEXT_TITLE.finditer(text, title + 1, stop):
            sides = text[title : glue.start()], text[glue.start() : stop]
            if all(len(side.split()) >= _TITLE_WORDS for side in sides):
                yield begin, glue.start(), "related_link"
                begin = title = glue.start()
    yield begin, stop, "related_link"


def _announces(text: str, begin: int, lead: re.Match[str], end: int) -> bool:
    """Whether a lead inside a line has a title: a colon, or a title glued to it."""
    before = text[max(begin, lead.start() - 5) : lead.start()]
    if lead.end() >= end or not _END.search(before):
        return False
    first = text[lead.end()]
    glued = text[lead.end() - 1].isalpha() and (first.isupper() or first.isdigit())
    return bool(lead["colon"]) or glued


def _headings(text: str, start: int, end: int, rules: Rules, glued: list[int]) -> Iterator[Part]:
    begin = start
    for stop in glued:
        if not start <= stop < end:
            continue
        glue = GLUE[0].match(text, stop, end) or GLUE[1].match(text, stop, end)
        if glue is None:
            continue
        title = _title_before(text, begin, stop, rules, numbered=_numbered(glue))
        if title is not None:
            yield begin, title, None
            yield title, stop, "heading"
            begin = stop
    if begin < end:
        yield begin, end, None


def _numbered(glue: re.Match[str]) -> bool:
    """Whether only a number shows a title: a name can go on with a capital, "AirAsia Timur"."""
    return glue[0][-1].isupper()


def closes_title(text: str, glue: re.Match[str], rules: Rules) -> bool:
    """Whether a heading may end at ``glue``, wherever its line begins."""
    stop = glue.start()
    last = _last_mark(text, max(0, stop - _HEADING_CHARACTERS), stop - 1)
    if last > 0 and text[last] == "." and text[last - 1].isdigit():
        return True
    return _title_before(text, 0, stop, rules, numbered=_numbered(glue)) is not None


def _title_before(text: str, begin: int, stop: int, rules: Rules, *, numbered: bool) -> int | None:
    """Where a heading begins that ends at ``stop``: behind a full stop, all of it a title."""
    last = _last_mark(text, max(begin, stop - _HEADING_CHARACTERS), stop - 1)
    if last < 0:
        return None
    number = _number(text, begin, last)
    if numbered and (number is None or not _NEXT_TITLE.match(text, stop)):
        return None
    start = last + 1 if number is None else number
    spaced = text[start : start + 1].isspace()
    while start < stop and text[start].isspace():
        start += 1
    title = text[start:stop]
    words = title.split()
    # A space in front is what every sentence has: then two words could be a name.
    least = 2 + (spaced or number is not None)
    if not least <= len(words) <= rules.heading_words or not title[:1].isalnum():
        return None
    if title[0].islower() or (spaced and title[0].isdigit()):
        return None
    # Behind the full stop of an abbreviation a title goes on: "(Vol. II)".
    if title.count("(") != title.count(")"):
        return None
    return start if all(_titled(word, rules) for word in words) else None


def _last_mark(text: str, floor: int, stop: int) -> int:
    """Where the last end mark stands that is not inside a number, else -1."""
    last = max(text.rfind(mark, floor, stop) for mark in '.!?”"')
    while last > 0 and text[last] == "." and text[last - 1].isdigit() and text[last + 1].isdigit():
        last = max(text.rfind(mark, floor, last) for mark in '.!?”"')
    return last


def _number(text: str, begin: int, last: int) -> int | None:
    """Where the number of an entry begins whose full stop is at ``last``, if it is one."""
    first = last
    while first > begin and text[first - 1].isdigit():
        first -= 1
    opens = first == begin or text[first - 1] in '.!?”"'
    return first if text[last] == "." and 1 <= last - first <= _NUMBER and opens else None


def _titled(word: str, rules: Rules) -> bool:
    bare = word.strip(_MARKS)
    return not bare[:1].islower() or rules.small.fullmatch(bare) is not None
