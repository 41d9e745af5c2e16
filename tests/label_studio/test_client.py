"""The client against a real Label Studio, and against servers that are none."""

import contextlib
import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import label_studio_sdk
import msgspec
import pytest

from conftest import Studio
from loopback import serving
from sikap.errors import InputError, ServiceError
from sikap.label_studio import client as client_module
from sikap.label_studio import retry
from sikap.label_studio.client import Client, ProjectInfo, connect
from sikap.label_studio.connection import Connection
from sikap.labelling_config.scheme_from_xml import same_config

CONFIG = (Path(__file__).parents[2] / "schema" / "stance_entities.xml").read_text(encoding="utf-8")
SECRET = "5ec4e7" * 6 + "5ec4"
SDK_ROOMS = ("core", "errors", "projects.exports.client_ext")


def task(number: int) -> dict[str, Any]:
    return {"data": {"item_id": f"i{number}", "text": "Ia pergi.", "before": "", "after": ""}}


def span(label: str) -> dict[str, Any]:
    value = {"start": 0, "end": 2, "text": "Ia", "labels": [label]}
    names = {"from_name": "entities", "to_name": "text", "type": "labels"}
    return {"id": "a", "value": value, **names}


def post(studio: Studio, path: str, body: object) -> int:
    headers = {"Authorization": f"Token {studio.credentials.token}"}
    address = f"{studio.credentials.url}{path}"
    answer = httpx.post(address, json=body, headers=headers, trust_env=False)
    return answer.status_code


@pytest.fixture
def project(studio: Studio, request: pytest.FixtureRequest) -> ProjectInfo:
    title = request.node.name[:50]
    return studio.client.create_project(title, "of a test", CONFIG, "<p>Read.</p>", 2)


@pytest.mark.studio
class TestAProject:
    def test_is_found_again_as_it_was_made(self, studio: Studio, project: ProjectInfo) -> None:
        found = studio.client.project(project.project_id)
        assert found == msgspec.structs.replace(project, tasks=0)
        assert studio.client.find_project(project.title) == found
        assert project.description == "of a test"
        assert same_config(project.config, CONFIG)

    def test_is_found_by_its_whole_title_only(self, studio: Studio, project: ProjectInfo) -> None:
        assert studio.client.find_project(project.title[:-1]) is None

    def test_that_is_not_there_is_none(self, studio: Studio) -> None:
        assert studio.client.project(10**6) is None

    def test_shows_instructions_and_counts_skips(
        self, studio: Studio, project: ProjectInfo
    ) -> None:
        headers = {"Authorization": f"Token {studio.credentials.token}"}
        address = f"{studio.credentials.url}/api/projects/{project.project_id}"
        made = httpx.get(address, headers=headers, trust_env=False).json()
        assert made["show_instruction"]
        assert made["expert_instruction"] == "<p>Read.</p>"
        assert made["maximum_annotations"] == 2
        assert made["sampling"] == "Sequential sampling"
        assert made["skip_queue"] == "IGNORE_SKIPPED"
        assert made["overlap_cohort_percentage"] == 100

    def test_with_a_wrong_config_is_refused_with_the_reason(self, studio: Studio) -> None:
        with pytest.raises(ServiceError, match=r"\[server-error\].*label_config"):
            studio.client.create_project("wrong", "", "<View><Labels/></View>", "", 1)


