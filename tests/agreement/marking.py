"""Spans and layers for tests, by hand and by hypothesis."""

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st

from sikap.agreement.study import Attribute, Marks
from sikap.records import Span

LABELS = ("PER", "ORG", "LOC")
STANCES = ("favor", "against")


def span(start: int, end: int, label: str = "PER", **attributes: str) -> Span:
    """A span; attributes have one value each."""
    return Span(
        start=start,
        end=end,
        label=label,
        attributes={name: (value,) for name, value in attributes.items()},
    )


def marks_of(
    spans: Mapping[tuple[str, str], Sequence[Span]],
    *,
    settled: Mapping[str, Sequence[Span]] = {},
    length: int = 20,
    width: int = 2,
    clusters: Mapping[str, str] | None = None,
) -> Marks:
    """A layer of items of one length, cut into tokens of one width, each a cluster of its own."""
    items = sorted({item for item, _ in spans})
    return Marks(
        name="entities",
        labels=LABELS,
        attributes=(Attribute(name="stance", values=STANCES),),
        spans={key: tuple(several) for key, several in spans.items()},
        clusters=clusters if clusters is not None else {item: item for item in items},
        lengths=dict.fromkeys(items, length),
        tokens={
            item: tuple((start, start + width) for start in range(0, length, width))
            for item in items
        },
        settled={item: tuple(several) for item, several in settled.items()},
    )


@st.composite
def some_span(draw: st.DrawFn, length: int = 12) -> Span:
    """A span of a short text; what lies on one another is common."""
    start = draw(st.integers(0, length - 1))
    end = draw(st.integers(start + 1, min(length, start + 5)))
    return span(start, end, draw(st.sampled_from(LABELS)), stance=draw(st.sampled_from(STANCES)))


def some_spans(most: int = 4) -> st.SearchStrategy[tuple[Span, ...]]:
    """The spans of one annotator; two may be on the same words, but none comes twice.

    Rounds refuse a span that says the same as another (`repeated-key`), tables count it once.
    """
    return st.lists(some_span(), max_size=most, unique_by=str).map(tuple)


@st.composite
def some_marks(draw: st.DrawFn, *, apart: bool = False) -> Marks:
    """A layer of a few items and annotators; not all look at all. ``apart``: none overlap."""
    spans = {}
    for item in ("i1", "i2", "i3", "i4"):
        for who in ("ana", "budi", "citra"):
            if draw(st.integers(0, 4)):
                found = draw(some_spans(3))
                spans[item, who] = without_overlaps(found) if apart else found
    settled = {item: draw(some_spans(3)) for item in ("i1", "i2", "i3") if draw(st.booleans())}
    clusters = {"i1": "a", "i2": "a", "i3": "b", "i4": "c"}
    return marks_of(spans, settled=settled, length=12, clusters=clusters)


def without_overlaps(spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans in order, without those that begin before an earlier one ends."""
    kept: list[Span] = []
    for one in sorted(spans, key=lambda span: (span.start, span.end)):
        if not kept or kept[-1].end <= one.start:
            kept.append(one)
    return tuple(kept)
