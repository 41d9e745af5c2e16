"""What lies behind the figures of a variable or layer, put beside them."""

from collections.abc import Callable

import msgspec

from sikap.agreement.categorical.validate import ready
from sikap.agreement.categorical.variable import headline
from sikap.agreement.diagnostics.annotator_bias import uses
from sikap.agreement.diagnostics.confusion import confusions
from sikap.agreement.diagnostics.drift import course, course_of_marks
from sikap.agreement.diagnostics.sample_size import needed
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Ratings
from sikap.agreement.report import Consistency, Layer, Variable
from sikap.agreement.study import Marks, Options


def of_variable(
    found: Variable,
    ratings: Ratings,
    options: Options,
    main: tuple[Figure, ...],
    again: tuple[Consistency, ...] = (),
) -> Variable:
    """The variable with how annotators use it, its course, and what its ``main`` figures need.

    ``again`` is how consistent they are.
    """
    counted = ready(ratings, options)
    return msgspec.structs.replace(
        found,
        annotators=uses(counted, options),
        confusion=confusions(counted),
        course=course(counted, options, headline),
        consistency=again,
        needed=needed(main, options, counted),
    )


def of_layer(
    found: Layer,
    marks: Marks,
    options: Options,
    main: tuple[Figure, ...],
    headline: Callable[[Marks, Options], tuple[Figure, ...]],
) -> Layer:
    """The layer with its course, and what its ``main`` figures need; ``headline`` makes these."""
    return msgspec.structs.replace(
        found,
        course=course_of_marks(marks, options, headline),
        needed=needed(main, options),
    )
