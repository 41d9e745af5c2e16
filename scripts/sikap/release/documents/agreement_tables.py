"""What card, datasheet and Croissant say of agreement: tables to quote, and what they mean."""

from collections.abc import Iterable, Iterator, Sequence

from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.figures import Figure
from sikap.agreement.release_summary import OPTIONS, Stated
from sikap.agreement.text_summary import figure_text
from sikap.records import Round
from sikap.rendering.templates import table

MACHINES = ("model", "rule")
ALPHA = "krippendorff-alpha"
CONFIDENCE = f"{100 * OPTIONS.confidence:g} %"
INTERVALS = f"""\
In brackets stand {CONFIDENCE} intervals by article ({OPTIONS.replicates:,} replicates, seed \
{OPTIONS.seed}). {DEFINITIONS["interval"].text} Source: {DEFINITIONS["interval"].source}."""
MATCHED = """\
What is said of spans (attributes, and `:label`, their label) is compared where annotators marked \
the same: spans are matched one to one so that they share most code points."""


def agreement_blocks(stated: Sequence[Stated], rounds: Sequence[Round]) -> dict[str, str]:
    """The blocks on agreement by name, as Markdown ended by a line end.

    Values of which nothing is defined are left out; `release.json` has the reasons.
    """
    whole = [one for one in stated if one.value is None]
    values = [one for one in stated if one.value is not None and _defined(one.figures)]
    again = [one for one in whole if one.consistency]
    return {
        "agreement": _stated([(one, one.figures) for one in whole], ("level",)),
        "agreement-values": _stated([(one, one.figures) for one in values], ("value",)),
        "consistency": _stated([(one, one.consistency) for one in again], (), counts=False),
        "definitions": "".join(f"{line}\n" for line in _explained(stated, rounds)),
    }


def analyses(stated: Sequence[Stated], rounds: Sequence[Round]) -> Iterator[str]:
    """Yield a sentence on each control of each round, then what the figures mean."""
    for one in stated:
        if one.value is None:
            level = f" ({one.level})" if one.level else ""
            units, annotators, articles = _basis(one.figures[0])
            figures = "; ".join(figure_text(figure, DEFINITIONS) for figure in one.figures)
            yield (
                f"Round {one.round}, {one.of}{level}: {figures}. "
                f"Units: {units}, annotators: {annotators}, articles: {articles}."
            )
    for line in _explained(stated, rounds):
        yield line.removeprefix("- ")


def machine_rounds(stated: Iterable[Stated], rounds: Iterable[Round]) -> Iterator[str]:
    """Yield what must be said of rounds in which machines annotated."""
    ordinals = {one.round for one in stated}
    alone, mixed = [], []
    for manifest in rounds:
        if manifest.ordinal in ordinals:
            machines = [entry.kind in MACHINES for entry in manifest.roster]
            if all(machines):
                alone.append(str(manifest.ordinal))
            elif any(machines):
                mixed.append(str(manifest.ordinal))
    if alone:
        yield (
            f"Annotators of kind model or rule alone (rounds: {', '.join(alone)}): agreement there "
            "is the repeatability of a machine over its runs. It is no reliability of people."
        )
    if mixed:
        yield (
            f"People and annotators of kind model or rule together (rounds: {', '.join(mixed)}): "
            "agreement there is not of people alone."
        )


def _explained(stated: Sequence[Stated], rounds: Sequence[Round]) -> Iterator[str]:
    """Yield the definition of each coefficient that occurs, of intervals, and of machines."""
    used = {figure.coefficient for one in stated for figure in (*one.figures, *one.consistency)}
    for key, definition in DEFINITIONS.items():
        if key in used:
            source = definition.source.removesuffix(".")
            yield f"- {definition.title} (`{key}`): {definition.text} Source: {source}."
    if any(one.level is None for one in stated):
        yield f"- {MATCHED}"
    if used:
        yield f"- {INTERVALS}"
    for said in machine_rounds(stated, rounds):
        yield f"- {said}"


def _stated(
    rows: Sequence[tuple[Stated, tuple[Figure, ...]]], named: Sequence[str], *, counts: bool = True
) -> str:
    """A table with a column for each coefficient, and below it why cells lack something."""
    columns = list(dict.fromkeys(_column(f) for _, figures in rows for f in figures))
    notes: dict[str, str] = {}
    lines = [
        (
            one.round,
            one.of,
            *(getattr(one, name) or "" for name in named),
            *_basis(figures[0]),
            *((one.alike, one.compared) if counts else ()),
            *_cells(figures, columns, notes),
        )
        for one, figures in rows
    ]
    heads = ("round", "of", *named, "units", "annotators", "articles")
    listed = table((*heads, *(("alike", "compared") if counts else ()), *columns), lines)
    return listed + "".join(f"\n({letter}) {why}.\n" for why, letter in notes.items())


def _cells(
    figures: Iterable[Figure], columns: Iterable[str], notes: dict[str, str]
) -> Iterator[str]:
    """Yield the figure of each column; ``notes`` gets a letter for each reason."""
    by_column = {_column(figure): figure for figure in figures}
    for column in columns:
        figure = by_column.get(column)
        yield "" if figure is None else _cell(figure, notes)


def _cell(figure: Figure, notes: dict[str, str]) -> str:
    if figure.value is None:
        said, why = "undefined", f"Undefined, because {figure.undefined}"
    elif figure.low is not None and figure.high is not None:
        said = f"{figure.value:.3f} [{figure.low:.3f}, {figure.high:.3f}]"
        if figure.unsure is None:
            return said
        why = f"An interval of no width: {figure.unsure}"
    else:
        said, why = f"{figure.value:.3f}", f"Without an interval: {figure.unsure}"
    return f"{said} ({notes.setdefault(why, _letter(len(notes)))})"


def _letter(number: int) -> str:
    """Letters that count: a to z, then aa, ab and so on."""
    more, last = divmod(number, 26)
    return (_letter(more - 1) if more else "") + chr(ord("a") + last)


def _column(figure: Figure) -> str:
    """The title of a coefficient; α is one column, for the level stands beside it."""
    if figure.coefficient.startswith(ALPHA):
        return "Krippendorff's α"
    return DEFINITIONS[figure.coefficient].title


def _basis(figure: Figure) -> tuple[int, int, int]:
    return figure.basis.units, figure.basis.annotators, figure.basis.clusters


def _defined(figures: Iterable[Figure]) -> bool:
    return any(figure.value is not None for figure in figures)
