"""From a frozen text to its blocks: which line breaks are hard, and what each piece is.

Scraped articles break lines inside sentences, one for every link. Such a break is soft: the block
runs over it. Everything that is peculiar to a language or an outlet comes from its rules.
"""

from itertools import groupby, pairwise

import msgspec

from sikap.languages import Rules
from sikap.records import Kind
from sikap.segmentation.lines import (
    MIDDLE,
    Line,
    Marker,
    after_number,
    bulleted,
    ended,
    enumerated,
    few_words,
    title_like,
    words,
)

_OPENING = ",([{“‘«-–—/&"
_QUOTES = '"“«「'
_LINK_WORDS = 8
_FRAGMENT_WORDS = 3
_TAIL_WORDS = 8
_HEADLINE_WORDS = 20
_LOOK_BACK = 40


class Block(msgspec.Struct, frozen=True, gc=False):
    """A piece of one kind: ``[start, end)`` in the article, without outer white space.

    ``paragraph`` counts hard paragraphs from 0; a dateline or closing byline shares that of its
    text.
    """

    kind: Kind
    paragraph: int
    start: int
    end: int


def split_blocks(text: str, rules: Rules) -> list[Block]:
    """The blocks of a text in order; all that lies between them is white space or invisible."""
    pieces = _join(text, Marker(text, rules).lines(), rules)
    kinds = _classify(text, pieces, rules)
    blocks, paragraph = [], -1
    for piece, kind in zip(pieces, kinds, strict=True):
        paragraph += not piece.same or paragraph < 0
        blocks.append(Block(kind, paragraph, piece.start, piece.end))
    return blocks


def _join(text: str, lines: list[Line], rules: Rules) -> list[Line]:
    linked = _is_linked(text, lines, rules)
    pieces: list[Line] = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        if number and _soft(text, pieces[-1], line, following, rules, linked):
            pieces[-1].end, pieces[-1].stopped = line.end, None
        else:
            pieces.append(line)
    return pieces


def _is_linked(text: str, lines: list[Line], rules: Rules) -> bool:
    """Whether the text breaks lines inside sentences, as its small first letters show."""
    broken = sum(
        _goes_on(text, line) and _plain_pair(before, line) and not ended(text, before, rules)
        for before, line in pairwise(lines)
    )
    return broken >= 2


def _plain_pair(before: Line, line: Line) -> bool:
    return before.kind is None and line.kind is None and not line.blank


def _goes_on(text: str, line: Line) -> bool:
    first = text[line.start]
    return (first.islower() or first in MIDDLE) and not enumerated(text, line)


def _soft(
    text: str, before: Line, line: Line, following: Line | None, rules: Rules, linked: bool
) -> bool:
    """Whether the break between two lines lies inside a sentence."""
    if not _plain_pair(before, line):
        return False
    if text[line.start] in MIDDLE:
        return True
    # After words that announce it a quotation is a paragraph by itself.
    quoted = not linked and text[before.end - 1] == "," and text[line.start] in _QUOTES
    if quoted or ended(text, before, rules) or enumerated(text, line):
        return False
    if text[line.start].islower() or text[line.start] == "(" or _unfinished(text, before, rules):
        return True
    if following is not None and _is_link(text, line, following, rules):
        return True
    # In a broken text a word by itself is a link more likely than a list or a heading.
    alone = linked and words(text, line) == 1 and not ended(text, line, rules)
    return alone or _breaks_off(text, before, rules, linked)


def _unfinished(text: str, line: Line, rules: Rules) -> bool:
    if text[line.end - 1] in _OPENING:
        return True
    # Not from within a word: the pattern may take the beginning for a border.
    start = max(line.start, line.end - _LOOK_BACK)
    return any(rule.search(text, start, line.end) for rule in (rules.unfinished, rules.never))


def _is_link(text: str, line: Line, following: Line, rules: Rules) -> bool:
    return (
        _plain_pair(line, following)
        and _goes_on(text, following)
        and not ended(text, line, rules)
        and few_words(text, line, _LINK_WORDS)
    )


def _breaks_off(text: str, piece: Line, rules: Rules, linked: bool) -> bool:
    """Whether a piece that has no end mark breaks off, rather than being a heading."""
    content = text[after_number(text, piece) : piece.end]
    last = max(content.rfind(mark) for mark in (". ", "? ", "! ", ".” ", '." '))
    fragment = len(content[last + 1 :].split())
    if last > 0 and fragment <= _FRAGMENT_WORDS:
        return True
    if "\n" in content:
        return True
    return linked and (last > 0 or not 1 < fragment <= rules.heading_words)


