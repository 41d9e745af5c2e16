"""Push a round to Label Studio.

Read the predictions that a round is to be filled in with, and hold a round to them.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

import msgspec

from sikap.errors import InputError, Problem
from sikap.label_studio import sync
from sikap.label_studio.client import Client
from sikap.label_studio.pages.instruction import instruction_html
from sikap.label_studio.push_journal import Journal
from sikap.label_studio.sync import Place
from sikap.label_studio.wire.predictions import Prediction, Predictions, read_predictions
from sikap.label_studio.wire.tasks import to_task
from sikap.labelling_config.scheme import Scheme
from sikap.project import Project
from sikap.records import Item, Round, StudioProject
from sikap.rounds.planning.task_order import items_for
from sikap.rounds.withdrawal import withdrawn
from sikap.steps.project_files import read_round, read_tombstones
from sikap.steps.report import Report
from sikap.steps.rounds.annotators import read_users
from sikap.steps.rounds.frozen_inputs import Page, inputs_of, page_of
from sikap.steps.rounds.plan_files import write_manifest
from sikap.steps.rounds.servers import places
from sikap.storage.files import decode_lines, lock, sha256


def prefilled(
    manifest: Round,
    data: bytes | None,
    items: Iterable[Item],
    scheme: Scheme,
    places: Iterable[Place],
    file: str,
) -> tuple[Round, Predictions | None]:
    """The manifest with the digest of the predictions in ``data``, and these, all checked.

    None stands for no predictions. Raises InputError where a line is wrong, or the round was
    pushed without or with others: then some annotators would see what others do not.
    """
    digest = sha256(data) if data is not None else None
    known = manifest.digests.predictions
    if known and digest != known:
        given = "none were named" if data is None else "these are others"
        found = f"the round was pushed with predictions, and {given}"
        raise InputError(_refused(manifest, found, "name the same file with --predictions", file))
    if data is None:
        return manifest, None
    if manifest.purpose == "adjudication":
        found = "an adjudicator decides without anything filled in"
        raise InputError(_refused(manifest, found, "push without predictions", file))
    lines = decode_lines(data, Prediction, file)
    predictions = read_predictions(lines, items, scheme, file)
    if not known and _sent(manifest, places):
        found = "tasks of the round were sent without predictions"
        fix = "push without them, or plan another round"
        raise InputError(_refused(manifest, found, fix, file))
    digests = msgspec.structs.replace(manifest.digests, predictions=digest)
    return msgspec.structs.replace(manifest, digests=digests), predictions


def _sent(manifest: Round, places: Iterable[Place]) -> bool:
    """Whether anything of the round was sent yet, read from the servers."""
    if manifest.state != "planned":
        return True
    found = (sync.find(place, manifest) for place in places)
    return any(project is not None and project.tasks != 0 for project in found)


def _refused(manifest: Round, found: str, fix: str, file: str) -> Problem:
    return Problem(code="predictions", id=manifest.round_id, file=file, found=found, fix=fix)


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


def push_round(
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
    project = project.snapshot()
    with lock(project.lock):
        files = read_round(project, round_id)
        config, guidelines = inputs_of(project, files)
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
        done: list[PushedProject] = []
        problems = list(_not_linked(project, manifest, gone.annotators))
        for place in where:
            tasks = _tasks(items_for(place.annotator, manifest, items), scheme, page, filled_in)
            journal = Journal(project.journal(round_id))
            pushed = sync.push(place, manifest, tasks, given, journal, told)
            manifest = _with_project(manifest, place, pushed)
            write_manifest(project, manifest)
            problems += pushed.problems
            done.append(_pushed_project(place, pushed))
        state = "pushed" if manifest.state == "planned" else manifest.state
        write_manifest(project, msgspec.structs.replace(manifest, state=state))
    return PushReport(round_id=round_id, projects=tuple(done), problems=tuple(problems))


def _tasks(
    items: Iterable[Item], scheme: Scheme, page: Page, predictions: Predictions | None
) -> dict[str, dict[str, Any]]:
    """The task of each item by its id, with what is shown beside it and what is filled in."""
    filled_in = predictions.of if predictions else {}
    return {
        item.item_id: to_task(item, scheme, page.more.get(item.item_id))
        | filled_in.get(item.item_id, {})
        for item in items
    }


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
