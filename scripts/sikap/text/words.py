"""Words of a text whatever its writing, and the n-grams by which texts are compared."""

import re
import unicodedata
from functools import cache

from sikap.text.unicode import UNSPACED, combining_marks

WORD = re.compile(r"\w+")
PARTING = "".join(chr(c) if chr(c).isalnum() or chr(c) == "_" else " " for c in range(128))
"""What each ASCII character is where words are looked for: itself, or a space."""
COMMON = "\u201c\u201d\u2018\u2019\u2013\u2014\u2026\u2022\u00b7"
"""Punctuation beyond ASCII in most news: without it most texts are ASCII, which is quicker."""


def words(text: str) -> list[str]:
    """The words of a text, NFKC and casefolded: runs of letters, digits, marks and underscores.

    Punctuation, symbols and white space only part words; digits are kept.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    plain = folded
    if not plain.isascii():
        for mark in COMMON:
            plain = plain.replace(mark, " ")
    if plain.isascii():
        return plain.translate(PARTING).split()
    # `\w` lacks combining marks, which are vowels in Thai and Devanagari.
    marked = not folded.isascii() and not _marks().isdisjoint(folded)
    return (_marked_word() if marked else WORD).findall(folded)


def normal_form(text: str) -> str:
    """A text as its words with one space between them; one without words stands for itself."""
    return " ".join(words(text)) or text


def is_unspaced(normal: str) -> bool:
    """Whether most characters of a normal form are of scripts without spaces between words."""
    if normal.isascii():
        return False
    return 2 * len(UNSPACED.findall(normal)) > len(normal) - normal.count(" ")


def units(normal: str) -> tuple[list[str], bool]:
    """What a normal form is made of: its characters and True where it is unspaced, else words."""
    if is_unspaced(normal):
        return list(normal.replace(" ", "")), True
    return normal.split(" "), False


def units_of(text: str) -> tuple[list[str], bool]:
    """The units of a text, as `units` of its normal form."""
    found = words(text)
    normal = " ".join(found) or text
    return (found, False) if found and not is_unspaced(normal) else units(normal)


def shingles(text: str, in_words: int, in_characters: int) -> frozenset[str]:
    """The n-grams of a text: of words, or of characters in a script without spaces.

    A shorter text is its one shingle; one without words stands for itself.
    """
    given, unspaced = units_of(text)
    return ngrams(given, in_characters if unspaced else in_words)


def ngrams(given: list[str], size: int) -> frozenset[str]:
    """Every run of ``size`` units, or the one there is where they are fewer."""
    starts = range(max(1, len(given) - size + 1))
    return frozenset([" ".join(given[start : start + size]) for start in starts])


def _marks() -> frozenset[str]:
    return combining_marks("Mn", "Mc")


@cache
def _marked_word() -> re.Pattern[str]:
    return re.compile(rf"[\w{''.join(sorted(_marks()))}]+")
