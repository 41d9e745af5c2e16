"""Everything about one variable: its coefficients with intervals, and what lies behind them."""

from collections.abc import Callable, Mapping

from sikap.agreement.coefficients import alpha, percent_agreement
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Ratings
from sikap.agreement.report import Variable
from sikap.agreement.resample import draws, figure
from sikap.agreement.study import Options
from sikap.agreement.tallies import Floats, Sums, Tally, sums, tally

Coefficient = Callable[[Sums, Ratings], Floats]
COEFFICIENTS: dict[str, Coefficient] = {
    "percent-agreement": percent_agreement,
    "krippendorff-alpha": alpha,
}
MAIN = ("percent-agreement", "krippendorff-alpha")
"""Shown wherever there is room for few."""


def headline(ratings: Ratings, options: Options) -> tuple[Figure, ...]:
    """The main figures of a variable."""
    return figures(ratings, options, {name: COEFFICIENTS[name] for name in MAIN})


def figures(
    ratings: Ratings, options: Options, wanted: Mapping[str, Coefficient]
) -> tuple[Figure, ...]:
    """The figures of some coefficients, all of the same replicates."""
    tallied = tally(ratings)
    found = sums(tallied, tallied.once)
    drawn = sums(tallied, draws(tallied.kind, tallied.kinds, options))
    return tuple(
        figure(
            name,
            float(compute(found, ratings)[0]),
            compute(drawn, ratings),
            tallied.basis,
            options,
            because=_because(tallied),
        )
        for name, compute in wanted.items()
    )


def variable(ratings: Ratings, options: Options, again: Ratings | None = None) -> Variable:
    """All figures of a variable; ``again`` are ratings of items that came a second time."""
    del again
    return Variable(
        name=ratings.name,
        about=ratings.about,
        level=ratings.level,
        values=ratings.values,
        basis=tally(ratings).basis,
        figures=figures(ratings, options, COEFFICIENTS),
        by_value=(),
        pairs=(),
        annotators=(),
        confusion=(),
        course=(),
        consistency=(),
        needed=(),
    )


def _because(tallied: Tally) -> str:
    if not tallied.basis.units:
        return "no unit has two ratings"
    return "everybody gave one and the same value, so chance alone explains all agreement"
