"""What lies behind the coefficients of a variable or layer, put beside them."""

from collections.abc import Callable

import msgspec

from sikap.agreement.categorical import headline
from sikap.agreement.confusion import confusions
from sikap.agreement.consistency import consistency, span_consistency
from sikap.agreement.course import course, course_of_marks
from sikap.agreement.figures import Figure
from sikap.agreement.needed import needed
from sikap.agreement.ratings import Ratings
from sikap.agreement.report import Layer, Variable
from sikap.agreement.study import Marks, Options
from sikap.agreement.use import uses


def of_variable(
    found: Variable, ratings: Ratings, options: Options, again: Ratings | None = None
) -> Variable:
    """The variable with how annotators use it, its course, consistency and what it needs."""
    return msgspec.structs.replace(
        found,
        annotators=uses(ratings, options),
        confusion=confusions(ratings),
        course=course(ratings, options, headline),
        consistency=() if again is None else consistency(ratings, again, options),
        needed=needed(headline(ratings, options), options, ratings),
    )


def of_layer(
    found: Layer,
    marks: Marks,
    options: Options,
    main: Callable[[Marks, Options], tuple[Figure, ...]],
    again: Marks | None = None,
) -> Layer:
    """The layer with its course, consistency and what it needs; ``main`` are its main figures."""
    return msgspec.structs.replace(
        found,
        course=course_of_marks(marks, options, main),
        consistency=() if again is None else span_consistency(marks, again, options),
        needed=needed(main(marks, options), options),
    )
