"""Pulling again and again, in parts and as a whole, against a model of what servers hold."""

import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import USERS, Action, Model, begun
from sikap import (
    InputError,
    Problem,
    Project,
    RoundRequest,
    link_annotator,
    plan_round,
    pull_round,
    replay_rounds,
    withdraw,
)
from sikap.records import Annotation, History, Note
from sikap.steps.project_files import NOTES
from sikap.storage.files import decode_lines, write_bytes


def lines(of: Project, name: str, type_: Any) -> list[Any]:
    path = of.round("r1") / name
    return decode_lines(path.read_bytes(), type_, name) if path.exists() else []


def took(of: Project, model: Model, part: set[int] | None) -> bool:
    """Pull a part of the projects, or all; False where an export of nothing usable is refused."""
    export = None if part is None else model.part(part)
    try:
        pull_round(of, "r1", export=export, client=model.client, accept_deletions=True)
    except InputError as error:
        if not {problem.code for problem in error.problems} <= {"export", "unknown-annotator"}:
            raise
        return False
    return True


def state(of: Project) -> dict[str, bytes]:
    folder = of.round("r1")
    names = ("annotations.jsonl", NOTES, "rejects.jsonl", "export.json", "history.jsonl")
    return {n: (folder / n).read_bytes() for n in names if (folder / n).exists()}


def by_id(annotations: list[Annotation]) -> dict[str, Annotation]:
    return {one.annotation_id: one for one in annotations}


WHATS = ("create", "create", "create", "relabel", "delete", "cancel", "draft", "by hand")
actions = st.tuples(
    st.sampled_from((*WHATS, "delete task")),
    st.integers(0, 5),
    st.sampled_from(sorted(USERS)),
    st.integers(0, 5),
)
pulls = st.none() | st.sets(st.integers(1, 2), min_size=1)


@given(
    st.sampled_from(("separated", "shared")),
    st.lists(st.tuples(st.lists(actions, max_size=6), pulls), min_size=1, max_size=5),
)
def test_many_pulls_give_what_one_pull_at_the_end_gives(
    blindness: Literal["separated", "shared"],
    story: list[tuple[list[Action], set[int] | None]],
) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        often, once = begun(Path(one), blindness), begun(Path(other), blindness)
        model = Model(often)
        past: list[History] = []
        for deeds, part in story:
            for deed in deeds:
                model.do(deed)
            before = by_id(lines(often, "annotations.jsonl", Annotation))
            took(often, model, None if part is None else part & model.tasks.keys() or {1})
            now = by_id(lines(often, "annotations.jsonl", Annotation))

            # Each that is not as it was has one new event, and no other has.
            history = lines(often, "history.jsonl", History)
            assert history[: len(past)] == past
            differ = [old for id_, old in before.items() if now.get(id_) != old]
            new = Counter(event.annotation.annotation_id for event in history[len(past) :])
            assert new == Counter(old.annotation_id for old in differ)
            for event in history[len(past) :]:
                id_ = event.annotation.annotation_id
                assert event.annotation == before[id_]
                assert (event.event == "changed") == (id_ in now)
            past = history

        if not (took(often, model, None) and took(once, model, None)):
            return  # nobody of the round has annotated anything
        first, second = state(often), state(once)
        for name in ("annotations.jsonl", NOTES, "rejects.jsonl", "export.json"):
            assert first.get(name) == second.get(name), name

        took(often, model, None)
        assert state(often) == first
        if lines(often, "annotations.jsonl", Annotation):
            replay_rounds(often)
            assert state(often) == first


@pytest.fixture
def of(tmp_path: Path) -> Project:
    return begun(tmp_path, "separated")


