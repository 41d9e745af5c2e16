"""The cells of a label column to a scale: its values in order, and how far they are apart."""

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes
from sikap.agreement.ratings import Level, by_size
from sikap.agreement.tables.column_roles import Layout
from sikap.agreement.tables.label_hygiene import NUMBER, PLAIN, dirty, marks, shortest, slips
from sikap.errors import Problem
from sikap.formats.table import Column, Table, named, shortened

MOST_VALUES = 1000
"""Different values of a column: what has more is no label, and tables of figures would burst."""
LARGEST, SMALLEST = 1e60, 1e-60
"""Between them, and at 0, squares of numbers and sums of these are exact enough to compare."""
NOTHING = "∅"
"""How the empty set is written."""
JOINT = "|"
MOST_ENTRIES = 10
"""Values of a column that are named one by one for the same mistake."""
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+", re.ASCII)
_NUMBERS = {"ordinal", "interval", "ratio"}


class ColumnScale(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """``place[e]`` is the place in ``values`` of entry e of the column, -1 for no rating."""

    level: Level
    values: tuple[str, ...]
    members: tuple[frozenset[str], ...]
    place: Codes
    refused: tuple[Problem, ...]
    warned: tuple[Problem, ...]


def column_scale(table: Table, name: str, layout: Layout) -> ColumnScale:
    """The scale of a label column, with what must be refused and what should be told."""
    column = table.columns[name]
    counts = column.counts().tolist()
    given = {
        place: entry
        for place, entry in enumerate(column.entries)
        if counts[place] and not _means_none(entry, layout.missing)
    }
    return _Reading(table, name, column, layout, given, counts).scale()


def _means_none(entry: str, missing: frozenset[str]) -> bool:
    """Whether a cell means no rating; a number does however it is written."""
    return entry in missing or (bool(PLAIN.fullmatch(entry)) and shortest(entry) in missing)


class _Reading:
    def __init__(
        self,
        table: Table,
        name: str,
        column: Column,
        layout: Layout,
        given: dict[int, str],
        counts: Sequence[int],
    ) -> None:
        self.table, self.name, self.column = table, name, column
        is_mark = layout.start is not None and name == layout.labels[0]
        self.level: Level | None = "nominal" if is_mark else layout.levels.get(name)
        self.separator = None if is_mark else layout.separator
        self.declared = layout.scales.get(name, ())
        self.given, self.counts = given, counts
        self.refused: list[Problem] = []
        self.warned: list[Problem] = []

    def scale(self) -> ColumnScale:
        if any(entry in self.column.objects for entry in self.given.values()):
            self._cells(lambda e: e in self.column.objects, "is a JSON object", "give a value")
        elif self._is_sets():
            return self._sets()
        return self._singles()

    def _is_sets(self) -> bool:
        listed = any(entry in self.column.sets for entry in self.given.values())
        return listed or self.separator is not None or self.level in {"masi", "jaccard"}

    # -- single values ----------------------------------------------------------------------------

    def _singles(self) -> ColumnScale:
        level: Level = self.level or "nominal"
        fold = self._writing(level)
        declared = tuple(dict.fromkeys(map(fold, self.declared)))
        values = {place: fold(entry) for place, entry in self.given.items()}
        told = self._told(values)
        self.warned += marks(self.table.file, self.name, told, declared)
        self.warned += dirty(self.table.file, self.name, told, declared)
        self.warned += slips(self.table.file, self.name, told, declared)
        extra = sorted(set(values.values()) - set(declared), key=by_size)
        self._check(level, declared, extra)
        return self._made(level, (*declared, *extra), (), values)

    def _writing(self, level: Level) -> Callable[[str], str]:
        """How entries are written: numbers in their shortest form, where all are numbers."""
        form = NUMBER if level in _NUMBERS else PLAIN
        texts = (*self.given.values(), *self.declared)
        if not texts or not all(form.fullmatch(one) for one in texts):
            return str
        many: dict[str, list[int]] = {}
        for place, entry in self.given.items():
            many.setdefault(shortest(entry), []).append(place)
        for number, places in sorted(many.items()):
            if len(places) > 1:
                cells = ", ".join(f"{self.given[p]!r} ({self.counts[p]})" for p in places[:10])
                found = f"{self.name}: {cells} are one number, and count as {number}"
                fix = f"write {number} everywhere; if they are names, give one a letter"
                self.warned.append(self._problem("dirty", found, fix))
        return shortest

    def _check(self, level: Level, declared: Sequence[str], extra: Sequence[str]) -> None:
        if len(extra) + len(declared) > MOST_VALUES:
            found = f"{self.name} has {len(extra) + len(declared)} different values, more than "
            found += f"{MOST_VALUES}, such as {named(extra[:3])}"
            fix = "name the column that holds labels, or round the numbers"
            self.refused.append(self._problem("table-value", found, fix))
            return
        numeric = all(NUMBER.fullmatch(one) for one in (*declared, *extra))
        if level == "ordinal" and not declared and not numeric:
            found = f"{self.name} is ordinal, and nobody can know the order of {named(extra)}"
            # No order is proposed: one that can be copied would be taken for the right one.
            fix = f"declare it: --values {self.name}=LOWEST,…,HIGHEST"
            self.refused.append(self._problem("table-option", found, fix))
        elif level in {"interval", "ratio"}:
            fix = "correct it, write numbers with a point, say --missing, or choose another level"
            self._cells(lambda e: not NUMBER.fullmatch(e), f"is no number; it is {level}", fix)
            found = f"is beyond what can be computed with, {SMALLEST:g} to {LARGEST:g}"
            self._cells(_is_beyond, found, "give it in another unit, or choose another level")
        if level == "ratio":
            found = "is below zero; a ratio scale begins at zero"
            self._cells(lambda e: e.startswith("-"), found, "say --level interval")
        if declared and extra and level == "ordinal":
            known = set(declared)
            fix = "declare it in its place in the order, correct it, or say --missing"
            fold = self._writing(level)
            self._cells(lambda e: fold(e) not in known, "is not on the declared scale", fix)
        elif declared and extra:
            found = f"{self.name}: {named(extra)} are not among the declared values"
            fix = "they count as values after these; declare or correct them"
            self.warned.append(self._problem("table-value", found, fix))

    # -- sets -------------------------------------------------------------------------------------

    def _sets(self) -> ColumnScale:
        level: Level = self.level or "masi"
        if level in _NUMBERS:
            found = f"{self.name} holds sets of values, which are not {level}"
            self.refused.append(self._problem("table-option", found, "say masi or jaccard"))
        sets = {place: self._members(entry) for place, entry in self.given.items()}
        parts: dict[str, int] = {}
        for place, members in sets.items():
            for one in members:
                parts[one] = parts.get(one, 0) + self.counts[place]
        declared = self.declared
        self.warned += marks(self.table.file, self.name, parts, declared)
        self.warned += dirty(self.table.file, self.name, parts, declared)
        self.warned += slips(self.table.file, self.name, parts, declared)
        extra = sorted(set(parts) - set(declared), key=by_size)
        if declared and extra:
            found = f"{self.name}: {named(extra)} are not among the declared values"
            fix = "they count as values after these; declare or correct them"
            self.warned.append(self._problem("table-value", found, fix))
        order = {one: place for place, one in enumerate((*declared, *extra))}
        written = {place: written_set(members, order) for place, members in sets.items()}
        by_text = {written[place]: members for place, members in sets.items()}
        values = sorted(
            by_text, key=lambda t: (len(by_text[t]), sorted(map(order.__getitem__, by_text[t])))
        )
        if len(values) > MOST_VALUES:
            found = f"{self.name} has {len(values)} different sets, more than {MOST_VALUES}"
            self.refused.append(
                self._problem("table-value", found, "join rare values, or take a part")
            )
        inside = () if level == "nominal" else tuple(by_text[text] for text in values)
        return self._made(level, values, inside, written)

    def _members(self, entry: str) -> frozenset[str]:
        if entry in self.column.sets:
            return self.column.sets[entry]
        parts = [entry] if self.separator is None else entry.split(self.separator)
        return frozenset(parts) - {""}

    # -- both -------------------------------------------------------------------------------------

    def _made(
        self,
        level: Level,
        values: Sequence[str],
        members: tuple[frozenset[str], ...],
        written: dict[int, str],
    ) -> ColumnScale:
        at = {value: place for place, value in enumerate(values)}
        place = np.full(len(self.column.entries), -1, dtype=np.int64)
        for entry, value in written.items():
            place[entry] = at[value]
        return ColumnScale(
            level=level,
            values=tuple(values),
            members=members,
            place=place,
            refused=tuple(self.refused),
            warned=tuple(self.warned),
        )

    def _told(self, values: dict[int, str]) -> dict[str, int]:
        told: dict[str, int] = {}
        for place, value in values.items():
            told[value] = told.get(value, 0) + self.counts[place]
        return told

    def _cells(self, wrong: Callable[[str], bool], found: str, fix: str) -> None:
        """Refuse entries, each at its first row."""
        self.refused += self._first(wrong, found, fix)

    def _first(self, wrong: Callable[[str], bool], found: str, fix: str) -> Iterator[Problem]:
        places = [place for place, entry in self.given.items() if wrong(entry)]
        if places and all(_COMMA.fullmatch(self.given[place]) for place in places):
            fix = "write numbers with a decimal point, as spreadsheets do in an English locale"
        for place in places[:MOST_ENTRIES]:
            row = int(np.argmax(self.column.codes == place))
            said = f"{self.name} {shortened(self.given[place])!r} {found}"
            said += f" ({self.counts[place]} cells)" if self.counts[place] > 1 else ""
            yield self.table.problem("table-value", row, said, fix)
        if more := places[MOST_ENTRIES:]:
            cells = sum(self.counts[place] for place in more)
            said = f"{self.name}: {len(more)} more such values, in {cells} cells"
            yield self._problem("table-value", said, fix)

    def _problem(self, code: str, found: str, fix: str) -> Problem:
        return Problem(code=code, file=self.table.file, found=found, fix=fix)


def _is_beyond(entry: str) -> bool:
    """Whether a number is too large or too near to zero for its square."""
    size = abs(float(entry)) if NUMBER.fullmatch(entry) else 0.0
    return size > LARGEST or 0 < size < SMALLEST


def written_set(members: frozenset[str], order: dict[str, int]) -> str:
    """A set as one text, its members in order; what could be misread has a backslash before it."""
    if not members:
        return NOTHING
    ordered = sorted(members, key=order.__getitem__)
    escaped = [one.replace("\\", "\\\\").replace(JOINT, f"\\{JOINT}") for one in ordered]
    return JOINT.join(f"\\{one}" if one == NOTHING else one for one in escaped)
