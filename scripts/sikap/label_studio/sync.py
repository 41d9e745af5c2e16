"""Push items to Label Studio and pull what was annotated; safe to run again at any time.

A push that was killed half-way, or whose answer got lost, is completed and not repeated: see
``filling``.
"""

import functools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from sikap.errors import InputError, Problem
from sikap.label_studio.client import Client, ProjectInfo
from sikap.label_studio.push_journal import Journal
from sikap.label_studio.retry import again
from sikap.label_studio.upload import Filled, Filling
from sikap.label_studio.wire.exports import scrub
from sikap.labelling_config.scheme_from_xml import same_config
from sikap.records import Round
from sikap.storage.files import encode_line, sha256

TITLE_LENGTH = 50
COLORS = {"calibration": "#7F5AB6", "production": "#2A6FB5", "adjudication": "#B5542A"}
"""Of the projects in the list that Label Studio shows, by the purpose of the round."""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a project of a round is, or is to be: whose it is (None: everybody's), and the server.

    ``number`` tells the servers of isolated rounds apart, from 1; 0 where there is but one.
    """

    annotator: str | None
    client: Client
    number: int = 0


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What annotators are given beside their tasks.

    The labelling config, the HTML of the instruction, and the name of the model whose predictions
    are filled in, "" for none.
    """

    config: str
    instruction: str
    model: str = ""


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """Where items of a round are, and what had to be done for it; problems are no errors."""

    project: ProjectInfo
    filled: Filled
    problems: tuple[Problem, ...]


def project_title(manifest: Round, annotator: str | None) -> str:
    """The title by which a project is found again: round, annotator, and a mark of the digests.

    A round that was planned anew, with other items or guidelines, thus gets another project.
    """
    digests = msgspec.structs.replace(manifest.digests, predictions=None)
    whole = f"{manifest.round_id} {annotator}" if annotator else manifest.round_id
    mark = sha256(whole.encode() + encode_line(digests))[:8]
    return f"{whole[: TITLE_LENGTH - 9]} {mark}"


def push(
    place: Place,
    manifest: Round,
    tasks: Mapping[str, dict[str, Any]],
    given: Given,
    journal: Journal,
    told: Callable[[int, int], object] = lambda _done, _all: None,
) -> Pushed:
    """Make one project of a round hold each of these tasks exactly once, in this order.

    ``tasks`` are by the item that they hold; ``told`` is called with how many of them are there and
    of how many. Raises InputError where the project has another config or an item was annotated
    twice, ServiceError where the server fails for long.
    """
    client = place.client

    def create() -> ProjectInfo:
        purpose = f"sikap round {manifest.round_id} ({manifest.purpose})"
        return client.create_project(
            title=project_title(manifest, place.annotator),
            description=f"{purpose}. Tasks are added by 'sikap round push' only.",
            config=given.config,
            instruction=given.instruction,
            maximum_annotations=1 if place.annotator else len(manifest.roster),
            color=COLORS[manifest.purpose],
            predictions=given.model,
        )

    project, twins = again(lambda: _found_or_made(place, manifest, create))
    check_config(project, given.config)
    problems = [*_lost(place, manifest, project, journal), *_twins(client, project, twins)]
    filled = Filling(client, project, tasks, journal, told).run()
    return Pushed(project=project, filled=filled, problems=(*problems, *filled.problems))


def _found_or_made(
    place: Place, manifest: Round, create: Callable[[], ProjectInfo]
) -> tuple[ProjectInfo, list[int]]:
    """The project of a round, and others of its title; looked for before it is made, and after.

    Where two were made at the same moment, both pushes thus go on with the first.
    """
    title = project_title(manifest, place.annotator)
    numbers = place.client.projects(title)
    made = create() if not numbers else None
    if made is not None:
        numbers = place.client.projects(title)
    recorded = {p.project_id for p in manifest.projects if p.annotator == place.annotator}
    numbers.sort(key=lambda number: (number not in recorded, number))
    if not numbers:
        raise InputError(_missing(manifest, title))
    project = made
    if project is None or project.project_id != numbers[0]:
        project = place.client.project(numbers[0])
    if project is None:
        raise InputError(_missing(manifest, title))
    return project, numbers[1:]


def _lost(
    place: Place, manifest: Round, project: ProjectInfo, journal: Journal
) -> Iterator[Problem]:
    """Yield that a project with tasks that were sent to it is no longer on the server."""
    for recorded in manifest.projects:
        number = recorded.project_id
        if recorded.annotator != place.annotator or number == project.project_id:
            continue
        sent = journal.read(place.client.url, number)
        if sent:
            found = f"the project, to which {len(sent)} items were sent, is no longer there"
            fix = "they are sent to a new one; find out who deleted it: what was said in it is gone"
            yield Problem(code="task-deleted", id=f"project {number}", found=found, fix=fix)


def _twins(client: Client, project: ProjectInfo, numbers: Sequence[int]) -> Iterator[Problem]:
    """Delete empty projects of the same title: an answer was lost, or two pushes ran at once.

    Yield those that hold something.
    """

    def drop(number: int) -> int:
        twin = client.project(number)
        if twin is not None and twin.tasks == 0:
            client.delete_project(number)
            return 0
        return (twin.tasks or 1) if twin is not None else 0

    for number in numbers:
        tasks = again(functools.partial(drop, number))
        if tasks:
            found = f"it has the same title as project {project.project_id}, and {tasks} tasks"
            fix = "see which of the two is annotated in, and delete the other"
            yield Problem(code="duplicate-project", id=f"project {number}", found=found, fix=fix)


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """Tasks, and which user in them, by number, address or pseudonym, is which annotator.

    Users are pseudonyms already, but strangers. A task of a project that belongs to one annotator
    says so in ``owner``, and names the server of an isolated one in ``server``. ``whole`` is False
    where the tasks may be those of a part of the projects.
    """

    tasks: list[Any]
    users: dict[str, str]
    whole: bool = True


def pull(
    place: Place, manifest: Round, config: str, users: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Everything that was annotated in one project of a round, with pseudonyms for users.

    ``users`` maps e-mail addresses or user numbers to pseudonyms. Raises InputError where the
    round has no such project or the project has another config.
    """
    project = existing(place, manifest)
    check_config(project, config)
    known = dict(users)
    if place.number:
        # A number of one server is somebody else on the next; what is linked names the server.
        known = users_on(place.annotator, users)
    for number, address in place.client.users().items():
        if address.lower() in users:
            known[str(number)] = users[address.lower()]
    of = {"owner": place.annotator} if place.annotator else {}
    server = {"server": place.number} if place.annotator and place.number else {}
    tasks = place.client.export(project.project_id)
    scrubbed = scrub(({**task, **of, **server} for task in tasks), known)
    scrubbed.sort(key=lambda task: task.get("id") or 0)  # a database gives no order that lasts
    return scrubbed


def users_on(owner: str | None, users: Mapping[str, str]) -> dict[str, str]:
    """Who is who on the server of one annotator of an isolated round.

    Of linked numbers those alone count that name the server: ``a1/2`` is number 2 on that of a1.
    """
    server = f"{owner}/".lower()
    numbers = {
        user.removeprefix(server): name for user, name in users.items() if user.startswith(server)
    }
    return {user: name for user, name in users.items() if not user.isdecimal()} | numbers


def find(place: Place, manifest: Round) -> ProjectInfo | None:
    """The project of a round in a place, if it is there."""
    title = project_title(manifest, place.annotator)
    for recorded in manifest.projects:
        if recorded.annotator == place.annotator:
            project = place.client.project(recorded.project_id)
            if project is not None and project.title == title:
                return project
    return place.client.find_project(title)


def existing(place: Place, manifest: Round) -> ProjectInfo:
    """The project of a round in a place; raises InputError where the server has none."""
    project = find(place, manifest)
    if project is None:
        raise InputError(_missing(manifest, project_title(manifest, place.annotator)))
    return project


def _missing(manifest: Round, title: str) -> Problem:
    found = f"this server has no project {title!r}"
    isolated = manifest.design.blindness == "isolated"
    where = "with 'sikap annotators server'" if isolated else "in LABEL_STUDIO_URL"
    fix = f"push the round, or name the server it was pushed to {where}"
    return Problem(code="project-missing", id=manifest.round_id, found=found, fix=fix)


def check_config(project: ProjectInfo, config: str) -> None:
    """Raise InputError where the live labelling config is not the round's."""
    if not same_config(project.config, config):
        found = "its labelling config was changed in Label Studio"
        fix = (
            "undo it there (Settings, Labeling Interface, Code), or plan a new round with the new "
        )
        fix += "config; the round's folder has the old one"
        id_ = f"project {project.project_id}"
        raise InputError(Problem(code="project-config", id=id_, found=found, fix=fix))
