"""A model of what Label Studio holds of a round, which a pull takes for a client of one."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from builders import project as make
from builders import sentence
from sikap import Project, RoundRequest, link_annotator, plan_round
from sikap.label_studio.client import Client, ProjectInfo
from sikap.label_studio.sync import project_title
from sikap.label_studio.wire.tasks import to_task
from sikap.records import Blindness, Item
from sikap.rounds.planning.task_order import items_for
from sikap.steps.project_files import read_round
from sikap.storage.files import encode_lines, write_bytes

AREA = '<TextArea name="remark" toName="text"/>'
TEXTS = ("Belsara mengecam PT Ombak.", "PT Ombak diam.", "Rapat ditunda.")
USERS = {1: "a1", 2: "a2", 9: None}
Action = tuple[str, int, int, int]


class Model:
    """A Label Studio as far as a pull asks it: projects with tasks with annotations."""

    url = "http://model.invalid"

    @property
    def client(self) -> Client:
        """The model, where a client is asked for: it has what a pull asks of one."""
        return cast("Client", self)

    def __init__(self, of: Project, round_id: str = "r1") -> None:
        files = read_round(of, round_id)
        self.scheme, self.config = of.scheme(), of.config.read_text(encoding="utf-8")
        shared = files.manifest.design.blindness == "shared"
        names = [None] if shared else [entry.annotator for entry in files.manifest.roster]
        self.titles = {n: project_title(files.manifest, name) for n, name in enumerate(names, 1)}
        self.tasks: dict[int, list[dict[str, Any]]] = {}
        self.ids = iter(range(1, 10_000))
        for number, name in enumerate(names, 1):
            own = items_for(name, files.manifest, files.items)
            self.tasks[number] = [self.task(number, item) for item in own]

    def task(self, number: int, item: Item) -> dict[str, Any]:
        """A task of an item, without annotations."""
        made = to_task(item, self.scheme)
        return {"id": next(self.ids), "project": number, "annotations": [], "drafts": [], **made}

    def do(self, action: Action) -> None:
        """Let somebody do something to one of the tasks."""
        what, place, user, which = action
        tasks = [task for number in sorted(self.tasks) for task in self.tasks[number]]
        if not tasks:
            return
        task = tasks[place % len(tasks)]
        annotations = task["annotations"]
        one = annotations[which % len(annotations)] if annotations else None
        if what == "create":
            annotations.append(self.annotation(user, which, task))
        elif what == "draft":
            task["drafts"].append({})
        elif what == "delete task":
            self.tasks[task["project"]].remove(task)
        elif what == "by hand":
            added = {"id": next(self.ids), "project": task["project"], "data": {"text": "x"}}
            self.tasks[task["project"]].append({**added, "annotations": [], "drafts": []})
        elif one is not None and what == "delete":
            annotations.remove(one)
        elif one is not None and what == "relabel":
            one["result"] = results(which, task)
        elif one is not None and what == "cancel":
            one["was_cancelled"] = not one["was_cancelled"]

    def annotation(self, user: int, which: int, task: dict[str, Any]) -> dict[str, Any]:
        """A new annotation; later ones have later times."""
        id_ = next(self.ids)
        return {
            "id": id_,
            "completed_by": user,
            "result": results(which, task),
            "was_cancelled": False,
            "created_at": f"2026-03-18T{id_ // 60:02}:{id_ % 60:02}:00Z",
        }

    # What a pull asks a client.

    def project(self, number: int) -> ProjectInfo | None:
        """A project by its number."""
        title = self.titles.get(number)
        return ProjectInfo(number, title, "", self.config) if title else None

    def find_project(self, title: str) -> ProjectInfo | None:
        """A project by its title."""
        return next((self.project(n) for n, t in self.titles.items() if t == title), None)

    def users(self) -> dict[int, str]:
        """Users that have no address."""
        return {}

    def export(self, number: int) -> list[dict[str, Any]]:
        """A copy of a project."""
        copied: list[dict[str, Any]] = json.loads(json.dumps(self.tasks[number]))
        return copied

    def part(self, numbers: set[int]) -> bytes:
        """The export file of a part of the projects."""
        return json.dumps([task for n in sorted(numbers) for task in self.export(n)]).encode()


def results(which: int, task: dict[str, Any]) -> list[dict[str, Any]]:
    """One of six things that can be said, one of them bad."""
    end = which % 4 + 1
    value = {"start": 0, "end": end, "text": task["data"]["text"][:end], "labels": ["PER"]}
    span = {"id": "r", "from_name": "entities", "type": "labels", "value": value}
    stance = {
        "id": "r",
        "from_name": "stance",
        "type": "choices",
        "value": {"choices": ["neutral"]},
    }
    area = {"id": "n", "from_name": "remark", "type": "textarea", "value": {"text": [f"{which}"]}}
    kinds: list[list[dict[str, Any]]] = [
        [],
        [span, stance],
        [span, stance, area],
        [area],
        [span],
        [span, stance],
    ]
    return kinds[which % 6]


def begun(
    folder: Path, blindness: Blindness, users: Mapping[int, str | None] | None = None
) -> Project:
    """A project with the round ``r1`` of three items and two annotators, all linked.

    ``users`` are others than those of USERS, by number.
    """
    users = USERS if users is None else users
    names = tuple(sorted({name for name in users.values() if name})) or ("a1", "a2")
    of = make(folder, names)
    xml = of.config.read_text(encoding="utf-8").removesuffix("</View>\n")
    of.config.write_text(f"{xml}{AREA}</View>\n", encoding="utf-8")
    sentences = [sentence(text, index=index) for index, text in enumerate(TEXTS)]
    write_bytes(of.sentences, encode_lines(sentences))
    plan_round(of, "r1", RoundRequest(blindness=blindness))
    for number, name in users.items():
        if name:
            link_annotator(of, name, str(number))
    return of
