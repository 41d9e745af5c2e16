import csv
from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import annotation, codes, project, span
from planned import annotate, items, planned
from projects import export, make_project, read_lines, region, say_everything, sikap, snapshot
from sikap import (
    InputError,
    Project,
    RoundRequest,
    open_project,
    plan_round,
    pull_round,
    replay_rounds,
    settle_rounds,
)
from sikap.records import Label
from sikap.settings import RosterEntry
from sikap.steps.project_files import read_round
from sikap.steps.rounds.votes import export_votes, import_votes
from sikap.storage.files import decode_lines

TEXTS = ("Belsara mengecam PT Ombak.", "PT Ombak diam.")
PER = span(0, 7)
FAVOR = span(0, 7, stance="favor", holder="source")


@pytest.fixture
def made(tmp_path: Path) -> Project:
    """Two sentences: a tie on a mention, and a tie on its stance."""
    of = project(tmp_path / "project", ("a1", "a2"))
    roster = {**of.settings.annotators, "m1": RosterEntry(kind="model")}
    of = Project(of.root, msgspec.structs.replace(of.settings, annotators=roster))
    planned(of, TEXTS, "a1", "a2")
    first, other = items(of)
    said = [
        annotation(first, "a1", [PER]),
        annotation(first, "a2"),
        annotation(other, "a1", [PER]),
        annotation(other, "a2", [FAVOR]),
    ]
    annotate(of, said)
    return of


def answers(of: Project, folder: Path, **by_control: str) -> Path:
    """A table that answers every task of these controls in the same way."""
    export_votes(of, "r1", folder / "votes.csv")
    with (folder / "votes.csv").open(encoding="utf-8", newline="") as file:
        tasks = dict.fromkeys(row["task"] for row in csv.DictReader(file))
    path = folder / "answers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("task", "agg_label"))
        for task in tasks:
            if task.partition("/")[0] in by_control:
                rows.writerow((task, by_control[task.partition("/")[0]]))
    return path


def imported(made: Project, table: Path, /, new: str = "m", **wish: Any) -> Any:
    return import_votes(made, new, [table], **{"of": "r1", "annotator": "m1", **wish})


def refused(made: Project, table: Path, /, new: str = "m", **wish: Any) -> InputError:
    before = snapshot(made.root)
    with pytest.raises(InputError) as raised:
        imported(made, table, new, **wish)
    assert snapshot(made.root) == before
    return raised.value


def hows(of: Project) -> list[tuple[str, list[str]]]:
    settle_rounds(of)
    settled = decode_lines(of.labels.read_bytes(), Label, "labels.jsonl")
    return [(label.round_id, [s.provenance.how for s in label.spans]) for label in settled]


def test_votes_are_written_once(made: Project, tmp_path: Path) -> None:
    report = export_votes(made, "r1", tmp_path / "votes.csv")
    assert (report.votes, report.tasks, report.changed) == (7, 4, True)
    assert not export_votes(made, "r1", tmp_path / "votes.csv").changed
    only = export_votes(made, "r1", tmp_path / "stance.csv", "stance")
    assert (only.votes, only.tasks) == (2, 1)


def test_answers_become_annotations_of_a_round_that_decides_nothing(
    made: Project, tmp_path: Path
) -> None:
    before = hows(made)
    table = answers(made, tmp_path, entities="yes", stance="neutral")
    report = imported(made, table)
    files = read_round(made, "m")
    assert [[s.label for s in one.spans] for one in files.annotations] == [["PER"], ["PER"]]
    assert {one.annotator for one in files.annotations} == {"m1"}
    manifest = files.manifest
    assert (manifest.purpose, manifest.state, manifest.counts.submitted) == (
        "calibration",
        "pulled",
        2,
    )
    assert [(entry.annotator, entry.kind) for entry in manifest.roster] == [("m1", "model")]
    assert manifest.design.sampling == "votes of r1"
    assert (report.items, report.annotations, report.problems) == (2, 2, ())
    assert hows(made) == before


def test_as_adjudication_they_decide(made: Project, tmp_path: Path) -> None:
    table = answers(made, tmp_path, entities="yes", stance="neutral")
    report = imported(made, table, purpose="adjudication")
    assert list(report.lines())[-1] == "it decides: the next settle takes these labels"
    assert hows(made) == [("m", ["adjudicated"]), ("m", ["adjudicated"])]


def test_importing_twice_changes_nothing_and_other_answers_are_refused(
    made: Project, tmp_path: Path
) -> None:
    table = answers(made, tmp_path, entities="yes", stance="neutral")
    assert imported(made, table).changed
    before = snapshot(made.root)
    assert not imported(made, table).changed
    assert snapshot(made.root) == before
    other = answers(made, tmp_path, entities="no", stance="neutral")
    assert codes(refused(made, other).problems) == ["round-exists"]


