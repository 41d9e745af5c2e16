import random
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sikap.rounds.planning.assign import assign, loads, pairs

NAMES = tuple(f"a{number}" for number in range(1, 13))


def ids(count: int) -> list[str]:
    return [f"item-{number}" for number in range(count)]


def assert_even(items: Sequence[str], names: Sequence[str], overlap: int, seed: int) -> None:
    """Every item by exactly ``overlap``, loads within one, pair counts within two of the mean."""
    given = assign(items, names, overlap, seed)
    assert given.keys() == set(items)
    assert {(len(who), len(set(who))) for who in given.values()} == {(overlap, overlap)}
    carried = loads(given.values(), names)
    assert sum(carried.values()) == overlap * len(items)
    assert max(carried.values()) - min(carried.values()) <= 1
    shared = pairs(given.values(), names)
    mean = sum(shared.values()) / len(shared)
    assert sum(shared.values()) == len(items) * overlap * (overlap - 1) // 2
    assert max(abs(count - mean) for count in shared.values()) <= 2


@st.composite
def designs(draw: st.DrawFn) -> tuple[int, int, int, int]:
    annotators = draw(st.integers(2, 12))
    return (
        draw(st.integers(1, 2000)),
        annotators,
        draw(st.integers(1, annotators)),
        draw(st.integers(0, 2**63)),
    )


@given(designs())
@example((3, 6, 2, 0))  # a greedy draw alone pairs the same two again and again
@example((250, 10, 8, 0))
@example((508, 12, 6, 0))
def test_work_is_even_whatever_the_design(design: tuple[int, int, int, int]) -> None:
    items, annotators, overlap, seed = design
    assert_even(ids(items), NAMES[:annotators], overlap, seed)


@pytest.mark.parametrize("number", [40, pytest.param(1000, marks=pytest.mark.scale)])
def test_work_is_even_in_so_many_designs(number: int) -> None:
    draw = random.Random(1)
    for seed in range(number):
        annotators = draw.randint(2, 12)
        overlap = draw.randint(1, annotators)
        assert_even(ids(draw.randint(1, 2000)), NAMES[:annotators], overlap, seed)


def test_a_large_round_is_even_too() -> None:
    assert_even(ids(100_000), NAMES, 5, 7)


@pytest.mark.parametrize(("annotators", "overlap"), [(15, 7), (20, 3), (20, 10), (40, 2)])
def test_work_is_even_in_a_large_roster(annotators: int, overlap: int) -> None:
    assert_even(ids(700), [f"b{number}" for number in range(annotators)], overlap, 3)


def test_who_gets_what_hangs_on_seed_and_ids_alone() -> None:
    first = assign(ids(50), NAMES[:5], 2, 1)
    assert assign(reversed(ids(50)), NAMES[:5], 2, 1) == first
    assert assign(ids(50), NAMES[:5], 2, 2) != first


def test_the_annotators_of_an_item_are_in_the_order_of_the_roster() -> None:
    roster = ("z", "a", "m")
    for who in assign(ids(20), roster, 2, 1).values():
        assert list(who) == sorted(who, key=roster.index)


def test_neighbours_in_an_article_are_not_given_to_the_same_by_turns() -> None:
    given = assign(ids(400), NAMES[:2], 1, 5)
    follows = sum(
        given[one] == given[other] for one, other in zip(ids(399), ids(400)[1:], strict=True)
    )
    assert 150 < follows < 250


def test_the_same_design_is_made_for_ever() -> None:
    given = assign(ids(7), NAMES[:4], 2, 0)
    assert ["+".join(given[id_]) for id_ in ids(7)] == [
        *("a1+a2", "a1+a4", "a1+a3", "a3+a4", "a2+a3", "a2+a4"),
        "a2+a4",
    ]


@pytest.mark.parametrize("overlap", [0, 4])
def test_an_overlap_that_cannot_be_is_refused(overlap: int) -> None:
    with pytest.raises(ValueError, match=f"from 1 to 3 .got {overlap}."):
        assign(ids(3), NAMES[:3], overlap, 0)


def test_loads_and_pairs_name_those_who_have_nothing() -> None:
    assert loads([("a1",)], ("a1", "a2")) == {"a1": 1, "a2": 0}
    shared = pairs([("a2", "a1"), ("a1",)], ("a1", "a2", "a3"))
    assert shared == {("a1", "a2"): 1, ("a1", "a3"): 0, ("a2", "a3"): 0}
