"""What becomes of the sentences of rounds; texts are one sentence a letter or word."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rounds.anchored import LETTERS, after, article, planned
from sikap.rounds.reanchoring.context import Standing, words
from sikap.rounds.reanchoring.evidence import traced
from sikap.rounds.reanchoring.match import anchors


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


def test_words_keep_every_offset() -> None:
    text = "a\u00a0b\n\u2028c\td"
    assert words(text) == "a b  c d"
    assert len(words(text)) == len(text)