@pytest.mark.studio
class TestTasks:
    def test_come_back_in_the_order_of_import_over_all_pages(
        self, studio: Studio, project: ProjectInfo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sent = [task(number) for number in (3, 1, 2, 5, 4)]
        task_ids = studio.client.import_tasks(project.project_id, sent)
        monkeypatch.setattr(client_module, "PAGE", 2)
        received = list(studio.client.tasks(project.project_id))
        assert received == [(t, s["data"]) for t, s in zip(task_ids, sent, strict=True)]

    def test_of_an_empty_project_are_none(self, studio: Studio, project: ProjectInfo) -> None:
        assert list(studio.client.tasks(project.project_id)) == []

    def test_of_a_missing_project_are_an_error(self, studio: Studio) -> None:
        with pytest.raises(ServiceError, match=r"\[server-error\].*404"):
            list(studio.client.tasks(10**6))

    def test_without_a_text_that_the_config_shows_are_refused(
        self, studio: Studio, project: ProjectInfo
    ) -> None:
        with pytest.raises(ServiceError, match=r"\[server-error\].*before"):
            studio.client.import_tasks(project.project_id, [{"data": {"text": "Ia."}}])
        assert list(studio.client.tasks(project.project_id)) == []

    def test_bring_annotations_of_other_users(self, studio: Studio, project: ProjectInfo) -> None:
        email = studio.add_user("siti").email
        user = next(id_ for id_, name in studio.client.users().items() if name == email)
        made = {"result": [span("PER")], "completed_by": user}
        studio.client.import_tasks(project.project_id, [task(1) | {"annotations": [made]}])
        [exported] = studio.client.export(project.project_id)
        [annotation] = exported["annotations"]
        assert annotation["completed_by"] == user
        assert annotation["result"] == [span("PER")]


@pytest.mark.studio
def test_an_export_has_every_task_with_what_was_submitted_skipped_and_begun(
    studio: Studio, project: ProjectInfo
) -> None:
    sent = [task(number) for number in range(4)]
    submitted, skipped, begun, _ = studio.client.import_tasks(project.project_id, sent)
    done = {"result": [span("ORG")], "lead_time": 2.5}
    assert post(studio, f"/api/tasks/{submitted}/annotations/", done) == 201
    cancelled = {"result": [], "was_cancelled": True}
    assert post(studio, f"/api/tasks/{skipped}/annotations/", cancelled) == 201
    assert post(studio, f"/api/tasks/{begun}/drafts", {"result": []}) == 201
    exported = list(studio.client.export(project.project_id))
    assert [each["data"]["item_id"] for each in exported] == ["i0", "i1", "i2", "i3"]
    assert [len(each["annotations"]) for each in exported] == [1, 1, 0, 0]
    assert [len(each["drafts"]) for each in exported] == [0, 0, 1, 0]
    assert exported[0]["annotations"][0]["lead_time"] == 2.5
    assert exported[1]["annotations"][0]["was_cancelled"]


@pytest.mark.studio
class TestAToken:
    def test_says_whose_it_is(self, studio: Studio) -> None:
        assert studio.client.check() == studio.credentials.email

    def test_that_is_wrong_is_an_error(self, studio: Studio) -> None:
        with pytest.raises(ServiceError, match=r"\[token\]") as caught:
            Client(studio.credentials.url, SECRET).check()
        assert SECRET not in str(caught.value)


def test_a_token_that_cannot_be_one_is_refused_before_it_is_sent() -> None:
    with pytest.raises(InputError, match=r"\[token\]"):
        Client("http://127.0.0.1:9", "new\nline")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense", "http://[::", "ftp://x.invalid"])
def test_where_nobody_answers_there_is_no_server(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "SHORTEST", 0.0)
    with pytest.raises(ServiceError, match=r"\[no-server\]"):
        Client(url, SECRET).check()


DEEP = b"[" * 100_000 + b"]" * 100_000


@pytest.mark.parametrize(
    "body", [b"<html>hello</html>", b"{}", b"[1]", b"null", b'"text"', b"", DEEP]
)
def test_an_answer_of_no_label_studio_is_an_error(
    answering: Callable[[int, bytes], tuple[str, list[str]]], body: bytes
) -> None:
    url, _ = answering(200, body)
    client = Client(url, SECRET)
    for call in (client.check, lambda: client.project(1), lambda: list(client.export(1))):
        with pytest.raises(ServiceError, match=r"\[(no-server|server-error)\]"):
            call()


def test_a_page_of_tasks_that_comes_again_holds_the_same_tasks(
    answering: Callable[[int, bytes], tuple[str, list[str]]],
) -> None:
    url, _ = answering(200, b'{"tasks": [{"id": 4, "data": {"item_id": "a"}}], "total": 3}')
    assert list(Client(url, SECRET).tasks(1)) == [(4, {"item_id": "a"})]


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nothing_is_sent_on_to_another_server(
    answering: Callable[..., tuple[str, list[str]]], status: int
) -> None:
    other, seen = answering(200, b'{"task_ids": [1]}')
    url, _ = answering(status, b"", other.replace("127.0.0.1", "localhost"))
    client = Client(url, SECRET)
    for call in (client.check, lambda: client.import_tasks(1, [task(1)])):
        with pytest.raises(ServiceError, match="sends us on to http://localhost"):
            call()
    assert seen == []


def test_a_server_that_repeats_the_token_does_not_get_it_printed(
    answering: Callable[[int, bytes], tuple[str, list[str]]],
) -> None:
    url, _ = answering(400, b'{"detail": "bad token ' + SECRET.encode() + b'"}')
    with pytest.raises(ServiceError, match=r"bad token \(token\)"):
        Client(url, SECRET).check()


@pytest.mark.parametrize("host", ["127.0.0.1:9", "[::", "127.0.0.1:nine"])
def test_a_password_in_the_url_is_not_printed(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retry, "SHORTEST", 0.0)
    for password in ("hunter2", "hun/ter2", "hun@ter2"):
        for protocol in ("http://", ""):
            with pytest.raises(ServiceError, match=r"\[no-server\]") as caught:
                Client(f"{protocol}user:{password}@{host}", SECRET).check()
            assert not re.search("user|hun|ter2", str(caught.value))
            assert f"{protocol}{host} does not answer" in str(caught.value)


def test_a_server_that_repeats_the_url_does_not_get_its_password_printed(
    answering: Callable[[int, bytes], tuple[str, list[str]]],
) -> None:
    url, _ = answering(400, b'{"detail": "no http://user:hunter2@host/x"}')
    client = Client(url.replace("//", "//user:hunter2@"), SECRET)
    assert client.url == url
    with pytest.raises(ServiceError, match="no http://host/x"):
        client.check()


def test_where_there_is_no_such_page_the_url_is_in_doubt(
    answering: Callable[[int, bytes], tuple[str, list[str]]],
) -> None:
    url, _ = answering(404, b"<html>")
    with pytest.raises(ServiceError, match=r"404.*LABEL_STUDIO_URL may be wrong"):
        Client(f"{url}/user/login", SECRET).check()


def test_what_reads_is_tried_again_and_what_creates_is_not(
    answering: Callable[[int, bytes], tuple[str, list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "SHORTEST", 0.0)
    url, seen = answering(500, b"{}")
    client = Client(url, SECRET)
    with pytest.raises(ServiceError):
        client.check()
    with pytest.raises(ServiceError):
        client.import_tasks(1, [task(1)])
    with pytest.raises(ServiceError):
        client.create_project("title", "", CONFIG, "", 1)
    assert seen == ["GET"] * 3 + ["POST"] * 2


@pytest.mark.parametrize(
    ("status", "times"), [(408, 3), (425, 3), (429, 3), (502, 3), (504, 3), (400, 1), (401, 1)]
)
def test_only_what_may_pass_is_tried_again(
    answering: Callable[[int, bytes], tuple[str, list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    status: int,
    times: int,
) -> None:
    monkeypatch.setattr(retry, "SHORTEST", 0.0)
    url, seen = answering(status, b"{}")
    with pytest.raises(ServiceError):
        Client(url, SECRET).users()
    assert seen == ["GET"] * times


def test_every_exception_of_the_sdk_and_below_is_one_of_ours() -> None:
    way = Connection("http://127.0.0.1:9", SECRET)
    classes = sdk_exceptions() | {httpx.InvalidURL} | descendants(httpx.HTTPError)
    assert len(classes) > 25
    for kind in classes:
        with pytest.raises(ServiceError) as caught, way.answering():
            raise instance(kind)
        assert SECRET not in str(caught.value), kind


class TestConnecting:
    def test_prefers_the_environment(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write_credentials(tmp_path)
        monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:1/ ")
        monkeypatch.setenv("LABEL_STUDIO_API_KEY", SECRET)
        assert connect(tmp_path).url == "http://127.0.0.1:1"

    def test_falls_back_to_the_server_of_the_project(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_credentials(tmp_path)
        monkeypatch.delenv("LABEL_STUDIO_URL", raising=False)
        monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
        assert connect(tmp_path).url == "http://127.0.0.1:2"

    @pytest.mark.parametrize("name", ["LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY", "OTHER"])
    def test_does_not_mix_the_two(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        monkeypatch.delenv("LABEL_STUDIO_URL", raising=False)
        monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
        monkeypatch.setenv(name, SECRET)
        if name != "OTHER":
            write_credentials(tmp_path)
        with pytest.raises(InputError, match=r"\[no-credentials\]") as caught:
            connect(tmp_path)
        assert SECRET not in str(caught.value)
        if name != "OTHER":
            (missing,) = {"LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"} - {name}
            assert f"{name} is set, but {missing} is not" in str(caught.value)


@pytest.fixture
def answering() -> Iterator[Callable[..., tuple[str, list[str]]]]:
    """Start servers that answer everything alike; each gives its URL and the methods it saw."""
    with contextlib.ExitStack() as servers:

        def start(status: int, body: bytes, location: str = "") -> tuple[str, list[str]]:
            seen: list[str] = []

            def answer(method: str, _: str) -> tuple[int, bytes]:
                seen.append(method)
                return status, body

            return servers.enter_context(serving(answer, location)), seen

        yield start


def write_credentials(folder: Path) -> None:
    text = '{"url":"http://127.0.0.1:2","email":"a","password":"b","token":"c"}'
    (folder / "credentials.json").write_text(text)


def sdk_exceptions() -> set[type[Exception]]:
    """The exception classes that the SDK defines where its clients live."""
    names = []
    for room in SDK_ROOMS:
        module = importlib.import_module(f"{label_studio_sdk.__name__}.{room}")
        inside = pkgutil.walk_packages(getattr(module, "__path__", []), f"{module.__name__}.")
        names += [module.__name__, *(each.name for each in inside)]
    values = (value for name in names for value in vars(importlib.import_module(name)).values())
    classes = {value for value in values if isinstance(value, type)}
    ours = {each for each in classes if each.__module__.startswith(label_studio_sdk.__name__)}
    return {each for each in ours if issubclass(each, Exception)}


def descendants(kind: type[Exception]) -> set[type[Exception]]:
    return {kind}.union(*(descendants(each) for each in kind.__subclasses__()))


def instance(kind: type[Exception]) -> Exception:
    """An exception that names the token wherever it can."""
    made = kind.__new__(kind)
    Exception.__init__(made, f"refused {SECRET}")
    for name in ("body", "headers"):
        setattr(made, name, {"detail": SECRET})
    setattr(made, "status_code", 418)  # noqa: B010 -- the class may not declare it
    return made
