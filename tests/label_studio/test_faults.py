"""Push and pull against a real server while client, server or network fail.

After every trial the command is run again until it succeeds. Then each project must hold every
planned item exactly once, and what is pulled must be what an undisturbed pull brings. The whole
run (``pytest -m scale tests/label_studio/test_faults.py``) ends with a table of what was tried.
"""

import json
import random
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from faults import Fault, Proxy, Server, client_process, proxied

from projects import make_project, read_lines, sikap
from sikap.errors import ServiceError
from sikap.label_studio import client, connection, retry, upload
from sikap.label_studio.server import create_user
from sikap.label_studio.server_environment import prepare

pytestmark = pytest.mark.studio
SEED = 7
ANNOTATORS = ("a1", "a2")
SENTENCES = 12


@dataclass(frozen=True)
class Trial:
    """A command, and the fault that it meets; ``number`` tells trials that are alike apart."""

    command: str
    kind: str
    on: str
    nth: int
    number: int

    @property
    def id(self) -> str:
        """What goes wrong, and when."""
        return f"{self.command}-{self.kind}-{self.on}-{self.nth}-no-{self.number}"

    @property
    def killed(self) -> bool:
        """Whether the client dies of it, so that it must be a process of its own."""
        return self.kind.startswith("kill")


def trials() -> Iterator[Trial]:
    """The trials, in an order that the seed fixes; more than fifty of them."""
    draw = random.Random(SEED)
    wanted = [
        # The server has committed, the client dies before it can write to its journal.
        *(("push", "kill-after", "import", draw.randint(1, 2)) for _ in range(20)),
        *(("push", "kill-after", "create", draw.randint(1, 2)) for _ in range(2)),
        *(("push", "kill-working", "import", draw.randint(1, 2)) for _ in range(4)),
        *(("push", "kill-before", "any", draw.randint(1, 12)) for _ in range(4)),
        *(("push", "kill-answered", "any", draw.randint(1, 12)) for _ in range(4)),
        *(
            ("push", kind, on, draw.randint(1, 4 if on == "import" else 2))
            for kind in ("drop-after", "cut", "500-after", "502-after", "504-after")
            for on in ("import", "create")
        ),
        *(("push", kind, "import", draw.randint(1, 4)) for kind in ("hold-before", "hold-after")),
        *(
            ("push", kind, "any", draw.randint(1, 16))
            for kind in ("drop-before", "500-before", "502-before", "504-before", "429-before")
        ),
        ("push", "restart-before", "import", draw.randint(1, 4)),
        ("push", "restart-after", "import", draw.randint(1, 4)),
        *(("pull", "kill-before", "any", draw.randint(1, 6)) for _ in range(2)),
        *(("pull", "kill-after", "any", draw.randint(1, 6)) for _ in range(2)),
        *(("pull", "kill-answered", "any", draw.randint(1, 6)) for _ in range(2)),
        *(
            ("pull", kind, "any", draw.randint(1, 6))
            for kind in ("drop-before", "drop-after", "cut", "500-before", "502-after")
        ),
        *(("pull", kind, "any", draw.randint(1, 6)) for kind in ("504-after", "429-before")),
        ("pull", "hold-after", "any", draw.randint(1, 6)),
        ("pull", "restart-before", "any", draw.randint(1, 6)),
    ]
    for number, (command, kind, on, nth) in enumerate(wanted, 1):
        yield Trial(command, kind, on, nth, number)


TRIALS = tuple(trials())
SAMPLE = {
    ("push", "kill-after"),
    ("push", "kill-answered"),
    ("push", "drop-after"),
    ("push", "502-after"),
    ("push", "hold-before"),
    ("push", "restart-after"),
    ("pull", "kill-after"),
    ("pull", "cut"),
}


def marked() -> Iterator[Any]:
    """One trial of each kind in ``SAMPLE`` for every run, the others for the long one."""
    left = set(SAMPLE)
    for trial in TRIALS:
        kind = (trial.command, trial.kind)
        marks = [] if kind in left else [pytest.mark.scale]
        left.discard(kind)
        yield pytest.param(trial, id=trial.id, marks=marks)


