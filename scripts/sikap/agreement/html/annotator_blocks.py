"""Blocks about annotators: how pairs agree, what each gives, what is taken for what."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from sikap.agreement.figures import Figure, find_figure, main_coefficient
from sikap.agreement.html import wording as sentences
from sikap.agreement.html.blocks import (
    Block,
    Cell,
    Chart,
    Table,
    counted,
    figures_of,
    heated,
    named,
    table,
)
from sikap.agreement.html.charting import Pen, rank, shares, spread, told
from sikap.agreement.html.formatting import count, number
from sikap.agreement.html.matplotlib_svg import KINDS, MOST_CELLS, MOST_ROWS, Bar
from sikap.agreement.report import Confusion, Pair, Use

MANY_PAIRS = 20
"""From how many pairs on the page also shows how their figures are spread."""
MOST_TABLES = 12
"""How many annotators have a table of confusion of their own on the page."""


def pairs(pen: Pen, given: Sequence[Pair]) -> Block | None:
    """How each pair of annotators agrees: a map, or their spread where they are too many."""
    if not given:
        return None
    coefficient = main_coefficient(pair.figures for pair in given)
    met = {(pair.one, pair.other): find_figure(pair.figures, coefficient) for pair in given}
    names = sorted({name for pair in met for name in pair})
    values = [one.value for one in met.values() if one is not None and one.value is not None]
    plots = [_heat(pen, met, names, coefficient)] if len(names) <= MOST_CELLS else []
    notes: list[str] = []
    if not plots:
        notes = [f"Pairs of {len(names):,} annotators are too many for a map: how many of them "
                 "reach which figure stands here instead."]  # fmt: skip
    if len(values) > MANY_PAIRS:
        title = f"Pairs by {pen.title(coefficient)}"
        told = f"{title}: {spread(values)}, of {count(len(values), 'pair')} that have a value"
        plots.append(Chart(title=title, svg=pen.charts.counts(values, told)))
    ranked = sorted(given, key=lambda pair: rank(find_figure(pair.figures, coefficient)))
    rows = [((named(pair.one), named(pair.other)), pair.figures) for pair in ranked]
    first = ("One annotator", "The other")
    return Block(
        title="Pairs of annotators",
        notes=tuple(notes),
        charts=tuple(plots),
        folded=(figures_of(rows, first, pen.titles, "All figures by pair, lowest first"),),
    )


def _heat(
    pen: Pen, met: Mapping[tuple[str, str], Figure | None], names: Sequence[str], coefficient: str
) -> Chart:
    values = {pair: one.value for pair, one in met.items() if one is not None}
    cells = [
        [values.get((a, b), values.get((b, a))) for b in names[: place + 1]]
        for place, a in enumerate(names[1:])
    ]
    title = f"{pen.title(coefficient)} of each pair"
    known = [value for value in values.values() if value is not None]
    spoken = told([(f"{a} and {b}", one) for (a, b), one in met.items()]) or spread(known)
    svg = pen.charts.heat(names[1:], names[:-1], cells, f"{title}: {spoken}", _written(cells))
    return Chart(title=title, svg=svg, scale="1")


def use(pen: Pen, title: str, given: Sequence[Use], values: Sequence[str]) -> Block | None:
    """How often each annotator gives each value, beside the others on the same units."""
    return _use(pen, title, given, values, "the others on the same units")


def against_settled(pen: Pen, given: Sequence[Use], labels: Sequence[str]) -> Block | None:
    """How often each annotator marks each label, beside what was settled."""
    return _use(pen, "Against the settled spans", given, labels, "what was settled")


def _use(
    pen: Pen, title: str, given: Sequence[Use], values: Sequence[str], others: str
) -> Block | None:
    if not given:
        return None
    coefficient = main_coefficient(use.figures for use in given)
    plots = [_shared(pen, given, values)]
    if coefficient:
        figures = [(use.annotator, find_figure(use.figures, coefficient)) for use in given]
        plots.append(pen.forest(figures, coefficient))
    rows = [
        (
            (
                named(use.annotator),
                counted(sum(use.counts.values())),
                *(_bias(use, value) for value in values),
            ),
            use.figures,
        )
        for use in given
    ]
    caption = f"How often each is given; in small letters how far from {others}"
    return Block(
        title=title,
        notes=sentences.biases(given, others),
        charts=tuple(plots),
        folded=(figures_of(rows, ("Annotator", "All", *values), pen.titles, caption),),
    )


def _shared(pen: Pen, given: Sequence[Use], values: Sequence[str]) -> Chart:
    """The shares of values by annotator; of many values those given most, and the rest."""
    total = Counter[str]()
    for use in given:
        total.update(use.counts)
    most = [value for value in values if value in dict(total.most_common(KINDS - 1))]
    kinds = [*values] if len(values) <= KINDS else [*most, "all others"]
    ordered = sorted(given, key=lambda one: (-sum(one.counts.values()), one.annotator))
    bars = [Bar(name=use.annotator, parts=_parts(use, kinds)) for use in ordered]
    words = "; ".join(shares(bar, kinds) for bar in bars[:4])
    more = "" if len(bars) <= 4 else f"; {count(len(bars) - 4, 'more annotator')} in the table"
    cut = f", the {MOST_ROWS} who gave most" if len(bars) > MOST_ROWS else ""
    return Chart(
        title=f"Share of each{cut}",
        svg=pen.charts.stacked(bars, f"Shares by annotator: {words}{more}"),
        legend=tuple(kinds),
    )


def confusion(pen: Pen, given: Sequence[Confusion]) -> Block | None:
    """What is taken for what: of all pairs as a map, of each annotator as a table."""
    if not given:
        return None
    plots = [_confused(pen, one) for one in given if one.of is None and _fits(one)]
    ordered = sorted(given, key=lambda one: (one.of is not None, one.of or ""))
    left = len(ordered[MOST_TABLES + 1 :])
    notes = [f"Tables of {count(left, 'more annotator')} are in agreement.json."] if left else []
    return Block(
        title="Confusion",
        notes=tuple(notes),
        charts=tuple(plots),
        folded=tuple(_table(one) for one in ordered[: MOST_TABLES + 1]),
    )


def _confused(pen: Pen, given: Confusion) -> Chart:
    totals = [sum(line) for line in given.table]
    shares: list[list[float | None]] = [
        [amount / total if total else None for amount in line]
        for line, total in zip(given.table, totals, strict=True)
    ]
    written = [[_percent(share) for share in line] for line in shares]
    title = "Of each value, what others said: percent of the row"
    told = "; ".join(
        f"{value}: {_percent(line[place]) or 'no'} % the same"
        for place, (value, line) in enumerate(zip(given.values, shares, strict=True))
    )
    svg = pen.charts.heat(given.values, given.values, shares, f"{title}. {told}", written)
    return Chart(title=title, svg=svg, scale="100%")


def _written(cells: Iterable[Iterable[float | None]]) -> list[list[str]]:
    return [
        ["" if value is None else number(value, 2).replace("0.", ".") for value in line]
        for line in cells
    ]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f}"


def _parts(use: Use, kinds: Sequence[str]) -> tuple[int, ...]:
    parts = [use.counts.get(kind, 0) for kind in kinds]
    # The last kind stands for all that have none of their own.
    return (*parts[:-1], sum(use.counts.values()) - sum(parts[:-1]))


def _bias(use: Use, value: str) -> Cell:
    amount = use.counts.get(value, 0)
    expected = use.expected.get(value)
    apart = "" if expected is None else f"{amount - expected:+.1f}".replace("-", "−")
    return Cell(text=f"{amount:,}", small="" if apart in ("+0.0", "−0.0") else apart)


def _table(given: Confusion) -> Table:
    whose = "All pairs of ratings" if given.of is None else f"Rows: {given.of}; columns: the others"
    rows = [
        (named(value), *(heated(amount, sum(line)) for amount in line), counted(sum(line)))
        for value, line in zip(given.values, given.table, strict=True)
    ]
    return table(whose, ("", *given.values, "All"), rows)


def _fits(given: Confusion) -> bool:
    return 0 < len(given.values) <= MOST_CELLS
