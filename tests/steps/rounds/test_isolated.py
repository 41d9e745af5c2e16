"""Rounds that keep annotators apart, on real servers: what each can see, and what comes back."""

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import Studio
from isolated import ROUND, api, log_in, planned, run_by
from projects import read_lines, region, say_everything, sikap, snapshot
from sikap import Project, add_annotator, open_project, pull_round
from sikap.label_studio.server import Credentials
from sikap.release.documents.croissant_provenance import BLIND

NAMES = {"a1": "north", "a2": "south"}
WORD = "mendukung Belsara"


def hands(project: Project, name: str, url: str) -> Credentials:
    """Log in as an annotator does who was told address and password."""
    email = f"{name}@sikap.local"
    password = json.loads((project.private / "accounts.json").read_bytes())[email]
    return log_in(url, email, password)


def annotate_all(user: Credentials, project_id: int, skip: str = "") -> None:
    """Mark the mayor wherever he is supported; submit the rest empty; skip one sentence."""
    for task in api(user, "GET", f"/api/projects/{project_id}/tasks/?page_size=100"):
        text = task["data"]["text"]
        marked = region(text, "Belsara", "PER", "favor", "source") if WORD in text else []
        body = {"result": marked, "lead_time": 2, "was_cancelled": bool(skip) and skip in text}
        api(user, "POST", f"/api/tasks/{task['id']}/annotations/", body)


def projects_of(project: Project) -> dict[str, int]:
    manifest = json.loads((project.round("blind") / "round.json").read_bytes())
    return {one["annotator"]: one["project_id"] for one in manifest["projects"]}


def blindness_on_the_card(project: Project) -> list[str]:
    """What the table of rounds on the card of a release says of each round."""
    card = (project.release / "README.md").read_text(encoding="utf-8")
    cells = [[cell.strip() for cell in line.split("|")] for line in card.splitlines()]
    (place,) = (row.index("blindness") for row in cells if "blindness" in row)
    return [row[place] for row in cells if len(row) > place and row[place] in BLIND.values()]


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory, studio: Studio, other_studio: Studio) -> Project:
    """An isolated round that was pushed, annotated by both and pulled."""
    project = planned(tmp_path_factory.mktemp("isolated") / "project", NAMES)
    run_by(project, {"north": studio, "south": other_studio})
    for name in NAMES.values():
        assert sikap(project.root, "annotators", "add", name, "--isolated") == 0
    for _ in range(2):
        assert sikap(project.root, "round", "push", "blind") == 0
    where = projects_of(project)
    for name, server in (("north", studio), ("south", other_studio)):
        user = hands(project, name, server.credentials.url)
        annotate_all(user, where[name], skip="Hujan" if name == "south" else "")
    assert sikap(project.root, "round", "pull", "blind") == 0
    return project


