"""The main figures of a study beside those of an earlier round or of other guidelines."""

from collections.abc import Mapping
from math import hypot

from sikap.agreement.figures import Figure, rounded
from sikap.agreement.report import Difference

SHARED = "both are of articles in common, so they are not independent"
NO_INTERVAL = "one of the two has no interval"

Figures = Mapping[str, tuple[Figure, ...]]


def differences(
    now: Figures, before: Figures, *, independent: bool
) -> dict[str, tuple[Difference, ...]]:
    """What was gained since: the figures of ``now`` minus those of ``before`` that both have.

    By variable or layer. ``independent`` says that the two share no cluster.
    """
    return {
        name: tuple(
            _difference(figure, earlier, independent=independent)
            for figure in figures
            for earlier in before[name]
            if earlier.coefficient == figure.coefficient
        )
        for name, figures in now.items()
        if name in before
    }


def _difference(now: Figure, before: Figure, *, independent: bool) -> Difference:
    """The difference of two figures, with the interval of MOVER (Zou & Donner 2008)."""
    name = now.coefficient
    if now.value is None or before.value is None:
        return Difference(coefficient=name, undefined=now.undefined or before.undefined)
    value = rounded(now.value - before.value)
    if not independent:
        return Difference(coefficient=name, value=value, unsure=SHARED)
    if now.low is None or now.high is None or before.low is None or before.high is None:
        return Difference(coefficient=name, value=value, unsure=NO_INTERVAL)
    return Difference(
        coefficient=name,
        value=value,
        low=rounded(value - hypot(now.value - now.low, before.high - before.value)),
        high=rounded(value + hypot(now.high - now.value, before.value - before.low)),
    )
