from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest

from builders import codes, project, sentence, span
from sikap.errors import InputError
from sikap.project import Project
from sikap.records import Item, Sentence
from sikap.steps.files import read_round
from sikap.steps.plan import plan
from sikap.steps.wishes import Asked
from sikap.store import encode_lines, lock, write_bytes

TEXTS = ("Belsara mengecam PT Ombak.", "PT Ombak diam.", "Rapat ditunda.")
SENTENCES = [sentence(text, index=index) for index, text in enumerate(TEXTS)]
PER = span(0, 7)


@pytest.fixture
def made(tmp_path: Path) -> Project:
    return with_sentences(project(tmp_path), SENTENCES)


def with_sentences(of: Project, sentences: Iterable[Sentence]) -> Project:
    write_bytes(of.sentences, encode_lines(sentences))
    return of


def items(of: Project, round_id: str = "r1") -> Sequence[Item]:
    return read_round(of, round_id).items


def snapshot(of: Project) -> dict[Path, tuple[bytes, int]]:
    files = (path for path in of.rounds.rglob("*") if path.is_file())
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def refused(of: Project, round_id: str = "r1", **wish: Any) -> InputError:
    before = snapshot(of)
    with pytest.raises(InputError) as raised:
        plan(of, round_id, Asked(**wish))
    assert snapshot(of) == before
    return raised.value


def test_a_planned_round_can_be_read_and_says_what_comes_next(made: Project) -> None:
    report = plan(made, "r1", Asked(purpose="calibration", annotators=("a2",), sample=2, seed=7))
    manifest, of_round = read_round(made, "r1").manifest, items(made)
    assert (manifest.ordinal, manifest.purpose, manifest.design.seed) == (1, "calibration", 7)
    assert [annotator.annotator for annotator in manifest.roster] == ["a2"]
    assert len(of_round) == report.items == 2
    assert list(report.lines())[-1] == "next: sikap round push r1"


def test_planning_twice_changes_nothing(made: Project) -> None:
    first = plan(made, "r1")
    before = snapshot(made)
    second = plan(made, "r1")
    assert (first.changed, second.changed) == (True, False)
    assert snapshot(made) == before


def test_a_plan_that_was_killed_before_its_manifest_is_made_again(made: Project) -> None:
    plan(made, "r1")
    whole = snapshot(made)
    (made.round("r1") / "round.json").unlink()
    assert plan(made, "r1").changed
    assert {path: data for path, (data, _) in snapshot(made).items()} == {
        path: data for path, (data, _) in whole.items()
    }


def test_a_round_cannot_be_planned_otherwise(made: Project) -> None:
    plan(made, "r1")
    error = refused(made, seed=1)
    assert codes(error.problems) == ["round-exists"]
    assert "other design" in str(error)
    made.guidelines.write_text("# Lain\n", encoding="utf-8")
    assert "other digests" in str(refused(made))


def test_a_later_round_leaves_out_what_was_planned_before_unless_told(made: Project) -> None:
    plan(made, "r1", Asked(sample=2))
    plan(made, "r2")
    assert {i.sentence_id for i in items(made, "r2")}.isdisjoint(i.sentence_id for i in items(made))
    assert codes(refused(made, "r3").problems) == ["round-empty"]
    assert plan(made, "r3", Asked(among="all")).items == len(TEXTS)


def test_an_earlier_round_is_still_the_same_when_others_came_after(made: Project) -> None:
    plan(made, "r1")
    plan(made, "r2", Asked(among="all"))
    assert not plan(made, "r1").changed
    assert not plan(made, "r2", Asked(among="all")).changed


def test_ordinals_are_never_given_twice(made: Project) -> None:
    for round_id in ("r1", "r2", "r3"):
        plan(made, round_id, Asked(sample=1))
    for path in made.round("r2").iterdir():
        path.unlink()
    made.round("r2").rmdir()
    plan(made, "r4", Asked(among="all"))
    ordinals = [read_round(made, name).manifest.ordinal for name in ("r1", "r3", "r4")]
    assert ordinals == [1, 3, 4]


def test_only_annotators_of_the_project_can_be_on_a_roster(made: Project) -> None:
    error = refused(made, annotators=("a1", "siapa"))
    assert codes(error.problems) == ["round-roster"]
    assert "[tool.sikap.annotators.siapa]" in str(error)


def test_a_project_without_annotators_cannot_plan(tmp_path: Path) -> None:
    alone = with_sentences(project(tmp_path, annotators=()), SENTENCES)
    assert codes(refused(alone).problems) == ["round-roster"]


@pytest.mark.parametrize(
    ("break_it", "code"),
    [
        (lambda p: p.sentences.unlink(), "file-missing"),
        (lambda p: p.sentences.write_bytes(b"{}\n"), "schema"),
        (lambda p: p.sentences.write_bytes(p.sentences.read_bytes()[:-1]), "unfinished-line"),
        (lambda p: p.guidelines.unlink(), "file-missing"),
        (lambda p: p.config.unlink(), "file-missing"),
        (lambda p: p.config.write_bytes(b"<View/>"), "scheme-controls"),
    ],
)
def test_a_round_is_not_planned_on_broken_files(made: Project, break_it: Any, code: str) -> None:
    break_it(made)
    assert codes(refused(made).problems) == [code]


def test_no_round_is_planned_while_another_command_writes(made: Project) -> None:
    with lock(made.lock):
        assert codes(refused(made).problems) == ["busy"]


@pytest.mark.parametrize(("name", "code"), [("items.jsonl", "digest"), ("round.json", "schema")])
def test_a_round_that_was_changed_by_hand_is_refused(made: Project, name: str, code: str) -> None:
    plan(made, "r1")
    path = made.round("r1") / name
    first_line_gone = path.read_bytes().partition(b"\n")[2]
    path.write_bytes(first_line_gone)
    assert codes(refused(made).problems) == [code]