@dataclass
class Tally:
    """What the trials found, by kind of fault."""

    rows: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def lines(self) -> Iterator[str]:
        heads = ("trials", "duplicates", "missing", "changed")
        yield f"{'fault':<22}" + "".join(f"{head:>12}" for head in heads)
        for kind, counts in [*self.rows.items(), ("all", sum(self.rows.values(), Counter()))]:
            yield f"{kind:<22}" + "".join(f"{counts[head]:>12}" for head in heads)


@pytest.fixture(scope="module")
def tally(request: pytest.FixtureRequest) -> Iterator[Tally]:
    """Counts what the trials find, and shows it when all are over."""
    counted = Tally()
    yield counted
    plugins = request.config.pluginmanager
    reporter, capture = map(plugins.getplugin, ("terminalreporter", "capturemanager"))
    if reporter is not None and capture is not None:
        with capture.global_and_fixture_disabled():
            reporter.write_line("")
            for line in counted.lines():
                reporter.write_line(line)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of this module's own: it is restarted in the middle of things."""
    try:
        prepare()
    except ServiceError as error:
        pytest.skip(f"Label Studio cannot be installed: {error}")
    started = Server(tmp_path_factory.mktemp("faults"))
    yield started
    started.stop()


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with sentences to annotate; its rounds are planned in copies of it."""
    folder = make_project(tmp_path_factory.mktemp("planned") / "project")
    text = "\n".join(f"Warga ke-{number} mendukung Belsara." for number in range(SENTENCES))
    (folder / "dataset/raw/many.txt").write_text(text + "\n", encoding="utf-8")
    assert sikap(folder, "ingest") == 0
    assert sikap(folder, "segment") == 0
    return folder


@dataclass(frozen=True)
class Annotated:
    """A round that was pulled, annotated further, and pulled again in a copy."""

    folder: Path
    annotations: bytes
    history: bytes


@pytest.fixture(scope="module")
def annotated(server: Server, planned: Path, tmp_path_factory: pytest.TempPathFactory) -> Annotated:
    folder = tmp_path_factory.mktemp("annotated") / "project"
    shutil.copytree(planned, folder)
    tokens = {}
    for name in ANNOTATORS:
        made = create_user(server.credentials, f"{name}@sikap.local", "long-enough-1")
        tokens[name] = made.token
        assert sikap(folder, "annotators", "link", name, made.email) == 0
    with pytest.MonkeyPatch.context() as patch, proxied(server) as proxy:
        use(proxy, patch)
        assert sikap(folder, "round", "push", "first") == 0
        first = [annotate(server, folder, name, tokens[name], 0, 2) for name in ANNOTATORS]
        assert sikap(folder, "round", "pull", "first") == 0
        for name, made_ids in zip(ANNOTATORS, first, strict=True):
            annotate(server, folder, name, tokens[name], 2, 4)
            change(server, tokens[name], made_ids[0])
        again = folder.parent / "again"
        shutil.copytree(folder, again)
        assert sikap(again, "round", "pull", "first") == 0
    of = again / "dataset/rounds/first"
    assert len(read_lines(of / "history.jsonl")) == len(ANNOTATORS)
    annotations = (of / "annotations.jsonl").read_bytes()
    return Annotated(folder, annotations, (of / "history.jsonl").read_bytes())


def annotate(
    server: Server, folder: Path, name: str, token: str, first: int, last: int
) -> list[int]:
    """Let an annotator submit some tasks without a mark; give the numbers of the annotations."""
    numbers = []
    for task in held(server, project_of(folder, "first", name))[first:last]:
        path = f"/api/tasks/{task['id']}/annotations/"
        made = call(server, "POST", path, {"result": [], "lead_time": 1.5}, token)
        numbers.append(int(made["id"]))
    return numbers


def change(server: Server, token: str, number: int) -> None:
    """Let an annotator take back what was submitted."""
    call(server, "PATCH", f"/api/annotations/{number}", {"was_cancelled": True}, token)


def call(server: Server, method: str, path: str, body: object = None, token: str = "") -> Any:
    credentials = server.credentials
    headers = {"Authorization": f"Token {token or credentials.token}"}
    url = f"{credentials.url}{path}"
    answer = httpx.request(
        method, url, json=body, headers=headers, trust_env=False, timeout=60
    ).raise_for_status()
    return answer.json() if answer.content else None


def project_of(folder: Path, round_id: str, name: str) -> int:
    """The number of an annotator's project, as the manifest has it."""
    manifest = json.loads((folder / f"dataset/rounds/{round_id}/round.json").read_bytes())
    return int(next(p["project_id"] for p in manifest["projects"] if p["annotator"] == name))


