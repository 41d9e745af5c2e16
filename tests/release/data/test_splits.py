from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain, pairwise
from random import Random

import msgspec
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from builders import article
from sikap.articles.near_duplicates.pairs import Pair, near_pairs
from sikap.errors import InputError
from sikap.release.data.splits import FEW, Ledger, Quarantined, assign, held_out, quotas
from sikap.settings import Copies

replace = msgspec.structs.replace
SHARES = {"train": 0.8, "validation": 0.1, "test": 0.1}
EMPTY = Ledger(salt="uji", articles={})
ids = st.lists(st.text(min_size=1, max_size=6), unique=True)


def singles(*names: str) -> list[tuple[str, ...]]:
    return [(name,) for name in names]


def pair(one: str, other: str, similarity: float = 0.8) -> Pair:
    return Pair(min(one, other), max(one, other), similarity)


def drawn(
    ledger: Ledger, groups: Sequence[Sequence[str]], asked: Mapping[str, float] = SHARES
) -> Ledger:
    """What becomes of groups whose articles are each a copy of the next."""
    pairs = [pair(*two) for group in groups for two in pairwise(group)]
    result = assign(ledger, asked, chain(*groups), pairs)
    assert result.quarantined == ()
    return result.ledger


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
    given_ = drawn(EMPTY, numbered(total))
    assert Counter(given_.articles.values()) == Counter(expected)


@given(ids, st.randoms(use_true_random=False))
def test_the_order_of_input_decides_nothing(names: list[str], random: object) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert drawn(EMPTY, singles(*names)) == drawn(EMPTY, singles(*shuffled))


@given(ids, st.integers(0, 30))
def test_growth_moves_nothing(names: list[str], first: int) -> None:
    early = drawn(EMPTY, singles(*names[:first]))
    grown = drawn(early, singles(*names))
    assert early.articles.items() <= grown.articles.items()
    assert set(grown.articles) == set(names)
    assert drawn(grown, singles(*names)) == grown


@pytest.mark.parametrize("more", [1, 60, 500])
def test_growth_over_the_threshold_moves_nothing(more: int) -> None:
    early = drawn(EMPTY, numbered(FEW - 10))
    grown = drawn(early, numbered(FEW - 10 + more))
    assert early.articles.items() <= grown.articles.items()


def test_large_corpora_have_about_the_right_shares() -> None:
    total = 5_000
    counts = Counter(drawn(EMPTY, numbered(total)).articles.values())
    for split, share in SHARES.items():
        assert abs(counts[split] / total - share) < 0.02


def test_from_a_hundred_on_the_place_hangs_on_name_and_salt_alone() -> None:
    few, many = (drawn(EMPTY, numbered(n)).articles for n in (FEW, 3 * FEW))
    assert few.items() <= many.items()
    other = drawn(Ledger(salt="lain", articles={}), numbered(FEW)).articles
    assert other != few


@given(ids.filter(lambda names: len(names) > 2), st.data())
def test_copies_stay_together(names: list[str], data: st.DataObject) -> None:
    cut = data.draw(st.integers(2, len(names)))
    found = drawn(EMPTY, [tuple(names[:cut]), *singles(*names[cut:])])
    assert len({found.articles[name] for name in names[:cut]}) == 1


def test_the_ledger_wins_over_shares_and_new_copies_follow_it() -> None:
    ledger = Ledger(salt="uji", articles={"a": "test", "b": "test", "gone": "validation"})
    found = drawn(ledger, [("a",), ("b", "copy of b")])
    assert found.articles == ledger.articles | {"copy of b": "test"}


def test_a_new_copy_of_articles_in_two_splits_is_left_out_and_they_stay() -> None:
    ledger = Ledger(salt="uji", articles={"a": "train", "b": "test"})
    pairs = [Pair("a", "x", 0.6), Pair("b", "x", 0.7)]
    found = assign(ledger, SHARES, "abx", pairs)
    assert found.ledger == ledger
    bridges: dict[str, tuple[str, ...]] = {"test": ("b",), "train": ("a",)}
    assert found.quarantined == (Quarantined(article_id="x", bridges=bridges),)


