"""Matched spans as units: what annotators said of spans that they marked alike.

A unit is a group of matched spans of different annotators (`matching.groups`); whoever did not
mark it has no rating on it. An attribute without a value was not asked or not answered: no rating.
"""

from collections.abc import Callable, Iterator

import msgspec

from sikap.agreement.matching import groups
from sikap.agreement.ratings import NO_TIME, Level, Ratings, ratings_of
from sikap.agreement.span_counts import by_item, labels_of
from sikap.agreement.study import Attribute, Marks
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
    units = list(_units(marks))
    label = _ratings(
        marks, units, f"{marks.name}:label", "nominal", labels_of(marks), lambda span: (span.label,)
    )
    return (label, *(_attribute(marks, units, attribute) for attribute in marks.attributes))


def _attribute(marks: Marks, units: list[Unit], attribute: Attribute) -> Ratings:
    name = attribute.name
    return _ratings(
        marks,
        units,
        name,
        attribute.level,
        attribute.values,
        lambda span: span.attributes.get(name, ()),
    )


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


def _ratings(
    marks: Marks,
    units: list[Unit],
    name: str,
    level: Level,
    scale: Values,
    values_of: Callable[[Span], Values],
) -> Ratings:
    """One rating for each span of a unit that has a value."""
    given = [
        (unit, item, who, values)
        for unit, item, several in units
        for who, span in several
        if (values := values_of(span))
    ]
    sets = level in {"masi", "jaccard"} or any(len(values) > 1 for _, _, _, values in given)
    names = _sets({values for _, _, _, values in given}, scale) if sets else {}
    found = ratings_of(
        name,
        [(unit, who, names.get(values, values[0])) for unit, _, who, values in given],
        level=level,
        about="span",
        values=tuple(dict.fromkeys(names.values())) if sets else scale,
        clusters={unit: marks.clusters.get(item, item) for unit, item, _, _ in given},
        when=[marks.when.get((item, who), NO_TIME) for _, item, who, _ in given],
    )
    if not sets:
        return found
    members = {name: frozenset(values) for values, name in names.items()}
    return msgspec.structs.replace(found, members=tuple(members[name] for name in found.values))


def _sets(given: set[Values], scale: Values) -> dict[Values, str]:
    """The name of each set of values, smaller sets and those of earlier values first."""
    place = {value: number for number, value in enumerate(scale)}

    def key(values: Values) -> list[tuple[int, str]]:
        return sorted((place.get(value, len(place)), value) for value in set(values))

    ordered = sorted(given, key=lambda values: (len(set(values)), key(values)))
    return {values: BETWEEN.join(value for _, value in key(values)) for values in ordered}
