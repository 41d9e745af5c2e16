"""The level of each control: what the settings say, or what follows from the control itself."""

from collections.abc import Iterator, Mapping
from typing import get_args

from sikap.agreement.ratings import numbers
from sikap.errors import Problem
from sikap.records import Level
from sikap.scheme import Control, Scheme

OF_SETS: frozenset[Level] = frozenset({"nominal", "masi", "jaccard"})
OF_ONE: frozenset[Level] = frozenset({"nominal", "ordinal", "interval", "ratio"})
NUMERIC: tuple[Level, ...] = ("interval", "ratio")


def level_of(control: Control, levels: Mapping[str, Level]) -> Level:
    """The level that is said, else ``masi`` where several values may be chosen, else ``nominal``.

    Values of an ordinal control rise in the order of the config.
    """
    return levels.get(control.name, "masi" if control.multiple else "nominal")


def level_problems(levels: Mapping[str, Level], scheme: Scheme) -> Iterator[Problem]:
    """Yield every level that its control cannot have, and every one of no control."""
    rated = {one.name: one for one in scheme.controls if one.kind != "spans"}
    for name, level in levels.items():
        found, fix = "", ""
        if name not in rated:
            found = f"levels has {name!r}, which is no choice of the labelling config"
            fix = f"use one of {', '.join(rated) or 'none: it has no choices'}"
        elif level not in possible_levels(rated[name]):
            found = f"levels has {name} = {level!r}, but {_why_not(rated[name], level)}"
            fix = f"use one of {', '.join(possible_levels(rated[name]))}"
        if found:
            yield Problem(
                code="settings", file="pyproject.toml", id="tool.sikap", found=found, fix=fix
            )


def possible_levels(control: Control) -> tuple[Level, ...]:
    """The levels that a control can have: a set has no order, and ratios need numbers."""
    every: tuple[Level, ...] = get_args(Level)
    fit = OF_SETS if control.multiple else OF_ONE
    lacking = {one for one in NUMERIC if not _are_numbers(control.values, one)}
    return tuple(one for one in every if one in fit and one not in lacking)


def _are_numbers(values: tuple[str, ...], level: Level) -> bool:
    """Whether distances at a level can be told: ratios have no numbers below zero."""
    found = numbers(values)
    return found is not None and not (level == "ratio" and (found < 0).any())


def _why_not(control: Control, level: Level) -> str:
    if control.multiple and level not in OF_SETS:
        return "it takes several values at once"
    if not control.multiple and level not in OF_ONE:
        return "it takes one value, not a set"
    lacking = "numbers from 0 up" if level == "ratio" else "numbers"
    return f"its values are no {lacking}"
