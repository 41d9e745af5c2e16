"""What an adjudicator sees beside the sentence: the competing versions, and a question why.

The labelling config of the round gets a display-only part and two controls outside the scheme.
Texts, labels and values of the versions are somebody's input: all of it is escaped.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from string import ascii_uppercase
from xml.etree.ElementTree import Element, SubElement, tostring

from sikap.labelling_config.hotkeys_and_colours import hotkeys
from sikap.labelling_config.scheme import Scheme
from sikap.labelling_config.scheme_from_xml import RESERVED, root_of
from sikap.records import Span, Version
from sikap.rendering.span_layers import Segment, segments

VERSIONS, REASON, NOTE = (f"{RESERVED}{name}" for name in ("versions", "reason", "note"))
"""The display of the versions (also the key of its HTML in a task), and the controls beside it."""
OUTSIDE = frozenset({REASON, NOTE})
"""The controls that are outside the scheme: what they say becomes notes."""
REASONS = ("ambiguous", "guideline gap", "annotator slip")
KEYS = "zxcvbnmjklyiop"
"""From which the hotkeys of the reasons are taken: those near the others come first."""
PALE, PLAIN = "40", "#9ca3af"


def adjudication_config(config: str, scheme: Scheme) -> str:
    """The labelling config of an adjudication project: that of the round, and what is added.

    The additions come last, so that the page of the round stays as annotators know it. The reason
    is required; its hotkeys are none of the config's.
    """
    root = root_of(config.encode(), "config")
    keys = iter(_free_keys(config.encode()))
    shown = SubElement(root, "View", {"style": "margin: 1em 0 0.5em"})
    _header(shown, "What annotators said")
    # Selecting words in it must begin no region.
    SubElement(
        shown,
        "HyperText",
        {"name": VERSIONS, "value": f"${VERSIONS}", "inline": "true", "selectionEnabled": "false"},
    )
    asked = SubElement(root, "View", {"style": "margin: 0.5em 0"})
    _header(asked, "Why did they differ?")
    to = scheme.text_name
    choices = SubElement(
        asked, "Choices", name=REASON, toName=to, choice="single", showInline="true"
    )
    choices.set("required", "true")
    choices.set("requiredMessage", f"Why did they differ? Choose {', '.join(REASONS)}")
    for reason in REASONS:
        key = next(keys, None)
        SubElement(choices, "Choice", {"value": reason, **({"hotkey": key} if key else {})})
    note = SubElement(asked, "TextArea", name=NOTE, toName=to, rows="1", maxSubmissions="1")
    note.set("placeholder", "A note for the next guidelines, if you like")
    return tostring(root, encoding="unicode")


def _free_keys(config: bytes) -> list[str]:
    """Keys that no label or value has, neither by the config nor by the editor."""
    taken = {one.key for one in hotkeys(config, "config")}
    return [key for key in KEYS if key not in taken]


def versions_html(
    text: str, versions: Sequence[Version], scheme: Scheme, colours: Mapping[str, str]
) -> str:
    """The competing versions of one sentence as HTML, named A, B, C in the order given.

    ``colours`` are those of labels in the config. Everything that is not ours is escaped; there
    are no classes, links or scripts in it, only styles on the elements themselves.
    """
    blocks = (
        _version(name_of(place), text, one, scheme, colours) for place, one in enumerate(versions)
    )
    return f"<div>{''.join(blocks)}</div>"


def name_of(place: int) -> str:
    """The name of a version by its place: A to Z, then A2 to Z2 and on."""
    turn, letter = divmod(place, len(ascii_uppercase))
    return f"{ascii_uppercase[letter]}{turn + 1 if turn else ''}"


def _header(view: Element, words: str) -> None:
    SubElement(view, "Header", {"value": words, "size": "5"})


def _version(
    name: str, text: str, version: Version, scheme: Scheme, colours: Mapping[str, str]
) -> str:
    pieces = segments(text, [(span.start, span.end) for span in version.spans])
    marked = "".join(_segment(piece, version.spans, colours) for piece in pieces)
    said = [_line(text[s.start : s.end], s.label, s.attributes, scheme) for s in version.spans]
    said += [_values(version.choices, scheme)] if version.choices else []
    if not version.spans and scheme.labels:
        said.insert(0, "<i>nothing marked</i>")
    items = "".join(_element("li", one, margin="0", overflow_wrap="anywhere") for one in said)
    return _element(
        "div",
        _element("div", f"<b>Version {name}</b>", color="#6b7280")
        + f'<div dir="auto" style="{_style(white_space="pre-wrap", line_height="1.9")}">'
        + f"{marked}</div>"
        + _element("ul", items, margin="0.2em 0 0", padding="0 1.2em"),
        border_left=f"3px solid {PLAIN}",
        padding="0.1em 0.8em",
        margin="0.5em 0",
    )


def _segment(piece: Segment, spans: Sequence[Span], colours: Mapping[str, str]) -> str:
    """A piece of the text under its innermost span, and the labels of those that end with it."""
    if not piece.layers:
        return escape(piece.text)
    colour = colours.get(spans[piece.layers[-1].place].label, PLAIN)
    ending = [spans[layer.place].label for layer in reversed(piece.layers) if layer.last]
    tags = "".join(
        f"<bdi>{_element('small', f' {escape(label)}', color='#374151')}</bdi>" for label in ending
    )
    lines = f"{min(len(piece.layers), 3) * 2}px solid {colour}"
    marked = _element(
        "span", escape(piece.text), background=f"{_six(colour)}{PALE}", border_bottom=lines
    )
    return marked + tags


def _line(surface: str, label: str, given: Mapping[str, tuple[str, ...]], scheme: Scheme) -> str:
    words = f"<bdi>{escape(surface)}</bdi> <b>{escape(label)}</b>"
    values = _values(given, scheme)
    return f"{words} – {values}" if values else words


def _values(given: Mapping[str, tuple[str, ...]], scheme: Scheme) -> str:
    """Controls and their values, in the order of the config."""
    return "; ".join(
        f"{escape(control.name)}: {_all(given[control.name])}"
        for control in scheme.controls
        if given.get(control.name)
    )


def _all(values: Iterable[str]) -> str:
    return ", ".join(f"<bdi>{escape(value)}</bdi>" for value in values)


def _six(colour: str) -> str:
    digits = colour.removeprefix("#")
    return f"#{digits if len(digits) == 6 else ''.join(2 * digit for digit in digits)}"


def _element(tag: str, inside: str, **styles: str) -> str:
    return f'<{tag} style="{_style(**styles)}">{inside}</{tag}>'


def _style(**styles: str) -> str:
    return "; ".join(f"{name.replace('_', '-')}: {value}" for name, value in styles.items())
