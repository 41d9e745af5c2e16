"""On which Label Studio each project of a round is."""

from sikap.errors import InputError, Problem
from sikap.project import Project
from sikap.records import Round
from sikap.studio.client import Client, connect
from sikap.studio.sync import Place


def places(project: Project, manifest: Round, client: Client | None = None) -> tuple[Place, ...]:
    """The places of a round: one that all share, or one for each of the roster.

    ``client`` is used instead of the server that environment or project name. Raises InputError
    where nothing says which server that is.
    """
    names = [entry.annotator for entry in manifest.roster]
    if manifest.design.blindness == "isolated":
        found, fix = "isolated rounds cannot be pushed yet", "plan it with --blindness separated"
        raise InputError(Problem(code="no-credentials", id=manifest.round_id, found=found, fix=fix))
    client = client or connect(project.studio)
    if manifest.design.blindness == "shared":
        return (Place(annotator=None, client=client),)
    return tuple(Place(annotator=name, client=client) for name in names)
