"""Which server is whose in an isolated round, without a server."""

import json
import stat
from pathlib import Path

import pytest

from builders import codes, manifest, project
from conftest import Studio
from isolated import planned
from projects import export, read_lines, sikap
from sikap import InputError, Project, ServiceError, link_annotator, pull_round
from sikap.rounds.planning.task_order import items_for
from sikap.steps.project_files import read_round
from sikap.steps.rounds.servers import Server, places, read_servers, register_server, write_servers

SECRET = "f" * 40
ISOLATED = manifest(roster=("a1", "a2"), blindness="isolated")


@pytest.fixture
def made(tmp_path: Path) -> Project:
    return project(tmp_path)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("label_studio_sdk.core.http_client.INITIAL_RETRY_DELAY_SECONDS", 0)


def test_every_annotator_without_a_server_is_named(made: Project) -> None:
    with pytest.raises(InputError) as raised:
        places(made, ISOLATED)
    assert [(one.code, one.id) for one in raised.value.problems] == [
        ("no-credentials", "a1"),
        ("no-credentials", "a2"),
    ]
    assert "sikap studio --annotator a1" in str(raised.value)
    assert "sikap annotators server a2 URL" in str(raised.value)


def test_every_server_that_does_not_answer_is_named(made: Project) -> None:
    dead = {
        name: Server(f"http://127.0.0.1:{port}", SECRET) for name, port in (("a1", 9), ("a2", 7))
    }
    write_servers(made, dead)
    with pytest.raises(ServiceError) as raised:
        places(made, ISOLATED)
    assert [(one.code, one.id) for one in raised.value.problems] == [
        ("no-server", "a1"),
        ("no-server", "a2"),
    ]
    assert "sikap annotators server a2 URL" in str(raised.value)
    assert SECRET not in str(raised.value)


def test_servers_are_private(made: Project) -> None:
    assert write_servers(made, {"a2": Server("http://127.0.0.1:9", SECRET)})
    assert write_servers(made, {"a1": Server("http://127.0.0.1:7", SECRET)})
    assert not write_servers(made, {"a1": Server("http://127.0.0.1:7", SECRET)})
    assert stat.S_IMODE(made.servers.stat().st_mode) == 0o600
    assert list(read_servers(made)) == ["a1", "a2"]
    assert SECRET not in repr(read_servers(made))


