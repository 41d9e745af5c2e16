"""Compare two releases: what changed, which version that calls for, the changelog entry."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sikap.release.diff.changelog import details, entry, rows
from sikap.release.diff.changes import ConfigDiff, Confusion, Diff, count
from sikap.release.diff.diff import Edition
from sikap.release.diff.diff import diff as compare
from sikap.release.diff.read_any_format import read_edition
from sikap.release.diff.semantic_version import Verdict, too_small, verdict
from sikap.release.publish.locations import read_place
from sikap.steps.releases.verify import shown_place
from sikap.steps.report import Report

SHOWN = 5
FIX = "raise the version, then build the release again"


class DiffReport(Report, frozen=True, kw_only=True):
    """What changed from the release ``old`` to ``new``, the verdict, and the changelog entry."""

    old: str
    new: str
    verdict: Verdict
    diff: Diff
    changelog: str

    def lines(self) -> Iterator[str]:
        """Yield the verdict with its reasons, a table of rows, and what was relabelled."""
        judged = self.verdict
        yield f"{self.old} {judged.old} → {self.new} {judged.new}"
        if judged.bump == "none":
            yield "nothing changed"
            return
        yield f"calls for {judged.bump.upper()}: at least {judged.needed}"
        for reason in judged.reasons:
            yield f"  {reason.bump:5}  {reason.text}"
        yield from _rows(self.diff.configs)
        for confusion in self.diff.labels:
            yield from _confusion(confusion)
        told = list(details(self.diff))
        yield from ("", *told) if told else ()

    @property
    def failed(self) -> bool:
        """A version that is too small fails the command."""
        return bool(self.problems)


class ChangelogReport(DiffReport, frozen=True, kw_only=True):
    """The same, told to people by the changelog entry alone."""

    def lines(self) -> Iterator[str]:
        """Yield the lines of the entry."""
        yield from self.changelog.splitlines()


def compare_releases(old: str | Path, new: str | Path, *, changelog: bool = False) -> DiffReport:
    """Compare the releases in two places; it believes nothing that they claim of their rows.

    A place is a folder, a dataset on the Hub or a URL, as for `verify`. A newer release whose
    version is too small for what changed is a problem. Raises InputError where a release cannot be
    read, ServiceError where a place does not answer.
    """
    (older, before), (newer, after) = _read(old), _read(new)
    changes = compare(before, after)
    judged = verdict(changes)
    report = ChangelogReport if changelog else DiffReport
    return report(
        old=older,
        new=newer,
        verdict=judged,
        diff=changes,
        changelog=entry(changes, judged),
        problems=tuple(too_small(judged, newer, FIX)),
    )


def _read(place: str | Path) -> tuple[str, Edition]:
    """The release in a place and its name: all that knows what a place is."""
    name = shown_place(str(place))
    return name, read_edition(read_place(str(place)).files, f"{name}/")


def _rows(changes: Sequence[ConfigDiff]) -> Iterator[str]:
    if not changes:
        return
    head = ("rows of", "before", "after", "added", "removed", "edited", "moved")
    table = [
        (
            change.config,
            sum(change.before.values()),
            sum(change.after.values()),
            count(change.added),
            count(change.removed),
            len(change.edited),
            count(change.moved),
        )
        for change in changes
    ]
    yield ""
    yield from _aligned([head, *table])
    for change in changes:
        yield f"{change.config}: {rows(change)}"
        groups = {"added": change.added, "removed": change.removed, "moved": change.moved}
        named = {what: [id_ for ids in by.values() for id_ in ids] for what, by in groups.items()}
        for what, ids in (
            named | {"edited": list(change.edited), "in other views": list(change.reviewed)}
        ).items():
            if ids:
                yield f"  {what}: {_some(ids)}"


def _some(ids: Sequence[str]) -> str:
    rest = f" … and {len(ids) - SHOWN} more (--json shows all)" if len(ids) > SHOWN else ""
    return ", ".join(ids[:SHOWN]) + rest


def _confusion(confusion: Confusion) -> Iterator[str]:
    table = confusion.table()
    yield ""
    heads = (f"{confusion.control}: was ↓ is →", *confusion.values)
    yield from _aligned([heads, *((old, *cells.values()) for old, cells in table.items())])
    for change in confusion.changes:
        yield f"  {change.old} → {change.new}: {_some(change.ids)}"


def _aligned(table: Sequence[Sequence[object]]) -> Iterator[str]:
    """Lines of a table: the first column to the left, the others to the right."""
    widths = [max(len(str(cell)) for cell in column) for column in zip(*table, strict=True)]
    for first, *others in table:
        cells = (f"{cell!s:>{width}}" for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join((f"{first!s:{widths[0]}}", *cells))
