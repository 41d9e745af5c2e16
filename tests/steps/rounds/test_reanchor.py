"""Labels of a project whose articles change: through ingest, segment, settle, plan and release."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from builders import codes
from projects import export, make_project, read_lines, region, say_everything, sikap, snapshot
from sikap import (
    InputError,
    Project,
    RoundRequest,
    adjudicate_round,
    build_release,
    ingest_articles,
    open_project,
    plan_round,
    pull_round,
    reanchor_rounds,
    segment_articles,
    settle_rounds,
    verify_release,
    withdraw,
)
from sikap.records import Annotation, Item
from sikap.steps.project_files import read_round, read_sentences
from sikap.steps.rounds.reanchor import ReanchorReport

RAIN = "Hujan turun."
TWICE = (
    f"Pasar Belsara dibuka pagi itu. {RAIN} Warga Rintan pulang lebih awal. "
    f"Malam harinya Belsara kembali. {RAIN} Sidang ditunda sampai besok.\n"
)
MARKED = {"Belsara": "Belsara", "Hujan": "Hujan", "Warga": "Rintan"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose round ``first`` was annotated by a1 and a2, with two equal sentences."""
    folder = make_project(tmp_path)
    for path in (folder / "dataset/rounds/first").iterdir():
        path.unlink()
    write(folder, TWICE)
    for command in (["ingest"], ["segment"], ["round", "plan", "first"]):
        assert sikap(folder, *command) == 0
    opened = open_project(folder)
    pull_round(opened, "first", export=answers(folder))
    return opened


def write(folder: Path, text: str) -> None:
    (folder / "dataset/raw/twice.txt").write_text(text, encoding="utf-8")


def answers(folder: Path) -> bytes:
    """What both say: every sentence, with its marks, the second of the equal ones without."""
    items = read_lines(folder / "dataset/rounds/first/items.jsonl")
    given = json.loads(export(folder, {1: {}, 2: {}}))
    for item, task in zip(items, given, strict=True):
        word = next((w for start, w in MARKED.items() if start in item["text"]), None)
        second = item["text"] == RAIN and "Malam" in item["before"]
        for one in task["annotations"]:
            one["result"] = (
                region(item["text"], word, "PER", "neutral") if word and not second else []
            )
    return json.dumps(given).encode()


def changed(project: Project, *pairs: tuple[str, str], text: str = TWICE) -> None:
    """Another text for the article, taken over by ingest and segment."""
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    write(project.root, text)
    ingest_articles(project, update=True)
    segment_articles(project)


def states(report: ReanchorReport) -> dict[str, int]:
    return {state: count for state, count in report.counts.items() if count}


def spans(project: Project) -> dict[str, int]:
    """By text and start of each labelled sentence of the article: how many spans it has."""
    sentences = {one.sentence_id: one for one in read_sentences(project)}
    return {
        f"{sentences[one['sentence_id']].text} {sentences[one['sentence_id']].start}": len(
            one["spans"]
        )
        for one in read_lines(project.labels)
        if one["article_id"] == "twice"
    }


def items_of(project: Project) -> tuple[Item, ...]:
    return read_round(project, "first").items


def test_a_project_that_has_not_changed_needs_no_file(project: Project) -> None:
    report = reanchor_rounds(project)
    assert (report.changed, list(states(report))) == (False, ["kept"])
    assert not project.anchors.exists()
    assert not project.orphans.exists()
    assert settle_rounds(project).followed.moved == 0


def test_a_change_that_nothing_covers_stops_settle_plan_and_release(project: Project) -> None:
    settle_rounds(project)
    before = project.labels.read_bytes()
    changed(project, ("Hujan turun. Warga", "Warga"))
    stops = (
        lambda: settle_rounds(project),
        lambda: plan_round(project, "second"),
        lambda: build_release(project, draft=True),
    )
    for step in stops:
        with pytest.raises(InputError) as raised:
            step()
        found = set(codes(raised.value.problems))
        assert "not-anchored" in found
        assert found <= {"not-anchored", "item-lost"}
        assert all("sikap round reanchor" in problem.fix for problem in raised.value.problems)
    assert project.labels.read_bytes() == before
    assert not project.round("second").exists()


