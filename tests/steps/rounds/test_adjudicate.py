from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest

from builders import annotation, codes, project, sentence, span
from planned import annotate, items, planned
from projects import export, make_project, region, say_everything, sikap, snapshot
from sikap import (
    InputError,
    Project,
    RoundRequest,
    adjudicate_round,
    open_project,
    plan_round,
    pull_round,
    reanchor_rounds,
    settle_rounds,
    withdraw,
)
from sikap.records import Annotation, Label, Span
from sikap.steps.project_files import VERSIONS, RoundFiles, read_round
from sikap.steps.rounds.adjudicate import AdjudicateReport
from sikap.steps.rounds.plan_files import write_manifest
from sikap.storage.files import decode_lines, encode_json, encode_lines, sha256, write_bytes

TEXTS = ("Belsara mengecam PT Ombak.", "PT Ombak diam.", "Rapat ditunda.", "Hujan turun.")
SENTENCES = [sentence(text, index=index) for index, text in enumerate(TEXTS)]
PER, ORG, SHORT = span(0, 7), span(0, 7, "ORG"), span(0, 4)
Said = Mapping[str, Sequence[Sequence[Span]]]
SAID: Said = {
    "a1": [[PER], [PER], [], [PER]],
    "a2": [[ORG], [PER], [], []],
    "a3": [[ORG], [PER]],
}


@pytest.fixture
def made(tmp_path: Path) -> Project:
    """Four sentences: a majority, all agree, two agree on nothing, and a tie."""
    of = planned(project(tmp_path, ("a1", "a2", "a3", "a4", "a5")), TEXTS, "a1", "a2", "a3")
    say(of, "r1", SAID)
    return of


def say(of: Project, round_id: str, said: Said) -> None:
    """Let each annotator mark spans in the items of a round, in the order of the items."""
    lines = [
        annotation(item, name, spans)
        for name, of_each in said.items()
        for item, spans in zip(items(of, round_id), of_each, strict=False)
    ]
    annotate(of, lines, round_id)


def decide(of: Project, new: str = "d1", **wish: Any) -> AdjudicateReport:
    return adjudicate_round(of, wish.pop("after", "r1"), new, **{"annotators": ["a4"], **wish})


def refused(of: Project, new: str = "d1", **wish: Any) -> InputError:
    before = snapshot(of.root)
    with pytest.raises(InputError) as raised:
        decide(of, new, **wish)
    assert snapshot(of.root) == before
    return raised.value


def labels(of: Project) -> dict[str, Label]:
    settle_rounds(of)
    settled = decode_lines(of.labels.read_bytes(), Label, "labels.jsonl")
    texts = {one.sentence_id: one.text for one in SENTENCES}
    return {texts[label.sentence_id]: label for label in settled}


def test_only_disagreements_are_planned_with_their_versions(made: Project) -> None:
    report = decide(made)
    files = read_round(made, "d1")
    assert [item.text for item in files.items] == [TEXTS[0], TEXTS[3]]
    assert {item.annotators for item in files.items} == {("a4",)}
    assert [one.item_id for one in files.versions] == [item.item_id for item in files.items]
    assert [sorted(map(len, ([v.spans for v in one.versions]))) for one in files.versions] == [
        [1, 1],
        [0, 1],
    ]
    manifest = files.manifest
    assert (manifest.purpose, manifest.ordinal) == ("adjudication", 2)
    assert (manifest.design.sampling, manifest.design.overlap) == ("disagreements of r1", 1)
    assert manifest.digests.versions == sha256((made.round("d1") / VERSIONS).read_bytes())
    assert (report.agreed, report.alone, report.unjudged, report.settled) == (2, 0, 0, 0)
    assert report.kinds == {"label": 1, "missed": 1}
    assert list(report.lines())[-1] == "next: sikap round push d1"


def test_texts_and_context_are_those_that_the_annotators_saw(made: Project) -> None:
    more = sentence("Lain.", index=len(SENTENCES))
    write_bytes(made.sentences, encode_lines([*SENTENCES, more]))
    assert "not-anchored" in codes(refused(made).problems)
    reanchor_rounds(made)
    decide(made)
    of_both = [{item.text: item for item in items(made, name)} for name in ("r1", "d1")]
    for text, item in of_both[1].items():
        then = of_both[0][text]
        for field in ("sentence_id", "article_id", "start", "end", "before", "after"):
            assert getattr(item, field) == getattr(then, field)


