"""Steps of a round that talk to Label Studio: push and status."""

from collections import Counter
from collections.abc import Callable, Iterator

import msgspec
from markdown_it import MarkdownIt

from sikap.errors import Problem, raise_if
from sikap.project import Project
from sikap.records import Round, StudioProject
from sikap.rounds.adjudication_page import OUTSIDE
from sikap.rounds.inputs import config_changes, line_changes
from sikap.rounds.order import items_for
from sikap.rounds.tasks import Pulled, read_export
from sikap.rounds.withdrawn import withdrawn
from sikap.steps.annotators import read_users
from sikap.steps.files import (
    CONFIG,
    GUIDELINES,
    RoundFiles,
    read_round,
    read_tombstones,
    remaining_rounds,
)
from sikap.steps.page import page_of
from sikap.steps.report import Report
from sikap.steps.servers import places
from sikap.store import (
    decode_text,
    encode_json,
    lock,
    read_bytes,
    sha256,
    write_bytes,
)
from sikap.studio import sync
from sikap.studio.client import Client


class PushedProject(msgspec.Struct, frozen=True, kw_only=True):
    """One project of a round: whose it is (None: everybody's), and what push sent to it."""

    annotator: str | None
    project_id: int
    url: str
    sent: int
    present: int


class PushReport(Report, frozen=True, kw_only=True):
    """What push sent, project by project, and what was there before."""

    round_id: str
    projects: tuple[PushedProject, ...]

    def lines(self) -> Iterator[str]:
        """Yield what was done and where each annotates."""
        sent, present = (sum(getattr(p, n) for p in self.projects) for n in ("sent", "present"))
        yield f"round {self.round_id}: {sent} tasks sent, {present} were there"
        for one in self.projects:
            who = f"{one.annotator} annotates" if one.annotator else "annotate"
            yield f"{who} at {one.url}"


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


def push(project: Project, round_id: str, client: Client | None = None) -> PushReport:
    """Send the items of a round to its Label Studio project, each exactly once.

    Raises InputError where config or guidelines changed since it was planned, or the project is
    not as it should be; ServiceError where the server fails.
    """
    with lock(project.lock):
        files = read_round(project, round_id)
        config, guidelines = inputs_of(project, files.manifest)
        manifest, scheme = files.manifest, project.scheme()
        page = page_of(files, config, scheme)
        # HTML in the guidelines is shown, not run: the instruction is a page in the browser.
        instruction = MarkdownIt("commonmark", {"html": False}).enable("table").render(guidelines)
        gone = withdrawn(read_tombstones(project)).articles
        items = [item for item in files.items if item.article_id not in gone]
        done: list[PushedProject] = []
        where: list[StudioProject] = []
        for place in places(project, manifest, client):
            own = items_for(place.annotator, manifest, items)
            pushed = sync.push(place, manifest, own, scheme, page.config, instruction, page.more)
            number, title = pushed.project.project_id, pushed.project.title
            where.append(StudioProject(project_id=number, title=title, annotator=place.annotator))
            done.append(
                PushedProject(
                    annotator=place.annotator,
                    project_id=number,
                    url=f"{place.client.url}/projects/{number}",
                    sent=pushed.sent,
                    present=pushed.present,
                )
            )
        state = "pushed" if manifest.state == "planned" else manifest.state
        replaced = msgspec.structs.replace(manifest, projects=tuple(where), state=state)
        write_manifest(project, replaced)
    return PushReport(round_id=round_id, projects=tuple(done))


def status(project: Project, round_id: str, client: Client | None = None) -> StatusReport:
    """How far each annotator is, read from the server; writes nothing."""
    files = read_round(project, round_id)
    pulled = read_answers(project, files, from_server(project, files, client))
    (left,) = remaining_rounds(project, [files])
    ids = {item.item_id for item in left.items}
    planned = Counter(name for item in left.items for name in item.annotators)
    done = Counter((a.annotator, a.status) for a in pulled.annotations if a.item_id in ids)
    names = [annotator.annotator for annotator in left.manifest.roster]
    items = len(left.items)
    return StatusReport(
        round_id=round_id,
        items=items,
        drafts=pulled.drafts,
        annotators=tuple(
            Progress(
                annotator=name,
                submitted=done[name, "submitted"],
                skipped=done[name, "skipped"],
                left=planned[name] - done[name, "submitted"] - done[name, "skipped"],
            )
            for name in names
        ),
        problems=pulled.problems,
    )


def read_answers(project: Project, files: RoundFiles, export: sync.Export) -> Pulled:
    """The annotations in an export, every span certified."""
    manifest, users = files.manifest, export.users
    notes = OUTSIDE if manifest.digests.versions is not None else frozenset()
    return read_export(export.tasks, manifest, files.items, project.scheme(), users, notes)


def from_server(project: Project, files: RoundFiles, client: Client | None) -> sync.Export:
    """What the server holds of a round; raises InputError where its config was changed."""
    given, _ = inputs_of(project, files.manifest, guidelines=False)
    config = page_of(files, given, project.scheme()).config
    users = read_users(project)
    tasks = [
        task
        for place in places(project, files.manifest, client)
        for task in sync.pull(place, files.manifest, config, users)
    ]
    return sync.Export(tasks=tasks, users=pseudonyms(files.manifest))


def pseudonyms(manifest: Round) -> dict[str, str]:
    """The names by which an export that was scrubbed names the annotators of a round."""
    return {entry.annotator.lower(): entry.annotator for entry in manifest.roster}


def inputs_of(project: Project, manifest: Round, *, guidelines: bool = True) -> tuple[str, str]:
    """Config and guidelines as text; raises InputError where they are not the round's."""
    fix = "restore it from git, or plan a new round"
    config = read_bytes(project.config, project.name(project.config), fix)
    rules = read_bytes(project.guidelines, project.name(project.guidelines), fix)
    changed = []
    if sha256(config) != manifest.digests.config:
        how = _compared(project, manifest, CONFIG, config, config_changes)
        changed.append((project.config, f"the labelling config changed{how}"))
    if guidelines and sha256(rules) != manifest.digests.guidelines:
        how = _compared(project, manifest, GUIDELINES, rules, line_changes)
        changed.append((project.guidelines, f"the guidelines changed{how}"))
    raise_if(
        Problem(
            code="round-inputs",
            file=project.name(path),
            id=manifest.round_id,
            found=found,
            fix=fix,
        )
        for path, found in changed
    )
    return (
        decode_text(config, project.name(project.config)),
        decode_text(rules, project.name(project.guidelines)),
    )


def _compared(
    project: Project,
    manifest: Round,
    name: str,
    now: bytes,
    changes: Callable[[str, str], str],
) -> str:
    """What changed since the round was planned, as far as the copy in its folder can tell."""
    since = " since the round was planned"
    copy = project.round(manifest.round_id) / name
    if not copy.is_file():
        return since
    planned = copy.read_bytes()
    return f"{since}: {changes(planned.decode(errors='replace'), now.decode(errors='replace'))}"


def write_manifest(project: Project, manifest: Round) -> bool:
    """Write round.json; False where it is as it was."""
    return write_bytes(project.round(manifest.round_id) / "round.json", encode_json(manifest))
