"""Push against a real Label Studio in which people have done all sorts of things."""

from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import msgspec
import pytest

from builders import CONFIG, codes, item, manifest, shipped_scheme
from conftest import Studio
from sikap.errors import InputError
from sikap.label_studio.push_journal import Journal
from sikap.label_studio.sync import Given, Place, Pushed, project_title, push
from sikap.label_studio.wire.predictions import (
    PredictedSpan,
    Prediction,
    Predictions,
    read_predictions,
)
from sikap.label_studio.wire.tasks import to_task
from sikap.records import Item, Round, StudioProject

pytestmark = pytest.mark.studio
SCHEME = shipped_scheme()
ITEMS = [item(f"Warga ke-{number} pergi.", annotators=("a1",)) for number in range(5)]


class Case:
    """A round of one annotator on the server of the session."""

    def __init__(self, studio: Studio, folder: Path, name: str) -> None:
        self.studio = studio
        self.manifest: Round = manifest(name, ["a1"])
        self.journal = Journal(folder / "r1.jsonl")

    def push(
        self,
        items: Sequence[Item] = ITEMS,
        predictions: Predictions | None = None,
        told: Callable[[int, int], object] = lambda _done, _all: None,
    ) -> Pushed:
        place = Place(annotator="a1", client=self.studio.client)
        more = predictions.of if predictions else {}
        model = predictions.model if predictions else ""
        given = Given(config=CONFIG.decode(), instruction="<p>x</p>", model=model)
        tasks = {one.item_id: to_task(one, SCHEME) | more.get(one.item_id, {}) for one in items}
        return push(place, self.manifest, tasks, given, self.journal, told)

    def tasks(self, pushed: Pushed) -> list[tuple[int, str]]:
        listed = self.studio.client.tasks(pushed.project.project_id)
        return [(task, data["item_id"]) for task, data in listed]

    def again(self, pushed: Pushed, *items: Item) -> list[int]:
        """Let tasks of items come in once more, as a request that was thought to be lost does."""
        tasks = [to_task(one, SCHEME) for one in items]
        return self.studio.client.import_tasks(pushed.project.project_id, tasks)

    def call(self, method: str, path: str, body: object = None, token: str = "") -> None:
        credentials = self.studio.credentials
        headers = {"Authorization": f"Token {token or credentials.token}"}
        url = f"{credentials.url}{path}"
        httpx.request(method, url, json=body, headers=headers, trust_env=False).raise_for_status()

    def submit(self, task: int) -> None:
        self.call("POST", f"/api/tasks/{task}/annotations/", {"result": []})


@pytest.fixture
def case(studio: Studio, tmp_path: Path, request: pytest.FixtureRequest) -> Case:
    return Case(studio, tmp_path, request.node.name.replace("_", "-")[:40].lower())


def ids(items: Sequence[Item]) -> list[str]:
    return [one.item_id for one in items]


def test_items_are_there_once_in_their_order_and_in_the_journal(case: Case) -> None:
    pushed = case.push()
    assert [item_id for _, item_id in case.tasks(pushed)] == ids(ITEMS)
    written = case.journal.read(case.studio.client.url, pushed.project.project_id)
    assert written == {item_id: [task] for task, item_id in case.tasks(pushed)}
    assert (pushed.filled.sent, pushed.filled.present, pushed.problems) == (len(ITEMS), 0, ())


def test_a_second_push_sends_nothing(case: Case) -> None:
    first = case.push()
    second = case.push()
    assert (second.filled.sent, second.filled.present) == (0, len(ITEMS))
    assert case.tasks(first) == case.tasks(second)


def test_a_journal_that_is_gone_sends_nothing_twice(case: Case) -> None:
    case.push()
    case.journal.path.unlink()
    assert case.push().filled.sent == 0


def test_a_task_that_was_deleted_in_the_web_page_is_sent_again_and_told(case: Case) -> None:
    pushed = case.push()
    (gone, item_id), *_ = case.tasks(pushed)
    case.call("DELETE", f"/api/tasks/{gone}/")
    second = case.push()
    [problem] = second.problems
    assert problem.code == "task-deleted"
    assert item_id in problem.id
    assert f"as task {gone}" in problem.found
    assert sorted(item_id for _, item_id in case.tasks(second)) == sorted(ids(ITEMS))
    assert case.push().problems == ()


def test_tasks_that_were_all_deleted_are_told_too(case: Case) -> None:
    pushed = case.push()
    case.studio.client.delete_tasks(
        pushed.project.project_id, [task for task, _ in case.tasks(pushed)]
    )
    assert codes(case.push().problems) == ["task-deleted"] * len(ITEMS)


def test_a_project_that_was_deleted_is_told(case: Case) -> None:
    pushed = case.push()
    number, title = pushed.project.project_id, pushed.project.title
    recorded = StudioProject(project_id=number, title=title, annotator="a1")
    case.manifest = msgspec.structs.replace(case.manifest, projects=(recorded,))
    case.studio.client.delete_project(number)
    second = case.push()
    assert [(p.code, p.id) for p in second.problems] == [("task-deleted", f"project {number}")]
    assert second.filled.sent == len(ITEMS)


