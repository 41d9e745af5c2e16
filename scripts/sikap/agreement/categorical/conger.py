"""Conger's κ: Cohen's for any number of annotators, with chance from what each of them gives."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sikap.agreement.arrays import Codes, Floats, over
from sikap.agreement.bootstrap.draws import ROOM, figure
from sikap.agreement.bootstrap.sparse_sums import Together
from sikap.agreement.categorical.coefficients import percent_agreement, unrated
from sikap.agreement.categorical.sums import Sums
from sikap.agreement.categorical.unit_counts import Tally
from sikap.agreement.figures import Basis, Figure, rounded
from sikap.agreement.ratings import Ratings
from sikap.agreement.study import Options

CONGER = "conger-kappa"
ALWAYS = "everybody gave one and the same value, so chance alone explains all agreement"


class Given:
    """Which annotators gave which values at all; a cell is an annotator and a value."""

    def __init__(self, annotator: Codes, value: Codes, width: int) -> None:
        width = max(1, width)
        cells, self.which = np.unique(annotator * width + value, return_inverse=True)
        self.cells = len(cells)
        self.value = cells % width
        self.people, self.starts, self.whose = np.unique(
            cells // width, return_index=True, return_inverse=True
        )

    @cached_property
    def by_value(self) -> tuple[Codes, Codes]:
        """The order of cells by value, and where each value begins there."""
        order = np.argsort(self.value, kind="stable")
        return order, np.unique(self.value[order], return_index=True)[1].astype(np.int64)

    def chance(self, counts: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Chance agreement where cells were given so often, draws × cells; and where it is below 1.

        The mean over pairs of annotators who gave something of the sum over values of the product
        of their shares (Gwet 2014): the sum of all annotators squared, less each with themselves.
        """
        if not self.cells:
            return np.zeros(len(counts)), np.zeros(len(counts), dtype=np.bool_)
        ratings = np.add.reduceat(counts, self.starts, axis=1)
        known = ratings > 0
        share = counts / np.where(known, ratings, 1.0)[:, self.whose]
        order, starts = self.by_value
        together = np.add.reduceat(share[:, order], starts, axis=1)
        given = np.add.reduceat(counts[:, order], starts, axis=1) > 0
        people = known.sum(axis=1).astype(np.float64)
        both = np.square(together).sum(axis=1) - np.square(share).sum(axis=1)
        several: NDArray[np.bool_] = (people > 1) & (given.sum(axis=1) > 1)
        return over(both, people * (people - 1), several), several


class Conger:
    """Conger's κ of a tally that tells who gave what."""

    def __init__(self, tallied: Tally) -> None:
        self.tallied = tallied
        self.given = Given(tallied.annotator, tallied.value, tallied.scale.width)
        ones = np.ones(len(tallied.row))
        self.columns = tallied.columns(tallied.row, self.given.which, ones, self.given.cells)
        self.kept = Together()

    def compute(self, drawn: Floats) -> Floats:
        """One value a draw: draws × 1."""
        found: list[Floats] = [np.empty((0, 1))]
        step = max(1, ROOM // max(1, self.given.cells))
        for first in range(0, len(drawn), step):
            some = drawn[first : first + step]
            chance, where = self.given.chance(self.columns.of(some))
            agreed = percent_agreement(Sums(self.tallied, some, self.kept))
            found.append(over(agreed - chance, 1 - chance, where)[:, None])
        return np.concatenate(found)


def conger_figure(
    ratings: Ratings, tallied: Tally, value: float, replicates: Floats, options: Options
) -> Figure:
    """The figure of what `Conger` computes."""
    because = unrated(ratings, tallied) or ALWAYS
    return figure(CONGER, value, replicates, tallied.basis, options, because=because)


def conger_once(ratings: Ratings, tallied: Tally, because: str) -> Figure:
    """The value alone, of so many annotators that they are not drawn anew: ``because`` of that."""
    given = Given(ratings.annotator, ratings.value, len(ratings.values))
    counts = np.bincount(given.which, minlength=given.cells)[None].astype(np.float64)
    chance, where = given.chance(counts)
    agreed = percent_agreement(Sums(tallied, tallied.once, Together()))
    value = float(over(agreed - chance, 1 - chance, where)[0])
    basis: Basis = tallied.basis
    if np.isnan(value):
        why = unrated(ratings, tallied) or ALWAYS
        return Figure(coefficient=CONGER, value=None, undefined=why, basis=basis)
    return Figure(coefficient=CONGER, value=rounded(value), unsure=because, basis=basis)
