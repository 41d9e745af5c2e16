"""What a Label Studio server, ours or any other, is asked for.

What reads is read again by itself; what creates or deletes is tried once, for a lost answer does
not say that nothing was done: the caller looks first.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sikap.errors import InputError, Problem, ServiceError
from sikap.label_studio import snapshots
from sikap.label_studio.connection import LONG_TIMEOUT, TOKEN_VARIABLE, URL_VARIABLE, Connection
from sikap.label_studio.retry import rereading
from sikap.label_studio.server import read_credentials
from sikap.storage.files import sha256

PAGE = 2000
CHUNK = 200  # task ids that are named in one address

LONG: Any = {"timeout_in_seconds": LONG_TIMEOUT}


class _Task(msgspec.Struct):
    id: int
    data: dict[str, Any]


class _Page(msgspec.Struct):
    tasks: list[_Task]
    total: int


class _Imported(msgspec.Struct):
    task_ids: list[int]


class _Touched(msgspec.Struct):
    id: int
    annotations: list[msgspec.Raw] = []
    drafts: list[msgspec.Raw] = []


class ProjectInfo(msgspec.Struct, frozen=True):
    """What a project in Label Studio is, as far as a round is concerned.

    ``tasks`` counts its tasks; null where the server does not say, or it was made just now.
    """

    project_id: int
    title: str
    description: str
    config: str
    tasks: int | None = None


class Client:
    """One user's access to one server; every method raises ServiceError where it fails."""

    def __init__(self, url: str, token: str) -> None:
        self._server = Connection(url, token)
        self.url = self._server.url

    @rereading
    def check(self) -> str:
        """The e-mail address of the user whose token this is."""
        with self._server.answering():
            email = getattr(self._server.sdk.users.whoami(), "email", None)
        if not isinstance(email, str):
            found, fix = f"{self.url} is no Label Studio", f"correct {URL_VARIABLE}"
            raise ServiceError(Problem(code="no-server", found=found, fix=fix))
        return email

    def mark(self) -> str:
        """What tells this server from every other: the digest of its organisation's invitation.

        The same for all its users, at whatever address it is reached; no token leaves for it.
        """
        with self._server.answering():
            token = self._server.sdk.organizations.invites.get_invite_link().token
            if not token:
                raise ValueError("it has no invitation")
            return sha256(token)

    def find_project(self, title: str) -> ProjectInfo | None:
        """The first project with exactly this title; None where there is none."""
        found = self.projects(title)
        return self.project(found[0]) if found else None

    @rereading
    def projects(self, title: str) -> list[int]:
        """The ids of all projects with exactly this title, in the order of ids."""
        with self._server.answering():
            listed = list(self._server.sdk.projects.list(include="id,title", page_size=PAGE))
        return sorted(project.id for project in listed if project.title == title)

    @rereading
    def project(self, project_id: int) -> ProjectInfo | None:
        """A project by its id; None where there is none."""
        get = self._server.sdk.projects.get
        return self._server.unless_missing(lambda: _info(get(project_id)))

    def create_project(
        self,
        title: str,
        description: str,
        config: str,
        instruction: str,
        maximum_annotations: int,
        *,
        color: str | None = None,
        predictions: str = "",
    ) -> ProjectInfo:
        """Make a project that shows its tasks in import order, instructions first.

        ``title`` has 3 to 50 characters; ``maximum_annotations`` is how many annotators get each
        task, one who skips it being one of them. ``color`` is as #1a2b3c. ``predictions`` names the
        model whose predictions annotators find in the editor; without, it is empty.
        """
        with self._server.answering():
            made = self._server.sdk.projects.create(
                title=title,
                description=description,
                label_config=config,
                expert_instruction=instruction,
                show_instruction=True,
                maximum_annotations=maximum_annotations,
                sampling="Sequential sampling",
                skip_queue="IGNORE_SKIPPED",
                show_skip_button=True,
                enable_empty_annotation=True,
                show_collab_predictions=bool(predictions),
                model_version=predictions,
                color=color or "#FFFFFF",
                request_options=LONG,
            )
            return msgspec.structs.replace(_info(made), tasks=None)

    def delete_project(self, project_id: int) -> None:
        """Take a project away, with all that it holds."""
        self._server.ask("DELETE", f"projects/{project_id}")

    def tasks(self, project_id: int) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield id and data of every task of a project, in import order."""
        query = json.dumps({"ordering": ["tasks:id"]})
        asked = {"project": project_id, "include": "id,data", "query": query, "page_size": PAGE}
        # The SDK makes a model of every task and checks it, which takes longer than the server.
        read: set[int] = set()
        total, page = 1, 0
        while len(read) < total:
            page += 1
            answer = self._server.read(
                "tasks", {**asked, "page": page, "resolve_uri": "false"}, _Page
            )
            total = answer.total
            # One that is shown again is the same task, and not another of its item.
            new = {task.id: task.data for task in answer.tasks if task.id not in read}
            read.update(new)
            yield from new.items()
            if not new:
                return

    def import_tasks(self, project_id: int, tasks: Sequence[dict[str, Any]]) -> list[int]:
        """Add tasks, each as Label Studio's JSON has it; return their ids in the same order.

        The server does not look whether they are there already.
        """
        answer = self._server.ask(
            "POST", f"projects/{project_id}/import", {"return_task_ids": "true"}, list(tasks)
        )
        with self._server.answering():
            ids = msgspec.json.decode(answer.content, type=_Imported).task_ids
            if len(ids) != len(tasks):
                raise ValueError(f"{len(tasks)} tasks were sent, {len(ids)} ids came back")
            return ids

    def touched(self, project_id: int, task_ids: Sequence[int]) -> set[int]:
        """Those of the tasks on which somebody has begun: with annotations, skips or drafts."""
        found: set[int] = set()
        for first in range(0, len(task_ids), CHUNK):
            asked = {"exportType": "JSON", "download_all_tasks": "true"}
            named = {**asked, "ids[]": list(task_ids[first : first + CHUNK])}
            tasks = self._server.read(f"projects/{project_id}/export", named, list[_Touched])
            found.update(task.id for task in tasks if task.annotations or task.drafts)
        return found

    def delete_tasks(self, project_id: int, task_ids: Sequence[int]) -> None:
        """Take tasks out of a project, with all that was said of them."""
        if task_ids:
            chosen = {"all": False, "included": list(task_ids)}
            asked = {"id": "delete_tasks", "project": project_id}
            self._server.ask("POST", "dm/actions/", asked, {"selectedItems": chosen})

    @rereading
    def export(self, project_id: int) -> Iterator[dict[str, Any]]:
        """Every task in Label Studio's JSON export form, all fetched, decoded one by one.

        ``annotations`` holds the cancelled ones (skipped tasks) too, ``drafts`` what somebody
        began and has not submitted. A server that makes no snapshot is asked for the plain export.
        """
        file = tempfile.TemporaryFile()  # noqa: SIM115 -- it lives as long as it is read
        exports = self._server.sdk.projects.exports
        try:
            with self._server.answering():
                snapshots.fetch(exports, project_id, file)
                tasks = snapshots.tasks_in(file)
        except ServiceError:
            # Whatever the reason was: if it is one against pulling at all, this says so again.
            file.seek(0)
            file.truncate()
            with self._server.answering():
                for chunk in exports.download_sync(
                    project_id,
                    export_type="JSON",
                    download_all_tasks=True,
                    request_options=snapshots.CHUNKS,
                ):
                    file.write(chunk)
                tasks = snapshots.tasks_in(file)
        return self._decoded(tasks)

    def _decoded(self, tasks: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        with self._server.answering():
            yield from tasks

    @rereading
    def users(self) -> dict[int, str]:
        """The e-mail address of every user of the server, by user id."""
        with self._server.answering():
            return {int(user.id or 0): str(user.email) for user in self._server.sdk.users.list()}


def connect(folder: Path) -> Client:
    """The client for the server that the environment names, else for that of ``folder``.

    Raises InputError where neither says which.
    """
    url, token = (os.environ.get(name, "").strip() for name in (URL_VARIABLE, TOKEN_VARIABLE))
    if url and token:
        return Client(url, token)
    own = read_credentials(folder)
    if own is not None and not (url or token):
        return Client(own.url, own.token)
    found = "there is no Label Studio to talk to"
    fix = f"run 'sikap studio', or set both {URL_VARIABLE} and {TOKEN_VARIABLE}"
    if url or token:
        there, missing = (URL_VARIABLE, TOKEN_VARIABLE) if url else (TOKEN_VARIABLE, URL_VARIABLE)
        found = f"{there} is set, but {missing} is not"
        fix = f"set {missing} too, or unset {there} to use the project's own Label Studio"
    raise InputError(Problem(code="no-credentials", found=found, fix=fix))


def _info(project: Any) -> ProjectInfo:  # noqa: ANN401 -- the SDK has a class for each endpoint
    return ProjectInfo(
        project_id=int(project.id),
        title=str(project.title),
        description=project.description or "",
        config=project.label_config or "",
        tasks=getattr(project, "task_number", None),
    )
