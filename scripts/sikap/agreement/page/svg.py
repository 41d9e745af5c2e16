"""What matplotlib writes as SVG, made fit for a page: small, in its colours, without styles.

The policy of the page lets no style through but its own sheet, and colours follow the reader's
choice of light or dark. So charts are drawn in colours that stand for a name, and each becomes a
class. Texts of others never pass through matplotlib, which would read formulas into them: it gets
a placeholder for each, and they are put in here, escaped.
"""

import re
from collections.abc import Sequence
from html import escape

from sikap.agreement.page.formatting import plain

KINDS = 8
"""How many colours there are for kinds."""
STEPS = 10
"""How many steps of a colour there are from zero to one."""
NAMES = (
    *("ink", "soft", "rule", "accent", "alert", "below"),
    *(f"k{kind}" for kind in range(KINDS)),
    *(f"h{step}" for step in range(STEPS)),
    *(f"on{step}" for step in range(STEPS)),
)
COLOURS = {name: f"#a0{place:04x}" for place, name in enumerate(NAMES)}
"""What stands for each colour of the style sheet while a chart is drawn."""

_CLASS = {colour: name for name, colour in COLOURS.items()}
_DROPPED = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>"
    r"|\stransform=\"rotate\(-?0 [^\"]*\)\"|<defs>\s*</defs>",
    re.DOTALL,
)
_STYLE = re.compile(r'style="([^"]*)"')
_NAMED = re.compile(r'(\bid="|href="#|url\(#)')
_PART = re.compile(r'<g id="[^"]*">')
_LONG = re.compile(r"-?\d+\.\d{2,}")
_TEXT = re.compile(r">T(\d+)</text>")
ISOLATE, END = "\u2068", "\u2069"


def inline(raw: str, texts: Sequence[str], name: str, size: tuple[int, int], place: int) -> str:
    """The chart as an element of a page.

    ``texts`` are what the placeholders T0, T1 … stand for; ``name`` says what the chart shows;
    ``size`` is in CSS pixels; ``place`` tells its ids from those of other charts.
    """
    _, _, inside = _DROPPED.sub("", raw).partition("<svg ")
    inside = inside.partition(">")[2].rpartition("</svg>")[0]
    inside = _PART.sub("<g>", inside)
    inside = _NAMED.sub(rf"\g<1>c{place}-", inside.replace("xlink:href", "href"))
    inside = _LONG.sub(lambda match: f"{float(match[0]):.1f}".removesuffix(".0"), inside)
    inside = " ".join(_STYLE.sub(_attributes, inside).split())
    inside = inside.replace("> <", "><").replace(' "', '"')
    inside = _TEXT.sub(lambda match: f">{_isolated(texts[int(match[1])])}</text>", inside)
    width, height = size
    return (
        f'<svg class="chart" role="img" aria-label="{escape(plain(name))}" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}">{inside}</svg>'
    )


def _attributes(style: re.Match[str]) -> str:
    classes, attributes = [], []
    for declaration in style[1].split(";"):
        what, _, value = (part.strip() for part in declaration.partition(":"))
        if value in _CLASS:
            classes.append(f"{what[0]}-{_CLASS[value]}")
        elif what and what != "font-family":
            attributes.append(f'{what}="{value}"')
    given = [f'class="{" ".join(classes)}"'] if classes else []
    return " ".join(given + attributes)


def _isolated(text: str) -> str:
    return ISOLATE + escape(plain(text), quote=False) + END
