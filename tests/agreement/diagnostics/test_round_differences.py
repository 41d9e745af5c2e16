import msgspec
import numpy as np
import pytest

from agreement.simulated import simulated
from sikap.agreement.analyse import between, main_figures
from sikap.agreement.diagnostics.round_differences import differences
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.ratings import Ratings
from sikap.agreement.study import Options, Study

BASIS = Basis(units=10, ratings=20, annotators=2, clusters=10)
FEW = Options(replicates=100)


def figure(value: float | None, low: float | None = None, high: float | None = None) -> Figure:
    return Figure(coefficient="c", value=value, low=low, high=high, basis=BASIS)


def elsewhere(ratings: Ratings) -> Ratings:
    """The same ratings of items of other clusters."""
    others = tuple(f"other {cluster}" for cluster in ratings.clusters)
    return msgspec.structs.replace(ratings, clusters=others)


def test_the_interval_of_a_difference_is_recovered_from_both() -> None:
    found = differences(
        {"v": (figure(0.7, 0.6, 0.75),)}, {"v": (figure(0.5, 0.37, 0.58),)}, independent=True
    )["v"][0]
    assert found.value == 0.2
    assert found.low == pytest.approx(0.2 - np.hypot(0.1, 0.08), abs=1e-6)
    assert found.high == pytest.approx(0.2 + np.hypot(0.05, 0.13), abs=1e-6)


def test_studies_with_articles_in_common_have_a_difference_without_an_interval() -> None:
    found = differences(
        {"v": (figure(0.7, 0.6, 0.8),)}, {"v": (figure(0.5, 0.4, 0.6),)}, independent=False
    )["v"][0]
    assert (found.value, found.low, found.high) == (0.2, None, None)
    assert found.unsure == "both are of articles in common, so they are not independent"


def test_without_both_values_a_difference_is_undefined_and_says_why() -> None:
    nothing = Figure(coefficient="c", value=None, undefined="nobody was there", basis=BASIS)
    for one, other in [(nothing, figure(0.5)), (figure(0.5), nothing)]:
        found = differences({"v": (one,)}, {"v": (other,)}, independent=True)["v"][0]
        assert (found.value, found.undefined) == (None, "nobody was there")


def test_without_both_intervals_a_difference_has_none() -> None:
    found = differences({"v": (figure(0.7, 0.6, 0.8),)}, {"v": (figure(0.5),)}, independent=True)[
        "v"
    ][0]
    assert found.unsure == "one of the two has no interval"


def test_only_what_both_studies_have_is_compared() -> None:
    assert differences({"v": (figure(0.5),)}, {"w": (figure(0.5),)}, independent=True) == {}


def test_intervals_of_differences_of_like_studies_hold_nought() -> None:
    inside = 0
    for seed in range(30):
        rng = np.random.default_rng(seed)
        one = Study(name="one", variables=(simulated(rng, 100, 3),))
        other = Study(name="other", variables=(elsewhere(simulated(rng, 100, 3)),))
        main = main_figures(one.variables, (), FEW)
        found = between(other, one, main, FEW).differences["v"][1]
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= 0 <= found.high
    assert inside >= 25
