"""What every line of an article is, as far as it shows by itself and by the rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sikap.ingest.glued import parts
from sikap.ingest.invisible import trim
from sikap.languages import Rules
from sikap.records import Kind

TERMINAL = ".!?…:;。！？：；؟۔।॥"
MIDDLE = ",.;:!?)]}%…”’»、。，！？）」』"
_CLOSING = "\"'”’»)]}」』） \t\u00a0"
_ENUMERATED = re.compile(r"(?:[•·▪●◦■*–—-]|\d{1,3}[.)]|[A-Za-z][.)])\s|[•·▪●◦■*-](?=[A-Z])")
_QUOTED = re.compile(r",[\"”]")
_TITLE_WORDS = 25
_SENTENCE_WORDS = 10
_HEADING_CHARACTERS = 120
_TAIL = 100


@dataclass(slots=True)
class Line:
    """A line, or several that belong to one pattern: ``[start, end)`` without outer white space.

    ``kind`` is None where the rules do not tell it, ``blank`` says whether an empty line precedes,
    ``same`` whether it goes on in the paragraph of the line before.
    """

    start: int
    end: int
    kind: Kind | None = None
    blank: bool = False
    same: bool = False


def ended(text: str, line: Line, rules: Rules) -> bool:
    """Whether a line ends as a sentence does, or with a colon; not with an abbreviation."""
    tail = text[max(line.start, line.end - _TAIL) : line.end].rstrip(_CLOSING)
    if not tail or tail[-1] not in TERMINAL:
        return False
    return not (tail[-1] == "." and rules.never.search(tail))


def enumerated(text: str, line: Line) -> bool:
    """Whether a line begins like an entry of a list."""
    return _ENUMERATED.match(text, line.start, line.end) is not None


def after_number(text: str, line: Line) -> int:
    """Where the text of a line begins, without its bullet or number."""
    match = _ENUMERATED.match(text, line.start, line.end)
    return match.end() if match else line.start


def bulleted(text: str, line: Line) -> bool:
    """Whether a line is an entry of a list without numbers."""
    return enumerated(text, line) and not text[line.start].isalnum()


def words(text: str, line: Line) -> int:
    """Number of words of a line."""
    return len(text[line.start : line.end].split())


def title_like(text: str, line: Line, rules: Rules) -> bool:
    """Whether a line could be a heading: short, without an end mark, no small first letter."""
    return (
        line.end - line.start <= _HEADING_CHARACTERS
        and not text[line.start].islower()
        and text[line.start] not in MIDDLE + "("
        and text[line.end - 1] != ","
        and not _QUOTED.search(text, line.start, line.end)
        and not ended(text, line, rules)
        and words(text, line) <= rules.heading_words
        and not _sentence_like(text, line)
    )


def _sentence_like(text: str, line: Line) -> bool:
    """Whether a line is as long as a sentence and has no capital but its first."""
    content = text[line.start + 1 : line.end]
    return len(content.split()) >= _SENTENCE_WORDS and content == content.lower()


class Marker:
    """Goes through a text once and says what its lines are."""

    def __init__(self, text: str, rules: Rules) -> None:
        self.text = text
        self.rules = rules
        self.opened = False
        self.closed = False
        self.dateline = ""
        self.contents = False

    def lines(self) -> Iterator[Line]:
        """Yield the lines in order; every visible character lies in exactly one."""
        position, blank, same = 0, False, False
        while position < len(self.text):
            line = self._line(position)
            if line.start == line.end:
                blank = blank or not same
                position = self._next(line.end)
                continue
            for found in self._mark(line):
                found.blank, found.same = blank and not same, same or found.same
                blank = same = False
                yield found
                position = found.end
                same = found.kind == "dateline"
            if not same:
                position = self._next(position)
                # What a pattern left of its line, if only invisible characters.

    def _line(self, position: int) -> Line:
        stop = self.text.find("\n", position)
        start, end = trim(self.text, position, len(self.text) if stop < 0 else stop)
        return Line(start, end)

    def _next(self, position: int) -> int:
        stop = self.text.find("\n", position)
        return len(self.text) if stop < 0 else stop + 1

    def _following(self, line: Line) -> Line | None:
        position = self._next(line.end)
        while position < len(self.text):
            following = self._line(position)
            if following.start < following.end:
                return following
            position = self._next(following.end)
        return None

    def _mark(self, line: Line) -> Iterator[Line]:
        if match := self.rules.lines.match(self.text, line.start):
            line.end = trim(self.text, line.start, match.end())[1]
            line.kind = match.lastgroup  # type: ignore[assignment]
            self.closed = self.opened and line.kind == "byline"
            yield line
        elif match := self.rules.link_lead.match(self.text, line.start, line.end):
            yield from self._links(line, match)
        elif self.rules.contents.match(self.text, line.start):
            self.contents = True
            line.kind = "other"
            yield line
        elif end := self._dateline(line):
            self.contents = False
            yield Line(line.start, trim(self.text, line.start, end)[1], "dateline")
        else:
            yield from self._plain(line)

    def _dateline(self, line: Line) -> int:
        """Where a dateline ends, else 0; behind the beginning only one that was there before."""
        if self.opened:
            again = self.dateline and self.text.startswith(self.dateline, line.start)
            return line.start + len(self.dateline) if again else 0
        match = self.rules.dateline.match(self.text, line.start)
        if match is None:
            return 0
        self.dateline = match[0]
        return match.end()

    def _links(self, line: Line, lead: re.Match[str]) -> Iterator[Line]:
        colon, rest = bool(lead["colon"]), lead.end() < line.end
        if rest and not colon:
            yield from self._plain(line)
            return
        line.kind = "related_link"
        following = None if rest else self._following(line)
        if following is None or not self._is_link(following):
            yield line
            return
        line.end = following.end
        yield line
        while not colon and (following := self._following(following)) is not None:
            if not self._is_link(following):
                return
            following.kind = "related_link"
            yield following

    def _is_link(self, line: Line) -> bool:
        text, rules = self.text, self.rules
        stopped = text[line.start : line.end].rstrip(_CLOSING).endswith((".", ":"))
        return not (
            stopped
            or text[line.start].islower()
            or words(text, line) > _TITLE_WORDS
            or rules.lines.match(text, line.start)
            or rules.link_lead.match(text, line.start, line.end)
        )

    def _plain(self, line: Line) -> Iterator[Line]:
        short = words(self.text, line) <= self.rules.heading_words
        stopped = ended(self.text, line, self.rules)
        if short and not stopped and (self.closed or self.contents):
            line.kind = "other"
            yield line
            return
        self.contents = False
        if stopped or not short:
            self.closed = False
        self.opened = self.opened or stopped or words(self.text, line) > _TITLE_WORDS
        for piece in self._without_byline(line):
            if piece.kind is not None:
                yield piece
                continue
            for rest in self._without_ending(piece):
                if rest.kind is None:
                    yield from self._parts(rest)
                else:
                    yield rest

    def _parts(self, line: Line) -> Iterator[Line]:
        same = line.same
        for part_start, part_end, kind in parts(self.text, line.start, line.end, self.rules):
            start, end = trim(self.text, part_start, part_end)
            if start < end:
                yield Line(start, end, kind, same=same)
                same = False

    def _without_ending(self, line: Line) -> Iterator[Line]:
        from_ = max(line.start, line.end - _TAIL)
        match = self.rules.other_end.search(self.text, from_, line.end)
        if match and match.start() > line.start:
            yield Line(*trim(self.text, line.start, match.start()))
            yield Line(match.start(), line.end, "other", same=True)
        else:
            yield line

    def _without_byline(self, line: Line) -> Iterator[Line]:
        from_ = max(line.start, line.end - _TAIL)
        match = self.rules.byline_end.search(self.text, from_, line.end)
        if match and match.start() > line.start:
            body = Line(*trim(self.text, line.start, match.start()))
            if ended(self.text, body, self.rules):
                self.closed = True
                yield body
                yield Line(match.start(), line.end, "byline", same=True)
                return
        yield line
