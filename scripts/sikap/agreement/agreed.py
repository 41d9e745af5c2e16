"""The agreement of a round in few figures: what a release states, and what thresholds look at.

Of each control the main figures with intervals, and of each value against all others, or each span
label, one; with the raw counts, so that anybody can recount.
"""

from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from sikap.agreement.categorical import COEFFICIENTS, MAIN
from sikap.agreement.engine import everything
from sikap.agreement.exact import exact
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Codes, Level, Ratings, ratings_of
from sikap.agreement.resample import draws, figure
from sikap.agreement.span_counts import basis, between_annotators, met
from sikap.agreement.span_scores import WEIGHTS, of_labels, pooled
from sikap.agreement.study import Marks, Options, Study
from sikap.agreement.tallies import Sums, Tally, sums, tally
from sikap.records import Record

OF_A_VALUE = ("krippendorff-alpha",)
"""What is stated of one value against all others."""
SPAN_FIGURES = tuple(f"span-f1-{kind}" for kind in WEIGHTS)
"""What thresholds can be of, of spans and of each label."""
MATCHED = frozenset(SPAN_FIGURES) - {"span-f1-exact"}
OPTIONS = Options()
"""How the figures of releases and thresholds are computed; it is no setting, so that they compare.
"""
BINARY = ratings_of("", (), values=("others", "value"))
"""What the coefficients need to know of one value against all others."""


class Agreed(Record, frozen=True, kw_only=True):
    """How far the annotators of a round agree on one thing.

    ``of`` is a control, or a control of spans with ``:label``: what matched spans are labelled.
    ``value`` is null for all of it, else one value against all others, or one
    span label. ``alike`` of ``compared`` pairs of ratings on one unit are equal; of spans it is
    twice the exact matches of all that either of two annotators marked. ``level`` is null for
    spans. ``consistency`` are figures of what annotators said of items that came a second time.
    """

    round: int
    of: str
    value: str | None
    level: Level | None
    alike: int
    compared: int
    figures: tuple[Figure, ...]
    consistency: tuple[Figure, ...]


def agreed(
    study: Study, ordinal: int, more: Collection[str] = (), options: Options = OPTIONS
) -> tuple[Agreed, ...]:
    """What is stated of a round: each thing as a whole, then each of its values or labels.

    Spans come first, then choices, then what was said of matched spans. ``more`` are coefficients
    to compute beside those that are stated.
    """
    spans = (one for marks in study.layers for one in _of_marks(marks, ordinal, more, options))
    rated = (
        one for found in everything(study) for one in _of_ratings(found, ordinal, more, options)
    )
    return (*spans, *rated)


def _of_marks(
    marks: Marks, ordinal: int, more: Collection[str], options: Options
) -> Iterator[Agreed]:
    """Yield the spans of a layer, then those of each label."""
    beside = _matched(marks, options) if set(more) & MATCHED else {}
    for found in exact(marks, options):
        others = (one for one in beside.get(found.label, ()) if one.coefficient in more)
        yield Agreed(
            round=ordinal,
            of=marks.name,
            value=found.label,
            level=None,
            alike=found.same,
            compared=found.of,
            figures=(found.figure, *others),
            consistency=(),
        )


def _matched(marks: Marks, options: Options) -> dict[str | None, list[Figure]]:
    """The F1 that need spans to be matched, by label, of all labels under None."""
    found = met(marks, between_annotators(marks))
    base = basis(found, marks)
    figures = (pooled(found, base, options), *of_labels(found, base, options))
    return {
        label: [one for one in few if one.coefficient in MATCHED]
        for label, few in zip((None, *found.labels), figures, strict=True)
    }


def _of_ratings(
    ratings: Ratings, ordinal: int, more: Collection[str], options: Options
) -> Iterator[Agreed]:
    """Yield the whole and each value; all figures are of the same replicates."""
    tallied = tally(ratings)
    found, drawn = sums(tallied, tallied.once), sums(tallied, _drawn(tallied, options))
    table = _counts(ratings)
    alike, compared = _pairs(table), _pairs(table.sum(axis=1, keepdims=True))
    yield Agreed(
        round=ordinal,
        of=ratings.name,
        value=None,
        level=ratings.level,
        alike=alike,
        compared=compared,
        figures=_figures(
            (found, drawn),
            ratings,
            tallied,
            (*MAIN, *more),
            "everybody gave one and the same value, so chance alone explains all agreement",
            options,
        ),
        consistency=(),
    )
    for value, inside in _values(ratings):
        both = np.stack((table[:, ~inside].sum(axis=1), table[:, inside].sum(axis=1)), axis=1)
        given = "everybody gave it" if both[:, 1].any() else "nobody gave it"
        yield Agreed(
            round=ordinal,
            of=ratings.name,
            value=value,
            level="nominal",
            alike=_pairs(both),
            compared=compared,
            figures=_figures(
                (_merged(found, inside), _merged(drawn, inside)),
                BINARY,
                tallied,
                (*OF_A_VALUE, *more),
                given,
                options,
            ),
            consistency=(),
        )


def _figures(
    of: tuple[Sums, Sums],
    ratings: Ratings,
    tallied: Tally,
    wanted: Sequence[str],
    because: str,
    options: Options,
) -> tuple[Figure, ...]:
    found, drawn = of
    wanted = [name for name in dict.fromkeys(wanted) if name in COEFFICIENTS]
    reason = because if tallied.basis.units else "no unit has two ratings"
    return tuple(
        figure(
            name,
            float(COEFFICIENTS[name](found, ratings)[0]),
            COEFFICIENTS[name](drawn, ratings),
            tallied.basis,
            options,
            because=reason,
        )
        for name in wanted
    )


def _drawn(tallied: Tally, options: Options) -> NDArray[np.float64]:
    return draws(tallied.kind, tallied.kinds, options)


def _counts(ratings: Ratings) -> Codes:
    """How often each unit was given each value: units × values."""
    width, units = len(ratings.values), len(ratings.items)
    cells = np.bincount(ratings.item * width + ratings.value, minlength=units * width)
    return cells.reshape(units, width)


def _pairs(table: Codes) -> int:
    """How many pairs of ratings on one unit are equal."""
    return int((table * (table - 1) // 2).sum())


def _values(ratings: Ratings) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield each value and which places of the scale are it; of sets, which hold it."""
    if ratings.members:
        for member in dict.fromkeys(m for held in ratings.members for m in sorted(held)):
            yield member, np.asarray([member in held for held in ratings.members], dtype=np.bool_)
        return
    for place, value in enumerate(ratings.values):
        yield value, np.arange(len(ratings.values)) == place


def _merged(found: Sums, inside: NDArray[np.bool_]) -> Sums:
    """The sums as they were if there were two values only: what is inside, and the others."""
    part = np.stack((~inside, inside), axis=1).astype(np.float64)
    return Sums(
        coincidences=part.T @ found.coincidences @ part,
        pairs=part.T @ found.pairs @ part,
        units=found.units,
        shares=found.shares @ part,
        rated=found.rated,
    )
