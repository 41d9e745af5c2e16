"""The client of a Label Studio server, ours or any other: the only importer of its SDK.

Whatever goes wrong below comes out as one error with a code, and the token is in none of them:

    token         401, 403
    server-error  any other answer that is not what was asked for
    no-server     no answer

What may pass is a PassingError. What reads is read again by itself; what creates or deletes is
tried once, for a lost answer does not say that nothing was done: the caller looks first.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import httpx
import msgspec

from sikap.errors import InputError, Problem, ServiceError
from sikap.store import sha256
from sikap.studio import snapshots
from sikap.studio.retrying import PassingError, again, rereading, retry_after
from sikap.studio.server import HOST, read_credentials

URL_VARIABLE = "LABEL_STUDIO_URL"
TOKEN_VARIABLE = "LABEL_STUDIO_API_KEY"  # noqa: S105 -- the name of a variable
TIMEOUT = 60
LONG_TIMEOUT = 600
PAGE = 2000
CHUNK = 200  # task ids that are named in one address
MAY_PASS = {408, 425, 429}

LONG: Any = {"timeout_in_seconds": LONG_TIMEOUT}

T = TypeVar("T")


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
        from label_studio_sdk import LabelStudio  # noqa: PLC0415 -- takes long to import

        if not (token.isascii() and token.isprintable()):
            found, fix = "the token holds characters that no token has", "copy it again"
            raise InputError(Problem(code="token", found=found, fix=fix))
        url = url.rstrip("/")
        self._user = _user_in(url)
        self.url = url.replace(self._user, "", 1)
        self._token = token
        with self._answering():
            local = httpx.URL(url).host in {HOST, "localhost"}
            http = httpx.Client(
                timeout=TIMEOUT,
                follow_redirects=True,
                trust_env=not local,
                event_hooks={"response": [_stay]},
            )
            make: Any = LabelStudio
            self._sdk = make(base_url=url, api_key=token, httpx_client=http, max_retries=0)
            self._http, self._base = http, url
        self._heard = False

    @rereading
    def check(self) -> str:
        """The e-mail address of the user whose token this is."""
        with self._answering():
            email = getattr(self._sdk.users.whoami(), "email", None)
        if not isinstance(email, str):
            found, fix = f"{self.url} is no Label Studio", f"correct {URL_VARIABLE}"
            raise ServiceError(Problem(code="no-server", found=found, fix=fix))
        return email

    def mark(self) -> str:
        """What tells this server from every other: the digest of its organisation's invitation.

        The same for all its users, at whatever address it is reached; no token leaves for it.
        """
        with self._answering():
            token = self._sdk.organizations.invites.get_invite_link().token
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
        with self._answering():
            listed = list(self._sdk.projects.list(include="id,title", page_size=PAGE))
        return sorted(project.id for project in listed if project.title == title)

    @rereading
    def project(self, project_id: int) -> ProjectInfo | None:
        """A project by its id; None where there is none."""
        from label_studio_sdk.core.api_error import ApiError  # noqa: PLC0415

        with self._answering():
            try:
                return _info(self._sdk.projects.get(project_id))
            except ApiError as error:
                if error.status_code == httpx.codes.NOT_FOUND:
                    return None
                raise

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
        with self._answering():
            made = self._sdk.projects.create(
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
        self._ask("DELETE", f"projects/{project_id}")

    def tasks(self, project_id: int) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield id and data of every task of a project, in import order."""
        query = json.dumps({"ordering": ["tasks:id"]})
        asked = {"project": project_id, "include": "id,data", "query": query, "page_size": PAGE}
        # The SDK makes a model of every task and checks it, which takes longer than the server.
        read: set[int] = set()
        total, page = 1, 0
        while len(read) < total:
            page += 1
            answer = self._read("tasks", {**asked, "page": page, "resolve_uri": "false"}, _Page)
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
        answer = self._ask(
            "POST", f"projects/{project_id}/import", {"return_task_ids": "true"}, list(tasks)
        )
        with self._answering():
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
            tasks = self._read(f"projects/{project_id}/export", named, list[_Touched])
            found.update(task.id for task in tasks if task.annotations or task.drafts)
        return found

    def delete_tasks(self, project_id: int, task_ids: Sequence[int]) -> None:
        """Take tasks out of a project, with all that was said of them."""
        if task_ids:
            chosen = {"all": False, "included": list(task_ids)}
            asked = {"id": "delete_tasks", "project": project_id}
            self._ask("POST", "dm/actions/", asked, {"selectedItems": chosen})

    @rereading
    def export(self, project_id: int) -> Iterator[dict[str, Any]]:
        """Every task in Label Studio's JSON export form, all fetched, decoded one by one.

        ``annotations`` holds the cancelled ones (skipped tasks) too, ``drafts`` what somebody
        began and has not submitted. A server that makes no snapshot is asked for the plain export.
        """
        file = tempfile.TemporaryFile()  # noqa: SIM115 -- it lives as long as it is read
        exports = self._sdk.projects.exports
        try:
            with self._answering():
                snapshots.fetch(exports, project_id, file)
                tasks = snapshots.tasks_in(file)
        except ServiceError:
            # Whatever the reason was: if it is one against pulling at all, this says so again.
            file.seek(0)
            file.truncate()
            with self._answering():
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
        with self._answering():
            yield from tasks

    @rereading
    def users(self) -> dict[int, str]:
        """The e-mail address of every user of the server, by user id."""
        with self._answering():
            return {int(user.id or 0): str(user.email) for user in self._sdk.users.list()}

    def _ask(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None = None,
        body: object = None,
    ) -> httpx.Response:
        """One request to the API, without the SDK; a bad answer is raised as it would raise it."""
        from label_studio_sdk.core.api_error import ApiError  # noqa: PLC0415

        headers = {"Authorization": f"Token {self._token}"}
        content = msgspec.json.encode(body) if body is not None else None
        if content is not None:
            headers["Content-Type"] = "application/json"
        with self._answering():
            answer = self._http.request(
                method,
                f"{self._base}/api/{path}",
                params=params,
                headers=headers,
                content=content,
                timeout=TIMEOUT if method == "GET" else LONG_TIMEOUT,
            )
            if not answer.is_success:
                told = dict(answer.headers)
                raise ApiError(headers=told, status_code=answer.status_code, body=_body(answer))
        return answer

    def _read(self, path: str, params: dict[str, Any], form: type[T]) -> T:
        """What the API gives when it is only asked; read again while the server fails."""
        answer = again(lambda: self._ask("GET", path, params))
        with self._answering():
            return msgspec.json.decode(answer.content, type=form)

    @contextlib.contextmanager
    def _answering(self) -> Iterator[None]:
        """Turn every exception of the SDK and of what lies below it into ours."""
        from label_studio_sdk.core.api_error import ApiError  # noqa: PLC0415
        from label_studio_sdk.core.parse_error import ParsingError  # noqa: PLC0415

        try:
            yield
            self._heard = True
        except (ApiError, ParsingError) as error:
            raise self._answered(error.status_code, error.body, error.headers) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            # What could not be read of a URL is repeated in pieces: there nothing is said of them.
            said = "" if self._user else f": {error}"
            detail = self._clean(f"{type(error).__name__}{said}")
            found = f"{self._clean(self.url)} does not answer ({detail})"
            fix = f"start it (sikap studio) or correct {URL_VARIABLE}, then run again"
            problem = Problem(code="no-server", found=found, fix=fix)
            lost = isinstance(error, httpx.TransportError)
            passing = lost and not isinstance(error, httpx.UnsupportedProtocol)
            if passing:
                raise PassingError(problem, heard=self._heard) from error
            raise ServiceError(problem) from error
        except (
            *(ValueError, TypeError, AttributeError, RecursionError),
            msgspec.MsgspecError,
        ) as error:
            # The SDK does not check what it reads: an answer of another form ends up here.
            found = self._clean(f"{self.url} gave an answer that cannot be read: {error}")
            fix = "see that it is a Label Studio that this version of sikap knows"
            raise ServiceError(Problem(code="server-error", found=found, fix=fix)) from error

    def _answered(
        self, status: int | None, body: object, headers: Mapping[str, str] | None
    ) -> ServiceError:
        if status in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
            found = f"{self._clean(self.url)} refuses the token ({status})"
            fix = f"put a token from your account page there into {TOKEN_VARIABLE}"
            return ServiceError(Problem(code="token", found=found, fix=fix))
        found = self._clean(f"{self.url} answered {status}: {_said(body)}")
        fix = "see the server's log, then run again"
        if status == httpx.codes.NOT_FOUND:
            fix = f"{URL_VARIABLE} may be wrong: give the server's address alone, without a page"
        problem = Problem(code="server-error", found=found, fix=fix)
        if status in MAY_PASS or (status or 0) >= httpx.codes.INTERNAL_SERVER_ERROR:
            asked = httpx.Headers(headers or {}).get("retry-after")
            return PassingError(problem, retry_after(asked), heard=self._heard)
        return ServiceError(problem)

    def _clean(self, text: str) -> str:
        for secret, name in ((self._token, "(token)"), (self._user, "")):
            text = text.replace(secret, name) if secret else text
        return text[:600]


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