def test_the_second_of_two_equal_sentences_keeps_its_own_label(project: Project) -> None:
    """The first one had a mark, the second none; the second gets the id of the first."""
    settle_rounds(project)
    assert [count for text, count in spans(project).items() if RAIN in text] == [1, 0]
    changed(project, (f"{RAIN} ", ""))
    report = reanchor_rounds(project)
    assert report.orphans == 2
    settled = settle_rounds(project)
    assert [count for text, count in spans(project).items() if RAIN in text] == [0]
    assert settled.followed.left_out == 1
    assert settled.followed.annotations == 2
    assert any("1 left out with 2 annotations" in line for line in settled.lines())
    orphans = read_lines(project.orphans)
    assert {one["annotation"]["annotator"] for one in orphans} == {"a1", "a2"}
    assert {one["text"] for one in orphans} == {RAIN}
    given = {one.annotation_id: one for one in read_round(project, "first").annotations}
    for one in orphans:
        annotation = given[one["annotation"]["annotation_id"]]
        assert msgspec.convert(one["annotation"], Annotation) == annotation


def test_a_release_follows_and_verifies(project: Project) -> None:
    say_everything(project.root)
    opened = open_project(project.root)
    build_release(opened)
    changed(opened, (f"{RAIN} ", ""), ("besok.", "besok. Kabar baru."))
    reanchor_rounds(opened)
    settle_rounds(opened)
    report = build_release(opened, version="9.0.0")
    assert (report.followed.moved > 0, report.followed.left_out) == (True, 1)
    assert any("left out with 2 annotations" in line for line in report.lines())
    assert verify_release(opened.release).problems == ()


def test_running_it_twice_changes_nothing(project: Project) -> None:
    changed(project, (f"{RAIN} ", ""))
    assert reanchor_rounds(project).changed
    before = snapshot(project.root)
    second = reanchor_rounds(project)
    assert not second.changed
    assert snapshot(project.root) == before
    assert "nothing changed" in next(second.lines())


def test_records_go_again_when_the_text_is_restored(project: Project) -> None:
    settle_rounds(project)
    before = snapshot(project.root)
    changed(project, (f"{RAIN} ", ""))
    reanchor_rounds(project)
    changed(project)
    with pytest.raises(InputError) as raised:
        settle_rounds(project)
    assert "stands as it stood" in str(raised.value)
    assert reanchor_rounds(project).changed
    settle_rounds(project)
    assert snapshot(project.root) == before


def test_a_dry_run_shows_the_same_and_writes_nothing(project: Project) -> None:
    changed(project, (f"{RAIN} ", ""))
    before = snapshot(project.root)
    shown = reanchor_rounds(project, dry_run=True)
    assert snapshot(project.root) == before
    assert shown == reanchor_rounds(project)


def test_a_person_decides_and_the_label_follows(project: Project) -> None:
    """The sentence stands between other neighbours: whether it is the one of old, people say."""
    changed(
        project,
        ("Sidang ditunda sampai besok.", ""),
        ("Pasar", "Sidang ditunda sampai besok. Pasar"),
    )
    (old,) = [one for one in reanchor_rounds(project).anchors if one.state == "ambiguous"]
    assert old.text.startswith("Sidang")
    (place,) = old.places
    settle_rounds(project)
    assert not any(text.startswith("Sidang") for text in spans(project))
    report = reanchor_rounds(project, {old.sentence_id: place.sentence_id})
    (anchor,) = [one for one in report.anchors if one.reason == "decided"]
    assert (anchor.state, anchor.to) == ("moved", place.sentence_id)
    assert not reanchor_rounds(project).changed
    settle_rounds(project)
    assert any(text.startswith("Sidang") for text in spans(project))


def test_a_decision_on_other_words_is_refused_and_writes_nothing(project: Project) -> None:
    changed(project, (f"{RAIN} ", ""))
    reanchor_rounds(project)
    before = snapshot(project.root)
    lost = next(one for one in reanchor_rounds(project).anchors if one.state == "orphaned")
    other = next(one for one in read_sentences(project) if one.text.startswith("Sidang"))
    with pytest.raises(InputError) as raised:
        reanchor_rounds(project, {lost.sentence_id: other.sentence_id})
    assert codes(raised.value.problems) == ["anchor"]
    assert snapshot(project.root) == before


def test_what_took_the_place_of_an_orphan_is_new_to_rounds(project: Project) -> None:
    changed(project, ("Sidang ditunda sampai besok.", "Sidang ditunda sampai lusa."))
    reanchor_rounds(project)
    report = plan_round(project, "second")
    assert report.items == 1
    (item,) = read_round(project, "second").items
    assert item.text == "Sidang ditunda sampai lusa."


