from collections.abc import Sequence
from itertools import pairwise

import msgspec
from hypothesis import example, given
from hypothesis import strategies as st

from builders import item, manifest
from sikap.records import FIRST, GOLD, REPEAT, Item, Round
from sikap.rounds.planning.task_order import ENOUGH, in_order_of, items_for

EVERYBODY = ("a1", "a2")


def a_round(firsts: int, repeats: int, gold: int) -> list[Item]:
    return [
        *(item(f"Kalimat {n}.", annotators=EVERYBODY) for n in range(firsts)),
        *(item(f"Emas {n}.", pass_=GOLD, annotators=EVERYBODY) for n in range(gold)),
        *(item(f"Kalimat {n}.", pass_=REPEAT, annotators=EVERYBODY) for n in range(repeats)),
    ]


def of(seed: int = 0) -> Round:
    planned = manifest(roster=EVERYBODY)
    return msgspec.structs.replace(
        planned, design=msgspec.structs.replace(planned.design, seed=seed)
    )


def gaps(items: Sequence[Item]) -> list[int]:
    """By how many places each repeat comes after its first."""
    places = {(one.sentence_id, one.pass_): place for place, one in enumerate(items)}
    return [
        place - places[sentence, FIRST]
        for (sentence, pass_), place in places.items()
        if pass_ == REPEAT
    ]


SIZES = st.integers(1, 60).flatmap(
    lambda firsts: st.tuples(st.just(firsts), st.integers(0, firsts), st.integers(0, 20))
)


@given(SIZES, st.integers(0, 2**40), st.sampled_from(["a1", "a2", None]))
@example((1, 1, 0), 0, "a1")
@example((1, 1, 20), 0, None)
def test_everything_is_there_and_repeats_come_well_after_their_first(
    sizes: tuple[int, int, int], seed: int, annotator: str | None
) -> None:
    items = a_round(*sizes)
    ordered = items_for(annotator, of(seed), items)
    assert sorted(one.item_id for one in ordered) == sorted(one.item_id for one in items)
    judged = [one for one in ordered if one.pass_ != GOLD]
    assert all(3 * gap >= len(judged) for gap in gaps(judged))
    assert all(gap > 0 for gap in gaps(ordered))


@given(SIZES, st.integers(0, 2**40))
def test_gold_is_spread_and_the_first_comes_early(sizes: tuple[int, int, int], seed: int) -> None:
    firsts, repeats, gold = sizes
    ordered = items_for("a1", of(seed), a_round(firsts, repeats, gold))
    places = [place for place, one in enumerate(ordered) if one.pass_ == GOLD]
    assert not places or places[0] <= len(ordered) // 10
    for part in range(gold):  # one in every stretch of the list
        start, end = (n * len(ordered) // gold for n in (part, part + 1))
        assert sum(start <= place < end for place in places) == 1


def test_the_order_is_the_same_every_time_and_another_for_everybody() -> None:
    items = a_round(30, 6, 4)
    assert items_for("a1", of(), reversed(items)) == items_for("a1", of(), items)
    assert items_for("a1", of(), items) != items_for("a2", of(), items)
    assert items_for("a1", of(1), items) != items_for("a1", of(2), items)


def test_an_annotator_gets_only_what_is_theirs() -> None:
    mine, theirs = item("Satu.", annotators=("a1",)), item("Dua.", annotators=("a2",))
    assert items_for("a1", of(), [theirs, mine]) == [mine]


def test_what_everybody_shares_stays_in_the_order_of_the_round() -> None:
    items = a_round(20, 0, 0)
    assert items_for(None, of(), items) == items


def test_repeats_are_mixed_with_other_items() -> None:
    ordered = items_for("a1", of(), a_round(40, 8, 0))
    places = [place for place, one in enumerate(ordered) if one.pass_ == REPEAT]
    assert max(b - a for a, b in pairwise(places)) <= 4
    assert min(b - a for a, b in pairwise(places)) > 1


def test_a_repeat_whose_first_is_gone_is_an_item_like_others() -> None:
    items = a_round(5, 1, 0)[1:]
    assert len(items_for("a1", of(), items)) == 5


@given(seed=st.integers(0, 50), taken=st.sets(st.integers(0, 11)))
def test_a_part_of_a_project_tells_whose_it_is(seed: int, taken: set[int]) -> None:
    items, planned = a_round(12, 0, 0), of(seed)
    for name in EVERYBODY:
        own = [one.item_id for one in items_for(name, planned, items)]
        made = [id_ for place, id_ in enumerate(own) if place not in taken]
        names = in_order_of(made, planned, items)
        assert (name in names) == (len(made) >= ENOUGH)
        if len(made) == len(own):
            assert names == {name}


def test_tasks_that_were_sent_again_are_in_nobodys_order() -> None:
    items = a_round(12, 0, 0)
    first, *others = [one.item_id for one in items_for("a1", of(), items)]
    assert in_order_of([*others, first], of(), items) == frozenset()
