"""Steps that bring a round back: pull it from a server or a file, replay what was kept.

Remember what a pull found changed, once, whenever it may be killed.
"""

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.label_studio import sync
from sikap.label_studio.client import Client
from sikap.label_studio.wire.exports import encode_export
from sikap.label_studio.wire.tasks import Pulled
from sikap.project import Project
from sikap.records import Counts, History, Note, Purpose, Round
from sikap.rounds.merge_pulls import Merged, merge
from sikap.rounds.withdrawal import recounted
from sikap.steps.project_files import (
    NOTES,
    RoundFiles,
    read_notes,
    read_remaining,
    read_round,
    read_rounds,
)
from sikap.steps.report import Report
from sikap.steps.rounds.export import (
    EXPORT,
    annotations_in,
    export_from_servers,
    from_file,
    nothing_of,
    with_the_rest,
    without_withdrawn,
)
from sikap.steps.rounds.frozen_inputs import under_this_scheme
from sikap.steps.rounds.plan_files import write_manifest
from sikap.storage.files import (
    decode_json,
    decode_lines,
    encode_json,
    encode_lines,
    lock,
    sha256,
    uncollected,
    write_bytes,
)

ANNOTATIONS = "annotations.jsonl"


class _Begun(msgspec.Struct, frozen=True):
    """How history and annotations were before a pull wrote: what a killed one left is undone."""

    length: int
    history: str
    annotations: str


@contextlib.contextmanager
def remembering(
    project: Project, folder: Path, annotations: bytes, events: Sequence[History]
) -> Iterator[bool]:
    """Append events to the history of a round, then let its annotations be written.

    A pull that was killed in between has appended some for nothing: the next one, which sees the
    old ``annotations`` still, takes them back first. Yields whether the history is another now.
    """
    history, begun = folder / "history.jsonl", project.private / f"pull-{folder.name}.json"
    past = there = history.read_bytes() if history.exists() else b""
    if begun.exists():
        before = decode_json(begun.read_bytes(), _Begun, project.name(begun))
        old = there[: before.length]
        if (sha256(old), sha256(annotations)) == (before.history, before.annotations):
            past = old
    decode_lines(past, History, project.name(history))  # a file that was cut off must not grow
    lines = encode_lines(events)
    if lines:
        state = _Begun(len(past), sha256(past), sha256(annotations))
        write_bytes(begun, encode_json(state), mode=0o600)
    yield write_bytes(history, past + lines) if there != past + lines else False
    begun.unlink(missing_ok=True)


class PullReport(Report, frozen=True, kw_only=True):
    """What pull found; problems are annotations that were set aside.

    ``compared`` is whether an item has two annotators, who can agree on it.
    """

    round_id: str
    purpose: Purpose
    compared: bool
    counts: Counts
    events: dict[str, int]
    kept: int
    missing: int
    notes: int
    strangers: int
    copied: int
    predicted: int
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield one line of counts, and one for each thing that is out of the common."""
        c = self.counts
        yield (
            f"round {self.round_id}: {c.submitted} submitted, {c.skipped} skipped, "
            f"{c.drafts} drafts, {c.rejected} set aside, of {c.items} items"
        )
        for event, count in self.events.items():
            yield f"{count} of the last pull were {event} since then: see history.jsonl"
        if self.kept:
            yield f"{self.kept} are kept from the last pull: the export does not hold their items"
        if self.missing:
            yield f"{self.missing} tasks are gone from Label Studio: push the round again"
        if self.notes:
            yield f"{self.notes} notes: see {NOTES}"
        if self.strangers:
            yield f"{self.strangers} tasks were added by hand: no items, and not annotated"
        if self.copied:
            yield f"{self.copied} annotations began as a copy of another: not independent of it"
        if self.predicted:
            yield f"{self.predicted} annotations began with a prediction"
        yield f"next, once all are done: {', then '.join(self._next())}"

    def _next(self) -> Iterator[str]:
        if self.purpose == "adjudication":
            yield f"sikap round reasons {self.round_id}"
        elif self.compared:
            yield f"sikap round agree {self.round_id}"
            yield f"sikap round adjudicate {self.round_id} NEW --annotator NAME"
        yield "sikap round settle"


class ReplayReport(Report, frozen=True, kw_only=True):
    """Which rounds were pulled anew from the exports they keep, and which were left alone."""

    replayed: tuple[str, ...]
    left: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield one line."""
        left = f"; left as they are: {', '.join(self.left)}" if self.left else ""
        yield f"replayed from exports: {', '.join(self.replayed) or 'no round'}{left}"


