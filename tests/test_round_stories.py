"""Whatever happens to a round, in whatever order: no label is lost, and nothing is done twice."""

import json
import random
from pathlib import Path
from typing import Any, get_args

import pytest

from projects import read_lines, region
from sikap import (
    InputError,
    Project,
    RoundRequest,
    adjudicate_round,
    build_release,
    ingest_articles,
    link_annotator,
    measure_agreement_of_rounds,
    open_project,
    plan_round,
    pull_round,
    reanchor_rounds,
    replay_rounds,
    segment_articles,
    settle_rounds,
    verify_release,
    withdraw,
)
from sikap.agreement.study import Options
from sikap.label_studio.client import ProjectInfo
from sikap.label_studio.sync import project_title
from sikap.label_studio.wire.tasks import to_task
from sikap.records import Blindness
from sikap.rounds.planning.task_order import items_for
from sikap.steps.project_files import read_round, read_rounds, read_sentences
from sikap.steps.rounds.frozen_inputs import page_of
from test_designed_round import NAMES, mark, with_team

DAYS = ("Senin", "Selasa", "Rabu")
LINES = ("Belsara datang pagi.", "Hujan turun.", "Warga Belsara pulang.", "Hujan turun.")
SEEDS = [
    *range(8),
    *(pytest.param(seed, marks=pytest.mark.scale) for seed in range(8, 300)),
]


class Server:
    """All projects of all rounds of a project, as people work in them; a client for a pull."""

    url = "http://model.invalid"

    def __init__(self, of: Project, rng: random.Random) -> None:
        self.of, self.rng, self.last = of, rng, 0
        self.titles: dict[int, str] = {}
        self.configs: dict[int, str] = {}
        self.tasks: dict[int, list[dict[str, Any]]] = {}
        self.projects_of: dict[str, dict[str | None, int]] = {}

    def number(self) -> int:
        self.last += 1
        return self.last

    def take(self, round_id: str) -> None:
        """Make the projects of a round."""
        files = read_round(self.of, round_id)
        shared = files.manifest.design.blindness == "shared"
        for name in [None] if shared else [one.annotator for one in files.manifest.roster]:
            number = self.number()
            self.projects_of.setdefault(round_id, {})[name] = number
            self.titles[number] = project_title(files.manifest, name)
            config = self.of.config.read_text(encoding="utf-8")
            self.configs[number] = page_of(files, config, self.of.scheme()).config
            self.tasks[number] = [
                {
                    "id": self.number(),
                    "project": number,
                    "annotations": [],
                    **to_task(item, self.of.scheme()),
                }
                for item in items_for(name, files.manifest, files.items)
            ]

    def work(self, round_id: str) -> None:
        """Let people label, label again, skip and delete, each mostly in their own project."""
        files = read_round(self.of, round_id)
        asked = {item.item_id: item.annotators for item in files.items}
        for name, number in self.projects_of[round_id].items():
            for task in self.tasks[number]:
                there = task["annotations"]
                who = name or self.rng.choice(asked[task["data"]["item_id"]])
                if self.rng.random() < 0.05:
                    who = self.rng.choice(NAMES)
                if there and self.rng.random() < 0.1:
                    there.pop()
                elif there and self.rng.random() < 0.2:
                    there[-1]["result"] = self.results(task["data"]["text"])
                elif not there or self.rng.random() < 0.2:
                    there.append(
                        {
                            "id": self.number(),
                            "completed_by": NAMES.index(who) + 1,
                            "result": self.results(task["data"]["text"]),
                            "was_cancelled": self.rng.random() < 0.1,
                            "created_at": f"2026-03-18T00:00:00.{self.last:06}Z",
                        }
                    )

    def results(self, text: str) -> list[Any]:
        if "Belsara" not in text or self.rng.random() < 0.3:
            return []
        return region(text, "Belsara", self.rng.choice(("PER", "ORG")), "neutral")

    # What a pull asks a client.

    def project(self, number: int) -> ProjectInfo | None:
        return ProjectInfo(number, self.titles[number], "", self.configs[number])

    def find_project(self, title: str) -> ProjectInfo | None:
        return next((self.project(n) for n, t in self.titles.items() if t == title), None)

    def users(self) -> dict[int, str]:
        return {}

    def export(self, number: int) -> list[dict[str, Any]]:
        copied: list[dict[str, Any]] = json.loads(json.dumps(self.tasks[number]))
        return copied


