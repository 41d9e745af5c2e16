"""Ratings that chance makes, of a known kind, and strategies for small ones."""

from collections.abc import Mapping, Sequence

import numpy as np
from hypothesis import strategies as st

from sikap.agreement.ratings import Level, Ratings, ratings_of

Row = tuple[str, str, str]
VALUES = "012"
SHARES = np.asarray([0.5, 0.3, 0.2])


def simulated(
    rng: np.random.Generator,
    units: int,
    raters: int,
    *,
    level: Level = "nominal",
    per_cluster: int = 1,
) -> Ratings:
    """Units whose values are drawn by shares of their own, which lie around those of clusters.

    Without clusters it is the common correlation model, with an α of one half.
    """
    cluster = np.arange(units) // per_cluster
    middle = np.tile(SHARES, (units, 1))
    if per_cluster > 1:
        middle = rng.dirichlet(SHARES * 4, size=units // per_cluster + 1)[cluster]
    shares = np.asarray([rng.dirichlet(np.maximum(one, 0.01)) for one in middle])
    edges = np.cumsum(shares, axis=1)[:, None, :-1]
    value = (rng.random((units, raters, 1)) > edges).sum(axis=2)
    rows = [
        (f"i{unit:05}", f"a{rater:03}", VALUES[value[unit, rater]])
        for unit in range(units)
        for rater in range(raters)
    ]
    clusters = {f"i{unit:05}": f"c{cluster[unit]:05}" for unit in range(units)}
    return ratings_of("v", rows, level=level, values=VALUES, clusters=clusters)


NAMES = st.sampled_from("abcdefgh")


@st.composite
def rows(draw: st.DrawFn, annotators: str = "pqrs", values: str = VALUES) -> list[Row]:
    """Some items, each rated by some of the annotators."""
    items = draw(st.integers(1, 8))
    found = []
    for item in range(items):
        for annotator in sorted(draw(st.sets(st.sampled_from(annotators)))):
            found.append((f"i{item}", annotator, draw(st.sampled_from(values))))
    return found


def renamed(given: Sequence[Row], place: int, names: Mapping[str, str]) -> list[Row]:
    """The rows with other names in one place."""
    changed = [list(row) for row in given]
    for row in changed:
        row[place] = names[row[place]]
    return [(item, annotator, value) for item, annotator, value in changed]
