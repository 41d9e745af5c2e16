"""Steps of a round that talk to Label Studio: push, status, pull."""

from collections import Counter
from collections.abc import Iterator

import msgspec
from markdown_it import MarkdownIt

from sikap.errors import InputError, Problem
from sikap.project import Project
from sikap.records import Annotation, Counts, History, Round, StudioProject
from sikap.rounds.tasks import Pulled, read_export
from sikap.scheme import Scheme
from sikap.steps.annotators import read_users
from sikap.steps.files import RoundFiles, read_round
from sikap.steps.report import Report
from sikap.store import (
    decode_lines,
    decode_text,
    encode_json,
    encode_lines,
    lock,
    read_bytes,
    sha256,
    write_bytes,
)
from sikap.studio import sync
from sikap.studio.client import Client, connect


class PushReport(Report, frozen=True, kw_only=True):
    """What push sent and what was there before."""

    round_id: str
    project_id: int
    url: str
    sent: int
    present: int

    def lines(self) -> Iterator[str]:
        """Yield what was done and where to annotate."""
        yield f"round {self.round_id}: {self.sent} items sent, {self.present} were there"
        yield f"annotate at {self.url}"


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far one annotator is with the items of a round."""

    annotator: str
    submitted: int
    skipped: int
    left: int


class StatusReport(Report, frozen=True, kw_only=True):
    """How far a round is on the server."""

    round_id: str
    items: int
    drafts: int
    annotators: tuple[Progress, ...]

    def lines(self) -> Iterator[str]:
        """Yield a line on the round and one for each annotator."""
        yield f"round {self.round_id}: {self.items} items, {self.drafts} drafts"
        for one in self.annotators:
            yield (
                f"{one.annotator}: {one.submitted} submitted, {one.skipped} skipped, "
                f"{one.left} left"
            )


class PullReport(Report, frozen=True, kw_only=True):
    """What pull found; problems are annotations that were set aside."""

    round_id: str
    counts: Counts
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield one line of counts."""
        c = self.counts
        yield (
            f"round {self.round_id}: {c.submitted} submitted, {c.skipped} skipped, "
            f"{c.drafts} drafts, {c.rejected} set aside, of {c.items} items"
        )


def push(project: Project, round_id: str, client: Client | None = None) -> PushReport:
    """Send the items of a round to its Label Studio project, each exactly once.

    Raises InputError where config or guidelines changed since it was planned, or the project is
    not as it should be; ServiceError where the server fails.
    """
    with lock(project.lock):
        files = read_round(project, round_id)
        config, guidelines = _inputs(project, files.manifest)
        client = client or connect(project.studio)
        manifest = files.manifest
        # HTML in the guidelines is shown, not run: the instruction is a page in the browser.
        instruction = MarkdownIt("commonmark", {"html": False}).enable("table").render(guidelines)
        pushed = sync.push(client, manifest, files.items, project.scheme(), config, instruction)
        where = StudioProject(project_id=pushed.project.project_id, title=pushed.project.title)
        state = "pushed" if manifest.state == "planned" else manifest.state
        _write_manifest(project, msgspec.structs.replace(manifest, projects=(where,), state=state))
    return PushReport(
        round_id=round_id,
        project_id=where.project_id,
        url=f"{client.url}/projects/{where.project_id}",
        sent=pushed.sent,
        present=pushed.present,
    )


def status(project: Project, round_id: str, client: Client | None = None) -> StatusReport:
    """How far each annotator is, read from the server; writes nothing."""
    files = read_round(project, round_id)
    pulled = _from_server(project, files, client)
    done = Counter((a.annotator, a.status) for a in pulled.annotations)
    names = [annotator.annotator for annotator in files.manifest.roster]
    items = len(files.items)
    return StatusReport(
        round_id=round_id,
        items=items,
        drafts=pulled.drafts,
        annotators=tuple(
            Progress(
                annotator=name,
                submitted=done[name, "submitted"],
                skipped=done[name, "skipped"],
                left=items - done[name, "submitted"] - done[name, "skipped"],
            )
            for name in names
        ),
        problems=pulled.problems,
    )


