"""What the figures say, in sentences: for whoever must decide whether labels are good enough."""

from collections.abc import Mapping, Sequence
from itertools import combinations

from markupsafe import Markup

from sikap.agreement.figures import RAW, Basis, Figure, find_figure, main_coefficient, main_figure
from sikap.agreement.html.formatting import UNITS, count, isolated, listed, number, said, share
from sikap.agreement.report import Confusion, Errors, Layer, Needed, Pair, Use, Variable

RELIABLE, TENTATIVE = 0.8, 0.667
ALPHA = "krippendorff-alpha"
"""How the keys begin of what the customs of Krippendorff are meant for."""
STRONGEST = 3
"""How many biases are named in words."""
STRIKING = 2


def basis(given: Basis, about: str, drawn: str, rated: str = "rating") -> str:
    """What a figure is computed from, in words; of layers ``rated`` are spans."""
    units = count(given.units, *UNITS[about])
    annotators = count(given.annotators, "annotator")
    clusters = _within(given.clusters, about, drawn)
    where = f", {clusters}" if clusters else ""
    return f"{units} with {count(given.ratings, rated)} by {annotators}{where}"


def custom(figure: Figure) -> str:
    """How an α stands to the customs of content analysis; empty for other figures."""
    if not figure.coefficient.startswith(ALPHA) or figure.value is None:
        return ""
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    source = "Krippendorff (2004)"
    if low >= RELIABLE:
        return f"At or above the 0.800 that {source} asks of reliable data."
    if figure.value >= RELIABLE:
        return f"Above the 0.800 that {source} asks of reliable data, but not all its interval is."
    if figure.value >= TENTATIVE:
        return f"Between 0.667 and 0.800, where {source} allows tentative conclusions only."
    sure = "" if high < TENTATIVE else "; the interval reaches above it"
    return f"Below 0.667, under which {source} advises to conclude nothing{sure}."


def of_variable(variable: Variable) -> tuple[Markup, ...]:
    """The sentences of a variable."""
    weakest = {one.value: one.figures for one in variable.by_value if one.count}
    return tuple(
        sentence
        for sentence in (
            _extreme("Weakest value", weakest),
            _pair(variable.pairs),
            _confused(variable.confusion),
        )
        if sentence
    )


def of_layer(layer: Layer) -> tuple[Markup, ...]:
    """The sentences of a layer."""
    weakest = {one.value: one.figures for one in layer.by_label if one.count}
    return tuple(
        sentence
        for sentence in (
            _extreme("Weakest label", weakest),
            _pair(layer.pairs),
            *(errors(one) for one in layer.errors if one.label is None),
        )
        if sentence
    )


def errors(given: Errors) -> Markup:
    """Where spans differ, in words."""
    parts = {
        "differ in borders only": given.borders,
        "in the label only": given.types,
        "in borders and label": given.both,
        "were marked by one annotator only": given.missed,
    }
    total = sum(parts.values())
    if not total:
        return Markup("No span differs.")
    return Markup("Of {} that are not the same, {}.").format(
        count(total, "span"),
        listed([f"{share(amount, total)} {what}" for what, amount in parts.items() if amount]),
    )


def biases(annotators: Sequence[Use], others: str) -> tuple[Markup, ...]:
    """The strongest biases, in words: what an annotator gives more or less than ``others``.

    Only what is further off than `STRIKING` standard deviations of two counts that are independent:
    those of people who judge the same units differ by less, so few are named by chance.
    """
    found = [
        (use.counts.get(value, 0) - expected, use, value)
        for use in annotators
        for value, expected in use.expected.items()
    ]
    found.sort(key=lambda one: (-abs(one[0]), one[1].annotator, one[2]))
    return tuple(
        Markup("{} gives {} {}; by {} it would be {}.").format(
            isolated(use.annotator),
            isolated(value),
            count(use.counts.get(value, 0), "time"),
            others,
            f"{use.expected[value]:,.1f}",
        )
        for apart, use, value in found[:STRONGEST]
        if abs(apart) > STRIKING * (use.counts.get(value, 0) + use.expected[value]) ** 0.5
    )


def needed(given: Needed, titles: Mapping[str, str], about: str, drawn: str) -> str:
    """What would bring an interval to the wished width, in words."""
    title = titles.get(given.coefficient, given.coefficient)
    because = f" ({given.because})" if given.because else ""
    start = f"{title}: the interval is {number(given.width)} wide"
    if given.width <= given.wished:
        return f"{start}, which is narrow enough: {number(given.wished)} was wished."
    ways = []
    if given.units is not None:
        items = count(given.units, *UNITS[about])
        where = "" if given.clusters is None else _within(given.clusters, about, drawn)
        ways.append(" ".join(filter(None, (items, where, "by as many annotators as now"))))
    if given.annotators is not None:
        ways.append(f"{count(given.annotators, 'annotator')} on each of the units that there are")
    start += f"; to make it {number(given.wished)}"
    if not ways:
        return f"{start}, nothing that is known would do{because}."
    return f"{start} it would take {' or '.join(ways)}{because}."


def _within(clusters: int, about: str, drawn: str) -> str:
    """In how many clusters units are; empty where each is one."""
    return "" if about == drawn else f"in {count(clusters, drawn)}"


def _extreme(what: str, groups: Mapping[str, Sequence[Figure]]) -> Markup | None:
    coefficient = main_coefficient(groups.values())
    known = {
        name: figure
        for name, figures in groups.items()
        if (figure := find_figure(figures, coefficient)) is not None and figure.value is not None
    }
    # Where all are equal, as two values of a scale of two, none is the weakest.
    if len({figure.value for figure in known.values()}) < 2:
        return None
    lowest = min(known, key=lambda name: (known[name].value, name))
    return Markup("{}: {}, {}.").format(what, isolated(lowest), said(known[lowest]))


def _pair(pairs: Sequence[Pair]) -> Markup | None:
    coefficient = main_coefficient(pair.figures for pair in pairs)
    known = [
        (figure.value, pair.one, pair.other, figure)
        for pair in pairs
        if (figure := find_figure(pair.figures, coefficient)) is not None
        and figure.value is not None
    ]
    if len(known) < 2:
        return None
    _, one, other, figure = min(known, key=lambda entry: entry[:3])
    return Markup("Lowest pair: {} and {}, {}.").format(
        isolated(one), isolated(other), said(figure)
    )


def _confused(tables: Sequence[Confusion]) -> Markup | None:
    whole = next((one for one in tables if one.of is None), None)
    if whole is None:
        return None
    met = {
        (whole.values[i], whole.values[j]): whole.table[i][j] + whole.table[j][i]
        for i, j in combinations(range(len(whole.values)), 2)
    }
    total = sum(met.values())
    if not total or len(met) == 1:
        return None
    (one, other), amount = max(met.items(), key=lambda entry: entry[1])
    return Markup("Most often confused: {} with {}, {} of all differences.").format(
        isolated(one), isolated(other), share(amount, total)
    )


def plain_agreement(figures: Sequence[Figure]) -> tuple[str, ...]:
    """What stands below the main figure: how it is to be taken, and agreement without more."""
    figure = main_figure(figures)
    raw = find_figure(figures, RAW)
    sentences = [custom(figure)] if figure is not None else ["There is no figure."]
    if figure is not None and figure.value is None:
        sentences.append(f"It is {said(figure)}.")
    if raw is not None and raw.value is not None and raw is not figure:
        sentences.append(f"{raw.value:.1%} of ratings are equal, chance included.")
    return tuple(filter(None, sentences))
