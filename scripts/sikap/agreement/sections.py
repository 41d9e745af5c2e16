"""The sections of the page: what is shown of each variable, each layer, and between rounds."""

from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup

from sikap.agreement import summary
from sikap.agreement.blocks import (
    Block,
    Cell,
    Chart,
    Section,
    Table,
    chosen,
    counted,
    figured,
    figures_of,
    heated,
    named,
    of,
    table,
)
from sikap.agreement.charts import MOST_CELLS, Bar, Charts, Row
from sikap.agreement.figures import Figure
from sikap.agreement.report import (
    AgreementReport,
    ByValue,
    Confusion,
    Consistency,
    Errors,
    Layer,
    Needed,
    Pair,
    Stretch,
    Use,
    Variable,
)
from sikap.agreement.shown import count, number, said, shorten
from sikap.agreement.svg import KINDS

Named = Sequence[tuple[str, Figure | None]]
SPOKEN = 8
"""Up to how many figures a chart is described in full."""
MOST_TABLES = 12
"""How many annotators have a table of confusion of their own on the page."""
ERRORS = ("same", "borders", "types", "both", "missed")
TOLD = ("same", "borders differ", "labels differ", "both differ", "missed by one")


class Sections:
    """Makes the sections of one report, with its charts."""

    def __init__(self, report: AgreementReport) -> None:
        self._report = report
        self._charts = Charts()
        self._titles = {name: one.title for name, one in report.definitions.items()}

    @property
    def titles(self) -> Mapping[str, str]:
        """The title of each coefficient."""
        return self._titles

    def overview(self) -> Chart | None:
        """The main figures of everything, below each other."""
        groups = [(one.name, one.figures) for one in (*self._report.variables, *self._report.layers)]
        coefficient = chosen(figures for _, figures in groups)
        if len(groups) < 2:
            return None
        return self._forest([(name, of(figures, coefficient)) for name, figures in groups], coefficient)

    def variable(self, given: Variable, place: int) -> Section:
        """The section of a choice, attribute or column."""
        about, values = given.about, given.values
        return Section(
            key=f"v{place}",
            title=given.name,
            kind="values of matched spans" if about == "span" else "values of items",
            facts=f"{given.level} · {count(len(values), 'value')} · "
            + summary.basis(given.basis, about, self._report.kind),
            notes=(summary.headline(given.figures, self._titles), *summary.of_variable(given)),
            blocks=self._given(
                self._coefficients(given.figures),
                self._by_value("By value", "Value", given.by_value),
                self._pairs(given.pairs),
                self._use("Annotators: what each gives", given.annotators, values),
                self._confusion(given.confusion),
                self._course(given.course),
                self._consistency(given.consistency),
                self._needed(given.needed, about),
            ),
        )

    def layer(self, given: Layer, place: int) -> Section:
        """The section of the spans of a layer."""
        return Section(
            key=f"l{place}",
            title=given.name,
            kind="spans",
            facts=f"{count(len(given.labels), 'label')} · "
            + summary.basis(given.basis, "item", self._report.kind),
            notes=(summary.headline(given.figures, self._titles), *summary.of_layer(given)),
            blocks=self._given(
                self._coefficients(given.figures),
                self._errors(given.errors),
                self._by_value("By label", "Label", given.by_label),
                self._pairs(given.pairs),
                self._use("Annotators: what each marks", given.annotators, given.labels),
                self._use("Against the settled spans", given.settled, given.labels),
                self._course(given.course),
                self._consistency(given.consistency),
                self._needed(given.needed, "item"),
            ),
        )

    def between(self) -> Section | None:
        """The section of rounds, or parts of a table, beside each other; the report's own last."""
        report = self._report
        if not report.between:
            return None
        own = {one.name: one.figures for one in (*report.variables, *report.layers)}
        names = dict.fromkeys((*own, *(name for one in report.between for name in one.figures)))
        what = "Rounds" if report.kind == "round" else "Parts of the table"
        return Section(
            key="between",
            title=f"{what} beside each other",
            kind="in their order, the newest last" if report.kind == "round" else "",
            blocks=self._given(*(self._beside(name, own.get(name, ())) for name in names)),
        )

    def _beside(self, name: str, own: Sequence[Figure]) -> Block | None:
        others = [(one.name, one.guidelines, one.figures.get(name, ())) for one in self._report.between]
        shown = [one for one in others if one[2]]
        if not shown:
            return None
        shown += [(self._report.source, None, own)] if own else []
        coefficient = chosen(figures for _, _, figures in shown)
        kept = {one.coefficient for _, _, figures in others for one in figures}
        rows = [
            (
                (named(source), Cell(text=(digest or "–")[:8], classes="code")),
                [one for one in figures if one.coefficient in kept],
            )
            for source, digest, figures in shown
        ]
        return Block(
            title=name,
            charts=(self._forest([(s, of(f, coefficient)) for s, _, f in shown], coefficient),),
            tables=(figures_of(rows, ("Name", "Guidelines"), self._titles, name),),
        )

    def _coefficients(self, figures: Sequence[Figure]) -> Block | None:
        rows = [
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
        if not rows:
            return None
        clusters = "Articles" if self._report.kind == "round" else "Clusters"
        head = ("Coefficient", "Value", "Units", "Ratings", "Annotators", clusters)
        plot = self._forest([(self._title(f.coefficient), f) for f in figures], "all coefficients")
        return Block(
            title="Coefficients", charts=(plot,), tables=(table("All coefficients", head, rows),)
        )

    def _by_value(self, title: str, first: str, given: Sequence[ByValue]) -> Block | None:
        if not given:
            return None
        coefficient = chosen(one.figures for one in given)
        rows = [((named(one.value), counted(one.count)), one.figures) for one in given]
        return Block(
            title=title,
            charts=(
                self._forest([(one.value, of(one.figures, coefficient)) for one in given], coefficient),
            ),
            folded=(figures_of(rows, (first, "Given"), self._titles, f"{title}, all figures"),),
        )

    def _pairs(self, pairs: Sequence[Pair]) -> Block | None:
        if not pairs:
            return None
        coefficient = chosen(pair.figures for pair in pairs)
        met = {(pair.one, pair.other): of(pair.figures, coefficient) for pair in pairs}
        names = sorted({name for pair in met for name in pair})
        values = [one.value for one in met.values() if one is not None and one.value is not None]
        plots = [self._heat(met, names, coefficient)] if len(names) <= MOST_CELLS else []
        notes: list[str] = []
        if not plots:
            notes = [f"With {len(names):,} annotators a map of pairs could not be read: how many "
                     "pairs reach which figure stands here instead."]  # fmt: skip
        if len(values) > SPOKEN:
            title = f"Pairs by {self._title(coefficient)}"
            told = f"{title}: {_range(values)}, of {count(len(values), 'pair')} that have a value"
            plots.append(Chart(title=title, svg=Markup(self._charts.counts(values, told))))
        ranked = sorted(pairs, key=lambda pair: _low(of(pair.figures, coefficient)))
        rows = [((named(pair.one), named(pair.other)), pair.figures) for pair in ranked]
        first = ("One annotator", "The other")
        return Block(
            title="Pairs of annotators",
            notes=tuple(notes),
            charts=tuple(plots),
            folded=(figures_of(rows, first, self._titles, "All figures by pair, lowest first"),),
        )

    def _heat(
        self, met: Mapping[tuple[str, str], Figure | None], names: Sequence[str], coefficient: str
    ) -> Chart:
        values = {pair: one.value for pair, one in met.items() if one is not None}
        cells = [
            [values.get((a, b), values.get((b, a))) for b in names[: place + 1]]
            for place, a in enumerate(names[1:])
        ]
        title = f"{self._title(coefficient)} of each pair"
        known = [value for value in values.values() if value is not None]
        spoken = _told([(f"{a} and {b}", one) for (a, b), one in met.items()]) or _range(known)
        svg = self._charts.heat(names[1:], names[:-1], cells, f"{title}: {spoken}", _written(cells))
        return Chart(title=title, svg=Markup(svg))

    def _use(self, title: str, given: Sequence[Use], values: Sequence[str]) -> Block | None:
        if not given:
            return None
        kinds = [*values] if len(values) <= KINDS else [*values[: KINDS - 1], "all others"]
        bars = [
            Bar(name=use.annotator, parts=_parts([use.counts.get(v, 0) for v in values]))
            for use in sorted(given, key=lambda one: (-sum(one.counts.values()), one.annotator))
        ]
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
        told = "; ".join(_shares(bar, kinds) for bar in bars[:4])
        more = "" if len(bars) <= 4 else f"; {count(len(bars) - 4, 'more annotator')} in the table"
        plots = [
            Chart(
                title="Share of each value" if title.startswith("Annot") else "Share of each label",
                svg=Markup(self._charts.stacked(bars, f"Shares by annotator: {told}{more}")),
                legend=tuple(kinds),
            )
        ]
        coefficient = chosen(use.figures for use in given)
        if coefficient:
            plots.append(
                self._forest([(u.annotator, of(u.figures, coefficient)) for u in given], coefficient)
            )
        first = ("Annotator", "All", *values)
        caption = "How often each value is given; in small letters how far from what the others give"
        return Block(
            title=title,
            notes=summary.biases(given),
            charts=tuple(plots),
            folded=(figures_of(rows, first, self._titles, caption),),
        )

    def _confusion(self, given: Sequence[Confusion]) -> Block | None:
        if not given:
            return None
        plots = [self._confused(one) for one in given if one.of is None and _fits(one)]
        ordered = sorted(given, key=lambda one: (one.of is not None, one.of or ""))
        left = len(ordered[MOST_TABLES + 1 :])
        notes = [f"Tables of {count(left, 'more annotator')} are in agreement.json."] if left else []
        return Block(
            title="Confusion",
            notes=tuple(notes),
            charts=tuple(plots),
            folded=tuple(_confusion(one) for one in ordered[: MOST_TABLES + 1]),
        )

    def _confused(self, given: Confusion) -> Chart:
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
        svg = self._charts.heat(given.values, given.values, shares, f"{title}. {told}", written)
        return Chart(title=title, svg=Markup(svg))

    def _course(self, course: Sequence[Stretch]) -> Block | None:
        if not course:
            return None
        names = list(dict.fromkeys(f.coefficient for one in course for f in one.figures))
        rows = [
            ((named(_where(one)), Cell(text=_when(one), classes="text")), one.figures)
            for one in course
        ]
        ends = (_where(course[0]), _where(course[-1]))
        plots = []
        for name in names[:2]:
            figures = [(_where(one), of(one.figures, name)) for one in course]
            title = f"{self._title(name)} in the order of work"
            told = f"{title}: {_told(figures) or _range(_values(figures))}"
            svg = self._charts.course(_rows(figures), told, ends)
            plots.append(Chart(title=title, svg=Markup(svg)))
        head = ("Units", "When")
        return Block(
            title="Over time",
            charts=tuple(plots),
            folded=(figures_of(rows, head, self._titles, "By part of the work"),),
        )

    def _consistency(self, given: Sequence[Consistency]) -> Block | None:
        if not given:
            return None
        coefficient = chosen(one.figures for one in given)
        names = [("all together" if one.annotator is None else one.annotator, one) for one in given]
        rows = [((named(name),), one.figures) for name, one in names]
        return Block(
            title="Consistency: the same item a second time",
            charts=(self._forest([(n, of(o.figures, coefficient)) for n, o in names], coefficient),),
            folded=(figures_of(rows, ("Annotator",), self._titles, "Consistency"),),
        )

    def _needed(self, given: Sequence[Needed], about: str) -> Block | None:
        notes = (summary.needed(one, self._titles, about, self._report.kind) for one in given)
        return Block(title="How many more it would take", notes=tuple(notes)) if given else None

    def _errors(self, given: Sequence[Errors]) -> Block | None:
        if not given:
            return None
        bars = [Bar(name=one.label or "all labels", parts=_kinds(one)) for one in given]
        rows = [
            (named(bar.name), *(counted(part) for part in bar.parts), counted(sum(bar.parts)))
            for bar in bars
        ]
        told = "; ".join(_shares(bar, TOLD) for bar in bars[:4])
        svg = self._charts.stacked(bars, f"Spans that are the same and that differ. {told}")
        head = ("Label", *TOLD, "All")
        return Block(
            title="Where spans differ",
            charts=(Chart(title="Share of spans of both annotators", svg=Markup(svg), legend=TOLD),),
            tables=(table("Spans of both annotators of each pair", head, rows),),
        )

    def _forest(self, figures: Named, coefficient: str) -> Chart:
        title = self._title(coefficient)
        told = _told(figures) or f"{_range(_values(figures))}; all are in the table"
        return Chart(title=title, svg=Markup(self._charts.forest(_rows(figures), f"{title}: {told}")))

    def _title(self, coefficient: str) -> str:
        return self._titles.get(coefficient, coefficient)

    @staticmethod
    def _given(*blocks: Block | None) -> tuple[Block, ...]:
        return tuple(block for block in blocks if block is not None)


def _rows(figures: Named) -> list[Row]:
    return [
        Row(name=name, value=one.value, low=one.low, high=one.high)
        if one is not None
        else Row(name=name, value=None)
        for name, one in figures
    ]


def _values(figures: Named) -> list[float]:
    return [one.value for _, one in figures if one is not None and one.value is not None]


def _told(figures: Named) -> str:
    """All figures in words; empty where they are too many."""
    if len(figures) > SPOKEN:
        return ""
    return "; ".join(f"{name} {'no figure' if one is None else said(one)}" for name, one in figures)


def _range(values: Sequence[float]) -> str:
    if not values:
        return "no value"
    middle = sorted(values)[len(values) // 2]
    return f"from {number(min(values))} to {number(max(values))}, in the middle {number(middle)}"


def _low(figure: Figure | None) -> tuple[bool, float]:
    known = figure is not None and figure.value is not None
    return (not known, figure.value or 0.0 if figure is not None else 0.0)


def _written(cells: Iterable[Iterable[float | None]]) -> list[list[str]]:
    return [
        ["" if value is None else number(value, 2).replace("0.", ".") for value in line]
        for line in cells
    ]


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.0f}"


def _parts(counts: Sequence[int]) -> tuple[int, ...]:
    return tuple(counts) if len(counts) <= KINDS else (*counts[: KINDS - 1], sum(counts[KINDS - 1 :]))


def _kinds(errors: Errors) -> tuple[int, ...]:
    return (errors.same, errors.borders, errors.types, errors.both, errors.missed)


def _shares(bar: Bar, kinds: Sequence[str]) -> str:
    total = sum(bar.parts)
    parts = [f"{k} {part / total:.0%}" for k, part in zip(kinds, bar.parts, strict=True) if part]
    return f"{bar.name}: {', '.join(parts) or 'nothing'}"


def _bias(use: Use, value: str) -> Cell:
    amount = use.counts.get(value, 0)
    expected = use.expected.get(value)
    apart = "" if expected is None else f"{amount - expected:+.1f}".replace("-", "−")
    return Cell(text=f"{amount:,}", small="" if apart in ("+0.0", "−0.0") else apart)


def _confusion(given: Confusion) -> Table:
    whose = "All pairs of ratings" if given.of is None else f"Rows: {given.of}; columns: the others"
    rows = [
        (named(value), *(heated(amount, sum(line)) for amount in line), counted(sum(line)))
        for value, line in zip(given.values, given.table, strict=True)
    ]
    return table(whose, ("", *given.values, "All"), rows)


def _fits(given: Confusion) -> bool:
    return 0 < len(given.values) <= MOST_CELLS


def _where(one: Stretch) -> str:
    return f"{one.start + 1:,}–{one.end:,}"


def _when(one: Stretch) -> str:
    times = [shorten(time, 16) for time in (one.since, one.until) if time]
    return " to ".join(dict.fromkeys(times)) or "–"
