"""An export of Label Studio to what is studied: by the same way as any table."""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from sikap.agreement.ratings import Level
from sikap.agreement.study import Study
from sikap.agreement.tables.column_roles import Layout, TableRequest, said_of
from sikap.agreement.tables.table_study import Tabled, Tokens, tabled
from sikap.agreement.tables.wide_to_long import free
from sikap.errors import InputError, Problem, raise_if
from sikap.formats.table import Coder, Table, named, numbered
from sikap.label_studio.wire.foreign_exports import LEVELS, Cell, Foreign, Given

TIME = "created_at"
NO_USE = ("annotator", "start", "end", "pass_", "time", "wide", "annotators", "separator")


def studied(
    export: Foreign, request: TableRequest, file: str, tokens: Tokens | None = None
) -> Tabled:
    """What is studied of an export; raises InputError with everything that must be mended first.

    ``item``, ``cluster``, ``by`` and ``text`` of the request name keys of the tasks' data,
    ``label`` controls.
    """
    raise_if(_wrong(export, request, file))
    reading = _Reading(export, request, file)
    parts = [tabled(table, layout, tokens) for table, layout in reading.tables()]
    if not parts:
        found = "it holds no annotation that could be compared"
        fix = "export tasks with annotations by two people or more, as JSON"
        problem = Problem(code="table-empty", file=file, found=found, fix=fix)
        raise InputError((*export.problems, problem))
    problems = [*export.problems, *(problem for part in parts for problem in part.problems)]
    return Tabled(
        study=_joined(file, [part.study for part in parts]),
        parts=tuple(_joined(one[0].name, one) for one in _by_name(parts)),
        problems=tuple(dict.fromkeys(problems)),
    )


class _Reading:
    def __init__(self, export: Foreign, request: TableRequest, file: str) -> None:
        self.export, self.request, self.file = export, request, file
        spans = {one for name, said in export.layers.items() for one in (name, *said)}
        taken = set(export.kinds) | spans
        self.item, self.annotator = free(request.item or "task", taken), free("annotator", taken)
        self.data = {
            role: free(name, taken | {self.item, self.annotator})
            for role, name in (("cluster", request.cluster), ("by", request.by))
            if name is not None
        }
        self.time, self.text = free(TIME, taken), free("text of the task", taken)
        self.levels, self.scales = said_of(request, sorted(taken))
        for name, kind in export.kinds.items():
            if kind in LEVELS:
                self.levels.setdefault(name, LEVELS[kind])

    def tables(self) -> Iterator[tuple[Table, Layout]]:
        """Yield a table of what was said of tasks, and one for each control that marks spans."""
        wanted = self.request.label
        given = self.export.given
        names = dict.fromkeys(name for one in given for name in one.said)
        controls = [name for name in names if not wanted or name in wanted]
        if controls:
            cells = {name: [one.said.get(name) for one in given] for name in controls}
            yield self._table(given, cells), self._layout(tuple(controls))
        for name, attributes in self.export.layers.items():
            if not wanted or name in wanted:
                yield self._layer(name, attributes)

    def _layer(self, name: str, attributes: Sequence[str]) -> tuple[Table, Layout]:
        start, end = free("start", self.export.kinds), free("end", self.export.kinds)
        columns = [name, *(one for one in attributes if one != name), start, end]
        rows: list[Given] = []
        cells: dict[str, list[Cell]] = {column: [] for column in columns}
        for one in self.export.given:
            if name in one.broken:
                continue
            marked = [region for region in one.regions if region.control == name]
            for region in marked:
                said = {**region.said, name: region.label, start: region.start, end: region.end}
                for column in columns:
                    cells[column].append(said.get(column))
            for column in columns if not marked else ():
                cells[column].append(None)
            rows += [one] * max(1, len(marked))
        layout = self._layout((name, *attributes))
        return self._table(rows, cells), msgspec.structs.replace(layout, start=start, end=end)

    def _table(self, rows: Sequence[Given], cells: dict[str, list[Cell]]) -> Table:
        columns: dict[str, Sequence[object]] = {
            self.item: [self._key(one, self.request.item, one.task) for one in rows],
            self.annotator: [one.annotator for one in rows],
            self.time: [one.seconds for one in rows],
            self.text: [
                self._key(one, self.request.text, self.export.text.get(one.task)) for one in rows
            ],
            **{name: _single(column) for name, column in cells.items()},
        }
        for role, name in self.data.items():
            columns[name] = [self._key(one, getattr(self.request, role)) for one in rows]
        made = {}
        for name, column in columns.items():
            coder = Coder()
            coder.values(column)
            made[name] = coder.column()
        at = numbered([one.task for one in rows])
        return Table(file=self.file, columns=made, at=at, unit="task")

    def _key(self, given: Given, name: str | None, default: object = None) -> object:
        """What the data of a task hold by a name; without one the default."""
        return default if name is None else self.export.data[given.task].get(name)

    def _layout(self, labels: tuple[str, ...]) -> Layout:
        levels: dict[str, Level] = {one: self.levels[one] for one in labels if one in self.levels}
        return Layout(
            item=self.item,
            annotator=self.annotator,
            labels=labels,
            cluster=self.data.get("cluster"),
            by=self.data.get("by"),
            time=self.time,
            text=self.text,
            levels=levels,
            scales={one: self.scales[one] for one in labels if one in self.scales},
            missing=frozenset(("", *self.request.missing)),
        )


def _wrong(export: Foreign, request: TableRequest, file: str) -> Iterator[Problem]:
    for name in (one for one in NO_USE if getattr(request, one)):
        option = f"--{name.rstrip('_')}"
        found, fix = f"{option} has no use with an export of Label Studio", "leave it away"
        yield Problem(code="table-option", file=file, found=found, fix=fix)
    controls = [*dict.fromkeys(name for one in export.given for name in one.said), *export.layers]
    for name in request.label:
        if name not in controls:
            found = f"no control {name!r} was used on a task; there are {named(controls) or 'none'}"
            yield Problem(code="table-column", file=file, found=found, fix="name one of them")
    keys = dict.fromkeys(key for data in export.data.values() for key in data)
    for role in ("item", "cluster", "by", "text"):
        name = getattr(request, role)
        if name is not None and name not in keys:
            found = f"the data of tasks have no {name!r}; they have {named(keys) or 'nothing'}"
            yield Problem(code="table-column", file=file, found=found, fix=f"say --{role} KEY")


def _single(cells: list[Cell]) -> Sequence[object]:
    """Cells that are lists as single values, where no list has more than one."""
    if any(isinstance(one, list) and len(one) != 1 for one in cells):
        return cells
    return [one[0] if isinstance(one, list) else one for one in cells]


def _by_name(parts: Iterable[Tabled]) -> Iterator[list[Study]]:
    found: dict[str, list[Study]] = {}
    for part in parts:
        for study in part.parts:
            found.setdefault(study.name, []).append(study)
    yield from found.values()


def _joined(name: str, studies: Sequence[Study]) -> Study:
    return Study(
        name=name,
        variables=tuple(one for study in studies for one in study.variables),
        layers=tuple(one for study in studies for one in study.layers),
        texts={item: text for study in studies for item, text in study.texts.items()},
    )
