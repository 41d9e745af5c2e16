"""Rows that are spans: a row for each span, and one without for whoever looked and marked none."""

from collections import defaultdict
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from sikap.agreement.study import Attribute, Key, Marks
from sikap.agreement.tables.column_roles import Layout
from sikap.agreement.tables.label_cells import ColumnScale
from sikap.agreement.tables.rows import TableRows
from sikap.errors import Problem
from sikap.formats.table import MOST_PROBLEMS, Table, shortened
from sikap.records import Span

Mask = NDArray[np.bool_]


def marks_of(
    table: Table,
    layout: Layout,
    scales: Mapping[str, ColumnScale],
    rows: TableRows,
    mask: Mask,
    problems: list[Problem],
) -> Marks:
    """The spans of some rows; what is wrong is added to the problems, the first some hundreds.

    The first label column is the label of a span, the others are its attributes.
    """
    name, *attributes = layout.labels
    reading = _Spans(table, layout, scales, rows)
    spans: dict[Key, list[Span]] = defaultdict(list)
    when: dict[Key, float] = {}
    clusters: dict[str, str] = {}
    for row in np.flatnonzero(mask).tolist():
        item = rows.items[rows.item[row]]
        key = item, rows.annotators[rows.annotator[row]]
        clusters[item] = rows.clusters[rows.cluster[row]]
        said = spans[key]
        if rows.when is not None and not np.isnan(rows.when[row]):
            when[key] = max(when.get(key, -np.inf), float(rows.when[row]))
        found = reading.span(row)
        if isinstance(found, Span) and found in said:
            found = _repeat(table, row, key, found)
        if isinstance(found, Span):
            said.append(found)
        elif found is not None and len(problems) < MOST_PROBLEMS:
            problems.append(found)
    return Marks(
        name=name,
        labels=scales[name].values,
        attributes=tuple(_attribute(one, scales[one]) for one in attributes),
        spans={
            key: tuple(sorted(spans[key], key=lambda span: span.order)) for key in sorted(spans)
        },
        clusters=dict(sorted(clusters.items())),
        when=when,
    )


def _repeat(table: Table, row: int, key: Key, span: Span) -> Problem:
    item, who = key
    told = f"{who!r} marked {span.start}-{span.end} {span.label!r} of {item!r} twice; "
    return table.problem("table-repeat", row, told + "it counts once", "delete one of the two")


class _Spans:
    def __init__(
        self, table: Table, layout: Layout, scales: Mapping[str, ColumnScale], rows: TableRows
    ) -> None:
        self.table, self.rows, self.scales = table, rows, scales
        self.label, *self.attributes = layout.labels
        self.borders = (layout.start or "", layout.end or "")

    def span(self, row: int) -> Span | Problem | None:
        """The span of a row; None where it says that nothing was marked."""
        start, end = (self._cell(name, row) for name in self.borders)
        value = int(self.scales[self.label].place[self.table.columns[self.label].codes[row]])
        given = {name: values for name in self.attributes if (values := self._values(name, row))}
        if not start and not end and value < 0 and not given:
            return None
        if not start or not end or value < 0:
            lacking = [n for n, c in zip(self.borders, (start, end), strict=True) if not c]
            lacking += [self.label] if value < 0 else []
            found = f"{' and '.join(lacking)} {'are' if len(lacking) > 1 else 'is'} empty"
            fix = "fill it; a row that says 'looked, marked nothing' has neither borders nor label"
            return self.table.problem("table-value", row, found, fix)
        if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
            found = f"a span goes from {shortened(start)!r} to {shortened(end)!r}"
            return self.table.problem("span-outside", row, found, "write whole numbers from 0 up")
        text = self.rows.text[self.rows.item[row]] if self.rows.text else ""
        if (
            len(start) > 9
            or len(end) > 9
            or int(start) >= int(end)
            or (text and int(end) > len(text))
        ):
            found = f"a span goes from {shortened(start)} to {shortened(end)}"
            found += f" in {len(text)} characters" if text else ""
            fix = "count code points from 0; the end is that of the character behind the span"
            return self.table.problem("span-outside", row, found, fix)
        label = self.scales[self.label].values[value]
        return Span(start=int(start), end=int(end), label=label, attributes=given)

    def _cell(self, name: str, row: int) -> str:
        column = self.table.columns[name]
        text: str = column.entries[int(column.codes[row])]
        return text.removesuffix(".0") if text.endswith(".0") else text

    def _values(self, name: str, row: int) -> tuple[str, ...]:
        scale = self.scales[name]
        value = int(scale.place[self.table.columns[name].codes[row]])
        if value < 0:
            return ()
        return tuple(sorted(scale.members[value])) if scale.members else (scale.values[value],)


def _attribute(name: str, scale: ColumnScale) -> Attribute:
    values = scale.values
    if scale.members:
        values = tuple(sorted({one for members in scale.members for one in members}))
    return Attribute(name=name, values=values, level=scale.level)
