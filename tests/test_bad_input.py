"""Every kind of bad input: the exit code, the stable code of the finding, nothing half-written.

A *record* that is wrong is set aside, named and counted; a *run* that is wrong stops with exit 2
and changes no file; a service that fails is exit 3.
"""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from projects import (
    export,
    make_project,
    no_leftovers,
    read_lines,
    region,
    sikap,
    snapshot,
)

Change = Callable[[Path], None]


def raw(name: str, data: bytes | str) -> Change:
    def change(folder: Path) -> None:
        path = folder / "dataset/raw" / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())

    return change


def replace(name: str, old: str, new: str) -> Change:
    def change(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def write(name: str, data: bytes) -> Change:
    def change(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return change


def cut(name: str) -> Change:
    def change(folder: Path) -> None:
        path = folder / name
        path.write_bytes(path.read_bytes()[:-5])

    return change


def remove(name: str) -> Change:
    return lambda folder: (folder / name).unlink()


def empty_raw(folder: Path) -> None:
    for path in (folder / "dataset/raw").iterdir():
        path.unlink()


def link(name: str, target: str) -> Change:
    return lambda folder: (folder / "dataset/raw" / name).symlink_to(target)


def pulled(change: Callable[[dict[str, object]], object]) -> Change:
    """Pull good annotations, then change the first record of annotations.jsonl."""

    def do(folder: Path) -> None:
        (folder / "export.json").write_bytes(export(folder, {1: {}, 2: {}}))
        assert sikap(folder, "round", "pull", "first", "--export", str(folder / "export.json")) == 0
        path = folder / "dataset/rounds/first/annotations.jsonl"
        records = read_lines(path)
        change(records[0])
        lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        path.write_text("".join(lines), encoding="utf-8")

    return do


def span(start: int, end: int, label: str = "PER") -> dict[str, object]:
    return {"start": start, "end": end, "label": label, "attributes": {"stance": ["neutral"]}}


SET_ASIDE = {
    "bytes in no encoding": (raw("x.txt", b"\xff\xfe\x00\xd8\x00\x00"), {"encoding", "surrogate"}),
    "empty file": (raw("x.txt", b""), {"empty"}),
    "only white space": (raw("x.txt", b" \n\n\t "), {"empty"}),
    "NUL": (raw("x.txt", b"Satu\x00dua."), {"control-character"}),
    "control character": (raw("x.txt", b"Satu\x07dua."), {"control-character"}),
    "lone surrogate": (raw("x.txt", b"Satu \xed\xa0\x80 dua."), {"surrogate", "encoding"}),
    "metadata that is no JSON": (raw("one.json", b"{"), {"metadata"}),
    "metadata with an unknown key": (raw("one.json", b'{"titel": "x"}'), {"metadata"}),
    "metadata of a wrong type": (raw("one.json", b'{"title": 3}'), {"metadata"}),
    "metadata with no such date": (raw("one.json", b'{"published": "2026-02-30"}'), {"metadata"}),
    "metadata without article": (raw("nobody.json", b"{}"), {"metadata-orphan"}),
    "two files with one id": (raw("one.TXT", b"Lain."), {"duplicate-id"}),
    "another text under a known id": (raw("one.txt", b"Lain sekali."), {"text-changed"}),
    "a link out of the folder": (link("x.txt", "/etc/hostname"), {"outside-project"}),
    "a link to itself": (link("loop", "loop"), {"outside-project"}),
}
"""Articles: ingest ends with 0 and names the file in rejects.jsonl."""


@pytest.mark.parametrize("kind", SET_ASIDE)
def test_a_bad_article_is_set_aside_and_the_others_stay(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    change, codes = SET_ASIDE[kind]
    folder = make_project(tmp_path / "project")
    before = (folder / "dataset/articles.jsonl").read_bytes()
    change(folder)
    capfd.readouterr()

    assert sikap(folder, "ingest") == 0

    rejects = read_lines(folder / "dataset/rejects.jsonl")
    assert {reject["code"] for reject in rejects} <= codes
    assert rejects
    assert all(reject["file"] and reject["fix"] for reject in rejects)
    error = capfd.readouterr().err
    assert all(f"[{reject['code']}]" in error for reject in rejects)
    assert (folder / "dataset/articles.jsonl").read_bytes() == before
    assert no_leftovers(folder)


STOPS = {
    "no project": (remove("pyproject.toml"), ["ingest"], "no-project"),
    "settings that are no TOML": (write("pyproject.toml", b"[tool"), ["ingest"], "settings"),
    "settings in another encoding": (write("pyproject.toml", b"\xff"), ["ingest"], "settings"),
    "an unknown setting": (
        replace("pyproject.toml", "version =", "verison ="),
        ["ingest"],
        "settings",
    ),
    "a version that is none": (
        replace("pyproject.toml", '"0.1.0"', '"one"'),
        ["ingest"],
        "settings",
    ),
    "a path out of the project": (
        replace("pyproject.toml", "span_key", 'config = "../x.xml"\nspan_key'),
        ["round", "settle"],
        "outside-project",
    ),
    "no articles at all": (
        empty_raw,
        ["ingest"],
        "file-missing",
    ),
    "segment before ingest": (remove("dataset/articles.jsonl"), ["segment"], "file-missing"),
    "articles cut off": (cut("dataset/articles.jsonl"), ["segment"], "unfinished-line"),
    "articles that are no JSON": (
        write("dataset/articles.jsonl", b"{nope}\n"),
        ["segment"],
        "not-json",
    ),
    "an article without a key": (
        replace("dataset/articles.jsonl", '"raw_sha256"', '"raw_sha"'),
        ["segment"],
        "schema",
    ),
    "an article whose text was edited": (
        replace("dataset/articles.jsonl", "Belsara", "Belsari"),
        ["segment"],
        "digest",
    ),
    "a sentence moved off its text": (
        replace("dataset/sentences.jsonl", '"start":0,', '"start":1,'),
        ["release"],
        "span-text",
    ),
    "a sentence of a wrong kind": (
        replace("dataset/sentences.jsonl", '"dateline"', '"date"'),
        ["release"],
        "schema",
    ),
    "a labelling config that is no XML": (
        write("schema/stance_entities.xml", b"<View>"),
        ["round", "plan", "next"],
        "scheme-xml",
    ),
    "a labelling config with entities": (
        write(
            "schema/stance_entities.xml",
            b'<!DOCTYPE x [<!ENTITY a "b">]><View><Text name="t" value="&a;"/></View>',
        ),
        ["round", "plan", "next"],
        "scheme-xml",
    ),
    "a labelling config without controls": (
        write("schema/stance_entities.xml", b'<View><Text name="text" value="$text"/></View>'),
        ["round", "plan", "next"],
        "scheme-controls",
    ),
    "a round id that is a path": (None, ["round", "plan", "../x"], "round-id"),
    "an annotator nobody knows": (
        None,
        ["round", "plan", "next", "--annotator", "zz"],
        "round-roster",
    ),
    "nothing left to annotate": (None, ["round", "plan", "next"], "round-empty"),
    "a round planned otherwise before": (
        None,
        ["round", "plan", "first", "--sample", "1"],
        "round-exists",
    ),
    "a round that is not there": (None, ["round", "push", "none"], "round-missing"),
    "guidelines changed after planning": (
        replace("schema/guidelines.md", "Version", "Versions"),
        ["round", "push", "first"],
        "round-inputs",
    ),
    "config changed after planning": (
        replace("schema/stance_entities.xml", 'value="WPN"', 'value="ARM"'),
        ["round", "push", "first"],
        "round-inputs",
    ),
    "items edited after planning": (
        replace("dataset/rounds/first/items.jsonl", "Belsara", "Belsari"),
        ["round", "push", "first"],
        "digest",
    ),
    "no server known": (None, ["round", "push", "first"], "no-credentials"),
    "an export that is not there": (
        None,
        ["round", "pull", "first", "--export", "none.json"],
        "file-missing",
    ),
    "an export that is no JSON": (
        write("x.json", b"id,text\n"),
        ["round", "pull", "first", "--export", "x.json"],
        "export",
    ),
    "an export that is no list": (
        write("x.json", b'"x"'),
        ["round", "pull", "first", "--export", "x.json"],
        "export",
    ),
    "an export of lists in lists": (
        write("x.json", b"[" * 200_000),
        ["round", "pull", "first", "--export", "x.json"],
        "export",
    ),
    "an annotation with an unknown label": (
        pulled(lambda record: record.update(spans=[span(0, 3, "XYZ")])),
        ["round", "settle"],
        "unknown-label",
    ),
    "an annotation outside its text": (
        pulled(lambda record: record.update(spans=[span(0, 9999)])),
        ["round", "settle"],
        "span-outside",
    ),
    "an annotation with a repeated span key": (
        pulled(lambda record: record.update(spans=[span(0, 3), span(0, 3)])),
        ["round", "settle"],
        "repeated-key",
    ),
    "an annotation without a key": (
        pulled(lambda record: record.pop("spans")),
        ["round", "settle"],
        "schema",
    ),
    "an annotation of an unknown item": (
        pulled(lambda record: record.update(item_id="0" * 16)),
        ["round", "settle"],
        "unknown-item",
    ),
    "a ledger with an unknown split": (
        write("dataset/splits.json", b'{"salt":"s","articles":{"one":"dev"}}'),
        ["release"],
        "ledger",
    ),
    "a ledger that is no JSON": (write("dataset/splits.json", b"{"), ["release"], "not-json"),
    "an answer to a question that nobody asks": (
        write("datasheet.toml", b'favourite-colour = "blue"\n'),
        ["release"],
        "answers",
    ),
    "answers that are no TOML": (write("datasheet.toml", b"colour"), ["release"], "answers"),
    "no answers": (
        lambda folder: (folder / "datasheet.toml").unlink(),
        ["release"],
        "file-missing",
    ),
    "a release that is not there": (None, ["release", "--draft", "--check"], "file-missing"),
    "a project over another": (None, ["init", ".", "--licence", "CC0-1.0"], "file-exists"),
    "a user who is two annotators": (None, ["annotators", "link", "a2", "1"], "user-linked"),
}
"""Runs: exit 2, one clear line with the code, and no file has changed."""


@pytest.mark.parametrize("kind", STOPS)
def test_a_wrong_run_stops_and_changes_nothing(
    kind: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("LABEL_STUDIO_URL", raising=False)
    monkeypatch.delenv("LABEL_STUDIO_API_KEY", raising=False)
    change, command, code = STOPS[kind]
    folder = make_project(tmp_path / "project")
    monkeypatch.chdir(folder)
    if change is not None:
        change(folder)
    before = snapshot(folder)
    capfd.readouterr()

    assert sikap(folder, *command) == 2

    lines = capfd.readouterr().err.splitlines()
    assert any(f"[{code}]" in line for line in lines), lines
    assert all("Traceback" not in line for line in lines)
    assert snapshot(folder) == before
    assert no_leftovers(folder)


def mark(surface: str, label: str, stance: str, holder: str = "") -> Callable[[str], list[object]]:
    return lambda text: region(text, surface, label, stance, holder)


ANNOTATIONS = {
    "unknown label": (mark("Warga", "XYZ", "neutral"), "unknown-label"),
    "unknown value": (mark("Warga", "PER", "angry"), "unknown-value"),
    "stance without holder": (mark("Warga", "PER", "favor"), "required"),
    "holder without stance": (mark("Warga", "PER", "neutral", "author"), "condition"),
    "a span beyond the text": (
        lambda text: move(region(text, "besar.", "PER", "neutral"), 4), "span-outside"
    ),
    "a span on other words": (
        lambda text: move(region(text, "Warga", "PER", "neutral"), 2), "span-text"
    ),
    "a span of white space": (lambda text: region(text, " ", "PER", "neutral"), "span-text"),
    "a choice that is no list": (
        lambda text: [
            {**one, "value": {**one["value"], "choices": "neutral"}}
            for one in region(text, "Warga", "PER", "neutral")
        ],
        "export",
    ),
    "the same span twice": (
        lambda text: [
            *region(text, "Warga", "PER", "neutral"),
            *rename(region(text, "Warga", "PER", "neutral")),
        ],
        "repeated-key",
    ),
    "a relation": (
        lambda _: [{"type": "relation", "from_id": "a", "to_id": "b"}], "unsupported-result"
    ),
}  # fmt: skip
"""Annotations: pull ends with 0, the annotation is in the round's rejects.jsonl."""


def move(results: list[object], by: int) -> list[object]:
    for result in results:
        value = result["value"]  # type: ignore[index]
        value["start"], value["end"] = value["start"] + by, value["end"] + by
    return results


def rename(results: list[object]) -> list[object]:
    return [{**result, "id": "other"} for result in results]  # type: ignore[dict-item]


@pytest.mark.parametrize("kind", ANNOTATIONS)
def test_a_bad_annotation_is_set_aside_and_the_others_stay(kind: str, tmp_path: Path) -> None:
    make, code = ANNOTATIONS[kind]
    folder = make_project(tmp_path / "project")
    items = read_lines(folder / "dataset/rounds/first/items.jsonl")
    text = next(item["text"] for item in items if "Warga" in item["text"])
    exported = tmp_path / "export.json"
    exported.write_bytes(export(folder, {1: {"Warga": make(text)}, 2: {}}))

    assert sikap(folder, "round", "pull", "first", "--export", str(exported)) == 0

    rejects = read_lines(folder / "dataset/rounds/first/rejects.jsonl")
    assert {reject["code"] for reject in rejects} == {code}
    kept = read_lines(folder / "dataset/rounds/first/annotations.jsonl")
    assert len(kept) == 2 * len(items) - 1


def test_a_server_that_is_down_is_exit_3(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_project(tmp_path / "project")
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "f" * 40)
    before = snapshot(folder)
    assert sikap(folder, "round", "push", "first") == 3
    error = capfd.readouterr().err
    assert "[no-server]" in error
    assert "f" * 40 not in error
    assert snapshot(folder) == before


def test_a_full_disk_leaves_the_old_files_whole(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    (folder / "dataset/raw/two.txt").write_text("Kalimat baru. " * 500, encoding="utf-8")
    before = snapshot(folder)

    def limit() -> None:
        # The kernel refuses to let a file grow beyond this, as it would on a full disk.
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    done = subprocess.run(
        [sys.executable, "-m", "sikap", "--project", str(folder), "ingest"],
        preexec_fn=limit,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )

    assert done.returncode == 2, done.stderr
    assert "[disk]" in done.stderr
    assert snapshot(folder) == before
    assert no_leftovers(folder)


def test_a_wrong_run_says_so_in_json_too(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = make_project(tmp_path / "project")
    capfd.readouterr()
    assert sikap(folder, "round", "push", "none", "--json") == 2
    (problem,) = json.loads(capfd.readouterr().out)["problems"]
    assert problem["code"] == "round-missing"
