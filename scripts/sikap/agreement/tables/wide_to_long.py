"""A wide table, a row an item and a column an annotator, as a long one."""

from collections import Counter
from collections.abc import Container, Iterator

import msgspec
import numpy as np

from sikap.agreement.tables.column_roles import Layout
from sikap.errors import Problem
from sikap.formats.table import Coder, Column, Table, named


def long(table: Table, layout: Layout) -> tuple[Table, Layout]:
    """A row for each cell of an annotator, and the layout of that; empty cells stay empty cells."""
    raters, rows = layout.raters, len(table.at)
    beside = table.columns.keys() - set(raters)
    kept = {name: column for name, column in table.columns.items() if name in beside}
    again = np.tile(np.arange(rows), len(raters))
    columns = {name: column.only(again) for name, column in kept.items()}
    annotator = free(layout.annotator, columns)
    who = np.repeat(np.arange(len(raters)), rows)
    columns[annotator] = Column(entries=raters, codes=who)
    label = free(layout.labels[0], columns)
    columns[label] = _joined([table.columns[name] for name in raters])
    melted = msgspec.structs.replace(table, columns=columns, at=table.at[again])
    named = layout.labels[0]
    levels = {label: layout.levels[named]} if named in layout.levels else {}
    scales = {label: layout.scales[named]} if named in layout.scales else {}
    replaced = msgspec.structs.replace(
        layout, annotator=annotator, labels=(label,), levels=levels, scales=scales
    )
    return melted, replaced


def strangers(table: Table, layout: Layout) -> Iterator[Problem]:
    """Yield a problem for each column that counts as an annotator and is probably none.

    Such a column, of remarks or years, shares no value with any other, while all others do.
    """
    given = {name: _values(table.columns[name]) - layout.missing for name in layout.raters}
    often = Counter(value for values in given.values() for value in values)
    strange = [name for name, some in given.items() if some and all(often[v] < 2 for v in some)]
    others = [name for name in given if name not in strange]
    if len(others) < 2 or len(strange) > len(others):
        return
    for name in strange:
        some = named(sorted(given[name])[:2])
        found = (
            f"the column {name!r} counts as an annotator, but no other has values such as {some}"
        )
        fix = f"if it is none, name those that are: --annotators {','.join(others)}"
        yield Problem(code="table-column", file=table.file, found=found, fix=fix)


def _values(column: Column) -> set[str]:
    """What its cells hold."""
    return {column.entries[place] for place in np.flatnonzero(column.counts()).tolist()}


def _joined(columns: list[Column]) -> Column:
    """Columns one below the other."""
    coder = Coder()
    for column in columns:
        coder.coded(column.entries, column.codes)
    joined = coder.column()
    sets = {text: members for column in columns for text, members in column.sets.items()}
    objects = frozenset(text for column in columns for text in column.objects)
    return msgspec.structs.replace(joined, sets=sets, objects=objects)


def free(name: str, taken: Container[str]) -> str:
    """A name for a column that none has: this one, or this with underscores behind it."""
    while name in taken:
        name += "_"
    return name