def test_new_copies_that_tie_splits_only_together_are_all_left_out() -> None:
    ledger = Ledger(salt="uji", articles={"a": "train", "b": "test"})
    pairs = [Pair("a", "x", 0.6), Pair("x", "y", 0.7), Pair("b", "y", 0.7), Pair("y", "z", 0.7)]
    found = assign(ledger, SHARES, "abxyz", pairs)
    assert [one.article_id for one in found.quarantined] == ["x", "y", "z"]


def test_a_copy_of_a_bridge_alone_is_released() -> None:
    ledger = Ledger(salt="uji", articles={"a": "train", "b": "test"})
    pairs = [Pair("a", "x", 0.6), Pair("b", "x", 0.7), Pair("x", "y", 0.7), Pair("a", "z", 0.9)]
    found = assign(ledger, SHARES, "abxyz", pairs)
    assert [one.article_id for one in found.quarantined] == ["x"]
    assert found.ledger.articles["z"] == "train"
    assert "y" in found.ledger.articles


def test_twins_of_a_bridge_are_bridges_though_only_one_is_paired() -> None:
    """Of articles with the same shingles only the first is paired with the rest."""
    ledger = Ledger(salt="uji", articles={"a": "train", "b": "test"})
    pairs = [Pair("a", "x", 0.6), Pair("b", "x", 0.7), Pair("x", "y", 1.0)]
    found = assign(ledger, SHARES, "abxy", pairs)
    assert [one.article_id for one in found.quarantined] == ["x", "y"]


def test_what_is_out_of_quarantine_comes_in() -> None:
    ledger = Ledger(salt="uji", articles={"a": "train", "b": "test"})
    pairs = [Pair("a", "x", 0.6), Pair("b", "x", 0.7)]
    first = assign(ledger, SHARES, "abx", pairs)
    later = assign(first.ledger, SHARES, "ax", pairs[:1])
    assert later.quarantined == ()
    assert later.ledger.articles == {"a": "train", "b": "test", "x": "train"}


def test_copies_that_the_ledger_has_in_two_splits_are_named_as_leaks() -> None:
    ledger = Ledger(salt="uji", articles={"a": "test", "b": "train", "c": "train", "d": "test"})
    pairs = [Pair("a", "b", 0.75), Pair("c", "e", 1.0), Pair("d", "e", 1.0)]
    with pytest.raises(InputError) as caught:
        assign(ledger, SHARES, "abcde", [*pairs, Pair("a", "d", 0.9)])
    found = [(problem.code, problem.id) for problem in caught.value.problems]
    # What is a copy of d is one of c too, which has the same shingles.
    assert found == [("leak", "a, b"), ("leak", "a, c"), ("leak", "c, d")]
    assert "0.75 alike" in caught.value.problems[0].found


def test_a_bridge_makes_no_leak_of_what_it_ties() -> None:
    ledger = Ledger(salt="uji", articles={"a": "train", "b": "test", "c": "validation"})
    pairs = [Pair("a", "x", 0.6), Pair("b", "x", 0.7), Pair("c", "x", 0.7)]
    (only,) = assign(ledger, SHARES, "abcx", pairs).quarantined
    assert list(only.bridges) == ["test", "train", "validation"]


def test_held_out_articles_and_their_new_copies_go_to_test() -> None:
    pairs = [Pair("artikel-1", "artikel-2", 0.8)]
    names = [name for (name,) in numbered(300)]
    found = assign(EMPTY, SHARES, names, pairs, held={"artikel-2", "artikel-7"})
    assert {found.ledger.articles[f"artikel-{n}"] for n in (1, 2, 7)} == {"test"}
    assert found.quarantined == ()


def test_a_held_out_copy_of_what_train_has_is_left_out() -> None:
    ledger = Ledger(salt="uji", articles={"a": "train", "b": "test"})
    pairs = [Pair("a", "x", 0.6), Pair("b", "y", 0.6), Pair("a", "z", 1.0)]
    found = assign(ledger, SHARES, "abxyz", pairs, held={"x", "y"})
    bridges: dict[str, tuple[str, ...]] = {"test": (), "train": ("a",)}
    assert found.quarantined == (Quarantined(article_id="x", bridges=bridges),)
    assert found.ledger.articles == ledger.articles | {"y": "test", "z": "train"}


def test_what_the_ledger_has_elsewhere_cannot_be_held_out() -> None:
    ledger = Ledger(salt="uji", articles={"a": "train", "b": "test"})
    with pytest.raises(InputError) as caught:
        assign(ledger, SHARES, "ab", [], held={"a", "b"})
    assert [(problem.code, problem.id) for problem in caught.value.problems] == [("held-out", "a")]


