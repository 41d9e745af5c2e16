"""Records to Label Studio tasks and back.

With ``forms``, ``reader`` and ``results`` the only owner of that JSON shape. Spans are certified by
``offsets``. Facts measured on Label Studio 1.23.2.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from sikap.errors import Problem
from sikap.label_studio.wire.annotations import Found, Reader, annotation_id
from sikap.label_studio.wire.results import Reading
from sikap.label_studio.wire.shapes import ANNOTATION, TASK, misshapen
from sikap.labelling_config.scheme import Scheme
from sikap.records import Annotation, Item, Note, Round

JSON = Mapping[str, Any]


class Pulled(msgspec.Struct, frozen=True, kw_only=True):
    """What an export holds of a round: good annotations with their notes, the rest as problems.

    ``held`` are the items whose tasks it holds, each with the annotator whose task it is (None:
    everybody's), ``seen`` the ids of all their annotations, also of the bad ones; ``broken`` are
    entries that are no tasks at all. Only counted are ``drafts``, and in ``begun`` by the owner of
    their task; ``strangers``, tasks that are no item and have no annotations; and of the good
    annotations those that somebody ``copied`` from another, or that began with a prediction.
    """

    annotations: tuple[Annotation, ...]
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]
    drafts: int
    begun: dict[str | None, int]
    strangers: int
    copied: int
    predicted: int
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
    notes: frozenset[str] = frozenset(),
) -> Pulled:
    """Turn exported tasks into annotations, certifying every span.

    ``users`` maps Label Studio user ids and e-mail addresses to pseudonyms; ``notes`` are controls
    that, like text areas, stand beside the scheme. Every annotation either becomes a record or is
    named in a problem; of several by one annotator of one item the last stands. Records come in
    the order of the items, then of the pseudonyms.
    """
    order = {item.item_id: (place, item) for place, item in enumerate(items)}
    roster = {annotator.annotator for annotator in manifest.roster}
    known = {key: name for key, name in users.items() if name in roster}
    reader = Reader(Reading(scheme, notes), manifest, known)
    gathered = _gather(tasks, order, scheme, reader)
    kept, repeated = _last_of_each(gathered.found)
    kept.sort(key=lambda one: (order[one.annotation.item_id][0], one.annotation.annotator))
    return Pulled(
        annotations=tuple(one.annotation for one in kept),
        notes=tuple(note for one in kept for note in one.notes),
        problems=(*gathered.problems, *repeated, *_pushed_twice(gathered.times)),
        drafts=gathered.begun.total(),
        begun=dict(gathered.begun),
        strangers=gathered.strangers,
        copied=sum(one.copied for one in kept),
        predicted=sum(one.predicted for one in kept),
        held=frozenset(gathered.held),
        seen=frozenset(gathered.seen),
        broken=tuple(p for p in gathered.problems if p.code == "export" and not p.id),
    )


class _Gathered(msgspec.Struct, kw_only=True):
    """What was found in the tasks so far; ``times`` counts an item in each project."""

    found: list[Found] = []
    problems: list[Problem] = []
    held: set[tuple[str, str | None]] = set()
    seen: set[str] = set()
    times: Counter[tuple[object, ...]] = msgspec.field(default_factory=Counter)
    begun: Counter[str | None] = msgspec.field(default_factory=Counter)
    strangers: int = 0


def _gather(
    tasks: Iterable[Any],
    order: Mapping[str, tuple[int, Item]],
    scheme: Scheme,
    reader: Reader,
) -> _Gathered:
    all_ = _Gathered()
    for number, task in enumerate(tasks, 1):
        item, trouble = _item_of(task, number, order, scheme)
        if item is None:
            all_.problems.extend(trouble)
            all_.strangers += not trouble
            continue
        owner = reader.owner(task)
        all_.held.add((item.item_id, owner))
        all_.times[item.item_id, task.get("project"), task.get("server")] += 1
        all_.begun[owner] += len(task.get("drafts") or ())
        for raw in task.get("annotations") or ():
            what = f"an annotation of item {item.item_id}"
            wrong = misshapen(raw, ANNOTATION, what, item.item_id)
            outcome = wrong or reader.annotation(raw, task, item)
            all_.seen.update(annotation_id(task, raw))
            if isinstance(outcome, Found):
                all_.found.append(outcome)
            else:
                all_.problems.extend(outcome)
    return all_


def _item_of(
    task: object, number: int, order: Mapping[str, tuple[int, Item]], scheme: Scheme
) -> tuple[Item | None, list[Problem]]:
    if not isinstance(task, dict) or not isinstance(task.get("data"), Mapping):
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


def _pushed_twice(times: Counter[tuple[object, ...]]) -> list[Problem]:
    """A problem for every item that has several tasks in one project; all were read."""
    fix = "delete all but one of its tasks in Label Studio; keep the one with annotations"
    return [
        Problem(
            code="duplicate-task",
            id=f"project {project}, item {item}",
            found=f"the item stands {count} times in the project",
            fix=fix,
        )
        for (item, project, _), count in times.items()
        if count > 1
    ]


def _last_of_each(found: Iterable[Found]) -> tuple[list[Found], list[Problem]]:
    of: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for one in found:
        of[one.annotation.item_id, one.annotation.annotator].append(one)
    kept: list[Found] = []
    problems: list[Problem] = []
    for several in of.values():
        several.sort(key=lambda one: _when(one.annotation))
        kept.append(several[-1])
        last = several[-1].annotation
        problems.extend(_repeated(one.annotation, last) for one in several[:-1])
    return kept, problems


def _when(annotation: Annotation) -> tuple[str, int, str]:
    """Time, then number: annotations that are as old as each other stand in the order of ids."""
    id_ = annotation.annotation_id
    return annotation.created_at or "", len(id_), id_


def _repeated(annotation: Annotation, last: Annotation) -> Problem:
    return Problem(
        code="repeated-annotation",
        id=f"annotation {annotation.annotation_id} of item {annotation.item_id}",
        found=f"{annotation.annotator} annotated the item again as {last.annotation_id}",
        fix="delete the one that does not count; until then the last stands",
    )
