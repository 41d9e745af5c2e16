"""How many items, or annotators of each, would bring an interval to a wished width.

Of the variance of a figure (the square of its interval's width, to scale) all falls as 1 /
clusters. Within it lies the part that comes of who happened to rate a unit (`Spread`); that
part falls with the ratings of each unit too, the rest does not.

How much of a figure's variance comes of who happened to rate a unit.

To first order a figure is a weighted mean over units of U_u, the mean of a kernel k(x, y) over the
pairs of ratings of unit u. Where the ratings of a unit are drawn at random from all that could be,
the variance of U_u about its expectation is (Hoeffding 1948, theorem 5.2)

    (4 (r − 2) one + 2 both) / (r (r − 1))

with r ratings; ``one`` is the covariance of pairs that share a rating, ``both`` the variance of a
pair.
"""

from collections.abc import Iterator
from math import ceil

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, Floats
from sikap.agreement.bootstrap.draws import reach
from sikap.agreement.diagnostics.subsets import WIDE, counts, squares
from sikap.agreement.figures import Figure, rounded
from sikap.agreement.ratings import Ratings
from sikap.agreement.report import Needed
from sikap.agreement.study import Options

RATINGS = 4
"""Two pairs without a rating in common take so many."""


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """The two moments above, as the mean over units."""

    one: float
    both: float

    def within(self, ratings: Floats) -> Floats:
        """The variance of the means of units with so many ratings each."""
        found: Floats = (4 * (ratings - 2) * self.one + 2 * self.both) / (ratings * (ratings - 1))
        return found


def spread_of_units(rows: Codes, times: Floats, kernel: Floats) -> Spread:
    """What units with four ratings or more show; ``times`` is how many units have each row.

    Sums over ratings i, j, k, l that are all different; none of it assumes how ratings are
    distributed.
    """
    enough = rows.sum(axis=1) >= RATINGS
    given = rows[enough].astype(np.float64)
    r = given.sum(axis=1)
    own = np.diag(kernel)
    reach = given @ kernel
    pairs = (reach * given).sum(axis=1) - given @ own
    squares = ((given @ kernel**2) * given).sum(axis=1) - given @ own**2
    sharing = (given * (reach - own) ** 2).sum(axis=1) - squares
    apart = pairs**2 - 4 * sharing - 2 * squares
    share = times[enough] / times[enough].sum()
    two = float(share @ (squares / (r * (r - 1))))
    three = float(share @ (sharing / (r * (r - 1) * (r - 2))))
    four = float(share @ (apart / (r * (r - 1) * (r - 2) * (r - 3))))
    return _spread(two, three, four)


def spread_by_model(shares: Floats, correlation: float, kernel: Floats) -> Spread:
    """What the common correlation model says, where units have fewer ratings.

    The distribution of a unit is a draw from that of Dirichlet with ``shares`` as its mean; two
    ratings of a unit correlate by ``correlation``, which is α (Altaye, Donner & Klar 2001).
    """
    two = three = four = 0.0
    for block, chance in _blocks(correlation):
        a, b, c, d = block
        two += chance * _mean((kernel**2,), ((a, b),), shares)
        three += chance * _mean((kernel, kernel), ((a, b), (a, c)), shares)
        four += chance * _mean((kernel, kernel), ((a, b), (c, d)), shares)
    return _spread(two, three, four)


def _spread(two: float, three: float, four: float) -> Spread:
    return Spread(one=max(0.0, three - four), both=max(0.0, two - four))


def _blocks(correlation: float) -> Iterator[tuple[tuple[int, ...], float]]:
    """Which of four ratings are copies of each other, as numbers of blocks, and how probable.

    Pólya's urn: a rating is a copy of an earlier one, or drawn anew.
    """
    rho = min(1.0, max(0.0, correlation))
    found: list[tuple[tuple[int, ...], float]] = [((0,), 1.0)]
    for before in range(1, RATINGS):
        of = 1 - rho + before * rho
        found = [
            ((*block, place), chance * weight / of)
            for block, chance in found
            for place in range(max(block) + 2)
            for weight in [block.count(place) * rho if place in block else 1 - rho]
        ]
    return iter(found)


def _mean(
    kernels: tuple[Floats, ...], places: tuple[tuple[int, int], ...], shares: Floats
) -> float:
    """The mean of a product of kernels whose arguments are blocks, each a value by ``shares``."""
    letters = ["".join("abcd"[place] for place in pair) for pair in places]
    used = sorted(set("".join(letters)))
    terms = ",".join([*letters, *used]) + "->"
    return float(np.einsum(terms, *kernels, *[shares] * len(used), optimize=True))


ROUNDS = 3
"""Each brings the number of clusters nearer; the first is within a few percent, where many."""
MOST = 100
"""More annotators of a unit are not thought of."""

NO_KERNEL = "what more annotators would change is not known of this coefficient"
NO_UNITS = "what more annotators would change is not known of spans, or of so many values"
FEW = (
    "most units have fewer than four ratings, which for values that are not nominal does not show "
    "what more of them would change"
)
NEVER = "even with {most} annotators on each unit it would be {width} wide: it takes more units"


