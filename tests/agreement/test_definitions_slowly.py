"""Every coefficient is what its paper says, on tables that hypothesis makes; see `slow`."""

from fractions import Fraction
from typing import Literal

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from krippendorff import alpha as their_alpha
from nltk.metrics.distance import jaccard_distance, masi_distance

from agreement import slow
from agreement.tables import Table, tables
from sikap.agreement.categorical import figures
from sikap.agreement.coefficients import alpha, percent_agreement
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Level, Ratings, ratings_of
from sikap.agreement.study import Options
from sikap.agreement.weights import fixed_distances

Theirs = Literal["nominal", "ordinal", "interval", "ratio"]
FEW = Options(replicates=1)
SETS = ["", "a", "b", "a|b", "a|b|c", "c|d"]


def ratings(table: Table, level: Level = "nominal") -> Ratings:
    rows = table.rows
    return ratings_of("v", rows, level=level, values=table.scale, clusters=table.clusters)


def alpha_of(found: Ratings) -> Figure:
    (figure,) = figures(found, FEW, {"krippendorff-alpha": alpha})
    return figure


def members(value: str) -> frozenset[str]:
    return frozenset(value.split("|")) - {""}


def agrees(figure: Figure, slowly: Fraction | None) -> bool:
    """The figure has the value to six digits, or says why there is none."""
    if slowly is None:
        return figure.value is None and bool(figure.undefined)
    return figure.value is not None and abs(figure.value - float(slowly)) < 1e-6


@given(tables())
def test_percent_agreement_is_the_mean_over_units_of_equal_pairs(table: Table) -> None:
    (figure,) = figures(ratings(table), FEW, {"percent-agreement": percent_agreement})
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
    ours = fixed_distances(msgspec.structs.replace(found, members=sets))
    theirs = masi_distance if level == "masi" else jaccard_distance
    # Theirs divide by nothing for two empty sets.
    expected = [[theirs(a, b) if a or b else 0.0 for b in sets] for a in sets]
    assert ours == pytest.approx(np.asarray(expected))


@settings(max_examples=50)
@given(tables(fewest=2), st.integers(0, 2**32 - 1))
def test_replicates_are_those_of_articles_drawn_one_by_one(table: Table, seed: int) -> None:
    """The interval is that of α, from its paper, on units that are copied as often as drawn."""
    options = Options(seed=seed, replicates=20)
    found = ratings(table)
    (figure,) = figures(found, options, {"krippendorff-alpha": alpha})
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
        assert figure.low == pytest.approx(slow.percentile(values, 0.025), abs=2e-6)
        assert figure.high == pytest.approx(slow.percentile(values, 0.975), abs=2e-6)


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
