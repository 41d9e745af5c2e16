import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import SETTINGS, annotation, article, codes, project, sentence, span
from planned import annotate, items, with_sentences
from projects import sikap
from sikap import InputError, Project, RoundRequest, plan_round, withdraw
from sikap.records import Gold
from sikap.settings import RosterEntry
from sikap.steps.project_files import read_round, remaining_rounds
from sikap.steps.rounds.plan import Pairs
from sikap.storage.files import encode_lines, lock, write_bytes

TEXTS = ("Belsara mengecam PT Ombak.", "PT Ombak diam.", "Rapat ditunda.")
SENTENCES = [sentence(text, index=index) for index, text in enumerate(TEXTS)]
PER = span(0, 7)


@pytest.fixture
def made(tmp_path: Path) -> Project:
    return with_sentences(project(tmp_path), SENTENCES)


def snapshot(of: Project) -> dict[Path, tuple[bytes, int]]:
    files = (path for path in of.rounds.rglob("*") if path.is_file())
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def refused(of: Project, round_id: str = "r1", **options: Any) -> InputError:
    before = snapshot(of)
    with pytest.raises(InputError) as raised:
        plan_round(of, round_id, RoundRequest(**options))
    assert snapshot(of) == before
    return raised.value


def test_a_planned_round_can_be_read_and_says_what_comes_next(made: Project) -> None:
    report = plan_round(
        made, "r1", RoundRequest(purpose="calibration", annotators=("a2",), sample=2, seed=7)
    )
    manifest, of_round = read_round(made, "r1").manifest, items(made)
    assert (manifest.ordinal, manifest.purpose, manifest.design.seed) == (1, "calibration", 7)
    assert [annotator.annotator for annotator in manifest.roster] == ["a2"]
    assert len(of_round) == report.items == 2
    assert list(report.lines())[-1] == "next: sikap round push r1"


def test_planning_twice_changes_nothing(made: Project) -> None:
    first = plan_round(made, "r1")
    before = snapshot(made)
    second = plan_round(made, "r1")
    assert (first.changed, second.changed) == (True, False)
    assert snapshot(made) == before


def test_a_plan_that_was_killed_before_its_manifest_is_made_again(made: Project) -> None:
    plan_round(made, "r1")
    whole = snapshot(made)
    (made.round("r1") / "round.json").unlink()
    assert plan_round(made, "r1").changed
    assert {path: data for path, (data, _) in snapshot(made).items()} == {
        path: data for path, (data, _) in whole.items()
    }


def test_a_round_cannot_be_planned_otherwise(made: Project) -> None:
    plan_round(made, "r1")
    error = refused(made, seed=1)
    assert codes(error.problems) == ["round-exists"]
    assert "otherwise: seed 0, now 1; choose" in str(error)
    assert "otherwise: annotators a1, a2, a3, now a2; " in str(refused(made, annotators=("a2",)))
    made.guidelines.write_text("# Lain\n", encoding="utf-8")
    assert "otherwise: other guidelines;" in str(refused(made))


def test_a_later_round_leaves_out_what_was_planned_before_unless_told(made: Project) -> None:
    plan_round(made, "r1", RoundRequest(sample=2))
    plan_round(made, "r2")
    assert {i.sentence_id for i in items(made, "r2")}.isdisjoint(i.sentence_id for i in items(made))
    assert codes(refused(made, "r3").problems) == ["round-empty"]
    assert plan_round(made, "r3", RoundRequest(among="all")).items == len(TEXTS)


def test_an_earlier_round_is_still_the_same_when_others_came_after(made: Project) -> None:
    plan_round(made, "r1")
    plan_round(made, "r2", RoundRequest(among="all"))
    assert not plan_round(made, "r1").changed
    assert not plan_round(made, "r2", RoundRequest(among="all")).changed


def test_ordinals_are_never_given_twice(made: Project) -> None:
    for round_id in ("r1", "r2", "r3"):
        plan_round(made, round_id, RoundRequest(sample=1))
    for path in made.round("r2").iterdir():
        path.unlink()
    made.round("r2").rmdir()
    plan_round(made, "r4", RoundRequest(among="all"))
    ordinals = [read_round(made, name).manifest.ordinal for name in ("r1", "r3", "r4")]
    assert ordinals == [1, 3, 4]


def test_only_annotators_of_the_project_can_be_on_a_roster(made: Project) -> None:
    error = refused(made, annotators=("a1", "siapa"))
    assert codes(error.problems) == ["round-roster"]
    assert "[tool.sikap.annotators.siapa]" in str(error)
    assert "(it has a1, a2, a3)" in str(error)


