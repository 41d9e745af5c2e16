"""What sections of the page are made of: sentences, charts and tables, ready to be written."""

from collections.abc import Collection, Mapping, Sequence

import msgspec
from markupsafe import Markup

from sikap.agreement.figures import Figure, find_figure
from sikap.agreement.html.formatting import interval, number
from sikap.agreement.html.matplotlib_svg import STEPS

MOST_ROWS = 200
"""How many rows a table has at most; agreement.json has them all."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of a table: what it says, what it adds in small letters, and its classes."""

    text: str | Markup = ""
    small: str = ""
    classes: str = "number"


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table whose first column names its rows; ``left_out`` is how many more rows there are.

    ``note`` stands below it.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int = 0
    note: str = ""


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """A chart with what stands above it; its colours mean kinds, or a scale up to what."""

    title: str
    svg: str
    legend: tuple[str, ...] = ()
    scale: str = ""


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a section; ``folded`` are tables that say in numbers what its charts show.

    ``definition`` is the key of what says how it was made, where there is one.
    """

    title: str
    definition: str = ""
    notes: tuple[str | Markup, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    folded: tuple[Table, ...] = ()

    @property
    def width(self) -> str:
        """How many columns of the page it takes: as many as it has charts, or all."""
        if self.tables:
            return "whole"
        return "one" if len(self.charts) < 2 else "two"


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A variable, a layer, or what else has a title; ``facts`` stand below it in small letters."""

    key: str
    title: str
    kind: str
    facts: str = ""
    notes: tuple[str | Markup, ...] = ()
    blocks: tuple[Block, ...] = ()


def named(text: str) -> Cell:
    """A cell that names its row."""
    return Cell(text=text, classes="name")


def counted(amount: int | None) -> Cell:
    """A cell with a number of things."""
    return Cell(text="–" if amount is None else f"{amount:,}")


def figured(figure: Figure | None, *, why: bool = True) -> Cell:
    """A cell with a figure and its interval, or why there is none, if that is to be said here."""
    if figure is None:
        return Cell(text="–")
    if figure.value is None:
        return Cell(text=f"undefined, because {figure.undefined}", classes="undefined")
    small = interval(figure)
    if not (why and figure.unsure):
        return Cell(text=number(figure.value), small=small)
    small = f"{small or 'no interval'}: {figure.unsure}"
    return Cell(text=number(figure.value), small=small, classes="unsure")


def heated(amount: int, of_all: int) -> Cell:
    """A cell of a table of counts, coloured by its share of all."""
    share = amount / of_all if of_all else 0.0
    step = min(STEPS - 1, int(share * STEPS))
    return Cell(text=f"{amount:,}", classes=f"number heat h{step}" if amount else "number soft")


def table(
    caption: str, head: Sequence[str], rows: Sequence[tuple[Cell, ...]], most: int = MOST_ROWS
) -> Table:
    """A table with as many rows as it may have."""
    return Table(
        caption=caption, head=tuple(head), rows=tuple(rows[:most]), left_out=len(rows[most:])
    )


def figures_of(
    groups: Sequence[tuple[tuple[Cell, ...], Sequence[Figure]]],
    first: Sequence[str],
    titles: Mapping[str, str],
    caption: str,
    most: int = MOST_ROWS,
) -> Table:
    """A table with a row for each group, and a column for each coefficient that one of them has."""
    names = dict.fromkeys(one.coefficient for _, figures in groups for one in figures)
    every = [find_figure(figures, name) for _, figures in groups for name in names]
    reasons = {one.unsure for one in every if one is not None and one.value is not None}
    # What would stand in every cell is said once.
    said = f"No intervals: {reason}." if len(every) > 1 and (reason := _only(reasons)) else ""
    rows = [
        (*cells, *(figured(find_figure(figures, name), why=not said) for name in names))
        for cells, figures in groups
    ]
    head = (*first, *(titles.get(name, name) for name in names))
    return msgspec.structs.replace(table(caption, head, rows, most), note=said)


def _only(reasons: Collection[str | None]) -> str:
    """The one reason that all have; empty where they differ or some have none."""
    return next(iter(reasons)) or "" if len(reasons) == 1 else ""
