"""Which values meet which on one unit: of all pairs of ratings, and of one annotator's."""

from collections.abc import Iterator

import numpy as np

from sikap.agreement.arrays import Codes
from sikap.agreement.diagnostics.annotator_bias import SURE
from sikap.agreement.diagnostics.subsets import WIDE, counts, most_used, ratings_per_item
from sikap.agreement.ratings import Ratings
from sikap.agreement.report import Confusion

WIDEST = 20
"""A table has so many values at most: those given most often on units with two ratings or more."""


def confusions(ratings: Ratings) -> tuple[Confusion, ...]:
    """The table of all pairs, then those of the `SURE` annotators with the most ratings.

    There is none where no unit has two ratings, or the scale is wider than `WIDE`. Values beyond
    the bound are left out; of equally frequent ones at the bound all are.
    """
    if len(ratings.values) > WIDE:
        return ()
    table = counts(ratings)
    several = ratings_per_item(ratings) >= 2
    shown = most_used(table[several].sum(axis=0), WIDEST)
    if not len(shown):
        return ()
    return tuple(_tables(ratings, table, shown))


def _tables(ratings: Ratings, table: Codes, shown: Codes) -> Iterator[Confusion]:
    values = tuple(ratings.values[code] for code in shown)
    kept = table[:, shown]
    every = kept.T @ kept - np.diag(kept.sum(axis=0))
    yield Confusion(of=None, values=values, table=_whole(every))
    pairable = ratings_per_item(ratings)[ratings.item] >= 2
    weight = np.bincount(ratings.annotator[pairable], minlength=len(ratings.annotators))
    for place in most_used(weight, SURE):
        rows = np.flatnonzero(ratings.annotator == place)
        given = (ratings.value[rows][:, None] == shown).astype(np.int64)
        met = given.T @ kept[ratings.item[rows]] - np.diag(given.sum(axis=0))
        yield Confusion(of=ratings.annotators[place], values=values, table=_whole(met))


def _whole(table: Codes) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(int(count) for count in row) for row in table)
