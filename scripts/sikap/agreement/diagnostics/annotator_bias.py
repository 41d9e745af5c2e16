"""How each annotator uses the scale, beside the others on the same units, and agrees with them."""

from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from sikap.agreement.arrays import Codes, Floats, over
from sikap.agreement.bootstrap.dense_sums import drawn_sums
from sikap.agreement.bootstrap.draws import figure
from sikap.agreement.categorical.coefficients import NEGATIVE
from sikap.agreement.categorical.distances import distances_of
from sikap.agreement.categorical.variable import headline
from sikap.agreement.diagnostics.subsets import (
    WIDE,
    counts,
    most_used,
    part,
    ratings_per_item,
    renamed,
    squares,
)
from sikap.agreement.figures import Basis, Figure, rounded
from sikap.agreement.ratings import Ratings
from sikap.agreement.report import Use
from sikap.agreement.study import Options

SURE = 100
"""So many annotators at most get intervals: those with the most ratings."""
WITHOUT = 25
"""Of so many annotators at most it is asked what α would be without each: one in hundreds changes
nothing, and each takes a bootstrap of everything."""

ALONE = "nobody else judged what this annotator did"
CONSTANT = "this annotator and the others gave one and the same value"
TOO_MANY = f"intervals are for the {SURE} annotators with the most ratings"
KEYS = ("agreement-with-others", "kappa-with-others")


class _Shared(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What one annotator gave on units that others judged too, and what these gave.

    ``value`` has a code for each unit, ``others`` the share of the others who gave each value:
    units × values.
    """

    value: Codes
    others: Floats
    cluster: Codes
    basis: Basis


def uses(ratings: Ratings, options: Options) -> tuple[Use, ...]:
    """The use of every annotator, in the order of names; none of a scale wider than `WIDE`."""
    if len(ratings.values) > WIDE:
        return ()
    table = counts(ratings)
    several = ratings_per_item(ratings) >= 2
    apart = squares(ratings, table[several].sum(axis=0).astype(np.float64))
    if ratings.level == "ratio" and (distances_of(ratings).place < 0).any():
        apart = np.full_like(apart, np.nan)
    pairable: NDArray[np.bool_] = several[ratings.item]
    weight = np.bincount(ratings.annotator[pairable], minlength=len(ratings.annotators))
    sure = set(most_used(weight, SURE).tolist())
    order = np.argsort(ratings.annotator, kind="stable")
    edges = np.searchsorted(ratings.annotator[order], np.arange(len(ratings.annotators) + 1))
    found = []
    for place, name in enumerate(ratings.annotators):
        rows = order[edges[place] : edges[place + 1]]
        shared = _shared(ratings, table, rows[pairable[rows]])
        said = tuple(_agreement(shared, apart, options, sure=place in sure))
        if len(ratings.annotators) <= WITHOUT:
            rest = headline(part(ratings, ratings.annotator != place), options)
            said += tuple(renamed(rest, {"krippendorff-alpha": "alpha-without"}))
        found.append(_use(name, ratings.values, shared, said))
    return tuple(found)


def _shared(ratings: Ratings, table: Codes, rows: Codes) -> _Shared:
    """What stands in some rows of one annotator, and beside them."""
    item, value = ratings.item[rows], ratings.value[rows]
    others = table[item].astype(np.float64)
    others[np.arange(len(rows)), value] -= 1
    on = np.zeros(len(ratings.items), dtype=np.bool_)
    on[item] = True
    beside: NDArray[np.bool_] = on[ratings.item]
    basis = Basis(
        units=len(rows),
        ratings=int(beside.sum()),
        annotators=len(np.unique(ratings.annotator[beside])),
        clusters=len(np.unique(ratings.cluster[item])),
    )
    return _Shared(
        value=value,
        others=others / others.sum(axis=1, keepdims=True),
        cluster=ratings.cluster[item],
        basis=basis,
    )


def _use(name: str, values: tuple[str, ...], shared: _Shared, said: tuple[Figure, ...]) -> Use:
    given = np.bincount(shared.value, minlength=len(values))
    expected = shared.others.sum(axis=0)
    return Use(
        annotator=name,
        counts={value: int(given[code]) for code, value in enumerate(values)},
        expected={value: rounded(expected[code]) for code, value in enumerate(values)},
        figures=said,
    )


def _agreement(shared: _Shared, apart: Floats, options: Options, *, sure: bool) -> Iterator[Figure]:
    """How far one annotator agrees with the others, beyond chance and not."""
    units, width = shared.others.shape
    rows = np.hstack(
        (
            np.ones((units, 1)),
            shared.others[np.arange(units), shared.value][:, None],
            (shared.others * apart[shared.value]).sum(axis=1)[:, None],
            np.eye(width)[shared.value],
            shared.others,
        )
    )
    once = _measures(rows.sum(axis=0)[None], apart)
    drawn = _measures(drawn_sums(rows, shared.cluster, options), apart) if sure else once
    nothing = NEGATIVE if np.isnan(apart).any() else CONSTANT
    because = nothing if units else ALONE
    for key, (value,), replicates in zip(KEYS, once, drawn, strict=True):
        found = figure(key, value, replicates, shared.basis, options, because=because)
        if not sure and found.value is not None:
            found = msgspec.structs.replace(found, low=None, high=None, unsure=TOO_MANY)
        yield found


def _measures(sums: Floats, apart: Floats) -> tuple[Floats, Floats]:
    """Both coefficients of sums of rows as `_agreement` makes them: replicates × columns."""
    width = len(apart)
    units, equal, observed = sums[:, 0], sums[:, 1], sums[:, 2]
    own, others = sums[:, 3 : 3 + width], sums[:, 3 + width :]
    expected = ((own @ apart) * others).sum(axis=1)
    return over(equal, units), 1 - over(observed * units, expected)
