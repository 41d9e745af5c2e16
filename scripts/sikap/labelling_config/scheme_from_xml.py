"""Read the scheme from a Label Studio labelling config.

The config is the only place where label names are written; the code knows kinds of control:
``Labels`` mark spans, per-region ``Choices`` are attributes of a span, other ``Choices`` judge the
whole sentence. ``TextArea`` is for notes beside the scheme. Tags that only display something pass.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError, canonicalize, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sikap.errors import InputError, Problem, raise_if
from sikap.labelling_config.scheme import Condition, Control, ControlKind, Scheme

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
RESERVED = "sikap_"
"""How names begin that sikap itself adds to a config or a task."""
NOTE = "TextArea"


def read_scheme(xml: bytes, file: str, span_key: tuple[str, ...] = ()) -> Scheme:
    """Read the scheme from a labelling config; raises InputError with every problem in it."""
    root = root_of(xml, file)
    tags = [element for element in root.iter() if element.get("toName")]
    problems = list(_unusable(tags, root, file))
    problems.extend(_reserved(root, file))
    raise_if(problems)
    controls = tuple(_control(element) for element in tags if element.tag != NOTE)
    notes = tuple(element.get("name", "") for element in tags if element.tag == NOTE)
    raise_if(_name_problems(controls, notes, span_key, file))
    text = _named(root, tags[0].get("toName", ""))
    variable = text.get("value", "")[1:] if text is not None else ""
    return Scheme(
        controls=controls,
        text_name=tags[0].get("toName", ""),
        text_variable=variable,
        span_key=span_key,
        notes=notes,
    )


def same_config(one: str, other: str) -> bool:
    """Whether two configs are the same XML, white space and order of attributes aside."""
    try:
        return _canonical(one) == _canonical(other)
    except InputError:
        return False


def _canonical(config: str) -> str:
    return canonicalize(tostring(root_of(config.encode(), "config")), strip_text=True)


def root_of(xml: bytes, file: str) -> Element:
    """The root of a config; raises InputError where it cannot be read safely."""
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
    if all(tag.tag == NOTE for tag in tags):
        yield problem("it has no control", "add Labels or Choices that point to a Text")
    for tag in tags:
        name, values = tag.get("name"), _values(tag)
        if tag.tag not in {"Labels", "Choices", NOTE}:
            fix = "use Labels, Choices and TextArea only"
            yield problem(f"{tag.tag} {name!r} is not supported", fix)
        elif tag.tag == NOTE and not name:
            yield problem("a TextArea has no name", "give it one")
        elif tag.tag == NOTE:
            continue
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


def _reserved(root: Element, file: str) -> Iterator[Problem]:
    for element in root.iter():
        names = element.get("name", ""), element.get("value", "").removeprefix("$")
        # A label may be called as it likes: only a value with "$" names something in a task.
        for name in names[: 2 if element.get("value", "").startswith("$") else 1]:
            if name.startswith(RESERVED):
                found = f"{name!r} begins with {RESERVED!r}, which is for what sikap adds"
                yield Problem(code="scheme-names", file=file, found=found, fix="rename it")


def _control(element: Element) -> Control:
    attribute = element.get("perRegion") == "true"
    when = None
    if element.get("visibleWhen") == "choice-selected" and element.get("whenTagName"):
        when = Condition(element.get("whenTagName", ""), _split(element.get("whenChoiceValue")))
    kind: ControlKind = "attribute" if attribute else "choice"
    return Control(
        name=element.get("name", ""),
        kind="spans" if element.tag == "Labels" else kind,
        values=_values(element),
        multiple=element.tag == "Choices" and element.get("choice") == "multiple",
        required=element.tag == "Choices" and _is_required(element),
        when=when,
        of_labels=_split(element.get("whenLabelValue")),
    )


def _split(listed: str | None) -> tuple[str, ...]:
    return tuple(value.strip() for value in (listed or "").split(",") if value.strip())


def _is_required(element: Element) -> bool:
    # Label Studio asks for what is `required` even while it is hidden. A choice that depends on
    # another therefore says so by its requiredMessage alone, and it is asked for on our side.
    return element.get("required") == "true" or bool(element.get("requiredMessage"))


def _name_problems(
    controls: tuple[Control, ...], notes: tuple[str, ...], span_key: tuple[str, ...], file: str
) -> Iterator[Problem]:
    def problem(found: str, fix: str) -> Problem:
        return Problem(code="scheme-names", file=file, found=found, fix=fix)

    taken: dict[ControlKind, set[str]] = {
        "spans": set(),
        "attribute": SPAN_FIELDS,
        "choice": SENTENCE_FIELDS,
    }
    names = [*(control.name for control in controls), *notes]
    choices = {control.name: control.kind for control in controls if control.kind != "spans"}
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield problem(f"{name!r} names two controls", "rename one of them")
    for control in controls:
        if control.name in taken[control.kind] | CONFIG_NAMES:
            yield problem(f"{control.name!r} is the name of a column or table", "rename it")
        if control.name.removesuffix("_provenance") in set(names) - {control.name}:
            yield problem(f"{control.name!r} is the name of a column of another", "rename it")
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


def _values(element: Element) -> tuple[str, ...]:
    children = [child for child in element.iter() if child.tag in {"Label", "Choice"}]
    return tuple(child.get("alias") or child.get("value") or "" for child in children)


def _named(root: Element, name: str) -> Element | None:
    return next((element for element in root.iter() if element.get("name") == name), None)