@pytest.mark.parametrize("stop", ["export.json", "rejects.jsonl", "annotations.jsonl"])
def test_a_pull_that_was_killed_leaves_nothing_twice_in_the_history(
    of: Project, stop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Model(of)
    model.do(("create", 0, 1, 1))
    model.do(("create", 1, 1, 1))
    took(of, model, None)
    model.do(("relabel", 0, 1, 0))

    def dying(path: Path, data: bytes, mode: int = 0o644) -> bool:
        if path.name == stop:
            raise KeyboardInterrupt
        return write_bytes(path, data, mode)

    with monkeypatch.context() as patch:
        patch.setattr("sikap.steps.rounds.pull.write_bytes", dying)
        with pytest.raises(KeyboardInterrupt):
            took(of, model, None)
    # Meanwhile more has happened: what the killed pull wrote is not the beginning of what is due.
    model.do(("delete", 0, 1, 0))
    model.do(("relabel", 1, 1, 0))
    for _ in range(2):
        took(of, model, None)
    events = [event.event for event in lines(of, "history.jsonl", History)]
    assert sorted(events) == ["changed", "deleted"]
    assert not list(of.private.glob("pull-*"))


def test_a_task_that_was_deleted_takes_its_annotations_along_and_is_missed(of: Project) -> None:
    model = Model(of)
    model.do(("create", 0, 1, 1))
    model.do(("create", 1, 1, 1))
    took(of, model, None)
    model.do(("delete task", 0, 1, 0))
    report = pull_round(of, "r1", client=model.client)
    assert (report.events, report.missing, report.kept) == ({"deleted": 1}, 1, 0)
    assert "1 tasks are gone from Label Studio: push the round again" in report.lines()


def test_tasks_of_what_was_withdrawn_are_not_missed(of: Project) -> None:
    write_bytes(of.articles, b"")
    model = Model(of)
    withdraw(of, "a2")
    model.do(("delete task", 3, 1, 0))
    assert pull_round(of, "r1", client=model.client).missing == 0


def test_what_was_set_aside_stays_named_while_an_export_does_not_hold_it(of: Project) -> None:
    model = Model(of)
    model.do(("create", 0, 9, 1))
    model.do(("create", 3, 2, 1))
    took(of, model, None)
    report = pull_round(of, "r1", export=model.part({2}))
    assert [problem.code for problem in report.problems] == ["unknown-annotator"]
    assert report.kept == 0


def test_somebody_elses_annotation_is_rejected_once_it_is_known_whose_project_it_is(
    of: Project,
) -> None:
    model = Model(of)
    model.do(("create", 0, 2, 1))
    model.do(("create", 1, 1, 1))
    took(of, model, {1})  # nobody has said whose project that is
    known = {one.annotator for one in lines(of, "annotations.jsonl", Annotation)}
    assert known == {"a1", "a2"}
    took(of, model, None)
    events = lines(of, "history.jsonl", History)
    assert [event.event for event in events] == ["rejected"]
    assert events[0].annotation.annotator == "a2"


def test_notes_follow_their_annotations(of: Project) -> None:
    model = Model(of)
    model.do(("create", 0, 1, 2))
    model.do(("create", 3, 2, 3))
    took(of, model, None)
    assert [note.annotator for note in lines(of, NOTES, Note)] == ["a1", "a2"]
    model.do(("relabel", 0, 1, 0))
    took(of, model, {1})
    assert [note.annotator for note in lines(of, NOTES, Note)] == ["a2"]
    assert msgspec.json.decode((of.round("r1") / "round.json").read_bytes())["state"] == "pulled"


def test_drafts_of_tasks_that_an_export_does_not_hold_are_counted_still(of: Project) -> None:
    model = Model(of)
    model.do(("draft", 0, 1, 0))
    model.do(("create", 3, 2, 1))
    assert pull_round(of, "r1", export=model.part({1, 2})).counts.drafts == 1
    assert pull_round(of, "r1", export=model.part({2})).counts.drafts == 1


def test_an_export_of_one_project_leaves_another_alone_though_nobody_knows_whose_they_are(
    of: Project,
) -> None:
    model = Model(of)
    model.do(("create", 0, 1, 1))
    for place in (3, 4, 5):
        model.do(("create", place, 2, 1))
    pull_round(of, "r1", export=model.part({1}))
    report = pull_round(of, "r1", export=model.part({2}))
    assert (report.counts.submitted, report.events) == (4, {})


def test_a_replay_takes_no_pseudonym_for_a_user_who_is_called_so(tmp_path: Path) -> None:
    shared = begun(tmp_path, "shared")
    model = Model(shared)
    model.do(("create", 0, 1, 1))
    model.do(("create", 1, 2, 1))
    took(shared, model, None)
    first = state(shared)
    link_annotator(shared, "a2", "a1")
    replay_rounds(shared)
    assert state(shared) == first


def test_a_number_is_not_the_annotator_whose_pseudonym_it_is(tmp_path: Path) -> None:
    shared = begun(tmp_path, "shared", {5: "1", 1: "2"})
    model = Model(shared)
    model.do(("create", 0, 5, 1))
    model.do(("create", 1, 1, 1))
    model.do(("create", 2, 2, 1))
    took(shared, model, None)
    assert {one.annotator for one in lines(shared, "annotations.jsonl", Annotation)} == {"1", "2"}
    first = state(shared)
    replay_rounds(shared)
    assert state(shared) == first
    took(shared, model, {1})
    assert state(shared) == first


def test_who_is_linked_later_is_known_to_a_replay(tmp_path: Path) -> None:
    isolated = begun(tmp_path, "isolated", {})
    model = Model(isolated)
    model.do(("create", 3, 2, 1))
    link_annotator(isolated, "a1", "a1/2")
    link_annotator(isolated, "a2", "a2/1")
    model.do(("create", 4, 1, 1))
    pull_round(isolated, "r1", export=model.part({2}), owner="a2")
    assert len(lines(isolated, "annotations.jsonl", Annotation)) == 1
    link_annotator(isolated, "a2", "a2/2")
    replay_rounds(isolated)
    assert [one.annotator for one in lines(isolated, "annotations.jsonl", Annotation)] == ["a2"] * 2
    assert lines(isolated, "rejects.jsonl", Problem) == []


def test_an_annotator_whom_the_round_did_not_ask_stays_named_in_a_replay(tmp_path: Path) -> None:
    shared = begun(tmp_path, "shared", {1: "a1", 2: "a2"})
    plan_round(shared, "alone", RoundRequest(annotators=("a1",), among="all", blindness="shared"))
    model = Model(shared, "alone")
    model.do(("create", 0, 1, 1))
    model.do(("create", 1, 2, 1))
    pull_round(shared, "alone", client=model)  # type: ignore[arg-type]
    export = (shared.round("alone") / "export.json").read_bytes()
    assert b'"a2"' in export
    replay_rounds(shared)
    assert (shared.round("alone") / "export.json").read_bytes() == export


def test_a_pull_brings_nothing_back_of_whom_withdrew(of: Project) -> None:
    write_bytes(of.articles, b"")
    model = Model(of)
    for place in range(6):
        model.do(("create", place, 1 + place // 3, 2))
    took(of, model, None)
    folder = of.round("r1")
    withdraw(of, "a2")
    before = state(of)
    took(of, model, None)
    assert state(of) == before  # nothing goes by itself either

    for name in ("annotations.jsonl", NOTES):
        of_a1 = [line for line in before[name].splitlines(keepends=True) if b'"a2"' not in line]
        (folder / name).write_bytes(b"".join(of_a1))
    took(of, model, None)
    replay_rounds(of)
    assert not any(b'"a2"' in data for data in state(of).values())
    assert {one.annotator for one in lines(of, "annotations.jsonl", Annotation)} == {"a1"}
