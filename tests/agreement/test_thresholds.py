"""A threshold is reached, or a problem says by how much it is not, where, and what to do."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from builders import codes, shipped_scheme
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.release_summary import Stated
from sikap.agreement.thresholds import Judged, below, threshold_problems
from sikap.errors import Problem
from sikap.records import Level
from sikap.settings import Threshold

BASIS = Basis(units=40, ratings=80, annotators=2, clusters=7)
LEVELS: dict[str, Level] = {"stance": "ordinal", "holder": "nominal"}


def threshold(**fields: Any) -> Threshold:
    given = {"of": "stance", "figure": "krippendorff-alpha", "at_least": 0.7}
    return Threshold(**{**given, **fields})


def stated(of: str = "stance", **figure: Any) -> Stated:
    given = {"coefficient": "krippendorff-alpha-nominal", "value": 0.7, "low": 0.6, "high": 0.8}
    return Stated(
        round=1,
        of=of,
        value=None,
        level="nominal",
        alike=30,
        compared=40,
        figures=(Figure(**{**given, **figure}, basis=BASIS),),
        consistency=(),
    )


def found(
    of: Threshold | Sequence[Threshold], *figures: Stated, rounds: Sequence[str] = ("r1",)
) -> list[Problem]:
    thresholds = [of] if isinstance(of, Threshold) else of
    return list(below(thresholds, [Judged(round_id=one, stated=figures) for one in rounds]))


@pytest.mark.parametrize(
    ("of", "figure", "reached"),
    [
        ({}, {"value": 0.7}, True),
        ({}, {"value": 0.699999}, False),
        ({}, {"value": 0.700001}, True),
        ({"bound": "low"}, {"low": 0.7}, True),
        ({"bound": "low"}, {"value": 0.9, "low": 0.699999}, False),
        ({"bound": "low"}, {"value": 0.9, "low": None, "high": None, "unsure": "sebab"}, False),
        ({}, {"value": 0.9, "low": None, "high": None, "unsure": "sebab"}, True),
        ({}, {"value": None, "undefined": "sebab"}, False),
        ({}, {"value": -0.2}, False),
        ({"at_least": 1.0}, {"value": 1.0}, True),
    ],
)
def test_a_threshold_is_reached_at_the_bar_and_above(
    of: dict[str, Any], figure: dict[str, Any], reached: bool
) -> None:
    problems = found(threshold(**of), stated(**figure))
    assert codes(problems) == ([] if reached else ["agreement-low"])


def test_a_problem_says_what_was_found_of_what_where_and_what_to_do() -> None:
    (problem,) = found(threshold(), stated(value=0.512))
    assert problem.id == "r1"
    assert problem.found == (
        "Krippendorff's α of stance: must reach 0.7, but is 0.512 (95 % interval 0.600 to 0.800; "
        "units: 40, annotators: 2, articles: 7)"
    )
    assert "sikap round agree r1" in problem.fix


def test_a_lower_end_that_is_asked_for_is_named() -> None:
    (problem,) = found(threshold(bound="low"), stated(value=0.9))
    assert "the lower end of its interval must reach 0.7" in problem.found


@pytest.mark.parametrize(
    ("of", "figure"),
    [
        ({}, {"value": None, "undefined": "no unit has two ratings"}),
        ({"bound": "low"}, {"low": None, "high": None, "unsure": "there is one cluster only"}),
    ],
)
def test_what_is_undefined_says_why(of: dict[str, Any], figure: dict[str, Any]) -> None:
    (problem,) = found(threshold(**of), stated(**figure))
    assert problem.found.endswith(figure.get("undefined") or figure["unsure"])


def test_a_value_is_judged_by_its_own_figures() -> None:
    figures = stated(value=0.9), agreed_value("against", 0.3), agreed_value("favor", 0.8)
    (problem,) = found([threshold(), of_value("against"), of_value("favor")], *figures)
    assert "of stance 'against': must reach 0.7, but is 0.300" in problem.found


def of_value(value: str) -> Threshold:
    return threshold(value=value)


def agreed_value(value: str, figure: float) -> Stated:
    return msgspec.structs.replace(stated(value=figure), value=value)


def test_an_attribute_of_several_layers_must_reach_it_in_each() -> None:
    figures = stated(of="a:stance", value=0.9), stated(of="b:stance", value=0.4)
    (problem,) = found(threshold(), *figures)
    assert "0.400" in problem.found


def test_alpha_is_that_of_the_level_or_of_one_that_is_named() -> None:
    ordinal = msgspec.structs.replace(
        stated(coefficient="krippendorff-alpha-ordinal", value=0.5), level="ordinal"
    )
    (problem,) = found(threshold(), ordinal)
    assert "Krippendorff's α of stance" in problem.found
    assert codes(found(threshold(figure="krippendorff-alpha-ordinal"), ordinal)) == [problem.code]
    (other,) = found(threshold(figure="krippendorff-alpha-nominal"), ordinal)
    assert other.found.endswith("the round has no figure of it")


def test_below_says_whether_it_refuses_or_warns() -> None:
    both = [threshold(), threshold(at_least=0.8, below="warn")]
    assert codes(found(both, stated(value=0.6))) == ["agreement-low", "agreement-warning"]
    assert codes(found(both, stated(value=0.75))) == ["agreement-warning"]


def test_every_round_is_judged_by_itself() -> None:
    problems = found(threshold(), stated(value=0.5), rounds=("r1", "r2"))
    assert [problem.id for problem in problems] == ["r1", "r2"]


@pytest.mark.parametrize(("below_", "code"), [("refuse", "low"), ("warn", "warning")])
def test_without_a_round_a_threshold_is_not_reached(below_: str, code: str) -> None:
    (problem,) = found(threshold(below=below_), rounds=())
    assert problem.code == f"agreement-{code}"
    assert "no round of purpose production with two annotators or more" in problem.found
    assert "sikap round plan" in problem.fix


def test_without_thresholds_nothing_is_asked() -> None:
    assert found([], stated(value=-1.0)) == []
    assert found([], rounds=()) == []


@pytest.mark.parametrize(
    ("fields", "named", "possible"),
    [
        ({"of": "mood"}, "of = 'mood'", "entities, stance, holder"),
        ({"of": "spans"}, "of = 'spans'", "entities, stance, holder"),
        ({"figure": "kappa"}, "figure = 'kappa'", "krippendorff-alpha, percent-agreement"),
        (
            {"of": "holder", "figure": "gwet-ac2-linear"},
            "figure = 'gwet-ac2-linear'",
            "gwet-ac1",
        ),
        (
            {"value": "favor", "figure": "gwet-ac1"},
            "figure = 'gwet-ac1'",
            "specific-agreement",
        ),
        ({"of": "entities"}, "figure = 'krippendorff-alpha'", "span-f1-exact"),
        ({"value": "sad"}, "value = 'sad'", "favor, against, neutral"),
        (
            {"of": "entities", "figure": "span-f1-exact", "value": "CAT"},
            "value = 'CAT'",
            "PER, ORG",
        ),
    ],
)
def test_what_no_round_could_have_is_named_with_what_there_is(
    fields: dict[str, Any], named: str, possible: str
) -> None:
    (problem,) = threshold_problems([threshold(**fields)], shipped_scheme(), LEVELS)
    assert problem.code == "settings"
    assert named in problem.found
    assert possible in problem.fix


def test_thresholds_that_fit_the_config_are_no_problem() -> None:
    fit = [
        threshold(),
        threshold(of="entities", figure="span-f1-exact", value="PER"),
        threshold(of="entities:label"),
        threshold(figure="gwet-ac2-linear"),
        threshold(figure="krippendorff-alpha-ordinal"),
        threshold(value="against", figure="percent-agreement"),
    ]
    assert list(threshold_problems(fit, shipped_scheme(), LEVELS)) == []
