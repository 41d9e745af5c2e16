"""Distances of values: sets, unused values of a scale, and scales of thousands of numbers."""

from collections.abc import Callable, Sequence
from time import process_time
from typing import Any

import krippendorff
import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.agreement.categorical.distances import distances_of
from sikap.agreement.categorical.variable import figures, headline, variable
from sikap.agreement.ratings import Level, Ratings, ratings_of
from sikap.agreement.study import Options

PLAIN = Options(replicates=0)
sets = st.frozensets(st.sampled_from("abcd"), max_size=4)


def sets_of(rows: list[tuple[str, str, frozenset[str]]], level: Level) -> Ratings:
    named = [(item, who, " ".join(sorted(some))) for item, who, some in rows]
    found = ratings_of("x", named, level=level)
    return msgspec.structs.replace(
        found, members=tuple(frozenset(value.split()) for value in found.values)
    )


def said_by_two(said: Sequence[tuple[str, str]]) -> list[tuple[str, str, str]]:
    """Rows of two annotators, from what both said of each item."""
    return [
        (f"u{unit}", who, value)
        for unit, pair in enumerate(said)
        for who, value in zip("ab", pair, strict=True)
    ]


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return 1 - len(one & other) / len(one | other) if one | other else 0.0


def masi(one: frozenset[str], other: frozenset[str]) -> float:
    # Passonneau 2006, section 3
    if one == other:
        return 0.0
    if not one & other:
        return 1.0
    return 1 - (1 - jaccard(one, other)) * (2 / 3 if one <= other or other <= one else 1 / 3)


def test_masi_of_passonneaus_example() -> None:
    # Passonneau 2006: two of three in common, one set inside the other: 2/3 · 2/3
    scale = distances_of(
        sets_of([("u", "a", frozenset("abc")), ("u", "b", frozenset("ab"))], "masi")
    )
    assert scale.apart("masi", np.asarray([0]), np.asarray([1]))[0] == pytest.approx(1 - 4 / 9)


@pytest.mark.parametrize("apart", [masi, jaccard])
@given(said=st.lists(st.lists(sets, min_size=1, max_size=3), min_size=1, max_size=8))
def test_alpha_of_sets_is_that_of_the_krippendorff_package_by_these_distances(
    apart: Callable[[frozenset[str], frozenset[str]], float], said: list[list[frozenset[str]]]
) -> None:
    counted = [unit for unit in said if len(unit) > 1]
    values = sorted({some for unit in counted for some in unit}, key=sorted)
    if len(values) < 2:
        return
    rows = [
        (f"u{n}", f"a{who}", some) for n, unit in enumerate(said) for who, some in enumerate(unit)
    ]
    level: Level = "masi" if apart is masi else "jaccard"

    def metric(*_: Any, i1: Any, i2: Any, **__: Any) -> Any:
        return np.asarray([[apart(one, other) for other in values] for one in values])[i1, i2]

    theirs = krippendorff.alpha(
        value_counts=[[unit.count(value) for value in values] for unit in counted],
        level_of_measurement=metric,  # type: ignore[arg-type]
    )
    assert headline(sets_of(rows, level), PLAIN)[1].value == pytest.approx(theirs, abs=1e-8)


def test_sets_of_more_than_a_word_of_labels_have_their_distances() -> None:
    labels = [f"l{number:03}" for number in range(150)]
    rows = [
        ("u", "a", frozenset(labels)),
        ("u", "b", frozenset(labels[:50])),
        ("v", "a", frozenset(labels[100:])),
    ]
    ratings = sets_of(rows, "jaccard")
    scale = distances_of(ratings)
    place = {members: number for number, members in enumerate(ratings.members)}
    whole, half, rest = (np.asarray([place[some]]) for _, _, some in rows)
    assert scale.apart("jaccard", whole, half)[0] == pytest.approx(2 / 3)
    assert scale.apart("jaccard", half, rest)[0] == 1
    assert scale.apart("masi", whole, half)[0] == pytest.approx(1 - 2 / 9)


def test_labels_in_sets_have_figures_of_their_own() -> None:
    said = [("ab", "a"), ("b", "b"), ("", "a"), ("abc", "ab")]
    rows = [(item, who, frozenset(some)) for item, who, some in said_by_two(said)]
    found = variable(sets_of(rows, "masi"), PLAIN)
    assert [(one.value, one.count) for one in found.by_value] == [("a", 5), ("b", 5), ("c", 1)]
    agreed = {one.value: one.figures[0].value for one in found.by_value}
    assert agreed == {"a": 0.75, "b": 0.75, "c": 0.75}
    keys = {figure.coefficient for figure in found.figures}
    assert {f"krippendorff-alpha-{one}" for one in ("nominal", "masi", "jaccard")} <= keys
    # how many sets there could be is no number of values that chance could choose among
    assert not {key for key in keys if key.startswith(("gwet", "brennan"))}


ROWS = said_by_two([("1", "3"), ("1", "1"), ("3", "3"), ("3", "1")])


@pytest.mark.parametrize(
    ("key", "counted", "ignored"),
    [
        # three values of which the middle one is unused, or two
        ("brennan-prediger", (0.5 - 1 / 3) / (2 / 3), 0.0),
        ("gwet-ac1", (0.5 - 0.25) / 0.75, 0.0),
        ("brennan-prediger-linear", (0.5 - 5 / 9) / (4 / 9), 0.0),
        ("krippendorff-alpha-ordinal", 0.125, 0.125),
        ("percent-agreement", 0.5, 0.5),
    ],
)
def test_unused_values_of_a_scale_count_or_not(key: str, counted: float, ignored: float) -> None:
    ratings = ratings_of("x", ROWS, level="ordinal", values=("1", "2", "3"))
    for unused, value in (("count", counted), ("ignore", ignored)):
        options = Options(replicates=0, unused=unused)  # type: ignore[arg-type]
        assert figures(ratings, options, [key])[0].value == pytest.approx(value, abs=1e-8)


def test_numbers_are_distances_where_the_level_says_so() -> None:
    rows = said_by_two([("1", "2"), ("9", "9")])
    wanted = ["brennan-prediger-linear"]
    ranks = figures(ratings_of("x", rows, level="ordinal"), PLAIN, wanted)[0].value
    numbers = figures(ratings_of("x", rows, level="interval"), PLAIN, wanted)[0].value
    assert ranks == pytest.approx((0.75 - 5 / 9) / (4 / 9))
    chance = 1 - 2 * (1 / 8 + 1 + 7 / 8) / 9
    assert numbers == pytest.approx((1 - 1 / 16 - chance) / (1 - chance))


@pytest.mark.scale
@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
def test_a_scale_of_thousands_of_numbers_needs_no_table_of_them(level: Level) -> None:
    units, raters, width = 100_000, 3, 5_000
    drawn = np.random.default_rng(1)
    true = np.repeat(drawn.integers(0, width, units), raters)
    value = np.clip(true + drawn.integers(-200, 200, units * raters), 0, width - 1)
    names = tuple(map(str, range(units)))
    ratings = Ratings(
        name="x",
        level=level,
        values=tuple(map(str, range(width))),
        items=names,
        annotators=("a", "b", "c"),
        clusters=names,
        item=np.repeat(np.arange(units), raters),
        annotator=np.tile(np.arange(raters), units),
        value=value,
        cluster=np.arange(units),
        when=np.full(units * raters, np.nan),
    )
    begun = process_time()
    alpha = headline(ratings, Options(replicates=20))[1]
    assert process_time() - begun < 60
    assert alpha.value is not None
    assert alpha.low is not None
