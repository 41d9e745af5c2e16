"""A round with overlap, calibration, repeats and gold, from its plan to rows that anybody loads."""

import json
import re
import shlex
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from datasets import load_dataset

from projects import read_lines, region, say_everything, sikap, snapshot
from sikap import open_project, settle_rounds, verify_release
from sikap.records import FIRST, GOLD, REPEAT
from sikap.storage.folder import read_folder

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("a1", "a2", "a3", "a4")
PLACES = ("pasar", "balai kota", "stasiun", "pelabuhan", "sekolah", "museum", "taman", "jembatan")
PLAN = [
    *("round", "plan", "first", "--overlap", "2", "--calibration", "3", "--repeats", "2"),
    *("--gold", "gold.jsonl", "--sample", "15", "--seed", "5"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project of three articles, four annotators and two known answers."""
    folder = with_team(tmp_path / "project")
    for day in ("Senin", "Selasa", "Rabu"):
        lines = [f"Pada {day} Belsara datang ke {place}." for place in PLACES]
        (folder / f"dataset/raw/{day}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert sikap(folder, "ingest") == sikap(folder, "segment") == 0
    write_gold(folder)
    return folder


def with_team(folder: Path) -> Path:
    """A new project with four annotators."""
    assert sikap(folder, "init", str(folder), "--licence", "CC0-1.0") == 0
    settings = folder / "pyproject.toml"
    roster = "".join(f'\n[tool.sikap.annotators.{n}]\nkind = "crowd"\n' for n in NAMES[1:])
    text = settings.read_text(encoding="utf-8")
    licensed = text.replace('text_licence = ""', 'text_licence = "CC0-1.0"')
    settings.write_text(licensed + roster, encoding="utf-8")
    return folder


def write_gold(folder: Path) -> None:
    """Known answers for two sentences: the person is there, and neutral."""
    body = [one for one in read_lines(folder / "dataset/sentences.jsonl") if one["kind"] == "body"]
    lines = [
        {
            "sentence_id": one["sentence_id"],
            "spans": [mark(one["text"])],
            "choices": {},
        }
        for one in body[4:20:8]
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (folder / "gold.jsonl").write_text(text, encoding="utf-8")


def mark(text: str) -> dict[str, Any]:
    start = text.index("Belsara")
    end = start + len("Belsara")
    return {"start": start, "end": end, "label": "PER", "attributes": {"stance": ["neutral"]}}


def export(folder: Path) -> bytes:
    """What each says in a project of their own; a4 knows no answer, a repeat is always skipped."""
    tasks: list[Any] = []
    for item in read_lines(folder / "dataset/rounds/first/items.jsonl"):
        for name in item["annotators"]:
            number = len(tasks) + 1
            wrong = item["pass"] == GOLD and name == "a4"
            results = [] if wrong else region(item["text"], "Belsara", "PER", "neutral")
            said = {
                "id": number,
                "completed_by": NAMES.index(name) + 1,
                "result": results,
                "was_cancelled": item["pass"] == REPEAT,
                "lead_time": 4.0,
            }
            data = {key: item[key] for key in ("item_id", "text", "before", "after")}
            tasks.append(
                {"id": number, "project": 1, "owner": name, "data": data, "annotations": [said]}
            )
    return json.dumps(tasks).encode()


def load(folder: Path, config: str, cache: Path) -> list[dict[str, Any]]:
    release = str(folder / "dataset/release")
    parts = load_dataset(release, config, cache_dir=str(cache))
    return [row for part in parts.values() for row in part]


def test_a_round_by_design_goes_from_its_plan_to_a_release(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert sikap(folder, *PLAN) == 0
    planned = snapshot(folder / "dataset/rounds")
    assert sikap(folder, *PLAN) == 0
    assert snapshot(folder / "dataset/rounds") == planned

    for number, name in enumerate(NAMES, 1):
        assert sikap(folder, "annotators", "link", name, str(number)) == 0
    (folder / "export.json").write_bytes(export(folder))
    assert sikap(folder, "round", "pull", "first", "--export", "export.json") == 0

    report = settle_rounds(open_project(folder))
    assert not report.failed
    assert [(p.code, p.id) for p in report.problems] == [("gold-bar", "first, a4")]
    assert "scores 0.00 on 2 known answers, below 0.8" in report.problems[0].found
    assert report.labelled == 15

    say_everything(folder)
    assert sikap(folder, "release") == 0
    assert not verify_release(str(folder / "dataset/release")).problems
    assert sikap(folder, "verify", "dataset/release", "--rebuild") == 0

    items = {one["item_id"]: one for one in read_lines(folder / "dataset/rounds/first/items.jsonl")}
    rows = load(folder, "annotations", tmp_path / "cache")
    assert Counter(row["pass"] for row in rows) == {
        GOLD: 2 * 4,
        FIRST: 3 * 4 + 12 * 2,
        REPEAT: 2 * 4,
    }
    firsts = {one["sentence_id"] for one in items.values() if one["pass"] == FIRST}
    sentences = load(folder, "sentences", tmp_path / "cache")
    assert {row["sentence_id"] for row in sentences if row["labelled"]} == firsts
    votes = {row["sentence_id"]: row["annotators"] for row in sentences if row["labelled"]}
    assert Counter(votes.values()) == {2: 12, 4: 3}

    card = read_folder(folder / "dataset/release")["README.md"].decode()
    head, row = (
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in card.splitlines()
        if line.startswith(("| round | id", "| 1 | first"))
    )
    told = dict(zip(head, row, strict=True))
    assert (told["overlap"], told["blindness"], told["items"]) == (
        "2",
        "separated by convention",
        "23",
    )


def test_the_example_of_the_guide_is_what_the_command_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    guide = (ROOT / "docs/rounds.md").read_text(encoding="utf-8")
    block = re.findall(r"^```text\n\$ sikap (round plan .*?)^```$", guide, re.M | re.S)[0]
    command, _, printed = block.replace("\\\n", " ").partition("\n")
    folder = with_team(tmp_path / "project")
    shutil.copytree(ROOT / "dataset/raw", folder / "dataset/raw", dirs_exist_ok=True)
    assert sikap(folder, "ingest") == sikap(folder, "segment") == 0
    labels = (ROOT / "dataset/labels.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "gold.jsonl").write_bytes(b"".join(labels[:6]))
    monkeypatch.chdir(folder)
    capsys.readouterr()
    assert sikap(folder, *shlex.split(command)) == 0
    assert capsys.readouterr().out == printed
