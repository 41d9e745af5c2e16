"""The version that a change calls for, after Croissant 1.1, read strictly.

PATCH: the data are the same. MINOR: every row that was there is there, as it was and in its
split; others may have come. MAJOR: anything edited, removed or moved between splits. The column
``views`` alone may change in a MINOR version: it follows from what else is there, and with every
article that train gains some row of test may leave a view. A column or a class that is new makes
every row another one, so it is MAJOR here. Versions 0.x follow the same
rule: whoever has loaded one is not helped by its being early.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec

from sikap.errors import Problem
from sikap.patterns import version_numbers
from sikap.release.diff.changes import ConfigDiff, Diff, count

Bump = Literal["none", "patch", "minor", "major"]
ORDER: tuple[Bump, ...] = ("none", "patch", "minor", "major")


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a change calls for a bump: a sentence with what changed and how often."""

    bump: Bump
    text: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What a newer release must be called at least, and why; all reasons, the greatest first."""

    bump: Bump
    old: str
    new: str
    needed: str
    reasons: tuple[Reason, ...]

    @property
    def suffices(self) -> bool:
        """Whether the newer release claims a version that is high enough."""
        return version_numbers(self.new) >= version_numbers(self.needed)

    @property
    def decisive(self) -> tuple[Reason, ...]:
        """The reasons that call for the whole bump."""
        return tuple(reason for reason in self.reasons if reason.bump == self.bump)


def verdict(diff: Diff) -> Verdict:
    """Judge a comparison of two releases whose versions are of the form 1.2.3."""
    return judge(diff.old_version, diff.new_version, reasons(diff))


def judge(old: str, new: str, found: Iterator[Reason]) -> Verdict:
    """The verdict that reasons give; raises ValueError where ``old`` is no version."""
    listed = tuple(sorted(found, key=lambda reason: -ORDER.index(reason.bump)))
    bump = listed[0].bump if listed else "none"
    return Verdict(bump=bump, old=old, new=new, needed=next_version(old, bump), reasons=listed)


def next_version(version: str, bump: Bump) -> str:
    """The lowest version that raises another one by a bump."""
    major, minor, patch = version_numbers(version)
    raised = {
        "none": (major, minor, patch),
        "patch": (major, minor, patch + 1),
        "minor": (major, minor + 1, 0),
        "major": (major + 1, 0, 0),
    }
    return ".".join(map(str, raised[bump]))


def too_small(verdict: Verdict, file: str, fix: str) -> Iterator[Problem]:
    """Yield a problem where the newer release claims too small a version."""
    if verdict.suffices:
        return
    if version_numbers(verdict.new) < version_numbers(verdict.old):
        why = "it is lower than the old one"
    else:
        why = ", ".join(reason.text.rstrip(".") for reason in verdict.decisive)
    found = f"version {verdict.new} after {verdict.old}, but it must be at least {verdict.needed}"
    yield Problem(code="version-too-small", file=file, found=f"{found}: {why}", fix=fix)


def reasons(diff: Diff) -> Iterator[Reason]:
    """Yield a sentence for every kind of change."""
    for change in diff.configs:
        yield from _of_config(change)
    if diff.withdrawn:
        text = f"{_times(len(diff.withdrawn), 'entry', 'entries')} withdrawn."
        yield Reason(bump="major", text=text)
    yield from (Reason(bump="patch", text=text) for text in _claims(diff))


def _of_config(change: ConfigDiff) -> Iterator[Reason]:
    name, rows = change.config, sum(change.before.values())
    whole: dict[str, tuple[Bump, str]] = {
        "added": ("minor", f"the config is new, with {_rows(sum(change.after.values()))}"),
        "removed": ("major", f"the config with its {_rows(rows)} is gone"),
        "reordered": ("patch", f"the {_rows(rows)} are the same in another order"),
        "repacked": ("patch", f"the {_rows(rows)} are the same in other bytes"),
    }
    if change.state in whole:
        bump, text = whole[change.state]
        yield Reason(bump=bump, text=f"{name}: {text}.")
        return
    counted = {"edited": len(change.edited), "removed": count(change.removed)}
    counted |= {"moved between splits": count(change.moved)}
    for what, number in counted.items():
        if number:
            yield Reason(bump="major", text=f"{name}: {_rows(number)} {what}.")
    for text in _columns(change, rows):
        yield Reason(bump="major", text=f"{name}: {text}.")
    if change.added:
        yield Reason(bump="minor", text=f"{name}: {_rows(count(change.added))} added.")
    if change.reviewed:
        yield Reason(bump="minor", text=f"{name}: {_rows(len(change.reviewed))} in other views.")


def _columns(change: ConfigDiff, rows: int) -> Iterator[str]:
    every = f"which changes {_rows(rows)}"
    for what, names in (("added", change.columns_added), ("removed", change.columns_removed)):
        if names:
            columns = "column" if len(names) == 1 else "columns"
            yield f"{columns} {', '.join(names)} {what}, {every}"
    for name, (old, new) in change.retyped.items():
        yield f"column {name} was {old} and is {new}, {every}"
    for name in change.classes:
        yield f"column {name} has other class names or another order of them, {every}"


def _claims(diff: Diff) -> Iterator[str]:
    """Yield what changed beside the rows, a sentence each."""
    if diff.guidelines:
        yield "The guidelines changed."
    if diff.config_file:
        yield "The labelling config changed."
    listed = {
        "Rounds added": diff.rounds_added,
        "Rounds removed": diff.rounds_removed,
        "Rounds changed": tuple(diff.rounds_changed),
        "Changed in what the project says of the dataset": tuple(diff.meta),
        "Changed in release.json": diff.manifest,
        "Files added": diff.files.added,
        "Files removed": diff.files.removed,
        "Files changed": diff.files.changed,
    }
    if diff.datasheet:
        yield "Answers of the datasheet changed."
    for what, names in listed.items():
        if names:
            yield f"{what}: {', '.join(names)}."


def _rows(number: int) -> str:
    return _times(number, "row", "rows")


def _times(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