def test_a_roster_is_of_people_unless_somebody_else_is_named(tmp_path: Path) -> None:
    of = with_sentences(project(tmp_path, annotators=("a1", "a2")), SENTENCES)
    model = RosterEntry(kind="model")
    roster = {**of.settings.annotators, "m1": model}
    of = Project(of.root, msgspec.structs.replace(of.settings, annotators=roster))
    assert plan_round(of, "r1", RoundRequest(sample=1)).annotators == ("a1", "a2")
    assert plan_round(of, "r2", RoundRequest(sample=1, annotators=("m1",))).annotators == ("m1",)
    of = Project(of.root, msgspec.structs.replace(of.settings, annotators={"m1": model}))
    assert plan_round(of, "r3", RoundRequest(sample=1, among="all")).annotators == ("m1",)


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
    plan_round(made, "r1")
    path = made.round("r1") / name
    first_line_gone = path.read_bytes().partition(b"\n")[2]
    path.write_bytes(first_line_gone)
    assert codes(refused(made).problems) == [code]


GOLD_FILE = encode_lines([Gold(sentence_id=SENTENCES[0].sentence_id, spans=(PER,), choices={})])


@pytest.fixture
def gold(made: Project) -> Path:
    path = made.root / "answers.jsonl"
    path.write_bytes(GOLD_FILE)
    return path


def test_known_answers_lie_in_the_folder_of_the_round(made: Project, gold: Path) -> None:
    plan_round(made, "r1", RoundRequest(gold=gold))
    files = read_round(made, "r1")
    assert (made.round("r1") / "gold.jsonl").read_bytes() == GOLD_FILE
    assert [answer.sentence_id for answer in files.gold] == [SENTENCES[0].sentence_id]
    assert [item.pass_ for item in files.items] == [0, 1, 1]
    assert not plan_round(made, "r1", RoundRequest(gold=gold)).changed
    assert "gold 1, now 0; other items and gold" in str(refused(made))


def test_known_answers_that_were_changed_are_refused(made: Project, gold: Path) -> None:
    plan_round(made, "r1", RoundRequest(gold=gold))
    path = made.round("r1") / "gold.jsonl"
    path.write_bytes(GOLD_FILE.replace(b"neutral", b"favor"))
    assert codes(refused(made).problems) == ["digest"]
    path.unlink()
    assert codes(refused(made).problems) == ["file-missing"]


def test_answers_that_were_put_into_a_round_without_any_are_refused(made: Project) -> None:
    plan_round(made, "r1")
    (made.round("r1") / "gold.jsonl").write_bytes(GOLD_FILE)
    assert codes(refused(made).problems) == ["digest"]


def test_the_answers_of_a_withdrawn_article_go_with_it(made: Project, gold: Path) -> None:
    plan_round(made, "r1", RoundRequest(gold=gold))
    write_bytes(made.articles, encode_lines([]))
    held = withdraw(made, SENTENCES[0].article_id).held_by
    (left,) = remaining_rounds(made, [read_round(made, "r1")])
    assert (left.gold, left.items) == ((), ())
    # The answers hold no text: deleting lines from them would only break their digest.
    assert not [name for name in held if name.endswith("gold.jsonl")]


def test_a_gold_sentence_is_still_new_to_later_rounds(made: Project, gold: Path) -> None:
    plan_round(made, "r1", RoundRequest(gold=gold, sample=1))
    plan_round(made, "r2")
    assert SENTENCES[0].sentence_id in {item.sentence_id for item in items(made, "r2")}


def test_a_list_of_sentences_is_read_line_by_line(made: Project) -> None:
    path = made.root / "list.txt"
    path.write_text(f"\n{SENTENCES[2].sentence_id} \n{SENTENCES[0].sentence_id}", encoding="utf-8")
    plan_round(made, "r1", RoundRequest(items=path))
    assert [i.sentence_id for i in items(made)] == [SENTENCES[n].sentence_id for n in (0, 2)]


def test_the_least_covered_are_those_that_fewest_were_to_judge(made: Project) -> None:
    plan_round(made, "r1", RoundRequest(sample=1))
    plan_round(made, "r2", RoundRequest(annotators=("a1",)))
    plan_round(made, "r3", RoundRequest(among="all", draw="least-covered", sample=2))
    assert {i.sentence_id for i in items(made, "r3")} == {i.sentence_id for i in items(made, "r2")}


@pytest.mark.parametrize("file", ["gold", "items"])
def test_a_file_that_is_not_there_is_named(made: Project, file: str) -> None:
    options: dict[str, Any] = {file: made.root / "nowhere"}
    error = refused(made, **options)
    assert codes(error.problems) == ["file-missing"]
    assert "nowhere" in str(error)


def everything(of: Project) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in of.root.rglob("*") if path.is_file()}


def test_a_dry_run_writes_nothing_and_says_what_the_round_comes_to(made: Project) -> None:
    before = everything(made)
    report = plan_round(made, "r1", RoundRequest(overlap=2, repeats=1), dry_run=True)
    assert everything(made) == before
    assert report.loads == {"a1": 3, "a2": 3, "a3": 3}
    assert report.pairs == Pairs(least=1, mean=1.0, most=1)
    assert report.hours == {"a1": None, "a2": None, "a3": None}
    assert list(report.lines()) == [
        f"round r1: {report.items} items for a1, a2, a3; a dry run, nothing was written",
        "drawn: all new sentences",
        "every two annotators share 1 items",
        "a1: 3 items, hours unknown",
        "a2: 3 items, hours unknown",
        "a3: 3 items, hours unknown",
    ]


