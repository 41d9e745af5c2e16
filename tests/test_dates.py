from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.dates import FAR, is_day, moment_of, seconds_of


@given(st.integers(0, FAR - 1))
def test_a_moment_comes_back(seconds: int) -> None:
    assert seconds_of(moment_of(seconds)) == seconds


@pytest.mark.parametrize(
    "moment", ["2026-03-18T08:00:00Z", "2026-03-18T08:00:00.000000", "2026-03-18T15:00:00+07:00"]
)
def test_moments_are_read_in_every_form_that_exports_have(moment: str) -> None:
    assert seconds_of(moment) == 1773820800


@pytest.mark.parametrize("moment", [None, "", "soon", "2026-13-01T00:00:00Z"])
def test_what_is_no_moment_is_none(moment: str | None) -> None:
    assert seconds_of(moment) is None


@pytest.mark.parametrize("seconds", [-1.0, float(FAR), float("inf"), float("nan")])
def test_what_is_far_away_is_none(seconds: float) -> None:
    assert moment_of(seconds) is None


@given(st.dates())
def test_a_day_of_the_calendar_is_one(day: date) -> None:
    assert is_day(day.isoformat())


@pytest.mark.parametrize(
    "value", ["", "2023-02-29", "2023-13-01", "0000-01-01", "20231123", "2023-W47-4", "2023-11-23 "]
)
def test_what_is_no_day_or_written_otherwise_is_none(value: str) -> None:
    assert not is_day(value)
