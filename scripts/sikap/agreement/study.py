"""What is studied at once: the ratings and marks of a round, of a table, or of a part of these."""

from collections.abc import Mapping
from functools import cached_property
from typing import Literal

import msgspec

from sikap.agreement.flat import Flat, flat_of
from sikap.agreement.ratings import Level, Ratings
from sikap.records import Extent, Span

Key = tuple[str, str]
"""An item and an annotator."""


class Attribute(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of a span: the values of its scale, in order, and how far these are apart."""

    name: str
    values: tuple[str, ...]
    level: Level = "nominal"


class Marks(msgspec.Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The spans of one layer. ``spans`` has an entry for whoever looked at an item, if empty.

    Offsets are code points of the item's text. ``lengths`` and ``tokens`` (extents in the text)
    may lack items: what needs them is undefined then. ``settled`` are the spans that were decided
    on. ``when`` has the seconds at which an annotator was done with an item, where known.
    """

    name: str
    labels: tuple[str, ...]
    attributes: tuple[Attribute, ...] = ()
    spans: Mapping[Key, tuple[Span, ...]]
    clusters: Mapping[str, str]
    lengths: Mapping[str, int] = {}
    tokens: Mapping[str, tuple[Extent, ...]] = {}
    settled: Mapping[str, tuple[Span, ...]] = {}
    when: Mapping[Key, float] = {}

    @cached_property
    def flat(self) -> Flat:
        """The spans as columns."""
        return flat_of(self.spans)


class Study(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Ratings and marks that belong together, and the texts they are of, where there are any.

    ``again`` and ``marks_again`` are what annotators said when they got an item a second time:
    of the same names, items and annotators as the first.
    """

    name: str
    guidelines: str | None = None
    variables: tuple[Ratings, ...] = ()
    again: tuple[Ratings, ...] = ()
    layers: tuple[Marks, ...] = ()
    marks_again: tuple[Marks, ...] = ()
    texts: Mapping[str, str] = {}


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How figures are computed: the resampling, and whether unused values of a scale count.

    ``unused`` matters where chance depends on how many values there are, and where the distance of
    two values depends on those between them.
    """

    seed: int = 0
    replicates: int = 1000
    confidence: float = 0.95
    unused: Literal["count", "ignore"] = "count"
    width: float = 0.1
    """The width that intervals are wished to have: how many more items would it take?"""
