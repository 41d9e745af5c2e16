from typing import Any

import msgspec
import pytest

from sikap.agreement.figures import Basis, Figure
from sikap.agreement.report import (
    AgreementReport,
    ByValue,
    Contested,
    Definition,
    Layer,
    Needed,
    Pair,
    Variable,
)
from sikap.agreement.study import Options
from sikap.agreement.text_summary import LENGTH, figure_text, lines

ALPHA = "krippendorff-alpha-nominal"
BASIS = Basis(units=4, ratings=8, annotators=2, clusters=3)
TITLES = {
    "krippendorff-alpha-nominal": Definition(title="α", text="t", source="s"),
    "percent-agreement": Definition(title="agreement", text="t", source="s"),
}


def fig(value: float | None, coefficient: str = ALPHA, **more: Any) -> Figure:
    return Figure(coefficient=coefficient, value=value, basis=BASIS, **more)


def variable(**fields: Any) -> Variable:
    empty: dict[str, Any] = dict.fromkeys(
        ("figures", "by_value", "pairs", "annotators", "confusion", "course", "consistency",
         "needed"), ()
    )  # fmt: skip
    start = {"name": "tone", "about": "item", "level": "nominal", "values": ("x", "y")}
    return Variable(**{**empty, **start, "basis": BASIS, **fields})


def layer(**fields: Any) -> Layer:
    empty: dict[str, Any] = dict.fromkeys(
        ("figures", "by_label", "pairs", "annotators", "errors", "settled", "course",
         "consistency", "needed"), ()
    )  # fmt: skip
    return Layer(**{**empty, "name": "names", "labels": ("PER",), "basis": BASIS, **fields})


def report(*parts: Variable | Layer, **fields: Any) -> AgreementReport:
    start: dict[str, Any] = {
        "sikap": "0",
        "source": "r1",
        "kind": "round",
        "items": 5,
        "annotators": ("a1", "a2"),
        "options": Options(replicates=7),
        "definitions": TITLES,
        "variables": tuple(one for one in parts if isinstance(one, Variable)),
        "layers": tuple(one for one in parts if isinstance(one, Layer)),
        **dict.fromkeys(("between", "contested", "problems"), ()),
    }
    return AgreementReport(**{**start, **fields})


def test_a_figure_has_its_name_its_interval_or_why_it_lacks_one() -> None:
    assert figure_text(fig(0.5, low=0.25, high=0.75), TITLES) == "α 0.500 [0.250, 0.750]"
    assert figure_text(fig(0.5, unsure="few"), TITLES) == "α 0.500 (without an interval: few)"
    assert figure_text(fig(None, undefined="none"), TITLES) == "α undefined, because none"
    assert figure_text(fig(0.0, "other", unsure="u"), TITLES).startswith("other 0.000")


def test_what_was_compared_and_how_comes_first() -> None:
    first, *_ = lines(report())
    assert first == "5 items, 2 annotators; intervals of 95 % from 7 draws of articles"
    first, *_ = lines(report(kind="table"))
    assert first.endswith("draws of items")
    first, *_ = lines(report(variable(), kind="table"))
    assert first.endswith("draws of clusters")


def test_variables_and_layers_are_told_with_what_they_are_based_on() -> None:
    figures = (
        fig(0.9, "percent-agreement", low=0.8, high=1.0),
        fig(0.1, "unheard-of", low=0.0, high=0.2),
        fig(0.5, low=0.4, high=0.6),
    )
    spans = (fig(0.7, "span-f1-exact", low=0.6, high=0.8),)
    _, tone, names = lines(report(variable(figures=figures), layer(figures=spans)))
    assert tone == (
        "tone (items, nominal; 4 units, 8 ratings, 3 articles): α 0.500 [0.400, 0.600]; "
        "agreement 0.900 [0.800, 1.000]"
    )
    assert names == (
        "names (spans; 4 units, 8 ratings, 3 articles): span-f1-exact 0.700 [0.600, 0.800]"
    )


def test_the_lowest_three_are_named_the_lowest_first() -> None:
    values = {"x": 0.4, "y": 0.2, "z": 0.3, "v": 0.9, "w": 1.0, "u": None}
    by_value = tuple(
        ByValue(value=name, count=3, figures=(fig(value, unsure="u", undefined="u"),))
        for name, value in values.items()
    )
    told = [line for line in lines(report(variable(by_value=by_value))) if "lowest" in line]
    assert told == [
        f"lowest: tone = {name}: α {value} (without an interval: u)"
        for name, value in (("y", "0.200"), ("z", "0.300"), ("x", "0.400"))
    ]


