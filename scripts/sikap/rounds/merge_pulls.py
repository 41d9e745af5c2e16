"""What a new export does to the annotations of the last pull; nothing goes without a trace."""

from collections.abc import Container, Iterable, Mapping
from typing import Any

import msgspec

from sikap.label_studio.wire.annotations import annotation_id
from sikap.label_studio.wire.tasks import Pulled, task_item_id
from sikap.records import Annotation, History, Item, Note
from sikap.rounds.withdrawal import Withdrawn


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """The present annotations with their notes, what happened to earlier ones, how many were kept.

    ``kept`` counts those that no export holds any more, the one kept of the last pull included.
    """

    annotations: tuple[Annotation, ...]
    notes: tuple[Note, ...]
    events: tuple[History, ...]
    kept: int


def merge(
    earlier: Iterable[Annotation],
    pulled: Pulled,
    items: Iterable[Item],
    notes: Iterable[Note] = (),
    *,
    whole: bool,
) -> Merged:
    """Merge an export into the annotations and ``notes`` of the last pull, in the items' order.

    An earlier annotation is as it was, ``changed``, ``rejected`` (still there, but no longer good)
    or ``deleted``. ``whole`` says that the export is all that there is: where it is not, nothing is
    said of items that it does not hold. Annotations of items that were deleted from the round,
    being of a withdrawn article, go with them.
    """
    order = {item.item_id: place for place, item in enumerate(items)}
    now = {annotation.annotation_id: annotation for annotation in pulled.annotations}
    kept, events = [], []
    for old in (one for one in earlier if one.item_id in order):
        held = whole or {(old.item_id, old.annotator), (old.item_id, None)} & pulled.held
        new = now.get(old.annotation_id)
        if new is not None and new != old:
            events.append(History(event="changed", annotation=old))
        elif new is None and old.annotation_id in pulled.seen:
            events.append(History(event="rejected", annotation=old))
        elif new is None and held:
            events.append(History(event="deleted", annotation=old))
        elif new is None:
            kept.append(old)
    annotations = sorted(
        [*pulled.annotations, *kept], key=lambda one: (order[one.item_id], one.annotator)
    )
    of = {one.annotation_id for one in kept}
    remain = [*pulled.notes, *(note for note in notes if note.annotation_id in of)]
    remain.sort(key=lambda note: (order[note.item_id], note.annotator))
    return Merged(
        annotations=tuple(annotations), notes=tuple(remain), events=tuple(events), kept=len(kept)
    )


def rest_of(
    last: Iterable[Any], fresh: Iterable[Any], pulled: Pulled, *, shared: bool
) -> list[Any]:
    """The tasks of the last export of which a newer one of a part of the projects says nothing.

    ``pulled`` is what was read of ``fresh``. A task that is no item goes with the others of its
    project: nobody planned it, so nobody misses it. So does one of an item where nobody knows whose
    it is, but in a ``shared`` round, which has one project.
    """
    there = {_place(task)[:2] for task in fresh}
    tasks = {place for task in fresh if (place := _place(task))[2] is not None}
    return [
        task
        for task in last
        if isinstance(task, dict)
        and _place(task) not in tasks
        and (
            _place(task)[:2] not in there
            if task_item_id(task["data"]) is None
            else (task_item_id(task["data"]), task.get("owner")) not in pulled.held
            or (not shared and task.get("owner") is None and _place(task)[:2] not in there)
        )
    ]


def not_brought_back(
    tasks: Iterable[Any], items: Iterable[Item], known: Container[str], gone: Withdrawn
) -> list[Any]:
    """Scrubbed tasks without what was withdrawn, but for annotations that the round has on disk.

    ``known`` are the ids of these. So a pull brings nothing back that somebody deleted for good.
    """
    articles = {item.item_id: item.article_id for item in items}
    left = []
    for task in tasks:
        data = task.get("data") if isinstance(task, dict) else None
        annotations = task.get("annotations") if isinstance(data, dict) else None
        if not isinstance(data, dict) or not isinstance(annotations, list):
            left.append(task)
            continue
        item = task_item_id(data)
        owner = task.get("owner")
        lost = articles.get(item or "") in gone.articles
        nobodys = lost or (isinstance(owner, str) and owner in gone.annotators)
        kept = [
            raw
            for raw in annotations
            if _known(task, raw, known) or not (lost or _by(raw) in gone.annotators)
        ]
        if kept or not nobodys:
            left.append({**task, "annotations": kept} if len(kept) < len(annotations) else task)
    return left


def _known(task: Mapping[str, Any], raw: object, known: Container[str]) -> bool:
    return any(id_ in known for id_ in annotation_id(task, raw))


def _by(raw: object) -> str | None:
    who = raw.get("completed_by") if isinstance(raw, dict) else None
    return who if isinstance(who, str) else None


def _place(task: object) -> tuple[object, object, object]:
    """Server, project and number of a task."""
    if not isinstance(task, dict):
        return None, None, None
    return task.get("server"), task.get("project"), task.get("id")