def _user_in(url: str) -> str:
    """The user and password that stand in a URL before its host, with the @; empty without."""
    before, at, _ = url.rpartition("@")
    return before.partition("//")[2] + at


def _stay(answer: httpx.Response) -> None:
    """Raise ServiceError where a server sends us to another, or to where all can listen.

    httpx would keep the token back, but not what is sent; and what comes back is another's word.
    """
    if not answer.has_redirect_location:
        return
    here = answer.request.url
    there = here.join(answer.headers["location"])
    if there.host != here.host or there.scheme not in {here.scheme, "https"}:
        found = f"{here.host} sends us on to {there.scheme}://{there.host}"
        fix = f"if that is right, name it in {URL_VARIABLE}"
        raise ServiceError(Problem(code="server-error", found=found, fix=fix))


def _said(body: object) -> str:
    if isinstance(body, dict):
        telling = {key: body[key] for key in ("detail", "validation_errors") if key in body}
        return json.dumps(telling or body, default=str, ensure_ascii=False)
    text = str(body).strip()
    return "a web page" if text.startswith("<") else text


def _body(answer: httpx.Response) -> object:
    try:
        return answer.json()
    except ValueError:
        return answer.text


def _info(project: Any) -> ProjectInfo:  # noqa: ANN401 -- the SDK has a class for each endpoint
    return ProjectInfo(
        project_id=int(project.id),
        title=str(project.title),
        description=project.description or "",
        config=project.label_config or "",
        tasks=getattr(project, "task_number", None),
    )