def test_what_the_answers_leave_open_is_set_aside_and_named(made: Project, tmp_path: Path) -> None:
    report = imported(made, answers(made, tmp_path, entities="yes"))
    assert (report.items, report.annotations, codes(report.problems)) == (2, 1, ["open"])
    assert read_round(made, "m").manifest.counts.rejected == 1
    [reject] = read_lines(made.round("m") / "rejects.jsonl")
    assert reject["code"] == "open"


def test_several_tables_may_answer_but_not_the_same_task(made: Project, tmp_path: Path) -> None:
    one = answers(made, tmp_path, entities="yes").rename(tmp_path / "entities.csv")
    other = answers(made, tmp_path, stance="neutral")
    wish: dict[str, Any] = {"of": "r1", "annotator": "m1"}
    assert import_votes(made, "m", [one, other], **wish).annotations == 2
    with pytest.raises(InputError) as raised:
        import_votes(made, "n", [one, one], **wish)
    assert set(codes(raised.value.problems)) == {"votes"}


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"annotator": "a1"}, "round-roster"),
        ({"annotator": "siapa"}, "round-roster"),
        ({"of": "r9"}, "round-missing"),
        ({"new": "r1"}, "round-exists"),
        ({"new": "-"}, "round-id"),
    ],
)
def test_an_import_that_makes_no_sense_is_refused(
    made: Project, tmp_path: Path, wish: dict[str, Any], code: str
) -> None:
    table = answers(made, tmp_path, entities="yes", stance="neutral")
    assert codes(refused(made, table, **wish).problems) == [code]


def test_a_table_that_is_missing_or_unreadable_is_named(made: Project, tmp_path: Path) -> None:
    assert codes(refused(made, tmp_path / "none.csv").problems) == ["file-missing"]
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe")
    assert codes(refused(made, tmp_path / "bad.csv").problems) == ["not-utf8"]


def test_a_later_calibration_round_would_decide_and_is_refused(
    made: Project, tmp_path: Path
) -> None:
    plan_round(
        made,
        "c1",
        RoundRequest(purpose="calibration", annotators=("a1", "a2"), among="all"),
    )
    said = [annotation(item, "a1", [PER]) for item in items(made, "c1")]
    annotate(made, said, "c1")
    export_votes(made, "c1", tmp_path / "votes.csv")
    (tmp_path / "answers.csv").write_text("task,agg_label\n", encoding="utf-8")
    table = tmp_path / "answers.csv"
    assert codes(refused(made, table, of="c1").problems) == ["round-design"]
    assert imported(made, table, of="c1", purpose="adjudication").annotations == 2


def test_a_round_that_nobody_judged_has_no_votes(made: Project, tmp_path: Path) -> None:
    plan_round(made, "r2", RoundRequest(among="all"))
    with pytest.raises(InputError) as raised:
        export_votes(made, "r2", tmp_path / "votes.csv")
    assert codes(raised.value.problems) == ["round-empty"]
    assert not (tmp_path / "votes.csv").exists()


def test_a_release_with_a_models_answers_verifies_and_replays(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    settings = folder / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    model = '\n[tool.sikap.annotators.m1]\nkind = "model"\n'
    settings.write_text(text + model, encoding="utf-8")
    say_everything(folder)
    of = open_project(folder)
    sentences = [item.text for item in items(of, "first")]
    word = next(text for text in sentences if "Rintan Belsara" in text)
    seen = region(word, "Rintan Belsara", "PER", "favor", "source")
    pull_round(of, "first", export=export(folder, {1: {"Rintan": seen}, 2: {"Rintan": seen}}))
    votes, table = tmp_path / "votes.csv", tmp_path / "answers.csv"
    assert sikap(folder, "round", "votes", "first", str(votes)) == 0
    rows = list(csv.DictReader(votes.open(encoding="utf-8", newline="")))
    lines = [f"{task},{label}" for task, label in {r["task"]: r["label"] for r in rows}.items()]
    table.write_text("\n".join(["task,agg_label", *lines, ""]), encoding="utf-8")
    asked = ("round", "import-votes", "em", str(table), "--from", "first", "--annotator", "m1")
    assert sikap(folder, *asked) == 0
    assert sikap(folder, "round", "settle") == 0
    assert sikap(folder, "release") == 0
    assert sikap(folder, "verify") == 0
    assert replay_rounds(of).left == ("em",)


def test_a_round_of_answers_is_not_sent_to_anybody(made: Project, tmp_path: Path) -> None:
    import_votes(made, "m", [answers(made, tmp_path, entities="yes")], of="r1", annotator="m1")
    before = snapshot(made.root)
    for command in ("push", "status", "pull"):
        assert sikap(made.root, "round", command, "m") == 2
    assert snapshot(made.root) == before
