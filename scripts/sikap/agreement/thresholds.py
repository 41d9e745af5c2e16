"""Thresholds: which rounds agree less than a project asks for, and what is to be done."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from sikap.agreement.categorical.by_category import KEYS
from sikap.agreement.categorical.coefficients import of_level, own_alpha
from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Level
from sikap.agreement.release_summary import SPAN_FIGURES, Stated
from sikap.errors import Problem
from sikap.labelling_config.scheme import Scheme
from sikap.settings import Threshold

CODES = {"refuse": "agreement-low", "warn": "agreement-warning"}
REFUSED = CODES["refuse"]
ALPHA = "krippendorff-alpha"
"""α at the level of the control; the keys of single levels name it too."""
LABEL = "label"
"""Stands after the name of a layer: the label of spans that were matched."""
NO_ROUND = "no round of purpose production with two annotators or more was pulled"


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A round that thresholds look at, and what is stated of it."""

    round_id: str
    stated: Sequence[Stated]


def below(thresholds: Sequence[Threshold], rounds: Sequence[Judged]) -> Iterator[Problem]:
    """Yield every threshold that a round does not reach: each round is judged by itself.

    What is undefined does not reach it, nor does a figure of which there is no round.
    """
    for threshold in thresholds:
        if not rounds:
            fix = "plan one with 'sikap round plan', and annotate it"
            yield _problem(threshold, "", f"{_wanted(threshold)}, but {NO_ROUND}", fix)
        for judged in rounds:
            for found in _shortfalls(threshold, judged.stated):
                yield _problem(threshold, judged.round_id, found, _fix(judged.round_id))


def _shortfalls(threshold: Threshold, stated: Sequence[Stated]) -> Iterator[str]:
    """Yield how a round falls short of a threshold, if it does."""
    figures = list(_figures(threshold, stated))
    if not figures:
        yield f"{_wanted(threshold)}, but the round has no figure of it"
    for figure in figures:
        reached = figure.value if threshold.bound == "value" else figure.low
        if figure.value is None:
            yield f"{_wanted(threshold)}, but is undefined, because {figure.undefined}"
        elif reached is None:
            yield f"{_wanted(threshold)}, but it has none: {figure.unsure}"
        elif reached < threshold.at_least:
            yield f"{_wanted(threshold)}, but is {_shown(figure)}"


def _figures(threshold: Threshold, stated: Sequence[Stated]) -> Iterator[Figure]:
    """Yield the figures that a threshold is of: an attribute may be one of several layers."""
    for one in stated:
        named = one.of == threshold.of or one.of.endswith(f":{threshold.of}")
        if named and one.value == threshold.value:
            key = threshold.figure
            if key == ALPHA and one.level is not None:
                key = own_alpha(one.level)
            yield from (figure for figure in one.figures if figure.coefficient == key)


def _wanted(threshold: Threshold) -> str:
    known = DEFINITIONS.get(threshold.figure)
    title = "Krippendorff's α" if known is None else known.title
    end = "the lower end of its interval " if threshold.bound == "low" else ""
    return f"{title} of {_what(threshold)}: {end}must reach {threshold.at_least:g}"


def _what(threshold: Threshold) -> str:
    return threshold.of if threshold.value is None else f"{threshold.of} {threshold.value!r}"


def _shown(figure: Figure) -> str:
    basis = figure.basis
    interval = f"no interval: {figure.unsure}"
    if figure.low is not None and figure.high is not None:
        interval = f"95 % interval {figure.low:.3f} to {figure.high:.3f}"
    return (
        f"{figure.value:.3f} ({interval}; units: {basis.units}, annotators: {basis.annotators}, "
        f"articles: {basis.clusters})"
    )


def _fix(round_id: str) -> str:
    return (
        f"look for the cause with 'sikap round agree {round_id}'; mend the guidelines, train, plan "
        "another round; adjudicate what differs and let the threshold warn: below = 'warn'"
    )


def _problem(threshold: Threshold, round_id: str, found: str, fix: str) -> Problem:
    return Problem(code=CODES[threshold.below], id=round_id, found=found, fix=fix)


def threshold_problems(
    thresholds: Sequence[Threshold], scheme: Scheme, levels: Mapping[str, Level]
) -> Iterator[Problem]:
    """Yield every threshold that no round could be held to; ``levels`` has that of each choice."""
    rated = {one.name: one.values for one in scheme.controls}
    rated |= {f"{one.name}:{LABEL}": one.values for one in scheme.of_kind("spans")}
    spans = {one.name for one in scheme.of_kind("spans")}
    for threshold in thresholds:
        if threshold.of not in rated:
            yield _setting(threshold, f"of = {threshold.of!r}", rated)
            continue
        level = None if threshold.of in spans else levels.get(threshold.of, "nominal")
        possible = _possible(level, whole=threshold.value is None)
        if threshold.figure not in possible:
            yield _setting(threshold, f"figure = {threshold.figure!r}", possible)
        values = rated[threshold.of]
        if threshold.value is not None and threshold.value not in values:
            yield _setting(threshold, f"value = {threshold.value!r}", values)


def _possible(level: Level | None, *, whole: bool) -> tuple[str, ...]:
    """The figures that there are of spans (without a level), or of a choice or its values."""
    if level is None:
        return SPAN_FIGURES
    return (ALPHA, *(of_level(level) if whole else KEYS))


def _setting(threshold: Threshold, found: str, possible: Collection[str]) -> Problem:
    return Problem(
        code="settings",
        file="pyproject.toml",
        id="tool.sikap.thresholds",
        found=f"the threshold for {_what(threshold)} has {found}",
        fix=f"use one of {', '.join(possible)}",
    )
