"""What charts are drawn on: matplotlib, with its own settings and with texts put in afterwards.

Only figures and placeholders reach matplotlib; settings, fonts and places of the machine do not:
every text stands on a base line that is given, so no font is measured.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

from sikap.agreement.page.axes import Row, step, ticks
from sikap.agreement.page.formatting import number
from sikap.agreement.page.svg import COLOURS

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
