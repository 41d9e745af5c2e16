"""How many items or annotators an interval of a wished width takes, held to simulated studies."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from agreement.simulated import simulated
from sikap.agreement.categorical.variable import headline
from sikap.agreement.diagnostics.sample_size import needed
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.ratings import Ratings, ratings_of
from sikap.agreement.report import Needed
from sikap.agreement.study import Options


def asked(ratings: Ratings, width: float) -> dict[str, Needed]:
    options = Options(replicates=400, width=width)
    found = needed(headline(ratings, options), options, ratings)
    return {one.coefficient.split("-")[0]: one for one in found}


def widths(ratings: Ratings) -> dict[str, float]:
    return {
        one.coefficient.split("-")[0]: one.high - one.low
        for one in headline(ratings, Options(replicates=400))
        if one.high is not None and one.low is not None
    }


def reached(raters: int, times: float, who: str, **kind: Any) -> Iterator[tuple[str, float]]:
    """How wide intervals become for how wide they were wished, with the number that was named.

    What is wished is so many times the width that there was.
    """
    rng = np.random.default_rng(11)
    for _ in range(STUDIES):
        study = simulated(rng, UNITS, raters, **kind)
        for coefficient, width in widths(study).items():
            found = asked(study, times * width)[coefficient]
            units = (found.units or 0) if who == "items" else UNITS
            others = raters if who == "items" else (found.annotators or 0)
            assert units * others > UNITS * raters, found
            more = widths(simulated(rng, units, others, **kind))
            yield coefficient, more[coefficient] / (times * width)


def means(found: Iterator[tuple[str, float]]) -> dict[str, float]:
    ratios: dict[str, list[float]] = {}
    for coefficient, ratio in found:
        ratios.setdefault(coefficient, []).append(ratio)
    return {coefficient: float(np.mean(all_)) for coefficient, all_ in ratios.items()}


STUDIES, UNITS = 12, 800


@pytest.mark.parametrize(
    "kind",
    [
        {"raters": 2},
        {"raters": 3, "per_cluster": 8},
        {"raters": 4, "level": "interval"},
    ],
)
def test_with_the_items_that_it_names_the_interval_is_as_wide_as_wished(
    kind: dict[str, Any],
) -> None:
    for mean in means(reached(times=0.7, who="items", **kind)).values():
        assert mean == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize(
    "kind",
    [
        {"raters": 2, "times": 0.75},
        {"raters": 3, "times": 0.85},
        {"raters": 4, "times": 0.85},
        {"raters": 4, "times": 0.88, "level": "interval"},
        {"raters": 4, "times": 0.93, "per_cluster": 8},
    ],
)
def test_with_the_annotators_that_it_names_the_interval_is_as_wide_as_wished(
    kind: dict[str, Any],
) -> None:
    # Annotators are whole, so the interval is a little narrower than wished.
    for mean in means(reached(who="annotators", **kind)).values():
        assert 0.9 < mean < 1.04


def test_where_no_number_of_annotators_would_do_it_says_how_near_they_come() -> None:
    found = asked(simulated(np.random.default_rng(4), 100, 5), 0.02)["krippendorff"]
    assert found.annotators is None
    assert found.because is not None
    assert found.because.startswith("even with 100 annotators on each unit it would be 0.1")


def test_what_is_narrow_enough_needs_what_there_is() -> None:
    found = asked(simulated(np.random.default_rng(4), 100, 3), 0.9)["krippendorff"]
    assert (found.clusters, found.units, found.annotators) == (100, 100, 3)
    assert found.because is None


def test_clusters_and_units_grow_with_the_square_of_the_width() -> None:
    basis = Basis(units=50_000, ratings=100_000, annotators=2, clusters=10_000)
    figure = Figure(coefficient="some", value=0.5, low=0.3, high=0.7, basis=basis)
    (found,) = needed((figure,), Options(width=0.1))
    assert found.width == 0.4
    assert found.clusters == pytest.approx(160_000, rel=0.001)
    assert found.units == pytest.approx(800_000, rel=0.001)


def test_few_clusters_gain_more_for_t_reaches_less_far_with_many() -> None:
    basis = Basis(units=50, ratings=100, annotators=2, clusters=10)
    figure = Figure(coefficient="some", value=0.5, low=0.3, high=0.7, basis=basis)
    (found,) = needed((figure,), Options(width=0.1))
    assert found.clusters is not None
    # as wide as an interval of t is: √(1 / (n − 1)) times its quantile
    wide = [float(t.ppf(0.975, n - 1)) / (n - 1) ** 0.5 for n in (10, found.clusters)]
    assert wide[0] / wide[1] == pytest.approx(4, abs=0.03)


def test_of_spans_and_other_coefficients_no_number_of_annotators_is_told() -> None:
    basis = Basis(units=50, ratings=100, annotators=2, clusters=10)
    figure = Figure(coefficient="some", value=0.5, low=0.3, high=0.7, basis=basis)
    ratings = simulated(np.random.default_rng(1), 20, 2)
    for given, what in ((None, "spans"), (ratings, "this coefficient")):
        (found,) = needed((figure,), Options(width=0.1), given)
        assert found.annotators is None
        assert found.because is not None
        assert what in found.because


def test_few_ratings_of_a_scale_do_not_show_what_more_would_change() -> None:
    found = asked(simulated(np.random.default_rng(4), 100, 3, level="interval"), 0.1)
    assert found["krippendorff"].annotators is None
    assert found["krippendorff"].because is not None
    assert "fewer than four ratings" in found["krippendorff"].because


def test_what_has_no_interval_has_no_entry() -> None:
    rows = [(item, who, item + who) for item in "ij" for who in "pq"]
    one_cluster = ratings_of("v", rows, clusters=dict.fromkeys("ij", "c"))
    assert asked(one_cluster, 0.1) == {}
    assert asked(ratings_of("v", [("i", "p", "x")]), 0.1) == {}


def test_where_nothing_differs_nothing_is_called_narrow_enough() -> None:
    rows = [(f"i{n}", who, "xy"[n % 2]) for n in range(20) for who in ("a", "b")]
    assert asked(ratings_of("tone", rows), 0.1) == {}


def test_names_of_annotators_and_the_order_of_rows_change_nothing() -> None:
    ratings = simulated(np.random.default_rng(6), 40, 4)
    rows = [
        (ratings.items[item], ratings.annotators[who], ratings.values[value])
        for item, who, value in zip(ratings.item, ratings.annotator, ratings.value, strict=True)
    ]
    names = dict(zip(ratings.annotators, ratings.annotators[::-1], strict=True))
    clusters = {item: f"c{item[1:]}" for item in ratings.items}
    other = ratings_of(
        "v",
        [(item, names[who], value) for item, who, value in rows[::-1]],
        values=ratings.values,
        clusters=clusters,
    )
    assert asked(ratings, 0.1) == asked(other, 0.1)
