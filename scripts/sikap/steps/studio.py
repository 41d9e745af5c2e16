"""Push a round to Label Studio, and read what is there: shared by status and pull."""

from collections.abc import Callable, Collection, Iterator

import msgspec

from sikap.errors import Problem, raise_if
from sikap.labelling_config import read_scheme
from sikap.project import Project
from sikap.records import Round, StudioProject
from sikap.rounds.adjudication_page import OUTSIDE
from sikap.rounds.inputs import config_changes, line_changes
from sikap.rounds.instruction import instruction_html
from sikap.rounds.order import items_for
from sikap.rounds.tasks import Pulled, read_export, to_task
from sikap.rounds.withdrawn import withdrawn
from sikap.steps.annotators import read_users
from sikap.steps.files import CONFIG, GUIDELINES, RoundFiles, read_round, read_tombstones
from sikap.steps.page import page_of
from sikap.steps.predictions import prefilled
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
from sikap.studio.journal import Journal
from sikap.studio.sync import Place


class PushedProject(msgspec.Struct, frozen=True, kw_only=True):
    """One project of a round: whose it is (None: everybody's), and what push sent to it."""

    annotator: str | None
    project_id: int
    url: str
    sent: int
    present: int
    removed: int


class PushReport(Report, frozen=True, kw_only=True):
    """What push sent, project by project, and what was there before.

    Problems are what was deleted in Label Studio since it was sent, projects that stand twice, and
    annotators whose work could not be known as theirs.
    """

    round_id: str
    projects: tuple[PushedProject, ...]

    def lines(self) -> Iterator[str]:
        """Yield what was done and where each annotates."""
        sent, present = (sum(getattr(p, n) for p in self.projects) for n in ("sent", "present"))
        yield f"round {self.round_id}: {sent} tasks sent, {present} were there"
        if removed := sum(one.removed for one in self.projects):
            yield f"{removed} tasks stood twice and were removed; nobody had begun on them"
        for one in self.projects:
            who = f"{one.annotator} annotates" if one.annotator else "annotate"
            yield f"{who} at {one.url}"
        yield f"next: sikap round status {self.round_id}, and sikap round pull {self.round_id}"


def push(
    project: Project,
    round_id: str,
    client: Client | None = None,
    *,
    predictions: bytes | None = None,
    predictions_file: str = "",
    told: Callable[[int, int], object] = lambda _done, _all: None,
) -> PushReport:
    """Send the items of a round to its Label Studio project, each exactly once.

    ``predictions`` are the bytes of a file of them, to be filled in for the annotators; ``told`` is
    called with how many items of a project are there and of how many. Raises InputError where
    config or guidelines changed since it was planned, a prediction is wrong, or the project is not
    as it should be; ServiceError where the server fails for long.
    """
    with lock(project.lock):
        files = read_round(project, round_id)
        config, guidelines = inputs_of(project, files.manifest)
        scheme, where = project.scheme(), places(project, files.manifest, client)
        page = page_of(files, config, scheme)
        gone = withdrawn(read_tombstones(project))
        where = tuple(place for place in where if place.annotator not in gone.annotators)
        items = [item for item in files.items if item.article_id not in gone.articles]
        manifest, filled_in = prefilled(
            files.manifest, predictions, files.items, scheme, where, predictions_file
        )
        # Before anything is sent: killed after it, the next push must have the same predictions.
        write_manifest(project, manifest)
        given = sync.Given(
            config=page.config,
            instruction=instruction_html(page.config, scheme, guidelines),
            model=filled_in.model if filled_in else "",
        )
        more = filled_in.of if filled_in else {}
        done: list[PushedProject] = []
        problems = list(_not_linked(project, manifest, gone.annotators))
        for place in where:
            tasks = {
                item.item_id: to_task(item, scheme, page.more.get(item.item_id))
                | more.get(item.item_id, {})
                for item in items_for(place.annotator, manifest, items)
            }
            journal = Journal(project.journal(round_id))
            pushed = sync.push(place, manifest, tasks, given, journal, told)
            manifest = _with_project(manifest, place, pushed)
            write_manifest(project, manifest)
            problems += pushed.problems
            done.append(_pushed_project(place, pushed))
        state = "pushed" if manifest.state == "planned" else manifest.state
        write_manifest(project, msgspec.structs.replace(manifest, state=state))
    return PushReport(round_id=round_id, projects=tuple(done), problems=tuple(problems))


