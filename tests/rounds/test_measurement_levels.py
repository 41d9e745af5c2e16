import pytest

from builders import codes
from sikap.labelling_config.scheme import Control, Scheme
from sikap.records import Level
from sikap.rounds.measurement_levels import level_of, level_problems, possible_levels

STANCE = Control(name="stance", kind="attribute", values=("favor", "against"))
TOPICS = Control(name="topics", kind="choice", values=("a", "b"), multiple=True)
SCORE = Control(name="score", kind="choice", values=("-1", "0", "1"))
STARS = Control(name="stars", kind="choice", values=("0", "1", "2"))
SPANS = Control(name="entities", kind="spans", values=("PER",))
SCHEME = Scheme(
    controls=(SPANS, STANCE, TOPICS, SCORE, STARS), text_name="text", text_variable="text"
)


def test_values_are_nominal_and_sets_are_masi_unless_told_otherwise() -> None:
    assert [level_of(one, {}) for one in (STANCE, TOPICS)] == ["nominal", "masi"]
    assert level_of(STANCE, {"stance": "ordinal"}) == "ordinal"


@pytest.mark.parametrize(
    ("control", "possible"),
    [
        (STANCE, ("nominal", "ordinal")),
        (SCORE, ("nominal", "ordinal", "interval")),
        (STARS, ("nominal", "ordinal", "interval", "ratio")),
        (TOPICS, ("nominal", "masi", "jaccard")),
    ],
)
def test_a_control_can_have_the_levels_that_its_values_allow(
    control: Control, possible: tuple[str, ...]
) -> None:
    assert possible_levels(control) == possible


@pytest.mark.parametrize(
    ("levels", "found"),
    [
        ({"stanc": "ordinal"}, "'stanc' is no choice"),
        ({"entities": "nominal"}, "'entities' is no choice"),
        ({"stance": "interval"}, "values that are no numbers"),
        ({"score": "ratio"}, "values below zero"),
        ({"topics": "ordinal"}, "several values at once"),
        ({"stance": "masi"}, "one value, not a set"),
    ],
)
def test_a_level_that_a_control_cannot_have_is_named(levels: dict[str, Level], found: str) -> None:
    problems = list(level_problems(levels, SCHEME))
    assert codes(problems) == ["settings"]
    assert found in problems[0].found


def test_levels_that_fit_are_no_problem() -> None:
    assert not [*level_problems({"stance": "ordinal", "topics": "jaccard"}, SCHEME)]
