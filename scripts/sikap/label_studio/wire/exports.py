"""The export of a round as it is kept: what Label Studio answered, without who its users are.

A round can be replayed from it at any time, by anybody, without a server.

Who made the annotations of an export, by a name that is no address.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from sikap.dates import moment_of
from sikap.errors import InputError, Problem
from sikap.records import Round

_DEPTH = 100  # of lists and mappings in each other; what people annotate has less than ten
_TASK = ("id", "project", "data", "owner", "server")
_ANNOTATION = ("id", "result", "was_cancelled", "lead_time", "created_at")
_BOM = b"\xef\xbb\xbf"
_ORIGIN = ("parent_annotation", "parent_prediction")  # kept where there is one


def scrub(tasks: Iterable[Any], users: Mapping[str, str]) -> list[Any]:
    """Exported tasks with pseudonyms for users, and nothing that reading them does not need.

    ``users`` maps user numbers and addresses, in small letters, to pseudonyms, and pseudonyms by
    ``pseudonym_key`` to themselves; who is not among them stays a number, or nobody. So scrubbing
    twice changes nothing.
    """
    return [_task(task, users) if isinstance(task, dict) else None for task in tasks]


def encode_export(tasks: Iterable[Any]) -> bytes:
    """An export as JSON, a task a line, so that what changes can be seen in a diff."""
    return b"[" + b",\n".join(msgspec.json.encode(task) for task in tasks) + b"]\n"


def decode_export(data: bytes) -> list[Any]:
    """The tasks of an export, of whatever form; raises InputError where it holds no list of them.

    A single task stands for a list of one.
    """
    try:
        tasks = msgspec.json.decode(data.removeprefix(_BOM))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(_no_export(_other_form(data) or f"it is not JSON: {error}")) from error
    tasks = [tasks] if isinstance(tasks, dict) else tasks
    if not isinstance(tasks, list):
        raise InputError(_no_export("the export is no list of tasks"))
    level: list[Any] = tasks
    for _ in range(_DEPTH):
        level = [part for one in level for part in _parts(one)]
    if level:
        raise InputError(_no_export(f"the export has more than {_DEPTH} lists in each other"))
    if tasks and all(_is_min(task) for task in tasks):
        raise InputError(
            _no_export("the export is JSON-MIN, which has no offsets that can be told")
        )
    return [_of_today(task) for task in tasks]


def _other_form(data: bytes) -> str | None:
    """What an export that is not JSON seems to be, where that can be told."""
    first = data.removeprefix(_BOM).lstrip().partition(b"\n")[0]
    if data.startswith(b"PK\x03\x04"):
        return "the export is a ZIP archive"
    if first.startswith(b"<"):
        return "the export is XML or a web page"
    columns = {name.strip(b'" \r') for name in first.replace(b"\t", b",").split(b",")}
    if len(columns) > 1 and {b"annotation_id", b"annotator", b"id"} & columns:
        return "the export is TSV" if b"\t" in first else "the export is CSV"
    if first.startswith((b"-DOCSTART-", b"#")):
        return "the export is CoNLL"
    return None


def _is_min(task: object) -> bool:
    """Whether an entry is of the form JSON-MIN: values by name, no list of annotations."""
    return (
        isinstance(task, dict)
        and "data" not in task
        and bool({"annotation_id", "annotator"} & task.keys())
    )


def _of_today(task: object) -> object:
    """A task as versions since 1.0 write it: before, annotations were called completions."""
    if not isinstance(task, dict) or "annotations" in task or "completions" not in task:
        return task
    made = task["completions"]
    annotations = [_completion(one) for one in made] if isinstance(made, list) else made
    return {**task, "annotations": annotations}


def _completion(made: object) -> object:
    if not isinstance(made, dict):
        return made
    when = made.get("created_at")
    skipped = bool(made.get("was_cancelled") or made.get("skipped"))
    when = moment_of(when) if isinstance(when, int | float) else when
    return {**made, "created_at": when, "was_cancelled": skipped}


def owned(manifest: Round, tasks: Iterable[Any], owner: str) -> list[Any]:
    """Exported tasks that say whose project they are of, and on which server of an isolated round.

    What a task says itself stands: an export that a round kept is of all its annotators.
    """
    says: dict[str, Any] = {"owner": owner}
    if manifest.design.blindness == "isolated":
        names = [entry.annotator for entry in manifest.roster]
        says["server"] = names.index(owner) + 1
    return [
        {**says, **task} if isinstance(task, dict) and "owner" not in task else task
        for task in tasks
    ]


def unowned(manifest: Round, tasks: Iterable[Any], owner: str | None) -> Iterator[Problem]:
    """Yield why nobody can know whose project an export is of."""
    blindness, names = manifest.design.blindness, [one.annotator for one in manifest.roster]
    if owner is not None and blindness == "shared":
        found, fix = "a shared round has one project, which is everybody's", "name no annotator"
        yield Problem(code="round-roster", id=manifest.round_id, found=found, fix=fix)
    elif owner is not None and owner not in names:
        found, fix = f"{owner!r} is no annotator of the round", f"name one of {', '.join(names)}"
        yield Problem(code="round-roster", id=manifest.round_id, found=found, fix=fix)
    silent = any(isinstance(task, dict) and "owner" not in task for task in tasks)
    if owner is None and blindness == "isolated" and silent:
        found = "the export does not say on whose server it was made"
        fix = "name the annotator: --annotator NAME"
        yield Problem(code="export", id=manifest.round_id, found=found, fix=fix)


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, dict):
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
    if not isinstance(annotation, dict):
        return None
    kept = {key: annotation[key] for key in _ANNOTATION if key in annotation}
    kept |= {key: annotation[key] for key in _ORIGIN if annotation.get(key)}
    return {**kept, "completed_by": _who(annotation.get("completed_by"), users)}


def names_of(user: object) -> tuple[str, ...]:
    """The keys under which a user of an export may be known, the surest first.

    A text is a pseudonym (see ``pseudonym_key``), if not an address; a number is never a pseudonym,
    though one may consist of digits.
    """
    if isinstance(user, dict):
        given = (user.get("id"), user.get("email"))
        return tuple(str(one).lower() for one in given if one and isinstance(one, int | str))
    if isinstance(user, str):
        return pseudonym_key(user), user.lower()
    return (str(user).lower(),) if isinstance(user, int) else ()


def pseudonym_key(name: str) -> str:
    """The key of a pseudonym among users: no address or number that was linked begins so."""
    return f" {name}"


def _who(user: object, users: Mapping[str, str]) -> object:
    known = next((users[name] for name in names_of(user) if name in users), None)
    number = user.get("id") if isinstance(user, dict) else user
    return known or (number if isinstance(number, int) else None)


def user_names(annotations: Iterable[object]) -> dict[str, str]:
    """What to call users of whom only the address is known: by their numbers elsewhere, if any."""
    known, alone = dict[str, str](), set[str]()
    for raw in annotations:
        user = raw.get("completed_by") if isinstance(raw, dict) else None
        keys = names_of(user) if isinstance(user, dict | str) else ()
        addresses = [key for key in keys if "@" in key and key == key.strip()]
        numbers = [key for key in keys if "@" not in key]
        for address in addresses:
            if numbers:
                known[address] = f"user {numbers[0]}"
            else:
                alone.add(address)
    missing = sorted(alone - known.keys())
    return known | {address: f"person {place}" for place, address in enumerate(missing, 1)}


def who(raw: Mapping[str, Any], names: Mapping[str, str]) -> str | None:
    """The name of who made an annotation; None where it does not say."""
    user = raw.get("completed_by")
    if isinstance(user, str):
        if not user.strip():
            return None
        return names.get(user.strip().lower(), user.strip())
    keys = names_of(user)
    number = next((key for key in keys if "@" not in key), None)
    if number is not None:
        return f"user {number}"
    return next((names[key] for key in keys if key in names), None)
