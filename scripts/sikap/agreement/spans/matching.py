"""Which span of one annotator is which of another: the one rule, used wherever spans are compared.

Between two annotators on one item spans are matched one to one so that the code points they share
are most in all. Of equal totals the matching is taken with more equal borders, then with more
equal borders and labels at once, more equal labels, more equal attributes, more matches, and at
last with the nearest and first places. So spans of equal borders are always matched with each
other, as far as both annotators have such, and those of equal label among them first: the number
of exact matches is that of the spans that both have (as multisets), and needs no matching.

Over all annotators of an item matches are joined to groups, from the strongest down, each with at
most one span of an annotator.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations

from sikap.records import Span

Match = tuple[int, int]
"""The places of two matched spans, in the spans of one and of the other annotator."""
Place = tuple[str, int]
"""An annotator, and the place of a span in that annotator's spans of the item."""
EXACT = 2**53
"""Whole numbers below it are exact as floats."""


def shared(one: Span, other: Span) -> int:
    """How many code points two spans share."""
    return max(0, min(one.end, other.end) - max(one.start, other.start))


def same_borders(one: Span, other: Span) -> bool:
    """Whether two spans start and end at the same places."""
    return one.start == other.start and one.end == other.end


def matches(one: Sequence[Span], other: Sequence[Span]) -> list[Match]:
    """Match the spans of two annotators on one item, by the rule of this module, in order."""
    if not one or not other:
        return []
    if one == other:
        return [(place, place) for place in range(len(one))]
    found: list[Match] = []
    for left, right in _components(one, other):
        if len(left) == len(right) == 1:
            here, there = one[left[0]], other[right[0]]
            if shared(here, there) or same_borders(here, there):
                found.append((left[0], right[0]))
        elif left and right:
            found.extend(_assigned(one, left, other, right))
    return sorted(found)


def _components(one: Sequence[Span], other: Sequence[Span]) -> list[tuple[list[int], list[int]]]:
    """Split the spans of both where none of them goes on: what is matched is in one part."""
    sides = (one, other)
    ordered = sorted(
        (span.start, span.end, side, place)
        for side, spans in enumerate(sides)
        for place, span in enumerate(spans)
    )
    parts: list[tuple[list[int], list[int]]] = []
    reach, last = -1, (-1, -1)
    for start, end, side, place in ordered:
        if not parts or (start >= reach and (start, end) != last):
            parts.append(([], []))
        parts[-1][side].append(place)
        reach, last = max(reach, end), (start, end)
    return parts


def _assigned(
    one: Sequence[Span], left: list[int], other: Sequence[Span], right: list[int]
) -> list[Match]:
    """Match spans that lie upon each other. Who is first and in which order they come is alike."""
    from scipy.optimize import linear_sum_assignment

    rows = sorted(left, key=lambda place: one[place].order)
    columns = sorted(right, key=lambda place: other[place].order)
    above, beside = [one[place] for place in rows], [other[place] for place in columns]
    turned = [span.order for span in above] > [span.order for span in beside]
    if turned:
        above, beside = beside, above
    weights = _weights(above, beside)
    chosen = zip(*linear_sum_assignment(weights, maximize=True), strict=True)
    found = [(int(row), int(column)) for row, column in chosen if weights[row][column] > 0]
    if turned:
        found = [(column, row) for row, column in found]
    return _in_turn(
        [(rows[row], columns[column]) for row, column in found], one, left, other, right
    )


def _in_turn(
    found: Sequence[Match],
    one: Sequence[Span],
    left: Sequence[int],
    other: Sequence[Span],
    right: Sequence[int],
) -> list[Match]:
    """The same matches, where an annotator's spans that are equal come in their order.

    The strongest match takes the first of them; so the first of two annotators are matched.
    """
    alike: tuple[dict[str, list[int]], dict[str, list[int]]] = ({}, {})
    for spans, places, of in ((one, left, alike[0]), (other, right, alike[1])):
        for place in sorted(places, reverse=True):
            of.setdefault(str(spans[place].order), []).append(place)
    if len(alike[0]) == len(left) and len(alike[1]) == len(right):
        return list(found)
    strongest = sorted(found, key=lambda pair: (_order(one[pair[0]], other[pair[1]]), pair))
    return [
        (alike[0][str(one[row].order)].pop(), alike[1][str(other[column].order)].pop())
        for row, column in strongest
    ]


