"""The export of a round as it is kept: what Label Studio answered, without who its users are.

A round can be replayed from it at any time, by anybody, without a server.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from sikap.errors import InputError, Problem

_DEPTH = 100  # of lists and mappings in each other; what people annotate has less than ten
_TASK = ("id", "project", "data", "owner", "server")
_ANNOTATION = ("id", "result", "was_cancelled", "lead_time", "created_at")
_ORIGIN = ("parent_annotation", "parent_prediction")  # kept where there is one


def scrub(tasks: Iterable[Any], users: Mapping[str, str]) -> list[Any]:
    """Exported tasks with pseudonyms for users, and nothing that reading them does not need.

    ``users`` maps user numbers and addresses, in small letters, to pseudonyms; who is not among
    them stays a number, or nobody. Scrubbing twice changes nothing.
    """
    return [_task(task, users) if isinstance(task, Mapping) else None for task in tasks]


def encode_export(tasks: Iterable[Any]) -> bytes:
    """An export as JSON, a task a line, so that what changes can be seen in a diff."""
    return b"[" + b",\n".join(msgspec.json.encode(task) for task in tasks) + b"]\n"


def decode_export(data: bytes) -> list[Any]:
    """The tasks of an export, of whatever form; raises InputError where it holds no list of them.

    A single task stands for a list of one.
    """
    try:
        tasks = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(_no_export(f"the export is not JSON: {error}")) from error
    tasks = [tasks] if isinstance(tasks, dict) else tasks
    if not isinstance(tasks, list):
        raise InputError(_no_export("the export is no list of tasks"))
    level: list[Any] = tasks
    for _ in range(_DEPTH):
        level = [part for one in level for part in _parts(one)]
    if level:
        raise InputError(_no_export(f"the export has more than {_DEPTH} lists in each other"))
    return tasks


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, Mapping):
        return value.values()
    return value if isinstance(value, list) else ()


def _no_export(found: str) -> Problem:
    fix = "export the project as JSON (not JSON-MIN, CSV or another form)"
    return Problem(code="export", found=found, fix=fix)


def _task(task: Mapping[str, Any], users: Mapping[str, str]) -> dict[str, Any]:
    annotations = task.get("annotations")
    if isinstance(annotations, list):
        annotations = [_annotation(one, users) for one in annotations]
    drafts = task.get("drafts")
    count = len(drafts) if isinstance(drafts, list) else 0
    kept = {key: task[key] for key in _TASK if key in task}
    return {**kept, "annotations": annotations, "drafts": [{}] * count}


def _annotation(annotation: object, users: Mapping[str, str]) -> Any:  # noqa: ANN401
    if not isinstance(annotation, Mapping):
        return None
    kept = {key: annotation[key] for key in _ANNOTATION if key in annotation}
    kept |= {key: annotation[key] for key in _ORIGIN if annotation.get(key)}
    return {**kept, "completed_by": _who(annotation.get("completed_by"), users)}


def _who(user: object, users: Mapping[str, str]) -> object:
    if isinstance(user, Mapping):
        number = user.get("id")
        names = (name for name in (number, user.get("email")) if isinstance(name, int | str))
        found = (users.get(str(name).lower()) for name in names)
        return next(filter(None, found), number if isinstance(number, int) else None)
    known = users.get(str(user).lower()) if isinstance(user, int | str) else None
    return known or (user if isinstance(user, int) else None)
