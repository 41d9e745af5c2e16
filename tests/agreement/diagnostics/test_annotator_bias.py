from random import Random

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.simulated import Row, renamed, rows, simulated
from sikap.agreement.categorical.variable import headline
from sikap.agreement.diagnostics import annotator_bias
from sikap.agreement.diagnostics.annotator_bias import uses
from sikap.agreement.diagnostics.subsets import part
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import ratings_of
from sikap.agreement.report import Use
from sikap.agreement.study import Options

FEW = Options(replicates=30)
ROWS = [
    *(("i1", "p", "x"), ("i1", "q", "x"), ("i1", "r", "y")),
    *(("i2", "p", "x"), ("i2", "q", "y")),
    *(("i3", "p", "y"), ("i3", "q", "y"), ("i3", "r", "y")),
    ("i4", "p", "y"),
]


def of(found: Use, coefficient: str) -> Figure:
    return {figure.coefficient: figure for figure in found.figures}[coefficient]


def test_counts_are_of_units_that_others_judged_too() -> None:
    assert uses(ratings_of("v", ROWS), FEW)[0].counts == {"x": 2, "y": 1}


def test_what_is_expected_is_what_the_others_gave_there_each_unit_shared_out() -> None:
    # On i1 the others gave x and y, on i2 y, on i3 y twice.
    assert uses(ratings_of("v", ROWS), FEW)[0].expected == {"x": 0.5, "y": 2.5}


def test_agreement_with_the_others_is_the_mean_of_their_shares_that_agree() -> None:
    found = of(uses(ratings_of("v", ROWS), FEW)[0], "agreement-with-others")
    assert found.value == 0.5  # (1/2 + 0 + 1) / 3
    assert found.basis.units == 3
    assert found.basis.ratings == 8
    assert found.basis.annotators == 3


def test_kappa_with_the_others_takes_off_what_chance_would_give() -> None:
    found = of(uses(ratings_of("v", ROWS), FEW)[0], "kappa-with-others")
    # Apart: 1 - 1/2; by chance: (2 * 2.5 + 1 * 0.5) / 9.
    assert found.value == pytest.approx(1 - 0.5 / (5.5 / 9), abs=1e-6)


def test_with_one_other_annotator_kappa_is_that_of_cohen() -> None:
    # Cohen 1960: a table of two by two, with 20, 5, 10 and 15 units.
    table = [("x", "x", 20), ("x", "y", 5), ("y", "x", 10), ("y", "y", 15)]
    pairs = [(one, other) for one, other, times in table for _ in range(times)]
    given_rows = [
        row
        for unit, (one, other) in enumerate(pairs)
        for row in ((f"i{unit:02}", "p", one), (f"i{unit:02}", "q", other))
    ]
    for found in uses(ratings_of("v", given_rows), FEW):
        assert of(found, "kappa-with-others").value == 0.4


def test_alpha_without_an_annotator_is_that_of_a_study_without_them() -> None:
    ratings = simulated(np.random.default_rng(1), 60, 4)
    places = zip(ratings.item, ratings.annotator, ratings.value, strict=True)
    left: list[Row] = [
        (ratings.items[item], ratings.annotators[who], ratings.values[value])
        for item, who, value in places
        if who != 2
    ]
    alone = headline(ratings_of("v", left, values=ratings.values), FEW)
    wanted = next(one for one in alone if one.coefficient.startswith("krippendorff-alpha"))
    found = of(uses(ratings, FEW)[2], "alpha-without")
    assert (found.value, found.low, found.high) == (wanted.value, wanted.low, wanted.high)


def test_who_judged_alone_agrees_with_nobody() -> None:
    found = uses(ratings_of("v", [*ROWS, ("i5", "z", "x")]), FEW)[-1]
    assert found.annotator == "z"
    assert found.counts == {"x": 0, "y": 0}
    for figure in found.figures[:2]:
        assert figure.value is None
        assert figure.undefined == "nobody else judged what this annotator did"


