"""A wide table, a row an item and a column an annotator, as a long one."""

from collections.abc import Container

import msgspec
import numpy as np

from sikap.agreement.layout import Layout
from sikap.tabular.table import Coder, Column, Table


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
