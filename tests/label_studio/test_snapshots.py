"""Pulling by snapshots from a real Label Studio, and from servers that make none."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from conftest import Studio
from loopback import serving
from sikap.errors import ServiceError
from sikap.label_studio import snapshots
from sikap.label_studio.client import Client, ProjectInfo
from sikap.label_studio.wire.exports import encode_export, scrub

CONFIG = (Path(__file__).parents[2] / "schema" / "stance_entities.xml").read_text(encoding="utf-8")
TASKS = [{"id": 1, "data": {"item_id": "a"}}, {"id": 2, "data": {"item_id": "b"}}]


def call(studio: Studio, method: str, path: str, body: object = None) -> Any:
    headers = {"Authorization": f"Token {studio.credentials.token}"}
    address = f"{studio.credentials.url}{path}"
    answer = httpx.request(method, address, json=body, headers=headers, trust_env=False)
    answer.raise_for_status()
    return answer.json() if answer.content else None


@pytest.fixture
def project(studio: Studio, request: pytest.FixtureRequest) -> ProjectInfo:
    return studio.client.create_project(request.node.name[:50], "", CONFIG, "", 2)


def fill(studio: Studio, project: ProjectInfo) -> None:
    """Tasks with everything that an annotator can leave behind."""
    span = {"start": 0, "end": 2, "text": "Ia", "labels": ["PER"]}
    names = {"id": "a", "from_name": "entities", "to_name": "text", "type": "labels"}
    result = [{**names, "value": span}]
    data = [{"item_id": f"i{n}", "text": "Ia 😀.", "before": "", "after": ""} for n in range(6)]
    tasks: list[dict[str, Any]] = [{"data": one} for one in data]
    tasks[5]["predictions"] = [{"result": result, "model_version": "m"}]
    done, skipped, begun, gold, again, _ = studio.client.import_tasks(project.project_id, tasks)
    made = call(
        studio, "POST", f"/api/tasks/{done}/annotations/", {"result": result, "lead_time": 1.5}
    )
    more = [
        (skipped, {"result": [], "was_cancelled": True}),
        (gold, {"result": result, "ground_truth": True}),
        (again, {"result": []}),
        (done, {"result": result, "parent_annotation": made["id"]}),
    ]
    for task, annotation in more:
        call(studio, "POST", f"/api/tasks/{task}/annotations/", annotation)
    for postponed in (False, True):
        draft: dict[str, Any] = {"result": [], "was_postponed": postponed}
        call(studio, "POST", f"/api/tasks/{begun}/drafts", draft)


@pytest.mark.studio
class TestASnapshot:
    def test_holds_what_the_plain_export_holds(
        self, studio: Studio, project: ProjectInfo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(studio, project)
        one = scrub(studio.client.export(project.project_id), {})
        monkeypatch.setattr(snapshots, "fetch", refused)
        other = scrub(studio.client.export(project.project_id), {})
        assert encode_export(one) == encode_export(other)
        assert [len(task["annotations"]) for task in one] == [2, 1, 0, 1, 1, 0]
        assert [len(task["drafts"]) for task in one] == [0, 0, 2, 0, 0, 0]
        assert [bool(a.get("parent_annotation")) for a in one[0]["annotations"]] == [False, True]

    def test_is_gone_afterwards_and_so_is_one_that_a_killed_pull_left(
        self, studio: Studio, project: ProjectInfo
    ) -> None:
        fill(studio, project)
        path = f"/api/projects/{project.project_id}/exports/"
        for title in (snapshots.TITLE, snapshots.TITLE, "somebody else's"):
            call(studio, "POST", path, {"title": title})
        assert len(call(studio, "GET", path)) == 3
        assert len(list(studio.client.export(project.project_id))) == 6
        assert [one["title"] for one in call(studio, "GET", path)] == ["somebody else's"]


def refused(*_: object) -> None:
    raise ValueError("no snapshots here")


class Server:
    """A Label Studio on the loopback whose snapshots fail in one way; its plain export works."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.asked: list[str] = []
        self.there: list[dict[str, Any]] = []

    def answer(self, method: str, path: str) -> tuple[int, Any]:
        """Status and body of one request."""
        self.asked.append(f"{method} {path}")
        if path.endswith("/export"):
            return (500, {}) if self.fault == "everything" else (200, TASKS)
        if self.fault in {"none", "everything"}:
            return 404, {"detail": "Not found."}
        if path.endswith("/download"):
            body = {"cut": "off"} if self.fault == "no list" else TASKS
            return (404, {}) if self.fault == "lost" else (200, body)
        return self.snapshot(method, path)

    def snapshot(self, method: str, path: str) -> tuple[int, Any]:
        """Status and body of a request that makes, looks at or deletes one."""
        if method == "DELETE":
            return (500, {}) if self.fault == "stays" else (204, None)
        made = {"slow": "in_progress", "fails later": "in_progress", "fails": "failed"}
        if method == "POST":
            return 201, {"id": 7, "status": made.get(self.fault, "completed")}
        if path.rstrip("/").endswith("/exports/7"):
            return 200, {"id": 7, "status": "completed" if self.fault == "slow" else "failed"}
        return 200, self.there


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[tuple[Server, Client]]:
    model = Server(request.param)

    def answer(method: str, path: str) -> tuple[int, bytes]:
        status, body = model.answer(method, path)
        return status, b"" if body is None else json.dumps(body).encode()

    with serving(answer) as url:
        yield model, Client(url, "5ec4e7" * 6)


def plain(model: Server) -> bool:
    return "GET /api/projects/1/export" in model.asked


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("label_studio_sdk.core.http_client.INITIAL_RETRY_DELAY_SECONDS", 0)


@pytest.mark.parametrize(
    "server", ["none", "fails", "fails later", "lost", "no list"], indirect=True
)
def test_where_a_snapshot_fails_the_plain_export_is_pulled(server: tuple[Server, Client]) -> None:
    model, client = server
    assert list(client.export(1)) == TASKS
    assert plain(model)


@pytest.mark.parametrize("server", ["", "slow", "stays"], indirect=True)
def test_where_a_snapshot_is_had_in_the_end_no_plain_export_is_asked_for(
    server: tuple[Server, Client],
) -> None:
    model, client = server
    assert list(client.export(1)) == TASKS
    assert not plain(model)
    assert any(one.startswith("DELETE") for one in model.asked)


@pytest.mark.parametrize("server", ["everything"], indirect=True)
def test_where_nothing_can_be_had_it_is_an_error(server: tuple[Server, Client]) -> None:
    _, client = server
    with pytest.raises(ServiceError, match=r"\[server-error\]"):
        client.export(1)


@pytest.mark.parametrize("server", [""], indirect=True)
def test_a_snapshot_that_is_still_being_made_by_another_pull_is_left_alone(
    server: tuple[Server, Client],
) -> None:
    model, client = server
    model.there = [
        {"id": 3, "title": snapshots.TITLE, "status": "in_progress"},
        {"id": 4, "title": snapshots.TITLE, "status": "failed"},
        {"id": 5, "title": "of somebody else", "status": "completed"},
    ]
    list(client.export(1))
    deleted = [one for one in model.asked if one.startswith("DELETE")]
    assert deleted == [f"DELETE /api/projects/1/exports/{n}" for n in (4, 7)]