def test_of_two_tasks_of_an_item_the_first_stays(case: Case) -> None:
    pushed = case.push()
    before = case.tasks(pushed)
    case.again(pushed, *ITEMS[:2])
    assert case.push().filled.removed == 2
    assert case.tasks(pushed) == before


def test_of_two_tasks_of_an_item_the_annotated_one_stays(case: Case) -> None:
    pushed = case.push()
    [late] = case.again(pushed, ITEMS[0])
    case.submit(late)
    assert case.push().filled.removed == 1
    assert (late, ITEMS[0].item_id) in case.tasks(pushed)
    assert len(case.tasks(pushed)) == len(ITEMS)


def test_a_draft_of_anybody_is_work_too(case: Case) -> None:
    pushed = case.push()
    [late] = case.again(pushed, ITEMS[0])
    other = case.studio.add_user("drafter")
    case.call("POST", f"/api/tasks/{late}/drafts", {"result": []}, other.token)
    case.push()
    assert (late, ITEMS[0].item_id) in case.tasks(pushed)


def test_of_two_annotated_tasks_of_an_item_neither_is_deleted(case: Case) -> None:
    pushed = case.push()
    first, _ = case.tasks(pushed)[0]
    late, idle = case.again(pushed, ITEMS[0], ITEMS[0])
    for task in (first, late):
        case.submit(task)
    with pytest.raises(InputError, match=rf"\[duplicate-task\].*{first}, {late}"):
        case.push()
    left = [task for task, item_id in case.tasks(pushed) if item_id == ITEMS[0].item_id]
    assert left == [first, late]
    assert idle not in left


def test_tasks_that_were_added_by_hand_stay(case: Case) -> None:
    pushed = case.push(ITEMS[:2])
    by_hand = {"data": {"text": "Tangan.", "before": "", "after": ""}}
    case.studio.client.import_tasks(pushed.project.project_id, [by_hand])
    case.push()
    listed = [
        data.get("item_id") for _, data in case.studio.client.tasks(pushed.project.project_id)
    ]
    assert listed == [*ids(ITEMS[:2]), None, *ids(ITEMS[2:])]


def test_an_empty_project_of_the_same_title_is_taken_away(case: Case) -> None:
    pushed = case.push()
    twin = case.studio.client.create_project(pushed.project.title, "", CONFIG.decode(), "", 1)
    again = case.push()
    assert (again.project.project_id, again.problems) == (pushed.project.project_id, ())
    assert case.studio.client.project(twin.project_id) is None


def test_a_project_of_the_same_title_that_holds_something_is_named(case: Case) -> None:
    title = project_title(case.manifest, "a1")
    first, second = (
        case.studio.client.create_project(title, "", CONFIG.decode(), "", 1) for _ in range(2)
    )
    case.studio.client.import_tasks(second.project_id, [to_task(ITEMS[0], SCHEME)])
    pushed = case.push()
    assert pushed.project.project_id == first.project_id
    assert [(p.code, p.id) for p in pushed.problems] == [
        ("duplicate-project", f"project {second.project_id}")
    ]


def test_a_project_is_as_annotators_need_it(case: Case) -> None:
    pushed = case.push()
    headers = {"Authorization": f"Token {case.studio.credentials.token}"}
    url = f"{case.studio.credentials.url}/api/projects/{pushed.project.project_id}"
    made = httpx.get(url, headers=headers, trust_env=False).json()
    assert made["title"] == project_title(case.manifest, "a1")
    assert case.manifest.round_id in made["description"]
    assert made["color"] == "#2A6FB5"
    assert (made["show_instruction"], made["maximum_annotations"]) == (True, 1)
    assert not made["show_collab_predictions"]


def test_predictions_are_shown_by_their_model(case: Case) -> None:
    marked = PredictedSpan(start=0, end=5, label="PER", attributes={"stance": ("neutral",)})
    said = Prediction(item_id=ITEMS[1].item_id, spans=(marked,), choices={}, model="m", score=0.5)
    pushed = case.push(predictions=read_predictions([said], ITEMS, SCHEME, "p"))
    headers = {"Authorization": f"Token {case.studio.credentials.token}"}
    base, number = f"{case.studio.credentials.url}/api", pushed.project.project_id
    made = httpx.get(f"{base}/projects/{number}", headers=headers, trust_env=False).json()
    assert (made["show_collab_predictions"], made["model_version"]) == (True, "m")
    task = case.tasks(pushed)[1][0]
    held = httpx.get(f"{base}/tasks/{task}", headers=headers, trust_env=False).json()
    [prediction] = held["predictions"]
    assert (prediction["model_version"], prediction["score"]) == ("m", 0.5)
    assert [one["type"] for one in prediction["result"]] == ["labels", "choices"]
