"""A server of an isolated round gives nothing to those who have an account on another.

Every route of Label Studio is tried, with ids of what is there, by B's token and by B's session.
How a server answered is shown by ``--log-cli-level=INFO``.
"""

import contextlib
import json
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import msgspec
import pytest

from builders import CONFIG
from conftest import Studio
from routes import METHODS, Route, coded, filled, published, together
from sikap.label_studio.client import Client
from sikap.label_studio.server import Credentials

pytestmark = pytest.mark.studio

LOG = logging.getLogger(__name__)
TEXT = "Warga mendukung Pasar Kembang."
NOT_ASKED = {
    "/heidi-tips/": "asks another web site for tips, as soon as anybody opens it",
    "/logout": "ends the session that is being tried",
    "/admin/logout/": "likewise",
    "/api-auth/logout/": "likewise",
    "/api/current-user/reset-token/": "makes the token that is being tried another one",
}
OPEN = {
    "/api/version/": "names and versions of the parts of Label Studio",
    "/version/": "likewise, as a page",
    "/health/": "says UP",
    "/metrics/": "an empty page",
    "/__lsa/": "takes usage counts and drops them; says nothing",
    "/sw.js": "a script, the same everywhere",
    "/sw-fallback.js": "likewise",
    "/static/fonts/roboto/roboto.css": "a style sheet, the same everywhere",
    "/samples/time-series.csv": "invented numbers for the demo of a template",
    "/samples/paragraphs.json": "an invented dialogue for the demo of a template",
    "/docs/api/schema/": "the description of the API",
    "/docs/api/schema/json/": "likewise",
    "/docs/api/schema/yaml/": "likewise",
    "/docs/api/schema/redoc/": "likewise, as a page",
    "/docs/api/schema/swagger-ui/": "likewise",
    "/user/signup/": "the form to make an account with, which then asks for an invitation",
    "/django-rq/stats.json": "says that it is not set up",
    "/django-rq/stats.json/{token}": "likewise",
    "/user/login/": "the form to log in with",
    "/api-auth/login/": "likewise",
    "/admin/login/": "likewise",
    "/api/webhooks/info/": "names of the kinds of events that there can be",
}
"""What anybody gets from a server, with what it is: no data of a project or user."""
HELD = (
    "/api/projects/",
    "/api/projects/{id}/",
    "/api/projects/{id}/tasks/",
    "/api/projects/{id}/export",
    "/api/projects/{id}/exports/",
    "/api/projects/{id}/exports/{export_pk}",
    "/api/projects/{id}/exports/{export_pk}/download",
    "/api/projects/{id}/file-uploads",
    "/api/tasks/",
    "/api/tasks/{id}/",
    "/api/tasks/{id}/annotations/",
    "/api/annotations/{id}/",
    "/api/predictions/",
    "/api/predictions/{id}/",
    "/api/drafts/{pk}/",
    "/api/projects/{pk}/next/",
    "/api/dm/views/",
    "/api/dm/views/{id}/",
    "/api/dm/project/",
    "/api/users/",
    "/api/users/{id}/",
    "/api/organizations/{id}/memberships",
    "/api/invite",
    "/api/webhooks/",
    "/api/import/file-upload/{id}",
    "/data/upload/{filename}",
    "/projects/{pk}/data/",
    "/projects/{pk}/data/export",
)
"""What the owner of the data gets from these routes shows that they were asked with good ids."""


@pytest.fixture(scope="module")
def owner(studio: Studio) -> Credentials:
    return studio.add_user("isolated-a")


@pytest.fixture(scope="module")
def stranger(other_studio: Studio) -> Credentials:
    return other_studio.add_user("isolated-b")


