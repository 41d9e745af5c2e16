from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import annotation, codes, project, sentence, span
from planned import annotate, items, with_sentences
from sikap import InputError, Project, RoundRequest, plan_round, settle_rounds, withdraw
from sikap.records import Gold, Label, Level
from sikap.settings import Threshold
from sikap.storage.files import decode_lines, encode_lines

TEXTS = ("Belsara mengecam PT Ombak.", "PT Ombak diam.", "Rapat ditunda.")
SENTENCES = [sentence(text, index=index) for index, text in enumerate(TEXTS)]
PER = span(0, 7)


@pytest.fixture
def made(tmp_path: Path) -> Project:
    return with_sentences(project(tmp_path), SENTENCES)


def labels(of: Project) -> list[Label]:
    return decode_lines(of.labels.read_bytes(), Label, "labels.jsonl")


def test_labels_are_settled_in_the_order_of_the_sentences(made: Project) -> None:
    plan_round(made, "r1")
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
    plan_round(made, "r1")
    first, *_ = items(made)
    annotate(made, [annotation(first, "a1", [PER]), annotation(first, "a2")])
    report = settle_rounds(made)
    assert report.failed
    assert codes(report.problems) == ["open"]
    assert next(report.lines()).endswith("1 open, 0 lost")
    assert [label.spans[0].provenance.how for label in labels(made)] == ["open"]


def test_without_annotations_there_are_no_labels(made: Project) -> None:
    plan_round(made, "r1")
    assert settle_rounds(made).labelled == 0
    assert labels(made) == []


def test_labels_of_a_sentence_that_is_gone_are_named(made: Project) -> None:
    plan_round(made, "r1")
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
    plan_round(made, "r1")
    good = [annotation(of, "a1") for of in items(made)]
    annotate(made, [msgspec.structs.replace(good[0], **change), *good[1:]])
    with pytest.raises(InputError) as raised:
        settle_rounds(made)
    assert codes(raised.value.problems) == [code]
    assert raised.value.problems[0].file == "dataset/rounds/r1/annotations.jsonl"
    assert not made.labels.exists()


def test_nobody_has_two_votes_on_an_item(made: Project) -> None:
    plan_round(made, "r1")
    first, *_ = items(made)
    annotate(made, [annotation(first, "a1"), annotation(first, "a1", [PER])])
    with pytest.raises(InputError) as raised:
        settle_rounds(made)
    assert codes(raised.value.problems) == ["repeated-annotation"] * 2


def test_all_wrong_annotations_are_named_at_once(made: Project) -> None:
    plan_round(made, "r1")
    annotate(made, [annotation(of, "a1", [span(0, 99)]) for of in items(made)])
    with pytest.raises(InputError) as raised:
        settle_rounds(made)
    assert len(raised.value.problems) == len(TEXTS)


def test_a_low_score_on_known_answers_warns_and_does_not_fail(made: Project) -> None:
    path = made.root / "gold.jsonl"
    answer = Gold(sentence_id=SENTENCES[0].sentence_id, spans=(PER,), choices={})
    path.write_bytes(encode_lines([answer]))
    plan_round(made, "r1", RoundRequest(gold=path))
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
    plan_round(made, "r1", RoundRequest(overlap=2))
    item = items(made)[0]
    (other,) = {"a1", "a2", "a3"} - set(item.annotators)
    annotate(made, [annotation(item, other, [PER])])
    with pytest.raises(InputError) as raised:
        settle_rounds(made)
    assert codes(raised.value.problems) == ["foreign-annotation"]


ALPHA = {"of": "stance", "figure": "krippendorff-alpha", "at_least": 0.8}


class Given(msgspec.Struct):
    thresholds: tuple[Threshold, ...] = ()
    levels: dict[str, Level] = {}