def pull_round(
    project: Project,
    round_id: str,
    *,
    export: bytes | None = None,
    owner: str | None = None,
    client: Client | None = None,
    accept_deletions: bool = False,
) -> PullReport:
    """Write what was annotated to annotations.jsonl, and what was set aside to rejects.jsonl.

    ``export`` are the bytes of a Label Studio JSON export, read instead of the server; ``owner``
    says whose project it is of, where the export itself does not. What was
    changed or deleted since the last pull is remembered in history.jsonl. The export itself is
    kept in export.json, with pseudonyms for users, so that the round can be replayed; from a file
    it may be of a part of the projects, and is then completed by the last one. Raises
    InputError, and writes nothing, where the export is not of this round or by nobody of it, or
    where all earlier annotations are gone and ``accept_deletions`` does not say that this is right.
    """
    project = project.snapshot()
    # Decoded tasks are many small parts: without the collector 20,000 are read in 1.1 s, not 1.7 s.
    with lock(project.lock), uncollected():
        files = read_round(project, round_id)
        if export is None:
            exported = export_from_servers(project, files, client)
        else:
            exported = from_file(project, files, export, owner)
        exported = without_withdrawn(project, files, exported)
        pulled = annotations_in(project, files, exported)
        left = read_remaining(project, round_id)
        raise_if(_of_another_round(left, pulled))
        raise_if(nothing_of(owner, files, pulled))
        given, (exported, rest) = exported, with_the_rest(project, files, exported, pulled)
        # Also where nobody has annotated the rest: it may hold drafts, and tasks that stand twice.
        pulled = annotations_in(project, files, exported) if exported is not given else pulled
        notes = read_notes(project, round_id)
        merged = merge(files.annotations, pulled, files.items, notes, whole=exported.whole)
        if files.annotations and not merged.annotations and not accept_deletions:
            raise InputError(_gone(files))
        changed = _write_pulled(project, files, exported, pulled, merged)
        manifest = _counted(files, pulled, merged)
        changed |= write_manifest(project, manifest)
    events = Counter(event.event for event in merged.events)
    return PullReport(
        round_id=round_id,
        purpose=manifest.purpose,
        compared=any(len(item.annotators) > 1 for item in files.items),
        counts=manifest.counts,
        events=dict(sorted(events.items())),
        kept=merged.kept + len({one.annotation_id for one in pulled.annotations} & rest),
        missing=_missing(left, pulled) if exported.whole else 0,
        notes=len(merged.notes),
        strangers=pulled.strangers,
        copied=pulled.copied,
        predicted=pulled.predicted,
        changed=changed,
        problems=pulled.problems,
    )


def _counted(files: RoundFiles, pulled: Pulled, merged: Merged) -> Round:
    """The manifest with the counts of this pull."""
    manifest = recounted(files.manifest, len(files.items), merged.annotations)
    rejected = len({problem.id for problem in pulled.problems})
    counts = msgspec.structs.replace(manifest.counts, drafts=pulled.drafts, rejected=rejected)
    return msgspec.structs.replace(manifest, state="pulled", counts=counts)


def replay_rounds(project: Project) -> ReplayReport:
    """Pull every round anew from the export that it keeps; the same exports give the same files.

    A round that was annotated under another scheme keeps its annotations as they are.
    """
    replayed, left = [], []
    for files in read_rounds(project):
        round_id = files.manifest.round_id
        export = project.round(round_id) / EXPORT
        if export.is_file() and under_this_scheme(project, files):
            pull_round(project, round_id, export=export.read_bytes())
            replayed.append(round_id)
        else:
            left.append(round_id)
    return ReplayReport(replayed=tuple(replayed), left=tuple(left))


def _of_another_round(left: RoundFiles, pulled: Pulled) -> Iterator[Problem]:
    """Yield why an export cannot be of this round: it would wipe out what was pulled before.

    Of a round of which nothing is ``left``, all being withdrawn, there need be nothing.
    """
    yield from pulled.broken
    if not pulled.broken and not pulled.held and left.items:
        found = f"the export holds no task of round {left.manifest.round_id}"
        fix = "export the project of this round, as JSON"
        yield Problem(code="export", id=left.manifest.round_id, found=found, fix=fix)
    strangers = [p for p in pulled.problems if p.code == "unknown-annotator"]
    if strangers and not pulled.annotations:
        yield from strangers


def _missing(left: RoundFiles, pulled: Pulled) -> int:
    """How many tasks of a round the server lacks, without those of what was withdrawn."""
    names = {entry.annotator for entry in left.manifest.roster}
    return sum(
        not {(item.item_id, name), (item.item_id, None)} & pulled.held
        for item in left.items
        for name in names.intersection(item.annotators)
    )


def _gone(files: RoundFiles) -> Problem:
    return Problem(
        code="annotations-gone",
        id=files.manifest.round_id,
        found=f"all {len(files.annotations)} annotations of the last pull are gone or unusable",
        fix="find out why; if it is right, pull with --accept-deletions",
    )


def _write_pulled(
    project: Project, files: RoundFiles, exported: sync.Export, pulled: Pulled, merged: Merged
) -> bool:
    folder = project.round(files.manifest.round_id)
    with remembering(project, folder, encode_lines(files.annotations), merged.events) as new:
        changed = [
            write_bytes(folder / EXPORT, encode_export(exported.tasks)),
            write_bytes(folder / "rejects.jsonl", encode_lines(pulled.problems)),
            _write_notes(folder / NOTES, merged.notes),
            write_bytes(folder / ANNOTATIONS, encode_lines(merged.annotations)),
        ]
    return new or any(changed)


def _write_notes(path: Path, notes: Sequence[Note]) -> bool:
    """Write the notes; without any there is no file, whatever came before."""
    if notes:
        return write_bytes(path, encode_lines(notes))
    there = path.exists()
    path.unlink(missing_ok=True)
    return there
