"""Inputs that leave a coefficient without a value: each says why, none is 0 or NaN by default."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import pytest

from sikap.agreement.bootstrap.draws import ALIKE
from sikap.agreement.categorical.variable import variable
from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Level, Ratings, ratings_of
from sikap.agreement.report import Variable
from sikap.agreement.study import Options
from sikap.errors import InputError

OPTIONS = Options(replicates=40)
TWICE = "no unit has two ratings"
ALONE = "there is one annotator only"
NONE = "there are no ratings"
ALL = "everybody gave one and the same value, so chance alone explains all agreement"
COUNTED = f"on the units with two ratings {ALL}"
SCALE = "the scale has one value only, so chance alone explains all agreement"
RATIO = "a ratio needs numbers from 0 upwards, and there are negative ones"
PAIRS = "Cohen's κ is undefined for each two annotators"
ONE_CLUSTER = "there is one cluster only, so nothing can be drawn anew"
ANY = "any"
"""A value that the case is not about."""

Outcome = float | str
Said = str | list[list[str]]
Case = tuple[Said, Level, dict[str, Any], Mapping[str, Outcome]]


def same_value(rest: Outcome, **more: Outcome) -> dict[str, Outcome]:
    """What comes of two who always gave the same; ``rest`` where the number of values counts."""
    return {
        "percent-agreement": 1.0,
        "krippendorff-alpha": COUNTED,
        "fleiss-kappa": ALL,
        "gwet": rest,
        "brennan-prediger": rest,
        "conger-kappa": ALL,
        "light-kappa": PAIRS,
        **more,
    }


CASES: dict[str, Case] = {
    # what is said: items × annotators, · for a missing rating; then level, more, outcomes
    "nothing": ("", "nominal", {}, {"": NONE}),
    "nothing, of a declared scale": ("", "ordinal", {"values": "123"}, {"": NONE}),
    "one rating": ("1", "nominal", {}, {"": ALONE}),
    "one annotator": ("1 2 1", "ratio", {}, {"": ALONE}),
    "two annotators who share nothing": ("1· ·2 1· ·1", "interval", {}, {"": TWICE}),
    "missing ratings only": ("·· ··", "nominal", {}, {"": NONE}),
    "one unit, two values": (
        "12",
        "nominal",
        {},
        {
            "percent-agreement": 0.0,
            "krippendorff-alpha": 0.0,
            "fleiss-kappa": -1.0,
            "gwet": -1.0,
            "brennan-prediger": -1.0,
            "conger-kappa": 0.0,
            "light-kappa": 0.0,
        },
    ),
    "one unit, one value": ("11", "nominal", {}, same_value(SCALE)),
    "one value": ("11 11 11", "interval", {}, same_value(SCALE)),
    "one value of a declared scale": ("11 11", "ordinal", {"values": "123"}, same_value(1.0)),
    "one value of a declared scale, unused ones ignored": (
        "11 11",
        "ordinal",
        {"values": "123", "unused": "ignore"},
        same_value(SCALE),
    ),
    "a declared scale of one value": ("11 11", "nominal", {"values": "1"}, same_value(SCALE)),
    "one value on shared units, another alone": (
        "11 11 2·",
        "nominal",
        {},
        same_value(1.0, **{"fleiss-kappa": 1.0, "conger-kappa": 1.0}),
    ),
    "everybody agrees on two values": (
        "11 22 11",
        "ratio",
        {},
        {
            "percent-agreement": 1.0,
            "krippendorff-alpha": 1.0,
            "fleiss-kappa": 1.0,
            "gwet": 1.0,
            "brennan-prediger": 1.0,
            "conger-kappa": 1.0,
            "light-kappa": 1.0,
        },
    ),
    "each annotator always gives another value": (
        "12 12 12",
        "nominal",
        {},
        {
            "percent-agreement": 0.0,
            "krippendorff-alpha": -2 / 3,
            "fleiss-kappa": -1.0,
            "gwet": -1.0,
            "brennan-prediger": -1.0,
            "conger-kappa": 0.0,
            "light-kappa": 0.0,
        },
    ),
    "one of two has one value only": (
        "11 12 11 11",
        "nominal",
        {},
        {"percent-agreement": 0.75, "light-kappa": 0.0, "fleiss-kappa": -1 / 7, "": ANY},
    ),
    "ratios of negative numbers": (
        [["-1", "2"], ["2", "2"]],
        "ratio",
        {},
        {"krippendorff-alpha-ratio": RATIO, "krippendorff-alpha-interval": 0.0, "": ANY},
    ),
    "a negative number that nobody gave": (
        "12 22",
        "ratio",
        {"values": ("-1", "1", "2")},
        {"krippendorff-alpha-ratio": 0.0, "": ANY},
    ),
    "ratios of two zeros": (
        "00 00 01",
        "ratio",
        {},
        {"krippendorff-alpha-ratio": 0.0, "krippendorff-alpha-nominal": 0.0, "": ANY},
    ),
    "one number, written twice": (
        [["1", "1.0"], ["1.0", "1.0"]],
        "interval",
        {},
        {
            "percent-agreement": 0.5,
            "krippendorff-alpha-interval": COUNTED,
            "krippendorff-alpha-nominal": 0.0,
            "gwet-ac2": SCALE,
            "brennan-prediger-linear": SCALE,
            "brennan-prediger-quadratic": SCALE,
            "": ANY,
        },
    ),
    "empty sets only": (
        [["", ""], ["", ""]],
        "masi",
        {},
        {
            "percent-agreement": 1.0,
            "krippendorff-alpha": COUNTED,
            "fleiss-kappa": ALL,
            "conger-kappa": ALL,
            "light-kappa": PAIRS,
        },
    ),
    "an empty set and another": (
        [["", "1"], ["1", "1"]],
        "jaccard",
        {},
        {"krippendorff-alpha": 0.0, "percent-agreement": 0.5, "": ANY},
    ),
    "huge numbers close together": (
        [["1000000000", "1000000001"], ["1000000001", "1000000001"]],
        "interval",
        {},
        {"krippendorff-alpha-interval": 0.0, "": ANY},
    ),
}


def ratings_of_case(said: Said, level: Level, values: Any = ()) -> Ratings:
    table = [list(unit) for unit in said.split()] if isinstance(said, str) else said
    rows = [
        (f"u{unit}", f"a{who}", value)
        for unit, row in enumerate(table)
        for who, value in enumerate(row)
        if value != "·"
    ]
    sets = level in {"masi", "jaccard"}
    found = ratings_of("x", rows, level=level, values=values)
    if not sets:
        return found
    return msgspec.structs.replace(
        found, members=tuple(frozenset(value.split()) for value in found.values)
    )


def every_figure(found: Variable) -> Iterator[Figure]:
    yield from found.figures
    for one in found.by_value:
        yield from one.figures
    for pair in found.pairs:
        yield from pair.figures


@pytest.mark.parametrize("name", CASES)
def test_each_coefficient_has_the_stated_value_or_reason(name: str) -> None:
    said, level, more, outcomes = CASES[name]
    options = msgspec.structs.replace(OPTIONS, unused=more.get("unused", "count"))
    found = variable(ratings_of_case(said, level, more.get("values", ())), options)
    for figure in found.figures:
        key = max((one for one in outcomes if figure.coefficient.startswith(one)), key=len)
        outcome = outcomes[key]
        if outcome == ANY:
            assert (figure.value is None) != (figure.undefined is None), figure
        elif isinstance(outcome, str):
            assert (figure.value, figure.undefined) == (None, outcome), figure.coefficient
        else:
            assert figure.value == pytest.approx(outcome, abs=1e-8), figure.coefficient
            assert figure.undefined is None


@pytest.mark.parametrize("name", CASES)
def test_a_figure_is_a_number_with_an_interval_or_says_why_not(name: str) -> None:
    said, level, more, _ = CASES[name]
    found = variable(ratings_of_case(said, level, more.get("values", ())), OPTIONS)
    for figure in every_figure(found):
        numbers = [one for one in (figure.value, figure.low, figure.high) if one is not None]
        assert all(math.isfinite(number) for number in numbers)
        assert (figure.value is None) == bool(figure.undefined)
        wide = figure.undefined is None and figure.unsure in {None, ALIKE}
        assert (len(numbers) == 3) == wide
        if figure.low is not None:
            assert (figure.unsure == ALIKE) == (figure.low == figure.high)
        assert figure.coefficient in DEFINITIONS


def test_there_are_at_least_twenty_cases() -> None:
    assert len(CASES) >= 20


def test_pairs_and_values_say_why_they_have_no_figure() -> None:
    found = variable(ratings_of_case("11 11 11", "nominal", "12"), OPTIONS)
    kappa, pi = found.pairs[0].figures[1:]
    assert (kappa.coefficient, pi.coefficient) == ("cohen-kappa", "scott-pi")
    assert kappa.undefined == pi.undefined
    assert kappa.undefined == (
        "both gave one and the same value, so chance alone explains all agreement"
    )
    given, unused = found.by_value
    assert [one.value for one in given.figures] == [1.0, None, 1.0]
    assert given.figures[1].undefined == (
        "on the units with two ratings everybody gave it, so chance alone explains all agreement"
    )
    assert [one.undefined for one in unused.figures][1:] == [
        "nobody gave it on a unit with two ratings"
    ] * 2


def test_one_cluster_has_no_interval() -> None:
    rows = [("u", "a", "1"), ("u", "b", "2"), ("v", "a", "1"), ("v", "b", "1")]
    found = variable(ratings_of("x", rows, clusters={"u": "c", "v": "c"}), OPTIONS)
    assert {figure.unsure for figure in every_figure(found)} == {ONE_CLUSTER}
    assert all(figure.value is not None and figure.low is None for figure in every_figure(found))


def test_a_figure_that_is_undefined_in_many_replicates_has_no_interval() -> None:
    # the one unit with another value is drawn by two of three replicates
    found = variable(ratings_of_case("11 11 11 11 22", "nominal"), OPTIONS)
    alpha = found.figures[1]
    assert alpha.value == 1.0
    assert alpha.low is None
    assert alpha.unsure is not None
    assert alpha.unsure.startswith("undefined in ")
    assert alpha.unsure.endswith(" of 40 replicates")


def test_without_replicates_there_is_no_interval() -> None:
    found = variable(ratings_of_case("12 11 22 21 12", "nominal"), Options(replicates=0))
    assert {figure.unsure for figure in every_figure(found)} == {"no replicates were asked for"}


@pytest.mark.parametrize("level", ["interval", "ratio"])
@pytest.mark.parametrize("value", ["baik", "", "nan", "inf", "-inf", "1,5"])
def test_a_value_that_is_no_finite_number_is_refused_where_numbers_are_needed(
    level: Level, value: str
) -> None:
    with pytest.raises(InputError, match="no finite numbers") as raised:
        variable(ratings_of_case([["1", value]], level), OPTIONS)
    assert [problem.code for problem in raised.value.problems] == ["agreement-level"]
    assert repr(value) in str(raised.value)


def test_words_are_ordinal_in_a_declared_order_only() -> None:
    with pytest.raises(InputError, match="nobody declared the order") as raised:
        ratings_of_case([["rendah", "tinggi"]], "ordinal")
    assert [problem.code for problem in raised.value.problems] == ["agreement-level"]
    with pytest.raises(InputError, match="declared order lacks 'sedang'"):
        ratings_of_case([["rendah", "sedang"]], "ordinal", ("rendah", "tinggi"))
    declared = ratings_of_case([["rendah", "tinggi"]], "ordinal", ("rendah", "tinggi"))
    assert declared.values == ("rendah", "tinggi")


def test_a_level_of_sets_needs_sets() -> None:
    ratings = msgspec.structs.replace(ratings_of_case("12", "masi"), members=())
    with pytest.raises(InputError, match="its values are no sets"):
        variable(ratings, OPTIONS)
