"""All coefficients of one variable with intervals: whole, by value, by pair of annotators."""

from collections.abc import Iterable, Sequence

import numpy as np

from sikap.agreement.arrays import Floats
from sikap.agreement.bootstrap.draws import figures_of
from sikap.agreement.bootstrap.sparse_sums import Together
from sikap.agreement.categorical.by_category import KEYS, named, of_values, value_figures
from sikap.agreement.categorical.coefficients import (
    COEFFICIENTS,
    NEGATIVE,
    of_level,
    own_alpha,
    unrated,
)
from sikap.agreement.categorical.conger import Conger, conger_figure, conger_once
from sikap.agreement.categorical.pairs import measures, of_pairs, pair_figures, shared
from sikap.agreement.categorical.sparse_pairs import TOO_MANY, ManyPairs, many_pair_figures, met_by
from sikap.agreement.categorical.sums import Compute, Sums, beside, replicated
from sikap.agreement.categorical.unit_counts import Tally, tally
from sikap.agreement.categorical.validate import ready
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Level, Ratings
from sikap.agreement.report import ByValue, Variable
from sikap.agreement.study import Options

__all__ = ["COEFFICIENTS", "figures", "headline", "main", "variable", "with_values"]


def main(level: Level) -> tuple[str, ...]:
    """The coefficients that are shown wherever there is room for few."""
    return "percent-agreement", own_alpha(level)


def headline(ratings: Ratings, options: Options) -> tuple[Figure, ...]:
    """The main figures of a variable."""
    return figures(ratings, options, main(ratings.level))


def figures(ratings: Ratings, options: Options, wanted: Iterable[str]) -> tuple[Figure, ...]:
    """The figures of some coefficients, by key, all of the same replicates.

    Raises InputError where the values do not fit the level, KeyError for a key that is no
    coefficient of any number of annotators.
    """
    counted, keys = ready(ratings, options), tuple(wanted)
    tallied = tally(counted)
    value, replicates = replicated(of_sums(tallied, keys), len(keys), tallied, options)
    return _published(counted, tallied, options, keys, value, replicates)


def with_values(
    ratings: Ratings, options: Options, wanted: Iterable[str]
) -> tuple[tuple[Figure, ...], tuple[ByValue, ...]]:
    """The figures of some coefficients, and those of each value, all of the same replicates."""
    counted, keys = ready(ratings, options), tuple(wanted)
    tallied, values = tally(counted), named(counted)
    both = beside(of_sums(tallied, keys), of_values(tallied, values))
    end = len(keys)
    width = end + len(values.names) * len(KEYS)
    value, replicates = replicated(both, width, tallied, options)
    return (
        _published(counted, tallied, options, keys, value[:end], replicates[:, :end]),
        value_figures(counted, values, value[end:], replicates[:, end:], tallied, options),
    )


def variable(ratings: Ratings, options: Options) -> Variable:
    """All coefficients of a variable; what lies behind them is left empty."""
    counted = ready(ratings, options)
    met = met_by(counted)
    tallied = tally(counted, alike="values" if isinstance(met, ManyPairs) else "annotators")
    wanted, two = of_level(counted.level), measures(counted.level)
    values = named(counted)
    pairs = () if isinstance(met, ManyPairs) else shared(tallied, met)
    sizes = [len(wanted), len(values.names) * len(KEYS), len(pairs) * len(two)]
    parts = [of_sums(tallied, wanted), of_values(tallied, values), of_pairs(tallied, pairs)]
    if not isinstance(met, ManyPairs):
        sizes.append(1)
        parts.append(Conger(tallied).compute)
    ends = np.cumsum(sizes)
    value, replicates = replicated(beside(*parts), int(ends[-1]), tallied, options)
    whole, by_value, by_pair = np.split(value[: ends[2]], ends[:2])
    drawn, drawn_values, drawn_pairs = np.split(replicates[:, : ends[2]], ends[:2], axis=1)
    if isinstance(met, ManyPairs):
        conger = conger_once(counted, tallied, TOO_MANY)
        light, listed = many_pair_figures(counted, tallied, met)
    else:
        conger = conger_figure(counted, tallied, float(value[-1]), replicates[:, -1], options)
        light, listed = pair_figures(counted, pairs, by_pair, drawn_pairs, tallied, options)
    return Variable(
        name=ratings.name,
        about=ratings.about,
        level=ratings.level,
        values=counted.values,
        basis=tallied.basis,
        figures=(*_published(counted, tallied, options, wanted, whole, drawn), conger, light),
        by_value=value_figures(counted, values, by_value, drawn_values, tallied, options),
        pairs=listed,
        annotators=(),
        confusion=(),
        course=(),
        consistency=(),
        needed=(),
    )


def of_sums(tallied: Tally, wanted: Sequence[str]) -> Compute:
    """What computes coefficients of any number of annotators: draws × coefficients."""
    kept = Together()

    def compute(drawn: Floats) -> Floats:
        found = Sums(tallied, drawn, kept)
        return np.stack([COEFFICIENTS[key].compute(found) for key in wanted], axis=-1)

    return compute


def _published(
    ratings: Ratings,
    tallied: Tally,
    options: Options,
    wanted: Sequence[str],
    value: Floats,
    replicates: Floats,
) -> tuple[Figure, ...]:
    reasons = {key: unrated(ratings, tallied) or _because(key, tallied) for key in wanted}
    return figures_of(reasons, value, replicates, tallied.basis, options)


def _because(key: str, tallied: Tally) -> str:
    """Why a coefficient is undefined where units have two ratings."""
    if key == own_alpha("ratio") and tallied.negative:
        return NEGATIVE
    return COEFFICIENTS[key].because
