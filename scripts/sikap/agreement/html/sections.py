"""The sections of the page: what is shown of each variable, each layer, and between rounds."""

from collections.abc import Sequence

from sikap.agreement.figures import Basis, Figure, find_figure, main_coefficient, main_figure
from sikap.agreement.html import annotator_blocks as people
from sikap.agreement.html import figure_blocks as blocks
from sikap.agreement.html import wording as sentences
from sikap.agreement.html.blocks import Block, Cell, Chart, Section, Table, figures_of, named
from sikap.agreement.html.charting import Pen
from sikap.agreement.html.formatting import count
from sikap.agreement.html.matplotlib_svg import WIDE
from sikap.agreement.report import AgreementReport, Difference, Layer, Variable


def overview(pen: Pen, report: AgreementReport) -> Chart | None:
    """The main figure of everything, below each other; none where there is one only."""
    shown = [(name, main_figure(figures)) for name, figures in _own(report).items()]
    return pen.forest(shown, "The main figure of each", WIDE) if len(shown) > 1 else None


def variable(pen: Pen, given: Variable, key: str) -> Section:
    """The section of a choice, attribute or column."""
    about, values = given.about, given.values
    basis = sentences.basis(given.basis, about, pen.drawn)
    return Section(
        key=key,
        title=given.name,
        kind="values of matched spans" if about == "span" else "values of items",
        facts=f"{given.level} · {count(len(values), 'value')} · {basis}",
        blocks=_given(
            blocks.coefficients(pen, given.figures),
            blocks.by_value(pen, "By value", "Value", given.by_value),
            people.confusion(pen, given.confusion),
            people.pairs(pen, given.pairs),
            people.use(pen, "Annotators: what each gives", given.annotators, values),
            blocks.course(pen, given.course),
            blocks.consistency(pen, given.consistency),
            blocks.needed(pen, given.needed, about),
        ),
    )


def layer(pen: Pen, given: Layer, key: str) -> Section:
    """The section of the spans of a layer."""
    basis = sentences.basis(given.basis, "item", pen.drawn, "span")
    return Section(
        key=key,
        title=given.name,
        kind="spans",
        facts=f"{count(len(given.labels), 'label')} · {basis}",
        blocks=_given(
            blocks.coefficients(pen, given.figures),
            blocks.errors(pen, given.errors),
            blocks.by_value(pen, "By label", "Label", given.by_label),
            people.pairs(pen, given.pairs),
            people.use(pen, "Annotators: what each marks", given.annotators, given.labels),
            people.against_settled(pen, given.settled, given.labels),
            blocks.course(pen, given.course),
            blocks.consistency(pen, given.consistency),
            blocks.needed(pen, given.needed, "item"),
        ),
    )


def between(pen: Pen, report: AgreementReport) -> Section | None:
    """The section of rounds, or parts of a table, beside each other; the report's own last."""
    if not report.between:
        return None
    own = _own(report)
    names = dict.fromkeys((*own, *(name for one in report.between for name in one.figures)))
    rounds = report.kind == "round"
    return Section(
        key="between",
        title="Rounds beside each other" if rounds else "Parts of the table beside each other",
        kind="this one last" if rounds else "",
        blocks=_given(*(_beside(pen, report, name, own.get(name, ())) for name in names)),
    )


def _own(report: AgreementReport) -> dict[str, Sequence[Figure]]:
    return {one.name: one.figures for one in report.parts}


def _beside(pen: Pen, report: AgreementReport, name: str, own: Sequence[Figure]) -> Block | None:
    others = [one for one in report.between if one.figures.get(name)]
    if not others:
        return None
    kept = {figure.coefficient for one in others for figure in one.figures[name]}
    shown: list[tuple[str, str, Sequence[Figure]]] = [
        (one.name, one.guidelines or "–", one.figures[name]) for one in others
    ]
    mine = [figure for figure in own if figure.coefficient in kept]
    if mine:
        shown.append((report.source, "–", mine))
    coefficient = main_coefficient(figures for _, _, figures in shown)
    rows = [((named(one), Cell(text=digest[:8])), figures) for one, digest, figures in shown]
    return Block(
        title=name,
        definition="difference",
        charts=(
            pen.forest([(one, find_figure(f, coefficient)) for one, _, f in shown], coefficient),
        ),
        folded=(
            figures_of(rows, ("Name", "Guidelines"), pen.titles, name),
            *_differences(pen, report, name),
        ),
    )


def _differences(pen: Pen, report: AgreementReport, name: str) -> tuple[Table, ...]:
    """What this study has above each of the others."""
    found = [
        (one.name, [_as_figure(each) for each in one.differences[name]])
        for one in report.between
        if one.differences.get(name)
    ]
    caption = f"{name}: {report.source} less the other"
    rows = [((named(other),), figures) for other, figures in found]
    return (figures_of(rows, ("Other",), pen.titles, caption),) if found else ()


def _as_figure(given: Difference) -> Figure:
    nothing = Basis(units=0, ratings=0, annotators=0, clusters=0)
    return Figure(
        coefficient=given.coefficient,
        value=given.value,
        low=given.low,
        high=given.high,
        undefined=given.undefined,
        unsure=given.unsure,
        basis=nothing,
    )


def _given(*found: Block | None) -> tuple[Block, ...]:
    return tuple(block for block in found if block is not None)