@pytest.mark.studio
class TestAnIsolatedRound:
    def test_sends_each_only_what_is_theirs_each_item_once(
        self, done: Project, studio: Studio, other_studio: Studio
    ) -> None:
        items = {item["item_id"] for item in read_lines(done.root / ROUND / "items.jsonl")}
        where = projects_of(done)
        for name, server in (("north", studio), ("south", other_studio)):
            tasks = [data["item_id"] for _, data in server.client.tasks(where[name])]
            assert sorted(tasks) == sorted(items)
        titles = [
            studio.client.project(where["north"]),
            other_studio.client.project(where["south"]),
        ]
        assert [one is not None and one.title.split()[1] for one in titles] == ["north", "south"]
        assert other_studio.client.find_project(getattr(titles[0], "title", "")) is None

    def test_comes_back_whole_with_ids_that_do_not_clash(self, done: Project) -> None:
        items = read_lines(done.root / ROUND / "items.jsonl")
        annotations = read_lines(done.root / ROUND / "annotations.jsonl")
        assert read_lines(done.root / ROUND / "rejects.jsonl") == []
        assert len(annotations) == 2 * len(items)
        ids = {annotation["annotation_id"]: annotation["annotator"] for annotation in annotations}
        assert len(ids) == len(annotations)
        assert {(id_[:2], name) for id_, name in ids.items()} == {("1.", "north"), ("2.", "south")}
        skipped = [one["annotator"] for one in annotations if one["status"] == "skipped"]
        assert skipped == ["south"]

    def test_comes_back_twice_the_same_and_replays(self, done: Project) -> None:
        before = snapshot(done.root)
        assert sikap(done.root, "round", "pull", "blind") == 0
        assert snapshot(done.root) == before
        export = (done.round("blind") / "export.json").read_bytes()
        pull_round(open_project(done.root), "blind", export=export)
        assert snapshot(done.root) == before

    def test_tells_who_is_how_far(self, done: Project, capfd: pytest.CaptureFixture[str]) -> None:
        assert sikap(done.root, "round", "status", "blind", "--json") == 0
        told = json.loads(capfd.readouterr().out)["annotators"]
        assert {one["annotator"]: one["skipped"] for one in told} == {"north": 0, "south": 1}

    def test_is_settled_released_and_verified_as_isolated(self, done: Project) -> None:
        say_everything(done.root)
        for command in (["round", "settle"], ["release"], ["verify"]):
            assert sikap(done.root, *command) == 0
        assert blindness_on_the_card(done) == ["isolated"]

    def test_takes_a_downloaded_export_of_one_server(
        self, done: Project, other_studio: Studio
    ) -> None:
        before = snapshot(done.root)
        admin, number = other_studio.credentials, projects_of(done)["south"]
        tasks = api(admin, "GET", f"/api/projects/{number}/export?exportType=JSON")
        file = done.root.parent / "south.json"
        file.write_text(json.dumps(tasks), encoding="utf-8")
        command = ["round", "pull", "blind", "--export", str(file)]
        assert sikap(done.root, *command) == 2  # nobody said whose it is
        assert snapshot(done.root) == before
        assert sikap(done.root, *command, "--annotator", "south") == 0
        name = f"{ROUND}/annotations.jsonl"
        assert snapshot(done.root)[name] == before[name]
        assert read_lines(done.root / ROUND / "rejects.jsonl") == []

    def test_takes_nothing_of_the_administrator_for_an_annotators(
        self, done: Project, studio: Studio
    ) -> None:
        # Number 1 is linked to north, for another server; here it is the administrator.
        number = projects_of(done)["north"]
        task = next(id_ for id_, _ in studio.client.tasks(number))
        body = {"result": [], "lead_time": 1}
        made = api(studio.credentials, "POST", f"/api/tasks/{task}/annotations/", body)
        report = pull_round(done, "blind")
        api(studio.credentials, "DELETE", f"/api/annotations/{made['id']}/")
        assert [problem.code for problem in report.problems] == ["unknown-annotator"]
        assert "user north/1 is linked" in report.problems[0].found
        assert pull_round(done, "blind").problems == ()

    def test_is_not_sent_where_an_annotator_has_an_account_with_another(
        self, done: Project, studio: Studio, capfd: pytest.CaptureFixture[str]
    ) -> None:
        studio.add_user("south")
        number = next(n for n, email in studio.client.users().items() if email.startswith("south"))
        assert sikap(done.root, "round", "push", "blind") == 2
        told = capfd.readouterr().err
        api(studio.credentials, "DELETE", f"/api/users/{number}/")
        assert "north: [not-isolated] south has an account on the Label Studio of north" in told
        assert sikap(done.root, "round", "push", "blind") == 0


@pytest.mark.studio
def test_a_separated_project_holds_nothing_of_the_other_annotator(
    tmp_path: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"a1": "west", "a2": "east"}
    project = planned(tmp_path / "project", names, "separated")
    (project.private / "annotators.json").unlink()
    monkeypatch.setenv("LABEL_STUDIO_URL", studio.credentials.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", studio.credentials.token)
    project.studio.mkdir(parents=True)
    (project.studio / "credentials.json").write_bytes(
        (studio.folder / "credentials.json").read_bytes()
    )
    users = {}
    for name in names.values():
        add_annotator(project, name)
        users[name] = hands(project, name, studio.credentials.url)
    assert sikap(project.root, "round", "push", "blind") == 0
    where = projects_of(project)
    items = read_lines(project.root / ROUND / "items.jsonl")
    theirs = {item["item_id"] for item in items if "east" in item["annotators"]}

    def held() -> Any:
        """What the project of east holds: items, and who annotated, drafted or predicted."""
        tasks = list(studio.client.export(where["east"]))
        assert {task["data"]["item_id"] for task in tasks} == theirs
        assert len(tasks) == len(theirs)
        return {
            "annotations": {one["completed_by"] for t in tasks for one in t["annotations"]},
            "drafts": [one for task in tasks for one in task["drafts"]],
            "predictions": [one for task in tasks for one in task["predictions"]],
        }

    assert held() == {"annotations": set(), "drafts": [], "predictions": []}
    annotate_all(users["west"], where["west"])
    task = next(id_ for id_, _ in studio.client.tasks(where["west"]))
    api(users["west"], "POST", f"/api/tasks/{task}/drafts", {"result": [], "lead_time": 1})
    assert held() == {"annotations": set(), "drafts": [], "predictions": []}
    annotate_all(users["east"], where["east"])
    east = api(users["east"], "GET", "/api/current-user/whoami")["id"]
    assert held() == {"annotations": {east}, "drafts": [], "predictions": []}

    say_everything(project.root)
    for command in (["round", "pull", "blind"], ["round", "settle"], ["release"]):
        assert sikap(project.root, *command) == 0
    assert blindness_on_the_card(project) == ["separated by convention"]
    card = (project.release / "README.md").read_text(encoding="utf-8")
    assert "`separated by convention`: with a project for each annotator" in card
