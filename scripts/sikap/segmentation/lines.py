"""What every line of an article is, as far as it shows by itself and by the rules."""

import re
from collections.abc import Iterable, Iterator

import msgspec

from sikap.languages import Rules
from sikap.records import Kind
from sikap.segmentation.run_on_prefilter import cuts
from sikap.segmentation.run_ons import parts
from sikap.text.unicode import trim

TERMINAL = ".!?…:;。！？：；؟۔।॥"
MIDDLE = ",.;:!?)]}%…”’»、。，！？）」』"
_NO_TITLE = MIDDLE + "("
_CLOSING = "\"'”’»)]}」』） \t\u00a0"
_ENUMERATED = re.compile(r"(?:[•·▪●◦■*–—-]|\d{1,3}[.)]|[A-Za-z][.)])\s|[•·▪●◦■*-](?=[A-Z])")
_QUOTED = re.compile(r",[\"”]")
_TITLE_WORDS = 25
_SENTENCE_WORDS = 10
_HEADING_CHARACTERS = 120
_TAIL = 100


class Line(msgspec.Struct, gc=False):
    """A line, or several that belong to one pattern: ``[start, end)`` without outer white space.

    ``kind`` is None where the rules do not tell it, ``blank`` says whether an empty line precedes,
    ``same`` whether it goes on in the paragraph of the line before. ``stopped`` is what `ended`
    found, None before it was asked: whoever moves an end puts it back.
    """

    start: int
    end: int
    kind: Kind | None = None
    blank: bool = False
    same: bool = False
    stopped: bool | None = None


def ended(text: str, line: Line, rules: Rules) -> bool:
    """Whether a line ends as a sentence does, or with a colon; not with an abbreviation."""
    if line.stopped is None:
        line.stopped = _ended(text, max(line.start, line.end - _TAIL), line.end, rules)
    return line.stopped


def _ended(text: str, start: int, end: int, rules: Rules) -> bool:
    if text[end - 1] in _CLOSING:
        end = start + len(text[start:end].rstrip(_CLOSING))
        if start == end:
            return False
    if text[end - 1] != ".":
        return text[end - 1] in TERMINAL
    # The pattern takes 7 µs a line, and hardly any line ends as one of its words does.
    known, stop = rules.hints.never, end - 1
    if (
        text[end - 4 : stop] not in known
        and text[end - 3 : stop] not in known
        and text[end - 2 : stop] not in known
    ):
        return True
    return not rules.never.search(text[start:end])


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


def few_words(text: str, line: Line, most: int) -> bool:
    """Whether a line has no more words than these: long ones are not counted to their end."""
    if line.end - line.start < 2 * most:
        return True
    return len(text[line.start : line.end].split(None, most)) <= most


def title_like(text: str, line: Line, rules: Rules) -> bool:
    """Whether a line could be a heading: short, without an end mark, no small first letter."""
    return (
        line.end - line.start <= _HEADING_CHARACTERS
        and not text[line.start].islower()
        and text[line.start] not in _NO_TITLE
        and text[line.end - 1] != ","
        and not ended(text, line, rules)
        and few_words(text, line, rules.heading_words)
        and not _QUOTED.search(text, line.start, line.end)
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
        self.found = cuts(text, rules)
        self.cuts = self.found.opens + self.found.glued
        self.other_end = any(literal in text for literal in rules.hints.other_end)

    def lines(self) -> list[Line]:
        """The lines in order; every visible character lies in exactly one."""
        lines: list[Line] = []
        position, blank, same = 0, False, False
        while position < len(self.text):
            stop = self._stop(position)
            start, end = trim(self.text, position, stop)
            if start == end:
                blank = blank or not same
                position = stop + 1
                continue
            for found in self._mark(Line(start, end)):
                found.blank, found.same = blank and not same, same or found.same
                blank = same = False
                lines.append(found)
                position = found.end
                same = found.kind == "dateline"
            if not same:
                position = (stop if position <= stop else self._stop(position)) + 1
                # What a pattern left of its line, if only invisible characters.
        return lines

    def _stop(self, position: int) -> int:
        stop = self.text.find("\n", position)
        return len(self.text) if stop < 0 else stop

    def _following(self, line: Line) -> Line | None:
        position = self._stop(line.end) + 1
        while position < len(self.text):
            stop = self._stop(position)
            start, end = trim(self.text, position, stop)
            if start < end:
                return Line(start, end)
            position = stop + 1
        return None

    def _mark(self, line: Line) -> Iterable[Line]:
        if match := self.rules.lines.match(self.text, line.start):
            line.end = trim(self.text, line.start, match.end())[1]
            line.kind = match.lastgroup  # type: ignore[assignment]
            self.closed = self.opened and line.kind == "byline"
            return (line,)
        if match := self.rules.link_lead.match(self.text, line.start, line.end):
            return self._links(line, match)
        if self.rules.contents.match(self.text, line.start):
            self.contents = True
            line.kind = "other"
            return (line,)
        if end := self._dateline(line):
            self.contents = False
            return (Line(line.start, trim(self.text, line.start, end)[1], "dateline"),)
        return self._plain(line)

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
            or not few_words(text, line, _TITLE_WORDS)
            or rules.lines.match(text, line.start)
            or rules.link_lead.match(text, line.start, line.end)
        )

    def _plain(self, line: Line) -> Iterable[Line]:
        if ended(self.text, line, self.rules):
            self.opened, self.closed = True, False
        else:
            short = few_words(self.text, line, self.rules.heading_words)
            if short and (self.closed or self.contents):
                line.kind = "other"
                return (line,)
            self.opened = self.opened or not few_words(self.text, line, _TITLE_WORDS)
            self.closed = self.closed and short
        self.contents = False
        tail = max(line.start, line.end - _TAIL)
        if (
            self.rules.byline_end.search(self.text, tail, line.end)
            or (self.other_end and self.rules.other_end.search(self.text, tail, line.end))
            or (self.cuts and self._is_cut(line))
        ):
            return self._split(line)
        return (line,)

    def _is_cut(self, line: Line) -> bool:
        return any(line.start <= cut < line.end for cut in self.cuts)

    def _split(self, line: Line) -> Iterator[Line]:
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
        if not self._is_cut(line):
            yield line
            return
        same = line.same
        for part_start, part_end, kind in parts(
            self.text, line.start, line.end, self.rules, self.found
        ):
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
