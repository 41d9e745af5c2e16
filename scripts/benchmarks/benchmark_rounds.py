"""How fast push and pull are on a real Label Studio, as ratios against named peers of the same run.

A server is started in a temporary folder. Push is held to one bare POST of the same tasks; pull,
with all that it certifies and writes, to the SDK's list of all fields of the same tasks.

Usage: python scripts/benchmarks/benchmark_rounds.py [TASKS]
"""

import functools
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import httpx
import msgspec
from label_studio_sdk import LabelStudio

from sikap.label_studio import sync
from sikap.label_studio.client import Client
from sikap.label_studio.push_journal import Journal
from sikap.label_studio.server import Credentials, running
from sikap.label_studio.wire.tasks import to_task
from sikap.project import Project, open_project
from sikap.records import Annotation, Item
from sikap.rounds.planning.request import RoundRequest
from sikap.steps.init import init_project
from sikap.steps.project_files import RoundFiles, read_round
from sikap.steps.rounds.annotators import link_annotator
from sikap.steps.rounds.plan import plan_round
from sikap.steps.rounds.pull import pull_round
from sikap.steps.rounds.push import push_round
from sikap.steps.rounds.servers import places
from sikap.storage.files import encode_lines, write_bytes
from synthetic import synthetic

TASKS = 20_000
RUNS = 2
PAGE = 1000


def corpus(folder: Path, count: int) -> tuple[Project, Mapping[str, Annotation]]:
    """A project with ``count`` sentences, and what its one annotator is to say of each."""
    init_project(folder, "CC0-1.0")
    project = open_project(folder)
    content = synthetic(count)
    sentences = content.sentences[:count]
    write_bytes(project.articles, encode_lines(content.articles))
    write_bytes(project.sentences, encode_lines(sentences))
    return project, {one.sentence_id: one for one in content.annotations}


def planned(project: Project, round_id: str) -> RoundFiles:
    """A round of all sentences for one annotator."""
    plan_round(project, round_id, RoundRequest(among="all", annotators=("a1",)))
    return read_round(project, round_id)


def annotated(item: Item, said: Annotation, project: Project, user: int) -> dict[str, Any]:
    """The task of an item with an annotation, as Label Studio imports it."""
    results: list[dict[str, Any]] = []
    for number, span in enumerate(said.spans):
        at = {"start": span.start, "end": span.end, "text": item.text[span.start : span.end]}
        given: dict[str, tuple[str, tuple[str, ...]]] = {"entities": ("labels", (span.label,))}
        given |= {name: ("choices", values) for name, values in span.attributes.items()}
        results += [
            {
                "id": f"r{number}",
                "from_name": name,
                "to_name": "text",
                "type": kind,
                "value": {**at, kind: list(values)},
            }
            for name, (kind, values) in given.items()
        ]
    made = {"result": results, "completed_by": user, "lead_time": said.seconds or 5.0}
    return {**to_task(item, project.scheme()), "annotations": [made]}


def post(credentials: Credentials, project_id: int, tasks: Iterable[object]) -> float:
    """Seconds of one bare POST of tasks, as JSON that was made before."""
    body = msgspec.json.encode(list(tasks))
    headers = {"Authorization": f"Token {credentials.token}", "Content-Type": "application/json"}
    url = f"{credentials.url}/api/projects/{project_id}/import"

    def send() -> None:
        answer = httpx.post(url, content=body, headers=headers, trust_env=False, timeout=3600)
        answer.raise_for_status()

    return seconds(send)


def list_all(credentials: Credentials, project_id: int, page: int | None) -> int:
    """Read all tasks with all their fields as the SDK does; give back how many they are.

    ``page`` is how many it asks for at once, None for its default.
    """
    http = httpx.Client(trust_env=False, timeout=3600)
    make: Any = LabelStudio
    sdk = make(base_url=credentials.url, api_key=credentials.token, httpx_client=http)
    asked = {} if page is None else {"page_size": page}
    return sum(1 for _ in sdk.tasks.list(project=project_id, fields="all", **asked))


def seconds(work: Callable[[], object]) -> float:
    """Wall time of some work."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def row(what: str, count: int, times: list[float], peer: float | None = None) -> None:
    """Print the best of the times as a rate, and as a ratio to that of a peer."""
    best = min(times)
    ratio = f"{peer / best:>8.2f} ×" if peer else ""
    print(f"{what:<40}{best:>9.2f} s{count / best:>12,.0f} /s{ratio:>12}")


def main(count: int) -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "studio", 0) as server:
        client = Client(server.url, server.token)
        project, answers = corpus(Path(folder) / "project", count)
        link_annotator(project, "a1", server.email)
        config = project.config.read_text(encoding="utf-8")
        bare: list[float] = []
        ours: list[float] = []
        for run in range(RUNS):
            files = planned(project, f"push-{run}")
            tasks = [to_task(item, project.scheme()) for item in files.items]
            made = client.create_project(f"bare {run}", "", config, "", 1)
            bare.append(post(server, made.project_id, tasks))
            name = files.manifest.round_id
            ours.append(seconds(functools.partial(push_round, project, name, client)))
        print(f"{len(files.items):,} tasks, best of {RUNS} runs")
        row("import: one bare POST", count, bare)
        row("push: sikap", count, ours, min(bare))

        files = planned(project, "pull")
        (place,) = places(project, files.manifest, client)
        journal = Journal(project.journal("pull"))
        given = sync.Given(config=config, instruction="")
        pushed = sync.push(place, files.manifest, {}, given, journal)
        where = pushed.project
        user = next(number for number, name in client.users().items() if name == server.email)
        said = [annotated(item, answers[item.sentence_id], project, user) for item in files.items]
        post(server, where.project_id, said)
        listed: dict[int | None, list[float]] = {None: [], PAGE: []}
        ours = []
        for _ in range(RUNS):
            (project.round("pull") / "annotations.jsonl").unlink(missing_ok=True)
            (project.round("pull") / "export.json").unlink(missing_ok=True)
            ours.append(seconds(functools.partial(pull_round, project, "pull", client=client)))
            for page, times in listed.items():
                work = functools.partial(list_all, server, where.project_id, page)
                times.append(seconds(work))
        pulled = read_round(project, "pull")
        if len(pulled.annotations) != count:
            raise SystemExit(f"{len(pulled.annotations)} of {count} annotations came back")
        row("list: the SDK, all fields, as it comes", count, listed[None])
        row(f"list: the SDK, all fields, {PAGE} a page", count, listed[PAGE])
        row("pull: sikap, read, certified, written", count, ours, min(listed[None]))
        row(f"pull, against {PAGE} a page", count, ours, min(listed[PAGE]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else TASKS)
