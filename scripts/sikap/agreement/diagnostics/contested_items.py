"""The items on which annotators differ most, with all that was said side by side."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations

import numpy as np

from sikap.agreement.diagnostics.subsets import clusters_of, ratings_per_item
from sikap.agreement.figures import rounded
from sikap.agreement.ratings import Ratings
from sikap.agreement.report import Contested, Said
from sikap.agreement.spans.matching import matches
from sikap.agreement.study import Marks, Study
from sikap.records import Span

MOST = 20
Compared = tuple[int, int]
"""How many comparisons differ, and how many there are."""


def contested(study: Study) -> tuple[Contested, ...]:
    """Twenty items at most, by the share of all comparisons on an item that differ.

    Every two annotators of an item are compared: in each variable that both rated, in each pair of
    matched spans (which differs unless borders and label are the same), in each span that only one
    of them marked (which differs), and in each attribute that one of two matched spans has or both.
    Of equal shares the item with more comparisons comes first, then the one whose id does. Items
    on which nothing differs are left out.
    """
    differ: dict[str, int] = defaultdict(int)
    made: dict[str, int] = defaultdict(int)
    for item, (apart, of) in _everywhere(study):
        differ[item] += apart
        made[item] += of
    disputed = [item for item, apart in differ.items() if apart]
    disputed.sort(key=lambda item: (-differ[item] / made[item], -made[item], item))
    chosen = disputed[:MOST]
    said = _said(study, frozenset(chosen))
    clusters = clusters_of(study)
    return tuple(
        Contested(
            item=item,
            cluster=clusters[item],
            text=study.texts.get(item),
            share=rounded(differ[item] / made[item]),
            said=said[item],
        )
        for item in chosen
    )


def _everywhere(study: Study) -> Iterable[tuple[str, Compared]]:
    for ratings in study.variables:
        if ratings.about == "item":
            yield from _of_variable(ratings)
    for marks in study.layers:
        yield from _of_layer(marks)


def _of_variable(ratings: Ratings) -> Iterable[tuple[str, Compared]]:
    several = ratings_per_item(ratings)
    pairs = several * (several - 1) // 2
    cells, times = np.unique(
        ratings.item * max(1, len(ratings.values)) + ratings.value, return_counts=True
    )
    apart = pairs.copy()
    np.subtract.at(apart, cells // max(1, len(ratings.values)), times * (times - 1) // 2)
    for place in np.flatnonzero(pairs):
        yield ratings.items[place], (int(apart[place]), int(pairs[place]))


def _of_layer(marks: Marks) -> Iterable[tuple[str, Compared]]:
    on: dict[str, list[tuple[Span, ...]]] = defaultdict(list)
    for (item, _), spans in marks.spans.items():
        on[item].append(spans)
    for item, versions in on.items():
        for one, other in combinations(versions, 2):
            yield item, _compared(one, other)


def _compared(one: tuple[Span, ...], other: tuple[Span, ...]) -> Compared:
    if not one or not other:
        return len(one) + len(other), len(one) + len(other)
    if one == other:
        return 0, sum(1 + len(span.attributes) for span in one)
    apart = of = 0
    met = [(one[a], other[b]) for a, b in matches(one, other)]
    for mine, theirs in met:
        controls = mine.attributes.keys() | theirs.attributes.keys()
        of += 1 + len(controls)
        apart += (mine.start, mine.end, mine.label) != (theirs.start, theirs.end, theirs.label)
        apart += sum(
            set(mine.attributes.get(name, ())) != set(theirs.attributes.get(name, ()))
            for name in controls
        )
    alone = len(one) + len(other) - 2 * len(met)
    return apart + alone, of + alone


def _said(study: Study, items: frozenset[str]) -> Mapping[str, tuple[Said, ...]]:
    """What every annotator said of each of these items, in the order of names."""
    values: dict[str, dict[str, dict[str, tuple[str, ...]]]] = {item: {} for item in items}
    spans: dict[str, dict[str, dict[str, tuple[Span, ...]]]] = {item: {} for item in items}
    for ratings in study.variables:
        if ratings.about == "item":
            for item, annotator, value in _rows(ratings, items):
                values[item].setdefault(annotator, {})[ratings.name] = value
    for marks in study.layers:
        for (item, annotator), found in marks.spans.items():
            if item in items:
                spans[item].setdefault(annotator, {})[marks.name] = found
    return {
        item: tuple(
            Said(
                annotator=annotator,
                values=values[item].get(annotator, {}),
                spans=spans[item].get(annotator, {}),
            )
            for annotator in sorted(values[item].keys() | spans[item].keys())
        )
        for item in items
    }


def _rows(ratings: Ratings, items: frozenset[str]) -> Iterable[tuple[str, str, tuple[str, ...]]]:
    wanted = np.asarray([item in items for item in ratings.items], dtype=np.bool_)
    for row in np.flatnonzero(wanted[ratings.item]):
        code = int(ratings.value[row])
        value = tuple(sorted(ratings.members[code])) if ratings.members else (ratings.values[code],)
        yield ratings.items[ratings.item[row]], ratings.annotators[ratings.annotator[row]], value
