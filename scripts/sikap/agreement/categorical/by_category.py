"""Every value against all others: on which of them annotators agree, and on which they do not."""

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, Floats, added, over
from sikap.agreement.bootstrap.draws import figures_of
from sikap.agreement.categorical.coefficients import unrated
from sikap.agreement.categorical.sums import Compute
from sikap.agreement.categorical.unit_counts import Tally
from sikap.agreement.ratings import Ratings
from sikap.agreement.report import ByValue
from sikap.agreement.study import Options

MOST = 100
"""Values that are listed, those that were given most often first where there are more."""
KINDS = 5
"""Sums that are made for each value."""
KEYS = ("percent-agreement", "krippendorff-alpha-nominal", "specific-agreement")


class Named(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The values that are listed; whoever gives the i-th of ``place`` gives the i-th ``label``.

    ``place`` is one on the scale, ``label`` one in ``names``: of a set-valued variable names are
    what is in the sets, so that a place can give several. ``counts`` has how often each was given.
    """

    names: tuple[str, ...]
    counts: Codes
    place: Codes
    label: Codes


def named(ratings: Ratings) -> Named:
    """The values to list, in the order of the scale; of sets what is in them, sorted."""
    names = ratings.values
    table = np.repeat(np.arange(len(names)), 2).reshape(-1, 2)
    if ratings.members:
        names = tuple(sorted(set().union(*ratings.members)))
        where = {name: number for number, name in enumerate(names)}
        held = [(place, where[one]) for place, some in enumerate(ratings.members) for one in some]
        table = np.asarray(held, dtype=np.int64).reshape(-1, 2)
    given = np.bincount(ratings.value, minlength=len(ratings.values))
    counts = np.bincount(table[:, 1], given[table[:, 0]], len(names)).astype(np.int64)
    listed = np.sort(np.argsort(-counts, kind="stable")[:MOST])
    number = np.full(len(names), -1)
    number[listed] = np.arange(len(listed))
    label = number[table[:, 1]]
    return Named(
        names=tuple(names[one] for one in listed),
        counts=counts[listed],
        place=table[label >= 0, 0],
        label=label[label >= 0],
    )


def of_values(tallied: Tally, listed: Named) -> Compute:
    """What computes the figures of ``KEYS`` for each value: draws × (values by figures)."""
    count = len(listed.names)
    row, label, given = _given(tallied, listed)
    rated = tallied.rated[row]
    seen = rated >= 2
    row, label, given, rated = row[seen], label[seen], given[seen], rated[seen]
    differing = 2 * given * (rated - given)
    amounts = (
        given,
        differing / (rated - 1),
        differing / (rated * (rated - 1)),
        given * (given - 1),
        given * (rated - 1),
    )
    twice = np.flatnonzero(tallied.rated >= 2)
    # All sums side by side, so that what is drawn is gone through once.
    sums = (
        *((row, place * count + label, amount) for place, amount in enumerate(amounts)),
        (twice, 0 * twice + KINDS * count, np.ones(len(twice))),
        (twice, 0 * twice + KINDS * count + 1, tallied.rated[twice]),
    )
    rows, columns, added_there = (np.concatenate(one) for one in zip(*sums, strict=True))
    together = tallied.columns(rows, columns, added_there, KINDS * count + 2)

    def compute(drawn: Floats) -> Floats:
        found = together.of(drawn)
        total, apart, differ, both, possible = np.split(found[:, :-2], KINDS, axis=1)
        units, everything = found[:, [-2]], found[:, [-1]]
        rest = everything - total
        agreed = 1 - over(differ, units + 0 * differ, (units > 0) & (differ >= 0))
        alpha = 1 - over(apart * (everything - 1), 2 * total * rest, (total > 0) & (rest > 0))
        specific = over(both, possible)
        return np.stack((agreed, alpha, specific), axis=-1).reshape(len(drawn), -1)

    return compute


def _given(tallied: Tally, listed: Named) -> tuple[Codes, Codes, Floats]:
    """Unit, value and how many gave it there, for values that are listed."""
    order = np.argsort(listed.place, kind="stable")
    places, labels = listed.place[order], listed.label[order]
    count = max(1, len(listed.names))
    start = np.searchsorted(places, np.arange(tallied.scale.width + 1))
    row, value, times = tallied.entries
    many = np.diff(start)[value]
    entry = np.repeat(np.arange(len(row)), many)
    first = np.cumsum(many) - many
    label = labels[start[value][entry] + np.arange(len(entry)) - first[entry]]
    cells, which = np.unique(row[entry] * count + label, return_inverse=True)
    given = added(which, times[entry], len(cells))
    return cells // count, cells % count, given


def value_figures(
    ratings: Ratings,
    listed: Named,
    values: Floats,
    replicates: Floats,
    tallied: Tally,
    options: Options,
) -> tuple[ByValue, ...]:
    """The figures of each value, of what `of_values` computes."""
    names = listed.names
    values = values.reshape(len(names), len(KEYS))
    replicates = replicates.reshape(len(replicates), len(names), len(KEYS))
    return tuple(
        ByValue(
            value=name,
            count=int(listed.counts[place]),
            figures=figures_of(
                dict.fromkeys(KEYS, unrated(ratings, tallied) or _because(values[place])),
                values[place],
                replicates[:, place],
                tallied.basis,
                options,
            ),
        )
        for place, name in enumerate(names)
    )


def _because(values: Floats) -> str:
    """Why a figure of a value is undefined where units have two ratings."""
    if np.isnan(values[KEYS.index("specific-agreement")]):
        return "nobody gave it on a unit with two ratings"
    return "on the units with two ratings everybody gave it, so chance alone explains all agreement"
