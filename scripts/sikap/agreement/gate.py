"""Thresholds: which rounds agree less than a project asks for, and what is to be done."""

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec

from sikap.agreement.agreed import Agreed
from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.figures import Figure
from sikap.errors import Problem
from sikap.project import Threshold
from sikap.scheme import Scheme

CODES = {"refuse": "agreement-low", "warn": "agreement-warning"}
REFUSED = CODES["refuse"]
NO_ROUND = "no round of purpose production with two annotators or more was pulled"


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """A round that thresholds look at, and what is stated of it."""

    round_id: str
    agreed: Sequence[Agreed]


def below(thresholds: Sequence[Threshold], rounds: Sequence[Judged]) -> Iterator[Problem]:
    """Yield every threshold that a round does not reach: each round is judged by itself.

    What is undefined does not reach it, nor does a figure of which there is no round.
    """
    for threshold in thresholds:
        if not rounds:
            fix = "plan one with 'sikap round plan', and annotate it"
            yield _problem(threshold, "", f"{_wanted(threshold)}, but {NO_ROUND}", fix)
        for judged in rounds:
            found = _shortfall(threshold, judged.agreed)
            if found:
                yield _problem(threshold, judged.round_id, found, _fix(judged.round_id))


def _shortfall(threshold: Threshold, agreed: Sequence[Agreed]) -> str:
    """How a round falls short of a threshold; empty where it does not."""
    figure = _figure(threshold, agreed)
    if figure is None:
        return f"{_wanted(threshold)}, but nobody was asked for it in the round"
    if figure.value is None:
        return f"{_wanted(threshold)}, but is undefined, because {figure.undefined}"
    if threshold.bound == "low" and figure.low is None:
        return f"{_wanted(threshold)}, but has no interval: {figure.unsure}"
    reached = figure.value if threshold.bound == "value" else figure.low
    if reached is not None and reached >= threshold.at_least:
        return ""
    return f"{_wanted(threshold)}, but is {_shown(figure)}"


def _figure(threshold: Threshold, agreed: Sequence[Agreed]) -> Figure | None:
    return next(
        (
            figure
            for one in agreed
            if (one.of, one.value) == (threshold.of, threshold.value)
            for figure in one.figures
            if figure.coefficient == threshold.figure
        ),
        None,
    )


def _wanted(threshold: Threshold) -> str:
    title = DEFINITIONS[threshold.figure].title
    end = "the lower end of its interval " if threshold.bound == "low" else ""
    return f"{title} of {_what(threshold)}: {end}must reach {threshold.at_least:g}"


def _what(threshold: Threshold) -> str:
    return threshold.of if threshold.value is None else f"{threshold.of} {threshold.value!r}"


def _shown(figure: Figure) -> str:
    basis = figure.basis
    interval = figure.unsure or f"95 % interval {figure.low:.3f} to {figure.high:.3f}"
    return (
        f"{figure.value:.3f} ({interval}; {basis.units} units, {basis.annotators} annotators, "
        f"{basis.clusters} articles)"
    )


def _fix(round_id: str) -> str:
    return (
        f"look for the cause with 'sikap round agree {round_id}'; mend the guidelines, train, plan "
        "another round; adjudicate what differs and let the threshold warn: below = 'warn'"
    )


def _problem(threshold: Threshold, round_id: str, found: str, fix: str) -> Problem:
    return Problem(code=CODES[threshold.below], id=round_id, found=found, fix=fix)


def threshold_problems(
    thresholds: Sequence[Threshold], scheme: Scheme, figures: Mapping[str, Collection[str]]
) -> Iterator[Problem]:
    """Yield every threshold that no round could be held to.

    ``figures`` has, by kind of control, the coefficients that there are of it.
    """
    controls = {one.name: one for one in scheme.controls}
    for threshold in thresholds:
        control = controls.get(threshold.of)
        if control is None:
            yield _setting(threshold, f"of = {threshold.of!r}", controls)
            continue
        if threshold.figure not in figures[control.kind]:
            yield _setting(threshold, f"figure = {threshold.figure!r}", figures[control.kind])
        if threshold.value is not None and threshold.value not in control.values:
            yield _setting(threshold, f"value = {threshold.value!r}", control.values)


def _setting(threshold: Threshold, found: str, possible: Collection[str]) -> Problem:
    return Problem(
        code="settings",
        file="pyproject.toml",
        id="tool.sikap.thresholds",
        found=f"the threshold for {_what(threshold)} has {found}",
        fix=f"use one of {', '.join(possible)}",
    )
