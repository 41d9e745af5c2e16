from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import annotation, codes, project, sentence, span
from sikap.errors import InputError
from sikap.project import Project
from sikap.records import Annotation, Item, Label, Sentence
from sikap.steps.files import read_round
from sikap.steps.rounds import PlanReport, plan, settle_rounds
from sikap.store import decode_lines, encode_lines, lock, write_bytes

TEXTS = ("Belsara mengecam PT Ombak.", "PT Ombak diam.", "Rapat ditunda.")
SENTENCES = [sentence(text, index=index) for index, text in enumerate(TEXTS)]
PER = span(0, 7)


@pytest.fixture
def made(tmp_path: Path) -> Project:
    return with_sentences(project(tmp_path), SENTENCES)


def with_sentences(of: Project, sentences: Iterable[Sentence]) -> Project:
    write_bytes(of.sentences, encode_lines(sentences))
    return of


def annotate(of: Project, annotations: Iterable[Annotation], round_id: str = "r1") -> None:
    write_bytes(of.round(round_id) / "annotations.jsonl", encode_lines(annotations))


def items(of: Project, round_id: str = "r1") -> Sequence[Item]:
    return read_round(of, round_id).items


def labels(of: Project) -> list[Label]:
    return decode_lines(of.labels.read_bytes(), Label, "labels.jsonl")


def snapshot(of: Project) -> dict[Path, tuple[bytes, int]]:
    files = (path for path in of.rounds.rglob("*") if path.is_file())
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def refused(of: Project, round_id: str = "r1", **wish: Any) -> InputError:
    before = snapshot(of)
    with pytest.raises(InputError) as raised:
        plan(of, round_id, **wish)
    assert snapshot(of) == before
    return raised.value


def test_a_planned_round_can_be_read_and_says_what_comes_next(made: Project) -> None:
    report = plan(made, "r1", purpose="calibration", annotators=["a2"], sample=2, seed=7)
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
    plan(made, "r1", sample=2)
    plan(made, "r2")
    assert {i.sentence_id for i in items(made, "r2")}.isdisjoint(i.sentence_id for i in items(made))
    assert codes(refused(made, "r3").problems) == ["round-empty"]
    assert plan(made, "r3", among="all").items == len(TEXTS)


def test_an_earlier_round_is_still_the_same_when_others_came_after(made: Project) -> None:
    plan(made, "r1")
    plan(made, "r2", among="all")
    assert not plan(made, "r1").changed
    assert not plan(made, "r2", among="all").changed


def test_ordinals_are_never_given_twice(made: Project) -> None:
    for round_id in ("r1", "r2", "r3"):
        plan(made, round_id, sample=1)
    for path in made.round("r2").iterdir():
        path.unlink()
    made.round("r2").rmdir()
    plan(made, "r4", among="all")
    ordinals = [read_round(made, name).manifest.ordinal for name in ("r1", "r3", "r4")]
    assert ordinals == [1, 3, 4]


def test_only_annotators_of_the_project_can_be_on_a_roster(made: Project) -> None:
    error = refused(made, annotators=["a1", "siapa"])
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


def test_labels_are_settled_in_the_order_of_the_sentences(made: Project) -> None:
    plan(made, "r1")
    annotate(made, [annotation(of, "a1", [PER]) for of in reversed(items(made))])
    report = settle_rounds(made)
    assert [label.sentence_id for label in labels(made)] == [s.sentence_id for s in SENTENCES]
    assert (report.labelled, report.settled, report.failed) == (3, {"single": 3}, False)
    assert not settle_rounds(made).changed
    with_sentences(made, reversed(SENTENCES))
    settle_rounds(made)
    assert [label.sentence_id for label in labels(made)] == [
        s.sentence_id for s in reversed(SENTENCES)
    ]


def test_what_is_open_is_a_problem_and_stays_in_the_labels(made: Project) -> None:
    plan(made, "r1")
    first, *_ = items(made)
    annotate(made, [annotation(first, "a1", [PER]), annotation(first, "a2")])
    report = settle_rounds(made)
    assert report.failed
    assert codes(report.problems) == ["open"]
    assert next(report.lines()).endswith("1 open, 0 lost")
    assert [label.spans[0].provenance.how for label in labels(made)] == ["open"]


def test_without_annotations_there_are_no_labels(made: Project) -> None:
    plan(made, "r1")
    assert settle_rounds(made).labelled == 0
    assert labels(made) == []


def test_labels_of_a_sentence_that_is_gone_are_named(made: Project) -> None:
    plan(made, "r1")
    annotate(made, [annotation(of, "a1") for of in items(made)])
    with_sentences(made, SENTENCES[1:])
    with pytest.raises(InputError) as raised:
        settle_rounds(made)
    assert codes(raised.value.problems) == ["item-lost", "not-anchored"]
    assert [problem.id for problem in raised.value.problems] == [
        one.sentence_id for one in SENTENCES[:2]
    ]
    assert all("sikap round reanchor" in problem.fix for problem in raised.value.problems)
    assert not made.labels.exists()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"item_id": "0" * 16}, "unknown-item"),
        ({"sentence_id": "0" * 16}, "unknown-item"),
        ({"round_id": "r2"}, "unknown-item"),
        ({"annotator": "a9"}, "unknown-annotator"),
        ({"spans": (span(0, 99),)}, "span-outside"),
        ({"spans": (span(0, 7, "CAT"),)}, "unknown-label"),
        ({"annotator": "a 1"}, "schema"),
    ],
)
def test_annotations_that_break_the_border_are_refused(
    made: Project, change: dict[str, Any], code: str
) -> None:
    plan(made, "r1")
    good = [annotation(of, "a1") for of in items(made)]
    annotate(made, [msgspec.structs.replace(good[0], **change), *good[1:]])
    with pytest.raises(InputError) as raised:
        settle_rounds(made)
    assert codes(raised.value.problems) == [code]
    assert raised.value.problems[0].file == "dataset/rounds/r1/annotations.jsonl"
    assert not made.labels.exists()


def test_nobody_has_two_votes_on_an_item(made: Project) -> None:
    plan(made, "r1")
    first, *_ = items(made)
    annotate(made, [annotation(first, "a1"), annotation(first, "a1", [PER])])
    with pytest.raises(InputError) as raised:
        settle_rounds(made)
    assert codes(raised.value.problems) == ["repeated-annotation"] * 2


def test_all_wrong_annotations_are_named_at_once(made: Project) -> None:
    plan(made, "r1")
    annotate(made, [annotation(of, "a1", [span(0, 99)]) for of in items(made)])
    with pytest.raises(InputError) as raised:
        settle_rounds(made)
    assert len(raised.value.problems) == len(TEXTS)


def test_reports_are_plain_records() -> None:
    report = PlanReport(round_id="r1", items=1, annotators=("a1",), changed=True)
    assert not report.failed
    assert msgspec.json.decode(msgspec.json.encode(report))["items"] == 1