def test_open_takes_what_the_majority_leaves_open(made: Project) -> None:
    report = decide(made, what="open")
    assert [item.text for item in items(made, "d1")] == [TEXTS[3]]
    assert (report.items, report.settled) == (1, 1)
    sampling = read_round(made, "d1").manifest.design.sampling
    assert sampling == "open disagreements of r1"


def test_versions_do_not_tell_whose_they_are(made: Project) -> None:
    decide(made)
    data = (made.round("d1") / VERSIONS).read_text(encoding="utf-8")
    assert not [name for name in ("a1", "a2", "a3", "votes", "annotation") if name in data]


def test_the_same_inputs_give_the_same_bytes_and_another_seed_another_order(
    made: Project, tmp_path: Path
) -> None:
    decide(made)
    before = snapshot(made.root)
    assert not decide(made).changed
    assert snapshot(made.root) == before
    assert codes(refused(made, seed=1).problems) == ["round-exists"]
    orders = {(made.round("d1") / VERSIONS).read_bytes().split(b"[", 1)[1]}
    for seed in range(1, 6):
        decide(made, f"s{seed}", seed=seed)
        orders.add(str([v.versions for v in read_round(made, f"s{seed}").versions]).encode())
    assert len(orders) > 2


def test_a_dry_run_says_the_same_and_writes_nothing(made: Project) -> None:
    before = snapshot(made.root)
    report = decide(made, dry_run=True)
    assert snapshot(made.root) == before
    real = decide(made)
    same = {"changed": False, "dry_run": True}
    assert msgspec.structs.asdict(report) == {**msgspec.structs.asdict(real), **same}
    assert "nothing written" in next(report.lines())


def test_what_was_decided_is_left_out_and_stays_decided(made: Project) -> None:
    decide(made)
    say(made, "d1", {"a4": [[PER]]})
    first = labels(made)[TEXTS[0]]
    report = decide(made, "d2")
    assert [item.text for item in items(made, "d2")] == [TEXTS[3]]
    assert (report.decided, report.pending) == (1, 1)
    assert not decide(made).changed
    say(made, "d2", {"a4": [[SHORT]]})
    after = labels(made)
    assert after[TEXTS[0]] == first
    assert [(s.end, s.provenance.how, s.provenance.round_id) for s in after[TEXTS[3]].spans] == [
        (4, "adjudicated", "d2")
    ]
    assert codes(refused(made, "d3").problems) == ["round-empty"]


def test_what_the_adjudicator_skips_is_not_decided(made: Project) -> None:
    decide(made)
    skips = [annotation(item, "a4", status="skipped") for item in items(made, "d1")]
    annotate(made, skips, "d1")
    assert labels(made)[TEXTS[3]].spans[0].provenance.how == "open"
    assert decide(made, "d2").items == 2


def test_adjudicators_who_disagree_leave_it_open_to_the_next(made: Project) -> None:
    decide(made, annotators=["a4", "a5"])
    say(made, "d1", {"a4": [[PER], [PER]], "a5": [[ORG], [PER]]})
    assert {s.provenance.how for s in labels(made)[TEXTS[0]].spans} == {"open"}
    report = decide(made, "d2", after="d1", annotators=["a1"])
    assert [item.text for item in items(made, "d2")] == [TEXTS[0]]
    assert (report.agreed, report.saw) == (1, ())
    say(made, "d2", {"a1": [[SHORT]]})
    assert [s.end for s in labels(made)[TEXTS[0]].spans] == [4]


def test_who_annotated_the_round_may_decide_but_it_is_said(made: Project) -> None:
    report = decide(made, annotators=["a2", "a4"])
    assert report.saw == ("a2",)
    assert "a2 annotated r1 too and will know one of the versions" in list(report.lines())


