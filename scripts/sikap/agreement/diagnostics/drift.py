"""Agreement over time: the units in the order of work, cut into stretches of equal numbers."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sikap.agreement.diagnostics.subsets import part, part_of_marks, ratings_per_item
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import NO_TIME, Ratings
from sikap.agreement.report import Stretch
from sikap.agreement.study import Marks, Options
from sikap.dates import moment_of

STRETCHES = 10
LEAST = 30
"""A course has so many stretches at most, and each so many units at least."""

Headline = Callable[[Marks, Options], tuple[Figure, ...]]


def course(
    ratings: Ratings,
    options: Options,
    headline: Callable[[Ratings, Options], tuple[Figure, ...]],
) -> tuple[Stretch, ...]:
    """The course of a variable.

    It has the units with two ratings or more, at the moment of the last of these. Units whose
    moment is not known are left out; there is no course where too few are left for two stretches.
    """
    done = np.full(len(ratings.items), -np.inf)
    timeless = np.isnan(ratings.when)
    np.maximum.at(done, ratings.item, np.where(timeless, -np.inf, ratings.when))
    done[ratings_per_item(ratings) < 2] = NO_TIME
    done[ratings.item[timeless]] = NO_TIME
    found = []
    for start, end, units in _stretches(done):
        inside = np.zeros(len(ratings.items), dtype=np.bool_)
        inside[units] = True
        figures = headline(part(ratings, inside[ratings.item]), options)
        found.append(_stretch(start, end, done[units], figures))
    return tuple(found)


def course_of_marks(marks: Marks, options: Options, headline: Headline) -> tuple[Stretch, ...]:
    """The course of a layer: its units are the items that two annotators or more looked at."""
    moments: dict[str, list[float]] = {}
    for key in marks.spans:
        moments.setdefault(key[0], []).append(marks.when.get(key, NO_TIME))
    items = sorted(item for item, known in moments.items() if len(known) >= 2)
    done = np.asarray([float(np.max(moments[item])) for item in items], dtype=np.float64)
    found = []
    for start, end, units in _stretches(done):
        inside = {items[unit] for unit in units}
        figures = headline(part_of_marks(marks, inside), options)
        found.append(_stretch(start, end, done[units], figures))
    return tuple(found)


def _stretches(
    done: NDArray[np.float64],
) -> Iterator[tuple[int, int, NDArray[np.intp]]]:
    """Start, end and units of each stretch; where moments are the same, in their order."""
    known = np.flatnonzero(~np.isnan(done))
    order = known[np.argsort(done[known], kind="stable")]
    stretches = min(STRETCHES, len(order) // LEAST)
    if stretches < 2:
        return
    edges = [len(order) * place // stretches for place in range(stretches + 1)]
    for start, end in pairwise(edges):
        yield start, end, order[start:end]


def _stretch(
    start: int, end: int, done: NDArray[np.float64], figures: tuple[Figure, ...]
) -> Stretch:
    return Stretch(
        start=start,
        end=end,
        since=moment_of(float(done[0])),
        until=moment_of(float(done[-1])),
        figures=figures,
    )
