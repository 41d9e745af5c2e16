"""What more ratings of a unit take off a figure's variance."""

from itertools import permutations

import numpy as np
import pytest

from agreement.simulated import SHARES
from sikap.agreement.diagnostics.sample_size import spread_by_model, spread_of_units

KERNEL = np.asarray([[1.0, 0.25, -0.5], [0.25, 0.5, 0.125], [-0.5, 0.125, 2.0]])


def test_units_show_what_summing_over_different_ratings_gives() -> None:
    table = np.asarray([[3, 1, 0], [1, 2, 2], [0, 0, 4], [2, 1, 0]])
    times = np.asarray([1.0, 2.0, 1.0, 9.0])
    two, three, four = [], [], []
    for row in table[:3]:
        values = np.repeat(np.arange(3), row)
        met = [(KERNEL[a, b], KERNEL[a, c], KERNEL[c, d]) for a, b, c, d in permutations(values, 4)]
        two.append(np.mean([one**2 for one, _, _ in met]))
        three.append(np.mean([one * other for one, other, _ in met]))
        four.append(np.mean([one * other for one, _, other in met]))
    weigh = times[:3] / times[:3].sum()
    found = spread_of_units(table, times, KERNEL)
    assert found.one == pytest.approx(max(0, weigh @ three - weigh @ four))
    assert found.both == pytest.approx(weigh @ two - weigh @ four)


@pytest.mark.parametrize("correlation", [0.0, 0.2, 0.5, 0.9])
def test_the_model_says_what_units_drawn_by_it_show(correlation: float) -> None:
    rng = np.random.default_rng(7)
    units = 200_000
    shares = np.tile(SHARES, (units, 1))
    if correlation:
        shares = rng.dirichlet(SHARES * (1 - correlation) / correlation, size=units)
    table = rng.multinomial(4, shares)
    rows, times = np.unique(table, axis=0, return_counts=True)
    shown = spread_of_units(rows, times.astype(float), KERNEL)
    model = spread_by_model(SHARES, correlation, KERNEL)
    assert model.one == pytest.approx(shown.one, abs=0.01)
    assert model.both == pytest.approx(shown.both, abs=0.02)


def test_where_ratings_of_a_unit_are_always_the_same_nothing_is_to_be_gained() -> None:
    model = spread_by_model(SHARES, 1.0, KERNEL)
    assert model.one == pytest.approx(0)
    assert model.both == pytest.approx(0)


def test_the_variance_within_units_is_that_of_many_draws() -> None:
    rng = np.random.default_rng(5)
    model = spread_by_model(SHARES, 0.0, np.eye(3))
    table = rng.multinomial(6, SHARES, size=200_000).astype(float)
    means = (table * (table - 1)).sum(axis=1) / 30
    assert model.within(np.asarray([6.0]))[0] == pytest.approx(means.var(), rel=0.02)
