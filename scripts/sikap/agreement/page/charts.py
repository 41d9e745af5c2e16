"""The charts of a report: matplotlib draws them, `svg` makes them fit for the page.

Only figures and placeholders reach matplotlib; settings, fonts and places of the machine do not:
every text stands on a base line that is given, so no font is measured. A chart is at most `WIDTH`
wide, so that a phone shows it without making its letters small.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from typing import TYPE_CHECKING, Any, Literal

from sikap.agreement.page.axes import LETTER, MOST_ROWS, NARROW, Bar, Row, lowest, step, ticks
from sikap.agreement.page.axes import columns as columns_of
from sikap.agreement.page.axes import side as side_of
from sikap.agreement.page.formatting import number, shorten, wide
from sikap.agreement.page.svg import COLOURS, KINDS, inline

if TYPE_CHECKING:
    from matplotlib import RcParams
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 344
ROW, HEAD, FOOT = 21, 8, 22
WRITTEN = 14
"""Up to how many columns the cells of a heat map say their value."""

Box = tuple[float, float, float, float]


class Charts:
    """Draws the charts of one page, one after the other, each with ids of its own."""

    def __init__(self) -> None:
        self._drawn = 0

    def forest(self, rows: Sequence[Row], name: str, most: float = NARROW) -> str:
        """Figures below each other, each a point with the line of its interval.

        ``most`` is how wide the column of their names may be.
        """
        rows = rows[:MOST_ROWS]
        side, end = side_of([row.name for row in rows], most), 44
        first = lowest(rows)
        height = HEAD + ROW * len(rows) + FOOT
        with self._drawing(height) as drawing:
            axes = drawing.axes((side, HEAD, WIDTH - side - end, ROW * len(rows)))
            axes.set(xlim=(first, 1), ylim=(len(rows) - 0.5, -0.5))
            drawing.grid(axes, first, height)
            for place, row in enumerate(rows):
                base = HEAD + ROW * (place + 0.5) + 4
                drawing.write(side - 8, base, shorten(row.name, columns_of(side)), "right")
                if row.value is None:
                    drawing.write(side + 4, base, "undefined", "left", "soft")
                    continue
                _interval(axes, row, place, across=True)
                drawing.write(WIDTH - end + 8, base, number(row.value), "left")
        return self._done(drawing, name)

    def course(self, rows: Sequence[Row], name: str, ends: tuple[str, str]) -> str:
        """Figures in the order of time, with their intervals; ``ends`` name first and last."""
        side, height, top = 34, 150, 10
        first = lowest(rows)
        with self._drawing(height) as drawing:
            axes = drawing.axes((side, top, WIDTH - side - 10, height - top - FOOT))
            axes.set(xlim=(-0.5, len(rows) - 0.5), ylim=(first, 1))
            for mark in ticks(first):
                axes.axhline(mark, color=COLOURS["rule"], linewidth=1, zorder=0, clip_on=False)
                base = top + (1 - mark) / (1 - first) * (height - top - FOOT) + 4
                drawing.write(side - 6, base, number(mark, 1), "right", "soft")
            places = [place for place, row in enumerate(rows) if row.value is not None]
            values = [max(first, row.value) for row in rows if row.value is not None]
            axes.plot(places, values, color=COLOURS["accent"], linewidth=1.2, clip_on=False)
            for place, row in enumerate(rows):
                if row.value is not None:
                    _interval(axes, row, place, across=False)
            drawing.write(side, height - 6, shorten(ends[0], 24), "left", "soft")
            drawing.write(WIDTH - 10, height - 6, shorten(ends[1], 24), "right", "soft")
        return self._done(drawing, name)

    def heat(
        self,
        rows: Sequence[str],
        columns: Sequence[str],
        cells: Sequence[Sequence[float | None]],
        name: str,
        written: Sequence[Sequence[str]],
    ) -> str:
        """A table as colours; cells are from zero to one, below zero, or None: empty.

        ``written`` is what each cell says where there is room.
        """
        side = side_of(rows, 104)
        top = min(104, HEAD + LETTER * max(wide(shorten(one, 16)) for one in columns)) + 4
        cell = min(34.0, (WIDTH - side) / len(columns))
        height = round(top + cell * len(rows) + 4)
        letters = min(11.0, cell * 0.36)
        with self._drawing(height) as drawing:
            axes = drawing.axes((side, top, cell * len(columns), cell * len(rows)))
            axes.set(xlim=(0, len(columns)), ylim=(len(rows), 0))
            for down, line in enumerate(cells):
                base = top + cell * (down + 0.5) + 3.5
                if cell >= 8:
                    drawing.write(side - 6, base, shorten(rows[down], columns_of(side)), "right")
                for right, value in enumerate(line):
                    _cell(axes, right, down, value)
                    if cell >= 18 and len(columns) <= WRITTEN and written[down][right]:
                        colour = f"on{step(value)}" if (value or 0) > 0 else "ink"
                        x, y = side + cell * (right + 0.5), base
                        drawing.write(x, y, written[down][right], "center", colour, letters)
            for right, text in enumerate(columns):
                if cell >= 8:
                    x = side + cell * (right + 0.5) + 4
                    drawing.write(x, top - 6, shorten(text, 16), "left", turned=90)
        return self._done(drawing, name)

    def stacked(self, bars: Sequence[Bar], name: str) -> str:
        """Bars of the same length, in parts; a part says the number of its kind where it can."""
        bars = bars[:MOST_ROWS]
        side, end = side_of([bar.name for bar in bars]), 44
        height = HEAD + ROW * len(bars) + 4
        with self._drawing(height) as drawing:
            room = WIDTH - side - end
            axes = drawing.axes((side, HEAD, room, ROW * len(bars)))
            axes.set(xlim=(0, 1), ylim=(len(bars) - 0.5, -0.5))
            for place, bar in enumerate(bars):
                base, total, start = HEAD + ROW * (place + 0.5) + 4, sum(bar.parts), 0.0
                drawing.write(side - 8, base, shorten(bar.name, columns_of(side)), "right")
                drawing.write(WIDTH - end + 8, base, f"{total:,}", "left", "soft")
                for kind, part in enumerate(bar.parts):
                    if not part:
                        continue
                    share, colour = part / total, COLOURS[f"k{kind % KINDS}"]
                    axes.barh(
                        place, share, left=start, height=0.78, facecolor=colour,
                        edgecolor=COLOURS["ink"], linewidth=0.6, clip_on=False,
                    )  # fmt: skip
                    if share * room >= 12:
                        middle = side + (start + share / 2) * room
                        drawing.write(middle, base, str(kind + 1), "center", size=10)
                    start += share
        return self._done(drawing, name)

    def counts(self, values: Sequence[float], name: str) -> str:
        """How many figures lie in each tenth of the axis, as columns."""
        side, height, top, steps = 34, 150, 18, 10
        first = lowest([Row(name="", value=min(values))])
        wide_, many = (1 - first) / steps, [0] * steps
        for value in values:
            many[min(steps - 1, max(0, int((value - first) / wide_)))] += 1
        with self._drawing(height) as drawing:
            axes = drawing.axes((side, top, WIDTH - side - 24, height - top - FOOT))
            axes.set(xlim=(first, 1), ylim=(0, max(many)))
            drawing.grid(axes, first, height)
            for place, amount in enumerate(many):
                start = first + place * wide_
                colour = COLOURS["below" if start < 0 else f"h{step(start)}"]
                edge: dict[str, Any] = {
                    "edgecolor": COLOURS["ink"],
                    "linewidth": 0.6,
                    "clip_on": False,
                }
                axes.bar(start, amount, wide_ * 0.92, align="edge", facecolor=colour, **edge)
                if amount:
                    x = side + (place + 0.46) / steps * (WIDTH - side - 24)
                    y = top + (1 - amount / max(many)) * (height - top - FOOT) - 4
                    drawing.write(x, y, f"{amount:,}", "center", "soft", 10)
        return self._done(drawing, name)

    @contextmanager
    def _drawing(self, height: int) -> Iterator["_Drawing"]:
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
            drawing = _Drawing(figure, height)
            yield drawing
            written = StringIO()
            figure.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
            drawing.raw = written.getvalue()

    def _done(self, drawing: "_Drawing", name: str) -> str:
        self._drawn += 1
        return inline(drawing.raw, drawing.texts, name, (WIDTH, drawing.height), self._drawn)


class _Drawing:
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


def _interval(axes: "Axes", row: Row, place: float, *, across: bool) -> None:
    # An α may be far below minus one, where no axis reaches: its number says so.
    value = max(-1.0, row.value or 0.0)
    given: dict[str, Any] = {"color": COLOURS["accent"], "clip_on": False}
    if row.low is not None and row.high is not None:
        apart = [[max(0.0, value - max(-1.0, row.low))], [max(0.0, row.high - value)]]
        given |= {"xerr" if across else "yerr": apart, "elinewidth": 2, "capsize": 0}
    where = ([value], [place]) if across else ([place], [value])
    axes.errorbar(*where, fmt="o", markersize=6, **given)


def _cell(axes: "Axes", right: int, down: int, value: float | None) -> None:
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
