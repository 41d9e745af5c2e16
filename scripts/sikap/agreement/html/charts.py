"""The charts of a report: drawn and made fit for the page by `matplotlib_svg`."""

from collections.abc import Sequence
from typing import Any

from sikap.agreement.html.formatting import number, shorten, wide
from sikap.agreement.html.matplotlib_svg import (
    COLOURS,
    KINDS,
    LETTER,
    MOST_ROWS,
    NARROW,
    WIDTH,
    Bar,
    Canvas,
    Row,
    drawing,
    heat_cell,
    inline,
    interval,
    lowest,
    step,
    ticks,
)
from sikap.agreement.html.matplotlib_svg import columns as columns_of
from sikap.agreement.html.matplotlib_svg import side as side_of

ROW, HEAD, FOOT = 21, 8, 22
WRITTEN = 14
"""Up to how many columns the cells of a heat map say their value."""


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
        with drawing(height) as canvas:
            axes = canvas.axes((side, HEAD, WIDTH - side - end, ROW * len(rows)))
            axes.set(xlim=(first, 1), ylim=(len(rows) - 0.5, -0.5))
            canvas.grid(axes, first, height)
            for place, row in enumerate(rows):
                base = HEAD + ROW * (place + 0.5) + 4
                canvas.write(side - 8, base, shorten(row.name, columns_of(side)), "right")
                if row.value is None:
                    canvas.write(side + 4, base, "undefined", "left", "soft")
                    continue
                interval(axes, row, place, across=True)
                canvas.write(WIDTH - end + 8, base, number(row.value), "left")
        return self._done(canvas, name)

    def course(self, rows: Sequence[Row], name: str, ends: tuple[str, str]) -> str:
        """Figures in the order of time, with their intervals; ``ends`` name first and last."""
        side, height, top = 34, 150, 10
        first = lowest(rows)
        with drawing(height) as canvas:
            axes = canvas.axes((side, top, WIDTH - side - 10, height - top - FOOT))
            axes.set(xlim=(-0.5, len(rows) - 0.5), ylim=(first, 1))
            for mark in ticks(first):
                axes.axhline(mark, color=COLOURS["rule"], linewidth=1, zorder=0, clip_on=False)
                base = top + (1 - mark) / (1 - first) * (height - top - FOOT) + 4
                canvas.write(side - 6, base, number(mark, 1), "right", "soft")
            places = [place for place, row in enumerate(rows) if row.value is not None]
            values = [max(first, row.value) for row in rows if row.value is not None]
            axes.plot(places, values, color=COLOURS["accent"], linewidth=1.2, clip_on=False)
            for place, row in enumerate(rows):
                if row.value is not None:
                    interval(axes, row, place, across=False)
            canvas.write(side, height - 6, shorten(ends[0], 24), "left", "soft")
            canvas.write(WIDTH - 10, height - 6, shorten(ends[1], 24), "right", "soft")
        return self._done(canvas, name)

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
        with drawing(height) as canvas:
            axes = canvas.axes((side, top, cell * len(columns), cell * len(rows)))
            axes.set(xlim=(0, len(columns)), ylim=(len(rows), 0))
            for down, line in enumerate(cells):
                base = top + cell * (down + 0.5) + 3.5
                if cell >= 8:
                    canvas.write(side - 6, base, shorten(rows[down], columns_of(side)), "right")
                for right, value in enumerate(line):
                    heat_cell(axes, right, down, value)
                    if cell >= 18 and len(columns) <= WRITTEN and written[down][right]:
                        colour = f"on{step(value)}" if (value or 0) > 0 else "ink"
                        x, y = side + cell * (right + 0.5), base
                        canvas.write(x, y, written[down][right], "center", colour, letters)
            for right, text in enumerate(columns):
                if cell >= 8:
                    x = side + cell * (right + 0.5) + 4
                    canvas.write(x, top - 6, shorten(text, 16), "left", turned=90)
        return self._done(canvas, name)

    def stacked(self, bars: Sequence[Bar], name: str) -> str:
        """Bars of the same length, in parts; a part says the number of its kind where it can."""
        bars = bars[:MOST_ROWS]
        side, end = side_of([bar.name for bar in bars]), 44
        height = HEAD + ROW * len(bars) + 4
        with drawing(height) as canvas:
            room = WIDTH - side - end
            axes = canvas.axes((side, HEAD, room, ROW * len(bars)))
            axes.set(xlim=(0, 1), ylim=(len(bars) - 0.5, -0.5))
            for place, bar in enumerate(bars):
                base, total, start = HEAD + ROW * (place + 0.5) + 4, sum(bar.parts), 0.0
                canvas.write(side - 8, base, shorten(bar.name, columns_of(side)), "right")
                canvas.write(WIDTH - end + 8, base, f"{total:,}", "left", "soft")
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
                        canvas.write(middle, base, str(kind + 1), "center", size=10)
                    start += share
        return self._done(canvas, name)

    def counts(self, values: Sequence[float], name: str) -> str:
        """How many figures lie in each tenth of the axis, as columns."""
        side, height, top, steps = 34, 150, 18, 10
        first = lowest([Row(name="", value=min(values))])
        wide_, many = (1 - first) / steps, [0] * steps
        for value in values:
            many[min(steps - 1, max(0, int((value - first) / wide_)))] += 1
        with drawing(height) as canvas:
            axes = canvas.axes((side, top, WIDTH - side - 24, height - top - FOOT))
            axes.set(xlim=(first, 1), ylim=(0, max(many)))
            canvas.grid(axes, first, height)
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
                    canvas.write(x, y, f"{amount:,}", "center", "soft", 10)
        return self._done(canvas, name)

    def _done(self, canvas: Canvas, name: str) -> str:
        self._drawn += 1
        return inline(canvas.raw, canvas.texts, name, (WIDTH, canvas.height), self._drawn)
