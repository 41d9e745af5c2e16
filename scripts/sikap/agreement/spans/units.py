"""Matched spans as units: what annotators said of spans that they marked alike.

A unit is a group of matched spans of different annotators (`matching.groups`); whoever did not
mark it has no rating on it. An attribute without a value was not asked or not answered: no rating.
"""

from collections.abc import Iterator, Sequence

import msgspec

from sikap.agreement.ratings import Level, Ratings, by_size, order_misfits
from sikap.agreement.rows import MISSING, Rows, Scale, ratings_of, rows_of
from sikap.agreement.spans.counts import by_item, labels_of
from sikap.agreement.spans.matching import groups
from sikap.agreement.study import Marks
from sikap.errors import raise_if
from sikap.records import Span

BETWEEN = ", "
"""Between the values of a set in its name."""

Unit = tuple[str, str, list[tuple[str, Span]]]
"""Its id, its item, and its spans with who marked them."""
Values = tuple[str, ...]


def span_units(marks: Marks) -> tuple[Ratings, ...]:
    """The label of matched spans as a variable, and each attribute as one.

    The first is called after the layer, with ``:label``; the others as their attributes.
    """
    units, items, annotators, spans = _columns(marks)
    clusters = {
        unit: marks.clusters.get(item, item) for unit, item in zip(units, items, strict=True)
    }
    when = [marks.when.get(key) for key in zip(items, annotators, strict=True)]
    rows = rows_of(units, annotators, clusters, when)
    labelled = [(span.label,) for span in spans]
    return (
        _rated(rows, f"{marks.name}:label", "nominal", labels_of(marks), labelled),
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


def _columns(marks: Marks) -> tuple[list[str], list[str], list[str], list[Span]]:
    """Unit, item, annotator and span, a row for each span of a unit."""
    columns: tuple[list[str], list[str], list[str], list[Span]] = ([], [], [], [])
    units, items, annotators, spans = columns
    for unit, item, several in _units(marks):
        for who, span in several:
            units.append(unit)
            items.append(item)
            annotators.append(who)
            spans.append(span)
    return columns


def _units(marks: Marks) -> Iterator[Unit]:
    for item, spans in by_item(marks.spans).items():
        if sum(1 for several in spans.values() if several) < 2:
            continue
        taken: dict[str, int] = {}
        for group in groups(spans):
            several = [(who, spans[who][place]) for who, place in group]
            start, end = min((span.start, span.end) for _, span in several)
            unit = f"{item}:{start}-{end}"
            taken[unit] = taken.get(unit, 0) + 1
            yield unit if taken[unit] == 1 else f"{unit}/{taken[unit]}", item, several


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
