"""Records to Label Studio tasks and back; the only owner of that JSON shape, with ``forms``.

Spans are certified by ``sikap.rounds.offsets``. Facts measured on Label Studio 1.23.2.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import msgspec

from sikap.errors import Problem
from sikap.records import Annotation, Item, Round, Span
from sikap.rounds.forms import ANNOTATION, TASK, misshapen
from sikap.rounds.offsets import ResultError, certify
from sikap.scheme import Control, Scheme

JSON = Mapping[str, Any]
T = TypeVar("T")


class Pulled(msgspec.Struct, frozen=True, kw_only=True):
    """What an export holds of a round: good annotations, drafts counted, the rest as problems.

    ``held`` are the items whose tasks it holds, each with the annotator whose task it is (None:
    everybody's), ``seen`` the ids of all their annotations, also of the bad ones; ``broken`` are
    entries that are no tasks at all.
    """

    annotations: tuple[Annotation, ...]
    problems: tuple[Problem, ...]
    drafts: int
    held: frozenset[tuple[str, str | None]]
    seen: frozenset[str]
    broken: tuple[Problem, ...]


def to_task(item: Item, scheme: Scheme, more: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The Label Studio task of an item; ``item_id`` in its data is what push reconciles by.

    ``more`` are further keys of the data, for what is shown beside the sentence.
    """
    data = {**(more or {}), "item_id": item.item_id, "before": item.before, "after": item.after}
    return {"data": {**data, scheme.text_variable: item.text}}


def task_item_id(data: JSON) -> str | None:
    """The item that the data of a task names, if any."""
    value = data.get("item_id")
    return value if isinstance(value, str) else None


def read_export(
    tasks: Iterable[Any],
    manifest: Round,
    items: Iterable[Item],
    scheme: Scheme,
    users: Mapping[str, str],
) -> Pulled:
    """Turn exported tasks into annotations, certifying every span.

    ``users`` maps Label Studio user ids and e-mail addresses to pseudonyms. Every annotation
    either becomes a record or is named in a problem; of several by one annotator of one item the
    last stands. Records come in the order of the items, then of the pseudonyms.
    """
    order = {item.item_id: (place, item) for place, item in enumerate(items)}
    roster = {annotator.annotator for annotator in manifest.roster}
    reader = _Reader(scheme, manifest, {k: v for k, v in users.items() if v in roster})
    found: list[Annotation] = []
    problems: list[Problem] = []
    held: set[tuple[str, str | None]] = set()
    seen: set[str] = set()
    drafts = 0
    for number, task in enumerate(tasks, 1):
        item, trouble = _item_of(task, number, order, scheme)
        if item is None:
            problems.extend(trouble)
            continue
        held.add((item.item_id, reader.owner(task)))
        drafts += len(task.get("drafts") or ())
        for raw in task.get("annotations") or ():
            what = f"an annotation of item {item.item_id}"
            wrong = misshapen(raw, ANNOTATION, what, item.item_id)
            outcome = wrong or reader.annotation(raw, task, item)
            seen.update(_annotation_id(task, raw))
            if isinstance(outcome, Annotation):
                found.append(outcome)
            else:
                problems.extend(outcome)
    kept, repeated = _last_of_each(found)
    kept.sort(key=lambda annotation: (order[annotation.item_id][0], annotation.annotator))
    return Pulled(
        annotations=tuple(kept),
        problems=(*problems, *repeated),
        drafts=drafts,
        held=frozenset(held),
        seen=frozenset(seen),
        broken=tuple(p for p in problems if p.code == "export" and not p.id),
    )


def _annotation_id(task: JSON, raw: object) -> tuple[str, ...]:
    """The id of an annotation: those of its project and its own; none for what is no mapping.

    Servers of isolated rounds count their projects each from 1, so there that of the server leads.
    """
    server = f"{task['server']}." if task.get("server") else ""
    project = f"{server}{task.get('project', 0)}"
    return (f"{project}-{raw.get('id')}",) if isinstance(raw, Mapping) else ()


def _item_of(
    task: object, number: int, order: Mapping[str, tuple[int, Item]], scheme: Scheme
) -> tuple[Item | None, list[Problem]]:
    if not isinstance(task, Mapping) or not isinstance(task.get("data"), Mapping):
        fix = "export the project as JSON (not JSON-MIN, CSV or another form)"
        found = f"entry {number} is not a task with data"
        return None, [Problem(code="export", found=found, fix=fix)]
    wrong = misshapen(task, TASK, f"entry {number}")
    if wrong:
        return None, wrong
    data = task["data"]
    known = order.get(task_item_id(data) or "")
    name = f"task {task.get('id', number)}"
    if known is None:
        if not task.get("annotations"):
            return None, []
        fix = "annotations of tasks that sikap did not push are not pulled; plan a round with them"
        found = "the task is no item of the round, but has annotations"
        return None, [Problem(code="unknown-item", id=name, found=found, fix=fix)]
    if data.get(scheme.text_variable) != known[1].text:
        fix = "delete the task and push again: its annotations speak of another text"
        found = "its text is not that of the item"
        return None, [
            Problem(code="item-text", id=f"{name}, {known[1].item_id}", found=found, fix=fix)
        ]
    return known[1], []


class _Reader:
    """Reads single annotations of one round."""

    def __init__(self, scheme: Scheme, manifest: Round, users: Mapping[str, str]) -> None:
        self.scheme = scheme
        self.manifest = manifest
        self.users = users
        self.kinds = {control.name: control.kind for control in scheme.controls}
        self.projects = {one.project_id: one.annotator for one in manifest.projects}

    def owner(self, task: JSON) -> str | None:
        """Whose project a task is of; None where it is everybody's, or nobody can know.

        What was pulled says so itself; an export that somebody downloaded tells by the project,
        but not where each server counts its own.
        """
        own = task.get("owner")
        if isinstance(own, str) or self.manifest.design.blindness == "isolated":
            return own
        number = task.get("project")
        return self.projects.get(number) if isinstance(number, int) else None

    def annotation(self, raw: JSON, task: JSON, item: Item) -> Annotation | list[Problem]:
        """The record of one exported annotation, or all that keeps it from being one."""
        name = f"annotation {raw.get('id')} of item {item.item_id}"
        user = _user(raw.get("completed_by"))
        annotator = next((self.users[key] for key in user if key in self.users), None)
        if annotator is None:
            # An address must not reach a report: users are named by number.
            who = next((key for key in user if "@" not in key), "without a number")
            found = f"Label Studio user {who} is linked to no annotator of the round"
            fix = "link the user with 'sikap annotators link NAME USER', then pull again"
            return [Problem(code="unknown-annotator", id=name, found=found, fix=fix)]
        owner = self.owner(task)
        if owner not in {None, annotator}:
            found = f"it is by {annotator}, in the project of {owner}"
            fix = f"find out who worked as {owner}; delete it, or let {annotator} do it over there"
            return [Problem(code="foreign-annotation", id=name, found=found, fix=fix)]
        skipped = bool(raw.get("was_cancelled"))
        try:
            spans, choices = ((), {}) if skipped else self._results(raw.get("result") or (), item)
        except ResultError as error:
            return [msgspec.structs.replace(error.problem, id=name)]
        if not skipped:
            problems = list(self.scheme.problems(spans, choices, len(item.text)))
            if problems:
                return [msgspec.structs.replace(problem, id=name) for problem in problems]
        seconds = raw.get("lead_time")
        return Annotation(
            annotation_id=next(iter(_annotation_id(task, raw))),
            item_id=item.item_id,
            round_id=self.manifest.round_id,
            sentence_id=item.sentence_id,
            annotator=annotator,
            status="skipped" if skipped else "submitted",
            spans=spans,
            choices=choices,
            seconds=round(float(seconds), 3) if seconds is not None else None,
            created_at=raw.get("created_at"),
        )

    def _results(
        self, results: Iterable[JSON], item: Item
    ) -> tuple[tuple[Span, ...], dict[str, tuple[str, ...]]]:
        regions: dict[str, tuple[int, int, str]] = {}
        attributes: dict[str, dict[str, tuple[str, ...]]] = defaultdict(dict)
        choices: dict[str, tuple[str, ...]] = {}
        for number, result in enumerate(results):
            control, value = result.get("from_name", ""), result.get("value") or {}
            kind = self.kinds.get(control)
            # Results that were made by hand may lack an id; each is a region of its own.
            region = str(result.get("id") or f"without id {number}")
            if kind == "spans" and result.get("type") == "labels":
                _put(regions, region, (*certify(value, item.text), _label(value)))
            elif kind == "attribute" and result.get("type") == "choices":
                _put(attributes[region], control, tuple(value.get("choices") or ()))
            elif kind == "choice" and result.get("type") == "choices":
                _put(choices, control, tuple(value.get("choices") or ()))
            else:
                found = f"a {result.get('type')} by {control!r} has no place in the scheme"
                raise ResultError("unsupported-result", found, "delete it in Label Studio")
        for region, given in attributes.items():
            if region not in regions:
                found = f"{', '.join(given)} was given for a region without a label"
                raise ResultError("unsupported-result", found, "label the region or delete it")
        spans = [
            Span(start=start, end=end, label=label, attributes=self._in_order(attributes[region]))
            for region, (start, end, label) in regions.items()
        ]
        spans.sort(
            key=lambda span: (span.start, span.end, span.label, sorted(span.attributes.items()))
        )
        return tuple(spans), self._in_order(choices)

    def _in_order(self, given: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        """Controls in the order of the config, and so are their values, whatever came first."""
        return {
            control.name: tuple(sorted(given[control.name], key=_places(control)))
            for control in self.scheme.controls
            if given.get(control.name)
        }


def _places(control: Control) -> Callable[[str], int]:
    # What is no value of the control comes last; the scheme will say so.
    order = {value: place for place, value in enumerate(control.values)}
    return lambda value: order.get(value, len(order))


def _put(where: dict[str, T], key: str, what: T) -> None:
    if key in where:
        found = f"the annotation has two results for {key!r}"
        raise ResultError("repeated-result", found, "delete one of the two in Label Studio")
    where[key] = what


def _label(value: JSON) -> str:
    labels: list[str] = value.get("labels") or []
    if len(labels) != 1:
        found = f"a region has {len(labels)} labels: {', '.join(labels)}"
        raise ResultError("several-labels", found, "give each region one label")
    return labels[0]


def _user(completed_by: object) -> tuple[str, ...]:
    """The names under which a user may be linked: number and address, as the export has them."""
    if isinstance(completed_by, Mapping):
        names = (completed_by.get("id"), completed_by.get("email"))
        return tuple(str(name).lower() for name in names if name not in (None, ""))
    return () if completed_by is None else (str(completed_by).lower(),)


def _last_of_each(annotations: Iterable[Annotation]) -> tuple[list[Annotation], list[Problem]]:
    of: dict[tuple[str, str], list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        of[annotation.item_id, annotation.annotator].append(annotation)
    kept: list[Annotation] = []
    problems: list[Problem] = []
    for several in of.values():
        in_time = sorted(several, key=lambda a: (a.created_at or "", a.annotation_id))
        kept.append(in_time[-1])
        problems.extend(_repeated(annotation, in_time[-1]) for annotation in in_time[:-1])
    return kept, problems


def _repeated(annotation: Annotation, last: Annotation) -> Problem:
    return Problem(
        code="repeated-annotation",
        id=f"annotation {annotation.annotation_id} of item {annotation.item_id}",
        found=f"{annotation.annotator} annotated the item again as {last.annotation_id}",
        fix="delete the one that does not count; until then the last stands",
    )
