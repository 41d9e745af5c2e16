"""A text cut at the borders of its spans, so that overlapping and nested ones can be drawn."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import msgspec

from sikap.records import Extent

WORD = 20
"""Longer words may be torn from their label, so that a narrow screen can show both."""


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """That a span covers a segment: its place in the list, and whether it begins or ends there.

    ``depth`` is how many layers lie over it at most, anywhere in the text.
    """

    place: int
    depth: int
    first: bool
    last: bool


class Segment(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of text that no span's border cuts, and its layers from the longest span inwards."""

    text: str
    layers: tuple[Layer, ...]

    @property
    def head(self) -> str:
        """What stands before the tail."""
        return self.text[: len(self.text) - len(self.tail)]

    @property
    def tail(self) -> str:
        """The last word, if it is not long: what follows it should stay on its line."""
        words = self.text.split()
        last = words[-1] if words else ""
        return last if len(last) <= WORD and self.text.endswith(last) else ""


def segments(text: str, extents: Sequence[Extent]) -> list[Segment]:
    """Cut a text at every border; ``extents`` are ``[start, end)`` in code points.

    The texts of the segments give the text back; equal extents become layers in their order.
    """
    borders = sorted({0, len(text), *(border for extent in extents for border in extent)})
    order = sorted(
        range(len(extents)), key=lambda i: (extents[i][0] - extents[i][1], extents[i], i)
    )
    depths = _depths(order, extents)
    return [
        Segment(text=text[start:end], layers=tuple(_layers((start, end), order, depths, extents)))
        for start, end in pairwise(borders)
    ]


def _layers(
    segment: Extent, order: Sequence[int], depths: Mapping[int, int], extents: Sequence[Extent]
) -> Iterator[Layer]:
    start, end = segment
    for place in order:
        first, last = extents[place]
        if first <= start and end <= last:
            yield Layer(place=place, depth=depths[place], first=first == start, last=last == end)


def _depths(order: Sequence[int], extents: Sequence[Extent]) -> dict[int, int]:
    depths: dict[int, int] = {}
    for place in reversed(order):
        start, end = extents[place]
        over = [d for i, d in depths.items() if extents[i][0] < end and start < extents[i][1]]
        depths[place] = max(over, default=-1) + 1
    return depths