def test_where_all_gave_one_value_agreement_is_whole_and_kappa_undefined() -> None:
    same = [(f"i{item}", who, "x") for item in range(4) for who in "pq"]
    found = uses(ratings_of("v", same, values=("x", "y")), FEW)[0]
    assert of(found, "agreement-with-others").value == 1
    undefined = of(found, "kappa-with-others").undefined
    assert undefined == "this annotator and the others gave one and the same value"


def test_of_ratios_with_negative_numbers_kappa_is_undefined() -> None:
    given_rows = [("i1", "p", "-1"), ("i1", "q", "2"), ("i2", "p", "1"), ("i2", "q", "1")]
    found = uses(ratings_of("v", given_rows, level="ratio"), FEW)[0]
    assert of(found, "agreement-with-others").value == 0.5
    undefined = of(found, "kappa-with-others").undefined
    assert undefined == "a ratio needs numbers from 0 upwards, and there are negative ones"


def test_of_no_rating_there_is_no_use() -> None:
    assert uses(ratings_of("v", []), FEW) == ()


def test_of_very_wide_scales_there_is_no_use() -> None:
    wide = [(f"i{item}", who, str(item)) for item in range(200) for who in "pq"]
    assert uses(ratings_of("v", wide), FEW) == ()


def test_of_many_annotators_those_with_the_most_ratings_get_intervals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(annotator_bias, "SURE", 2)
    ratings = simulated(np.random.default_rng(2), 40, 4)
    most = np.asarray([40, 35, 20, 10])[ratings.annotator]
    keep = np.where(ratings.annotator % 2 == 1, ratings.item >= 40 - most, ratings.item < most)
    found = uses(part(ratings, keep), FEW)
    sure = [of(one, "agreement-with-others").low is not None for one in found]
    assert sure == [True, True, False, False]
    unsure = of(found[3], "kappa-with-others").unsure
    assert unsure is not None
    assert unsure.startswith("intervals are for")


def test_of_many_annotators_it_is_not_asked_what_alpha_would_be_without_each() -> None:
    ratings = simulated(np.random.default_rng(2), 10, annotator_bias.WITHOUT + 1)
    few = part(ratings, ratings.annotator < annotator_bias.WITHOUT)
    few = msgspec.structs.replace(few, annotators=ratings.annotators[:-1])
    for study, figures in ((ratings, 2), (few, 3)):
        assert [len(found.figures) for found in uses(study, FEW)] == [figures] * len(
            study.annotators
        )


def test_the_interval_holds_the_value_of_the_population() -> None:
    inside = 0
    for seed in range(40):
        found = uses(simulated(np.random.default_rng(seed), 120, 3), Options(replicates=200))[0]
        figure = of(found, "kappa-with-others")
        assert figure.low is not None
        assert figure.high is not None
        inside += figure.low <= 0.5 <= figure.high
    assert inside >= 34


@given(rows(), st.permutations("pqrs"), st.randoms())
def test_names_and_the_order_of_rows_change_nothing(
    made: list[Row], names: list[str], random: Random
) -> None:
    to = dict(zip("pqrs", names, strict=True))
    other = renamed(made, 1, to)
    random.shuffle(other)
    one = {found.annotator: found for found in uses(ratings_of("v", made, values="012"), FEW)}
    two = {found.annotator: found for found in uses(ratings_of("v", other, values="012"), FEW)}
    for name, found in one.items():
        same = two[to[name]]
        assert (found.counts, found.expected, found.figures) == (
            same.counts,
            same.expected,
            same.figures,
        )


@given(rows(), st.permutations("012"))
def test_names_of_nominal_values_change_nothing(made: list[Row], names: list[str]) -> None:
    to = dict(zip("012", names, strict=True))
    other = ratings_of("v", renamed(made, 2, to), values="012")
    for one, two in zip(
        uses(ratings_of("v", made, values="012"), FEW), uses(other, FEW), strict=True
    ):
        assert {to[value]: count for value, count in one.counts.items()} == two.counts
        assert one.figures == two.figures
