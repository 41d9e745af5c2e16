"""Writings that are probably one value: found and told, and never merged."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from sikap.errors import Problem
from sikap.text.unicode import CONTROLS, INVISIBLE

MARKS = frozenset(
    ("NA", "N/A", "n/a", "na", "#N/A", "NaN", "nan", "NULL", "null", "None", "-", "--", "?", ".")
)
"""What often stands for no rating; a cell of white space alone does as well."""
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
"""Numbers of which nobody would think that they are names: no leading zeros, no plus."""
RARE = 0.02
"""A value with this share of the cells of its neighbour, or less, may be a slip."""
_HIDDEN = re.compile(f"[{INVISIBLE}{CONTROLS}]")
_ANY_DIRT = re.compile(
    r"\s\s|\s\x1f|\x1f\s|\A\s|\s\Z|[\x00-\x1e\x7f]|(?:\A|\x1f)-?[0-9]+(?:\.|[0-9]*[eE])[0-9+-]+(?:\x1f|\Z)"
)
"""In texts that are joined by U+001F; the last are numbers that can be written in other ways."""
_LONGEST_NUMBER = 25
_SLIPS = 300  # different values among which slips are looked for


def shortest(number: str) -> str:
    """A number in its shortest form: 1 for 1.0, 0 for -0; very long ones stay as they are."""
    if len(number) > _LONGEST_NUMBER:
        return number
    exact = Decimal(number)
    if abs(exact.adjusted()) > _LONGEST_NUMBER:
        return number
    text = f"{exact.normalize():f}"
    return "0" if text == "-0" else text


def dirty(
    file: str, what: str, counts: Mapping[str, int], declared: Sequence[str] = ()
) -> Iterator[Problem]:
    """Yield a problem for writings that differ in form alone, and for single writings with dirt.

    ``counts`` has the number of cells of each writing, ``declared`` those that are right.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for text in _suspects(counts, declared):
        groups[_fold(text)].append(text)
    for key in sorted(groups):
        same = sorted(
            groups[key], key=lambda one: (one not in declared, _dirt(one), -counts.get(one, 0), one)
        )
        seen = [one for one in same if counts.get(one)]
        if len(same) > 1 and any(one != same[0] for one in seen):
            cells = ", ".join(f"{one!r} ({_cells(counts.get(one, 0))})" for one in same[:10])
            found = f"{what}: {cells} differ {_how(same)}, and count as different"
            yield _problem(file, found, f"if they are one, write {same[0]!r} everywhere")
        elif len(same) == 1 and (dirt := _dirt(same[0])):
            found = f"{what}: {same[0]!r} ({_cells(counts[same[0]])}) has {', '.join(dirt)}"
            yield _problem(file, found, f"write {_clean(same[0])!r}, if that is meant")


def slips(
    file: str, what: str, counts: Mapping[str, int], declared: Sequence[str] = ()
) -> Iterator[Problem]:
    """Yield a problem for each rare or undeclared value that is one edit from a usual one."""
    if len(counts) > _SLIPS:
        return
    usual = [*declared, *(one for one in counts if one not in declared)]
    for rare in sorted(counts):
        if rare in declared or len(rare) < 4 or NUMBER.fullmatch(rare):
            continue
        for other in usual:
            often = other in declared or counts[rare] <= RARE * counts.get(other, 0)
            if often and _fold(other) != _fold(rare) and one_edit(rare, other):
                found = f"{what}: {rare!r} ({_cells(counts[rare])}) is one letter from {other!r} "
                found += f"({_cells(counts.get(other, 0))}), and counts as a value of its own"
                yield _problem(file, found, f"if it is a slip, write {other!r}")
                break


def marks(
    file: str, what: str, counts: Mapping[str, int], declared: Sequence[str]
) -> Iterator[Problem]:
    """Yield a problem for values that often stand for no rating."""
    for text in sorted(counts):
        blank = not text.strip() or not _clean(text)
        if (text in MARKS or blank) and text not in declared:
            found = f"{what}: {text!r} ({_cells(counts[text])}) often stands for no rating, and "
            found += "counts as a value"
            fix = f"if it means none, say --missing {text!r}; if not, declare it with --values"
            yield Problem(code="missing-mark", file=file, found=found, fix=fix)


def one_edit(one: str, other: str) -> bool:
    """Whether one letter more, less, changed or swapped with its neighbour parts two texts."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if start is None:
        return True
    a, b = one[start:], other[start:]
    swapped = a[:2] == b[1::-1] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped


def _suspects(counts: Mapping[str, int], declared: Sequence[str]) -> Sequence[str]:
    """All writings, or none where a glance shows that they are clean: ids are very many."""
    texts = [*counts, *(one for one in declared if one not in counts)]
    joined = "\x1f".join(texts)
    if not joined.isascii() or _ANY_DIRT.search(joined):
        return texts
    folded = joined.lower().split("\x1f")
    return texts if len(set(folded)) < len(folded) or len(folded) != len(texts) else ()


def _fold(text: str) -> str:
    folded = _clean(unicodedata.normalize("NFKC", text)).casefold()
    return shortest(folded) if NUMBER.fullmatch(folded) and PLAIN.fullmatch(folded) else folded


def _clean(text: str) -> str:
    """The text in NFC, without invisible characters and needless white space."""
    return " ".join(unicodedata.normalize("NFC", _HIDDEN.sub("", text)).split())


def _dirt(text: str) -> list[str]:
    """What is probably not meant in a writing that stands alone."""
    found = []
    if text != text.strip():
        found.append("spaces around it")
    elif " ".join(text.split()) != text:
        found.append("white space beside single spaces")
    if _HIDDEN.search(text):
        found.append("invisible characters")
    return found


WAYS: dict[str, Callable[[str], str]] = {
    "invisible characters": lambda one: _HIDDEN.sub("", one),
    "Unicode form": lambda one: unicodedata.normalize("NFKC", one),
    "spaces": lambda one: " ".join(one.split()),
    "case": str.casefold,
    "how a number is written": lambda one: shortest(one) if PLAIN.fullmatch(one) else one,
}
"""In what writings may differ, with what takes that away."""


def _how(texts: Sequence[str]) -> str:
    """In what writings of one fold differ: what keeps them apart when all else is taken away."""
    found = []
    for way in WAYS:
        left = set(texts)
        for other, fold in WAYS.items():
            left = left if other == way else {fold(one) for one in left}
        if len(left) > 1:
            found.append(way)
    return f"in {' and '.join(found)}" if found else "in form"


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"


def _problem(file: str, found: str, fix: str) -> Problem:
    return Problem(code="dirty", file=file, found=found, fix=fix)
