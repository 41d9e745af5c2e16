"""What changed in the labelling config or the guidelines since a round was planned, in words."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher

from sikap.errors import InputError
from sikap.labelling_config.scheme import Control
from sikap.labelling_config.scheme_from_xml import read_scheme, same_config

SHOWN = 80
"""Characters of a changed line that are shown."""


def config_changes(planned: str, now: str) -> str:
    """What differs between two labelling configs: controls, values, the rest by its first line."""
    if same_config(planned, now):
        return "white space or the order of attributes only"
    try:
        old = read_scheme(planned.encode(), "config").controls
        new = read_scheme(now.encode(), "config").controls
    except InputError as error:
        return f"it cannot be read: {error.problems[0].found}"
    found = list(_controls(old, new))
    if not found:
        found = [f"controls and values are the same, but {line_changes(planned, now)}"]
    return "; ".join(found)


def line_changes(planned: str, now: str) -> str:
    """How many lines were added and removed, and the first of them with its number."""
    # Only "\n" ends a line here, as in an editor that counts them.
    old, new = planned.split("\n"), now.split("\n")
    added = removed = 0
    first = ""
    for kind, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        added, removed = added + d - c, removed + b - a
        if not first:
            first = (
                f"line {c + 1} is now {_shown(new[c])}"
                if d > c
                else f"line {a + 1} is gone: {_shown(old[a])}"
            )
    if not first:
        return "no line differs"
    return f"{first} (lines added: {added}, removed: {removed})"


def _controls(old: Iterable[Control], new: Iterable[Control]) -> Iterator[str]:
    before, after = ({control.name: control for control in those} for those in (old, new))
    for name in dict.fromkeys((*before, *after)):
        if name not in after:
            yield f"control {name!r} was removed"
        elif name not in before:
            yield f"control {name!r} was added"
        else:
            yield from _control(before[name], after[name])
    if before.keys() == after.keys() and list(before) != list(after):
        yield f"controls are in another order: {', '.join(after)}"


def _control(old: Control, new: Control) -> Iterator[str]:
    added = [repr(value) for value in new.values if value not in old.values]
    removed = [repr(value) for value in old.values if value not in new.values]
    if added:
        yield f"{new.name} has {', '.join(added)} added"
    if removed:
        yield f"{new.name} has {', '.join(removed)} removed"
    if not added and not removed and old.values != new.values:
        yield f"{new.name} has its values in another order: {', '.join(new.values)}"
    ways = [
        field
        for field in Control.__struct_fields__
        if field not in {"name", "values"} and getattr(old, field) != getattr(new, field)
    ]
    if ways:
        words = {"when": "condition", "of_labels": "labels", "multiple": "number of values"}
        yield f"{new.name} has another {', '.join(words.get(way, way) for way in ways)}"


def _shown(line: str) -> str:
    return repr(line if len(line) <= SHOWN else line[:SHOWN] + "…")
