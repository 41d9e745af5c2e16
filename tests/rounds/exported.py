"""What Label Studio exports of one item, in a form that is short to write, and how it is read."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from builders import item, manifest, shipped_scheme
from sikap.errors import Problem
from sikap.label_studio.wire.tasks import Pulled, read_export, to_task
from sikap.labelling_config.scheme import Scheme
from sikap.records import Annotation, Item

SCHEME = shipped_scheme()
ITEM = item("Belsara mengecam PT Ombak.")
USERS = {"1": "a1", "dua@contoh.example": "a2", "9": "outsider"}


def mark(
    start: int, end: int, label: str = "PER", *, id_: str | None = "r", **more: Any
) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": ITEM.text[start:end], "labels": [label], **more}
    result = {"from_name": "entities", "to_name": "text", "type": "labels", "value": value}
    return result if id_ is None else {**result, "id": id_}


def choose(control: str, *values: str, id_: str | None = "r") -> dict[str, Any]:
    result = {"from_name": control, "type": "choices", "value": {"choices": list(values)}}
    return result if id_ is None else {**result, "id": id_}


def write(control: str, *texts: str, id_: str | None = "n") -> dict[str, Any]:
    result = {"from_name": control, "type": "textarea", "value": {"text": list(texts)}}
    return result if id_ is None else {**result, "id": id_}


def with_notes(*names: str) -> Scheme:
    return msgspec.structs.replace(SCHEME, notes=names)


NEUTRAL = choose("stance", "neutral")


def annotated(*results: object, **fields: Any) -> dict[str, Any]:
    return {"id": 5, "completed_by": 1, "result": list(results), "lead_time": 2.50049, **fields}


def task(*annotations: object, of: Item = ITEM, **fields: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "project": 3,
        "annotations": list(annotations),
        **to_task(of, SCHEME),
        **fields,
    }


def read(
    *tasks: object,
    items: Sequence[Item] = (ITEM,),
    users: Mapping[str, str] = USERS,
    scheme: Scheme = SCHEME,
    notes: frozenset[str] = frozenset(),
) -> Pulled:
    return read_export(tasks, manifest(roster=("a1", "a2")), items, scheme, users, notes)


def only(pulled: Pulled) -> Annotation:
    assert pulled.problems == ()
    (annotation,) = pulled.annotations
    return annotation


def set_aside(pulled: Pulled) -> Problem:
    assert pulled.annotations == ()
    (problem,) = pulled.problems
    return problem
