"""Search what is to be given away for pieces of the articles that must not be in it.

A piece is eight words in a row, whatever their case, punctuation and white space, unless all are
numbers, as in a table; twenty characters in a row of a script that is written without spaces; or a
whole title of three words (in such a script six characters) or more, unless the article's own id
spells it out. Every sentence of eight words or more holds such a piece. Web addresses are no text,
neither in the articles nor in what is searched, whatever they spell. What is searched is decoded
first, in every way in which JSON, YAML, XML, HTML and Markdown write a text otherwise.

It finds what got there as text. Whoever wants to hide a text can: in base64, in another order, with
letters of other scripts that look alike, with something between all letters or all words.
"""

import html
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache

import msgspec

from sikap.errors import Problem
from sikap.records import Article
from sikap.text.unicode import UNSPACED, combining_marks, hidden

WORDS, CHARACTERS = 8, 20
TITLE_WORDS, TITLE_CHARACTERS = 3, 6
ROUNDS = 4
"""How many layers of escapes are taken off."""
FIX = "take it out of the guidelines, answers or settings it comes from, or release with the texts"

_URL = re.compile(r"\bhttps?://[^\s<>\"'|\\]{1,500}", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_LISTED = re.compile(r"[\"']\s*,\s*[\"']")
_TAG = re.compile(r"<[^<>]*>")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|x([0-9a-fA-F]{2})|(.)|\r?\n)")
_PERCENT = re.compile(rf"(?:%[0-9a-fA-F]{{2}})+|{_URL.pattern}", re.IGNORECASE)
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_SPACES = {"n": " ", "t": " ", "r": " ", "b": " ", "f": " ", "_": " ", "N": " ", "L": " ", "P": " "}


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Something to search: a file, where in it, and the text there.

    Where ``where`` is empty the text is the file as it stands.
    """

    file: str
    where: str
    text: str


class Pieces:
    """The pieces of articles by hash, made once for all that is searched.

    There is one for every word, so that the search takes time and memory in proportion.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = articles
        self._grams: set[int] = set()
        self._titles: dict[tuple[Unit, int], set[int]] = {}
        for article in articles:
            for text in (article.text, article.title or ""):
                for folded in _readings(text):
                    for unit in UNITS:
                        units = unit.find(folded)
                        self._grams.update(_grams(units, unit.length))
                        # Numbers in a row are a table, and tables can be alike.
                        numbers = ["" if one.isdigit() else one for one in units]
                        self._grams.difference_update(
                            _hash(units[start : start + unit.length])
                            for start in _blanks(numbers, unit.length)
                        )
            for unit, title in _titles(article):
                self._titles.setdefault((unit, len(title)), set()).add(_hash(title))

    def found_in(self, text: str) -> str | None:
        """The id of an article of which a decoded text holds a piece; None where it holds none."""
        found = map(self._found_in, _readings(text))
        return next((id_ for id_ in found if id_ is not None), None)

    def _found_in(self, folded: str) -> str | None:
        units = {unit: unit.find(folded) for unit in UNITS}
        for unit, those in units.items():
            for gram in _grams(those, unit.length):
                if gram in self._grams:
                    return self._whose(unit, gram)
        for (unit, length), known in self._titles.items():
            for gram in _grams(units[unit], length):
                if gram in known:
                    return self._titled(gram)
        return None

    def _whose(self, unit: "Unit", gram: int) -> str:
        for article in self._articles:
            for text in (article.text, article.title or ""):
                if any(gram in _grams(unit.find(one), unit.length) for one in _readings(text)):
                    return article.article_id
        return ""

    def _titled(self, gram: int) -> str:
        for article in self._articles:
            if any(_hash(title) == gram for _, title in _titles(article)):
                return article.article_id
        return ""


class Unit(msgspec.Struct, frozen=True):
    """What a text is made of, how many in a row are a piece, and from how many on a title is."""

    find: Callable[[str], list[str]]
    length: int
    title: int


def is_address(text: str) -> bool:
    """Whether a text is one web address and nothing else, so that it is not searched."""
    return _URL.fullmatch(text) is not None


