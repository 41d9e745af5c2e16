"""What is studied at once: the ratings and marks of a round, of a table, or of a part of these.

The spans of a layer as columns, a row for each span, so that many are counted at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes
from sikap.agreement.ratings import Level, Ratings, codes
from sikap.errors import Problem
from sikap.records import Extent, Span


class Flat(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Looks, in the order of items and annotators, and the spans of one after the other.

    A look is an annotator on an item: ``annotator`` and ``item`` hold places, ``first`` the row of
    its first span, ``size`` how many spans it has. ``look``, ``start``, ``end`` and ``label`` have
    a row for each of ``spans``.
    """

    items: tuple[str, ...]
    annotators: tuple[str, ...]
    labels: tuple[str, ...]
    item: Codes
    annotator: Codes
    first: Codes
    size: Codes
    spans: Sequence[Span]
    look: Codes
    start: Codes
    end: Codes
    label: Codes

    @property
    def looked(self) -> Codes:
        """How many annotators looked at each item."""
        return np.bincount(self.item, minlength=len(self.items))


def flat_of(marked: Mapping[tuple[str, str], tuple[Span, ...]]) -> Flat:
    """The columns of spans by item and annotator."""
    items, item = codes([one for one, _ in marked])
    annotators, annotator = codes([who for _, who in marked])
    given = list(marked.values())
    order = np.lexsort((annotator, item))
    if (np.diff(order) < 0).any():
        item, annotator = item[order], annotator[order]
        given = [given[place] for place in order.tolist()]
    size = np.fromiter(map(len, given), dtype=np.int64, count=len(given))
    spans = [span for several in given for span in several]
    labels, label = codes([span.label for span in spans])
    return Flat(
        items=items,
        annotators=annotators,
        labels=labels,
        item=item,
        annotator=annotator,
        first=np.cumsum(size) - size,
        size=size,
        spans=spans,
        look=np.repeat(np.arange(len(given)), size),
        start=np.asarray([span.start for span in spans], dtype=np.int64),
        end=np.asarray([span.end for span in spans], dtype=np.int64),
        label=label,
    )


def runs(*columns: Codes) -> Codes:
    """The first row of each run of rows that are equal in all columns."""
    new = np.ones(len(columns[0]), dtype=np.bool_)
    if len(new):
        new[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
    return np.flatnonzero(new)


Key = tuple[str, str]
"""An item and an annotator."""
MOST_REPLICATES = 100_000
LEAST_SURE = 0.0001
"""Confidence stays so far from 0 and 1, where intervals are nothing or everything."""
NARROWEST = 0.0001


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


def option_problems(options: Options) -> Iterator[Problem]:
    """Yield every option with which no figure could be computed."""

    def problem(option: str, found: object, fix: str) -> Problem:
        return Problem(code="table-option", found=f"--{option} is {found!r}", fix=fix)

    if options.seed < 0:
        yield problem("seed", options.seed, "give a whole number from 0 up")
    if not 0 <= options.replicates <= MOST_REPLICATES:
        yield problem("replicates", options.replicates, f"give 0 to {MOST_REPLICATES}")
    if not LEAST_SURE <= options.confidence <= 1 - LEAST_SURE:
        fix = f"give a share from {LEAST_SURE} to {1 - LEAST_SURE}, such as 0.95"
        yield problem("confidence", options.confidence, fix)
    if not NARROWEST <= options.width < 2:
        fix = f"give a width of intervals from {NARROWEST} to 2, such as 0.1"
        yield problem("width", options.width, fix)