def held(server: Server, project: int) -> list[Any]:
    """The tasks of a project, asked of the server itself."""
    path = f"/api/tasks?project={project}&page_size=1000&include=id,data"
    tasks: list[Any] = call(server, "GET", path)["tasks"]
    return sorted(tasks, key=lambda task: task["id"])


def use(proxy: Proxy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let clients in this process talk to the proxy, and have little patience."""
    monkeypatch.setenv("LABEL_STUDIO_URL", proxy.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", proxy.server.credentials.token)
    monkeypatch.setattr(upload, "BATCH", SENTENCES // 2)


def hurried(proxy: Proxy, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """Let clients in this process give up early and wait little."""
    restarts = kind.startswith("restart")
    monkeypatch.setattr(retry, "SHORTEST", 0.5 if restarts else 0.05)
    monkeypatch.setattr(retry, "LONGEST", 4.0 if restarts else 0.4)
    monkeypatch.setattr(upload, "LATE", (0.3, 0.6, 1.2))
    if kind.startswith("hold"):
        monkeypatch.setattr(connection, "TIMEOUT", 1.0)
        monkeypatch.setattr(connection, "LONG_TIMEOUT", 1.0)
        monkeypatch.setitem(client.LONG, "timeout_in_seconds", 1.0)
        proxy.hold = 1.6


def disturbed(trial: Trial, proxy: Proxy, folder: Path, round_id: str) -> None:
    """Run the command of a trial into its fault, and then again until it succeeds."""
    arguments = ("round", trial.command, round_id)
    if trial.killed:
        process = client_process(proxy, folder, *arguments)
        process.communicate(timeout=300)
        assert process.returncode == -9
    else:
        assert sikap(folder, *arguments) in {0, 3}
    assert proxy.faults[0].fired
    assert any(sikap(folder, *arguments) == 0 for _ in range(5))


def left_wrong(server: Server, folder: Path, round_id: str) -> Counter[str]:
    """How many items stand too often, and how many not at all, in the projects of a round."""
    items = read_lines(folder / f"dataset/rounds/{round_id}/items.jsonl")
    wrong: Counter[str] = Counter()
    for name in ANNOTATORS:
        tasks = held(server, project_of(folder, round_id, name))
        there = Counter(task["data"]["item_id"] for task in tasks)
        wrong["duplicates"] += sum(there.values()) - len(there)
        wrong["missing"] += sum(name in i["annotators"] and not there[i["item_id"]] for i in items)
        wrong["foreign"] += len(there.keys() - {item["item_id"] for item in items})
    return wrong


def titles(server: Server, round_id: str) -> Counter[str]:
    """How many projects there are of each title of a round."""
    listed = call(server, "GET", "/api/projects?page_size=1000&include=id,title")["results"]
    return Counter(one["title"] for one in listed if one["title"].startswith(f"{round_id} "))


@pytest.mark.parametrize("trial", tuple(marked()))
def test_nothing_is_lost_or_done_twice(
    trial: Trial,
    server: Server,
    planned: Path,
    tally: Tally,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    counts = tally.rows[f"{trial.command} {trial.kind}"]
    if trial.command == "pull":
        of: Annotated = request.getfixturevalue("annotated")
        wrong = pulled_wrong(trial, of, server, tmp_path / "project", monkeypatch)
    else:
        wrong = pushed_wrong(trial, server, planned, tmp_path / "project", monkeypatch)
    counts += wrong
    counts["trials"] += 1
    assert wrong.total() == 0


def pushed_wrong(
    trial: Trial, server: Server, planned: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Counter[str]:
    shutil.copytree(planned, folder)
    round_id = f"trial-{trial.number}"
    assert sikap(folder, "round", "plan", round_id, "--among", "all") == 0
    with proxied(server, Fault(trial.kind, trial.on, trial.nth)) as proxy:
        use(proxy, monkeypatch)
        hurried(proxy, monkeypatch, trial.kind)
        disturbed(trial, proxy, folder, round_id)
        proxy.settle()
        wrong = left_wrong(server, folder, round_id)
        assert set(titles(server, round_id).values()) == {1}
        assert len(titles(server, round_id)) == len(ANNOTATORS)
        assert sikap(folder, "round", "push", round_id) == 0
    return wrong | left_wrong(server, folder, round_id)


def pulled_wrong(
    trial: Trial, of: Annotated, server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Counter[str]:
    shutil.copytree(of.folder, folder)
    with proxied(server, Fault(trial.kind, trial.on, trial.nth)) as proxy:
        use(proxy, monkeypatch)
        hurried(proxy, monkeypatch, trial.kind)
        disturbed(trial, proxy, folder, "first")
    here = folder / "dataset/rounds/first"
    wrong = left_wrong(server, folder, "first")
    for name, expected in (("annotations.jsonl", of.annotations), ("history.jsonl", of.history)):
        lines = (here / name).read_bytes().splitlines()
        wrong["changed"] += len(set(lines) ^ set(expected.splitlines()))
        wrong["changed"] += (here / name).read_bytes() != expected
    return wrong


def test_there_are_fifty_trials_twenty_of_them_between_commit_and_journal() -> None:
    assert len(TRIALS) >= 50
    between = [t for t in TRIALS if (t.kind, t.on) == ("kill-after", "import")]
    assert len(between) >= 20
    assert {kind for _, kind in SAMPLE} <= {trial.kind for trial in TRIALS}


def test_two_pushes_of_one_checkout_at_once_are_refused(
    server: Server, planned: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    shutil.copytree(planned, folder)
    assert sikap(folder, "round", "plan", "at-once", "--among", "all") == 0
    with proxied(server, Fault("hold-before", "any", 1)) as proxy:
        proxy.hold = 6.0
        first = client_process(proxy, folder, "round", "push", "at-once")
        waited_for(lambda: proxy.faults[0].fired)
        second = client_process(proxy, folder, "round", "push", "at-once")
        _, said = second.communicate(timeout=60)
        assert (second.returncode, b"[busy]" in said) == (2, True)
        first.communicate(timeout=60)
        assert first.returncode == 0
    assert left_wrong(server, folder, "at-once").total() == 0


@pytest.mark.parametrize(
    "number", [1, *(pytest.param(n, marks=pytest.mark.scale) for n in range(2, 5))]
)
def test_two_checkouts_that_push_at_once_leave_each_item_once(
    number: int, server: Server, planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_id = f"two-{number}"
    folders = [tmp_path / name for name in ("one", "other")]
    shutil.copytree(planned, folders[0])
    assert sikap(folders[0], "round", "plan", round_id, "--among", "all") == 0
    shutil.copytree(folders[0], folders[1])
    with proxied(server) as proxy:
        pushes = [client_process(proxy, folder, "round", "push", round_id) for folder in folders]
        for push in pushes:
            push.communicate(timeout=300)
        use(proxy, monkeypatch)
        for folder in folders:
            assert sikap(folder, "round", "push", round_id) == 0
            assert left_wrong(server, folder, round_id).total() == 0
    assert set(titles(server, round_id).values()) == {1}


def waited_for(happened: Callable[[], bool]) -> None:
    """Wait until something has happened."""
    end = time.monotonic() + 300
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.05)