def text_found(places: Iterable[Place], articles: Sequence[Article]) -> Iterator[Problem]:
    """Yield one problem for every place that holds a piece of an article; it quotes none of it."""
    pieces = Pieces(articles)
    named = set()
    for place in places:
        article = _found(pieces, place.text)
        if article is None or (place.file, place.where) in named:
            continue
        named.add((place.file, place.where))
        yield Problem(
            code="text-found",
            file=place.file,
            line=None if place.where else _line(pieces, place.text),
            id=article,
            found=f"{place.where or 'the line'} holds a piece of the article's text or title",
            fix=FIX,
        )


def _found(pieces: Pieces, text: str) -> str | None:
    return next((id_ for one in decoded(text) if (id_ := pieces.found_in(one)) is not None), None)


def _line(pieces: Pieces, text: str) -> int:
    """The line, from 1, on which the first piece ends."""
    lines = text.split("\n")
    ends = range(1, len(lines) + 1)
    return 1 + bisect_left(
        ends, x=True, key=lambda end: _found(pieces, "\n".join(lines[:end])) is not None
    )


def decoded(text: str) -> Iterator[str]:
    """Yield a text as it stands and with every layer of escapes and tags off, without repeats."""
    seen = set()
    ways: tuple[Callable[[str], str], ...] = (html.unescape, _unescaped, _unquoted)
    for _ in range(ROUNDS):
        for one in (text, _TAG.sub(" ", text), _TAG.sub("", text), _LISTED.sub("", text)):
            if one not in seen:
                seen.add(one)
                yield one
        before = text
        for way in ways:
            text = way(text)
        if text == before:
            return


def _unescaped(text: str) -> str:
    """The text without backslashes, as JSON, YAML and Markdown use them."""
    plain = _ESCAPE.sub(_character, text)
    return _SURROGATES.sub(
        lambda match: match[0].encode("utf-16", "surrogatepass").decode("utf-16"), plain
    )


def _unquoted(text: str) -> str:
    """The text without the percent signs that addresses write letters with, but in addresses."""
    return _PERCENT.sub(
        lambda match: (
            bytes.fromhex(match[0].replace("%", "")).decode("utf-8", "replace")
            if match[0].startswith("%")
            else match[0]
        ),
        text,
    )


def _character(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits:
        number = int(digits, 16)
        return chr(number) if number < 0x110000 else ""
    return _SPACES.get(match[4], match[4]) if match[4] else " "


def _readings(text: str) -> Iterator[str]:
    """Yield a text folded, without what cannot be seen in it, and once more with that as a space.

    What cannot be seen may stand within a word, and may part two.
    """
    shown = _URL.sub(" ", text)
    if shown.isascii() and shown.isprintable():
        yield shown.lower()
        return
    bare = hidden().sub("", shown)
    yield _folded(bare)
    if bare != shown:
        yield _folded(hidden().sub(" ", shown))


def _folded(text: str) -> str:
    """The text whatever its case and form, decomposed."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())


@cache
def _unmarked() -> dict[int, None]:
    return {ord(mark): None for mark in combining_marks("Mn", "Mc", "Me")}


def _titles(article: Article) -> Iterator[tuple["Unit", list[str]]]:
    """Yield the title of an article in units, unless id or source spells it out: no secret then."""
    for unit in UNITS:
        title = unit.find(_folded(article.title or ""))
        names = (unit.find(_folded(name)) for name in (article.article_id, article.source))
        if len(title) >= unit.title and not any(_holds(name, title) for name in names):
            yield unit, title


def _holds(units: Sequence[str], piece: Sequence[str]) -> bool:
    return _hash(piece) in _grams(units, len(piece))


def _blanks(units: Sequence[str], length: int) -> Iterator[int]:
    """Yield where so many blanks stand in a row."""
    run = 0
    for place, one in enumerate(units):
        run = 0 if one else run + 1
        if run >= length:
            yield place - length + 1


def _words(folded: str) -> list[str]:
    """Words without accents and other marks."""
    return _WORD.findall(folded if folded.isascii() else folded.translate(_unmarked()))


def _characters(folded: str) -> list[str]:
    return [] if folded.isascii() else UNSPACED.findall(folded)


UNITS = (
    Unit(_words, WORDS, TITLE_WORDS),
    Unit(_characters, CHARACTERS, TITLE_CHARACTERS),
)


def _grams(units: Sequence[str], length: int) -> list[int]:
    """The hashes of every ``length`` units in a row."""
    shifted = (units[start:] for start in range(length))
    return [hash(gram) for gram in zip(*shifted, strict=False)]


def _hash(units: Sequence[str]) -> int:
    """The hash of a gram."""
    return hash(tuple(units))