def test_where_everybody_agrees_nothing_is_low() -> None:
    same = (ByValue(value="x", count=3, figures=(fig(1.0, unsure="u"),)),)
    assert not any(line.startswith("lowest") for line in lines(report(variable(by_value=same))))


@pytest.mark.parametrize("text", ["Hujan turun.", "x" * (LENGTH + 1), None])
def test_the_most_contested_item_is_shown_as_far_as_a_line_has_room(text: str | None) -> None:
    items = tuple(
        Contested(item=name, cluster="c", text=text, share=0.5, said=()) for name in ("i1", "i2")
    )
    *_, last = lines(report(contested=items))
    start = "most contested: i1 (50 % of comparisons differ)"
    shown = {None: "", "Hujan turun.": ": Hujan turun."}.get(text, f": {'x' * LENGTH}…")
    assert last == start + shown


def test_of_two_values_that_are_equally_low_none_is_the_lowest() -> None:
    both = tuple(ByValue(value=one, count=3, figures=(fig(0.5, unsure="u"),)) for one in "xy")
    assert not any(line.startswith("lowest") for line in lines(report(variable(by_value=both))))


def pair(one: str, other: str, value: float, **more: Any) -> Pair:
    sure = {"low": value, "high": value, **more}
    return Pair(one=one, other=other, figures=(fig(value, "cohen-kappa", **sure),))


def test_the_two_who_agree_least_are_named() -> None:
    pairs = (pair("a1", "a2", 0.5), pair("a1", "a3", 0.25), pair("a2", "a3", 1.0))
    told = [line for line in lines(report(variable(pairs=pairs))) if "pair" in line]
    assert told == ["lowest pair: tone: a1 and a3: cohen-kappa 0.250 [0.250, 0.250]"]


def test_of_one_pair_of_equal_ones_and_of_a_crowd_none_is_the_lowest() -> None:
    crowd = [pair("a", f"b{n}", 0.1 * n, low=None, high=None, unsure="many") for n in range(5)]
    for pairs in ([pair("a1", "a2", 0.5)], [pair("a1", "a2", 1.0), pair("a1", "a3", 1.0)], crowd):
        assert not any("pair" in line for line in lines(report(variable(pairs=tuple(pairs)))))


def test_where_each_item_is_drawn_by_itself_it_is_counted_once() -> None:
    alone = msgspec.structs.replace(BASIS, clusters=BASIS.units)
    needed = (needs(clusters=40, units=40),)
    *_, last = lines(report(variable(basis=alone, needed=needed), kind="table"))
    assert last == "tone: the interval of α is 0.250 wide; for 0.1: 40 items in all"


def test_spans_come_before_what_matched_spans_were_called() -> None:
    told = list(lines(report(variable(about="span"), layer(), variable(name="mood"))))
    assert [line.partition(" ")[0] for line in told[1:]] == ["mood", "names", "tone"]


def needs(**fields: Any) -> Needed:
    start = {"coefficient": ALPHA, "width": 0.25, "wished": 0.1, "clusters": None,
             "units": None, "annotators": None, "because": None}  # fmt: skip
    return Needed(**{**start, **fields})


@pytest.mark.parametrize(
    ("needed", "told"),
    [
        (
            needs(clusters=9, units=40, annotators=5),
            "9 articles with 40 units in all, or 5 annotators on each unit that there is",
        ),
        (needs(clusters=9), "9 articles in all"),
        (needs(annotators=5), "5 annotators on each unit that there is"),
        (needs(because="nothing would do"), "nothing would do"),
    ],
)
def test_what_a_narrower_interval_takes_is_told(needed: Needed, told: str) -> None:
    *_, last = lines(report(variable(needed=(needed,))))
    assert last == f"tone: the interval of α is 0.250 wide; for 0.1: {told}"


def test_an_interval_that_is_narrow_enough_takes_nothing() -> None:
    enough = (needs(width=0.05), needs(coefficient="unheard-of"))
    narrow = variable(needed=enough)
    assert not any("wide" in line for line in lines(report(narrow)))
