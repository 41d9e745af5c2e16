"""Whether the values of a variable fit its level, and which of them its scale has."""

import msgspec
import numpy as np

from sikap.agreement.ratings import Ratings, first_few, numbers
from sikap.agreement.study import Options
from sikap.errors import Problem, raise_if


def ready(ratings: Ratings, options: Options) -> Ratings:
    """The ratings with the scale that counts; raises InputError where it does not fit its level."""
    raise_if(_misfits(ratings))
    return _used_only(ratings) if options.unused == "ignore" else ratings


def _misfits(ratings: Ratings) -> tuple[Problem, ...]:
    """What is wrong with a variable's level: values that are no finite numbers, or no sets."""
    if ratings.level in {"interval", "ratio"} and numbers(ratings.values) is None:
        wrong = [value for value in ratings.values if numbers([value]) is None]
        found = f"these of its values are no finite numbers: {first_few(wrong)}"
        fix = "use numbers only, or the level nominal, or ordinal with the values in their order"
    elif ratings.level in {"masi", "jaccard"} and len(ratings.members) != len(ratings.values):
        found, fix = "its values are no sets", "use the level nominal, or a column of sets"
    else:
        return ()
    found = f"{ratings.name} has the level {ratings.level}, but {found}"
    return (Problem(code="agreement-level", id=ratings.name, found=found, fix=fix),)


def _used_only(ratings: Ratings) -> Ratings:
    """The ratings with the scale cut to the values that somebody gave."""
    used, value = np.unique(ratings.value, return_inverse=True)
    if len(used) == len(ratings.values):
        return ratings
    return msgspec.structs.replace(
        ratings,
        values=tuple(ratings.values[place] for place in used),
        members=tuple(ratings.members[place] for place in used) if ratings.members else (),
        value=value,
    )
