"""What charts are drawn on: matplotlib, with its own settings and with texts put in afterwards.

Only figures and placeholders reach matplotlib; settings, fonts and places of the machine do not:
every text stands on a base line that is given, so no font is measured.

What matplotlib writes as SVG, made fit for a page: small, in its colours, without styles.

The policy of the page lets no style through but its own sheet, and colours follow the reader's
choice of light or dark. So charts are drawn in colours that stand for a name, and each becomes a
class. Texts of others never pass through matplotlib, which would read formulas into them: it gets
a placeholder for each, and they are put in here, escaped.

What charts are made of: rows and bars, where an axis begins, how much room names take.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from sikap.agreement.html.formatting import number, plain, shorten, wide

LETTER = 5.9
"""About how many pixels a column of a label takes."""
NARROW, WIDE = 132, 184
"""How wide a column of names may be, in pixels; what is left is for the axis."""
MOST_ROWS = 40
MOST_CELLS = 40
"""How many rows and columns a heat map has at most."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with its interval; NaN never comes here: what does not exist is None."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """A bar of parts, one for each kind."""

    name: str
    parts: tuple[int, ...]


def step(value: float | None) -> int:
    """In which step of a colour a value from zero to one lies."""
    return min(STEPS - 1, max(0, int((value or 0) * STEPS)))


def lowest(rows: Sequence[Row]) -> float:
    """Where an axis up to one begins: at zero, or below where figures are."""
    least = min((x for row in rows for x in (row.low, row.value) if x is not None), default=0)
    return 0.0 if least >= 0 else -0.5 if least >= -0.5 else -1.0


def ticks(first: float) -> tuple[float, ...]:
    """The round values of an axis."""
    return (*(mark for mark in (-1.0, -0.5) if mark >= first), 0.0, 0.5, 1.0)


def side(names: Sequence[str], most: float = NARROW) -> float:
    """How wide the column of names is, in pixels."""
    return min(most, 14 + LETTER * max((wide(shorten(name, 40)) for name in names), default=0))


def columns(width: float) -> int:
    """How many columns of letters a column of names has room for."""
    return int((width - 12) / LETTER)


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


if TYPE_CHECKING:
    from matplotlib import RcParams
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 344
"""A chart is at most so wide, so that a phone shows it without making its letters small."""

Box = tuple[float, float, float, float]


class Canvas:
    """One chart while it is drawn; places are in pixels from the upper left corner."""

    def __init__(self, figure: "Figure", height: int) -> None:
        self.height = height
        self.texts: list[str] = []
        self.raw = ""
        self._figure = figure

    def axes(self, box: Box) -> "Axes":
        """Axes without lines, ticks and ground: left, top, width, height."""
        left, top, width, height = box
        bottom = self.height - top - height
        place = (left / WIDTH, bottom / self.height, width / WIDTH, height / self.height)
        axes = self._figure.add_axes(place)
        axes.set_axis_off()
        return axes

    def write(
        self,
        x: float,
        y: float,
        text: str,
        side: Literal["left", "center", "right"],
        colour: str = "ink",
        size: float = 11,
        turned: float = 0,
    ) -> None:
        """Write a text on a base line; a placeholder stands for it while matplotlib draws."""
        place = f"T{len(self.texts)}"
        self.texts.append(text)
        self._figure.text(
            x / WIDTH, 1 - y / self.height, place, ha=side, va="baseline", color=COLOURS[colour],
            fontsize=size, rotation=turned, rotation_mode="anchor",
        )  # fmt: skip

    def grid(self, axes: "Axes", first: float, height: int) -> None:
        """Lines at round values, with their numbers below."""
        left, right = (axes.get_position().x0 * WIDTH, axes.get_position().x1 * WIDTH)
        for mark in ticks(first):
            axes.axvline(mark, color=COLOURS["rule"], linewidth=1, zorder=0, clip_on=False)
            x = left + (mark - first) / (1 - first) * (right - left)
            self.write(x, height - 6, number(mark, 1), "center", "soft", 10)


@contextmanager
def drawing(height: int) -> Iterator["Canvas"]:
    """A canvas to draw on, of so many pixels; what was drawn is in ``raw`` afterwards."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    # What matplotlib comes with, whatever the machine has set.
    settings = _plain(matplotlib.rcParamsDefault)
    settings |= {"svg.hashsalt": "sikap", "svg.fonttype": "none", "text.usetex": False}
    with matplotlib.rc_context(rc=settings):
        figure = Figure(figsize=(WIDTH / 72, height / 72), dpi=72)
        FigureCanvasSVG(figure)
        figure.patch.set_visible(False)
        canvas = Canvas(figure, height)
        yield canvas
        written = StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
        canvas.raw = written.getvalue()


def interval(axes: "Axes", row: Row, place: float, *, across: bool) -> None:
    """A point with the line of its interval, across or upright."""
    # An α may be far below minus one, where no axis reaches: its number says so.
    value = max(-1.0, row.value or 0.0)
    given: dict[str, Any] = {"color": COLOURS["accent"], "clip_on": False}
    if row.low is not None and row.high is not None:
        apart = [[max(0.0, value - max(-1.0, row.low))], [max(0.0, row.high - value)]]
        given |= {"xerr" if across else "yerr": apart, "elinewidth": 2, "capsize": 0}
    where = ([value], [place]) if across else ([place], [value])
    axes.errorbar(*where, fmt="o", markersize=6, **given)


def heat_cell(axes: "Axes", right: int, down: int, value: float | None) -> None:
    """A cell of a heat map; a dash where it is empty."""
    from matplotlib.patches import Rectangle

    if value is None:
        line: dict[str, Any] = {"color": COLOURS["rule"], "linewidth": 1, "clip_on": False}
        axes.plot([right + 0.3, right + 0.7], [down + 0.5, down + 0.5], **line)
        return
    colour = "below" if value < 0 else f"h{step(value)}"
    box = Rectangle((right, down), 1, 1, facecolor=COLOURS[colour], linewidth=0, clip_on=False)
    axes.add_patch(box)


def _plain(settings: "RcParams") -> dict[Any, Any]:
    """The settings that decide how something looks, as matplotlib comes with them."""
    elsewhere = ("backend", "interactive", "toolbar")
    return {key: value for key, value in settings.items() if not key.startswith(elsewhere)}