class Story:
    """One project in which things happen by chance."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.rng = rng = random.Random(seed)
        with_team(folder)
        self.texts = {day: [f"{day}: {line}" if i % 2 == 0 else line
                            for i, line in enumerate(LINES * 2)] for day in DAYS}  # fmt: skip
        self.of = open_project(folder)
        self.write()
        sentences = [one for one in read_sentences(self.of) if one.kind == "body"]
        known = [one for one in sentences if "Belsara" in one.text][:2]
        gold = folder / "gold.jsonl"
        lines = [
            {"sentence_id": one.sentence_id, "spans": [mark(one.text)], "choices": {}}
            for one in known
        ]
        gold.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        self.blindness = rng.choice(get_args(Blindness))
        shared = self.blindness == "shared"
        plan_round(
            self.of,
            "r1",
            RoundRequest(
                overlap=None if shared else rng.choice((2, 3, 4)),
                calibration=0 if shared else rng.choice((0, 2)),
                repeats=0 if shared else rng.choice((0, 2)),
                gold=rng.choice((None, gold)),
                sample=rng.choice((None, 12)),
                blindness=self.blindness,
                seed=seed,
            ),
        )
        self.server = Server(self.of, rng)
        self.server.take("r1")
        self.late = rng.choice((None, *NAMES))
        for name in NAMES:
            if name != self.late:
                self.link(name)
        self.rounds = ["r1"]
        self.gone: set[str] = set()

    def link(self, name: str) -> None:
        number = NAMES.index(name) + 1
        link_annotator(self.of, name, str(number))
        if self.blindness == "isolated":
            for owner in NAMES:
                link_annotator(self.of, name, f"{owner}/{number}")

    def write(self) -> None:
        for day, lines in self.texts.items():
            path = self.of.raw / f"{day}.txt"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        ingest_articles(self.of, update=True)
        segment_articles(self.of)

    # What may happen.

    def work(self) -> None:
        self.server.work(self.rng.choice(self.rounds))

    def pull(self, round_id: str | None = None, *, part: bool | None = None) -> None:
        round_id = round_id or self.rng.choice(self.rounds)
        files = read_round(self.of, round_id)
        isolated = files.manifest.design.blindness == "isolated"
        part = (self.rng.random() < 0.4) if part is None else part
        before = {one.annotation_id: one for one in files.annotations}
        past = self.history(round_id)
        places = self.server.projects_of[round_id]
        chosen = [self.rng.choice(list(places))] if part else list(places)

        refused: set[str | None] = set()

        def take() -> None:
            if not (part or isolated):
                try:
                    pull_round(self.of, round_id, client=self.server, accept_deletions=True)  # type: ignore[arg-type]
                except InputError as error:
                    assert {p.code for p in error.problems} == {"unknown-annotator"}  # noqa: PT017
                    refused.update(chosen)
                return
            for owner in chosen:
                export = json.dumps(self.server.export(places[owner])).encode()
                try:
                    pull_round(self.of, round_id, export=export, owner=owner, accept_deletions=True)
                except InputError as error:  # nobody in it is known, or nothing is by its owner
                    found = {p.code for p in error.problems}
                    assert found in ({"unknown-annotator"}, {"export"})
                    refused.add(owner)

        take()
        self.nothing_more(take)
        now = {one.annotation_id: one for one in read_round(self.of, round_id).annotations}
        past = self.history(round_id)[len(past) :]
        remembered = [event["annotation"]["annotation_id"] for event in past]
        assert sorted(remembered) == sorted(i for i, one in before.items() if now.get(i) != one)
        rejects = self.of.round(round_id) / "rejects.jsonl"
        named = " ".join(p["id"] for p in read_lines(rejects)) if rejects.exists() else ""
        isolated_ids = {f"{n}." for n in range(1, 9)} if isolated else {""}
        articles = {item.item_id: item.article_id for item in files.items}
        for owner in set(chosen) - refused:
            for task in self.server.tasks[places[owner]]:
                for one in task["annotations"]:
                    if {NAMES[one["completed_by"] - 1], articles.get(task["data"]["item_id"])} & (
                        self.gone
                    ):
                        continue  # nobody wants it back
                    ids = {f"{p}{places[owner]}-{one['id']}" for p in isolated_ids}
                    assert (
                        ids & now.keys()
                        or f"annotation {one['id']} " in f"{named} "
                        or any(f"annotation {id_} " in named for id_ in ids)
                    ), one

    def history(self, round_id: str) -> list[dict[str, Any]]:
        path = self.of.round(round_id) / "history.jsonl"
        return read_lines(path) if path.exists() else []

    def replay(self) -> None:
        self.nothing_more(lambda: replay_rounds(self.of))

    def link_late(self) -> None:
        if self.late:
            self.link(self.late)
            self.late = None
            replay_rounds(self.of)

    def edit(self) -> None:
        lines = self.texts[self.rng.choice(list(self.texts))]
        at = self.rng.randrange(len(lines))
        what = self.rng.choice(("delete", "again", "reword", "swap", "merge"))
        if what == "delete" and len(lines) > 3:
            del lines[at]
        elif what == "again":
            lines.insert(at, lines[at])
        elif what == "reword":
            lines[at] = f"Kabar baru nomor {self.rng.randrange(99)} tiba."
        elif what == "swap":
            other = self.rng.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        self.write()
        self.anchor()

    def anchor(self) -> None:
        reanchor_rounds(self.of)
        self.nothing_more(lambda: reanchor_rounds(self.of))

    def adjudicate(self) -> None:
        source, new = self.rng.choice(self.rounds), f"d{len(self.rounds)}"
        who = self.rng.choice([name for name in NAMES if name not in self.gone])
        self.anchor()
        try:
            adjudicate_round(self.of, source, new, annotators=[who], blindness=self.blindness)
        except InputError as error:
            assert [p.code for p in error.problems] == ["round-empty"]  # noqa: PT017
            return
        self.nothing_more(
            lambda: adjudicate_round(
                self.of, source, new, annotators=[who], blindness=self.blindness
            )
        )
        self.server.take(new)
        self.rounds.append(new)
        self.anchor()

    def withdraw(self) -> None:
        name = self.rng.choice((*NAMES, *DAYS))
        if len(self.gone) < 2 and name not in self.gone:
            self.gone.add(name)
            withdraw(self.of, name)
            self.texts.pop(name, None)
            (self.of.raw / f"{name}.txt").unlink(missing_ok=True)
            ingest_articles(self.of, update=True)
            segment_articles(self.of)
            self.anchor()
            replay_rounds(self.of)  # what was set aside of it goes from the exports

    # What must hold.

    def nothing_more(self, step: Any) -> None:
        before = self.files()
        step()
        after = self.files()
        assert [name for name in before | after if before.get(name) != after.get(name)] == []

    def files(self) -> dict[str, bytes]:
        paths = (path for path in self.of.dataset.rglob("*") if path.is_file())
        return {path.relative_to(self.of.root).as_posix(): path.read_bytes() for path in paths}

    def settle(self) -> None:
        self.anchor()
        settle_rounds(self.of)
        self.nothing_more(lambda: settle_rounds(self.of))
        here = {one.sentence_id for one in read_sentences(self.of) if one.kind == "body"}
        assert {one["sentence_id"] for one in read_lines(self.of.labels)} <= here
        anchored = {
            (one["round_id"], one["sentence_id"]): one["to"]
            for one in (read_lines(self.of.anchors) if self.of.anchors.exists() else ())
        }
        orphaned = {
            one["annotation"]["annotation_id"]
            for one in (read_lines(self.of.orphans) if self.of.orphans.exists() else ())
        }
        articles = {one.sentence_id: one.article_id for one in read_sentences(self.of)}
        for files in read_rounds(self.of):
            of_item = {item.item_id: item for item in files.items}
            for one in files.annotations:
                if one.annotator in self.gone or of_item[one.item_id].article_id in self.gone:
                    continue
                to = anchored.get((one.round_id, one.sentence_id), one.sentence_id)
                assert to in articles if to else one.annotation_id in orphaned

    def agree(self) -> None:
        self.anchor()
        report = measure_agreement_of_rounds(self.of, Options(replicates=2))
        self.nothing_more(lambda: measure_agreement_of_rounds(self.of, Options(replicates=2)))
        for one in report.rounds:
            folder = self.of.round(one.round_id)
            found = json.loads((folder / "agreement.json").read_bytes())
            assert not self.gone & set(found["annotators"])
            assert not self.gone & {case["cluster"] for case in found["contested"]}

    def release(self) -> None:
        self.settle()
        if any(files.annotations for files in read_rounds(self.of)) and read_lines(self.of.labels):
            build_release(self.of, draft=True, open_labels="null")
            self.nothing_more(lambda: build_release(self.of, draft=True, open_labels="null"))
            assert list(verify_release(str(self.of.release)).problems) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_whatever_happens(tmp_path: Path, seed: int) -> None:
    story = Story(tmp_path / "project", seed)
    story.work()
    story.pull(part=False)
    steps = (
        [story.work] * 3
        + [story.pull] * 4
        + [story.replay, story.link_late, story.edit, story.edit, story.adjudicate]
        + [story.adjudicate, story.withdraw, story.settle, story.agree]
    )
    for _ in range(14):
        story.rng.choice(steps)()
    for round_id in story.rounds:
        story.pull(round_id, part=False)
    story.anchor()
    story.replay()
    story.agree()
    story.release()
