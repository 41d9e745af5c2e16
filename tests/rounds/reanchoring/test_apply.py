"""What people decide of sentences, and what follows them; texts are one sentence a letter."""

from collections.abc import Iterable, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import annotation, manifest, span
from rounds.anchored import LETTERS, article, planned
from sikap.records import Item, Sentence
from sikap.rounds.reanchoring.apply import (
    covered,
    decided,
    orphans,
    reanchored,
    successors,
    uncovered_problems,
)
from sikap.rounds.reanchoring.context import Anchor, Standing
from sikap.rounds.reanchoring.match import anchors


@given(LETTERS, LETTERS)
def test_what_is_recorded_covers_what_is_found_again(old: list[str], new: list[str]) -> None:
    standing = Standing(article(new))
    fresh = anchors(planned(article(old)), standing)
    recorded = [one for one in fresh if one.state != "kept"]
    assert covered(fresh, recorded, standing) == (fresh, [])
    assert covered(fresh, [], standing)[1] == recorded


def accepted(items: Sequence[Item], now: Sequence[Sentence], **pairs: int) -> list[Anchor]:
    """The anchors with decisions, given as place in the items by that of the sentence now."""
    standing = Standing(now)
    wishes = {items[int(old[1:])].sentence_id: now[new].sentence_id for old, new in pairs.items()}
    found, problems = decided(anchors(items, standing), [], wishes, standing)
    assert problems == []
    return found


def test_a_person_decides_what_is_ambiguous() -> None:
    items, now = planned(article("axbxc"), only=[1]), article("abxc")
    (anchor,) = accepted(items, now, n0=2)
    assert (anchor.state, anchor.reason, anchor.to) == ("moved", "decided", now[2].sentence_id)
    fresh = anchors(items, Standing(now))
    assert decided(fresh, [anchor], {}, Standing(now)) == ([anchor], [])


def test_a_decision_falls_once_its_sentence_stands_elsewhere() -> None:
    items = planned(article("axbxc"), only=[1])
    recorded = accepted(items, article("abxc"), n0=2)
    standing = Standing(article("ayxc"))
    found, _ = decided(anchors(items, standing), recorded, {}, standing)
    assert [one.state for one in found] == ["ambiguous"]
    assert codes_of(covered(anchors(items, standing), recorded, standing)[1]) == ["not-anchored"]


def test_a_decision_gives_way_to_a_sentence_that_is_surely_there() -> None:
    alone = planned(article("axbxc"), only=[1])
    recorded = accepted(alone, article("abxc"), n0=2)
    both = planned(article("axbxc"), only=[1, 3])
    standing = Standing(article("abxc"))
    found, _ = decided(anchors(both, standing), recorded, {}, standing)
    assert [one.state for one in found] == ["orphaned", "moved"]


@pytest.mark.parametrize(
    ("to", "found"),
    [
        ("0" * 16, "no body sentence"),
        (article("abxc")[1].sentence_id, "another text"),
        (article("abxc")[2].sentence_id, "another sentence of round r1"),
    ],
)
def test_a_decision_against_the_texts_or_the_round_is_refused(to: str, found: str) -> None:
    items = planned(article("axbxc"), only=[1, 3])
    standing = Standing(article("abxc"))
    fresh = anchors(items, standing)
    same, problems = decided(fresh, [], {items[0].sentence_id: to}, standing)
    assert [problem.code for problem in problems] == ["anchor"]
    assert found in problems[0].found
    assert same == fresh


def test_beside_a_wrong_decision_no_other_is_taken() -> None:
    items, now = planned(article("axbxc"), only=[1]), article("abxc")
    standing = Standing(now)
    fresh = anchors(items, standing)
    good = {items[0].sentence_id: now[2].sentence_id}
    assert decided(fresh, [], good, standing)[0] != fresh
    same, problems = decided(fresh, [], {**good, "0" * 16: now[0].sentence_id}, standing)
    assert (same, [problem.code for problem in problems]) == (fresh, ["anchor"])


