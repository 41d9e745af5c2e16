"""Settled labels in two releases: a confusion table for every control, from the sentence rows.

Spans of a sentence are matched by start, end, label and span key, then without the span key, then
by start and end alone; so a mention whose label was changed is a change and not two.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from sikap.labelling_config.scheme import Control, ControlKind, Scheme
from sikap.release.diff.changes import NO_SPAN, NOT_GIVEN, OPEN, Confusion, Ids, LabelChange
from sikap.release.diff.rows import Pairs, Row

Cell = tuple[str, str, str]
FIELDS = {"start", "end", "label"}
SPECIAL = (NO_SPAN, OPEN, NOT_GIVEN)


class LabelDiff(msgspec.Struct, frozen=True):
    """Confusion tables with changes, and sentences that are labelled in one release only."""

    labels: tuple[Confusion, ...] = ()
    newly_labelled: Ids = ()
    unlabelled: Ids = ()


def compare_labels(pairs: Pairs, old: Scheme, new: Scheme) -> LabelDiff:
    """Compare what is settled of every sentence that is in both releases.

    Tables in which labels do not have the form that a release gives them are not compared.
    """
    if not (_has_labels(pairs.old.table) and _has_labels(pairs.new.table)):
        return LabelDiff()
    changes: dict[Cell, list[str]] = {}
    kept: Counter[tuple[str, str]] = Counter()
    newly, no_longer = list[str](), list[str]()
    columns = [
        sorted({*_columns(old), *_columns(new)} & {*side.table.column_names})
        for side in (pairs.old, pairs.new)
    ]
    common = [name for name in columns[0] if name in columns[1]]
    for place, before, after in pairs.decoded(common, sorted(pairs.edited)):
        id_ = pairs.old.id(pairs.both[place][0])
        if bool(before["labelled"]) != bool(after["labelled"]):
            (newly if after["labelled"] else no_longer).append(id_)
        if not (before["labelled"] and after["labelled"]):
            continue
        for what, (control, one, other) in _sentence(before, after, old, new):
            if one == other:
                kept[control, one] += 1
            else:
                changes.setdefault((control, one, other), []).append(f"{id_} {what}".strip())
    if changes:
        kept += _unchanged(pairs, old)
    return LabelDiff(
        labels=tuple(_confusions(changes, kept, old, new)),
        newly_labelled=tuple(sorted(newly)),
        unlabelled=tuple(sorted(no_longer)),
    )


def _has_labels(table: pa.Table) -> bool:
    if not {"labelled", "spans"} <= set(table.column_names):
        return False
    labelled, spans = (table.schema.field(name).type for name in ("labelled", "spans"))
    if not (pa.types.is_boolean(labelled) and pa.types.is_list(spans)):
        return False
    return pa.types.is_struct(spans.value_type) and _fields(spans) >= FIELDS


def _fields(spans: pa.DataType) -> set[str]:
    return {spans.value_type.field(place).name for place in range(spans.value_type.num_fields)}


def _columns(scheme: Scheme) -> Iterator[str]:
    yield from ("labelled", "spans")
    for control in scheme.of_kind("choice"):
        yield from (control.name, f"{control.name}_provenance")


def _confusions(
    changes: dict[Cell, list[str]], kept: Counter[tuple[str, str]], old: Scheme, new: Scheme
) -> Iterator[Confusion]:
    controls: dict[str, list[str]] = {}
    for control in (*old.controls, *new.controls):
        controls.setdefault(control.name, []).extend(control.values)
    for name, values in controls.items():
        cells = {cell[1:]: ids for cell, ids in changes.items() if cell[0] == name}
        same = {value: n for (control, value), n in kept.items() if control == name}
        used = {value for cell in cells for value in cell} | same.keys()
        known = [value for value in dict.fromkeys((*values, *SPECIAL)) if value in used]
        order = [*known, *sorted(used.difference(known))]
        if cells:
            yield Confusion(
                control=name,
                values=tuple(order),
                kept={value: same[value] for value in order if value in same},
                changes=tuple(
                    LabelChange(old=one, new=other, ids=tuple(sorted(cells[one, other])))
                    for one in order
                    for other in order
                    if (one, other) in cells
                ),
            )


def _sentence(before: Row, after: Row, old: Scheme, new: Scheme) -> Iterator[tuple[str, Cell]]:
    """Yield every decision on one sentence: which span, which control, old and new value."""
    for name in _names(old, new, "choice"):
        yield "", (name, value_of(before, name), value_of(after, name))
    left_spans, right_spans = ([s for s in row["spans"] or () if s] for row in (before, after))
    for one, other in match_spans(left_spans, right_spans, (*old.span_key, *new.span_key)):
        shown = one or other or {}
        what = f"{shown['start']}-{shown['end']}"
        left, right = (_label(one, old), _label(other, new))
        if left[0] and right[0] and left[0] != right[0]:
            yield what, (left[0], left[1], NO_SPAN)
            yield what, (right[0], NO_SPAN, right[1])
        else:
            yield what, (left[0] or right[0], left[1], right[1])
        if one is not None and other is not None:
            for name in _names(old, new, "attribute"):
                yield what, (name, value_of(one, name), value_of(other, name))


def match_spans(
    old: Sequence[Row], new: Sequence[Row], span_key: Sequence[str]
) -> Iterator[tuple[Row | None, Row | None]]:
    """Pair the spans of a sentence in two releases, whole keys first; the rest stands alone."""
    keys = dict.fromkeys(span_key)
    stages = (("start", "end", "label", *keys), ("start", "end", "label"), ("start", "end"))
    left = sorted(old, key=msgspec.json.encode)
    right = sorted(new, key=msgspec.json.encode)
    for stage in stages:
        unmatched = []
        for span in left:
            wanted = [span.get(name) for name in stage]
            other = next((o for o in right if [o.get(name) for name in stage] == wanted), None)
            if other is None:
                unmatched.append(span)
            else:
                right.remove(other)
                yield span, other
        left = unmatched
    yield from ((span, None) for span in left)
    yield from ((None, span) for span in right)


def value_of(row: Row, name: str) -> str:
    """The settled value of a control in a row or span, as text."""
    return _value(row.get(name), asked=row.get(f"{name}_provenance") is not None)


def _value(value: object, *, asked: bool) -> str:
    if value is None:
        return OPEN if asked else NOT_GIVEN
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _names(old: Scheme, new: Scheme, kind: ControlKind) -> list[str]:
    return list(dict.fromkeys(c.name for scheme in (old, new) for c in scheme.of_kind(kind)))


def _label(span: Row | None, scheme: Scheme) -> tuple[str, str]:
    """The control and the label of a span; none where there is no span."""
    if span is None:
        return "", NO_SPAN
    label = str(span["label"])
    return _control_of(label, scheme), label


def _control_of(label: str, scheme: Scheme) -> str:
    controls: tuple[Control, ...] = scheme.of_kind("spans")
    return next((control.name for control in controls if label in control.values), "")


def _unchanged(pairs: Pairs, scheme: Scheme) -> Counter[tuple[str, str]]:
    """What is settled of the sentences that did not change, counted on columns."""
    places = [i for place, (i, _) in enumerate(pairs.both) if place not in pairs.edited]
    table = pairs.old.table.take(pa.array(places, pa.int64()))
    table = table.filter(table["labelled"])
    counts: Counter[tuple[str, str]] = Counter()
    for control in scheme.of_kind("choice"):
        columns = (control.name, f"{control.name}_provenance")
        if set(columns) <= set(table.column_names):
            counts.update(_settled(*(table[name] for name in columns), name=control.name))
    fields = _fields(table.schema.field("spans").type)
    spans = pc.list_flatten(table["spans"].combine_chunks())
    for label, times in Counter(pc.struct_field(spans, "label").to_pylist()).items():
        counts[_control_of(label, scheme), str(label)] += times
    for control in scheme.of_kind("attribute"):
        columns = (control.name, f"{control.name}_provenance")
        if set(columns) <= fields:
            parts = (pc.struct_field(spans, name) for name in columns)
            counts.update(_settled(*parts, name=control.name))
    return counts


def _settled(values: Any, provenance: Any, *, name: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    asked = provenance.is_valid().to_pylist()
    for value, given in zip(values.to_pylist(), asked, strict=True):
        yield name, _value(value, asked=given)
