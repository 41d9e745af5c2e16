"""The labelling scheme, read from a Label Studio labelling config.

The config is the only place where label names are written; the code knows kinds of control:
``Labels`` mark spans, per-region ``Choices`` are attributes of a span, other ``Choices`` judge the
whole sentence. Tags that only display something pass.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal
from xml.etree.ElementTree import Element, ParseError, canonicalize

import msgspec
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sikap.errors import InputError, Problem, raise_if
from sikap.records import Span

ControlKind = Literal["spans", "attribute", "choice"]
Values = tuple[str, ...]
SPAN_FIELDS = {
    *("start", "end", "text", "label", "provenance", "sentence_id", "article_id"),
    *("target", "target_start", "target_end", "target_label"),
}
SENTENCE_FIELDS = {
    *("sentence_id", "article_id", "index", "paragraph", "kind", "start", "end", "text", "label"),
    *("labelled", "annotators", "round", "open", "spans", "item_id", "pass", "annotator"),
    *("annotator_kind", "status", "seconds"),
}
CONFIG_NAMES = {"sentences", "annotations", "articles"}
TASK_FIELDS = {"item_id", "before", "after"}


class Condition(msgspec.Struct, frozen=True):
    """A choice is given exactly when ``control`` has one of ``values``, or any if none is named."""

    control: str
    values: tuple[str, ...]


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """One control of the config: its name, its values in order, and how it is used."""

    name: str
    kind: ControlKind
    values: tuple[str, ...]
    multiple: bool = False
    required: bool = False
    when: Condition | None = None


class Scheme(msgspec.Struct, frozen=True, kw_only=True):
    """All controls of a config, in its order, and the text that they speak of.

    ``text_name`` is the tag that controls point to, ``text_variable`` the key of the task data
    that it shows. ``span_key`` names the attributes that, beside start, end and label, tell two
    spans apart.
    """

    controls: tuple[Control, ...]
    text_name: str
    text_variable: str
    span_key: tuple[str, ...] = ()

    def of_kind(self, kind: ControlKind) -> tuple[Control, ...]:
        """The controls of one kind, in the order of the config."""
        return tuple(control for control in self.controls if control.kind == kind)

    @property
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
        yield from _choice_problems(self.of_kind("attribute"), span.attributes, around, what)


def read_scheme(xml: bytes, file: str, span_key: tuple[str, ...] = ()) -> Scheme:
    """Read the scheme from a labelling config; raises InputError with every problem in it."""
    root = _parse(xml, file)
    tags = [element for element in root.iter() if element.get("toName")]
    problems = list(_unusable(tags, root, file))
    raise_if(problems)
    controls = tuple(_control(element) for element in tags)
    raise_if(_name_problems(controls, span_key, file))
    text = _named(root, tags[0].get("toName", ""))
    variable = text.get("value", "")[1:] if text is not None else ""
    return Scheme(
        controls=controls,
        text_name=tags[0].get("toName", ""),
        text_variable=variable,
        span_key=span_key,
    )


def same_config(one: str, other: str) -> bool:
    """Whether two configs are the same XML, white space and order of attributes aside."""
    try:
        return canonicalize(one, strip_text=True) == canonicalize(other, strip_text=True)
    except ParseError:
        return False


def _parse(xml: bytes, file: str) -> Element:
    fix = "write well-formed XML without DTD and entities"
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except ParseError as error:
        found = f"it is not well-formed: {error}"
        raise InputError(Problem(code="scheme-xml", file=file, found=found, fix=fix)) from error
    except (DefusedXmlException, ValueError, LookupError) as error:
        found = f"it cannot be read safely: {error}"
        raise InputError(Problem(code="scheme-xml", file=file, found=found, fix=fix)) from error
    return root


def _unusable(tags: list[Element], root: Element, file: str) -> Iterator[Problem]:
    def problem(found: str, fix: str) -> Problem:
        return Problem(code="scheme-controls", file=file, found=found, fix=fix)

    marking = any(tag.tag == "Labels" for tag in tags)
    if not tags:
        yield problem("it has no control", "add Labels or Choices that point to a Text")
    for tag in tags:
        name, values = tag.get("name"), _values(tag)
        if tag.tag not in {"Labels", "Choices"}:
            yield problem(f"{tag.tag} {name!r} is not supported", "use Labels and Choices only")
        elif not name or not all(values) or not values:
            yield problem(f"{tag.tag} {name!r} has no name or lacks a value", "give it both")
        elif tag.get("perRegion") == "true" and not marking:
            yield problem(f"{tag.tag} {name!r} is per region", "add Labels that mark regions")
    targets = {tag.get("toName", "") for tag in tags}
    if len(targets) > 1:
        yield problem(
            f"controls point to {', '.join(sorted(targets))}", "let all point to one Text"
        )
    for target in sorted(targets):
        text = _named(root, target)
        fix = f'add <Text name="{target}" value="$text"/>'
        if text is None or text.tag != "Text" or not re.fullmatch(r"\$.+", text.get("value", "")):
            yield problem(f"toName {target!r} is no Text with a $variable", fix)
        elif text.get("value", "")[1:] in TASK_FIELDS:
            yield problem(f"{text.get('value')} is taken by the item or its context", fix)


def _control(element: Element) -> Control:
    attribute = element.get("perRegion") == "true"
    when = None
    if element.get("visibleWhen") == "choice-selected" and element.get("whenTagName"):
        values = tuple(v.strip() for v in element.get("whenChoiceValue", "").split(",") if v)
        when = Condition(element.get("whenTagName", ""), values)
    kind: ControlKind = "attribute" if attribute else "choice"
    return Control(
        name=element.get("name", ""),
        kind="spans" if element.tag == "Labels" else kind,
        values=_values(element),
        multiple=element.tag == "Choices" and element.get("choice") == "multiple",
        required=element.tag == "Choices" and _is_required(element),
        when=when,
    )


def _is_required(element: Element) -> bool:
    # Label Studio asks for what is `required` even while it is hidden. A choice that depends on
    # another therefore says so by its requiredMessage alone, and it is asked for on our side.
    return element.get("required") == "true" or bool(element.get("requiredMessage"))


def _name_problems(
    controls: tuple[Control, ...], span_key: tuple[str, ...], file: str
) -> Iterator[Problem]:
    def problem(found: str, fix: str) -> Problem:
        return Problem(code="scheme-names", file=file, found=found, fix=fix)

    taken: dict[ControlKind, set[str]] = {
        "spans": set(),
        "attribute": SPAN_FIELDS,
        "choice": SENTENCE_FIELDS,
    }
    names = [control.name for control in controls]
    choices = {control.name: control.kind for control in controls if control.kind != "spans"}
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield problem(f"{name!r} names two controls", "rename one of them")
    for control in controls:
        if control.name in taken[control.kind] | CONFIG_NAMES:
            yield problem(f"{control.name!r} is the name of a column or table", "rename it")
        if not control.name.replace("-", "_").isidentifier():
            yield problem(f"{control.name!r} cannot name a column", "use letters, digits, _ and -")
        # A sentence has no region that could decide whether a choice on it is asked for.
        usable = {"choice"} if control.kind == "choice" else {"choice", "attribute"}
        if control.when and choices.get(control.when.control) not in usable:
            found = f"{control.name!r} depends on {control.when.control!r}"
            yield problem(found, "let it depend on Choices of the region or the sentence")
        if len(set(control.values)) < len(control.values):
            yield problem(f"{control.name!r} has a value twice", "delete one of the two")
    labels = [value for control in controls if control.kind == "spans" for value in control.values]
    for label in sorted({label for label in labels if labels.count(label) > 1}):
        yield problem(f"label {label!r} is there twice", "rename one of them")
    for name in span_key:
        if name not in [control.name for control in controls if control.kind == "attribute"]:
            yield problem(f"span_key {name!r} is no per-region Choices", "name one, or drop it")


def _choice_problems(
    controls: tuple[Control, ...],
    given: Mapping[str, Values],
    around: Mapping[str, Values],
    what: str,
) -> Iterator[Problem]:
    """Yield what is wrong with ``given``; conditions look at ``around``, what else was chosen."""
    known = {control.name for control in controls}
    for name in given:
        if name not in known:
            found = f"{what} has a control {name!r}"
            yield Problem(code="unknown-control", found=found, fix="use the controls of the config")
    for control in controls:
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
    other = around.get(when.control, ()) if when else ()
    holds = when is None or any(value in (when.values or other) for value in other)
    if values and not holds and when is not None:
        wanted = ", ".join(when.values) or "given"
        found = f"{what} has {control.name} although {when.control} is not {wanted}"
        yield Problem(code="condition", found=found, fix=f"clear {control.name}")
    if control.required and holds and not values:
        found = f"{what} has no {control.name}"
        yield Problem(code="required", found=found, fix=f"choose a {control.name}")


def _values(element: Element) -> tuple[str, ...]:
    children = [child for child in element.iter() if child.tag in {"Label", "Choice"}]
    return tuple(child.get("alias") or child.get("value") or "" for child in children)


def _named(root: Element, name: str) -> Element | None:
    return next((element for element in root.iter() if element.get("name") == name), None)


def _show(span: Span) -> str:
    return f"{span.start}-{span.end} {span.label}"
