"""How much of a figure's variance comes of who happened to rate a unit.

To first order a figure is a weighted mean over units of U_u, the mean of a kernel k(x, y) over the
pairs of ratings of unit u. Where the ratings of a unit are drawn at random from all that could be,
the variance of U_u about its expectation is (Hoeffding 1948, theorem 5.2)

    (4 (r − 2) one + 2 both) / (r (r − 1))

with r ratings; ``one`` is the covariance of pairs that share a rating, ``both`` the variance of a
pair.
"""

from collections.abc import Iterator

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, Floats

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