@pytest.mark.parametrize(
    ("outlets", "day", "expected"),
    [
        ((), None, set()),
        (("Kabar",), None, {"a", "b"}),
        ((), "2026-06-01", {"b", "c"}),
        (("Kabar",), "2026-07-01", {"a", "b"}),
    ],
)
def test_articles_are_held_out_by_outlet_and_day(
    outlets: tuple[str, ...], day: str | None, expected: set[str]
) -> None:
    articles = [
        replace(article("x", "a"), outlet="Kabar"),
        replace(article("x", "b"), outlet="Kabar", published="2026-06-30"),
        replace(article("x", "c"), published="2026-06-01"),
        replace(article("x", "d"), outlet="Warta", published="2026-05-31"),
    ]
    assert held_out(articles, outlets, day) == expected


NAMES = st.sampled_from([f"n{number}" for number in range(12)])
PAIRS = st.lists(st.tuples(NAMES, NAMES, st.sampled_from([0.5, 0.8, 1.0])), max_size=14).map(
    lambda given: [pair(a, b, s) for a, b, s in given if a != b]
)
PLACED = st.dictionaries(NAMES, st.sampled_from(sorted(SHARES)), max_size=8)


@given(PLACED, PAIRS, st.sets(NAMES, max_size=3), st.randoms(use_true_random=False))
def test_no_two_copies_are_released_in_two_splits_whatever_the_order(
    placed: dict[str, str], pairs: list[Pair], held: set[str], random: Random
) -> None:
    names = [f"n{number}" for number in range(12)]
    ledger = Ledger(salt="uji", articles=dict(sorted(placed.items())))
    try:
        found = assign(ledger, SHARES, names, pairs, held)
    except InputError:
        reject()  # the ledger contradicts itself
    out = {one.article_id for one in found.quarantined}
    splits = found.ledger.articles
    assert splits.keys() | out == set(names)
    assert not splits.keys() & out
    assert ledger.articles.items() <= splits.items()
    assert all(splits[a] == splits[b] for a, b, _ in pairs if not {a, b} & out)
    assert {splits[name] for name in held - out} <= {"test"}
    shuffled = random.sample(names, len(names)), random.sample(pairs, len(pairs))
    assert assign(ledger, SHARES, shuffled[0], shuffled[1], held) == found
    assert assign(found.ledger, SHARES, names, pairs, held) == found


@pytest.mark.parametrize(("early", "late"), [(80, 160), (90, 101), (300, 600)])
def test_growth_with_copies_of_old_articles_moves_nothing(early: int, late: int) -> None:
    names = [name for (name,) in numbered(late)]
    pairs = [pair(names[n], names[(7 * n) % early]) for n in range(early, late, 3)]
    first = assign(EMPTY, SHARES, names[:early], [])
    grown = assign(first.ledger, SHARES, names, pairs)
    assert first.ledger.articles.items() <= grown.ledger.articles.items()
    assert all(grown.ledger.articles[a] == grown.ledger.articles[b] for a, b, _ in pairs)


def test_two_thousand_articles_become_four_thousand_and_none_moves() -> None:
    """Some of the new ones are near-copies of old ones, some of each other."""
    random = Random(3)
    words = [f"kata{number}" for number in range(3_000)]
    texts = [random.choices(words, k=60) for _ in range(3_600)]
    for place in range(400):
        copied = list(texts[place * 8])
        copied[place % 60] = "lain"
        texts.append(copied)
    articles = [article(" ".join(text), f"a{place:04}") for place, text in enumerate(texts)]
    early = [one.article_id for one in articles[:2_000]]
    first = assign(EMPTY, SHARES, early, near_pairs(articles[:2_000], Copies()))
    pairs = near_pairs(articles, Copies())
    assert len(pairs) == 400
    grown = assign(first.ledger, SHARES, [one.article_id for one in articles], pairs)
    assert grown.quarantined == ()
    assert len(grown.ledger.articles) == 4_000
    assert first.ledger.articles.items() <= grown.ledger.articles.items()
    assert all(grown.ledger.articles[a] == grown.ledger.articles[b] for a, b, _ in pairs)