class _Units(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Units with two ratings or more: the different rows of counts, and how many have each."""

    rows: Codes
    times: Floats
    apart: Floats
    nominal: bool


class _Linear(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A figure to first order: the kernel, and the weight of a unit of each row, to the sum one."""

    kernel: Floats
    weight: Floats


def needed(
    figures: tuple[Figure, ...], options: Options, ratings: Ratings | None = None
) -> tuple[Needed, ...]:
    """What each figure with an interval needs; without ``ratings`` annotators are null.

    Where no cluster differs from another the interval has no width, which is no certainty: nothing
    can be told of it then.
    """
    units = None if ratings is None or len(ratings.values) > WIDE else _units(ratings)
    return tuple(
        _needed(figure, figure.high - figure.low, options, units)
        for figure in figures
        if figure.low is not None and figure.high is not None and figure.unsure is None
    )


def _needed(figure: Figure, width: float, options: Options, units: _Units | None) -> Needed:
    times = _times(figure.basis.clusters, width, options)
    annotators, because = _annotators(figure, width, options, units)
    return Needed(
        coefficient=figure.coefficient,
        width=rounded(width),
        wished=options.width,
        clusters=ceil(rounded(figure.basis.clusters * times)),
        units=ceil(rounded(figure.basis.units * times)),
        annotators=annotators,
        because=because,
    )


def _times(clusters: int, width: float, options: Options) -> float:
    """How many times as many clusters give the wished width; at least as many as there are.

    With more clusters an interval also reaches less far for its variance (see `reach`).
    """
    if width <= options.width:
        return 1.0
    now, square = reach(clusters, options.confidence), (width / options.width) ** 2
    times = square
    for _ in range(ROUNDS):
        ahead = reach(max(clusters, ceil(clusters * times)), options.confidence)
        times = max(1.0, square * (ahead / now) ** 2)
    return times


def _annotators(
    figure: Figure, width: float, options: Options, units: _Units | None
) -> tuple[int | None, str | None]:
    """How many annotators of each unit, or None and why."""
    if units is None:
        return None, NO_UNITS
    rated = units.rows.sum(axis=1).astype(np.float64)
    if width <= options.width:
        return ceil(units.times @ rated / units.times.sum()), None
    linear = _linear(figure.coefficient, units)
    if linear is None:
        return None, NO_KERNEL
    spread = _estimate_spread(units, linear)
    if spread is None:
        return None, FEW
    z = reach(figure.basis.clusters, options.confidence)
    now, wished = ((w / (2 * z)) ** 2 for w in (width, options.width))
    rest = max(0.0, now - float(units.times @ (linear.weight**2 * spread.within(rated))))
    ahead = rest + spread.within(np.arange(2, MOST + 1).astype(np.float64)) / units.times.sum()
    enough = np.flatnonzero(ahead <= wished)
    if len(enough):
        return int(enough[0]) + 2, None
    least = round(2 * z * float(np.sqrt(ahead[-1])), 3)
    return None, NEVER.format(most=MOST, width=least)


def _units(ratings: Ratings) -> _Units:
    table = counts(ratings)
    table = table[table.sum(axis=1) >= 2]
    rows, times = np.unique(table, axis=0, return_counts=True)
    return _Units(
        rows=rows,
        times=times.astype(np.float64),
        apart=squares(ratings, table.sum(axis=0).astype(np.float64)),
        nominal=ratings.level == "nominal",
    )


def _linear(coefficient: str, units: _Units) -> _Linear | None:
    """Percent agreement and Krippendorff's α to first order; None for any other coefficient."""
    rated = units.rows.sum(axis=1).astype(np.float64)
    if coefficient == "percent-agreement":
        even = np.full(len(rated), 1 / units.times.sum())
        return _Linear(kernel=np.eye(units.rows.shape[1]), weight=even)
    if coefficient.startswith("krippendorff-alpha"):
        weight = rated / (units.times @ rated)
        shares = _shares(units)
        met = shares @ units.apart
        expected = float(met @ shares)
        observed = _observed(units, weight)
        kernel = observed / expected**2 * np.add.outer(met, met) - units.apart / expected
        return _Linear(kernel=kernel, weight=weight)
    return None


def _shares(units: _Units) -> Floats:
    """How often each value was given, to the sum one."""
    used = units.times @ units.rows
    shares: Floats = used / used.sum()
    return shares


def _observed(units: _Units, weight: Floats) -> float:
    """The mean distance of two ratings of a unit."""
    given = units.rows.astype(np.float64)
    rated = given.sum(axis=1)
    apart = ((given @ units.apart) * given).sum(axis=1) / (rated * (rated - 1))
    return float((units.times * weight) @ apart)


def _estimate_spread(units: _Units, linear: _Linear) -> Spread | None:
    """As units show it, if half of them have enough ratings; else by the model, if it may be."""
    enough = units.rows.sum(axis=1) >= RATINGS
    if units.times[enough].sum() >= units.times.sum() / 2:
        return spread_of_units(units.rows, units.times, linear.kernel)
    if not units.nominal:
        return None
    shares = _shares(units)
    rated = units.rows.sum(axis=1)
    observed = _observed(units, rated / (units.times @ rated))
    correlation = 1 - observed / float(shares @ units.apart @ shares)
    return spread_by_model(shares, correlation, linear.kernel)
