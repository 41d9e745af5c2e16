"""Blocks of figures: all coefficients, by value, over time, consistency, errors, what is needed."""

from collections.abc import Sequence

from sikap.agreement.figures import Figure, find_figure, main_coefficient
from sikap.agreement.html import wording as sentences
from sikap.agreement.html.blocks import (
    Block,
    Cell,
    Chart,
    counted,
    figured,
    figures_of,
    named,
    table,
)
from sikap.agreement.html.charting import Pen, rows, shares, spread, told, values_of
from sikap.agreement.html.formatting import shorten
from sikap.agreement.html.matplotlib_svg import WIDE, Bar
from sikap.agreement.report import ByValue, Consistency, Errors, Needed, Stretch

TREND = (
    "Stretches of few units differ by chance: where their intervals overlap much, nothing rises or "
    "falls."
)
ERRORS = ("same", "borders differ", "labels differ", "both differ", "missed by one")


def coefficients(pen: Pen, figures: Sequence[Figure]) -> Block | None:
    """All coefficients, each linked to its definition."""
    lines = [
        (
            Cell(text=one.coefficient, classes="coefficient"),
            figured(one),
            counted(one.basis.units),
            counted(one.basis.ratings),
            counted(one.basis.annotators),
            counted(one.basis.clusters),
        )
        for one in figures
    ]
    if not lines:
        return None
    clusters = f"{pen.drawn.capitalize()}s"
    head = ("Coefficient", "Value", "Units", "Ratings", "Annotators", clusters)
    plot = pen.forest([(pen.title(f.coefficient), f) for f in figures], "All coefficients", WIDE)
    return Block(
        title="Coefficients", charts=(plot,), tables=(table("All coefficients", head, lines),)
    )


def by_value(pen: Pen, title: str, first: str, given: Sequence[ByValue]) -> Block | None:
    """The figures of each value or label."""
    if not given:
        return None
    coefficient = main_coefficient(one.figures for one in given)
    lines = [((named(one.value), counted(one.count)), one.figures) for one in given]
    return Block(
        title=title,
        charts=(
            pen.forest(
                [(one.value, find_figure(one.figures, coefficient)) for one in given], coefficient
            ),
        ),
        folded=(figures_of(lines, (first, "Given"), pen.titles, f"{title}, all figures"),),
    )


def course(pen: Pen, given: Sequence[Stretch]) -> Block | None:
    """The main figures in the order of work."""
    if not given:
        return None
    names = list(dict.fromkeys(f.coefficient for one in given for f in one.figures))
    lines = [
        ((named(_where(one)), Cell(text=_when(one), classes="text")), one.figures) for one in given
    ]
    ends = (_where(given[0]), _where(given[-1]))
    plots = []
    for name in names[:2]:
        figures = [(_where(one), find_figure(one.figures, name)) for one in given]
        title = f"{pen.title(name)} in the order of work"
        words = f"{title}: {told(figures) or spread(values_of(figures))}"
        svg = pen.charts.course(rows(figures), words, ends)
        plots.append(Chart(title=title, svg=svg))
    head = ("Units", "When")
    return Block(
        title="Over time",
        notes=(TREND,),
        charts=tuple(plots),
        folded=(figures_of(lines, head, pen.titles, "By part of the work"),),
    )


def consistency(pen: Pen, given: Sequence[Consistency]) -> Block | None:
    """How far annotators say the same of an item that comes again."""
    if not given:
        return None
    coefficient = main_coefficient(one.figures for one in given)
    names = [("all together" if one.annotator is None else one.annotator, one) for one in given]
    lines = [((named(name),), one.figures) for name, one in names]
    return Block(
        title="Consistency: the same item a second time",
        charts=(
            pen.forest([(n, find_figure(o.figures, coefficient)) for n, o in names], coefficient),
        ),
        folded=(figures_of(lines, ("Annotator",), pen.titles, "Consistency"),),
    )


def needed(pen: Pen, given: Sequence[Needed], about: str) -> Block | None:
    """What would make intervals as narrow as was wished."""
    notes = (sentences.needed(one, pen.titles, about, pen.drawn) for one in given)
    return (
        Block(title="How many more it would take", definition="needed", notes=tuple(notes))
        if given
        else None
    )


def errors(pen: Pen, given: Sequence[Errors]) -> Block | None:
    """Where spans differ: in borders, in labels, in both, or one is missing."""
    if not given:
        return None
    bars = [Bar(name=one.label or "all labels", parts=_kinds(one)) for one in given]
    lines = [
        (named(bar.name), *(counted(part) for part in bar.parts), counted(sum(bar.parts)))
        for bar in bars
    ]
    told = "; ".join(shares(bar, ERRORS) for bar in bars[:4])
    svg = pen.charts.stacked(bars, f"Spans that are the same and that differ. {told}")
    head = ("Label", *ERRORS, "All")
    return Block(
        title="Where spans differ",
        charts=(Chart(title="Share of spans of both annotators", svg=svg, legend=ERRORS),),
        tables=(table("Spans of both annotators of each pair", head, lines),),
    )


def _kinds(errors: Errors) -> tuple[int, ...]:
    return (errors.same, errors.borders, errors.types, errors.both, errors.missed)


def _where(one: Stretch) -> str:
    return f"{one.start + 1:,}–{one.end:,}"


def _when(one: Stretch) -> str:
    times = [shorten(time, 16) for time in (one.since, one.until) if time]
    return " to ".join(dict.fromkeys(times)) or "–"
