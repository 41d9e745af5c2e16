"""What becomes of the sentences of rounds; texts are one sentence a letter or word."""

import itertools
from collections.abc import Iterable, Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import annotation, manifest, span
from sikap.records import Annotator, Item, Kind, Sentence, sentence_id
from sikap.rounds.anchors import anchors
from sikap.rounds.follow import (
    covered,
    decided,
    orphans,
    reanchored,
    successors,
    uncovered_problems,
)
from sikap.rounds.plan import Wish, plan_round
from sikap.rounds.standing import Anchor, Standing, words
from sikap.rounds.whereabouts import traced

LETTERS = st.lists(st.sampled_from("abcx"), min_size=1, max_size=8)


def article(
    texts: Iterable[str], article_id: str = "w", kinds: dict[int, Kind] | None = None
) -> list[Sentence]:
    """The sentences of an article, with a space between each two."""
    sentences: list[Sentence] = []
    seen: dict[str, int] = {}
    start = 0
    for index, text in enumerate(texts):
        occurrence = seen.get(text, 0)
        seen[text] = occurrence + 1
        sentences.append(
            Sentence(
                sentence_id=sentence_id(article_id, text, occurrence),
                article_id=article_id,
                index=index,
                paragraph=0,
                kind=(kinds or {}).get(index, "body"),
                start=start,
                end=start + len(text),
                text=text,
            )
        )
        start += len(text) + 1
    return sentences


def planned(
    sentences: Sequence[Sentence], round_id: str = "r1", only: Iterable[int] | None = None
) -> list[Item]:
    """The items of a round over sentences, by their places; all by default."""
    chosen = {sentences[place].sentence_id for place in only} if only is not None else None
    wish = Wish(
        round_id=round_id,
        purpose="production",
        roster=(Annotator(annotator="a1", kind="expert", qualifications=""),),
        sample=None,
        seed=0,
    )
    done = frozenset(s.sentence_id for s in sentences if chosen and s.sentence_id not in chosen)
    return plan_round(wish, 1, sentences, done, b"", b"")[1]


def after(items: Sequence[Item], now: Sequence[Sentence]) -> list[tuple[str, str, int | None]]:
    """What became of each: its state and reason, and the place where it is now."""
    where = {one.sentence_id: one.index for one in now}
    found = traced(anchors(items, Standing(now)), now)
    return [(one.state, one.reason, None if one.to is None else where[one.to]) for one in found]


def test_what_stands_as_it_stood_is_kept_wherever_it_starts() -> None:
    items = planned(article("abc"))
    assert after(items, article("abc")) == [("kept", "same", place) for place in range(3)]
    assert after(items, article(["awalan baru", "y", *"abc"]))[1:] == [
        ("kept", "same", 3),
        ("kept", "same", 4),
    ]


@given(LETTERS)
def test_neighbours_are_those_that_a_plan_gives_an_item(texts: list[str]) -> None:
    sentences = article(texts)
    items = planned(sentences)
    assert [state for state, _, _ in after(items, sentences)] == ["kept"] * len(items)


def test_the_order_of_sentences_on_disk_changes_nothing() -> None:
    items = planned(article("abc"))
    assert after(items, article("abc")[::-1]) == [("kept", "same", place) for place in range(3)]


def test_a_heading_between_two_sentences_is_no_neighbour() -> None:
    items = planned(article("abc"))
    states = after(items, article("ahbc", kinds={1: "heading"}))
    assert states == [("kept", "same", place) for place in (0, 2, 3)]


def test_a_sentence_beside_one_other_neighbour_has_moved() -> None:
    (anchor,) = anchors(planned(article("abc"), only=[1]), Standing(article("aby")))
    assert (anchor.state, anchor.reason, anchor.to) == ("moved", "context", anchor.sentence_id)
    (place,) = anchor.places
    assert (place.before_fit, place.after_fit) == ("same", "other")
    assert (place.before, place.after) == ("a", "y")
    assert (anchor.before, anchor.after, anchor.start, place.start) == ("a", "c", 2, 2)


def test_after_the_first_of_two_equal_sentences_is_gone_the_second_keeps_its_own_label() -> None:
    items = planned(article("axbxc"))
    states = after(items, article("abxc"))
    assert states[1] == ("orphaned", "taken", None)
    assert states[3] == ("moved", "context", 2)


def test_a_sentence_does_not_hand_its_label_to_the_one_that_inherits_its_id() -> None:
    """Only the first of the two was in the round, so nothing else claims the place."""
    items = planned(article("axbxc"), only=[1])
    now = article("abxc")
    assert now[2].sentence_id == items[0].sentence_id
    assert after(items, now) == [("ambiguous", "no-neighbour", None)]


def test_a_copy_before_it_takes_the_id_but_not_the_label() -> None:
    items = planned(article("abxc"))
    states = after(items, article("axbbxc"))
    assert states[2] == ("moved", "context", 4)


def test_two_equal_sentences_that_changed_places_follow_their_neighbours() -> None:
    items = planned(article("axbcxd"))
    states = after(items, article("cxdaxb"))
    assert states[1] == ("moved", "context", 4)
    assert states[4] == ("moved", "context", 1)


