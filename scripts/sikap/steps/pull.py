"""Steps that bring a round back: pull it from a server or a file, replay what was kept."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.project import Project
from sikap.records import Counts, History, Note
from sikap.rounds.exports import decode_export, encode_export, scrub
from sikap.rounds.history import Merged, merge
from sikap.rounds.tasks import Pulled, task_item_id
from sikap.rounds.withdrawn import recounted
from sikap.steps.annotators import read_users
from sikap.steps.files import NOTES, RoundFiles, read_notes, read_round, read_rounds
from sikap.steps.report import Report
from sikap.steps.studio import from_server, inputs_of, pseudonyms, read_answers, write_manifest
from sikap.store import decode_lines, encode_lines, lock, read_bytes, sha256, write_bytes
from sikap.studio import sync
from sikap.studio.client import Client

EXPORT = "export.json"


class PullReport(Report, frozen=True, kw_only=True):
    """What pull found; problems are annotations that were set aside."""

    round_id: str
    counts: Counts
    events: dict[str, int]
    kept: int
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
        if self.notes:
            yield f"{self.notes} notes: see {NOTES}"
        if self.strangers:
            yield f"{self.strangers} tasks were added by hand: no items, and not annotated"
        if self.copied:
            yield f"{self.copied} annotations began as a copy of another: not independent of it"
        if self.predicted:
            yield f"{self.predicted} annotations began with a prediction"


class ReplayReport(Report, frozen=True, kw_only=True):
    """Which rounds were pulled anew from the exports they keep, and which were left alone."""

    replayed: tuple[str, ...]
    left: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield one line."""
        left = f"; left as they are: {', '.join(self.left)}" if self.left else ""
        yield f"replayed from exports: {', '.join(self.replayed) or 'no round'}{left}"


def pull(
    project: Project,
    round_id: str,
    *,
    export: bytes | None = None,
    client: Client | None = None,
    accept_deletions: bool = False,
) -> PullReport:
    """Write what was annotated to annotations.jsonl, and what was set aside to rejects.jsonl.

    ``export`` are the bytes of a Label Studio JSON export, read instead of the server. What was
    changed or deleted since the last pull is remembered in history.jsonl. The export itself is
    kept in export.json, with pseudonyms for users, so that the round can be replayed. Raises
    InputError, and writes nothing, where the export is not of this round or by nobody of it, or
    where all earlier annotations are gone and ``accept_deletions`` does not say that this is right.
    """
    with lock(project.lock):
        files = read_round(project, round_id)
        if export is None:
            exported = from_server(project, files, client)
        else:
            exported = _from_file(project, files, export)
        pulled = read_answers(project, files, exported)
        raise_if(_of_another_round(files, pulled))
        merged = merge(files.annotations, pulled, files.items, read_notes(project, round_id))
        if files.annotations and not merged.annotations and not accept_deletions:
            raise InputError(_gone(files))
        changed = _write_pulled(project, files, exported, pulled, merged)
        manifest = recounted(files.manifest, len(files.items), merged.annotations)
        counts = msgspec.structs.replace(
            manifest.counts,
            drafts=pulled.drafts,
            rejected=len({problem.id for problem in pulled.problems}),
        )
        manifest = msgspec.structs.replace(manifest, state="pulled", counts=counts)
        changed |= write_manifest(project, manifest)
    events = Counter(event.event for event in merged.events)
    return PullReport(
        round_id=round_id,
        counts=counts,
        events=dict(sorted(events.items())),
        kept=merged.kept,
        notes=len(merged.notes),
        strangers=pulled.strangers,
        copied=pulled.copied,
        predicted=pulled.predicted,
        changed=changed,
        problems=pulled.problems,
    )


def replay(project: Project) -> ReplayReport:
    """Pull every round anew from the export that it keeps; the same exports give the same files.

    A round that was annotated under another labelling config keeps its annotations as they are.
    """
    config = sha256(read_bytes(project.config, project.name(project.config), "write it"))
    replayed, left = [], []
    for files in read_rounds(project):
        round_id = files.manifest.round_id
        export = project.round(round_id) / EXPORT
        if export.is_file() and files.manifest.digests.config == config:
            pull(project, round_id, export=export.read_bytes())
            replayed.append(round_id)
        else:
            left.append(round_id)
    return ReplayReport(replayed=tuple(replayed), left=tuple(left))


def _from_file(project: Project, files: RoundFiles, export: bytes) -> sync.Export:
    inputs_of(project, files.manifest, guidelines=False)
    # An export that a round kept names its annotators itself.
    names = pseudonyms(files.manifest)
    return sync.Export(tasks=decode_export(export), users=names | read_users(project))


def _of_another_round(files: RoundFiles, pulled: Pulled) -> Iterator[Problem]:
    """Yield why an export cannot be of this round: it would wipe out what was pulled before."""
    yield from pulled.broken
    if not pulled.broken and not pulled.held:
        found = f"the export holds no task of round {files.manifest.round_id}"
        fix = "export the project of this round, as JSON"
        yield Problem(code="export", id=files.manifest.round_id, found=found, fix=fix)
    strangers = [p for p in pulled.problems if p.code == "unknown-annotator"]
    if strangers and not pulled.annotations:
        yield from strangers


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
    history = folder / "history.jsonl"
    past = history.read_bytes() if history.exists() else b""
    decode_lines(past, History, project.name(history))  # a file that was cut off must not grow
    # History first: where a pull was killed right after it, its lines are the last ones already.
    lines = encode_lines(merged.events)
    fresh = b"" if past.endswith(lines) else lines
    changed = write_bytes(history, past + fresh) if fresh else False
    kept = _export_with_the_rest(folder, scrub(exported.tasks, exported.users), pulled)
    changed |= write_bytes(folder / EXPORT, kept)
    changed |= write_bytes(folder / "rejects.jsonl", encode_lines(pulled.problems))
    changed |= _write_notes(folder / NOTES, merged.notes)
    return write_bytes(folder / "annotations.jsonl", encode_lines(merged.annotations)) or changed


def _write_notes(path: Path, notes: Sequence[Note]) -> bool:
    """Write the notes; without any there is no file, whatever came before."""
    if notes:
        return write_bytes(path, encode_lines(notes))
    there = path.exists()
    path.unlink(missing_ok=True)
    return there


def _export_with_the_rest(folder: Path, tasks: list[Any], pulled: Pulled) -> bytes:
    """The new export, and from the last one the tasks of items that the new one does not hold."""
    last = folder / EXPORT
    before = msgspec.json.decode(last.read_bytes()) if last.is_file() else []
    rest = [
        task
        for task in before
        if task and (task_item_id(task["data"]), task.get("owner")) not in pulled.held
    ]
    return encode_export([*tasks, *(task for task in rest if task not in tasks)])
