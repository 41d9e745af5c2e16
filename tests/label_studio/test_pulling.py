"""A round on a real Label Studio that is pulled again and again while people change their minds."""

import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from conftest import Studio
from projects import make_project, note, read_lines, region, sikap
from sikap.label_studio.server import Credentials
from sikap.project import Project, open_project
from sikap.steps.rounds.pull import pull_round, replay_rounds
from sikap.steps.rounds.push import push_round
from sikap.steps.rounds.status import read_status

ROUND = "dataset/rounds/first"
FILES = ("annotations.jsonl", "notes.jsonl", "rejects.jsonl", "export.json")
SENTENCE = "Warga mendukung Belsara"

pytestmark = pytest.mark.studio


def ask(user: Credentials, method: str, path: str, body: object = None) -> Any:
    headers = {"Authorization": f"Token {user.token}"}
    answer = httpx.request(method, user.url + path, json=body, headers=headers, trust_env=False)
    answer.raise_for_status()
    return answer.json() if answer.content else None


class Round:
    """A pushed round of two annotators, and what they do in their projects."""

    def __init__(self, folder: Path, studio: Studio) -> None:
        self.folder = make_project(folder, '<TextArea name="remark" toName="text"/>')
        self.studio = studio
        self.project: Project = open_project(self.folder)
        self.users = {
            name: studio.add_user(f"{folder.parent.name}-{name}") for name in ("a1", "a2")
        }
        for name, user in self.users.items():
            assert sikap(self.folder, "annotators", "link", name, user.email) == 0
        pushed = push_round(self.project, "first", studio.client)
        self.numbers = {one.annotator: one.project_id for one in pushed.projects}

    def task(self, whose: str, word: str) -> int:
        """The task of a sentence in the project of an annotator."""
        tasks = self.studio.client.tasks(self.numbers[whose])
        return next(number for number, data in tasks if word in data["text"])

    def say(self, who: str, word: str, result: list[Any], whose: str = "", **more: Any) -> int:
        """Let an annotator submit something, in the own project or that of another."""
        path = f"/api/tasks/{self.task(whose or who, word)}/annotations/"
        made = ask(self.users[who], "POST", path, {"result": result, "lead_time": 4.5, **more})
        return int(made["id"])

    def change(self, who: str, number: int, result: list[Any]) -> None:
        """Let an annotator say something else."""
        ask(self.users[who], "PATCH", f"/api/annotations/{number}/", {"result": result})

    def pulled(self, folder: Path | None = None) -> Any:
        """Pull into the project, or into a copy of it."""
        of = open_project(folder) if folder else self.project
        return pull_round(of, "first", client=self.studio.client)

    def events(self) -> list[tuple[str, str]]:
        """What the history remembers, and of whom."""
        history = self.folder / ROUND / "history.jsonl"
        lines = read_lines(history) if history.exists() else []
        return [(line["event"], line["annotation"]["annotator"]) for line in lines]


def files(folder: Path) -> dict[str, bytes]:
    paths = [folder / ROUND / name for name in FILES]
    return {path.name: path.read_bytes() for path in paths if path.exists()}


def test_many_pulls_of_a_real_server_give_what_one_gives(tmp_path: Path, studio: Studio) -> None:
    of = Round(tmp_path / "often", studio)
    shutil.copytree(of.folder, tmp_path / "once")
    marked = region(SENTENCE, "Belsara", "PER", "favor", "source")
    first = of.say("a1", "Warga", [*marked, *note("remark", "Siapa?")])
    second = of.say("a2", "Warga", marked)
    third = of.say("a1", "Hujan", [])
    assert of.pulled().counts.submitted == 3
    assert not of.pulled().changed
    assert of.events() == []

    of.change("a1", first, region(SENTENCE, "Belsara", "PER", "neutral"))
    ask(of.users["a2"], "DELETE", f"/api/annotations/{second}/")
    of.say("a2", "Warga", [], was_cancelled=True)
    report = of.pulled()
    assert (report.events, report.notes) == ({"changed": 1, "deleted": 1}, 0)
    assert of.events() == [("changed", "a1"), ("deleted", "a2")]

    # A stranger in the project, a mark that breaks the scheme, tasks by hand, a task that goes.
    of.say("a2", "Sidang", [], whose="a1")
    of.change("a1", third, region("Hujan turun", "Hujan", "PER", "favor"))
    added = {"data": {"text": "x", "before": "", "after": "", "item_id": ""}}
    studio.client.import_tasks(of.numbers["a1"], [added])
    ask(studio.credentials, "DELETE", f"/api/tasks/{of.task('a2', 'Hujan')}/")
    report = of.pulled()
    assert {problem.code for problem in report.problems} == {"foreign-annotation", "required"}
    assert (report.events, report.strangers, report.missing) == ({"rejected": 1}, 1, 1)

    last = files(of.folder)
    assert not of.pulled().changed
    of.pulled(tmp_path / "once")
    assert files(tmp_path / "once") == last
    assert replay_rounds(of.project).replayed == ("first",)
    assert files(of.folder) == last


def test_status_of_a_real_server(tmp_path: Path, studio: Studio) -> None:
    of = Round(tmp_path / "status", studio)
    of.say("a1", "Warga", [])
    of.say("a1", "Hujan", [], was_cancelled=True)
    path = f"/api/tasks/{of.task('a1', 'Sidang')}/drafts"
    ask(of.users["a1"], "POST", path, {"result": []})
    one, two = read_status(of.project, "first", studio.client).annotators
    assert (one.submitted, one.skipped, one.drafts, one.seconds) == (1, 1, 1, 4.5)
    assert one.left == one.planned - 2
    assert (two.submitted, two.left, two.drafts) == (0, two.planned, 0)
    addresses = [at.url for at in read_status(of.project, "first", studio.client).projects]
    assert addresses == [f"{studio.client.url}/projects/{n}" for n in of.numbers.values()]
