import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import annotation, codes, project, sentence
from configs import TEXT, choices, labels
from planned import annotate, items, planned, with_sentences
from projects import sikap, snapshot
from sikap import (
    InputError,
    Project,
    RoundRequest,
    adjudicate_round,
    measure_agreement,
    measure_agreement_of_rounds,
    plan_round,
    reanchor_rounds,
    withdraw,
)
from sikap.agreement.figures import Figure
from sikap.agreement.report import AgreementReport
from sikap.agreement.study import Options
from sikap.records import Annotation, Item
from sikap.settings import Threshold
from sikap.steps.project_files import AGREEMENT, PAGE, read_round
from sikap.storage import schemas

TEXTS = ("Belsara mengecam PT Ombak.", "PT Ombak diam.", "Rapat ditunda.", "Hujan turun.")
FEW = Options(replicates=20)
TONES = "xyxy"


def tones(of: Iterable[Item], annotator: str, given: str) -> list[Annotation]:
    """What an annotator says of each item in turn; "-" skips it."""
    return [
        annotation(one, annotator, status="skipped")
        if tone == "-"
        else annotation(one, annotator, choices={"tone": (tone,)})
        for one, tone in zip(of, given, strict=True)
    ]


@pytest.fixture
def made(tmp_path: Path) -> Project:
    """Two annotators who see one of four sentences differently; three are on the roster."""
    of = project(tmp_path / "project", span_key=())
    config = f"<View>{labels()}{TEXT}{choices()}</View>"
    of.config.write_text(config, encoding="utf-8")
    planned(of, TEXTS, "a1", "a2", "a3")
    annotate(of, [*tones(items(of), "a1", "xyxy"), *tones(items(of), "a2", "xyxx")])
    return of


def figure(report: AgreementReport, coefficient: str) -> Figure:
    (tone,) = (one for one in report.variables if one.name == "tone")
    (found,) = (one for one in tone.figures if one.coefficient == coefficient)
    return found


def written(of: Project, round_id: str = "r1") -> Any:
    return json.loads((of.round(round_id) / AGREEMENT).read_bytes())


def test_the_agreement_is_written_beside_the_round(made: Project) -> None:
    report = measure_agreement(made, "r1", FEW)
    assert figure(report.agreement, "percent-agreement").value == 0.75
    assert (report.planned, report.submitted, report.skipped) == (12, 8, 0)
    assert report.changed
    assert written(made) == json.loads(msgspec.json.encode(report.agreement))
    assert list(schemas.check("agreement", [written(made)], AGREEMENT)) == []
    assert (report.agreement.kind, report.agreement.source) == ("round", "r1")


def test_every_key_is_written_in_the_order_of_the_schema(made: Project) -> None:
    measure_agreement(made, "r1", FEW)
    assert list(written(made)) == json.loads(schemas.schema_bytes("agreement"))["required"]


def test_a_second_run_changes_nothing_and_says_so(made: Project) -> None:
    measure_agreement(made, "r1", FEW)
    before = snapshot(made.root)
    report = measure_agreement(made, "r1", FEW)
    assert not report.changed
    assert snapshot(made.root) == before
    assert f"dataset/rounds/r1/: {AGREEMENT} and {PAGE}: nothing changed" in list(report.lines())


def test_another_seed_is_another_report(made: Project) -> None:
    measure_agreement(made, "r1", FEW)
    assert measure_agreement(made, "r1", Options(replicates=20, seed=1)).changed
    assert written(made)["options"]["seed"] == 1


def test_people_read_figures_where_the_rest_is_and_the_next_step(made: Project) -> None:
    told = list(measure_agreement(made, "r1", FEW).lines())
    assert told[0] == "round r1: 8 of 12 judgements submitted, 0 skipped"
    assert any("Percent agreement 0.750" in line for line in told)
    assert told[-2] == f"dataset/rounds/r1/: {AGREEMENT} and {PAGE}: written"
    assert told[-1].startswith("next: sikap round ")


def test_the_order_in_which_annotations_were_pulled_changes_no_byte(made: Project) -> None:
    measure_agreement(made, "r1", FEW)
    annotate(made, reversed(read_round(made, "r1").annotations))
    assert not measure_agreement(made, "r1", FEW).changed


@pytest.mark.filterwarnings("error")
def test_where_nobody_marked_anything_figures_of_spans_say_so(made: Project) -> None:
    """And nothing else is told of it on the terminal."""
    found = measure_agreement(made, "r1", FEW).agreement
    (marked,) = (one for one in found.layers if one.name == "label")
    assert marked.figures
    assert {one.value for one in marked.figures} == {None}
    assert all(one.undefined for one in marked.figures)


