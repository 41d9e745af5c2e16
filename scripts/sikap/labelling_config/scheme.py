"""The labelling scheme: which controls there are, and what an annotation may say with them.

Spans are marked with labels, attributes say something of a span, choices of the whole sentence.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from sikap.errors import Problem
from sikap.records import Span

ControlKind = Literal["spans", "attribute", "choice"]
Values = tuple[str, ...]


class Condition(msgspec.Struct, frozen=True):
    """A choice is given exactly when ``control`` has one of ``values``, or any if none is named."""

    control: str
    values: tuple[str, ...]

    def holds(self, around: Mapping[str, Values]) -> bool:
        """Whether it does beside what else was chosen."""
        other = around.get(self.control, ())
        return any(value in (self.values or other) for value in other)


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """One control of the config: its name, its values in order, and how it is used.

    An attribute with ``of_labels`` is given only to spans that have one of these labels.
    """

    name: str
    kind: ControlKind
    values: tuple[str, ...]
    multiple: bool = False
    required: bool = False
    when: Condition | None = None
    of_labels: tuple[str, ...] = ()


class Scheme(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """All controls of a config, in its order, and the text that they speak of.

    ``text_name`` is the tag that controls point to, ``text_variable`` the key of the task data
    that it shows. ``span_key`` names the attributes that, beside start, end and label, tell two
    spans apart. ``notes`` are the text areas: what is written there stands beside the scheme.
    """

    controls: tuple[Control, ...]
    text_name: str
    text_variable: str
    span_key: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def of_kind(self, kind: ControlKind) -> tuple[Control, ...]:
        """The controls of one kind, in the order of the config."""
        return self._kinds.get(kind, ())

    @functools.cached_property
    def _kinds(self) -> dict[ControlKind, tuple[Control, ...]]:
        kinds: dict[ControlKind, tuple[Control, ...]] = {}
        for control in self.controls:
            kinds[control.kind] = (*kinds.get(control.kind, ()), control)
        return kinds

    @functools.cached_property
    def labels(self) -> tuple[str, ...]:
        """Every span label, in the order of the config."""
        return tuple(value for control in self.of_kind("spans") for value in control.values)

    def key(self, span: Span) -> tuple[object, ...]:
        """What identifies a span within a sentence: start, end, label and its key attributes."""
        extra = (span.attributes.get(name, ()) for name in self.span_key)
        return (span.start, span.end, span.label, *extra)

    def problems(
        self, spans: Iterable[Span], choices: Mapping[str, Values], length: int
    ) -> Iterator[Problem]:
        """Yield everything in which spans and choices break the scheme.

        ``length`` is that of the sentence text in code points.
        """
        seen = set()
        for span in spans:
            yield from self._span_problems(span, choices, length)
            if self.key(span) in seen:
                found = f"span {_show(span)} is there twice"
                yield Problem(code="repeated-key", found=found, fix="delete one of the two")
            seen.add(self.key(span))
        yield from _choice_problems(self.of_kind("choice"), choices, choices, "the sentence")

    def _span_problems(
        self, span: Span, choices: Mapping[str, Values], length: int
    ) -> Iterator[Problem]:
        if not 0 <= span.start < span.end <= length:
            found = f"span {_show(span)} does not lie inside the {length} characters of the text"
            yield Problem(code="span-outside", found=found, fix="mark it again in Label Studio")
        if span.label not in self.labels:
            found = f"label {span.label!r} is not one of {', '.join(self.labels) or 'none'}"
            yield Problem(code="unknown-label", found=found, fix="use a label of the config")
        around = {**choices, **span.attributes}
        what = f"span {_show(span)}"
        asked = [
            c for c in self.of_kind("attribute") if not c.of_labels or span.label in c.of_labels
        ]
        yield from _choice_problems(asked, span.attributes, around, what)


def _choice_problems(
    controls: Iterable[Control],
    given: Mapping[str, Values],
    around: Mapping[str, Values],
    what: str,
) -> Iterator[Problem]:
    """Yield what is wrong with ``given``; conditions look at ``around``, what else was chosen."""
    by_name = {control.name: control for control in controls}
    for name in given:
        if name not in by_name:
            found = f"{what} has {name!r}, which is no control for it"
            yield Problem(code="unknown-control", found=found, fix="use the controls of the config")
    for control in by_name.values():
        yield from _value_problems(control, given.get(control.name, ()), what)
        yield from _condition_problems(control, given.get(control.name, ()), around, what)


def _value_problems(control: Control, values: Values, what: str) -> Iterator[Problem]:
    for value in values:
        if value not in control.values:
            found = f"{what} has {control.name} {value!r}, not one of {', '.join(control.values)}"
            yield Problem(code="unknown-value", found=found, fix="use a value of the config")
    if len(values) > (len(set(values)) if control.multiple else 1):
        found = f"{what} has {', '.join(values)} as values of {control.name}"
        yield Problem(code="several-values", found=found, fix="choose one, or each once")


def _condition_problems(
    control: Control, values: Values, around: Mapping[str, Values], what: str
) -> Iterator[Problem]:
    when = control.when
    holds = when is None or when.holds(around)
    if values and not holds and when is not None:
        wanted = ", ".join(when.values) or "given"
        found = f"{what} has {control.name} although {when.control} is not {wanted}"
        yield Problem(code="condition", found=found, fix=f"clear {control.name}")
    if control.required and holds and not values:
        found = f"{what} has no {control.name}"
        yield Problem(code="required", found=found, fix=f"choose a {control.name}")


def _show(span: Span) -> str:
    return f"{span.start}-{span.end} {span.label}"
