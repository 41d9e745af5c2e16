"""One article the whole way: raw text, the real Label Studio, real hands, `load_dataset`."""

import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasets import load_dataset
from playwright.sync_api import Page

import browser
from conftest import Studio
from news import ARTICLE
from projects import read_lines, region, sikap, snapshot
from sikap.label_studio.server import Credentials

OWN = "Lembang, Kabar Uji – Dewan Kota menunda sidang.\nRintan Belsara pulang lebih awal.\n"
EMOJI = "Warga 😀 mendukung Pasar Kembang dengan spanduk besar."
ROUND = "dataset/rounds/first"

pytestmark = [pytest.mark.studio, pytest.mark.browser]


@pytest.fixture
def folder(tmp_path: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an article of news, a short one, and one that holds an emoji."""
    monkeypatch.setenv("LABEL_STUDIO_URL", studio.credentials.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", studio.credentials.token)
    folder = tmp_path / "project"
    assert sikap(folder, "init", str(folder), "--licence", "CC0-1.0") == 0
    shutil.copyfile(ARTICLE, folder / "dataset/raw" / ARTICLE.name)
    (folder / "dataset/raw/own.txt").write_text(OWN, encoding="utf-8")
    (folder / "dataset/raw/emoji.txt").write_text(f"{EMOJI}\n", encoding="utf-8")
    settings = folder / "pyproject.toml"
    rule = 'kind = "rule"\nqualifications = "Marks what the test says."\n'
    text = settings.read_text(encoding="utf-8").split("[tool.sikap.annotators")[0]
    text = text.replace('text_licence = ""', 'text_licence = "CC0-1.0"')
    rosters = (f"[tool.sikap.annotators.{name}]\n{rule}" for name in ("api1", "api2", "hand"))
    settings.write_text(text + "".join(rosters), encoding="utf-8")
    return folder


def submit(user: Credentials, task: int, results: list[Any]) -> None:
    """Submit an annotation as a user does, by the API."""
    httpx.post(
        f"{user.url}/api/tasks/{task}/annotations/",
        headers={"Authorization": f"Token {user.token}"},
        json={"result": results, "lead_time": 1.5},
        timeout=30,
    ).raise_for_status()


def recorded_project(folder: Path, round_id: str) -> int:
    """The Label Studio project that push wrote into the manifest."""
    manifest = json.loads((folder / f"dataset/rounds/{round_id}/round.json").read_bytes())
    return int(manifest["projects"][0]["project_id"])


def test_an_article_goes_the_whole_way(
    folder: Path, studio: Studio, page: Page, capfd: pytest.CaptureFixture[str]
) -> None:
    users = {name: studio.add_user(name) for name in ("api1", "api2", "hand")}
    for name, user in users.items():
        assert sikap(folder, "annotators", "link", name, user.email) == 0
    for command in (["ingest"], ["segment"], ["round", "plan", "first", "--blindness", "shared"]):
        assert sikap(folder, *command) == 0

    # Push, and push again: every item is there exactly once.
    for _ in range(2):
        assert sikap(folder, "round", "push", "first") == 0
    items = {item["item_id"]: item for item in read_lines(folder / ROUND / "items.jsonl")}
    project_id = recorded_project(folder, "first")
    tasks = {data["item_id"]: id_ for id_, data in studio.client.tasks(project_id)}
    assert len(tasks) == len(items) == len(list(studio.client.tasks(project_id))) == 15

    # One user by hand: a span after an emoji, its stance, its holder, Submit.
    (by_hand,) = (id_ for id_, item in items.items() if item["text"] == EMOJI)
    hand = users["hand"]
    browser.log_in(page, hand.url, hand.email, hand.password)
    assert browser.open_task(page, hand.url, project_id, tasks[by_hand]) == EMOJI
    start = EMOJI.index("Pasar Kembang")
    browser.mark(page, "8", start, start + len("Pasar Kembang"))
    browser.choose(page, "favor")
    browser.choose(page, "source")
    browser.submit(page)

    # Two users by the API: they agree on the emoji sentence, and one marks more in the others.
    market = region(EMOJI, "Pasar Kembang", "TOPIC", "favor", "source")
    for item_id, item in items.items():
        first = item["text"].split()[0].strip("“”,.")
        extra = region(item["text"], first, "PER", "neutral")
        both = market if item["text"] == EMOJI else []
        submit(users["api1"], tasks[item_id], both)
        submit(users["api2"], tasks[item_id], both or extra)

    # Status, and pull twice: the same annotations, nothing set aside.
    assert sikap(folder, "round", "status", "first") == 0
    assert "hand: 1 of 15 submitted" in capfd.readouterr().out
    assert sikap(folder, "round", "pull", "first") == 0
    once = snapshot(folder)
    assert sikap(folder, "round", "pull", "first") == 0
    assert snapshot(folder) == once
    annotations = read_lines(folder / ROUND / "annotations.jsonl")
    assert len(annotations) == 2 * len(items) + 1
    assert read_lines(folder / ROUND / "rejects.jsonl") == []
    (seen,) = (a for a in annotations if a["annotator"] == "hand")
    (span,) = seen["spans"]
    assert EMOJI[span["start"] : span["end"]] == "Pasar Kembang"

    # Settle: what is tied is open and listed; the emoji sentence is unanimous.
    assert sikap(folder, "round", "settle") == 1
    labels = {label["sentence_id"]: label for label in read_lines(folder / "dataset/labels.jsonl")}
    (settled,) = labels[items[by_hand]["sentence_id"]]["spans"]
    assert settled["provenance"] == {
        "how": "unanimous", "votes": 3, "of": 3, "round_id": "first"
    }  # fmt: skip
    assert settled["attributes"]["holder"]["values"] == ["source"]
    others = [label for label in labels.values() if label["annotators"] == 2]
    assert {s["provenance"]["how"] for label in others for s in label["spans"]} == {"open"}

    # Release, verify, load.
    assert sikap(folder, "release", "--draft", "--open", "null") == 0
    release = folder / "dataset/release"
    assert sikap(folder, "verify", str(release)) == 0
    stance = load_dataset(str(release), "stance", cache_dir=str(folder / "cache"))
    (row,) = [row for split in stance.values() for row in split]
    assert row["text"][row["target_start"] : row["target_end"]] == "Pasar Kembang"
    assert row["label"] == next(iter(stance.values())).features["label"].str2int("favor")
    for file in release.rglob("*"):
        assert not file.is_file() or b"sikap.local" not in file.read_bytes()


def test_a_config_that_was_changed_on_the_server_stops_pull(
    folder: Path, studio: Studio, capfd: pytest.CaptureFixture[str]
) -> None:
    for command in (
        ["ingest"],
        ["segment"],
        ["round", "plan", "other"],
        ["round", "push", "other"],
    ):
        assert sikap(folder, *command) == 0
    project = studio.client.project(recorded_project(folder, "other"))
    assert project is not None
    changed = project.config.replace('value="WPN"', 'value="ARM"')
    httpx.patch(
        f"{studio.credentials.url}/api/projects/{project.project_id}/",
        headers={"Authorization": f"Token {studio.credentials.token}"},
        json={"label_config": changed},
        timeout=30,
    ).raise_for_status()
    before = snapshot(folder)

    assert sikap(folder, "round", "pull", "other") == 2

    assert "[project-config]" in capfd.readouterr().err
    assert snapshot(folder) == before


def test_a_wrong_token_is_exit_3_and_never_shown(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for command in (["ingest"], ["segment"], ["round", "plan", "third"]):
        assert sikap(folder, *command) == 0
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "0badc0de" * 5)
    assert sikap(folder, "round", "push", "third") == 3
    shown = capfd.readouterr()
    assert "[token]" in shown.err
    assert "0badc0de" not in shown.err + shown.out