def test_a_decision_on_what_is_kept_is_refused() -> None:
    standing = Standing(article("abc"))
    items = planned(article("abc"))
    for old in (items[0].sentence_id, "0" * 16):
        _, problems = decided(anchors(items, standing), [], {old: old}, standing)
        assert [problem.code for problem in problems] == ["anchor"]


def test_two_decisions_can_exchange_two_sentences() -> None:
    items = planned(article("axbcxd"), only=[1, 4])
    now = article("cxdaxb")
    both = accepted(items, now, n0=1, n1=4)
    assert [one.to for one in both] == [now[1].sentence_id, now[4].sentence_id]


@given(LETTERS, LETTERS, LETTERS, st.data())
def test_no_decision_of_now_or_then_brings_two_of_a_round_to_one_place(
    old: list[str], then: list[str], now: list[str], data: st.DataObject
) -> None:
    items = planned(article(old))
    recorded: list[Anchor] = []
    for texts in (then, now):
        sentences = article(texts)
        standing = Standing(sentences)
        fresh = anchors(items, standing)
        open_ = [one.sentence_id for one in fresh if one.state != "kept"]
        ids = st.sampled_from([one.sentence_id for one in sentences])
        wishes = data.draw(st.dictionaries(st.sampled_from(open_), ids)) if open_ else {}
        for chosen in (wishes, {}):
            found, _ = decided(fresh, recorded, chosen, standing)
            to = [one.to for one in found if one.to is not None]
            assert len(to) == len(set(to))
            assert [one.key for one in found] == [one.key for one in fresh]
            recorded = [one for one in found if one.state != "kept"]
            assert covered(fresh, recorded, standing) == (found, [])


def codes_of(found: Iterable[Anchor]) -> list[str]:
    return [problem.code for problem in uncovered_problems(found)]


def test_items_and_annotations_follow_with_ids_of_their_own() -> None:
    items, now = planned(article("axbxc")), article("abxc")
    standing = Standing(now)
    found = anchors(items, standing)
    said = [annotation(one, "a1", [span(0, 1)]) for one in items]
    round_ = manifest(roster=["a1"])
    follow = successors(found, standing)["r1"]
    after_, left, kept = reanchored(round_, items, said, follow, standing)
    assert [one.text for one in left] == ["a", "b", "x", "c"]
    assert [one.sentence_id for one in left] == [one.sentence_id for one in now]
    assert {one.item_id for one in left} == {one.item_id for one in planned(now)}
    assert [(one.item_id, one.sentence_id) for one in kept] == [
        (one.item_id, one.sentence_id) for one in left
    ]
    assert [one.annotation_id for one in kept] == [
        said[place].annotation_id for place in (0, 2, 3, 4)
    ]
    assert (after_.counts.items, after_.counts.submitted) == (4, 4)
    (orphan,) = orphans(found, said)
    assert (orphan.annotation, orphan.text, orphan.reason) == (said[1], "x", "taken")


def test_the_answer_to_a_hidden_repeat_follows_with_it() -> None:
    items = planned(article("ab"))
    again = msgspec.structs.replace(items[1], pass_=2, item_id="0" * 16)
    standing = Standing(article("yb"))
    follow = successors(anchors([*items, again], standing), standing)["r1"]
    _, left, _ = reanchored(manifest(), [*items, again], [], follow, standing)
    assert [one.pass_ for one in left] == [1, 2]
    assert len({one.item_id for one in left}) == 2


def test_an_annotation_that_speaks_of_no_item_stays_to_be_named() -> None:
    items = planned(article("ab"))
    stray = msgspec.structs.replace(annotation(items[0], "a1"), sentence_id="0" * 16)
    standing = Standing(article("b"))
    follow = successors(anchors(items, standing), standing)["r1"]
    assert reanchored(manifest(), items, [stray], follow, standing)[2] == (stray,)