def test_a_moved_sentence_is_not_new_to_rounds(project: Project) -> None:
    changed(project, (f"{RAIN} ", ""), ("besok.", f"besok. {RAIN}"))
    reanchor_rounds(project)
    plan_round(project, "second")
    new = [one.text for one in read_round(project, "second").items]
    assert new == [RAIN]


def test_a_round_whose_sentences_moved_is_pulled_as_before(project: Project) -> None:
    items = items_of(project)
    given = answers(project.root)
    changed(project, (f"{RAIN} ", ""))
    reanchor_rounds(project)
    report = pull_round(project, "first", export=given)
    assert (report.problems, report.changed) == ((), False)
    assert items_of(project) == items
    assert not reanchor_rounds(project).changed


def test_a_sentence_that_is_no_body_any_more_is_named_and_then_left_out(project: Project) -> None:
    sentences = read_sentences(project)
    target = next(one for one in sentences if one.text.startswith("Warga Rintan"))
    retyped = [
        msgspec.structs.replace(one, kind="caption") if one == target else one for one in sentences
    ]
    lines = b"".join(msgspec.json.encode(one) + b"\n" for one in retyped)
    project.sentences.write_bytes(lines)
    with pytest.raises(InputError) as raised:
        settle_rounds(project)
    assert "not-body" in codes(raised.value.problems)
    report = reanchor_rounds(project)
    assert [one.reason for one in report.anchors if one.state == "orphaned"] == ["other-kind"]
    settle_rounds(project)
    assert target.sentence_id not in {one["sentence_id"] for one in read_lines(project.labels)}


def test_withdrawing_the_article_takes_its_records_along(project: Project) -> None:
    changed(project, (f"{RAIN} ", ""))
    reanchor_rounds(project)
    report = withdraw(project, "twice")
    assert {"dataset/anchors.jsonl", "dataset/orphans.jsonl"} <= set(report.held_by)
    settle_rounds(project)
    assert reanchor_rounds(project).changed
    assert not project.anchors.exists()
    assert not project.orphans.exists()


def test_the_command_prints_counts_and_evidence(
    project: Project, capfd: pytest.CaptureFixture[str]
) -> None:
    changed(project, (f"{RAIN} ", ""))
    capfd.readouterr()
    assert sikap(project.root, "round", "reanchor", "--dry-run") == 0
    shown = capfd.readouterr().out
    assert "1 orphaned" in shown
    assert "its text stands only where other sentences of the round do" in shown
    assert sikap(project.root, "round", "reanchor", "--json") == 0
    told: dict[str, Any] = json.loads(capfd.readouterr().out)
    assert told["counts"]["orphaned"] == 1
    assert {one["state"] for one in told["anchors"]} == {"moved", "orphaned"}
    assert sikap(project.root, "round", "reanchor", "--accept", "nonsense") == 2
    assert sikap(project.root, "round", "reanchor", "--accept", f"{'0' * 16}={'1' * 16}") == 2


def test_only_sentences_that_are_there_are_adjudicated_whatever_id_they_inherited(
    project: Project,
) -> None:
    """The second of two equal sentences gets the id of the first, on which was decided."""
    seen = json.loads(answers(project.root))
    for task in seen:
        task["annotations"][0]["result"] = []
        if task["data"]["text"] == RAIN:
            task["annotations"][1]["result"] = region(RAIN, "Hujan", "PER", "neutral")
    pull_round(project, "first", export=json.dumps(seen).encode())
    listed = project.root / "listed"
    first = next(one for one in items_of(project) if one.text == RAIN and "Pasar" in one.before)
    listed.write_text(f"{first.sentence_id}\n")
    plan_round(project, "decides", RoundRequest(purpose="adjudication", among="all", items=listed))
    decides = json.loads(export(project.root, {1: {}}, "decides"))
    pull_round(project, "decides", export=json.dumps(decides).encode())
    assert adjudicate_round(project, "first", "next", annotators=["a1"], dry_run=True).decided == 1

    changed(project, (f"{RAIN} ", ""))
    reanchor_rounds(project)
    report = adjudicate_round(project, "first", "next", annotators=["a1"])
    assert (report.decided, report.lost) == (0, 1)
    texts = [one.text for one in read_round(project, "next").items]
    assert texts.count(RAIN) == 1
    decides = json.loads(export(project.root, {1: {}}, "next"))
    pull_round(project, "next", export=json.dumps(decides).encode())
    reanchor_rounds(project)
    settle_rounds(project)
    assert [count for text, count in spans(project).items() if RAIN in text] == [0]