def _not_linked(project: Project, manifest: Round, gone: Collection[str]) -> Iterator[Problem]:
    """Yield a warning for every annotator of whom no user is known: pull would set all aside."""
    linked = set(read_users(project).values())
    isolated = " --isolated" if manifest.design.blindness == "isolated" else ""
    for name in (entry.annotator for entry in manifest.roster):
        if name not in linked and name not in gone:
            yield Problem(
                code="not-linked",
                id=name,
                found="no Label Studio user is linked to the annotator",
                fix=f"make an account ('sikap annotators add {name}{isolated}'), or say who it is "
                f"('sikap annotators link {name} USER'), before they begin",
            )


def _with_project(manifest: Round, place: Place, pushed: sync.Pushed) -> Round:
    """The manifest with a project of one place, in the order of the roster."""
    number, title = pushed.project.project_id, pushed.project.title
    one = StudioProject(project_id=number, title=title, annotator=place.annotator)
    others = [p for p in manifest.projects if p.annotator != place.annotator]
    order = [entry.annotator for entry in manifest.roster]
    known = sorted([*others, one], key=lambda p: order.index(p.annotator) if p.annotator else -1)
    return msgspec.structs.replace(manifest, projects=tuple(known))


def _pushed_project(place: Place, pushed: sync.Pushed) -> PushedProject:
    number, filled = pushed.project.project_id, pushed.filled
    return PushedProject(
        annotator=place.annotator,
        project_id=number,
        url=f"{place.client.url}/projects/{number}",
        sent=filled.sent,
        present=filled.present,
        removed=filled.removed,
    )


def read_answers(project: Project, files: RoundFiles, export: sync.Export) -> Pulled:
    """The annotations in an export, every span certified."""
    manifest, users = files.manifest, export.users
    notes = OUTSIDE if manifest.digests.versions is not None else frozenset()
    return read_export(export.tasks, manifest, files.items, project.scheme(), users, notes)


def from_server(project: Project, files: RoundFiles, client: Client | None) -> sync.Export:
    """What the server holds of a round; raises InputError where its config was changed."""
    config = page_of(files, config_of(project, files.manifest), project.scheme()).config
    users = read_users(project)
    tasks = [
        task
        for place in places(project, files.manifest, client)
        for task in sync.pull(place, files.manifest, config, users)
    ]
    return sync.Export(tasks=tasks, users=pseudonyms(files.manifest))


def under_this_scheme(project: Project, manifest: Round) -> bool:
    """Whether a round was annotated under the project's scheme, however that was displayed.

    The round's folder has the config that its annotators had: colours, keys, wording and style may
    have changed since then, but not what could be said.
    """
    kept = project.round(manifest.round_id) / CONFIG
    path = kept if kept.is_file() else project.config
    file = project.name(path)
    then = read_bytes(path, file, "write it")
    if sha256(then) != manifest.digests.config:
        return False
    return project.scheme() == read_scheme(then, file, project.settings.span_key)


def config_of(project: Project, manifest: Round) -> str:
    """The labelling config of a round as its annotators have it.

    Raises InputError where the project now has another scheme.
    """
    kept = project.round(manifest.round_id) / CONFIG
    if kept.is_file() and under_this_scheme(project, manifest):
        return decode_text(kept.read_bytes(), project.name(kept))
    return inputs_of(project, manifest, guidelines=False)[0]


def pseudonyms(manifest: Round) -> dict[str, str]:
    """The names by which an export that was scrubbed names the annotators of a round."""
    return {entry.annotator.lower(): entry.annotator for entry in manifest.roster}


def inputs_of(project: Project, manifest: Round, *, guidelines: bool = True) -> tuple[str, str]:
    """Config and guidelines as text; raises InputError where they are not the round's."""
    missing = "restore it from git, or plan a new round"
    config = read_bytes(project.config, project.name(project.config), missing)
    rules = read_bytes(project.guidelines, project.name(project.guidelines), missing)
    changed = []
    if sha256(config) != manifest.digests.config:
        how = _compared(project, manifest, CONFIG, config, config_changes)
        changed.append((project.config, CONFIG, f"the labelling config changed{how}"))
    if guidelines and sha256(rules) != manifest.digests.guidelines:
        how = _compared(project, manifest, GUIDELINES, rules, line_changes)
        changed.append((project.guidelines, GUIDELINES, f"the guidelines changed{how}"))
    raise_if(
        Problem(
            code="round-inputs",
            file=project.name(path),
            id=manifest.round_id,
            found=found,
            fix=f"restore it from {_source(project, manifest, copy)}, or plan a new round",
        )
        for path, copy, found in changed
    )
    return (
        decode_text(config, project.name(project.config)),
        decode_text(rules, project.name(project.guidelines)),
    )


def _source(project: Project, manifest: Round, name: str) -> str:
    """Where a file is as it was when the round was planned."""
    copy = project.round(manifest.round_id) / name
    return project.name(copy) if copy.is_file() else "git"


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
