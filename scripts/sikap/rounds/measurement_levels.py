"""The scale of a choice: its level of measurement, its values, and where an empty answer stands."""

from collections.abc import Iterable, Iterator, Mapping
from typing import get_args

from sikap.agreement.coded_rows import MISSING, Scale
from sikap.agreement.ratings import Level, numbers
from sikap.errors import Problem
from sikap.labelling_config.scheme import Control, Scheme, Values

NONE = "(none)"
"""The value of a choice that was asked and left empty."""
OF_SETS: tuple[Level, ...] = ("masi", "jaccard")
OF_NUMBERS: tuple[Level, ...] = ("interval", "ratio")


def level_of(control: Control, levels: Mapping[str, Level]) -> Level:
    """How far apart two values of a control are."""
    return levels.get(control.name, "masi" if control.multiple else "nominal")


def level_problems(levels: Mapping[str, Level], scheme: Scheme) -> Iterator[Problem]:
    """Yield every level of the settings that its control cannot have."""
    controls = {one.name: one for one in scheme.controls if one.kind != "spans"}
    for name, level in levels.items():
        found, control = f"{name!r} is no choice of the labelling config", controls.get(name)
        fix = f"name one of: {', '.join(controls) or 'none'}"
        if control is not None:
            found = _unfit(control, level)
            fix = f"use one of {', '.join(possible_levels(control))}"
        if found:
            yield Problem(
                code="settings", file="pyproject.toml", id="tool.sikap.levels", found=found, fix=fix
            )


def possible_levels(control: Control) -> tuple[Level, ...]:
    """The levels that a control can have: sets have no order, and not all values are numbers."""
    every: tuple[Level, ...] = get_args(Level)
    return tuple(level for level in every if not _unfit(control, level))


def _unfit(control: Control, level: Level) -> str:
    """Why a control cannot have a level; empty where it can."""
    if control.multiple and level not in ("nominal", *OF_SETS):
        return f"{control.name} has several values at once, which have no level {level!r}"
    if not control.multiple and level in OF_SETS:
        return f"{control.name} has one value, not a set of them as level {level!r} needs"
    if level in OF_NUMBERS and numbers(control.values) is None:
        return f"{control.name} has values that are no numbers, as level {level!r} needs"
    if level == "ratio" and any(float(value) < 0 for value in control.values):
        return f"{control.name} has values below zero, which level 'ratio' cannot have"
    return ""


def scale_of(
    control: Control, level: Level, given: Iterable[Values]
) -> tuple[Scale, dict[Values, int]]:
    """The scale of a control, and the place on it of each of the answers that were ``given``.

    Values of one choice are those of the config, in its order. Those of several are the sets that
    were given, smaller ones and those of earlier values first.
    """
    different = set(given)
    if control.multiple:
        return _sets(control, level, different)
    values = control.values
    place: dict[Values, int] = {(value,): number for number, value in enumerate(values)}
    place[()] = MISSING
    if level == "nominal" and () in different:
        place[()] = len(values)
        values = (*values, _unused(NONE, values))
    return Scale(level=level, values=values), place


def _sets(control: Control, level: Level, given: set[Values]) -> tuple[Scale, dict[Values, int]]:
    places = {
        values: tuple(sorted(control.values.index(value) for value in values)) for values in given
    }
    sets = sorted(set(places.values()), key=lambda places: (len(places), places))
    members = [tuple(control.values[place] for place in one) for one in sets]
    scale = Scale(
        level=level,
        values=tuple(_names(members)),
        members=tuple(map(frozenset, members)),
    )
    return scale, {values: sets.index(places[values]) for values in given}


def _names(members: Iterable[Values]) -> Iterator[str]:
    """Yield a name for each set; no two have the same."""
    names: set[str] = set()
    for values in members:
        name = _unused(", ".join(values) or NONE, names)
        names.add(name)
        yield name


def _unused(name: str, names: Iterable[str]) -> str:
    taken = set(names)
    while name in taken:
        name = f"({name})"
    return name
