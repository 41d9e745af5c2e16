"""A report in lines for people: its main figures, the worst of them, and what would be needed."""

from collections.abc import Iterable, Iterator, Mapping

from sikap.agreement.categorical.coefficients import own_alpha
from sikap.agreement.figures import Basis, Figure, find_figure, main_coefficient
from sikap.agreement.report import (
    AgreementReport,
    ByValue,
    Contested,
    Definition,
    Layer,
    Needed,
    Variable,
)

OF_SPANS = ("span-f1-exact", "span-f1-partial")
"""Of layers where there is room for few; the first that is there decides what is low."""
WORST = 3
LENGTH = 70
"""Characters of a text that a line shows."""
ABOUT = {"item": "items", "span": "matched spans"}


def lines(report: AgreementReport) -> Iterator[str]:
    """Yield what a person should read first; the rest is in the report."""
    options, clusters = report.options, f"{report.drawn}s"
    yield (
        f"{report.items} items, {len(report.annotators)} annotators; intervals of "
        f"{100 * options.confidence:g} % from {options.replicates} draws of {clusters}"
    )
    for one in report.parts:
        what = f"{ABOUT[one.about]}, {one.level}" if isinstance(one, Variable) else "spans"
        figures = [figure_text(figure, report.definitions) for figure in _shown(one, one.figures)]
        yield f"{one.name} ({what}; {_basis(one.basis, clusters)}): {'; '.join(figures) or 'none'}"
    yield from causes(report)


def causes(report: AgreementReport) -> Iterator[str]:
    """Yield on what, between whom and where agreement is lowest, and what would be needed."""
    yield from (f"lowest: {text}" for text in _worst(report))
    for one in report.parts:
        if (text := _lowest_pair(one, report.definitions)) is not None:
            yield f"lowest pair: {one.name}: {text}"
    if report.contested:
        yield f"most contested: {_contested(report.contested[0])}"
    yield from _needed(report)


def figure_text(figure: Figure, definitions: Mapping[str, Definition]) -> str:
    """A figure with its name and its interval, or why it lacks one of these."""
    name = _title(figure.coefficient, definitions)
    if figure.value is None:
        return f"{name} undefined, because {figure.undefined}"
    if figure.low is None or figure.high is None:
        return f"{name} {figure.value:.3f} (without an interval: {figure.unsure})"
    unsure = "" if figure.unsure is None else f" ({figure.unsure})"
    return f"{name} {figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]{unsure}"


def _title(coefficient: str, definitions: Mapping[str, Definition]) -> str:
    known = definitions.get(coefficient)
    return known.title if known is not None else coefficient


def _main(one: Variable | Layer) -> tuple[str, ...]:
    """What decides, then what else is shown where there is room for few."""
    if isinstance(one, Layer):
        return OF_SPANS
    return own_alpha(one.level), own_alpha("nominal"), "percent-agreement"


def _shown(one: Variable | Layer, figures: Iterable[Figure]) -> list[Figure]:
    """The figures to show where there is room for few, the one that decides first."""
    by_name = {figure.coefficient: figure for figure in figures}
    return [by_name[name] for name in dict.fromkeys(_main(one)) if name in by_name]


def _basis(basis: Basis, clusters: str) -> str:
    return f"{basis.units} units, {basis.ratings} ratings, {basis.clusters} {clusters}"


def _worst(report: AgreementReport) -> list[str]:
    """The values and labels with the lowest figures; of equal ones those that come first."""
    found: list[tuple[float, str]] = []
    for one in report.parts:
        known = [
            (figure.value, f"{one.name} = {value.value}: {figure_text(figure, report.definitions)}")
            for value in _by_value(one)
            for figure in _shown(one, value.figures)[:1]
            if figure.value is not None and figure.value < 1
        ]
        # Where all are equal, as two values of a scale of two, none is the lowest.
        if len(known) == 1 or len({value for value, _ in known}) > 1:
            found += known
    return [text for _, text in sorted(found, key=lambda pair: pair[0])[:WORST]]


def _lowest_pair(one: Variable | Layer, definitions: Mapping[str, Definition]) -> str | None:
    """The two who agree least; None of one pair, and of a crowd, whose pairs have no intervals."""
    coefficient = main_coefficient(pair.figures for pair in one.pairs)
    found = [(find_figure(pair.figures, coefficient), pair) for pair in one.pairs]
    sure = [
        (figure.value, pair.one, pair.other, figure)
        for figure, pair in found
        if figure is not None and figure.value is not None and figure.low is not None
    ]
    if len(sure) < 2:
        return None
    value, who, other, figure = min(sure, key=lambda entry: entry[:3])
    return f"{who} and {other}: {figure_text(figure, definitions)}" if value < 1 else None


def _by_value(one: Variable | Layer) -> Iterable[ByValue]:
    return one.by_value if isinstance(one, Variable) else one.by_label


def _contested(one: Contested) -> str:
    text = one.text or ""
    cut = text if len(text) <= LENGTH else f"{text[:LENGTH]}…"
    shown = f": {cut}" if cut else ""
    return f"{one.item} ({100 * one.share:.0f} % of comparisons differ){shown}"


def _needed(report: AgreementReport) -> Iterator[str]:
    """Yield what the figure that decides would take, where its interval is too wide."""
    for one in report.parts:
        for needed in one.needed:
            if needed.coefficient in _main(one)[:1] and needed.width > needed.wished:
                name = _title(needed.coefficient, report.definitions)
                yield (
                    f"{one.name}: the interval of {name} is {needed.width:.3f} wide; for "
                    f"{needed.wished:g}: {_takes(needed, one, report.drawn)}"
                )


def _takes(needed: Needed, one: Variable | Layer, drawn: str) -> str:
    units = None if _about(one) == drawn else needed.units
    counts = ((needed.clusters, f"{drawn}s"), (units, "units"))
    more = " with ".join(f"{count} {what}" for count, what in counts if count is not None)
    more += " in all" if more else ""
    people = (
        f"{needed.annotators} annotators on each unit that there is"
        if needed.annotators is not None
        else ""
    )
    return ", or ".join(filter(None, (more, people))) or needed.because or "not known"


def _about(one: Variable | Layer) -> str:
    """What the units are: items, or matched spans."""
    return "item" if isinstance(one, Layer) else one.about