def pull(
    project: Project, round_id: str, *, export: bytes | None = None, client: Client | None = None
) -> PullReport:
    """Write what was annotated to annotations.jsonl, and what was set aside to rejects.jsonl.

    ``export`` are the bytes of a Label Studio JSON export, read instead of the server. What was
    changed or deleted since the last pull is remembered in history.jsonl.
    """
    with lock(project.lock):
        files = read_round(project, round_id)
        if export is None:
            pulled = _from_server(project, files, client)
        else:
            pulled = _from_export(project, files, export)
        changed = _write_pulled(project, files, pulled)
        statuses = Counter(annotation.status for annotation in pulled.annotations)
        counts = Counts(
            items=len(files.items),
            submitted=statuses["submitted"],
            skipped=statuses["skipped"],
            drafts=pulled.drafts,
            rejected=len(pulled.problems),
        )
        manifest = msgspec.structs.replace(files.manifest, state="pulled", counts=counts)
        changed |= _write_manifest(project, manifest)
    return PullReport(round_id=round_id, counts=counts, changed=changed, problems=pulled.problems)


def _from_server(project: Project, files: RoundFiles, client: Client | None) -> Pulled:
    config, _ = _inputs(project, files.manifest, guidelines=False)
    client = client or connect(project.studio)
    users = read_users(project)
    return sync.pull(client, files.manifest, files.items, project.scheme(), config, users)


def _from_export(project: Project, files: RoundFiles, export: bytes) -> Pulled:
    _inputs(project, files.manifest, guidelines=False)
    fix = "export the project as JSON (not JSON-MIN, CSV or another form)"
    try:
        tasks = msgspec.json.decode(export)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        problem = Problem(code="export", found=f"the export is not JSON: {error}", fix=fix)
        raise InputError(problem) from error
    tasks = [tasks] if isinstance(tasks, dict) else tasks
    if not isinstance(tasks, list):
        raise InputError(Problem(code="export", found="the export is no list of tasks", fix=fix))
    scheme: Scheme = project.scheme()
    return read_export(tasks, files.manifest, files.items, scheme, read_users(project))


def _inputs(project: Project, manifest: Round, *, guidelines: bool = True) -> tuple[str, str]:
    """Config and guidelines as text; raises InputError where they are not the round's."""
    fix = "restore it from git, or plan a new round"
    config = read_bytes(project.config, project.name(project.config), fix)
    rules = read_bytes(project.guidelines, project.name(project.guidelines), fix)
    problems = []
    if sha256(config) != manifest.digests.config:
        problems.append((project.config, "the labelling config"))
    if guidelines and sha256(rules) != manifest.digests.guidelines:
        problems.append((project.guidelines, "the guidelines"))
    if problems:
        raise InputError(
            Problem(
                code="round-inputs",
                file=project.name(path),
                id=manifest.round_id,
                found=f"{what} changed since the round was planned",
                fix=fix,
            )
            for path, what in problems
        )
    return (
        decode_text(config, project.name(project.config)),
        decode_text(rules, project.name(project.guidelines)),
    )


def _write_pulled(project: Project, files: RoundFiles, pulled: Pulled) -> bool:
    folder = project.round(files.manifest.round_id)
    history = folder / "history.jsonl"
    now = {annotation.annotation_id: annotation for annotation in pulled.annotations}
    events = [
        History(event="changed" if old.annotation_id in now else "deleted", annotation=old)
        for old in files.annotations
        if now.get(old.annotation_id) != old
    ]
    past = history.read_bytes() if history.exists() else b""
    decode_lines(past, History, project.name(history))  # a file that was cut off must not grow
    # History first: where a pull was killed right after it, its lines are the last ones already.
    fresh = b"" if past.endswith(encode_lines(events)) else encode_lines(events)
    changed = write_bytes(history, past + fresh) if fresh else False
    changed |= write_bytes(folder / "rejects.jsonl", encode_lines(pulled.problems))
    annotations: tuple[Annotation, ...] = pulled.annotations
    return write_bytes(folder / "annotations.jsonl", encode_lines(annotations)) or changed


def _write_manifest(project: Project, manifest: Round) -> bool:
    return write_bytes(project.round(manifest.round_id) / "round.json", encode_json(manifest))