@pytest.fixture(scope="module")
def ids(owner: Credentials) -> dict[str, object]:
    """One of everything that a project has, by the segment of a path that stands before its id."""
    with _with_token(owner.url, owner.token) as http:

        def made(path: str, body: Any = None, **more: Any) -> Any:
            return http.post(path, json=body, **more).raise_for_status().json()

        config = CONFIG.decode()
        project = made("/api/projects/", {"title": "Milik A", "label_config": config})["id"]
        at = f"/api/projects/{project}"
        data = {"text": TEXT, "before": "", "after": ""}
        made(f"{at}/import", [{"data": data}])
        (task,) = http.get(f"/api/projects/{project}/tasks/").json()
        at_task = f"/api/tasks/{task['id']}"
        files = {"file": ("a.json", json.dumps([data]))}
        upload = made(f"{at}/import", files=files)["file_upload_ids"][0]
        file = http.get(f"/api/import/file-upload/{upload}").json()["file"]
        me = http.get("/api/current-user/whoami").json()["id"]
        return {
            "projects": project,
            "tasks": task["id"],
            "annotations": made(f"{at_task}/annotations/", {"result": [], "lead_time": 1})["id"],
            "drafts": made(f"{at_task}/drafts", {"result": [], "lead_time": 1})["id"],
            "predictions": made("/api/predictions/", {"task": task["id"], "result": []})["id"],
            "views": made("/api/dm/views/", {"project": project, "data": {}})["id"],
            "exports": made(f"{at}/exports/", {})["id"],
            "file-upload": upload,
            "upload": file.removeprefix("upload/"),
            "users": me,
            "memberships": me,
        }


