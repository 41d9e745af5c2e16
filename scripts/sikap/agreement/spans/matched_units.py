"""Matched spans as units: what annotators said of spans that they marked alike.

A unit is a group of matched spans of different annotators (`matching.groups`); whoever did not
mark it has no rating on it. An attribute without a value was not asked or not answered: no rating.
"""

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, Floats
from sikap.agreement.coded_rows import MISSING, Rows, Scale, ratings_of
from sikap.agreement.ratings import (
    NO_TIME,
    Level,
    Ratings,
    by_size,
    codes,
    order_misfits,
    places,
)
from sikap.agreement.spans.match_counts import labels_of
from sikap.agreement.spans.matching import groups
from sikap.agreement.study import Flat, Marks, runs
from sikap.errors import raise_if

BETWEEN = ", "
"""Between the values of a set in its name."""

Values = tuple[str, ...]


class _Units(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Units by name, with the item of each; ``unit`` is that of the span at ``row`` of Flat."""

    names: list[str]
    item: Codes
    unit: Codes
    row: Codes


def span_units(marks: Marks) -> tuple[Ratings, ...]:
    """The label of matched spans as a variable, and each attribute as one.

    The first is called after the layer, with ``:label``; the others as their attributes.
    """
    flat, labels = marks.flat, labels_of(marks)
    units = _units(flat)
    rows = _rows(marks, units)
    spans = [flat.spans[row] for row in units.row.tolist()]
    label = places(flat.labels, labels)[flat.label[units.row]]
    of_label = ratings_of(rows, f"{marks.name}:label", Scale(level="nominal", values=labels), label)
    return (
        msgspec.structs.replace(of_label, about="span"),
        *(
            _rated(
                rows,
                one.name,
                one.level,
                one.values,
                [span.attributes.get(one.name, ()) for span in spans],
            )
            for one in marks.attributes
        ),
    )


def _rows(marks: Marks, units: _Units) -> Rows:
    """A row for each span of a unit, in the order of units and annotators."""
    flat = marks.flat
    clusters, cluster = codes([marks.clusters.get(item, item) for item in flat.items])
    ordered = sorted(range(len(units.names)), key=units.names.__getitem__)
    look = flat.look[units.row]
    when: Floats = np.full(len(look), NO_TIME)
    if marks.when:
        keys = ((flat.items[i], flat.annotators[a]) for i, a in _looks(flat))
        when = np.asarray([marks.when.get(key, NO_TIME) for key in keys])[look]
    return Rows(
        items=tuple(units.names[place] for place in ordered),
        annotators=flat.annotators,
        clusters=clusters,
        item=np.argsort(ordered)[units.unit],
        annotator=flat.annotator[look],
        cluster=cluster[units.item[ordered]],
        when=when,
    )


def _looks(flat: Flat) -> Iterator[tuple[int, int]]:
    return zip(flat.item.tolist(), flat.annotator.tolist(), strict=True)


def _units(flat: Flat) -> _Units:
    """All units of spans; where all who marked anything marked the same, none need be matched.

    Then each span shares most with its like, so that the rule gives just these pairs.
    """
    item = flat.item[flat.look]
    marking = np.bincount(flat.item[flat.size > 0], minlength=len(flat.items))
    order = np.lexsort((flat.look, flat.end, flat.start, item))
    borders = [column[order] for column in (item, flat.start, flat.end)]
    first = runs(*borders)
    size = np.diff(np.append(first, len(order)))
    unit = np.repeat(np.arange(len(first)), size)
    people = np.bincount(unit[runs(unit, flat.look[order])], minlength=len(first))
    of, start, end = (column[first] for column in borders)
    alike = marking >= 2
    alike[of[(size != people) | (people != marking[of])]] = False
    there = np.flatnonzero(alike[of])
    shown = zip(of[there].tolist(), start[there].tolist(), end[there].tolist(), strict=True)
    names = [f"{flat.items[place]}:{here}-{last}" for place, here, last in shown]
    number = np.cumsum(alike[of]) - 1
    kept = alike[of][unit]
    several = list(_matched(flat, np.flatnonzero((marking >= 2) & ~alike)))
    sizes = [len(rows) for _, _, rows in several]
    later = np.repeat(np.arange(len(several)), sizes) + len(names)
    rows = np.asarray([row for _, _, rows in several for row in rows], dtype=np.int64)
    places_of = np.asarray([place for _, place, _ in several], dtype=np.int64)
    return _Units(
        names=names + [name for name, _, _ in several],
        item=np.concatenate((of[there], places_of)),
        unit=np.concatenate((number[unit][kept], later)),
        row=np.concatenate((order[kept], rows)),
    )


def _matched(flat: Flat, items: Codes) -> Iterator[tuple[str, int, list[int]]]:
    """Yield the name of each unit of some items, the item, and the rows of its spans."""
    first, last = (np.searchsorted(flat.item, items, side=side) for side in ("left", "right"))
    for item, looks in zip(items.tolist(), map(range, first.tolist(), last.tolist()), strict=True):
        starts = {flat.annotators[flat.annotator[look]]: int(flat.first[look]) for look in looks}
        spans = {
            who: flat.spans[start : start + int(flat.size[look])]
            for (who, start), look in zip(starts.items(), looks, strict=True)
        }
        taken: dict[str, int] = {}
        for group in groups(spans):
            start, end = min((spans[who][n].start, spans[who][n].end) for who, n in group)
            unit = f"{flat.items[item]}:{start}-{end}"
            taken[unit] = taken.get(unit, 0) + 1
            name = unit if taken[unit] == 1 else f"{unit}/{taken[unit]}"
            yield name, item, [starts[who] + place for who, place in group]


def _rated(rows: Rows, name: str, level: Level, scale: Values, given: Sequence[Values]) -> Ratings:
    """The ratings of one variable; where no value was given there is none."""
    different = set(given) - {()}
    sets = level in {"masi", "jaccard"} or any(len(values) > 1 for values in different)
    if sets:
        names = _sets(different, scale)
        values = tuple(dict.fromkeys(names.values()))
        members = {name: frozenset(several) for several, name in names.items()}
    else:
        names = {several: several[0] for several in different}
        extra = sorted(set(names.values()) - set(scale), key=by_size)
        raise_if(order_misfits(name, level, scale, extra))
        values, members = (*scale, *extra), {}
    place = {several: values.index(name) for several, name in names.items()} | {(): MISSING}
    found = ratings_of(
        rows,
        name,
        Scale(
            level=level,
            values=values,
            members=tuple(members[name] for name in values) if sets else (),
        ),
        [place[several] for several in given],
    )
    return msgspec.structs.replace(found, about="span")


def _sets(given: set[Values], scale: Values) -> dict[Values, str]:
    """The name of each set of values, smaller sets and those of earlier values first."""
    place = {value: number for number, value in enumerate(scale)}

    def key(values: Values) -> list[tuple[int, str]]:
        return sorted((place.get(value, len(place)), value) for value in set(values))

    ordered = sorted(given, key=lambda values: (len(set(values)), key(values)))
    return {values: BETWEEN.join(value for _, value in key(values)) for values in ordered}
