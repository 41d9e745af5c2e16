"""A figure as it is published: its value or why it has none, its interval, what it is based on."""

from collections.abc import Iterable, Sequence

from sikap.records import Record

DIGITS = 8
"""As many as any published coefficient has, and one more."""

PREFERRED = (
    *("span-f1-exact", "krippendorff-alpha", "cohen-kappa-quadratic", "cohen-kappa"),
    *("kappa-with-others", "consistency-alpha", "consistency-f1"),
)
"""How the key begins of what is shown where there is room for one: the first that is there."""
RAW = "percent-agreement"


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
    """One figure; ``coefficient`` is a key of `definitions.DEFINITIONS`.

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


def find_figure(figures: Sequence[Figure], coefficient: str) -> Figure | None:
    """The figure of a coefficient."""
    return next((one for one in figures if one.coefficient == coefficient), None)


def main_coefficient(groups: Iterable[Sequence[Figure]]) -> str:
    """The coefficient by which groups of figures are compared; empty where there is none."""
    mains = [one.coefficient for group in groups if (one := main_figure(group)) is not None]
    return max(dict.fromkeys(mains), key=mains.count, default="")


def main_figure(figures: Sequence[Figure]) -> Figure | None:
    """The one to show where there is room for one; else the first that has a value."""
    found = [one for start in PREFERRED for one in figures if one.coefficient.startswith(start)]
    others = [one for one in figures if one.coefficient != RAW]
    known = [one for one in (*others, *figures) if one.value is not None]
    return next(iter((*found, *known, *figures)), None)
