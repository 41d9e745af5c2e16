"""Quantiles of Student's t are those of scipy."""

import pytest
from scipy.stats import t

from sikap.agreement.bootstrap.draws import MANY, student_quantile


@pytest.mark.parametrize("share", [0.5, 0.8, 0.95, 0.975, 0.995])
@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 30, MANY - 1, MANY, 5_000, 1_000_000])
def test_a_quantile_is_that_of_scipy(share: float, freedom: int) -> None:
    expected = float(t.ppf(share, freedom))
    assert student_quantile(share, freedom) == pytest.approx(expected, rel=1e-9, abs=1e-9)
