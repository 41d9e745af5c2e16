"""Contested items with all that was said of them, side by side."""

from collections.abc import Mapping, Sequence

import msgspec

from sikap.agreement.html.formatting import shorten
from sikap.agreement.report import Contested, Said
from sikap.records import Span
from sikap.rendering.span_layers import Segment, segments
from sikap.rendering.templates import PALETTE

MOST = 12
"""How many versions of one item are shown; items that many annotators judged may have more."""
ROOM = 24
"""To how many columns a label in the text is cut; the list below has it whole."""


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """A span as it is drawn; ``title`` is all that was said of it."""

    number: None = None
    classes: str
    label: str
    title: str
    place: str


class Version(msgspec.Struct, frozen=True, kw_only=True):
    """What one annotator said, or several who said the same.

    ``segments`` is null where the text is not known or a span does not fit it: then the marks are
    listed by their places.
    """

    annotators: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    segments: tuple[Segment, ...] | None
    marks: tuple[Mark, ...]


class Versions(msgspec.Struct, frozen=True, kw_only=True):
    """A contested item and its versions, that of most annotators first."""

    item: str
    cluster: str
    text: str | None
    share: float
    versions: tuple[Version, ...]
    spans: bool
    left_out: int


def versions(contested: Contested, places: Mapping[tuple[str, str], int]) -> Versions:
    """The versions of an item; ``places`` has the number of each label of each layer."""
    groups: dict[bytes, list[Said]] = {}
    for said in sorted(contested.said, key=lambda one: one.annotator):
        groups.setdefault(
            msgspec.json.encode((said.values, said.spans), order="sorted"), []
        ).append(said)
    ordered = sorted(groups.values(), key=lambda group: -len(group))
    return Versions(
        item=contested.item,
        cluster=contested.cluster,
        text=contested.text,
        share=contested.share,
        versions=tuple(_version(group, contested.text, places) for group in ordered[:MOST]),
        spans=any(said.spans for said in contested.said),
        left_out=len(ordered[MOST:]),
    )


def colours(count: int) -> str:
    """The style of so many labels."""
    return "".join(
        f".l{place} {{ --c: {PALETTE[place % len(PALETTE)]}; }}\n"
        for place in range(min(count, len(PALETTE)))
    )


def _version(
    group: Sequence[Said], text: str | None, places: Mapping[tuple[str, str], int]
) -> Version:
    said = group[0]
    spans = [(layer, span) for layer in sorted(said.spans) for span in said.spans[layer]]
    extents = [(span.start, span.end) for _, span in spans]
    fits = text is not None and all(0 <= start < end <= len(text) for start, end in extents)
    return Version(
        annotators=tuple(one.annotator for one in group),
        values=tuple((name, ", ".join(values) or "–") for name, values in said.values.items()),
        segments=tuple(segments(text, extents)) if text is not None and fits else None,
        marks=tuple(_mark(layer, span, places) for layer, span in spans),
    )


def _mark(layer: str, span: Span, places: Mapping[tuple[str, str], int]) -> Mark:
    attributes = [f"{name} {', '.join(values)}" for name, values in span.attributes.items()]
    said = (span.label, *(", ".join(values) for values in span.attributes.values() if values))
    place = places.get((layer, span.label), 0) % len(PALETTE)
    return Mark(
        classes=f"l{place}",
        label=" · ".join(shorten(one, ROOM) for one in said),
        title=f"{layer}: {span.label}" + "".join(f"; {one}" for one in attributes),
        place=f"{span.start}–{span.end}",
    )
