"""An export of a round: what its servers or a file hold, and the annotations in it.

Whether an export file can be of the annotator who was named: users have numbers, not names.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from sikap.errors import Problem, raise_if
from sikap.label_studio import sync
from sikap.label_studio.client import Client
from sikap.label_studio.pages.adjudication import OUTSIDE
from sikap.label_studio.wire.annotations import annotation_id
from sikap.label_studio.wire.exports import decode_export, owned, pseudonym_key, scrub, unowned
from sikap.label_studio.wire.tasks import Pulled, read_export, task_item_id
from sikap.project import Project
from sikap.records import Round
from sikap.rounds.merge_pulls import not_brought_back, rest_of
from sikap.rounds.planning.task_order import in_order_of
from sikap.rounds.withdrawal import withdrawn
from sikap.steps.project_files import RoundFiles, read_tombstones
from sikap.steps.rounds.annotators import read_users
from sikap.steps.rounds.frozen_inputs import config_of, inputs_of, page_of, under_this_scheme
from sikap.steps.rounds.servers import places

FIX = "name whose project it is with --annotator"


def nothing_of(owner: str | None, files: RoundFiles, pulled: Pulled) -> Iterator[Problem]:
    """Yield why an export is not of an annotator: all that is in it is by others."""
    foreign = [p for p in pulled.problems if p.code == "foreign-annotation"]
    if owner is not None and foreign and not pulled.annotations:
        found = f"nothing in the export is by {owner}: {foreign[0].id}: {foreign[0].found}"
        yield Problem(code="export", id=files.manifest.round_id, found=found, fix=FIX)


def in_another_order(owner: str, files: RoundFiles, tasks: Iterable[Any]) -> Iterator[Problem]:
    """Yield why an export is not of an annotator: its tasks are in the order of another one.

    Servers of isolated rounds count users each from 1, so that who annotated tells nothing there.
    What says itself whose it is, as an export that a round kept, is not looked at.
    """
    numbered = sorted(
        (task["id"], item_id)
        for task in tasks
        if isinstance(task, Mapping) and "owner" not in task and isinstance(task.get("id"), int)
        if isinstance(task.get("data"), Mapping) and (item_id := task_item_id(task["data"]))
    )
    names = in_order_of([item for _, item in numbered], files.manifest, files.items)
    if names and owner not in names:
        found = f"its tasks are in the order of {' and '.join(sorted(names))}, not of {owner}"
        yield Problem(code="export", id=files.manifest.round_id, found=found, fix=FIX)


EXPORT = "export.json"


def export_from_servers(project: Project, files: RoundFiles, client: Client | None) -> sync.Export:
    """What the servers hold of a round; raises InputError where its config was changed."""
    config = page_of(files, config_of(project, files), project.scheme()).config
    users = read_users(project)
    tasks = [
        task
        for place in places(project, files.manifest, client)
        for task in sync.pull(place, files.manifest, config, users)
    ]
    return sync.Export(tasks=tasks, users=pseudonyms(files.manifest))


def annotations_in(project: Project, files: RoundFiles, export: sync.Export) -> Pulled:
    """The annotations in an export, every span certified."""
    manifest, users = files.manifest, export.users
    notes = OUTSIDE if manifest.digests.versions is not None else frozenset()
    return read_export(export.tasks, manifest, files.items, project.scheme(), users, notes)


def pseudonyms(manifest: Round) -> dict[str, str]:
    """The names by which an export that was scrubbed names the annotators of a round."""
    return {pseudonym_key(entry.annotator): entry.annotator for entry in manifest.roster}


def from_file(project: Project, files: RoundFiles, export: bytes, owner: str | None) -> sync.Export:
    """What an export file holds; ``owner`` says whose it is, where it does not itself."""
    if not under_this_scheme(project, files):
        inputs_of(project, files, guidelines=False)
    tasks = decode_export(export)
    raise_if(unowned(files.manifest, tasks, owner))
    if owner is not None:
        raise_if(in_another_order(owner, files, tasks))
        tasks = owned(files.manifest, tasks, owner)
    tasks = _scrubbed(project, files, tasks)
    return sync.Export(tasks=tasks, users=pseudonyms(files.manifest), whole=False)


def _scrubbed(project: Project, files: RoundFiles, tasks: Iterable[Any]) -> list[Any]:
    """Tasks with the pseudonyms of all whom they name and who are linked by now.

    An export that a round kept names annotators itself, also those whom the round did not ask.
    Each isolated server counts its users from 1.
    """
    users = read_users(project)
    others = {*project.settings.annotators, *users.values()}
    names = {pseudonym_key(name): name for name in others} | pseudonyms(files.manifest)
    if files.manifest.design.blindness != "isolated":
        return scrub(tasks, users | names)
    of = {entry.annotator: sync.users_on(entry.annotator, users) for entry in files.manifest.roster}
    nobody = sync.users_on(None, users)
    whose = [(task, task.get("owner") if isinstance(task, Mapping) else None) for task in tasks]
    return [
        one
        for task, owner in whose
        for one in scrub(
            [task], (of.get(owner, nobody) if isinstance(owner, str) else nobody) | names
        )
    ]


def without_withdrawn(project: Project, files: RoundFiles, exported: sync.Export) -> sync.Export:
    """An export without what was withdrawn, but for what the round has on disk."""
    gone = withdrawn(read_tombstones(project))
    if not (gone.articles or gone.annotators):
        return exported
    known = {one.annotation_id for one in files.annotations}
    tasks = not_brought_back(exported.tasks, files.items, known, gone)
    return msgspec.structs.replace(exported, tasks=tasks)


def with_the_rest(
    project: Project, files: RoundFiles, exported: sync.Export, pulled: Pulled
) -> tuple[sync.Export, set[str]]:
    """An export with what it says nothing of from the last one, and the ids of annotations there.

    So what is read is one export of everything, whatever parts it came in.
    """
    last = project.round(files.manifest.round_id) / EXPORT
    if exported.whole or not last.is_file():
        return exported, set()
    shared = files.manifest.design.blindness == "shared"
    rest = rest_of(decode_export(last.read_bytes()), exported.tasks, pulled, shared=shared)
    rest = _scrubbed(project, files, rest)
    rest = without_withdrawn(project, files, msgspec.structs.replace(exported, tasks=rest)).tasks
    ids = {
        id_
        for task in rest
        for raw in task.get("annotations") or ()
        for id_ in annotation_id(task, raw)
    }
    return msgspec.structs.replace(exported, tasks=[*exported.tasks, *rest]), ids