def _order(one: Span, other: Span) -> tuple[object, ...]:
    """Sorts matches by strength as groups are joined, then by what is matched."""
    overlap, borders, both, label, equal = strength(one, other)
    return (-borders, -both, -overlap, -label, -equal), sorted((one.order, other.order))


def _weights(above: Sequence[Span], beside: Sequence[Span]) -> list[list[int]]:
    """What each match is worth, all its terms in one number, each before all that follow it.

    Zero where two spans may not be matched. What does not fit into a float exactly is left off
    from the end; that takes some thirty spans that lie upon each other.
    """
    terms = _terms(above, beside)
    most = min(len(above), len(beside))
    bases = [1 + most * max(cell[term] for row in terms for cell in row) for term in range(7)]
    while _product(bases) >= EXACT:
        bases.pop()
    return [[_joined(cell, bases) if cell[0] or cell[1] else 0 for cell in row] for row in terms]


def _terms(above: Sequence[Span], beside: Sequence[Span]) -> list[list[tuple[int, ...]]]:
    """The terms of the rule for each two spans; the higher the better."""
    borders = sorted({(span.start, span.end) for span in (*above, *beside)})
    rank = {border: place for place, border in enumerate(borders)}
    furthest = len(borders) ** 2 + 2 * len(borders)

    def of(one: Span, other: Span) -> tuple[int, ...]:
        here, there = rank[one.start, one.end], rank[other.start, other.end]
        return (*strength(one, other), 1, furthest - (here - there) ** 2 - here - there)

    return [[of(one, other) for other in beside] for one in above]


def strength(one: Span, other: Span) -> tuple[int, int, int, int, int]:
    """Shared code points; whether borders, both, and labels are equal; how many attributes are."""
    borders, label = same_borders(one, other), one.label == other.label
    first, second = one.attributes, other.attributes
    if first == second:
        equal = len(first)
    else:
        equal = sum(1 for name in first if first[name] == second.get(name))
    return shared(one, other), borders, borders and label, label, equal


def _joined(cell: tuple[int, ...], bases: Sequence[int]) -> int:
    number = 0
    for term, base in zip(cell, bases, strict=False):
        number = number * base + term
    return number


def _product(numbers: Sequence[int]) -> int:
    found = 1
    for number in numbers:
        found *= number
    return found


def groups(spans: Mapping[str, Sequence[Span]]) -> list[list[Place]]:
    """Join the matched spans of all annotators of an item: groups of two spans or more, in order.

    Matches of equal borders come first, of these those of equal labels; then those that share
    most, and so on as between two. What would bring two spans of one annotator together is left.
    """
    marked = {who: spans[who] for who in sorted(spans) if spans[who]}
    if len(marked) == 2:
        one, other = marked  # each match is a group: nothing can be joined to it
        pairs = matches(marked[one], marked[other])
        return _in_order([[(one, here), (other, there)] for here, there in pairs], spans)
    turn = {who: _turns(some) for who, some in marked.items()}
    edges = []
    for one, other in combinations(marked, 2):
        for left, right in matches(marked[one], marked[other]):
            order = _order(marked[one][left], marked[other][right])
            turns = sorted((turn[one][left], turn[other][right]))
            edges.append((order, turns, (one, left), (other, right)))
    joined: dict[Place, list[Place]] = {}
    for _, _, here, there in sorted(edges):
        near, far = joined.get(here, [here]), joined.get(there, [there])
        if {who for who, _ in near} & {who for who, _ in far}:
            continue
        together = near + far
        joined.update(dict.fromkeys(together, together))
    several = {id(group): sorted(group) for group in joined.values()}
    return _in_order(list(several.values()), spans)


def _turns(spans: Sequence[Span]) -> list[int]:
    """For each span, how many that are equal to it come before it."""
    seen: Counter[str] = Counter()
    turns = []
    for span in spans:
        key = str(span.order)
        turns.append(seen[key])
        seen[key] += 1
    return turns


def _in_order(found: list[list[Place]], spans: Mapping[str, Sequence[Span]]) -> list[list[Place]]:
    if len(found) < 2:
        return found
    return sorted(
        found,
        key=lambda group: (sorted(spans[who][place].order for who, place in group), group),
    )
