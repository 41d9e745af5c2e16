"""An export of a round: what its servers hold, and the annotations in it."""

from sikap.project import Project
from sikap.records import Round
from sikap.rounds.adjudication_page import OUTSIDE
from sikap.rounds.tasks import Pulled, read_export
from sikap.steps.annotators import read_users
from sikap.steps.files import RoundFiles
from sikap.steps.given import config_of, page_of
from sikap.steps.servers import places
from sikap.studio import sync
from sikap.studio.client import Client


def export_from_servers(project: Project, files: RoundFiles, client: Client | None) -> sync.Export:
    """What the servers hold of a round; raises InputError where its config was changed."""
    config = page_of(files, config_of(project, files.manifest), project.scheme()).config
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
    return {entry.annotator.lower(): entry.annotator for entry in manifest.roster}
