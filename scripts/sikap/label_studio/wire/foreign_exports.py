"""Exports of Label Studio projects that sikap did not plan: who said what, whatever the config.

What a control is shows in its results: choices, ratings, numbers and taxonomies judge a task, or a
region where they share its id; labels with offsets mark the text.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from sikap.agreement.ratings import Level
from sikap.dates import seconds_of
from sikap.errors import Problem
from sikap.label_studio.wire.exports import user_names, who
from sikap.label_studio.wire.offsets import ResultError, certify
from sikap.label_studio.wire.shapes import ANNOTATION, TASK, misshapen

JSON = Mapping[str, Any]
Cell = str | float | list[str] | None
LEVELS: dict[str, Level] = {"rating": "ordinal", "number": "interval"}
"""Of kinds of control whose values are numbers, where nobody says another."""
SILENT = {"textarea", "relation"}
"""What is free text, or says nothing that could be compared."""
FARTHEST = 10**9
"""Where a region may end of whose text nothing is known."""
_TRIED = 500  # regions by which the text that they are of is found
_PATH = " / "
_FIX = "its results are left out"


class Region(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch that was marked, and what was said of it by control."""

    control: str
    start: int
    end: int
    label: str
    said: dict[str, Cell]


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """One annotation: what was said of the task by control, and what was marked in it.

    ``broken`` are controls whose regions could not be read: what was marked there is not known.
    """

    task: int
    annotator: str
    seconds: float | None
    said: dict[str, Cell]
    regions: tuple[Region, ...]
    broken: frozenset[str]


class Foreign(msgspec.Struct, frozen=True, kw_only=True):
    """An export as it was read; ``data`` and ``text`` (where spans were marked) by task number.

    ``kinds`` has the kind of result of each control that judges tasks or regions; ``layers`` are
    the controls that mark spans, with those that judge what they mark.
    """

    given: tuple[Given, ...]
    data: dict[int, JSON]
    text: dict[int, str]
    kinds: dict[str, str]
    layers: dict[str, tuple[str, ...]]
    problems: tuple[Problem, ...]


def read_foreign(tasks: Sequence[Any], file: str) -> Foreign:
    """Read the tasks of an export; what cannot be read is named and left out.

    Cancelled annotations, drafts and predictions do not count. Users are told by number, so that
    no address gets into a report; who has only an address gets a number in the order of these.
    """
    return _Export(tasks, file).read()


