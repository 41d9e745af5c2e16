import json
from collections.abc import Callable
from pathlib import Path

import pytest

from projects import export, make_project, note, read_lines, region, sikap, snapshot
from sikap import InputError, open_project, pull_round, replay_rounds, withdraw
from sikap.steps.project_files import read_round
from sikap.steps.rounds.frozen_inputs import inputs_of

ROUND = "dataset/rounds/first"


@pytest.fixture
def pulled(tmp_path: Path) -> Path:
    """A project whose round was pulled from an export."""
    folder = make_project(tmp_path / "project")
    results = region("Warga mendukung Belsara", "Belsara", "PER", "favor", "source")
    data = export(folder, {1: {"Warga": results}, 2: {}, 9: {}})
    pull_round(open_project(folder), "first", export=data)
    return folder


def test_a_round_can_be_replayed_from_the_export_that_it_keeps(pulled: Path) -> None:
    before = snapshot(pulled)
    (pulled / ROUND / "annotations.jsonl").unlink()
    (pulled / ROUND / "rejects.jsonl").unlink()
    # Who the users are is not in the repository, and is not needed.
    (pulled / ".sikap/annotators.json").unlink()

    assert replay_rounds(open_project(pulled)).replayed == ("first",)

    del before[".sikap/annotators.json"]
    assert snapshot(pulled) == before


def test_a_stranger_is_set_aside_by_number(pulled: Path) -> None:
    rejects = read_lines(pulled / ROUND / "rejects.jsonl")
    assert {reject["code"] for reject in rejects} == {"unknown-annotator"}
    assert all("user 9" in reject["found"] for reject in rejects)


def test_a_round_under_another_config_keeps_its_annotations(pulled: Path) -> None:
    config = pulled / "schema/stance_entities.xml"
    config.write_text(config.read_text(encoding="utf-8").replace("WPN", "ARM"), encoding="utf-8")
    before = snapshot(pulled)
    report = replay_rounds(open_project(pulled))
    assert (report.replayed, report.left) == ((), ("first",))
    assert snapshot(pulled) == before


def test_a_round_is_replayed_where_the_config_only_looks_otherwise(pulled: Path) -> None:
    config = pulled / "schema/stance_entities.xml"
    text = config.read_text(encoding="utf-8")
    for old, new in (('hotkey="q"', 'hotkey="f"'), ("#1f77b4", "#000000"), ("1.35em", "2em")):
        assert old in text
        text = text.replace(old, new)
    config.write_text(text, encoding="utf-8")
    before = snapshot(pulled)
    assert replay_rounds(open_project(pulled)).replayed == ("first",)
    assert snapshot(pulled) == before


def test_what_was_changed_or_deleted_is_remembered_once(pulled: Path) -> None:
    project = open_project(pulled)
    empty = export(pulled, {1: {}})
    for _ in range(2):
        pull_round(project, "first", export=empty)
    events = read_lines(pulled / ROUND / "history.jsonl")
    assert sorted(event["event"] for event in events) == ["changed"] + ["deleted"] * 4
    changed = next(event for event in events if event["event"] == "changed")
    assert changed["annotation"]["spans"]


def test_an_annotation_that_became_unusable_is_not_called_deleted(pulled: Path) -> None:
    broken = region("Warga mendukung Belsara", "Belsara", "PER", "favor")  # no holder any more
    report = pull_round(
        open_project(pulled), "first", export=export(pulled, {1: {"Warga": broken}, 2: {}})
    )
    assert report.events == {"rejected": 1}
    assert report.counts.rejected == 1


def test_an_export_of_a_part_says_nothing_of_the_rest(pulled: Path) -> None:
    tasks = json.loads(export(pulled, {1: {}, 2: {}}))
    before = snapshot(pulled)
    report = pull_round(open_project(pulled), "first", export=json.dumps(tasks[-1:]).encode())
    assert report.kept == len(read_lines(pulled / ROUND / "annotations.jsonl")) - 2
    assert report.events == {}
    assert replay_rounds(open_project(pulled)).replayed == ("first",)
    assert snapshot(pulled)[f"{ROUND}/annotations.jsonl"] == before[f"{ROUND}/annotations.jsonl"]


def test_a_config_that_changed_after_planning_is_refused_with_what_changed(pulled: Path) -> None:
    config = pulled / "schema/stance_entities.xml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('"WPN"', '"ARM"'), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        pull_round(open_project(pulled), "first", export=export(pulled, {1: {}, 2: {}}))
    (problem,) = raised.value.problems
    assert (problem.code, problem.file) == ("round-inputs", "schema/stance_entities.xml")
    assert problem.found == (
        "the labelling config changed since the round was planned: "
        "entities has 'ARM' added; entities has 'WPN' removed"
    )


