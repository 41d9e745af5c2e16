"""What sections of the page are made of: sentences, charts and tables, ready to be written."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from markupsafe import Markup

from sikap.agreement.figures import Figure
from sikap.agreement.page.formatting import interval, number
from sikap.agreement.page.svg import STEPS

MOST_ROWS = 200
"""How many rows a table has at most; agreement.json has them all."""
PREFERRED = (
    *("span-f1-exact", "krippendorff-alpha", "cohen-kappa-quadratic", "cohen-kappa"),
    *("kappa-with-others", "consistency-alpha", "consistency-f1"),
)
"""How the key begins of what is shown where there is room for one: the first that is there."""
RAW = "percent-agreement"


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """One cell of a table: what it says, what it adds in small letters, and its classes."""

    text: str | Markup = ""
    small: str = ""
    classes: str = "number"


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A table whose first column names its rows; ``left_out`` is how many more rows there are."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    left_out: int = 0


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


def main_figure(figures: Sequence[Figure]) -> Figure | None:
    """The one to show where there is room for one; else the first that has a value."""
    found = [one for start in PREFERRED for one in figures if one.coefficient.startswith(start)]
    others = [one for one in figures if one.coefficient != RAW]
    known = [one for one in (*others, *figures) if one.value is not None]
    return next(iter((*found, *known, *figures)), None)


def chosen(groups: Iterable[Sequence[Figure]]) -> str:
    """The coefficient by which groups of figures are compared; empty where there is none."""
    mains = [one.coefficient for group in groups if (one := main_figure(group)) is not None]
    return max(dict.fromkeys(mains), key=mains.count, default="")


def of(figures: Sequence[Figure], coefficient: str) -> Figure | None:
    """The figure of a coefficient."""
    return next((one for one in figures if one.coefficient == coefficient), None)


def named(text: str) -> Cell:
    """A cell that names its row."""
    return Cell(text=text, classes="name")


def counted(amount: int | None) -> Cell:
    """A cell with a number of things."""
    return Cell(text="–" if amount is None else f"{amount:,}")


def figured(figure: Figure | None) -> Cell:
    """A cell with a figure and its interval, or why there is none."""
    if figure is None:
        return Cell(text="–")
    if figure.value is None:
        return Cell(text=f"undefined, because {figure.undefined}", classes="undefined")
    small = interval(figure)
    if figure.unsure:
        small = f"{small or 'no interval'}: {figure.unsure}"
    return Cell(text=number(figure.value), small=small)


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
    rows = [(*cells, *(figured(of(figures, name)) for name in names)) for cells, figures in groups]
    return table(caption, (*first, *(titles.get(name, name) for name in names)), rows, most)
