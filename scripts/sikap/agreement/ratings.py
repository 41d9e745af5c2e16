"""Who rated what how, as columns of codes: what every coefficient of a choice is computed from."""

import math
from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from sikap import records
from sikap.agreement.arrays import Codes
from sikap.errors import Problem, raise_if

Level = records.Level
"""How far apart two values are (see `categorical.distances`); the last two are for sets."""

Coded = tuple[Sequence[str], Codes]
"""Entries, and a column of places in them."""
NO_TIME = float("nan")
SHOWN = 5


class Ratings(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The ratings of one variable: annotator ``annotator[i]`` gave ``item[i]`` ``value[i]``.

    The three columns hold places in ``annotators``, ``items`` and ``values``. ``values`` is the
    scale, in its order; values that nobody gave may be among it where it was declared. A value of
    a set-valued variable is a set: ``members`` has, for each place of ``values``, what is in it
    (else it is empty). ``cluster[k]`` is the place in ``clusters`` of item k: items of one article
    are not independent of each other. ``when`` has seconds, NaN where nobody knows; it has a
    value for each rating. An annotator rates an item once, or not at all.
    """

    name: str
    level: Level
    about: Literal["item", "span"] = "item"
    values: tuple[str, ...]
    members: tuple[frozenset[str], ...] = ()
    items: tuple[str, ...]
    annotators: tuple[str, ...]
    clusters: tuple[str, ...]
    item: Codes
    annotator: Codes
    value: Codes
    cluster: Codes
    when: NDArray[np.float64]


def ratings_of(
    name: str,
    rows: Sequence[tuple[str, str, str]],
    *,
    level: Level = "nominal",
    about: Literal["item", "span"] = "item",
    values: Sequence[str] = (),
    clusters: dict[str, str] | None = None,
    when: Sequence[float] | None = None,
) -> Ratings:
    """Ratings from rows of item, annotator and value.

    ``values`` is a declared scale; values beyond it follow in their own order, numbers by size.
    ``clusters`` maps items to what they belong to; an item without one is a cluster of its own.
    Raises InputError where the level is ordinal and the order of the values is not known.
    """
    item, annotator, value = ([row[place] for row in rows] for place in range(3))
    extra = sorted(set(value) - set(values), key=by_size)
    raise_if(order_misfits(name, level, values, extra))
    scale = (*values, *extra)
    items, item_codes = codes(item)
    annotators, annotator_codes = codes(annotator)
    groups, group_codes = codes([(clusters or {}).get(one, one) for one in items])
    times = [NO_TIME] * len(rows) if when is None else when
    return Ratings(
        name=name,
        level=level,
        about=about,
        values=scale,
        items=items,
        annotators=annotators,
        clusters=groups,
        item=item_codes,
        annotator=annotator_codes,
        value=places(value, scale),
        cluster=group_codes,
        when=np.asarray(times, dtype=np.float64),
    )


class Columns(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Ratings as columns of codes, a row a rating; ``value`` holds places in a scale.

    ``cluster`` belongs to the rows, all of one item in one; without it each item is its own.
    """

    item: Coded
    annotator: Coded
    value: Codes
    cluster: Coded | None = None
    when: NDArray[np.float64] | None = None


def coded_ratings(
    name: str,
    columns: Columns,
    *,
    values: Sequence[str],
    level: Level = "nominal",
    members: Sequence[frozenset[str]] = (),
) -> Ratings:
    """Ratings from columns of codes, for tables that are too long for a Python object a cell.

    The order of rows decides nothing.
    """
    value, cluster, when = columns.value, columns.cluster, columns.when
    items, items_at = sorted_codes(*columns.item)
    annotators, annotators_at = sorted_codes(*columns.annotator)
    order = np.lexsort((value, annotators_at, items_at))
    groups, groups_at = (items, items_at) if cluster is None else sorted_codes(*cluster)
    cluster_of = np.zeros(len(items), dtype=np.int64)
    cluster_of[items_at] = groups_at
    times = np.full(len(order), NO_TIME) if when is None else when
    return Ratings(
        name=name,
        level=level,
        values=tuple(values),
        members=tuple(members),
        items=items,
        annotators=annotators,
        clusters=groups,
        item=items_at[order],
        annotator=annotators_at[order],
        value=value[order],
        cluster=cluster_of,
        when=times[order],
    )


def sorted_codes(entries: Sequence[str], column: Codes) -> tuple[tuple[str, ...], Codes]:
    """The entries that a column uses, sorted, and the column as places among these."""
    used = np.flatnonzero(np.bincount(column, minlength=len(entries)))
    ordered = sorted(used.tolist(), key=entries.__getitem__)
    place = np.zeros(len(entries), dtype=np.int64)
    place[ordered] = np.arange(len(ordered))
    return tuple(entries[one] for one in ordered), place[column]


def codes(column: Sequence[str]) -> tuple[tuple[str, ...], Codes]:
    """The different entries of a column, sorted, and the place of each of its entries there."""
    # In the order in which they come, since what is sorted already is sorted soon.
    entries = tuple(sorted(dict.fromkeys(column)))
    return entries, places(column, entries)


def places(column: Sequence[str], entries: Sequence[str]) -> Codes:
    """The place of each entry of a column in ``entries``."""
    place = {entry: number for number, entry in enumerate(entries)}
    return np.fromiter(map(place.__getitem__, column), dtype=np.int64, count=len(column))


def by_size(value: str) -> tuple[int, float, str]:
    """A key that sorts numbers by size, and other values after them as text; none are equal."""
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    return (0, number, value) if math.isfinite(number) else (1, 0.0, value)


def numbers(values: Sequence[str]) -> NDArray[np.float64] | None:
    """The values as finite numbers, None where one is none."""
    try:
        found = np.asarray([float(value) for value in values], dtype=np.float64)
    except ValueError:
        return None
    return found if np.isfinite(found).all() else None


def joined(parts: Sequence[Ratings]) -> Ratings:
    """The ratings of one variable that came in parts; an item may be rated in several of them.

    Raises ValueError where there are no parts, or they differ in more than their ratings.
    """
    if len({(one.name, one.level, one.about, one.values, one.members) for one in parts}) != 1:
        raise ValueError("the parts are not of one variable, with one scale")
    items = tuple(sorted({name for one in parts for name in one.items}))
    annotators = tuple(sorted({name for one in parts for name in one.annotators}))
    clusters = tuple(sorted({name for one in parts for name in one.clusters}))
    cluster = np.zeros(len(items), dtype=np.int64)
    for one in parts:
        cluster[places(one.items, items)] = places(one.clusters, clusters)[one.cluster]
    return msgspec.structs.replace(
        parts[0],
        items=items,
        annotators=annotators,
        clusters=clusters,
        item=np.concatenate([places(one.items, items)[one.item] for one in parts]),
        annotator=np.concatenate(
            [places(one.annotators, annotators)[one.annotator] for one in parts]
        ),
        value=np.concatenate([one.value for one in parts]),
        cluster=cluster,
        when=np.concatenate([one.when for one in parts]),
    )


def of_value(ratings: Ratings, value: str) -> Ratings:
    """One value against all others, as a nominal variable; of a set whether it holds the value."""
    if ratings.members:
        is_it = [value in members for members in ratings.members]
    else:
        is_it = [one == value for one in ratings.values]
    return msgspec.structs.replace(
        ratings,
        name=f"{ratings.name} {value}",
        level="nominal",
        values=(f"not {value}", value),
        members=(),
        value=np.asarray(is_it, dtype=np.int64)[ratings.value],
    )


def order_misfits(
    name: str, level: Level, values: Sequence[str], extra: Sequence[str]
) -> tuple[Problem, ...]:
    """What is wrong with the order of an ordinal scale: values beyond it, or words without one.

    ``values`` is the declared scale, ``extra`` are values beyond it.
    """
    if level != "ordinal" or not extra or (not values and numbers(extra) is not None):
        return ()
    found = (
        f"{name} is ordinal, and its declared order lacks {first_few(extra)}"
        if values
        else f"{name} is ordinal, and nobody declared the order of {first_few(extra)}"
    )
    fix = "declare all its values in their order, or use the level nominal"
    return (Problem(code="agreement-level", id=name, found=found, fix=fix),)


def first_few(values: Sequence[str]) -> str:
    """The first few of some values, and how many more there are."""
    text = ", ".join(repr(value) for value in values[:SHOWN])
    return f"{text} and {len(values) - SHOWN} more" if len(values) > SHOWN else text
