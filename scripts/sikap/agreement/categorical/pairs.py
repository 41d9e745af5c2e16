"""Who agrees with whom: the figures of each two annotators, and Light's κ, the mean over them."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

import msgspec
import numpy as np

from sikap.agreement.arrays import Codes, Floats, mean_known
from sikap.agreement.bootstrap.draws import figure, figures_of
from sikap.agreement.bootstrap.sparse_sums import Columns
from sikap.agreement.categorical.coefficients import ORDERED, unrated
from sikap.agreement.categorical.contingency import (
    Contingency,
    cohen_kappa,
    percent_agreement,
    scott_pi,
)
from sikap.agreement.categorical.sums import Compute
from sikap.agreement.categorical.unit_counts import Tally
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.ratings import Level, Ratings
from sikap.agreement.report import Pair
from sikap.agreement.study import Options

LIGHT = "light-kappa"
NOWHERE = "Cohen's κ is undefined for each two annotators"
ONE_VALUE = "both gave one and the same value, so chance alone explains all agreement"

Measure = Callable[[Contingency], Floats]


def measures(level: Level) -> dict[str, Measure]:
    """The coefficients of two annotators by key, for a level."""
    found: dict[str, Measure] = {
        "percent-agreement": percent_agreement,
        "cohen-kappa": lambda contingency: cohen_kappa(contingency, "nominal"),
    }
    if level in ORDERED:
        found["cohen-kappa-linear"] = lambda contingency: cohen_kappa(contingency, "linear")
        found["cohen-kappa-quadratic"] = lambda contingency: cohen_kappa(contingency, "quadratic")
    return {**found, "scott-pi": scott_pi}


def distances(level: Level) -> tuple[str, ...]:
    """The distances that these coefficients need."""
    return ("nominal", "linear", "quadratic") if level in ORDERED else ("nominal",)


class Shared(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Two annotators, by their places, and what they said of the units that both judged."""

    one: int
    other: int
    basis: Basis
    scalars: Columns
    said: Columns
    replied: Columns


def shared(tallied: Tally, pairs: Iterable[tuple[int, int]]) -> tuple[Shared, ...]:
    """Those of some pairs of annotators that share a unit; of a tally that tells who gave what."""
    wanted = tuple(pairs)
    annotators = {who: place for place, who in enumerate(sorted({*chain(*wanted)}))}
    places = np.full(int(tallied.annotator.max(initial=-1)) + 1, -1)
    places[list(annotators)] = list(annotators.values())
    place = places[tallied.annotator]
    table = np.full((len(tallied.owner), len(annotators)), -1)
    table[tallied.row[place >= 0], place[place >= 0]] = tallied.value[place >= 0]
    found = []
    for pair in wanted:
        said, replied = table[:, annotators[pair[0]]], table[:, annotators[pair[1]]]
        row = np.flatnonzero((said >= 0) & (replied >= 0))
        if len(row):
            found.append(_shared(tallied, pair, row, said[row], replied[row]))
    return tuple(found)


def _shared(
    tallied: Tally, pair: tuple[int, int], row: Codes, said: Codes, replied: Codes
) -> Shared:
    sums: list[Floats] = [np.ones(len(row))]
    sums += [tallied.scale.apart(name, said, replied) for name in distances(tallied.scale.level)]
    which = np.repeat(np.arange(len(sums)), len(row))
    often = tallied.once[0]
    units = int(often[tallied.owner[row]].sum())
    return Shared(
        one=pair[0],
        other=pair[1],
        basis=Basis(
            units=units,
            ratings=2 * units,
            annotators=2,
            clusters=int(often[np.unique(tallied.owner[row])].sum()),
        ),
        scalars=tallied.columns(np.tile(row, len(sums)), which, np.concatenate(sums), len(sums)),
        said=tallied.columns(row, said, sums[0], tallied.scale.width),
        replied=tallied.columns(row, replied, sums[0], tallied.scale.width),
    )


def contingency(tallied: Tally, pair: Shared, drawn: Floats) -> Contingency:
    """What a pair said of the units that were drawn."""
    scalars = pair.scalars.of(drawn)
    names = distances(tallied.scale.level)
    return Contingency(
        scale=tallied.scale,
        units=scalars[:, 0],
        apart={name: scalars[:, 1 + place] for place, name in enumerate(names)},
        one=pair.said.of(drawn),
        other=pair.replied.of(drawn),
    )


def of_pairs(tallied: Tally, pairs: Sequence[Shared]) -> Compute:
    """What computes the figures of each pair: draws × (pairs by figures)."""
    wanted = measures(tallied.scale.level)

    def compute(drawn: Floats) -> Floats:
        found: list[Floats] = [np.empty((len(drawn), 0))]
        for pair in pairs:
            met = contingency(tallied, pair, drawn)
            found.append(np.stack([measure(met) for measure in wanted.values()], axis=-1))
        return np.concatenate(found, axis=-1)

    return compute


def pair_figures(
    ratings: Ratings,
    pairs: Sequence[Shared],
    values: Floats,
    replicates: Floats,
    tallied: Tally,
    options: Options,
) -> tuple[Figure, tuple[Pair, ...]]:
    """Light's κ, and the figures of each pair, of what `of_pairs` computes."""
    keys = tuple(measures(ratings.level))
    reasons = dict.fromkeys(keys, ONE_VALUE)
    values = values.reshape(len(pairs), len(keys))
    replicates = replicates.reshape(len(replicates), len(pairs), len(keys))
    listed = tuple(
        Pair(
            one=ratings.annotators[pair.one],
            other=ratings.annotators[pair.other],
            figures=figures_of(reasons, values[place], replicates[:, place], pair.basis, options),
        )
        for place, pair in enumerate(pairs)
    )
    kappa = keys.index("cohen-kappa")
    light = figure(
        LIGHT,
        float(mean_known(values[None, :, kappa])[0]),
        mean_known(replicates[:, :, kappa]),
        tallied.basis,
        options,
        because=unrated(ratings, tallied) or NOWHERE,
    )
    return light, listed
