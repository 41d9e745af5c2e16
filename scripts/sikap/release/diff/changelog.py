"""The changelog entry of a release as Markdown, from what changed since an older one."""

import textwrap
from collections.abc import Iterator, Mapping

from sikap.patterns import version_numbers
from sikap.release.diff.changes import Changed, ConfigDiff, Confusion, ControlChange, Diff, Ids
from sikap.release.diff.semantic_version import Verdict

WIDTH = 100
SHORT = 40
MEANS = {
    "none": "nothing changed.",
    "patch": "the data are the same.",
    "minor": "every row that was there is there, as it was.",
    "major": "rows that were there are changed, moved or gone.",
}


def entry(diff: Diff, verdict: Verdict) -> str:
    """A heading with the version, and a bullet for every kind of change.

    The version is the one that the newer release claims, or the one needed where that is higher.
    """
    version = max(verdict.new, verdict.needed, key=version_numbers)
    bump = "" if verdict.bump == "none" else f"{verdict.bump.upper()}: "
    bullets = [f"Since {verdict.old}, {bump}{MEANS[verdict.bump]}", *bullets_of(diff)]
    return f"### {version}\n\n" + "\n".join(map(_wrapped, bullets)) + "\n"


def bullets_of(diff: Diff) -> Iterator[str]:
    """Yield a sentence for every kind of change, with counts."""
    yield from (f"`{change.config}`: {rows(change)}." for change in diff.configs)
    yield from map(_labels, diff.labels)
    yield from details(diff)
    if diff.guidelines:
        yield "The guidelines changed."
    if diff.config_file and not diff.scheme:
        yield "The labelling config changed, but no control and no value of it."
    rounds = {"added": diff.rounds_added, "removed": diff.rounds_removed}
    rounds["changed"] = tuple(diff.rounds_changed)
    yield from (f"Rounds {what}: {_listed(ids)}." for what, ids in rounds.items() if ids)
    if diff.datasheet:
        yield "Answers of the datasheet changed."
    if diff.manifest:
        yield f"Changed in `release.json`: {_listed(diff.manifest)}."
    files = {"added": diff.files.added, "removed": diff.files.removed}
    files["changed"] = diff.files.changed
    yield from (f"Files {what}: {_listed(names)}." for what, names in files.items() if names)


def details(diff: Diff) -> Iterator[str]:
    """Yield what neither counts of rows nor the reasons of a verdict tell, a sentence each."""
    if diff.withdrawn:
        yield f"Withdrawn: {_listed(diff.withdrawn)}."
    for what, ids in (("newly labelled", diff.newly_labelled), ("unlabelled", diff.unlabelled)):
        if ids:
            yield f"Sentences that were there before and are {what}: {len(ids)}."
    for change in diff.scheme:
        yield f"Labelling config: `{change.control}` {', '.join(_control(change))}."
    yield from (_meta(name, changed) for name, changed in diff.meta.items())


def rows(change: ConfigDiff) -> str:
    """What happened to the rows and columns of a config, with counts, in one line."""
    before, after = (sum(counts.values()) for counts in (change.before, change.after))
    whole = {
        "added": f"a new config with {_rows(after)} ({_counts(change.after)})",
        "removed": f"gone, with its {_rows(before)}",
        "reordered": f"the same {_rows(after)} in another order",
        "repacked": f"the same {_rows(after)} in other bytes",
    }
    return whole.get(change.state) or "; ".join(_parts(change))


def _parts(change: ConfigDiff) -> Iterator[str]:
    groups = {"added": change.added, "removed": change.removed, "moved": change.moved}
    for what, ids in groups.items():
        if ids:
            counts = {name: len(those) for name, those in ids.items()}
            yield f"{_rows(sum(counts.values()))} {what} ({_counts(counts)})"
    if change.reviewed:
        yield f"{_rows(len(change.reviewed))} in other views"
    if change.edited:
        yield f"{_rows(len(change.edited))} edited ({_counts(change.edits)})"
    columns = {"added": change.columns_added, "removed": change.columns_removed}
    columns |= {"of another type": tuple(change.retyped), "of other classes": tuple(change.classes)}
    yield from (f"columns {what}: {_listed(names)}" for what, names in columns.items() if names)


def _labels(confusion: Confusion) -> str:
    changes = (f"{c.old} → {c.new} {len(c.ids)}" for c in confusion.changes)
    kept = sum(confusion.kept.values())
    return f"Labels of `{confusion.control}`: {', '.join(map(_line, changes))}; {kept} as before."


def _control(change: ControlChange) -> Iterator[str]:
    if change.state != "changed":
        yield change.state
    values = {"gains": change.values_added, "loses": change.values_removed}
    yield from (f"{what} {_listed(names)}" for what, names in values.items() if names)
    if change.reordered:
        yield "has its values in another order"
    if change.settings:
        yield f"changed in {_listed(change.settings)}"


def _meta(name: str, changed: Changed) -> str:
    if max(len(changed.old), len(changed.new)) > SHORT:
        return f"`{name}` reads otherwise."
    return f"`{name}`: {_code(changed.old)} → {_code(changed.new)}."


def _listed(names: Ids) -> str:
    return ", ".join(map(_code, names))


def _code(text: str) -> str:
    return f"`{_line(text).replace('`', chr(39))}`"


def _line(text: str) -> str:
    return " ".join(text.split())


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items())


def _rows(number: int) -> str:
    return f"{number} row" if number == 1 else f"{number} rows"


def _wrapped(text: str) -> str:
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent="- ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