def _classify(text: str, pieces: list[Line], rules: Rules) -> list[Kind]:
    kinds: list[Kind] = [piece.kind or "body" for piece in pieces]
    titles = [piece.kind is None and title_like(text, piece, rules) for piece in pieces]
    plain = [number for number, piece in enumerate(pieces) if piece.kind is None]
    bodies = [one for one in plain if not titles[one] and not _tag(text, pieces[one], rules)]
    if not bodies:
        return kinds
    listed = text[pieces[bodies[-1]].end - 1] == ":"
    for number in plain:
        if number <= bodies[-1]:
            continue
        listed = (listed and pieces[number - 1].kind is None) or _valued(text, pieces, number)
        if not listed and _after_the_end(text, pieces[number], title=titles[number]):
            kinds[number] = "other"
    if _headline(text, pieces, bodies, rules):
        kinds[0] = "heading"
    for title, numbers in groupby(plain, key=lambda number: titles[number]):
        run = list(numbers)
        if not title or run[0] > bodies[-1] or not _heads(text, pieces, run, plain[0]):
            continue
        for number in run:
            body = _listed(text, pieces, number) or _announced(text, pieces, number)
            kinds[number] = "body" if body else "heading"
    return kinds


def _headline(text: str, pieces: list[Line], bodies: list[int], rules: Rules) -> bool:
    """Whether an article begins with a line that is too long for a heading, but has no end mark.

    Behind it comes a body that has one: then that line is a lead or a title, not careless writing.
    """
    first = pieces[0]
    return (
        bodies[0] == 0
        and len(bodies) > 1
        and few_words(text, first, _HEADLINE_WORDS)
        and text[first.start].isupper()
        and text[first.end - 1] != ","
        and not ended(text, first, rules)
        and "\n" not in text[first.start : first.end]
        and all(ended(text, pieces[one], rules) for one in bodies[1:3])
    )


def _after_the_end(text: str, piece: Line, *, title: bool) -> bool:
    """Whether a piece behind the last body is none itself: not if it is long, or in a list."""
    if not title or enumerated(text, piece):
        return not title
    return few_words(text, piece, _TAIL_WORDS) or _capitalised(text, piece)


def _valued(text: str, pieces: list[Line], number: int) -> bool:
    """Whether a piece and one beside it are lines of a table: "Lembang: hujan"."""
    beside = pieces[max(0, number - 1) : number + 2]
    return (
        sum(one.kind is None and ": " in text[one.start : one.end] for one in beside) > 1
        and ": " in text[pieces[number].start : pieces[number].end]
    )


def _capitalised(text: str, piece: Line) -> bool:
    """Whether nearly all words of a piece begin with a capital, as those of a title do."""
    initials = [word[0] for word in text[piece.start : piece.end].split() if word[0].isalpha()]
    return 5 * sum(one.isupper() for one in initials) >= 4 * len(initials)


def _heads(text: str, pieces: list[Line], run: list[int], first: int) -> bool:
    """Whether title-like pieces in a row can be headings rather than a list without marks.

    They are if the article begins with them, or if one stands over entries of a list.
    """
    over = not enumerated(text, pieces[run[0]])
    return (
        len(run) == 1
        or run[0] == first
        or (over and all(enumerated(text, pieces[number]) for number in run[1:]))
    )


def _announced(text: str, pieces: list[Line], number: int) -> bool:
    """Whether a piece without a number is what the colon before it announces."""
    before = pieces[number - 1] if number else None
    return (
        before is not None
        and before.kind in (None, "heading")
        and text[before.end - 1] == ":"
        and not enumerated(text, pieces[number])
    )


def _listed(text: str, pieces: list[Line], number: int) -> bool:
    """Whether a piece is an entry of a list: has no number, or an entry beside it."""
    if not enumerated(text, pieces[number]):
        return False
    beside = pieces[max(0, number - 1) : number] + pieces[number + 1 : number + 2]
    return bulleted(text, pieces[number]) or any(enumerated(text, piece) for piece in beside)


def _tag(text: str, piece: Line, rules: Rules) -> bool:
    """Whether a piece after the article is a keyword: short, small letters, no end mark."""
    return (
        text[piece.start].islower()
        and few_words(text, piece, _TAIL_WORDS)
        and not ended(text, piece, rules)
    )