def test_what_was_withdrawn_has_no_version(made: Project) -> None:
    withdraw(made, "a1", what="annotator")
    assert codes(refused(made, annotators=["a1"]).problems) == ["withdrawn"]
    assert codes(refused(made).problems) == ["round-empty"]


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"annotators": []}, "round-roster"),
        ({"annotators": ["a4", "a4"]}, "round-roster"),
        ({"annotators": ["siapa"]}, "round-roster"),
        ({"new": "r1"}, "round-id"),
        ({"new": "../x"}, "round-id"),
        ({"after": "r9"}, "round-missing"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused(
    made: Project, wish: dict[str, Any], code: str
) -> None:
    assert codes(refused(made, **wish).problems) == [code]


def test_a_changed_config_is_refused_but_better_guidelines_are_welcome(made: Project) -> None:
    made.guidelines.write_text("# Pedoman yang lebih baik\n", encoding="utf-8")
    decide(made)
    assert (made.round("d1") / "guidelines.md").read_bytes() == made.guidelines.read_bytes()
    made.config.write_bytes(made.config.read_bytes() + b"<!-- baru -->")
    assert codes(refused(made, "d2").problems) == ["round-inputs"]


def test_a_round_that_nobody_annotated_has_nothing_to_decide(made: Project) -> None:
    plan_round(made, "r2", RoundRequest(among="all"))
    assert codes(refused(made, after="r2").problems) == ["round-empty"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda path: path.write_bytes(path.read_bytes().partition(b"\n")[2]), "digest"),
        (lambda path: path.unlink(), "file-missing"),
    ],
)
def test_versions_that_are_not_as_they_were_planned_are_refused(
    made: Project, change: Any, code: str
) -> None:
    decide(made)
    change(made.round("d1") / VERSIONS)
    with pytest.raises(InputError) as raised:
        read_round(made, "d1")
    assert codes(raised.value.problems) == [code]


def test_a_plan_that_was_killed_is_made_again(made: Project) -> None:
    decide(made)
    whole = snapshot(made.root)
    for name in ("round.json", VERSIONS):
        (made.round("d1") / name).unlink()
    assert decide(made).changed
    assert snapshot(made.root) == whole


def test_a_round_without_versions_is_read_as_ever(made: Project) -> None:
    files: RoundFiles = read_round(made, "r1")
    assert files.versions == ()
    none: Sequence[Annotation] = ()
    annotate(made, none)
    write_bytes(made.round("r1") / "round.json", encode_json(files.manifest))
    assert read_round(made, "r1").annotations == ()


def test_a_release_tells_what_was_adjudicated_and_verify_settles_it_anew(tmp_path: Path) -> None:
    folder = make_project(tmp_path)
    say_everything(folder)
    settings = folder / "pyproject.toml"
    more = '\n[tool.sikap.annotators.a3]\nkind = "expert"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
    of = open_project(folder)
    text = next(item.text for item in items(of, "first") if "Rintan" in item.text)
    marked = region(text, "Rintan Belsara", "PER", "favor", "source")
    other = region(text, "Belsara", "PER", "against", "author")
    pull_round(of, "first", export=export(folder, {1: {"Rintan": marked}, 2: {"Rintan": other}}))
    asked = ("round", "adjudicate", "first", "decide", "--annotator", "a3")
    assert sikap(folder, *asked, "--dry-run") == 0
    assert not of.round("decide").exists()
    assert sikap(folder, *asked) == 0
    assert sikap(folder, "round", "settle") == 1
    [item] = items(of, "decide")
    start = text.index("Belsara")
    said = span(start, start + 7, stance="against", holder="author")
    annotate(of, [annotation(item, "a3", [said])], "decide")
    manifest = read_round(of, "decide").manifest
    counts = msgspec.structs.replace(manifest.counts, submitted=1)
    write_manifest(of, msgspec.structs.replace(manifest, state="pulled", counts=counts))
    page = tmp_path / "why.md"
    assert sikap(folder, "round", "reasons", "decide", "--output", str(page)) == 0
    assert "no reason given" in page.read_text(encoding="utf-8")
    assert sikap(folder, "round", "settle") == 0
    assert sikap(folder, "release") == 0
    assert sikap(folder, "verify") == 0
    rows = pq.read_table(sorted(of.release.glob("data/sentences/*.parquet"))).to_pylist()
    [row] = [row for row in rows if row["text"] == text]
    [only] = row["spans"]
    assert (row["round"], only["text"]) == (2, "Belsara")
    told = {**only["provenance"], **only["stance_provenance"]}
    assert (told["how"], told["votes"], told["of"]) == ("adjudicated", 1, 1)


def test_judgements_that_are_not_in_are_counted(made: Project) -> None:
    before = decide(made, dry_run=True).awaited
    path = made.round("r1") / "annotations.jsonl"
    write_bytes(path, path.read_bytes().partition(b"\n")[2])
    report = decide(made, dry_run=True)
    assert report.awaited == before + 1
    told = f"{before + 1} judgements of r1 are not in yet: better pull them first"
    assert told in list(report.lines())
