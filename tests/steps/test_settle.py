from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import annotation, codes, project, sentence, span
from planned import annotate, items, with_sentences
from sikap.errors import InputError
from sikap.project import Project
from sikap.records import Gold, Label
from sikap.steps.plan import plan
from sikap.steps.settle import settle_rounds
from sikap.steps.wishes import Asked
from sikap.store import decode_lines, encode_lines

TEXTS = ("Belsara mengecam PT Ombak.", "PT Ombak diam.", "Rapat ditunda.")
SENTENCES = [sentence(text, index=index) for index, text in enumerate(TEXTS)]
PER = span(0, 7)


@pytest.fixture
def made(tmp_path: Path) -> Project:
    return with_sentences(project(tmp_path), SENTENCES)


def labels(of: Project) -> list[Label]:
    return decode_lines(of.labels.read_bytes(), Label, "labels.jsonl")


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


def test_a_low_score_on_known_answers_warns_and_does_not_fail(made: Project) -> None:
    path = made.root / "gold.jsonl"
    answer = Gold(sentence_id=SENTENCES[0].sentence_id, spans=(PER,), choices={})
    path.write_bytes(encode_lines([answer]))
    plan(made, "r1", Asked(gold=path))
    known, *ordinary = items(made)
    annotate(
        made,
        [
            annotation(known, "a1", [PER]),
            annotation(known, "a2"),
            *(annotation(of, "a1") for of in ordinary),
        ],
    )
    report = settle_rounds(made)
    assert [(p.code, p.id) for p in report.problems] == [("gold-bar", "r1, a2")]
    assert not report.failed
    assert report.labelled == 2
    assert next(report.lines()).endswith("0 open, 0 lost")
    lowered = msgspec.structs.replace(made.settings, gold_bar=0.0)
    assert settle_rounds(Project(made.root, lowered)).problems == ()


def test_who_was_not_given_an_item_has_no_vote_on_it(made: Project) -> None:
    plan(made, "r1", Asked(overlap=2))
    item = items(made)[0]
    (other,) = {"a1", "a2", "a3"} - set(item.annotators)
    annotate(made, [annotation(item, other, [PER])])
    with pytest.raises(InputError) as raised:
        settle_rounds(made)
    assert codes(raised.value.problems) == ["foreign-annotation"]