class _Export:
    def __init__(self, tasks: Sequence[Any], file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.tasks = list(self._numbered(tasks))
        self.names = user_names(
            one for _, task in self.tasks for one in task.get("annotations") or ()
        )
        self.kinds: dict[str, str] = {}
        self.layers: dict[str, dict[str, None]] = {}
        self.unread: Counter[tuple[str, str]] = Counter()
        self.cancelled = 0
        self.variables = dict(self._variables())

    def read(self) -> Foreign:
        given = [one for number, task in self.tasks for one in self._task(number, task)]
        for (control, kind), count in sorted(self.unread.items()):
            found = (
                f"{count} results of {control!r} are of the kind {kind!r}, which is not compared"
            )
            self._problem("unsupported-result", "", found, _FIX)
        if self.cancelled:
            found = f"annotations that were skipped or cancelled: {self.cancelled}"
            self._problem("cancelled", "", found, "they do not count; nothing need be done")
        return Foreign(
            given=tuple(given),
            data={number: task["data"] for number, task in self.tasks},
            text={number: text for number, task in self.tasks if (text := self._text(task))},
            kinds=self.kinds,
            layers={name: tuple(said) for name, said in self.layers.items()},
            problems=tuple(self.problems),
        )

    def _numbered(self, tasks: Sequence[Any]) -> Iterator[tuple[int, JSON]]:
        """Yield tasks with their numbers, or their places where not each has one of its own."""
        good = []
        for place, task in enumerate(tasks, 1):
            wrong = misshapen(task, TASK, "the task", f"task {place}")
            self.problems += (msgspec.structs.replace(one, file=self.file) for one in wrong)
            if not wrong:
                good.append((place, task))
        numbers = [task.get("id") for _, task in good]
        own = len(set(numbers)) == len(numbers) and all(type(one) is int for one in numbers)
        yield from ((task["id"] if own else place, task) for place, task in good)

    def _task(self, number: int, task: JSON) -> Iterator[Given]:
        for place, raw in enumerate(task.get("annotations") or (), 1):
            wrong = misshapen(raw, ANNOTATION, "an annotation", f"task {number}")
            self.problems += (msgspec.structs.replace(one, file=self.file) for one in wrong)
            if wrong:
                continue
            if raw.get("was_cancelled"):
                self.cancelled += 1
                continue
            annotator = who(raw, self.names)
            if annotator is None:
                named = f"number {place}" if raw.get("id") is None else str(raw["id"])
                found = f"annotation {named} does not say by whom it is"
                fix = "it is left out; export the project again, with 'completed_by'"
                self._problem("unknown-annotator", f"task {number}", found, fix)
                continue
            yield self._annotation(number, task, raw, annotator)

    def _annotation(self, number: int, task: JSON, raw: JSON, annotator: str) -> Given:
        results = list(self._with_values(raw.get("result") or ()))
        regions, broken = self._regions(number, task, results)
        at = {id_ for id_, *_ in regions}
        said: dict[str, Cell] = {}
        of_region: dict[str, dict[str, Cell]] = defaultdict(dict)
        for result in results:
            control, kind = result.get("from_name") or "", result.get("type") or ""
            cell = _cell(kind, result["value"])
            id_ = str(result.get("id") or "")
            if kind in SILENT:
                continue
            if control in self.layers:
                if _labels(result) is None:
                    self.unread[control, f"{kind}, without a label"] += 1
                continue
            if cell is None or (_in_picture(result["value"]) and id_ not in at):
                self.unread[control, kind] += 1
                continue
            self.kinds[control] = kind
            if id_ in at:
                of_region[id_][control] = cell
            elif "start" in result["value"]:
                self.unread[control, f"{kind} of a region without a label"] += 1
            elif said.setdefault(control, cell) != cell:
                self.unread[control, f"{kind}, of which the annotation has another before"] += 1
        for id_, control, *_ in regions:
            self.layers[control] |= dict.fromkeys(of_region[id_])
        return Given(
            task=number,
            annotator=annotator,
            seconds=seconds_of(raw.get("created_at")),
            said=said,
            regions=tuple(
                Region(control=control, start=start, end=end, label=label, said=of_region[id_])
                for id_, control, start, end, label in regions
            ),
            broken=frozenset(broken),
        )

    def _with_values(self, results: Iterable[JSON]) -> Iterator[JSON]:
        """Yield results that say something; of those that should and do not only the number."""
        for result in results:
            if isinstance(result.get("value"), dict):
                yield result
            elif result.get("type") not in SILENT:
                control, kind = result.get("from_name") or "", result.get("type") or ""
                self.unread[control, f"{kind}, without a value"] += 1

    def _regions(
        self, number: int, task: JSON, results: Iterable[JSON]
    ) -> tuple[list[tuple[str, str, int, int, str]], set[str]]:
        found, broken = [], set[str]()
        for place, result in enumerate(results):
            control, labels = result.get("from_name") or "", _labels(result)
            if labels is None:
                continue
            self.layers.setdefault(control, {})
            try:
                start, end = self._borders(result, task)
            except ResultError as error:
                broken.add(control)
                problem = error.problem
                fix = f"{problem.fix}; what this annotation marks with {control!r} is left out"
                self._problem(problem.code, f"task {number}", problem.found, fix)
                continue
            id_ = str(result.get("id") or f"without id {place}")
            found += [(id_, control, start, end, label) for label in labels]
        return [one for one in found if one[1] not in broken], broken

    def _borders(self, result: JSON, task: JSON) -> tuple[int, int]:
        value = result["value"]
        text = task["data"].get(self.variables.get(result.get("to_name") or "", ""))
        if isinstance(text, str):
            return certify(value, text)
        start, end = value.get("start"), value.get("end")
        if type(start) is int and type(end) is int and 0 <= start < end <= FARTHEST:
            return start, end
        raise ResultError(
            "span-outside", f"a region goes from {start!r} to {end!r}", "mark it again"
        )

    def _text(self, task: JSON) -> str:
        """What was read: what spans are of, else what is called text, else the only text there."""
        data: JSON = task["data"]
        texts = [one for one in data.values() if isinstance(one, str)]
        likely = [data.get(key) for key in (*self.variables.values(), "text")]
        likely += texts if len(texts) == 1 else []
        return next((one for one in likely if isinstance(one, str)), "")

    def _variables(self) -> Iterator[tuple[str, str]]:
        """Yield for each object tag the key of the data that its regions fit best."""
        tried: dict[str, list[tuple[JSON, JSON]]] = defaultdict(list)
        for _, task in self.tasks:
            for raw in task.get("annotations") or ():
                results = raw.get("result") if isinstance(raw, dict) else None
                for result in results if isinstance(results, list) else ():
                    if isinstance(result, dict) and _labels(result):
                        target = tried[str(result.get("to_name") or "")]
                        if len(target) < _TRIED:
                            target.append((task["data"], result["value"]))
        for name, regions in tried.items():
            fits: Counter[str] = Counter()
            for data, value in regions:
                fits.update(key for key, text in data.items() if _fits(value, text))
            if fits:
                most = max(fits.values())
                best = sorted(key for key in fits if fits[key] == most)
                yield name, name if name in best else best[0]

    def _problem(self, code: str, id_: str, found: str, fix: str) -> None:
        self.problems.append(Problem(code=code, file=self.file, id=id_, found=found, fix=fix))


def _labels(result: JSON) -> list[str] | None:
    """The labels of a region of text; None for any other result."""
    value = result.get("value")
    if result.get("type") != "labels" or not isinstance(value, dict) or "start" not in value:
        return None
    labels = value.get("labels")
    return (
        labels if isinstance(labels, list) and all(isinstance(one, str) for one in labels) else None
    )


def _fits(value: JSON, text: object) -> bool:
    if not isinstance(text, str):
        return False
    try:
        certify(value, text)
    except ResultError:
        return False
    return True


def _in_picture(value: JSON) -> bool:
    """Whether a result is of a region that has no offsets in a text."""
    return bool({"x", "points", "startOffset", "ranges"} & value.keys())


def _cell(kind: str, value: JSON) -> Cell:
    """What a result says; None for a kind that is not compared, or a form that is not its own."""
    given = value.get({"pairwise": "selected"}.get(kind, kind))
    if kind in {"rating", "number"}:
        return given if isinstance(given, int | float) and not isinstance(given, bool) else None
    if kind == "pairwise":
        return given if isinstance(given, str) else None
    if kind == "taxonomy" and isinstance(given, list):
        paths = [path if isinstance(path, list) else [path] for path in given]
        return [_PATH.join(map(str, path)) for path in paths]
    if kind == "choices" and isinstance(given, list):
        return [one for one in given if isinstance(one, str)]
    return None
