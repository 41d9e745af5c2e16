"""What the columns of a table are, as somebody says it, held against the header."""

import csv
import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

import msgspec

from sikap.agreement.ratings import Level
from sikap.errors import InputError, Problem, raise_if
from sikap.formats.table import named

DEFAULTS = {"item": "item", "annotator": "annotator", "label": "label"}
OTHER_NAMES = {
    "item": ("item_id", "unit", "task", "task_id", "id", "sentence_id", "text_id", "subject"),
    "annotator": ("annotator_id", "worker", "worker_id", "coder", "rater", "judge", "user"),
    "label": ("rating", "value", "answer", "class", "category", "score", "code", "annotation"),
}
"""What columns are often called that hold these; only to suggest them."""
LEVELS: tuple[Level, ...] = get_args(Level)


class OptionalColumns(msgspec.Struct, frozen=True, kw_only=True):
    """Columns that a table may have besides items, annotators and labels.

    ``separator`` parts the members of sets in a cell.
    """

    start: str | None = None
    end: str | None = None
    cluster: str | None = None
    by: str | None = None
    pass_: str | None = None
    time: str | None = None
    text: str | None = None
    separator: str | None = None


class TableRequest(OptionalColumns, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What you say of a table; the fields are the options of ``sikap agreement``.

    ``level`` and ``values`` hold entries for all label columns, or ``COLUMN=…`` for one.
    ``annotators`` are the columns of a ``wide`` table, with commas. ``delimiter`` is the name of
    one, such as ``semicolon``.
    """

    item: str | None = None
    annotator: str | None = None
    label: tuple[str, ...] = ()
    wide: bool = False
    annotators: str | None = None
    level: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    delimiter: str | None = None


class Layout(OptionalColumns, frozen=True, kw_only=True):
    """Which column is what, each known to be there; of wide tables ``raters`` are columns."""

    item: str
    annotator: str
    labels: tuple[str, ...]
    raters: tuple[str, ...] = ()
    levels: Mapping[str, Level] = {}
    scales: Mapping[str, tuple[str, ...]] = {}
    missing: frozenset[str]

    @property
    def columns(self) -> set[str]:
        """All columns that are read."""
        roles = (self.item, self.start, self.end, self.cluster, self.by, self.pass_, self.time)
        named = {name for name in (*roles, self.text) if name is not None}
        return named | set(self.raters or (self.annotator, *self.labels))


def layout_of(request: TableRequest, header: Sequence[str], file: str) -> Layout:
    """Find the columns in a header; raises InputError with all that are missing or unusable."""
    found = _Header(request, header, file)
    labels = request.label or (DEFAULTS["label"],)
    problems = list(found.problems())
    try:
        levels, scales = said_of(request, labels)
    except InputError as error:
        raise InputError((*problems, *error.problems)) from error
    raise_if(problems)
    return Layout(
        item=request.item or DEFAULTS["item"],
        annotator=request.annotator or DEFAULTS["annotator"],
        labels=labels,
        raters=found.raters,
        levels=levels,
        scales=scales,
        missing=frozenset(("", *request.missing)),
        **{name: getattr(request, name) for name in OptionalColumns.__struct_fields__},
    )


def said_of(
    request: TableRequest, labels: Sequence[str]
) -> tuple[dict[str, Level], dict[str, tuple[str, ...]]]:
    """The level and the declared scale of each label column, as far as they are said."""
    levels, scales = dict[str, Level](), dict[str, tuple[str, ...]]()
    problems = []
    for told in request.level:
        column, said = _of_column(told, labels)
        level = next((one for one in LEVELS if one == said), None)
        if level is None:
            problems.append(_no_level(told, said, labels))
        else:
            levels |= dict.fromkeys((column,) if column else labels, level)
    for told in request.values:
        column, said = _of_column(told, labels)
        scales |= dict.fromkeys((column,) if column else labels, names_in(said))
    raise_if(problems)
    return levels, scales


def names_in(text: str) -> tuple[str, ...]:
    """The parts of a list with commas; one that holds a comma stands in double quotes."""
    return tuple(next(csv.reader([text], skipinitialspace=True), ()))


class _Header:
    def __init__(self, request: TableRequest, header: Sequence[str], file: str) -> None:
        self.request = request
        self.header = Counter(header)
        self.file = file
        roles: dict[str, str | None] = {"item": request.item or DEFAULTS["item"]}
        if not request.wide:
            roles["annotator"] = request.annotator or DEFAULTS["annotator"]
            for label in request.label or (DEFAULTS["label"],):
                roles[f"label {label}"] = label
        for name in ("start", "end", "cluster", "by", "pass_", "time", "text"):
            roles[name.rstrip("_")] = getattr(request, name)
        self.roles = {role: name for role, name in roles.items() if name is not None}
        self.raters: tuple[str, ...] = ()
        if request.wide:
            others = set(self.roles.values())
            all_ = tuple(name for name in header if name not in others and not _is_index(name))
            self.raters = names_in(request.annotators) if request.annotators else all_

    def problems(self) -> Iterator[Problem]:
        yield from self._contradictions()
        holders: dict[str, str] = {}
        for role, name in [*self.roles.items(), *((f"rater {one}", one) for one in self.raters)]:
            option = f"--{role.partition(' ')[0]}".replace("--rater", "--annotators")
            if name not in self.header:
                yield self._missing(option, name)
            elif self.header[name] > 1:
                found = f"the header has the column {name!r} {self.header[name]} times"
                yield self._problem(found, "rename all but one: nobody can know which is meant")
            elif name in holders:
                found = f"the column {name!r} is named for {holders[name]} and for {option}"
                yield self._problem(found, "name another column for one of the two")
            holders.setdefault(name, option)

    def _contradictions(self) -> Iterator[Problem]:
        request = self.request
        if (request.start is None) != (request.end is None):
            yield self._option("only one of --start and --end is given", "give both")
        if request.wide and (request.start or request.pass_ or request.time or request.annotator):
            found = "--wide has no column for --start, --end, --pass, --time or --annotator"
            yield self._option(found, "make the table long: a row for each rating")
        if request.wide and len(request.label) > 1:
            found = "a wide table has one label in a cell, but --label is given more than once"
            yield self._option(found, "make the table long: a row for each rating")
        if request.annotators and not request.wide:
            found = "--annotators names the columns of a wide table"
            yield self._option(found, "say --wide as well, or --annotator COLUMN")
        if request.wide and len(self.raters) < 2:
            found = f"it has {len(self.raters)} columns of annotators"
            yield self._problem(found, "agreement needs two or more: say --annotators A,B")

    def _missing(self, option: str, name: str) -> Problem:
        there = [one for one in self.header if one.strip()]
        key = option.removeprefix("--")
        usual = [one for one in OTHER_NAMES.get(key, ()) if one in map(_fold, there)]
        near = difflib.get_close_matches(_fold(name), map(_fold, there), 1, 0.75) or usual[:1]
        meant = next((one for one in there if near and _fold(one) == near[0]), None)
        fix = f"say {option} {meant!r}" if meant else f"say {option} COLUMN"
        if option == "--annotators":
            fix = "say --annotators A,B,…"
        if meant is None and key == "annotator" and not self.request.wide:
            fix += ", or --wide if each annotator has a column"
        found = f"there is no column {name!r}; there are {named(there) or 'none'}"
        return self._problem(found, fix)

    def _problem(self, found: str, fix: str) -> Problem:
        return Problem(code="table-column", file=self.file, found=found, fix=fix)

    def _option(self, found: str, fix: str) -> Problem:
        return Problem(code="table-option", found=found, fix=fix)


def _is_index(name: str) -> bool:
    """Whether a column is one of row numbers, as pandas writes it."""
    return name in {"", "Unnamed: 0"} or name.startswith("__index_level_")


def _fold(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


def _of_column(told: str, labels: Sequence[str]) -> tuple[str | None, str]:
    """The label column that an option is of, None for all, and what it says."""
    for label in sorted(labels, key=len, reverse=True):
        if told.startswith(f"{label}="):
            return label, told[len(label) + 1 :]
    return None, told


def _no_level(told: str, said: str, labels: Sequence[str]) -> Problem:
    found = f"{said!r} is no level of measurement"
    if "=" in told:
        found = f"--level {told!r} names no label column ({named(labels)}) and level"
    return Problem(code="table-option", found=found, fix=f"say one of {', '.join(LEVELS)}")
