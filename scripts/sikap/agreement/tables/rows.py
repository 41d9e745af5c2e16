"""Who did what when, row by row: all that a table says beside its labels."""

import msgspec
import numpy as np
from numpy.typing import NDArray

from sikap.agreement.arrays import Codes
from sikap.agreement.ratings import NO_TIME, by_size
from sikap.agreement.tables.column_roles import Layout
from sikap.agreement.tables.label_hygiene import NUMBER
from sikap.dates import seconds_of
from sikap.errors import Problem
from sikap.formats.table import MOST_PROBLEMS, Column, Table, named, shortened, too_many

Mask = NDArray[np.bool_]


class TableRows(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """For each row its item, annotator and cluster as places in lists, its turn and its time.

    ``turn`` is 0 for a rating that counts, 1 where the item came again, 2 and more beyond that.
    ``text`` has the text of each item, the empty text where there is none.
    """

    items: tuple[str, ...]
    annotators: tuple[str, ...]
    clusters: tuple[str, ...]
    item: Codes
    annotator: Codes
    cluster: Codes
    turn: Codes
    when: NDArray[np.float64] | None
    text: tuple[str, ...]

    @property
    def has_again(self) -> bool:
        """Whether anything came again."""
        return bool(self.turn.max(initial=0) > 0)

    def texts_of(self, rows: Mask) -> dict[str, str]:
        """The texts of the items in some rows."""
        if not self.text:
            return {}
        used = np.unique(self.item[rows]).tolist()
        return {self.items[place]: self.text[place] for place in used if self.text[place]}


def rows_of(
    table: Table, layout: Layout, refused: list[Problem], warned: list[Problem]
) -> TableRows:
    """Read all columns but the labels; what is wrong is added to the lists of problems."""
    for name in (layout.item, layout.annotator, layout.by, layout.pass_):
        if name is not None:
            refused += _filled(table, name)
    item, annotator = table.columns[layout.item], table.columns[layout.annotator]
    for name in (layout.item, layout.annotator, layout.cluster, layout.by, layout.pass_):
        if name is not None and (table.columns[name].sets or table.columns[name].objects):
            found = f"{name} holds lists or objects"
            fix = "name a column of texts or numbers"
            refused.append(Problem(code="table-value", file=table.file, found=found, fix=fix))
    items, at = _told_apart(table, item, layout)
    clusters, cluster = _clusters(table, layout, items, at, refused)
    return TableRows(
        items=items,
        annotators=annotator.entries,
        clusters=clusters,
        item=at,
        annotator=annotator.codes,
        cluster=cluster,
        turn=_turns(table, layout, warned),
        when=_times(table, layout, refused),
        text=_texts(table, layout, items, at, warned),
    )


def _filled(table: Table, name: str) -> list[Problem]:
    column = table.columns[name]
    if "" not in column.entries:
        return []
    rows = np.flatnonzero(column.codes == column.entries.index("")).tolist()
    fix = "fill it, or delete the row"
    found = [
        table.problem("table-value", row, f"{name} is empty", fix) for row in rows[:MOST_PROBLEMS]
    ]
    return too_many(found, len(rows) - len(found))


def _told_apart(table: Table, item: Column, layout: Layout) -> tuple[tuple[str, ...], Codes]:
    """Items; one that is in several parts is a unit of its own in each."""
    if layout.by is None:
        return item.entries, item.codes
    part = table.columns[layout.by]
    both, at = np.unique(item.codes * len(part.entries) + part.codes, return_inverse=True)
    of, within = both // len(part.entries), both % len(part.entries)
    often = np.bincount(of, minlength=len(item.entries))
    names = tuple(
        f"{item.entries[one]} ({layout.by} {part.entries[where]})"
        if often[one] > 1
        else item.entries[one]
        for one, where in zip(of.tolist(), within.tolist(), strict=True)
    )
    return names, at.reshape(-1)


def _clusters(
    table: Table, layout: Layout, items: tuple[str, ...], item: Codes, refused: list[Problem]
) -> tuple[tuple[str, ...], Codes]:
    """Clusters and that of each row: without a column, or a name there, the item itself.

    An item in several parts is one cluster, so that its units are drawn together.
    """
    if layout.cluster is None:
        own = table.columns[layout.item]
        return own.entries, own.codes
    column = table.columns[layout.cluster]
    empty = column.entries.index("") if "" in column.entries else -1
    of = np.full(len(items), -1, dtype=np.int64)
    filled = column.codes != empty
    of[item[filled]] = column.codes[filled]
    wrong = np.flatnonzero(filled & (of[item] != column.codes)).tolist()
    fix = "an item belongs to one cluster: correct it, or name another column"
    problems = [
        table.problem(
            "table-value",
            row,
            f"the item {items[item[row]]!r} is in {layout.cluster} "
            f"{column.entries[column.codes[row]]!r} and {column.entries[of[item[row]]]!r}",
            fix,
        )
        for row in wrong[:MOST_PROBLEMS]
    ]
    refused += too_many(problems, len(wrong) - len(problems))
    alone = len(column.entries) + np.arange(len(items))
    of[of < 0] = alone[of < 0]
    return (*column.entries, *items), of[item]


def _turns(table: Table, layout: Layout, warned: list[Problem]) -> Codes:
    """Which time each row is, by the order of the values of the column."""
    if layout.pass_ is None:
        return np.zeros(len(table.at), dtype=np.int64)
    column = table.columns[layout.pass_]
    used = np.flatnonzero(column.counts()).tolist()
    ordered = sorted(used, key=lambda place: by_size(column.entries[place]))
    if len(ordered) > 2:
        beyond = named(column.entries[place] for place in ordered[2:])
        found = f"{layout.pass_} has more than two values: {beyond} are left out"
        fix = f"{column.entries[ordered[0]]!r} counts, {column.entries[ordered[1]]!r} is the repeat"
        warned.append(Problem(code="table-repeat", file=table.file, found=found, fix=fix))
    turn = np.zeros(len(column.entries), dtype=np.int64)
    turn[ordered] = np.arange(len(ordered))
    turns: Codes = turn[column.codes]
    return turns


def _times(table: Table, layout: Layout, refused: list[Problem]) -> NDArray[np.float64] | None:
    """Seconds; numbers stand as they are, moments in ISO 8601 count from 1970."""
    if layout.time is None:
        return None
    column = table.columns[layout.time]
    found = {entry: _seconds(entry) for entry in column.entries if entry}
    wrong = [place for place, entry in enumerate(column.entries) if entry and found[entry] is None]
    fix = "write seconds, or moments such as 2026-03-18T09:30:00Z"
    problems = [
        table.problem(
            "table-value",
            int(np.argmax(column.codes == place)),
            f"{layout.time} {shortened(column.entries[place])!r} is no time",
            fix,
        )
        for place in wrong[:MOST_PROBLEMS]
    ]
    refused += too_many(problems, len(wrong) - len(problems))
    seconds = [found.get(entry) for entry in column.entries]
    each = np.asarray([NO_TIME if one is None else one for one in seconds], dtype=np.float64)
    times: NDArray[np.float64] = each[column.codes]
    return times


def _seconds(text: str) -> float | None:
    return float(text) if NUMBER.fullmatch(text) else seconds_of(text)


def _texts(
    table: Table, layout: Layout, items: tuple[str, ...], item: Codes, warned: list[Problem]
) -> tuple[str, ...]:
    """The text of each item: of several the first in the order of texts, so that none decides."""
    if layout.text is None:
        return ()
    column = table.columns[layout.text]
    both = np.unique(item * len(column.entries) + column.codes)
    texts: dict[int, set[str]] = {}
    for one, text in zip(*np.divmod(both, len(column.entries)), strict=True):
        texts.setdefault(int(one), set()).add(column.entries[int(text)])
    chosen, several = [""] * len(items), []
    for place, given in texts.items():
        given.discard("")
        chosen[place] = min(given, default="")
        if len(given) > 1:
            several.append(items[place])
    if several:
        found = f"{len(several)} items have several texts, such as {named(sorted(several)[:3])}"
        fix = "one of them is shown; see whether the item column tells items apart"
        warned.append(Problem(code="table-text", file=table.file, found=found, fix=fix))
    return tuple(chosen)