@pytest.fixture(scope="module")
def routes(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> list[Route]:
    """Every route that the server publishes or has in its code."""
    all_ = together(published(studio.credentials.url), coded(tmp_path_factory.mktemp("routes")))
    return [route for route in all_ if route[1] not in NOT_ASKED]


def test_most_of_a_server_was_found(routes: list[Route]) -> None:
    assert len(routes) > 500
    paths = {path for _, path in routes}
    assert set(HELD) <= paths
    assert set(OPEN) <= paths


def test_the_owner_gets_what_a_stranger_is_to_be_refused(
    owner: Credentials, ids: dict[str, object], routes: list[Route]
) -> None:
    with _with_token(owner.url, owner.token) as http:
        reading = [(method, path) for method, path in routes if path in HELD and method == "GET"]
        found = _answers(http, reading, ids)
    assert len(found) == len(HELD)
    # Pages want a session, not a token.
    api = {route: status for route, status in found.items() if not route[1].startswith("/projects")}
    assert {route: status for route, status in api.items() if status != 200} == {}


@pytest.mark.parametrize(
    "every",
    [
        pytest.param(1, id="every route", marks=pytest.mark.scale),
        pytest.param(5, id="every fifth route"),
    ],
)
@pytest.mark.parametrize("kind", ["token", "session"])
def test_a_stranger_gets_nothing(
    kind: str,
    every: int,
    studio: Studio,
    owner: Credentials,
    stranger: Credentials,
    ids: dict[str, object],
    routes: list[Route],
) -> None:
    before = _state(studio, ids)
    with _asking(kind, owner.url, stranger) as http:
        found = _answers(http, _share(routes, every), ids)
    assert _state(studio, ids) == before
    LOG.info("%s: %s", kind, _told(found))
    given = {route: status for route, status in found.items() if status < 300}
    assert {route: status for route, status in given.items() if not _is_open(route[1])} == {}


@pytest.mark.parametrize("kind", ["token", "session"])
def test_the_same_stranger_gets_in_at_home(kind: str, stranger: Credentials) -> None:
    with _asking(kind, stranger.url, stranger) as http:
        assert http.get("/api/projects/").status_code == httpx.codes.OK
        assert http.get("/api/current-user/whoami").json()["email"] == stranger.email


def test_a_stranger_can_make_no_account(
    studio: Studio, owner: Credentials, other_studio: Studio
) -> None:
    users = studio.client.users()
    own = {"Authorization": f"Token {other_studio.credentials.token}"}
    home = httpx.get(f"{other_studio.credentials.url}/api/invite", headers=own, trust_env=False)
    for invite in ({}, {"token": home.json()["token"]}):
        with _client(owner.url) as http:
            form = {"email": "isolated-b@sikap.local", "password": "long-enough-1"}
            form["csrfmiddlewaretoken"] = http.get("/user/login/").cookies["csrftoken"]
            answer = http.post("/user/signup/", params=invite, data=form)
        assert answer.status_code == httpx.codes.FORBIDDEN
    assert studio.client.users() == users


def test_servers_have_marks_of_their_own(
    studio: Studio, owner: Credentials, other_studio: Studio
) -> None:
    same = msgspec.structs.replace(owner, url=owner.url.replace("127.0.0.1", "localhost"))
    assert Client(same.url, same.token).mark() == studio.client.mark()
    assert other_studio.client.mark() != studio.client.mark()


def _share(routes: list[Route], every: int) -> list[Route]:
    """One route in ``every``, and each whose answer holds data."""
    return [route for n, route in enumerate(routes) if n % every == 0 or route[1] in HELD]


def _is_open(path: str) -> bool:
    # The page of versions answers to every path that ends like its own, those of models too.
    return path in OPEN or path.startswith("/admin/ml_models/thirdpartymodelversion/")


def _client(url: str, **more: Any) -> httpx.Client:
    return httpx.Client(
        base_url=url, trust_env=False, timeout=60, headers={"Referer": f"{url}/"}, **more
    )


def _with_token(url: str, token: str) -> httpx.Client:
    http = _client(url)
    http.headers["Authorization"] = f"Token {token}"
    return http


@contextlib.contextmanager
def _asking(kind: str, url: str, user: Credentials) -> Iterator[httpx.Client]:
    """A client of ``url`` with the token, or the session, that a user has on the user's server."""
    if kind == "token":
        with _with_token(url, user.token) as http:
            yield http
        return
    with _client(url) as http:
        # The form token is anybody's: without it a refusal might speak of that alone.
        form = http.get("/user/login/").cookies["csrftoken"]
        http.cookies.clear()
        http.headers["X-CSRFToken"] = form
        http.headers["Cookie"] = f"csrftoken={form}; sessionid={_session(user)}"
        yield http


def _session(user: Credentials) -> str:
    with _client(user.url) as http:
        form = {"email": user.email, "password": user.password}
        form["csrfmiddlewaretoken"] = http.get("/user/login/").cookies["csrftoken"]
        assert http.post("/user/login/", data=form).is_redirect
        return str(http.cookies["sessionid"])


def _answers(
    http: httpx.Client, routes: list[Route], ids: Mapping[str, object]
) -> dict[Route, int]:
    """What a server answers to each route, with the ids of what is there."""
    asked: dict[str, Any] = {"project": ids["projects"], "task": ids["tasks"]}
    asked |= {"id": "delete_tasks", "filepath": f"upload/{ids['upload']}"}
    answers = {}
    for method, path in routes:
        body: Any = {} if method in METHODS[1:4] else None
        answer = http.request(method, filled(path, ids), params=asked, json=body)
        assert "sign" not in answer.headers.get("location", ""), (method, path)
        http.cookies.clear()  # what the server would have us send instead
        answers[method, path] = answer.status_code
    return answers


def _told(answers: Mapping[Route, int]) -> dict[str, dict[str, int]]:
    """How many requests were answered how, by method."""
    counts: dict[str, Counter[str]] = {method: Counter() for method in METHODS}
    for (method, _), status in answers.items():
        counts[method][str(status)] += 1
    return {method: dict(sorted(count.items())) for method, count in counts.items()}


def _state(studio: Studio, ids: Mapping[str, object]) -> Any:
    """What stands in the project on the server, and who is there."""
    number = int(str(ids["projects"]))
    tasks = list(studio.client.export(number))
    return tasks, studio.client.project(number), studio.client.users()
