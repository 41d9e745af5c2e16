"""From a table and what its columns are to what is studied."""

from collections.abc import Callable, Mapping

import msgspec
import numpy as np
from numpy.typing import NDArray

from sikap.agreement.arrays import Codes
from sikap.agreement.ratings import Columns, Ratings, by_size, coded_ratings, codes
from sikap.agreement.study import Marks, Study
from sikap.agreement.tables.column_roles import Layout
from sikap.agreement.tables.label_cells import ColumnScale, column_scale
from sikap.agreement.tables.label_hygiene import dirty
from sikap.agreement.tables.rows import rows_of
from sikap.agreement.tables.span_rows import marks_of
from sikap.agreement.tables.wide_to_long import long, strangers
from sikap.errors import InputError, Problem, raise_if
from sikap.formats.table import MOST_PROBLEMS, Table, shortened, too_many
from sikap.records import Extent

FEW = 3
"""So many ratings that are there twice are named where nearly all are."""
Mask = NDArray[np.bool_]
Tokens = Callable[[str], tuple[Extent, ...]]


class Tabled(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What a table holds: all of it, its parts if it has any, and what should be known of it."""

    study: Study
    parts: tuple[Study, ...]
    problems: tuple[Problem, ...]


def tabled(table: Table, layout: Layout, tokens: Tokens | None = None) -> Tabled:
    """What is studied of a table; raises InputError with everything that must be mended first.

    ``tokens`` cuts a text, for the figures of spans that need it.
    """
    doubtful = list(strangers(table, layout))
    if layout.raters:
        table, layout = long(table, layout)
    read = _Reading(table, layout, tokens).all()
    return msgspec.structs.replace(read, problems=(*doubtful, *read.problems))


class _Reading:
    def __init__(self, table: Table, layout: Layout, tokens: Tokens | None) -> None:
        self.table, self.layout, self.tokens = table, layout, tokens
        self.warned: list[Problem] = []
        refused: list[Problem] = []
        self.rows = rows_of(table, layout, refused, self.warned)
        self.scales: dict[str, ColumnScale] = {}
        for name in layout.labels:
            self.scales[name] = scale = column_scale(table, name, layout)
            refused.extend(scale.refused)
            self.warned.extend(scale.warned)
        raise_if(refused)

    def all(self) -> Tabled:
        self._dirt()
        everything = np.ones(len(self.table.at), dtype=np.bool_)
        chosen = {name: self._chosen(name) for name in self.layout.labels} if self._rates else {}
        study = self._study(self.table.file, everything, chosen)
        if not any(len(one.item) for one in study.variables) and not study.layers:
            found = "no cell of the label columns holds a rating"
            fix = "see which cells mean none: --missing, and which columns hold labels: --label"
            if any(one.code == "table-repeat" for one in self.warned):
                found = "no rating is left: all are there more than once, with other values"
                fix = "see whether item and annotator tell rows apart: --item, --annotator"
            raise InputError((*self.warned, self._problem("table-empty", found, fix)))
        self._alone(study)
        if self.table.unit != "task":  # exports say who submitted without marking anything
            self._unsaid(study)
        return Tabled(study=study, parts=self._parts(chosen), problems=tuple(self.warned))

    @property
    def _rates(self) -> bool:
        return self.layout.start is None

    def _parts(self, chosen: dict[str, Mask]) -> tuple[Study, ...]:
        if self.layout.by is None:
            return ()
        column = self.table.columns[self.layout.by]
        used = np.flatnonzero(column.counts()).tolist()
        ordered = sorted(used, key=lambda place: by_size(column.entries[place]))
        return tuple(
            self._study(f"{self.layout.by} {column.entries[place]}", column.codes == place, chosen)
            for place in ordered
        )

    def _study(self, name: str, within: Mask, chosen: dict[str, Mask]) -> Study:
        rows = self.rows
        first, again = within & (rows.turn == 0), within & (rows.turn == 1)
        texts = rows.texts_of(within)
        if self._rates:
            ratings = tuple(self._ratings(one, first & mask) for one, mask in chosen.items())
            return Study(
                name=name,
                variables=ratings,
                again=tuple(self._ratings(one, again & mask) for one, mask in chosen.items())
                if rows.has_again
                else (),
                texts=texts,
            )
        problems: list[Problem] = []
        layers = []
        for mask in (first, again) if rows.has_again else (first,):
            made = marks_of(self.table, self.layout, self.scales, rows, mask, problems)
            layers.append(self._with_tokens(made, texts))
        raise_if(one for one in problems if one.code != "table-repeat")
        if within.all():
            self.warned += problems
        return Study(
            name=name, layers=tuple(layers[:1]), marks_again=tuple(layers[1:]), texts=texts
        )

    def _with_tokens(self, made: Marks, texts: Mapping[str, str]) -> Marks:
        tokens = {item: self.tokens(text) for item, text in texts.items()} if self.tokens else {}
        lengths = {item: len(text) for item, text in texts.items()}
        return msgspec.structs.replace(made, lengths=lengths, tokens=tokens)

    def _ratings(self, name: str, mask: Mask) -> Ratings:
        scale, rows = self.scales[name], self.rows
        values = scale.place[self.table.columns[name].codes]
        columns = Columns(
            item=(rows.items, rows.item[mask]),
            annotator=(rows.annotators, rows.annotator[mask]),
            value=values[mask],
            cluster=None if rows.clusters is rows.items else (rows.clusters, rows.cluster[mask]),
            when=None if rows.when is None else rows.when[mask],
        )
        return coded_ratings(
            name, columns, values=scale.values, level=scale.level, members=scale.members
        )

    def _chosen(self, name: str) -> Mask:
        """The rows that count: with a rating, and of what was rated twice one row or none."""
        rows = self.rows
        value = self.scales[name].place[self.table.columns[name].codes]
        chosen: Mask = (value >= 0) & (rows.turn <= 1)
        places = np.flatnonzero(chosen)
        key = (rows.turn[places] * len(rows.items) + rows.item[places]) * len(rows.annotators)
        key += rows.annotator[places]
        order = np.argsort(key, kind="stable")
        edges = np.flatnonzero(np.diff(key[order], prepend=-1, append=-1))
        long_ = np.flatnonzero(np.diff(edges) > 1)
        long_ = long_[np.argsort(places[order[edges[long_]]])]
        problems: list[Problem] = []
        for group in long_.tolist():
            same = places[order[edges[group] : edges[group + 1]]]
            equal = len(np.unique(value[same])) == 1
            chosen[same[1:] if equal else same] = False
            if len(problems) < MOST_PROBLEMS:
                problems.append(self._twice(name, same, equal=equal))
        if len(long_) > FEW and 2 * len(long_) >= len(edges):
            self.warned += [*problems[:FEW], self._mostly_twice(name, len(long_))]
        else:
            self.warned += too_many(problems, len(long_) - len(problems))
        return chosen

    def _mostly_twice(self, name: str, count: int) -> Problem:
        """What is told where nearly everything is there twice: the table is of another form."""
        found = f"{name}: of {count} items and annotators, most of all, there is more than one row"
        fix = "if rows are spans, say --start COLUMN --end COLUMN; if several columns tell what "
        fix += "was rated, join them to one for --item"
        if self.layout.raters:
            fix = "a wide table has a row for each item; if a row is a rating, leave --wide away"
        return self._problem("table-repeat", found, fix)

    def _twice(self, name: str, same: Codes, *, equal: bool) -> Problem:
        rows, column = self.rows, self.table.columns[name]
        who = rows.annotators[rows.annotator[same[0]]]
        item = rows.items[rows.item[same[0]]]
        said = [column.entries[column.codes[row]] for row in same[:5].tolist()]
        told = f"{who!r} gave {name} of the item {item!r} {len(same)} times, "
        told += f"in {self.table.told(same.tolist())}: "
        told += ", ".join(repr(shortened(one)) for one in said)
        done = "they are equal, so it counts once" if equal else "they differ, so none counts"
        fix = "delete what is wrong; if it was asked for again, say which came first: --pass COLUMN"
        return self.table.problem("table-repeat", int(same[0]), f"{told}; {done}", fix)

    def _dirt(self) -> None:
        """Tell names of annotators, items and clusters that are probably one."""
        layout = self.layout
        for name in (layout.annotator, layout.item, layout.cluster):
            if name is not None:
                column = self.table.columns[name]
                pairs = zip(column.entries, column.counts().tolist(), strict=True)
                counts = {entry: count for entry, count in pairs if count and entry}
                found = list(dirty(self.table.file, name, counts))
                self.warned += too_many(found[:MOST_PROBLEMS], len(found) - MOST_PROBLEMS)

    def _alone(self, study: Study) -> None:
        """Tell where nothing can be compared at all."""
        alone = [one.name for one in study.variables if not _meet(one.item)]
        alone += [one.name for one in study.layers if not _meet(_items(one))]
        for name in alone:
            found = f"{name}: no item was rated by two annotators"
            fix = "see whether item and annotator are the right columns"
            fix += "; if each annotator has a column, say --wide"
            if self.table.unit == "task":
                fix = "export tasks that two people or more have annotated"
                fix += "; if one text is in several tasks, say by which of their data: --item KEY"
            self.warned.append(self._problem("table-empty", found, fix))

    def _unsaid(self, study: Study) -> None:
        """Tell where a table of spans never says that somebody marked nothing."""
        for layer in study.layers:
            items, people = ({key[place] for key in layer.spans} for place in (0, 1))
            if all(layer.spans.values()) and len(layer.spans) < len(items) * len(people):
                found = f"{layer.name}: no row says that somebody looked and marked nothing, so "
                found += "whoever has no row for an item counts as not having seen it"
                fix = "where they saw it, add a row with item and annotator alone"
                self.warned.append(self._problem("spans-unsaid", found, fix))

    def _problem(self, code: str, found: str, fix: str) -> Problem:
        return Problem(code=code, file=self.table.file, found=found, fix=fix)


def _items(layer: Marks) -> Codes:
    """The item of each annotator who looked at one, as places."""
    return codes([item for item, _ in layer.spans])[1]


def _meet(item: Codes) -> bool:
    """Whether any item has two ratings; there are none at all where nobody rated."""
    return not len(item) or bool(np.bincount(item).max() > 1)
