import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from sikap.errors import Problem, ServiceError
from sikap.label_studio import retry
from sikap.label_studio.retry import PassingError, again, rereading, retry_after

PROBLEM = Problem(code="server-error", found="busy", fix="wait")


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits, none of which is waited for."""
    waits: list[float] = []
    monkeypatch.setattr("tenacity.nap.time.sleep", waits.append)
    return waits


class Failing:
    """Fails some times, then succeeds."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    def __call__(self) -> str:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return "done"


def passing(after: float | None = None, *, heard: bool = True) -> PassingError:
    return PassingError(PROBLEM, after, heard=heard)


def test_what_may_pass_is_tried_again(slept: list[float]) -> None:
    unit = Failing(passing(), passing())
    assert again(unit) == "done"
    assert (unit.calls, len(slept)) == (3, 2)


def test_waits_grow_differ_and_have_a_bound(slept: list[float]) -> None:
    with pytest.raises(PassingError):
        again(Failing(*(passing() for _ in range(20))))
    for number, wait in enumerate(slept):
        least = min(retry.SHORTEST * 2**number, retry.LONGEST)
        assert least <= wait <= min(least + retry.SHORTEST, retry.LONGEST)
    assert len({wait % 1 for wait in slept[:4]}) > 1


def test_tries_have_a_bound_and_the_last_error_is_told(slept: list[float]) -> None:
    last = passing()
    unit = Failing(*(passing() for _ in range(retry.TRIES - 1)), last, passing())
    with pytest.raises(PassingError) as raised:
        again(unit)
    assert raised.value is last
    assert unit.calls == retry.TRIES


def test_a_server_that_was_never_heard_is_soon_given_up(slept: list[float]) -> None:
    unit = Failing(*(passing(heard=False) for _ in range(20)))
    with pytest.raises(PassingError):
        again(unit)
    assert unit.calls == retry.FEW


def test_what_does_not_pass_is_not_tried_again(slept: list[float]) -> None:
    unit = Failing(ServiceError(PROBLEM))
    with pytest.raises(ServiceError):
        again(unit)
    assert (unit.calls, slept) == (1, [])


def test_the_server_is_given_the_time_that_it_asks_for(slept: list[float]) -> None:
    again(Failing(passing(after=17)))
    assert slept == [17]


def test_a_server_that_asks_for_too_long_is_not_waited_for(slept: list[float]) -> None:
    with pytest.raises(PassingError):
        again(Failing(passing(after=retry.SECONDS + 1)))
    assert slept == []


def test_tries_do_not_multiply(slept: list[float]) -> None:
    unit = Failing(*(passing() for _ in range(200)))
    inner = rereading(unit)
    with pytest.raises(PassingError):
        again(lambda: again(inner))
    assert unit.calls == retry.TRIES


def test_somebody_at_a_terminal_is_told_what_is_waited_for(
    slept: list[float], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "sikap.stages"):
        again(Failing(passing(after=5)))
    assert caplog.messages == ["busy; trying again in 5 s"]


def dates() -> Iterator[tuple[str | None, float | None]]:
    yield from [(None, None), ("7", 7.0), (" 7 ", 7.0), ("0", 0.0), ("soon", None), ("-3", None)]
    yield ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)


@pytest.mark.parametrize(("value", "seconds"), tuple(dates()))
def test_retry_after_is_read_as_a_number_or_a_date(
    value: str | None, seconds: float | None
) -> None:
    assert retry_after(value) == seconds


def test_retry_after_may_be_a_date_to_come() -> None:
    soon = datetime.now(UTC) + timedelta(seconds=100)
    assert 90 < (retry_after(format_datetime(soon, usegmt=True)) or 0) <= 100
