"""A figure as it is published: its value or why it has none, its interval, what it is based on."""

from sikap.records import Record

DIGITS = 8
"""As many as any published coefficient has, and one more."""


class Basis(Record, frozen=True, kw_only=True):
    """What a figure is computed from.

    ``units`` are items, matched spans or tokens that two annotators or more judged, ``ratings`` the
    judgements on them; ``clusters`` are what was drawn to find the interval: articles, as a rule.
    """

    units: int
    ratings: int
    annotators: int
    clusters: int


class Figure(Record, frozen=True, kw_only=True):
    """One figure; ``coefficient`` is a key of `catalogue.DEFINITIONS`.

    Where there is no value, ``undefined`` says why; where there is one and no interval, or one of
    no width, ``unsure`` does. Values are rounded to eight digits.
    """

    coefficient: str
    value: float | None
    low: float | None = None
    high: float | None = None
    undefined: str | None = None
    unsure: str | None = None
    basis: Basis


def rounded(value: float, digits: int = DIGITS) -> float:
    """The value rounded; first to twelve digits, so that no last bit of a sum decides a tie."""
    # 0.0 + … so that -0.0 is written as 0.0
    return 0.0 + round(round(float(value), 12), digits)
