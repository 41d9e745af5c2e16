"""What every block is drawn with, and how figures of a chart are said in words."""

from collections.abc import Mapping, Sequence

from sikap.agreement.figures import Figure
from sikap.agreement.html.blocks import Chart
from sikap.agreement.html.charts import Charts
from sikap.agreement.html.formatting import number, said, share
from sikap.agreement.html.matplotlib_svg import MOST_ROWS, NARROW, Bar, Row
from sikap.agreement.report import AgreementReport

Named = Sequence[tuple[str, Figure | None]]
SPOKEN = 8
"""Up to how many figures a chart is described in full."""


class Pen:
    """Draws the charts of one report, with the titles of its coefficients."""

    def __init__(self, report: AgreementReport) -> None:
        self.drawn = report.drawn
        self.charts = Charts()
        self.titles: Mapping[str, str] = {
            name: one.title for name, one in report.definitions.items()
        }

    def title(self, coefficient: str) -> str:
        """The title of a coefficient, or its key where it has none."""
        return self.titles.get(coefficient, coefficient)

    def forest(self, figures: Named, coefficient: str, side: float = NARROW) -> Chart:
        """Figures below each other, of too many the lowest; ``side`` is room for names."""
        title = self.title(coefficient)
        words = told(figures) or f"{spread(values_of(figures))}; all are in the table"
        if len(figures) > MOST_ROWS:
            title += f", the {MOST_ROWS} lowest of {len(figures):,}"
            figures = sorted(figures, key=lambda one: rank(one[1]))[:MOST_ROWS]
        svg = self.charts.forest(rows(figures), f"{title}: {words}", side)
        return Chart(title=title, svg=svg)


def rows(figures: Named) -> list[Row]:
    """The figures as rows of a chart."""
    return [
        Row(name=name, value=one.value, low=one.low, high=one.high)
        if one is not None
        else Row(name=name, value=None)
        for name, one in figures
    ]


def values_of(figures: Named) -> list[float]:
    """The values that exist."""
    return [one.value for _, one in figures if one is not None and one.value is not None]


def told(figures: Named) -> str:
    """All figures in words; empty where they are too many."""
    if len(figures) > SPOKEN:
        return ""
    return "; ".join(f"{name} {'no figure' if one is None else said(one)}" for name, one in figures)


def spread(values: Sequence[float]) -> str:
    """From where to where values are, in words."""
    if not values:
        return "no value"
    middle = sorted(values)[len(values) // 2]
    return f"from {number(min(values))} to {number(max(values))}, in the middle {number(middle)}"


def rank(figure: Figure | None) -> tuple[bool, float]:
    """A key that sorts the lowest first, and what has no value last."""
    known = figure is not None and figure.value is not None
    return (not known, figure.value or 0.0 if figure is not None else 0.0)


def shares(bar: Bar, kinds: Sequence[str]) -> str:
    """The parts of a bar in words."""
    total = sum(bar.parts)
    parts = [f"{k} {share(part, total)}" for k, part in zip(kinds, bar.parts, strict=True) if part]
    return f"{bar.name}: {', '.join(parts) or 'nothing'}"
