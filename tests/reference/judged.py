"""Blocks as people judged them, held against those that the rules give.

A row of a judged file names an article of the reference data and its pieces as ``[start, end,
kind]``; no text is kept. Two pieces are the same where kind and span are, without outer blanks.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from sikap.articles.normalise import Frozen, freeze_text
from sikap.languages import RuleBook
from sikap.records import Kind
from sikap.segmentation.blocks import split_blocks
from sikap.text.unicode import trim

KINDS: tuple[str, ...] = get_args(Kind)
BREAKS = ("soft break", "hard break")
Piece = tuple[int, int, str]


@dataclass
class Tally:
    """What was found rightly, what was found and is not so, and what was not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is so; 1 where nothing was found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of what is so that was found; 1 where there is nothing to find."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of the two."""
        counted = 2 * self.right + self.wrong + self.missed
        return 2 * self.right / counted if counted else 1.0


@dataclass
class Score:
    """Tallies by kind of block and of line break, and every error as a line."""

    tallies: dict[str, Tally] = field(
        default_factory=lambda: {name: Tally() for name in (*KINDS, *BREAKS)}
    )
    errors: list[str] = field(default_factory=list)

    def count(self, name: str, gold: set[Any], found: set[Any]) -> None:
        """Count one article's pieces of one kind."""
        tally = self.tallies[name]
        tally.right += len(gold & found)
        tally.wrong += len(found - gold)
        tally.missed += len(gold - found)

    def table(self) -> Iterator[str]:
        """Yield the lines of a table: a row for each kind, and for each kind of line break."""
        yield f"{'kind':<14}{'gold':>6}{'found':>7}{'precision':>11}{'recall':>8}{'F1':>8}"
        for name, one in self.tallies.items():
            gold, found = one.right + one.missed, one.right + one.wrong
            figures = f"{one.precision:>11.3f}{one.recall:>8.3f}{one.f1:>8.3f}"
            yield f"{name:<14}{gold:>6}{found:>7}{figures}"


def judged_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a judged file, without comments."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line.startswith("{")]


def score(rows: Iterable[dict[str, Any]], articles: Iterable[dict[str, Any]]) -> Score:
    """Hold the rules against judged rows; ``articles`` are those of the reference data."""
    book, total = RuleBook(), Score()
    by_id = {article["id"]: article for article in articles}
    for row in rows:
        frozen = freeze_text(by_id[row["id"]]["text"], row["id"], "utf-8")
        assert isinstance(frozen, Frozen)
        text = frozen.text
        assert hashlib.sha256(text.encode()).hexdigest() == row["text_sha256"]
        gold = [(*trim(text, start, end), kind) for start, end, kind in row["pieces"]]
        blocks = split_blocks(text, book.rules("id", outlet(by_id[row["id"]]["host"])))
        found = [(block.start, block.end, str(block.kind)) for block in blocks]
        _compare(total, row["id"], text, gold, found)
    return total


def outlet(host: str) -> str:
    """The outlet that a host name tells: ``sport.detik.com`` is of detik."""
    parts = [part for part in host.split(".") if part not in {"com", "co", "id", "net", "www"}]
    return parts[-1]


def _compare(
    total: Score, name: str, text: str, gold: Sequence[Piece], found: Sequence[Piece]
) -> None:
    for kind in KINDS:
        total.count(kind, {p for p in gold if p[2] == kind}, {p for p in found if p[2] == kind})
    breaks = _breaks(text)
    soft, joined = _inside(gold, breaks), _inside(found, breaks)
    total.count(BREAKS[0], soft, joined)
    total.count(BREAKS[1], breaks - soft, breaks - joined)
    for sign, pieces in (("-", set(gold) - set(found)), ("+", set(found) - set(gold))):
        for start, end, kind in sorted(pieces):
            total.errors.append(f"{name} {start:>6} {sign} {kind:<12} {_shown(text[start:end])}")


def _breaks(text: str) -> set[int]:
    """Where two visible lines meet, as the offset of the line break before the second."""
    found, seen = set(), False
    position = 0
    for line in text.split("\n"):
        start, end = trim(text, position, position + len(line))
        if start < end:
            if seen:
                found.add(position - 1)
            seen = True
        position += len(line) + 1
    return found


def _inside(pieces: Iterable[Piece], breaks: set[int]) -> set[int]:
    spans = [(start, end) for start, end, kind in pieces if kind == "body"]
    return {one for one in breaks if any(start < one < end for start, end in spans)}


def _shown(words: str) -> str:
    return repr(words if len(words) < 130 else f"{words[:60]} … {words[-60:]}")