def test_skips_are_missing(made: Project) -> None:
    annotate(made, [*tones(items(made), "a1", "xyxy"), *tones(items(made), "a2", "xyx-")])
    report = measure_agreement(made, "r1", FEW)
    assert report.skipped == 1
    assert figure(report.agreement, "percent-agreement").value == 1
    assert figure(report.agreement, "percent-agreement").basis.units == 3


def test_who_withdrew_is_in_no_figure(made: Project) -> None:
    annotate(
        made,
        [*read_round(made, "r1").annotations, *tones(items(made), "a3", "yxyx")],
    )
    measure_agreement(made, "r1", FEW)
    withdraw(made, "a3", what="annotator")
    report = measure_agreement(made, "r1", FEW)
    assert report.changed
    assert report.agreement.annotators == ("a1", "a2")
    assert figure(report.agreement, "percent-agreement").value == 0.75
    assert b"a3" not in (made.round("r1") / AGREEMENT).read_bytes()


def test_labels_follow_their_sentences(made: Project) -> None:
    """One of four is gone; what was said of it is in no figure."""
    with_sentences(
        made, [sentence(text, index=index) for index, text in enumerate(TEXTS) if index != 3]
    )
    with pytest.raises(InputError) as raised:
        measure_agreement(made, "r1", FEW)
    assert set(codes(raised.value.problems)) == {"item-lost", "not-anchored"}
    reanchor_rounds(made)
    found = figure(measure_agreement(made, "r1", FEW).agreement, "percent-agreement")
    assert (found.value, found.basis.units) == (1, 3)


def test_rounds_before_it_stand_beside_it_in_their_order(made: Project) -> None:
    for round_id, given in (("r2", "xyxx"), ("r3", "xyyy")):
        plan_round(made, round_id, RoundRequest(annotators=("a1", "a2"), among="all"))
        said = [*tones(items(made, round_id), "a1", "xyxy")]
        annotate(made, [*said, *tones(items(made, round_id), "a2", given)], round_id)
    between = measure_agreement(made, "r3", FEW).agreement.between
    assert [one.name for one in between] == ["r1", "r2"]
    assert {one.guidelines for one in between} == {
        read_round(made, "r1").manifest.digests.guidelines
    }
    assert measure_agreement(made, "r1", FEW).agreement.between == ()


def test_repeats_tell_how_far_each_agrees_with_themselves_and_nothing_else(made: Project) -> None:
    plan_round(made, "r2", RoundRequest(annotators=("a1", "a2"), among="all", repeats=1))
    of = items(made, "r2")
    assert {one.pass_ for one in of} == {1, 2}
    said = [
        annotation(one, who, choices={"tone": ("x" if one.pass_ == 1 else "y",)})
        for one in of
        for who in one.annotators
    ]
    annotate(made, said, "r2")
    report = measure_agreement(made, "r2", FEW).agreement
    found = figure(report, "percent-agreement")
    assert (found.value, found.basis.units) == (1, 4)
    (tone,) = (one for one in report.variables if one.name == "tone")
    alike = {one.annotator: one.figures[0].value for one in tone.consistency}
    assert alike == {None: 0, "a1": 0, "a2": 0}


def test_a_level_of_the_settings_is_used(made: Project) -> None:
    ordinal = with_levels(made, {"tone": "ordinal"})
    (tone,) = (
        one
        for one in measure_agreement(ordinal, "r1", FEW).agreement.variables
        if one.name == "tone"
    )
    assert tone.level == "ordinal"


@pytest.mark.parametrize(("at_least", "told"), [(1.0, ["agreement-low"]), (0.001, [])])
def test_thresholds_that_the_round_does_not_reach_are_told_and_fail_nothing(
    made: Project, at_least: float, told: list[str]
) -> None:
    threshold = Threshold(of="tone", figure="percent-agreement", at_least=at_least)
    changed = msgspec.structs.replace(made.settings, thresholds=(threshold,))
    report = measure_agreement(Project(made.root, changed), "r1")
    assert codes(report.problems) == told
    assert not report.failed


@pytest.mark.parametrize("levels", [{"tone": "masi"}, {"tone": "interval"}, {"nada": "nominal"}])
def test_a_level_that_a_control_cannot_have_is_refused(made: Project, levels: Any) -> None:
    with pytest.raises(InputError, match=r"tool\.sikap\.levels"):
        measure_agreement(with_levels(made, levels), "r1", FEW)


def with_levels(of: Project, levels: dict[str, Any]) -> Project:
    return Project(of.root, msgspec.structs.replace(of.settings, levels=levels))