def test_a_server_is_not_registered_without_a_token(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
    with pytest.raises(InputError, match=r"\[no-credentials\] LABEL_STUDIO_API_KEY is not set"):
        register_server(made, "a1", "http://127.0.0.1:9")
    assert not made.servers.exists()


@pytest.mark.parametrize(("name", "code"), [("a9", "round-roster"), ("a1", "no-server")])
def test_nor_for_a_stranger_nor_where_nobody_answers(
    made: Project, name: str, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", SECRET)
    with pytest.raises((InputError, ServiceError), match=rf"\[{code}\]") as raised:
        register_server(made, name, "http://127.0.0.1:9")
    assert SECRET not in str(raised.value)
    assert not made.servers.exists()


@pytest.mark.studio
class TestRegistering:
    def test_keeps_the_token_and_prints_it_nowhere(
        self,
        made: Project,
        studio: Studio,
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        url, token = studio.credentials.url, studio.credentials.token
        monkeypatch.setenv("LABEL_STUDIO_API_KEY", token)
        (made.root / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
        for extra in ([], ["--json"]):
            assert sikap(made.root, "annotators", "server", "a1", f"{url}/", *extra) == 0
        told = capfd.readouterr()
        assert url in told.out
        assert token not in told.out + told.err
        assert read_servers(made) == {"a1": Server(url, token)}
        assert not register_server(made, "a1", url).changed

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_refuses_the_server_of_another(
        self, made: Project, studio: Studio, monkeypatch: pytest.MonkeyPatch, host: str
    ) -> None:
        monkeypatch.setenv("LABEL_STUDIO_API_KEY", studio.add_user(f"third-{host}").token)
        write_servers(made, {"a1": Server(studio.credentials.url, studio.credentials.token)})
        url = studio.credentials.url.replace("127.0.0.1", host)
        with pytest.raises(InputError, match=r"a2: \[not-isolated\] a1 and a2 have the same"):
            register_server(made, "a2", url)
        assert list(read_servers(made)) == ["a1"]
        write_servers(made, {"a2": Server(url, studio.credentials.token)})
        with pytest.raises(InputError, match=r"a2: \[not-isolated\] a1 and a2 have the same"):
            places(made, ISOLATED)


SETTINGS = """
[tool.sikap]
name = "uji"
title = "Uji"
summary = ""
language = "id"
licence = "CC0-1.0"
version = "1.0.0"
[tool.sikap.annotators.a1]
kind = "expert"
"""


class TestADownloadedExport:
    """Servers of isolated rounds count users and projects each from 1."""

    @pytest.fixture
    def blind(self, tmp_path: Path) -> Project:
        return planned(tmp_path / "project", {"a1": "a1", "a2": "a2"})

    def test_is_of_whom_the_command_names(self, blind: Project) -> None:
        link_annotator(blind, "a1", "a1/2")
        link_annotator(blind, "a2", "a2/2")
        data = export(blind.root, {2: {}}, "blind")
        for name in ("a1", "a2"):
            report = pull_round(blind, "blind", export=data, owner=name)
            assert report.problems == ()
        annotations = read_lines(blind.round("blind") / "annotations.jsonl")
        items = read_lines(blind.round("blind") / "items.jsonl")
        assert len({one["annotation_id"] for one in annotations}) == 2 * len(items)
        assert {(one["annotation_id"][:4], one["annotator"]) for one in annotations} == {
            ("1.1-", "a1"),
            ("2.1-", "a2"),
        }

    def test_names_users_by_server(self, blind: Project) -> None:
        # 1 is linked to a1, which says nothing of user 1 of this server.
        with pytest.raises(InputError, match="user a1/1 is linked to no annotator"):
            pull_round(blind, "blind", export=export(blind.root, {1: {}}, "blind"), owner="a1")

    def test_by_another_is_set_aside(self, blind: Project) -> None:
        link_annotator(blind, "a2", "a1/3")
        link_annotator(blind, "a1", "a1/2")
        report = pull_round(
            blind, "blind", export=export(blind.root, {2: {}, 3: {}}, "blind"), owner="a1"
        )
        assert set(codes(report.problems)) == {"foreign-annotation"}

    def test_with_nothing_by_who_is_named_is_refused(self, blind: Project) -> None:
        link_annotator(blind, "a2", "a1/3")
        link_annotator(blind, "a1", "a1/2")
        data = export(blind.root, {3: {}}, "blind")
        with pytest.raises(InputError, match=r"nothing in the export is by a1.* it is by a2"):
            pull_round(blind, "blind", export=data, owner="a1")

    def test_in_the_order_of_another_is_refused(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sikap.rounds.planning.task_order.ENOUGH", 2)
        blind = planned(tmp_path / "orders", {"a1": "a1", "a2": "a2"})
        link_annotator(blind, "a1", "a1/2")
        link_annotator(blind, "a2", "a2/2")
        files = read_round(blind, "blind")
        own = [one.item_id for one in items_for("a1", files.manifest, files.items)]
        assert own != [one.item_id for one in items_for("a2", files.manifest, files.items)]
        tasks = json.loads(export(blind.root, {2: {}}, "blind"))
        for task in tasks:
            task["id"] = own.index(task["data"]["item_id"]) + 1
        data = json.dumps(tasks).encode()
        with pytest.raises(InputError, match=r"its tasks are in the order of a1, not of a2"):
            pull_round(blind, "blind", export=data, owner="a2")
        assert pull_round(blind, "blind", export=data, owner="a1").problems == ()

    @pytest.mark.parametrize(
        ("owner", "found"), [(None, "does not say on whose server"), ("a9", "is no annotator")]
    )
    def test_must_be_somebodys(self, blind: Project, owner: str | None, found: str) -> None:
        with pytest.raises(InputError, match=found):
            pull_round(blind, "blind", export=export(blind.root, {2: {}}, "blind"), owner=owner)

    def test_of_a_shared_round_is_nobodys(self, tmp_path: Path) -> None:
        shared = planned(tmp_path / "project", {"a1": "a1", "a2": "a2"}, "shared")
        with pytest.raises(InputError, match=r"\[round-roster\] a shared round"):
            pull_round(shared, "blind", export=export(shared.root, {1: {}}, "blind"), owner="a1")

    def test_is_named_together_with_its_annotator(self, blind: Project) -> None:
        assert sikap(blind.root, "round", "pull", "blind", "--annotator", "a1") == 2
