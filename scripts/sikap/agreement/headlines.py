"""A report in lines for people: its main figures, the worst of them, and what would be needed."""

from collections.abc import Iterable, Iterator, Mapping

from sikap.agreement.choices.coefficients import own_alpha
from sikap.agreement.figures import Basis, Figure
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
CLUSTERS = {"round": "articles", "table": "clusters"}


def lines(report: AgreementReport) -> Iterator[str]:
    """Yield what a person should read first; the rest is in the report."""
    options, clusters = report.options, CLUSTERS[report.kind]
    yield (
        f"{report.items} items, {len(report.annotators)} annotators; intervals of "
        f"{100 * options.confidence:g} % from {options.replicates} draws of {clusters}"
    )
    for one in _parts(report):
        what = f"{ABOUT[one.about]}, {one.level}" if isinstance(one, Variable) else "spans"
        figures = [figure_text(figure, report.definitions) for figure in _shown(one, one.figures)]
        yield f"{one.name} ({what}; {_basis(one.basis, clusters)}): {'; '.join(figures) or 'none'}"
    yield from (f"lowest: {text}" for text in _worst(report))
    if report.contested:
        yield f"most contested: {_contested(report.contested[0])}"
    yield from _needed(report)


def figure_text(figure: Figure, definitions: Mapping[str, Definition]) -> str:
    """A figure with its name and its interval, or why it lacks one of these."""
    name = _title(figure.coefficient, definitions)
    if figure.value is None:
        return f"{name} undefined, because {figure.undefined}"
    if figure.low is None or figure.high is None:
        return f"{name} {figure.value:.3f} (no interval: {figure.unsure})"
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
    found = [
        (figure.value, f"{one.name} = {value.value}: {figure_text(figure, report.definitions)}")
        for one in _parts(report)
        for value in _by_value(one)
        for figure in _shown(one, value.figures)[:1]
        if figure.value is not None and figure.value < 1
    ]
    return [text for _, text in sorted(found, key=lambda pair: pair[0])[:WORST]]


def _parts(report: AgreementReport) -> tuple[Variable | Layer, ...]:
    return (*report.variables, *report.layers)


def _by_value(one: Variable | Layer) -> Iterable[ByValue]:
    return one.by_value if isinstance(one, Variable) else one.by_label


def _contested(one: Contested) -> str:
    text = one.text or ""
    cut = text if len(text) <= LENGTH else f"{text[:LENGTH]}…"
    shown = f": {cut}" if cut else ""
    return f"{one.item} ({100 * one.share:.0f} % of comparisons differ){shown}"


def _needed(report: AgreementReport) -> Iterator[str]:
    """Yield what the main figures with intervals that are too wide would take."""
    for one in _parts(report):
        for needed in one.needed:
            if needed.coefficient in _main(one) and needed.width > needed.wished:
                name = _title(needed.coefficient, report.definitions)
                yield (
                    f"{one.name}: the interval of {name} is {needed.width:.3f} wide; for "
                    f"{needed.wished:g}: {_takes(needed, CLUSTERS[report.kind])}"
                )


def _takes(needed: Needed, clusters: str) -> str:
    counts = ((needed.clusters, clusters), (needed.units, "units"))
    more = " with ".join(f"{count} {what}" for count, what in counts if count is not None)
    more += " in all" if more else ""
    people = (
        f"{needed.annotators} annotators on each unit that there is"
        if needed.annotators is not None
        else ""
    )
    return ", or ".join(filter(None, (more, people))) or needed.because or "not known"
