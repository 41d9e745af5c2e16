"""Figures of two annotators, their asymptotic error, and what is done where pairs are many."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score
from statsmodels.stats.inter_rater import cohens_kappa

from sikap.agreement.categorical.conger import CONGER
from sikap.agreement.categorical.contingency import asymptotic, kappa_of
from sikap.agreement.categorical.pairs import LIGHT
from sikap.agreement.categorical.sparse_pairs import (
    MOST_DRAWN,
    MOST_LISTED,
    TOO_MANY,
    TOO_MANY_MET,
    many_pair_figures,
    many_pairs,
)
from sikap.agreement.categorical.unit_counts import tally
from sikap.agreement.categorical.variable import variable
from sikap.agreement.ratings import Level, ratings_of
from sikap.agreement.report import Pair
from sikap.agreement.study import Options

PLAIN = Options(replicates=0)
SCALE = ("1", "2", "3", "4")
Row = tuple[str, str, str]


def value(pair: Pair, key: str) -> float | None:
    return next(figure.value for figure in pair.figures if figure.coefficient == key)


@given(st.lists(st.sampled_from([a + b for a in SCALE for b in SCALE]), min_size=2, max_size=12))
def test_cohens_kappa_is_that_of_scikit_learn(said: list[str]) -> None:
    rows = [
        (f"u{n}", who, v) for n, pair in enumerate(said) for who, v in zip("ab", pair, strict=True)
    ]
    pair = variable(ratings_of("x", rows, level="ordinal", values=SCALE), PLAIN).pairs[0]
    one, other = zip(*said, strict=True)
    for key, weights in (
        ("cohen-kappa", None),
        ("cohen-kappa-linear", "linear"),
        ("cohen-kappa-quadratic", "quadratic"),
    ):
        found = value(pair, key)
        if len({*one, *other}) == 1:
            assert found is None
        else:
            theirs = cohen_kappa_score(one, other, weights=weights, labels=SCALE)
            assert found == pytest.approx(theirs, abs=1e-8)


@given(
    st.lists(st.integers(1, 9), min_size=9, max_size=9),
    st.sampled_from([None, "linear", "quadratic"]),
)
def test_the_standard_error_is_that_of_statsmodels(cells: list[int], weights: str | None) -> None:
    table = np.asarray(cells, dtype=float).reshape(3, 3)
    difference = np.abs(np.subtract.outer(np.arange(3.0), np.arange(3.0)))
    apart = {None: None, "linear": difference, "quadratic": difference**2}[weights]
    theirs = cohens_kappa(table, wt=weights)
    ours = asymptotic(table, apart)
    assert ours.kappa == pytest.approx(theirs.kappa, abs=1e-9)
    assert ours.ase == pytest.approx(theirs.std_kappa, abs=1e-9)
    assert (ours.ci_low, ours.ci_high) == pytest.approx(
        (theirs.kappa_low, theirs.kappa_upp), abs=1e-9
    )


def test_where_chance_explains_all_agreement_there_is_no_kappa_and_no_error() -> None:
    table = np.diag([0.0, 7.0, 0.0])
    found = asymptotic(table)
    assert np.isnan([kappa_of(table), found.kappa, found.ase, found.ci_low, found.ci_high]).all()


def crowd_rows(raters: int, units: int) -> list[Row]:
    drawn = np.random.default_rng(5).integers(0, 4, size=(units, raters + 1))
    return [
        (f"u{unit}", f"a{who:02}", SCALE[drawn[unit, who if (unit + who) % 3 else -1]])
        for unit in range(units)
        for who in range(raters)
        if (unit * 5 + who * 3) % 7
    ]


@pytest.mark.parametrize("level", ["nominal", "ordinal", "ratio"])
def test_values_are_the_same_whether_pairs_are_few_or_many(level: Level) -> None:
    ratings = ratings_of("x", crowd_rows(6, 40), level=level, values=SCALE)
    few = variable(ratings, Options(replicates=20))
    every = tally(ratings, alike="never")
    light, many = many_pair_figures(ratings, every, many_pairs(every, 6))
    assert light.value == few.figures[-1].value
    assert light.unsure == TOO_MANY
    listed = {(pair.one, pair.other): pair for pair in many}
    assert len(listed) == len(few.pairs) == 15
    for pair in few.pairs:
        again = listed[pair.one, pair.other]
        assert [(one.value, one.basis) for one in again.figures] == [
            (one.value, one.basis) for one in pair.figures
        ]


def test_many_pairs_are_listed_up_to_a_bound_with_most_shared_units_first() -> None:
    rows = crowd_rows(25, 30)
    found = variable(ratings_of("x", rows), Options(replicates=20))
    assert len(found.pairs) == MOST_LISTED < 25 * 24 / 2
    shared = [pair.figures[0].basis.units for pair in found.pairs]
    assert shared == sorted(shared, reverse=True)
    assert {one.unsure for pair in found.pairs for one in pair.figures if not one.undefined} == {
        TOO_MANY
    }
    drawn = [one for one in found.figures if one.coefficient not in {LIGHT, CONGER}]
    assert all(figure.low is not None for figure in drawn)


def test_lights_kappa_is_the_mean_over_pairs() -> None:
    rows = crowd_rows(4, 30)
    found = variable(ratings_of("x", rows), PLAIN)
    said: dict[str, dict[str, str]] = {}
    for item, who, label in rows:
        said.setdefault(who, {})[item] = label
    kappas = []
    for one, other in combinations(sorted(said), 2):
        both = sorted(said[one].keys() & said[other].keys())
        mine, theirs = ([said[who][item] for item in both] for who in (one, other))
        kappas.append(cohen_kappa_score(mine, theirs))
    assert found.figures[-1].coefficient == LIGHT
    assert found.figures[-1].value == pytest.approx(np.mean(kappas), abs=1e-8)


def test_the_interval_of_a_pair_covers_its_value_and_comes_from_shared_clusters() -> None:
    rows = crowd_rows(3, 60)
    clusters = {f"u{unit}": f"c{unit // 3}" for unit in range(60)}
    found = variable(ratings_of("x", rows, clusters=clusters), Options(replicates=200))
    for pair in found.pairs:
        for figure in pair.figures:
            assert figure.value is not None
            assert figure.low is not None
            assert figure.high is not None
            assert figure.low < figure.value < figure.high
            assert figure.basis.clusters <= 20
            assert figure.basis.ratings == 2 * figure.basis.units


def test_one_who_shares_nothing_is_in_no_pair() -> None:
    rows = [("u", "a", "1"), ("u", "b", "2"), ("v", "a", "1"), ("v", "b", "1"), ("w", "c", "1")]
    found = variable(ratings_of("x", rows), PLAIN)
    assert [(pair.one, pair.other) for pair in found.pairs] == [("a", "b")]


def test_many_annotators_of_whom_few_met_have_intervals_by_pair() -> None:
    rows = [
        (f"u{block}-{unit}", f"a{block}-{who}", SCALE[(unit + who * (unit % 3)) % 4])
        for block in range(10)
        for unit in range(8)
        for who in range(3)
    ]
    found = variable(ratings_of("x", rows), Options(replicates=20))
    assert len(found.pairs) == 30 <= MOST_DRAWN
    assert {one.unsure for pair in found.pairs for one in pair.figures} == {None}
    assert found.figures[-1].low is not None


def test_where_pairs_are_too_many_to_look_at_the_figure_says_so() -> None:
    rows = [("u1", f"a{who:04}", "xy"[who % 2]) for who in range(3_200)]
    found = variable(ratings_of("x", rows), Options(replicates=2))
    light = found.figures[-1]
    assert not found.pairs
    assert (light.coefficient, light.undefined) == (LIGHT, TOO_MANY_MET)
    assert found.figures[0].value is not None