def refused(of: Project, round_id: str) -> str:
    before = snapshot(of.root)
    with pytest.raises(InputError) as raised:
        measure_agreement(of, round_id, FEW)
    assert snapshot(of.root) == before
    (problem,) = raised.value.problems
    assert problem.code == "no-agreement"
    return str(problem)


def test_an_adjudication_round_is_told_to_have_none(made: Project) -> None:
    adjudicate_round(made, "r1", "d1", annotators=["a3"])
    assert "decides what other annotators saw differently" in refused(made, "d1")


def test_a_round_that_was_not_pulled_is_told_so(made: Project) -> None:
    plan_round(made, "r2", RoundRequest(annotators=("a1", "a2"), among="all"))
    assert "sikap round pull r2" in refused(made, "r2")


def test_one_annotator_alone_cannot_agree(made: Project) -> None:
    annotate(made, tones(items(made), "a1", TONES))
    assert "no item was submitted by two annotators" in refused(made, "r1")


def test_a_report_of_what_can_no_longer_be_compared_is_to_be_deleted(made: Project) -> None:
    measure_agreement(made, "r1", FEW)
    withdraw(made, "a2", what="annotator")
    files = " and ".join(f"dataset/rounds/r1/{name}" for name in (AGREEMENT, PAGE))
    assert f"delete {files}, which tell" in refused(made, "r1")


def test_two_who_share_no_item_cannot_agree(made: Project) -> None:
    first, second, third, fourth = items(made)
    annotate(made, [*tones([first, second], "a1", "xy"), *tones([third, fourth], "a2", "xy")])
    assert "no item was submitted by two annotators" in refused(made, "r1")


def test_a_round_that_is_not_there_is_named_with_those_that_are(made: Project) -> None:
    with pytest.raises(InputError, match=r"round-missing.*rounds: r1"):
        measure_agreement(made, "r9", FEW)


def test_all_that_is_wrong_with_annotations_is_told_at_once(made: Project) -> None:
    first, *_ = items(made)
    said = annotation(first, "a1", choices={"tone": ("z",)})
    annotate(made, [said, *tones(items(made), "a2", TONES), annotation(first, "nobody")])
    with pytest.raises(InputError) as raised:
        measure_agreement(made, "r1", FEW)
    assert set(codes(raised.value.problems)) == {"unknown-value", "unknown-annotator"}


def test_all_rounds_that_have_an_agreement_are_written(made: Project) -> None:
    plan_round(made, "r2", RoundRequest(annotators=("a1", "a2"), among="all"))
    adjudicate_round(made, "r1", "d1", annotators=["a3"])
    report = measure_agreement_of_rounds(made, FEW)
    assert [one.round_id for one in report.rounds] == ["r1"]
    assert not any(line.startswith("next:") for line in report.lines())
    assert not measure_agreement(made, "r1", FEW).changed


def test_a_project_without_rounds_has_nothing_to_agree_on(tmp_path: Path) -> None:
    of = with_sentences(project(tmp_path), [sentence(TEXTS[0])])
    assert measure_agreement_of_rounds(of, FEW).rounds == ()


def test_the_command_tells_the_whole_agreement_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], made: Project
) -> None:
    settings(made)
    assert sikap(made.root, "round", "agree", "r1", "--replicates", "20", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["agreement"] == written(made)
    assert told["agreement"]["options"]["replicates"] == 20
    assert sikap(made.root, "round", "agree", "r9") == 2


@pytest.mark.parametrize(
    "wrong",
    [("--confidence", "1"), ("--confidence", "0"), ("--width", "0"), ("--seed", "-1"),
     ("--replicates", "-1"), ("--unused", "some"), ("--width", "nan"), ("--width", "2"),
     ("--confidence", "0.99999999"), ("--replicates", "100001")],
)  # fmt: skip
def test_options_that_mean_nothing_are_wrong_usage(made: Project, wrong: tuple[str, str]) -> None:
    settings(made)
    before = snapshot(made.root)
    assert sikap(made.root, "round", "agree", "r1", *wrong) == 2
    assert snapshot(made.root) == before


def settings(of: Project) -> None:
    """Write the settings to disk, where commands find them."""
    lines = [
        f"{name} = {json.dumps(getattr(of.settings, name))}"
        for name in ("name", "title", "summary", "language", "licence", "version")
    ]
    people = [f'[tool.sikap.annotators.{who}]\nkind = "expert"' for who in ("a1", "a2", "a3")]
    text = "\n".join(["[tool.sikap]", *lines, *people])
    (of.root / "pyproject.toml").write_text(text + "\n", encoding="utf-8")