def test_equal_sentences_between_equal_neighbours_are_not_told_apart_once_one_is_gone() -> None:
    items = planned(article("axbaxb"), only=[1, 4])
    states = after(items, article("axb"))
    assert states == [("ambiguous", "several", None)] * 2


def test_equal_sentences_between_equal_neighbours_are_kept_where_none_is_gone() -> None:
    sentences = article("axbaxb")
    assert {state for state, _, _ in after(planned(sentences), sentences)} == {"kept"}


def test_two_places_that_fit_equally_well_are_shown() -> None:
    (anchor,) = anchors(planned(article("abc"), only=[1]), Standing(article("abdebc")))
    assert (anchor.state, anchor.reason, anchor.to) == ("ambiguous", "several", None)
    assert [place.start for place in anchor.places] == [2, 8]


def test_two_sentences_that_fit_one_place_equally_well_both_stay_unsure() -> None:
    items = planned(article("axxb"), only=[1, 2])
    states = after(items, article("axb"))
    assert states == [("ambiguous", "several", None)] * 2


def test_of_two_rounds_two_sentences_do_not_follow_to_one_by_half_a_context() -> None:
    old = article("axbcxd")
    items = [*planned(old, "r1", only=[1]), *planned(old, "r2", only=[4])]
    assert after(items, article("axd")) == [("ambiguous", "several", None)] * 2


def test_one_sentence_that_two_rounds_froze_under_two_ids_follows_from_both() -> None:
    first = planned(article("axb"), "r1", only=[1])
    second = planned(article("yxzaxb"), "r2", only=[4])
    states = after([*first, *second], article("yxzaxb"))
    assert states == [("moved", "context", 4), ("kept", "same", 4)]


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (["a", "Hujan turun dan angin kencang.", "c"], ("inside", [1])),
        (["a", "Hujan", "turun.", "c"], ("across", [1, 2])),
        (["a", "Hujan  turun.", "c"], ("form", [1])),
        (["a", "Hujan turun sekali.", "c"], ("reworded", [1])),
        (["a", "Lain sama sekali", "c"], ("gone", [])),
        ([], ("gone", [])),
    ],
)
def test_an_orphan_says_where_its_words_are(now: list[str], found: tuple[str, list[int]]) -> None:
    text = "Hujan turun" if found[0] == "inside" else "Hujan turun."
    items = planned(article(["a", text, "c"]), only=[1])
    sentences = article(now)
    (anchor,) = traced(anchors(items, Standing(sentences)), sentences)
    assert (anchor.state, anchor.reason) == ("orphaned", found[0])
    index = {one.sentence_id: one.index for one in sentences}
    assert [index[place.sentence_id] for place in anchor.places] == found[1]


def test_a_sentence_that_became_a_heading_is_orphaned() -> None:
    items = planned(article("abc"), only=[1])
    assert after(items, article("abc", kinds={1: "heading"})) == [("orphaned", "other-kind", None)]


def test_another_unicode_form_is_another_text() -> None:
    items = planned(article(["a", "Kata ﬁnal.", "c"]), only=[1])
    assert after(items, article(["a", "Kata final.", "c"])) == [("orphaned", "form", None)]


def test_white_space_of_the_same_length_leaves_every_offset_and_is_followed() -> None:
    items = planned(article(["a", "Hujan\nturun.", "c"]), only=[1])
    states = after(items, article(["a", "Hujan\u00a0turun.", "c"]))
    assert states == [("moved", "white-space", 1)]


def test_a_neighbour_that_was_merged_or_split_is_known_again() -> None:
    long, longer = "Warga menolak.", "Rapat lama. Warga menolak."
    for old, new in ((long, longer), (longer, long)):
        (anchor,) = anchors(
            planned(article([old, "x", "c"]), only=[1]), Standing(article([new, "x", "d"]))
        )
        assert (anchor.state, anchor.places[0].before_fit) == ("moved", "part")
    states = after(planned(article(["abx", "x", "c"]), only=[1]), article(["bx", "x", "d"]))
    assert states == [("ambiguous", "no-neighbour", None)]


@given(LETTERS, LETTERS, st.data())
def test_every_sentence_has_one_anchor_and_no_two_of_a_round_one_place(
    old: list[str], new: list[str], data: st.DataObject
) -> None:
    before, now = article(old), article(new)
    only = data.draw(st.sets(st.sampled_from(range(len(old))), min_size=1))
    items = [*planned(before, "r1", only), *planned(before, "r2")]
    found = anchors(items, Standing(now))
    assert [one.key for one in found] == [(one.round_id, one.sentence_id) for one in items]
    texts = {one.sentence_id: one.text for one in now}
    for _, of_round in itertools.groupby(found, key=lambda one: one.round_id):
        to = [one.to for one in of_round if one.to is not None]
        assert len(to) == len(set(to))
    for one in found:
        assert (one.to is None) == (one.state in {"ambiguous", "orphaned"})
        if one.to is not None:
            assert texts[one.to] == one.text
        if one.state == "orphaned" and one.reason != "taken":
            assert one.text not in texts.values()


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


def test_words_keep_every_offset() -> None:
    text = "a\u00a0b\n\u2028c\td"
    assert words(text) == "a b  c d"
    assert len(words(text)) == len(text)
