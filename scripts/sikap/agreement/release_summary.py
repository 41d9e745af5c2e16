"""The agreement of a round in few figures: what a release states, and what thresholds look at.

Of each control the main figures with intervals, and of each value against all others, or each span
label, one; with the raw counts, so that anybody can recount.
"""

from collections.abc import Collection, Iterator, Sequence

import msgspec
import numpy as np

from sikap.agreement.analyse import everything
from sikap.agreement.arrays import Codes
from sikap.agreement.categorical.coefficients import of_level
from sikap.agreement.categorical.variable import main, with_values
from sikap.agreement.diagnostics.self_consistency import consistencies
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Level, Ratings, of_value
from sikap.agreement.spans.annotators import span_consistency
from sikap.agreement.spans.exact_f1 import EXACT, exact
from sikap.agreement.spans.f1_scores import WEIGHTS, of_labels, pooled
from sikap.agreement.spans.match_counts import basis, between_annotators, met
from sikap.agreement.study import Marks, Options, Study
from sikap.records import Record

OF_A_VALUE = ("krippendorff-alpha-nominal", "specific-agreement")
"""What is stated of one value against all others."""
SPAN_FIGURES = tuple(f"span-f1-{kind}" for kind in WEIGHTS)
"""What thresholds can be of, of spans and of each label."""
MATCHED = frozenset(SPAN_FIGURES) - {EXACT}
OPTIONS = Options()
"""How the figures of releases and thresholds are computed; it is no setting, so that they compare.
"""


class Stated(Record, frozen=True, kw_only=True):
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


def stated(
    study: Study, ordinal: int, more: Collection[str] = (), options: Options = OPTIONS
) -> tuple[Stated, ...]:
    """What is stated of a round: each thing as a whole, then each of its values or labels.

    Spans come first, then choices, then what was said of matched spans. ``more`` are coefficients
    to compute beside those that are stated.
    """
    rated = everything(study)
    again = dict(_again(study, rated, options))
    found = (
        *(one for marks in study.layers for one in _of_marks(marks, ordinal, more, options)),
        *(one for ratings in rated for one in _of_ratings(ratings, ordinal, more, options)),
    )
    return tuple(
        msgspec.structs.replace(one, consistency=again.get(one.of, ()))
        if one.value is None
        else one
        for one in found
    )


def _again(
    study: Study, rated: Sequence[Ratings], options: Options
) -> Iterator[tuple[str, tuple[Figure, ...]]]:
    """Yield how consistent all annotators together are, by name, where items came twice."""
    if not (study.again or study.marks_again):
        return
    for ratings, several in zip(rated, consistencies(study, options), strict=True):
        yield from ((ratings.name, one.figures) for one in several if one.annotator is None)
    second = {marks.name: marks for marks in study.marks_again}
    for marks in study.layers:
        if marks.name in second:
            everybody, *_ = span_consistency(marks, second[marks.name], options)
            exact_f1 = (one for one in everybody.figures if one.coefficient == EXACT)
            yield marks.name, tuple(exact_f1)


def _of_marks(
    marks: Marks, ordinal: int, more: Collection[str], options: Options
) -> Iterator[Stated]:
    """Yield the spans of a layer, then those of each label."""
    beside = _matched(marks, options) if set(more) & MATCHED else {}
    for found in exact(marks, options):
        others = (one for one in beside.get(found.label, ()) if one.coefficient in more)
        yield Stated(
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
) -> Iterator[Stated]:
    """Yield the whole and each value; all figures are of the same replicates."""
    level = ratings.level
    wanted = dict.fromkeys((*main(level), *(key for key in of_level(level) if key in more)))
    figures, values = with_values(ratings, options, wanted)
    alike, compared = _pairs(ratings)
    yield Stated(
        round=ordinal,
        of=ratings.name,
        value=None,
        level=level,
        alike=alike,
        compared=compared,
        figures=figures,
        consistency=(),
    )
    for value in values:
        kept = (one for one in value.figures if one.coefficient in {*OF_A_VALUE, *more})
        yield Stated(
            round=ordinal,
            of=ratings.name,
            value=value.value,
            level="nominal",
            alike=_pairs(of_value(ratings, value.value))[0],
            compared=compared,
            figures=tuple(kept),
            consistency=(),
        )


def _pairs(ratings: Ratings) -> tuple[int, int]:
    """How many pairs of ratings on one unit are equal, and how many there are."""
    cells = ratings.item * len(ratings.values) + ratings.value
    alike, every = (_couples(column) for column in (cells, ratings.item))
    return alike, every


def _couples(column: Codes) -> int:
    """How many pairs of entries of a column are equal."""
    _, counts = np.unique(column, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())
