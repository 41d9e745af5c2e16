"""How the editor shows the labels and values of a labelling config: their keys and colours."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

import msgspec

from sikap.errors import Problem
from sikap.labelling_config.scheme_from_xml import root_of

# Measured on the editor of Label Studio 1.23.2: what it gives to labels and values without a key,
# in this order, and the single keys that do something else in it.
FREE_KEYS = "1234567890qwetasdfgzxcvbyiopjklnm"
EDITOR_KEYS = {"u", "enter", "return", "escape", "esc", "backspace", "delete", "del"}


class Hotkey(msgspec.Struct, frozen=True, kw_only=True):
    """A label or value as the page shows it, and its key; None where the editor has none left.

    ``colour`` is the label's, where it is written as hexadecimal digits.
    """

    control: str
    shown: str
    key: str | None
    colour: str | None


def backgrounds(xml: bytes, file: str) -> dict[str, str]:
    """The colours that a config gives its labels; only those written as hexadecimal digits."""
    found = {}
    for element in root_of(xml, file).iter("Label"):
        colour = _colour(element)
        if colour:
            found[element.get("alias") or element.get("value") or ""] = colour
    return found


def hotkeys(xml: bytes, file: str) -> tuple[Hotkey, ...]:
    """Every label and value of a config in its order, with the key that the editor has for it.

    One whose config names no key gets the first that is free, as the editor gives it.
    """
    given = [
        (tag.get("name", ""), child, child.get("hotkey", "").lower())
        for tag in root_of(xml, file).iter()
        if tag.get("toName")
        for child in tag.iter()
        if child.tag in {"Label", "Choice"}
    ]
    taken = {key for _, _, key in given}
    free = iter([key for key in FREE_KEYS if key not in taken])
    return tuple(
        Hotkey(
            control=control,
            shown=child.get("value", ""),
            key=key or next(free, None),
            colour=_colour(child),
        )
        for control, child, key in given
    )


def key_problems(keys: Iterable[Hotkey], file: str) -> Iterator[Problem]:
    """Yield what keeps an annotator from choosing every label and value by a key of its own."""

    def problem(found: str, fix: str) -> Problem:
        return Problem(code="hotkeys", file=file, found=found, fix=fix)

    of: dict[str | None, list[str]] = defaultdict(list)
    for one in keys:
        of[one.key].append(f"{one.control} {one.shown}")
    for key, names in of.items():
        if key is None:
            found = f"no key is left for {', '.join(names)}"
            yield problem(found, 'give them one, such as hotkey="shift+1", or have fewer values')
            continue
        if len(names) > 1:
            yield problem(f"key {key!r} is that of {', '.join(names)}", "give each its own hotkey")
        if key in EDITOR_KEYS:
            found = f"key {key!r} of {', '.join(names)} does something else in the editor"
            yield problem(found, "choose another hotkey")


def _colour(element: Element) -> str | None:
    colour = element.get("background", "")
    hexadecimal = re.fullmatch(r"#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})", colour, re.ASCII)
    return colour if hexadecimal else None
