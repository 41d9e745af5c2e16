"""What card, datasheet and Croissant say of agreement: tables to quote, and what they mean."""

from collections.abc import Iterable, Iterator, Sequence

from sikap.agreement.agreed import OPTIONS, Agreed
from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.figures import Figure
from sikap.describe.markdown import table
from sikap.records import Round

MACHINES = ("model", "rule")
INTERVALS = f"""\
An interval is the middle {OPTIONS.confidence:.0%} of the figure over {OPTIONS.replicates:,} \
replicates, each of as many articles, drawn with replacement (seed {OPTIONS.seed}): it says how \
far the figure hangs on which articles were chosen, and nothing of who annotates."""
HEADS = ("round", "of", "value", "level", "figure", "is", "95 % interval")
BASIS = ("units", "annotators", "articles")


def agreement_blocks(agreed: Sequence[Agreed], rounds: Sequence[Round]) -> dict[str, str]:
    """The blocks on agreement by name, as Markdown ended by a line end."""
    return {
        "agreement": _figures(one for one in agreed if one.value is None),
        "agreement-values": _figures(one for one in agreed if one.value is not None),
        "agreement-counts": table(
            ("round", "of", "value", "alike", "compared"),
            ((one.round, one.of, one.value or "all", one.alike, one.compared) for one in agreed),
        ),
        "consistency": _consistency(agreed),
        "definitions": "".join(f"{line}\n" for line in _explained(agreed, rounds)),
    }


def analyses(agreed: Sequence[Agreed], rounds: Sequence[Round]) -> Iterator[str]:
    """Yield a sentence on each control of each round, then what the figures mean."""
    for one in agreed:
        if one.value is None:
            level = f" ({one.level})" if one.level else ""
            said = "; ".join(f"{_title(figure)} {_shown(figure)}" for figure in one.figures)
            yield f"Round {one.round}, {one.of}{level}: {said}."
    for line in _explained(agreed, rounds):
        yield line.removeprefix("- ")


def machine_rounds(agreed: Iterable[Agreed], rounds: Iterable[Round]) -> Iterator[str]:
    """Yield what must be said of rounds in which machines annotated."""
    stated = {one.round for one in agreed}
    alone, mixed = [], []
    for manifest in rounds:
        if manifest.ordinal in stated:
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


def _explained(agreed: Sequence[Agreed], rounds: Sequence[Round]) -> Iterator[str]:
    """Yield the definition of each coefficient that occurs, of intervals, and of machines."""
    used = {figure.coefficient for one in agreed for figure in (*one.figures, *one.consistency)}
    for key, definition in DEFINITIONS.items():
        if key in used:
            yield f"- {definition.title} (`{key}`): {definition.text} Source: {definition.source}."
    if used:
        yield f"- {INTERVALS}"
    for said in machine_rounds(agreed, rounds):
        yield f"- {said}"


def _figures(agreed: Iterable[Agreed]) -> str:
    rows = ((*_what(one), *_cells(figure)) for one in agreed for figure in one.figures)
    return table((*HEADS, *BASIS), rows)


def _consistency(agreed: Iterable[Agreed]) -> str:
    rows = ((*_what(one), *_cells(figure)) for one in agreed for figure in one.consistency)
    return table((*HEADS, *BASIS), rows)


def _what(one: Agreed) -> tuple[object, ...]:
    return one.round, one.of, "all" if one.value is None else one.value, one.level or ""


def _cells(figure: Figure) -> tuple[object, ...]:
    basis = figure.basis
    interval = "" if figure.value is None else _interval(figure)
    return (
        _title(figure),
        _value(figure),
        interval,
        basis.units,
        basis.annotators,
        basis.clusters,
    )


def _title(figure: Figure) -> str:
    return DEFINITIONS[figure.coefficient].title


def _value(figure: Figure) -> str:
    if figure.value is None:
        return f"undefined, because {figure.undefined}"
    return f"{figure.value:.3f}"


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return f"none: {figure.unsure}"
    return f"{figure.low:.3f} to {figure.high:.3f}"


def _shown(figure: Figure) -> str:
    if figure.value is None:
        return _value(figure)
    basis = figure.basis
    return (
        f"{_value(figure)} (95 % interval {_interval(figure)}; {basis.units} units, "
        f"{basis.annotators} annotators, {basis.clusters} articles)"
    )
