"""Parts of ratings and marks, what many annotators or values are cut to, and sums by cluster."""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

import msgspec
import numpy as np
from numpy.typing import NDArray

from sikap.agreement.arrays import Codes, Floats
from sikap.agreement.categorical.distances import distances_of
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Ratings
from sikap.agreement.study import Marks, Study

WIDE = 128
"""Tables with a row or column for each value are made of so many values at most."""


def part(ratings: Ratings, keep: NDArray[np.bool_]) -> Ratings:
    """The ratings that ``keep`` is true for, on the same scale, and the items that they are of."""
    left, item = np.unique(ratings.item[keep], return_inverse=True)
    return msgspec.structs.replace(
        ratings,
        items=tuple(ratings.items[place] for place in left),
        item=item,
        annotator=ratings.annotator[keep],
        value=ratings.value[keep],
        cluster=ratings.cluster[left],
        when=ratings.when[keep],
    )


def part_of_marks(marks: Marks, items: AbstractSet[str]) -> Marks:
    """The marks on some items."""
    spans = {key: found for key, found in marks.spans.items() if key[0] in items}
    return msgspec.structs.replace(marks, spans=spans)


def clusters_of(study: Study) -> dict[str, str]:
    """The cluster of each item that a variable or layer of a study is of."""
    found: dict[str, str] = {}
    for marks in study.layers:
        found.update(((item, marks.clusters.get(item, item)) for item, _ in marks.spans))
    for ratings in study.variables:
        clusters = (ratings.clusters[place] for place in ratings.cluster)
        found.update(zip(ratings.items, clusters, strict=True))
    return found


def ratings_per_item(ratings: Ratings) -> Codes:
    """How many ratings each item has."""
    return np.bincount(ratings.item, minlength=len(ratings.items))


def counts(ratings: Ratings) -> Codes:
    """How many annotators gave each item each value: items × values."""
    width, units = len(ratings.values), len(ratings.items)
    cells = ratings.item * width + ratings.value
    return np.bincount(cells, minlength=units * width).reshape(units, width)


def squares(ratings: Ratings, totals: Floats) -> Floats:
    """The distances of Krippendorff's α at the level of the variable: values × values.

    ``totals`` is how often each value was given: the ranks of an ordinal scale hang on it.
    """
    if ratings.level == "ordinal":
        ranks = np.cumsum(totals) - totals / 2
        apart: Floats = np.square(np.subtract.outer(ranks, ranks))
        return apart
    places = np.arange(len(ratings.values))
    return distances_of(ratings).apart(ratings.level, places[:, None], places)


def most_used(uses: Codes, most: int) -> Codes:
    """The places of the largest of some counts, ``most`` of them at most, none of them zero.

    Of equal counts all are among them or none is: names shall not decide.
    """
    floor = max(1, int(np.sort(uses)[-most - 1]) + 1) if len(uses) > most else 1
    return np.flatnonzero(uses >= floor)


def renamed(figures: tuple[Figure, ...], names: Mapping[str, str]) -> Iterator[Figure]:
    """The figures whose keys begin as one of ``names`` does, by the names that it gives."""
    for found in figures:
        for prefix, name in names.items():
            if found.coefficient.startswith(prefix):
                yield msgspec.structs.replace(found, coefficient=name)