def test_hours_are_told_by_the_median_pace_of_earlier_rounds(made: Project) -> None:
    plan_round(made, "r1", RoundRequest(annotators=("a1", "a2"), sample=1))
    (of,) = items(made)
    slow, quick = annotation(of, "a1"), annotation(of, "a2")
    timed = [
        msgspec.structs.replace(slow, seconds=5400.0),
        msgspec.structs.replace(quick, seconds=1800.0),
    ]
    annotate(made, timed)
    report = plan_round(made, "r2", dry_run=True)
    assert report.hours == {"a1": 2.0, "a2": 2.0, "a3": 2.0}
    assert list(report.lines())[-1] == "a3: 2 items, about 2.0 hours"
    quick = msgspec.structs.replace(quick, seconds=360.0)
    write_bytes(made.round("r1") / "annotations.jsonl", encode_lines([quick]))
    assert list(plan_round(made, "r2", dry_run=True).lines())[-1] == "a3: 2 items, about 12 min"


def test_a_dry_run_of_one_annotator_has_no_pairs(made: Project) -> None:
    report = plan_round(made, "r1", RoundRequest(annotators=("a1",)), dry_run=True)
    assert report.pairs is None


def test_a_dry_run_refuses_what_planning_would(made: Project) -> None:
    plan_round(made, "r1")
    with pytest.raises(InputError, match="round-exists"):
        plan_round(made, "r1", RoundRequest(seed=1), dry_run=True)


def test_the_command_plans_as_its_options_say(
    made: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["--overlap", "2", "--calibration", "1", "--repeats", "1", "--dry-run", "--json"]
    report = run_plan(made, *asked, capsys=capsys)
    assert report["pairs"] == {"least": 1, "mean": 5 / 3, "most": 2}


def run_plan(of: Project, *asked: str, capsys: pytest.CaptureFixture[str]) -> Any:
    settings = {k: v for k, v in SETTINGS.items() if k != "span_key"}
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    lines += [f'[tool.sikap.annotators.{n}]\nkind = "expert"' for n in ("a1", "a2", "a3")]
    text = "[tool.sikap]\n" + "\n".join(lines) + "\n"
    (of.root / "pyproject.toml").write_text(text, encoding="utf-8")
    assert sikap(of.root, "round", "plan", "r1", *asked) == 0
    return json.loads(capsys.readouterr().out)


def test_planning_warns_of_values_without_a_key_of_their_own(made: Project) -> None:
    config = made.config.read_text(encoding="utf-8")
    made.config.write_text(config.replace('hotkey="w"', 'hotkey="q"'), encoding="utf-8")
    report = plan_round(made, "r1")
    assert report.changed
    assert codes(report.problems) == ["hotkeys"]
    assert "stance favor, stance against" in report.problems[0].found


def test_what_a_killed_plan_left_is_no_part_of_another_of_that_name(
    made: Project, gold: Path
) -> None:
    plan_round(made, "r1", RoundRequest(gold=gold))
    (made.round("r1") / "round.json").unlink()
    plan_round(made, "r1")
    assert read_round(made, "r1").gold == ()


def test_a_round_that_was_annotated_is_not_planned_over_where_its_manifest_is_lost(
    made: Project,
) -> None:
    plan_round(made, "r1")
    said = [annotation(item, "a1", [PER]) for item in items(made)]
    write_bytes(made.round("r1") / "annotations.jsonl", encode_lines(said))
    (made.round("r1") / "round.json").unlink()
    error = refused(made, sample=1)
    assert [(p.code, p.file) for p in error.problems] == [
        ("round-exists", "dataset/rounds/r1/annotations.jsonl")
    ]


def test_private_data_are_shown_to_nobody_where_the_settings_say_so(tmp_path: Path) -> None:
    texts = ("Rapat ditunda.", "Hubungi Sari di 0812-3456-7890.", "Ia pulang.", "Hujan turun.")
    text, found = " ".join(texts), []
    for index, one in enumerate(texts):
        found.append(sentence(one, index=index, start=text.index(one)))
    made = with_sentences(project(tmp_path), found)
    write_bytes(made.articles, encode_lines([article(text)]))
    assert plan_round(made, "keeps", dry_run=True).items == 4
    shy = Project(made.root, msgspec.structs.replace(made.settings, private="exclude"))
    report = plan_round(shy, "r1")
    assert [(one.text, one.before) for one in items(shy)] == [("Hujan turun.", "Ia pulang.")]
    assert "drawn: all new sentences; 3 left out for data of private persons" in report.lines()
