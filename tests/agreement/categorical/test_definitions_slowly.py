"""Every coefficient is what its paper says, on tables that hypothesis makes; see `slow`."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import combinations
from typing import Literal

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from krippendorff import alpha as their_alpha
from nltk.metrics.distance import jaccard_distance, masi_distance
from statsmodels.stats.inter_rater import cohens_kappa, fleiss_kappa

from agreement import slow
from agreement.random_ratings import Table, tables
from sikap.agreement.categorical.coefficients import own_alpha
from sikap.agreement.categorical.distances import distances_of
from sikap.agreement.categorical.variable import figures, variable
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Level, Ratings, ratings_of
from sikap.agreement.study import Options

Theirs = Literal["nominal", "ordinal", "interval", "ratio"]
FEW = Options(replicates=1)
SETS = ["", "a", "b", "a|b", "a|b|c", "c|d"]


def ratings(table: Table, level: Level = "nominal") -> Ratings:
    rows = table.rows
    return ratings_of("v", rows, level=level, values=table.scale, clusters=table.clusters)


def figure_of(found: Ratings, key: str) -> Figure:
    (figure,) = figures(found, FEW, (key,))
    return figure


def alpha_of(found: Ratings) -> Figure:
    return figure_of(found, own_alpha(found.level))


def members(value: str) -> frozenset[str]:
    return frozenset(value.split("|")) - {""}


def agrees(figure: Figure, slowly: Fraction | None) -> bool:
    """The figure has the value to six digits, or says why there is none."""
    if slowly is None:
        return figure.value is None and bool(figure.undefined)
    return figure.value is not None and abs(figure.value - float(slowly)) < 1e-6


@given(tables())
def test_percent_agreement_is_the_mean_over_units_of_equal_pairs(table: Table) -> None:
    figure = figure_of(ratings(table), "percent-agreement")
    assert agrees(figure, slow.observed_agreement(slow.units_of(table.rows)))


@given(tables(), st.sampled_from(("nominal", "ordinal", "interval", "ratio")))
def test_alpha_is_one_minus_observed_over_expected_distance(table: Table, level: Level) -> None:
    units = slow.units_of(table.rows)
    distance = {
        "nominal": slow.nominal,
        "ordinal": slow.ordinal(units, table.scale),
        "interval": slow.interval,
        "ratio": slow.ratio,
    }[level]
    assert agrees(alpha_of(ratings(table, level)), slow.alpha(units, distance))


@given(
    st.lists(st.lists(st.sampled_from(SETS), min_size=1, max_size=3), min_size=1, max_size=6),
    st.sampled_from(("masi", "jaccard")),
)
def test_alpha_of_sets_is_by_the_distance_of_sets(said: list[list[str]], level: Level) -> None:
    rows = [(f"i{i}", f"a{a}", one) for i, unit in enumerate(said) for a, one in enumerate(unit)]
    found = ratings_of("v", rows, level=level, values=SETS)
    found = msgspec.structs.replace(found, members=tuple(map(members, SETS)))
    apart = slow.masi if level == "masi" else slow.jaccard
    slowly = slow.alpha(slow.units_of(rows), lambda a, b: apart(members(a), members(b)))
    assert agrees(alpha_of(found), slowly)


@given(tables(), st.sampled_from(("nominal", "ordinal", "interval", "ratio")))
def test_alpha_is_that_of_the_krippendorff_package(table: Table, level: Theirs) -> None:
    found = ratings(table, level)
    matrix = np.full((len(found.annotators), len(found.items)), np.nan)
    scale = np.asarray(table.scale, dtype=float)
    matrix[found.annotator, found.item] = scale[found.value]
    figure = alpha_of(found)
    if figure.value is not None:
        theirs = their_alpha(matrix, value_domain=scale, level_of_measurement=level)
        assert figure.value == pytest.approx(theirs, abs=1e-6)


@pytest.mark.parametrize("level", ["masi", "jaccard"])
def test_distances_of_sets_are_those_of_nltk(level: Level) -> None:
    sets = tuple(members(value) for value in SETS)
    found = ratings_of("v", [], level=level, values=SETS)
    scale, every = distances_of(msgspec.structs.replace(found, members=sets)), np.arange(len(sets))
    ours = scale.apart(level, every[:, None], every)
    theirs = masi_distance if level == "masi" else jaccard_distance
    # Theirs divide by nothing for two empty sets.
    expected = [[theirs(a, b) if a or b else 0.0 for b in sets] for a in sets]
    assert ours == pytest.approx(np.asarray(expected))


@given(tables(fewest=2), st.integers(0, 2**32 - 1))
def test_replicates_are_those_of_articles_drawn_one_by_one(table: Table, seed: int) -> None:
    """The interval is that of α, from its paper, on units that are copied as often as drawn."""
    options = Options(seed=seed, replicates=20)
    found = ratings(table)
    (figure,) = figures(found, options, ("krippendorff-alpha-nominal",))
    homes = [table.clusters[item] for item in found.items]
    names = sorted(set(homes))
    values = []
    for drawn in slow_draws(seed, len(names), options.replicates):
        rows = [
            (f"{item} {copy}", annotator, value)
            for copy, place in enumerate(drawn)
            for item, annotator, value in table.rows
            if table.clusters[item] == names[place]
        ]
        value = slow.alpha(slow.units_of(rows), slow.nominal)
        values += [] if value is None else [float(value)]
    if figure.low is None or figure.high is None:
        assert figure.undefined or figure.unsure
    else:
        beyond = slow.beyond(figure.basis.clusters, options.confidence)
        assert figure.low == pytest.approx(slow.percentile(values, beyond), abs=2e-6)
        assert figure.high == pytest.approx(slow.percentile(values, 1 - beyond), abs=2e-6)


def slow_draws(seed: int, clusters: int, replicates: int) -> list[list[int]]:
    """Places of the clusters drawn in each replicate: the upper part of a product of 32 bits.

    PCG64 gives 64 bits at a time, of which the lower half comes first; a replicate begins anew.
    """
    stream, found = np.random.PCG64(seed), []
    for _ in range(replicates):
        halves: list[int] = []
        while len(halves) < clusters:
            raw = int(stream.random_raw())
            halves += [raw & 0xFFFFFFFF, raw >> 32]
        found.append([half * clusters >> 32 for half in halves[:clusters]])
    return found


Measure = Callable[[slow.Units, Sequence[str], slow.Weight], Fraction | None]
CHANCES: dict[str, Measure] = {
    "gwet-ac1": slow.gwet,
    "gwet-ac2-linear": slow.gwet,
    "gwet-ac2-quadratic": slow.gwet,
    "brennan-prediger": slow.brennan_prediger,
    "brennan-prediger-linear": slow.brennan_prediger,
    "brennan-prediger-quadratic": slow.brennan_prediger,
    "fleiss-kappa": slow.fleiss,
}


def weight_of(key: str, level: Level, scale: Sequence[str]) -> slow.Weight:
    """The weights that a key names: of ranks where values have an order, else of numbers."""
    kind = key.rpartition("-")[2]
    if kind not in {"linear", "quadratic"}:
        return slow.identity
    place = {value: Fraction(number) for number, value in enumerate(scale)}
    if level in {"interval", "ratio"}:
        place = {value: Fraction(value) for value in scale}
    return slow.linear(place) if kind == "linear" else slow.quadratic(place)


@given(
    tables(),
    st.sampled_from(sorted(CHANCES)),
    st.sampled_from(("ordinal", "interval")),
    st.sampled_from(("count", "ignore")),
)
def test_what_is_beyond_chance_is_as_gwet_says(
    table: Table, key: str, level: Level, unused: Literal["count", "ignore"]
) -> None:
    units = slow.units_of(table.rows)
    given_values = {value for _, _, value in table.rows}
    scale = [one for one in table.scale if unused == "count" or one in given_values]
    options = Options(replicates=1, unused=unused)
    (figure,) = figures(ratings(table, level), options, (key,))
    assert agrees(figure, CHANCES[key](units, scale, weight_of(key, level, scale)))


COHENS = ("cohen-kappa", "cohen-kappa-linear", "cohen-kappa-quadratic")


def pairs_of(table: Table, level: Level) -> dict[tuple[str, str], dict[str, Figure]]:
    """The figures of each two annotators by key."""
    found = variable(ratings(table, level), FEW).pairs
    return {(one.one, one.other): {f.coefficient: f for f in one.figures} for one in found}


@given(tables(), st.sampled_from(("ordinal", "interval")))
def test_pairs_of_annotators_are_as_cohen_and_scott_say(table: Table, level: Level) -> None:
    units = slow.units_of(table.rows)
    for pair, found in pairs_of(table, level).items():
        said = slow.both(units, *pair)
        for key in COHENS:
            assert agrees(found[key], slow.cohen(said, weight_of(key, level, table.scale))), key
        assert agrees(found["scott-pi"], slow.scott(said))
        equal = slow.over(Fraction(sum(a == b for a, b in said)), Fraction(len(said)))
        assert agrees(found["percent-agreement"], equal)


@given(tables())
def test_all_pairs_of_annotators_that_share_a_unit_are_listed_and_no_others(table: Table) -> None:
    units = slow.units_of(table.rows)
    names = sorted({who for _, who, _ in table.rows})
    expected = {pair for pair in combinations(names, 2) if slow.both(units, *pair)}
    assert set(pairs_of(table, "nominal")) == expected


@given(tables())
def test_lights_kappa_is_the_mean_of_those_that_exist(table: Table) -> None:
    units = slow.units_of(table.rows)
    names = sorted({who for _, who, _ in table.rows})
    kappas = [slow.cohen(slow.both(units, *pair)) for pair in combinations(names, 2)]
    known = [kappa for kappa in kappas if kappa is not None]
    light = variable(ratings(table), FEW).figures[-1]
    assert light.coefficient == "light-kappa"
    assert agrees(light, slow.over(sum(known, Fraction(0)), Fraction(len(known))))


@given(tables())
def test_congers_kappa_is_cohens_for_many(table: Table) -> None:
    found = variable(ratings(table), FEW).figures[-2]
    assert found.coefficient == "conger-kappa"
    assert agrees(found, slow.conger(slow.units_of(table.rows)))


@given(st.integers(0, 2**32 - 1), st.integers(2, 5))
def test_congers_kappa_of_two_who_rated_all_is_cohens(seed: int, width: int) -> None:
    said = np.random.default_rng(seed).integers(width, size=(40, 2))
    rows = [(f"{item:02}", f"a{who}", str(said[item, who])) for item in range(40) for who in (0, 1)]
    found = variable(ratings_of("v", rows), FEW)
    (kappa,) = (one.value for one in found.pairs[0].figures if one.coefficient == "cohen-kappa")
    assert found.figures[-2].value == pytest.approx(kappa, abs=1e-8)


def test_congers_kappa_of_a_crowd_is_that_of_its_definition() -> None:
    rows = [
        (f"i{n:02}", f"a{(n + k) % 14}", str((n + k // 2) % 3)) for n in range(40) for k in range(6)
    ]
    found = variable(ratings_of("v", rows), FEW).figures[-2]
    assert found.unsure == "there are more than 45 pairs of annotators, too many to draw each anew"
    assert agrees(found, slow.conger(slow.units_of(rows)))


@given(tables())
def test_a_value_against_all_others(table: Table) -> None:
    units = slow.units_of(table.rows)
    for found in variable(ratings(table), FEW).by_value:
        of = {figure.coefficient: figure for figure in found.figures}
        mine = {
            item: {who: str(value == found.value) for who, value in said.items()}
            for item, said in units.items()
        }
        assert agrees(of["specific-agreement"], slow.specific(units, found.value))
        assert agrees(of["krippendorff-alpha-nominal"], slow.alpha(mine, slow.nominal))
        assert agrees(of["percent-agreement"], slow.observed_agreement(mine))


@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.integers(2, 5))
def test_fleiss_and_free_marginal_kappa_are_those_of_statsmodels(
    seed: int, raters: int, width: int
) -> None:
    said = np.random.default_rng(seed).integers(width, size=(40, raters))
    rows = [
        (f"{item:02}", f"a{who}", str(said[item, who]))
        for item in range(40)
        for who in range(raters)
    ]
    found = ratings_of("v", rows, values=[str(value) for value in range(width)])
    counts = np.stack([(said == value).sum(axis=1) for value in range(width)], axis=1)
    for key, method in (("fleiss-kappa", "fleiss"), ("brennan-prediger", "randolph")):
        theirs = float(fleiss_kappa(counts, method=method))
        assert figure_of(found, key).value == pytest.approx(theirs, abs=1e-6)


@given(st.integers(0, 2**32 - 1), st.integers(2, 5), st.sampled_from(COHENS))
def test_cohens_kappa_is_that_of_statsmodels(seed: int, width: int, key: str) -> None:
    said = np.random.default_rng(seed).integers(width, size=(40, 2))
    rows = [(f"{item:02}", f"a{who}", str(said[item, who])) for item in range(40) for who in (0, 1)]
    scale = [str(value) for value in range(width)]
    (pair,) = variable(ratings_of("v", rows, level="ordinal", values=scale), FEW).pairs
    table = np.zeros((width, width))
    np.add.at(table, (said[:, 0], said[:, 1]), 1)
    kind = key.rpartition("-")[2]
    theirs = cohens_kappa(table, wt=None if kind == "kappa" else kind, return_results=False)
    (ours,) = (figure.value for figure in pair.figures if figure.coefficient == key)
    assert ours == pytest.approx(float(theirs), abs=1e-6)


TWICE = [("i1", "a", "x"), ("i1", "a", "x"), ("i1", "b", "x"), ("i2", "a", "y"), ("i2", "b", "x")]


def test_a_second_rating_by_one_annotator_is_one_more_rating() -> None:
    found = variable(ratings_of("v", TWICE), FEW)
    assert found.figures[0].coefficient == "percent-agreement"
    assert found.figures[0].value == 0.5


def test_nobody_is_a_pair_with_themselves() -> None:
    crowd = [(f"i{number}", f"a{number % 20}", "x") for number in range(40)]
    rows = [*crowd, *((item, f"b{who}", value) for item, who, value in crowd), crowd[0]]
    found = variable(ratings_of("v", rows), FEW)
    assert found.pairs
    assert all(pair.one != pair.other for pair in found.pairs)
