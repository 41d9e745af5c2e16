from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.describe.splits import FEW, Ledger, assign, quotas
from sikap.errors import InputError

SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}
EMPTY = Ledger(salt="uji", articles={})
ids = st.lists(st.text(min_size=1, max_size=6), unique=True)


def singles(*names: str) -> list[tuple[str, ...]]:
    return [(name,) for name in names]


def numbered(count: int) -> list[tuple[str, ...]]:
    return singles(*(f"artikel-{number}" for number in range(count)))


shares = st.lists(st.integers(1, 20), min_size=2, max_size=4).map(
    lambda weights: {
        name: weight / sum(weights)
        for name, weight in zip(("train", "test", "validation", "lain"), weights, strict=False)
    }
)


@given(st.integers(0, FEW - 1), shares)
def test_every_split_gets_one_as_far_as_groups_go(total: int, asked: dict[str, float]) -> None:
    wanted = quotas(total, asked)
    assert sum(wanted.values()) == total
    assert sum(count > 0 for count in wanted.values()) == min(total, len(asked))
    assert all(count <= max(1, asked[split] * total + 1) for split, count in wanted.items())


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (1, {"train": 1, "validation": 0, "test": 0}),
        (2, {"train": 1, "validation": 0, "test": 1}),
        (3, {"train": 1, "validation": 1, "test": 1}),
        (10, {"train": 8, "validation": 1, "test": 1}),
        (50, {"train": 40, "validation": 5, "test": 5}),
    ],
)
def test_scarce_groups_fill_train_then_test(total: int, expected: dict[str, int]) -> None:
    assert quotas(total, SHARES) == expected
    drawn = assign(EMPTY, SHARES, numbered(total))
    assert Counter(drawn.articles.values()) == Counter(expected)


@given(ids, st.randoms(use_true_random=False))
def test_the_order_of_input_decides_nothing(names: list[str], random: object) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert assign(EMPTY, SHARES, singles(*names)) == assign(EMPTY, SHARES, singles(*shuffled))


@given(ids, st.integers(0, 30))
def test_growth_moves_nothing(names: list[str], first: int) -> None:
    early = assign(EMPTY, SHARES, singles(*names[:first]))
    grown = assign(early, SHARES, singles(*names))
    assert early.articles.items() <= grown.articles.items()
    assert set(grown.articles) == set(names)
    assert assign(grown, SHARES, singles(*names)) == grown


@pytest.mark.parametrize("more", [1, 60, 500])
def test_growth_over_the_threshold_moves_nothing(more: int) -> None:
    early = assign(EMPTY, SHARES, numbered(FEW - 10))
    grown = assign(early, SHARES, numbered(FEW - 10 + more))
    assert early.articles.items() <= grown.articles.items()


def test_large_corpora_have_about_the_right_shares() -> None:
    total = 5_000
    drawn = Counter(assign(EMPTY, SHARES, numbered(total)).articles.values())
    for split, share in SHARES.items():
        assert abs(drawn[split] / total - share) < 0.02


def test_from_a_hundred_on_the_place_hangs_on_name_and_salt_alone() -> None:
    few, many = (assign(EMPTY, SHARES, numbered(n)).articles for n in (FEW, 3 * FEW))
    assert few.items() <= many.items()
    other = assign(Ledger(salt="lain", articles={}), SHARES, numbered(FEW)).articles
    assert other != few


@given(ids.filter(lambda names: len(names) > 2), st.data())
def test_copies_stay_together(names: list[str], data: st.DataObject) -> None:
    cut = data.draw(st.integers(2, len(names)))
    drawn = assign(EMPTY, SHARES, [tuple(names[:cut]), *singles(*names[cut:])])
    assert len({drawn.articles[name] for name in names[:cut]}) == 1


def test_the_ledger_wins_over_shares_and_new_copies_follow_it() -> None:
    ledger = Ledger(salt="uji", articles={"a": "test", "b": "test", "gone": "validation"})
    drawn = assign(ledger, SHARES, [("a",), ("b", "copy of b")])
    assert drawn.articles == ledger.articles | {"copy of b": "test"}


def test_a_bridge_between_splits_is_refused_with_all_of_them() -> None:
    ledger = Ledger(salt="uji", articles={"a": "test", "b": "train", "c": "train", "d": "test"})
    with pytest.raises(InputError) as caught:
        assign(ledger, SHARES, [("a", "b"), ("c", "d", "e")])
    assert [problem.code for problem in caught.value.problems] == ["ledger", "ledger"]
    assert [problem.id for problem in caught.value.problems] == ["a, b", "c, d, e"]
