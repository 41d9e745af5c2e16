"""Repeat what a server failed to do, with waits that grow and a bound; only where that may help.

What is repeated must be safe to repeat: a read, or "read what is there, send what is missing".
The SDK's own repeating is off, so that waits do not multiply.
"""

import functools
import logging
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import ParamSpec, TypeVar

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    stop_before_delay,
    wait_exponential_jitter,
)

from sikap.errors import Problem, ServiceError

T = TypeVar("T")
P = ParamSpec("P")

TRIES = 8
FEW = 3  # where the server has not answered yet: it may not be there at all
SECONDS = 180.0  # from the first try to the last
SHORTEST, LONGEST = 1.0, 30.0

STAGES = logging.getLogger("sikap.stages")


class PassingError(ServiceError):
    """The server failed in a way that may pass: no answer, 408, 425, 429 or 5xx.

    ``after`` is how many seconds it asks to wait, None where it does not say; ``heard`` is whether
    it had answered well before.
    """

    def __init__(
        self, problem: Problem, after: float | None = None, *, heard: bool = False
    ) -> None:
        super().__init__(problem)
        self.after = after
        self.heard = heard


_inside: ContextVar[bool] = ContextVar("inside a unit that is repeated", default=False)


def again(unit: Callable[[], T]) -> T:
    """The result of ``unit``, which is called anew as long as it raises PassingError.

    At most TRIES calls in SECONDS, FEW where the server was never heard; then the last error is
    raised. A unit inside another is called once: the outer one repeats it.
    """
    if _inside.get():
        return unit()
    retrying = Retrying(
        retry=retry_if_exception_type(PassingError),
        wait=_wait,
        stop=_enough,
        before_sleep=_tell,
        reraise=True,
    )
    token = _inside.set(True)
    try:
        return retrying(unit)
    finally:
        _inside.reset(token)


def rereading(method: Callable[P, T]) -> Callable[P, T]:
    """Make a function that reads call itself again while the server fails."""

    @functools.wraps(method)
    def read(*args: P.args, **kwargs: P.kwargs) -> T:
        return again(lambda: method(*args, **kwargs))

    return read


def retry_after(value: str | None) -> float | None:
    """The seconds that a Retry-After header asks for, as a number or a date; None if neither."""
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        then = parsedate_to_datetime(value)
    except ValueError:
        return None
    then = then if then.tzinfo else then.replace(tzinfo=UTC)
    return max(0.0, (then - datetime.now(UTC)).total_seconds())


def _wait(state: RetryCallState) -> float:
    """Twice as long each time and a little at random; never less than the server asks for."""
    grown = wait_exponential_jitter(multiplier=SHORTEST, max=LONGEST, jitter=SHORTEST)(state)
    error = _error(state)
    return max(grown, (error.after or 0.0) if error else 0.0)


def _enough(state: RetryCallState) -> bool:
    error = _error(state)
    tries = TRIES if error and error.heard else FEW
    return (stop_after_attempt(tries) | stop_before_delay(SECONDS))(state)


def _error(state: RetryCallState) -> PassingError | None:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, PassingError) else None


def _tell(state: RetryCallState) -> None:
    error = _error(state)
    if error and state.next_action is not None:
        found, seconds = error.problems[0].found, state.next_action.sleep
        STAGES.info("%s; trying again in %.0f s", found, seconds)
