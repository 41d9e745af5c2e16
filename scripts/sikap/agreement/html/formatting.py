"""How figures and others' texts are written on a page: the same everywhere, nothing hidden."""

from unicodedata import east_asian_width

from markupsafe import Markup

from sikap.agreement.figures import Figure

PICTURES = {code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\t\n"}
HIDDEN = (0x7F, *range(0x80, 0xA0), *range(0xD800, 0xE000))
VISIBLE = PICTURES | {code: f"⟨U+{code:04X}⟩" for code in HIDDEN}
"""Control characters, which HTML cannot hold or nobody would see, and what stands for each."""
TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
IN_NAMES = VISIBLE | {9: "␉", 10: "␊"} | {code: f"⟨U+{code:04X}⟩" for code in TURNING}
NAME = 60
"""Longer names are cut in sentences; tables have them whole."""
UNITS = {"item": ("item", "items"), "span": ("matched span", "matched spans")}


def visible(value: object) -> object:
    """A text with its control characters to be seen; whatever else comes is given back.

    Those that turn the direction of a text are left: they belong to a text as it was annotated.
    """
    return value.translate(VISIBLE) if type(value) is str and not value.isprintable() else value


def plain(text: str) -> str:
    """A name on one line, in which nothing is hidden and nothing turns the direction."""
    return text if text.isprintable() else text.translate(IN_NAMES)


def shorten(text: str, room: int) -> str:
    """The name cut in its middle to so many columns; wide characters take two."""
    text = plain(text)
    if wide(text) <= room:
        return text
    ending = max(0, (room - 1) * 2 // 5)
    return _upto(text, room - 1 - ending) + "…" + _upto(text[::-1], ending)[::-1]


def _upto(text: str, room: int) -> str:
    used = 0
    for place, character in enumerate(text):
        used += wide(character)
        if used > room:
            return text[:place]
    return text


def wide(text: str) -> int:
    """How many columns a text takes."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def number(value: float, digits: int = 3) -> str:
    """A figure with three decimals, and a minus sign where it is below zero."""
    return f"{0.0 + round(value, digits):.{digits}f}".replace("-", "−")


def interval(figure: Figure) -> str:
    """The interval of a figure; empty where there is none."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{number(figure.low)} to {number(figure.high)}"


def said(figure: Figure) -> str:
    """The whole figure in a few words."""
    if figure.value is None:
        return f"undefined, because {figure.undefined or 'nobody said why'}"
    between = interval(figure)
    return number(figure.value) + (f" ({between})" if between else "")


def count(amount: int, one: str, many: str = "") -> str:
    """So many of something, in words: 1 item, 1,200 items."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def listed(parts: list[str]) -> str:
    """The parts as they are said in a sentence."""
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]


def isolated(text: str) -> Markup:
    """Somebody's text inside a sentence of ours, whatever direction it runs in."""
    return Markup("<bdi>{}</bdi>").format(shorten(text, NAME))


def share(part: float, whole: float) -> str:
    """A share in whole percent; what is less than one is not said to be nothing."""
    percent = 100 * part / whole if whole else 0.0
    return "<1%" if 0 < percent < 0.5 else f"{percent:.0f}%"
