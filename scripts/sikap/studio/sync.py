"""Push items to Label Studio and pull what was annotated; safe to run again at any time.

Label Studio has no uniqueness check on import, so what is there is read before anything is sent:
a push that was killed half-way, or whose answer got lost, is completed and not repeated.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from sikap.errors import InputError, Problem
from sikap.labelling_config import same_config
from sikap.records import Item, Round
from sikap.rounds.exports import scrub
from sikap.rounds.tasks import task_item_id, to_task
from sikap.scheme import Scheme
from sikap.store import encode_line, sha256
from sikap.studio.client import Client, ProjectInfo

BATCH = 1000
TITLE_LENGTH = 50


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a project of a round is, or is to be: whose it is (None: everybody's), and the server.

    ``number`` tells the servers of isolated rounds apart, from 1; 0 where there is but one.
    """

    annotator: str | None
    client: Client
    number: int = 0


class Pushed(msgspec.Struct, frozen=True, kw_only=True):
    """Where items of a round are, and how many were there before."""

    project: ProjectInfo
    sent: int
    present: int


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
    items: Sequence[Item],
    scheme: Scheme,
    config: str,
    instruction: str,
    more: Mapping[str, Mapping[str, str]],
) -> Pushed:
    """Make one project of a round hold each of these items exactly once, in this order.

    ``instruction`` is the HTML of the guidelines; ``more`` has further data for tasks, by item.
    Raises InputError where the project has another config or an item twice, ServiceError where the
    server fails.
    """
    client = place.client
    project = find(place, manifest)
    if project is None:
        purpose = f"sikap round {manifest.round_id} ({manifest.purpose})"
        project = client.create_project(
            title=project_title(manifest, place.annotator),
            description=f"{purpose}. Tasks are added by 'sikap round push' only.",
            config=config,
            instruction=instruction,
            maximum_annotations=1 if place.annotator else manifest.design.overlap,
        )
    check_config(project, config)
    there = _present(client, project)
    missing = [item for item in items if item.item_id not in there]
    for first in range(0, len(missing), BATCH):
        batch = missing[first : first + BATCH]
        tasks = [to_task(item, scheme, more.get(item.item_id)) for item in batch]
        client.import_tasks(project.project_id, tasks)
    if missing:
        _present(client, project)
    return Pushed(project=project, sent=len(missing), present=len(items) - len(missing))


class Export(msgspec.Struct, frozen=True, kw_only=True):
    """Tasks, and which user in them, by number, address or pseudonym, is which annotator.

    A task of a project that belongs to one annotator says so in ``owner``, and names the server of
    an isolated one in ``server``.
    """

    tasks: list[Any]
    users: dict[str, str]


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
    for number, address in place.client.users().items():
        if address.lower() in users:
            known[str(number)] = users[address.lower()]
    tasks = scrub(place.client.export(project.project_id), known)
    if place.annotator:
        server = {"server": place.number} if place.number else {}
        tasks = [{**task, "owner": place.annotator, **server} for task in tasks]
    return tasks


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
        found = f"this server has no project {project_title(manifest, place.annotator)!r}"
        fix = "push the round, or name the server it was pushed to in LABEL_STUDIO_URL"
        raise InputError(
            Problem(code="project-missing", id=manifest.round_id, found=found, fix=fix)
        )
    return project


def check_config(project: ProjectInfo, config: str) -> None:
    """Raise InputError where the live labelling config is not the round's."""
    if not same_config(project.config, config):
        found = "its labelling config was changed in Label Studio"
        fix = "restore it there, or plan a new round with the new config"
        id_ = f"project {project.project_id}"
        raise InputError(Problem(code="project-config", id=id_, found=found, fix=fix))


def _present(client: Client, project: ProjectInfo) -> set[str]:
    """Items that the project holds; raises InputError for those that it holds twice."""
    counter = Counter(task_item_id(data) for _, data in client.tasks(project.project_id))
    counter.pop(None, None)
    twice = sorted(id_ for id_, count in counter.items() if id_ and count > 1)
    if twice:
        fix = "delete all but one of its tasks in Label Studio; keep the one with annotations"
        raise InputError(
            Problem(
                code="duplicate-task",
                id=f"project {project.project_id}, item {item}",
                found=f"the item stands {counter[item]} times in the project",
                fix=fix,
            )
            for item in twice
        )
    return {id_ for id_ in counter if id_}