def test_config_and_guidelines_that_changed_are_told_at_once(pulled: Path) -> None:
    project = open_project(pulled)
    files = read_round(project, "first")
    project.guidelines.write_bytes(b"# Lain\n" + project.guidelines.read_bytes())
    project.config.write_bytes(project.config.read_bytes() + b"\n")
    with pytest.raises(InputError) as raised:
        inputs_of(project, files)
    config, guidelines = raised.value.problems
    assert "white space" in config.found
    assert "planned: line 1 is now '# Lain' (lines added: 1, removed: 0)" in guidelines.found


def test_a_round_without_copies_says_that_something_changed(pulled: Path) -> None:
    project = open_project(pulled)
    (pulled / ROUND / "guidelines.md").unlink()
    files = read_round(project, "first")
    project.guidelines.write_bytes(b"# Lain\n")
    with pytest.raises(InputError, match="changed since the round was planned; restore"):
        inputs_of(project, files)


def test_notes_are_kept_beside_the_annotations_as_long_as_they_stand(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project", '<TextArea name="remark" toName="text"/>')
    project, notes = open_project(folder), folder / ROUND / "notes.jsonl"
    said = export(folder, {1: {"Warga": note("remark", "Ragu."), "Hujan": note("remark", "!")}})
    report = pull_round(project, "first", export=said)
    assert [n["values"] for n in read_lines(notes)] == [["Ragu."], ["!"]]
    assert "2 notes: see notes.jsonl" in report.lines()

    before = snapshot(folder)
    assert not pull_round(project, "first", export=said).changed
    notes.unlink()
    assert replay_rounds(project).replayed == ("first",)
    assert snapshot(folder) == before

    # What an export does not hold is kept, and what it holds is as it is now.
    later = json.loads(export(folder, {1: {}}))
    part = [one for one in later if "Warga" in one["data"]["text"]]
    pull_round(project, "first", export=json.dumps(part).encode())
    assert [n["values"] for n in read_lines(notes)] == [["!"]]
    pull_round(project, "first", export=json.dumps(later).encode())
    assert not notes.exists()


REFUSED: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "an empty export": (lambda _: b"[]", "export"),
    "another form of export": (
        lambda _: b'[{"id": 1, "text": "Warga", "stance": "favor"}]',
        "export",
    ),
    "an export by strangers": (lambda folder: export(folder, {8: {}, 9: {}}), "unknown-annotator"),
    "an export in which all is gone": (lambda folder: export(folder, {}), "annotations-gone"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_labels_are_not_wiped_out_by(kind: str, pulled: Path) -> None:
    make, code = REFUSED[kind]
    before = snapshot(pulled)
    with pytest.raises(InputError, match=rf"\[{code}\]"):
        pull_round(open_project(pulled), "first", export=make(pulled))
    assert snapshot(pulled) == before


def test_deletions_can_be_accepted(pulled: Path) -> None:
    (pulled / "empty.json").write_bytes(export(pulled, {}))
    command = ["round", "pull", "first", "--export", str(pulled / "empty.json")]
    assert sikap(pulled, *command) == 2
    assert sikap(pulled, *command, "--accept-deletions") == 0
    assert read_lines(pulled / ROUND / "annotations.jsonl") == []


def test_an_adjudication_round_takes_what_is_open(pulled: Path) -> None:
    assert sikap(pulled, "round", "settle") == 1
    decide = ["round", "plan", "decide", "--purpose", "adjudication", "--among", "open"]
    assert sikap(pulled, *decide, "--annotator", "a1") == 0
    (item,) = read_lines(pulled / "dataset/rounds/decide/items.jsonl")
    assert "Warga" in item["text"]


def test_a_round_of_which_all_is_withdrawn_is_replayed_as_one_that_has_nothing(
    tmp_path: Path,
) -> None:
    project = open_project(make_project(tmp_path / "project"))
    nobody = json.loads(export(project.root, {}))
    pull_round(project, "first", export=json.dumps(nobody).encode())
    for article in ("one", "other"):
        withdraw(project, article)
    assert replay_rounds(project).replayed == ("first",)
    before = snapshot(project.root)
    assert before["dataset/rounds/first/export.json"] == b"[]\n"
    assert replay_rounds(project).replayed == ("first",)
    assert snapshot(project.root) == before