def judged(made: Project, *thresholds: dict[str, Any], **settings: Any) -> Project:
    """A project whose annotators agree on one stance of two."""
    plan_round(made, "r1")
    first, second, _ = items(made)
    annotate(
        made,
        [
            annotation(first, "a1", [PER]),
            annotation(first, "a2", [PER]),
            annotation(second, "a1", [span(0, 8, "ORG")]),
            annotation(second, "a2", [span(0, 8, "ORG", stance="favor", holder="author")]),
        ],
    )
    given = msgspec.convert({"thresholds": thresholds, **settings}, Given)
    return Project(
        made.root,
        msgspec.structs.replace(made.settings, thresholds=given.thresholds, levels=given.levels),
    )


def test_a_round_below_a_threshold_that_refuses_fails_and_writes_nothing(made: Project) -> None:
    below = judged(made, ALPHA)
    report = settle_rounds(below)
    assert report.failed
    low = [problem for problem in report.problems if problem.code == "agreement-low"]
    assert [problem.id for problem in low] == ["r1"]
    assert "Krippendorff's α of stance: must reach 0.8, but is 0.000" in low[0].found
    assert "units: 2, annotators: 2, articles: 1" in low[0].found
    assert not below.labels.exists()
    lines = list(report.lines())
    assert "refused: agreement is below a threshold; dataset/labels.jsonl is as it was" in lines
    assert "next: sikap release" not in lines


def test_below_a_threshold_that_warns_labels_are_written(made: Project) -> None:
    below = judged(made, {**ALPHA, "below": "warn"})
    assert not settle_rounds(below).refused
    assert len(labels(below)) == 2


def test_labels_stay_as_they_were_where_a_threshold_refuses_later(made: Project) -> None:
    settle_rounds(made)
    before = made.labels.read_bytes()
    made.labels.write_bytes(before + b"\n")
    assert not settle_rounds(judged(made, ALPHA)).changed
    assert made.labels.read_bytes() == before + b"\n"


@pytest.mark.parametrize(
    ("threshold", "found"),
    [
        ({**ALPHA, "at_least": 0.1, "below": "warn"}, ["agreement-warning"]),
        ({**ALPHA, "figure": "percent-agreement", "at_least": 0.5}, []),
        ({**ALPHA, "figure": "percent-agreement", "at_least": 0.51}, ["agreement-low"]),
        ({"of": "entities", "figure": "span-f1-exact", "at_least": 1.0}, []),
        (
            {"of": "entities", "figure": "span-f1-exact", "at_least": 0.1, "bound": "low"},
            ["agreement-low"],
        ),
        (
            {"of": "entities", "value": "WPN", "figure": "span-f1-exact", "at_least": 0.1},
            ["agreement-low"],
        ),
    ],
)
def test_thresholds_refuse_or_warn_by_what_they_are_of(
    made: Project, threshold: dict[str, Any], found: list[str]
) -> None:
    report = settle_rounds(judged(made, threshold))
    assert [code for code in codes(report.problems) if code.startswith("agreement")] == found


def test_work_that_was_withdrawn_is_in_no_agreement(made: Project) -> None:
    below = judged(made, ALPHA)
    withdraw(below, "a2")
    (problem,) = settle_rounds(below).problems
    assert problem.code == "agreement-low"
    assert "no round of purpose production with two annotators" in problem.found


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"levels": {"mood": "ordinal"}}, "'mood'"),
        ({"levels": {"stance": "interval"}}, "interval"),
        ({"thresholds": [{**ALPHA, "of": "mood"}]}, "mood"),
        ({"thresholds": [{**ALPHA, "figure": "kappa"}]}, "kappa"),
    ],
)
def test_settings_that_do_not_fit_the_config_are_refused_before_anything_is_written(
    made: Project, settings: dict[str, Any], named: str
) -> None:
    wrong = judged(made, **settings)
    with pytest.raises(InputError) as raised:
        settle_rounds(wrong)
    assert codes(raised.value.problems) == ["settings"]
    assert named in raised.value.problems[0].found
    assert not made.labels.exists()


def test_a_level_decides_what_a_threshold_is_held_to(made: Project) -> None:
    ordinal = judged(made, {**ALPHA, "at_least": 0.1}, levels={"stance": "ordinal"})
    (problem,) = [p for p in settle_rounds(ordinal).problems if p.code == "agreement-low"]
    assert "Krippendorff's α" in problem.found
