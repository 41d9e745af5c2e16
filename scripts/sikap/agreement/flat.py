"""The spans of a layer as columns, a row for each span, so that many are counted at once."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes
from sikap.agreement.ratings import codes
from sikap.records import Span


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
