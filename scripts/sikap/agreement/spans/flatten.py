"""Spans laid over a text so that each place of it has one: the longest, of these the first."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence

import numpy as np

from sikap.agreement.arrays import Codes
from sikap.records import Span

NOBODY = -1
"""The place of no span."""


def painted(
    spans: Sequence[Span],
    starts: Sequence[int],
    ends: Sequence[int],
    order: Mapping[str, int],
) -> Codes:
    """Which span each stretch of a text belongs to, by its place in ``spans``; NOBODY if to none.

    Stretches are sorted and apart from each other; one belongs to a span that it shares a code
    point with: of several to the longest, of equally long ones to the first, of those on the same
    words to that whose label is first in ``order``. So no span is ever cut into two parts.
    """
    owner = np.full(len(starts), NOBODY, dtype=np.int64)
    last_first = sorted(
        range(len(spans)), key=lambda place: _rank(spans[place], order), reverse=True
    )
    for place in last_first:
        span = spans[place]
        if span.start < span.end:
            owner[bisect_right(ends, span.start) : bisect_left(starts, span.end)] = place
    return owner


def _rank(span: Span, order: Mapping[str, int]) -> tuple[int, int, int]:
    return span.start - span.end, span.start, order.get(span.label, len(order))
