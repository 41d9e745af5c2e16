"""Whether an export file can be of the annotator who was named: users have numbers, not names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sikap.errors import Problem
from sikap.label_studio.wire.tasks import Pulled, task_item_id
from sikap.rounds.order import in_order_of
from sikap.steps.files import RoundFiles

FIX = "name whose project it is with --annotator"


def nothing_of(owner: str | None, files: RoundFiles, pulled: Pulled) -> Iterator[Problem]:
    """Yield why an export is not of an annotator: all that is in it is by others."""
    foreign = [p for p in pulled.problems if p.code == "foreign-annotation"]
    if owner is not None and foreign and not pulled.annotations:
        found = f"nothing in the export is by {owner}: {foreign[0].id}: {foreign[0].found}"
        yield Problem(code="export", id=files.manifest.round_id, found=found, fix=FIX)


def in_another_order(owner: str, files: RoundFiles, tasks: Iterable[Any]) -> Iterator[Problem]:
    """Yield why an export is not of an annotator: its tasks are in the order of another one.

    Servers of isolated rounds count users each from 1, so that who annotated tells nothing there.
    What says itself whose it is, as an export that a round kept, is not looked at.
    """
    numbered = sorted(
        (task["id"], item_id)
        for task in tasks
        if isinstance(task, Mapping) and "owner" not in task and isinstance(task.get("id"), int)
        if isinstance(task.get("data"), Mapping) and (item_id := task_item_id(task["data"]))
    )
    names = in_order_of([item for _, item in numbered], files.manifest, files.items)
    if names and owner not in names:
        found = f"its tasks are in the order of {' and '.join(sorted(names))}, not of {owner}"
        yield Problem(code="export", id=files.manifest.round_id, found=found, fix=FIX)
