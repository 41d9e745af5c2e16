"""Columns that several variables share: who said something of which item, and when."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from sikap.agreement.arrays import Codes
from sikap.agreement.ratings import NO_TIME, Level, Ratings, codes

MISSING = -1


class Rows(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One row for each annotator who was done with an item; the columns are those of Ratings."""

    items: tuple[str, ...]
    annotators: tuple[str, ...]
    clusters: tuple[str, ...]
    item: Codes
    annotator: Codes
    cluster: Codes
    when: NDArray[np.float64]


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """The values that a variable can have, as Ratings has them."""

    level: Level
    values: tuple[str, ...]
    members: tuple[frozenset[str], ...] = ()


def rows_of(
    items: Sequence[str],
    annotators: Sequence[str],
    clusters: Mapping[str, str],
    when: Sequence[float | None],
) -> Rows:
    """Rows from columns of one length; an item that ``clusters`` lacks is a cluster of its own."""
    names, item = codes(items)
    people, annotator = codes(annotators)
    groups, cluster = codes([clusters.get(name, name) for name in names])
    times = (NO_TIME if moment is None else moment for moment in when)
    return Rows(
        items=names,
        annotators=people,
        clusters=groups,
        item=item,
        annotator=annotator,
        cluster=cluster,
        when=np.fromiter(times, dtype=np.float64, count=len(when)),
    )


def ratings_of(rows: Rows, name: str, scale: Scale, given: Sequence[int] | Codes) -> Ratings:
    """The ratings of one variable: ``given`` has for each row a place in the scale, or MISSING.

    Items, annotators and clusters without a rating are not in them.
    """
    value = np.asarray(given, dtype=np.int64)
    there = value != MISSING
    items, item = _used(rows.items, rows.item[there])
    annotators, annotator = _used(rows.annotators, rows.annotator[there])
    kept = np.unique(rows.item[there])
    clusters, cluster = _used(rows.clusters, rows.cluster[kept])
    return Ratings(
        name=name,
        level=scale.level,
        values=scale.values,
        members=scale.members,
        items=items,
        annotators=annotators,
        clusters=clusters,
        item=item,
        annotator=annotator,
        value=value[there],
        cluster=cluster,
        when=rows.when[there],
    )


def _used(entries: tuple[str, ...], column: Codes) -> tuple[tuple[str, ...], Codes]:
    """The entries that a column of their places uses, and the column in places of these."""
    counts = np.bincount(column, minlength=len(entries))
    used = np.flatnonzero(counts)
    if len(used) == len(entries):
        return entries, column
    place = np.cumsum(counts > 0) - 1
    return tuple(entries[old] for old in used.tolist()), place[column].astype(np.int64)
