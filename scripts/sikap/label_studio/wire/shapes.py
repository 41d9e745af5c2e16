"""The forms of what a Label Studio export holds, as far as it is read; the rest is passed over.

They are looked at before anything is read, so that reading meets no surprise.
"""

from typing import Annotated, Any

import msgspec

from sikap.errors import Problem

_Number = int | str | None


class _Task(msgspec.Struct):
    data: dict[str, Any]
    owner: str | None = None
    server: int | None = None
    id: _Number = None
    project: _Number = None
    annotations: list[Any] | None = None
    drafts: list[Any] | None = None


class _Value(msgspec.Struct):
    # Offsets and text are looked at when they are certified.
    labels: list[str] | None = None
    choices: list[str] | None = None


class _Result(msgspec.Struct):
    id: _Number = None
    from_name: str | None = None
    to_name: str | None = None
    type: str | None = None
    value: _Value | None = None


class _User(msgspec.Struct):
    id: _Number = None
    email: str | None = None


class _Annotation(msgspec.Struct):
    id: _Number = None
    completed_by: int | str | _User | None = None
    was_cancelled: bool | None = None
    result: list[_Result] | None = None
    lead_time: Annotated[float, msgspec.Meta(ge=0)] | None = None
    created_at: str | None = None


TASK: type = _Task
ANNOTATION: type = _Annotation


def misshapen(raw: object, form: type, what: str, id_: str = "") -> list[Problem]:
    """The problem of something that does not have its form; none where it has."""
    try:
        msgspec.convert(raw, form)
    except msgspec.ValidationError as error:
        found = f"{what} is of another form: {error}"
        fix = "export the project from Label Studio again, as JSON"
        return [Problem(code="export", id=id_, found=found, fix=fix)]
    return []
