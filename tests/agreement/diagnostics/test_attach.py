"""What lies behind figures stands in the report of a study, and every figure of it is defined."""

import msgspec
import numpy as np
import pytest

from agreement.simulated import simulated
from sikap.agreement.analyse import analyse, coefficients_in
from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.ratings import Ratings, ratings_of
from sikap.agreement.report import AgreementReport
from sikap.agreement.study import Attribute, Key, Marks, Options, Study
from sikap.records import Span

FEW = Options(replicates=40)
ITEMS = 70


def timed(ratings: Ratings) -> Ratings:
    return msgspec.structs.replace(ratings, when=1000.0 * ratings.item + ratings.annotator)


def marks(rng: np.random.Generator) -> Marks:
    spans: dict[Key, tuple[Span, ...]] = {}
    for item in range(ITEMS):
        for who in range(3):
            found = Span(
                start=0,
                end=int(rng.integers(3, 5)),
                label=str(rng.choice(["L", "M"])),
                attributes={"stance": (str(rng.choice(["for", "against"])),)},
            )
            spans[f"i{item:05}", f"a{who:03}"] = (found,)
    return Marks(
        name="m",
        labels=("L", "M"),
        attributes=(Attribute(name="stance", values=("for", "against")),),
        spans=spans,
        clusters={},
        when={key: 1000.0 * place for place, key in enumerate(spans)},
    )


def study(seed: int, name: str = "s") -> Study:
    rng = np.random.default_rng(seed)
    layer, ratings = marks(rng), timed(simulated(rng, ITEMS, 3))
    return Study(
        name=name,
        variables=(ratings,),
        again=(timed(simulated(rng, 20, 3)),),
        layers=(layer,),
        marks_again=(marks(rng),),
    )


@pytest.fixture(scope="module")
def report() -> AgreementReport:
    return analyse(study(1), FEW, kind="round", others=(study(2, "earlier"),))


def test_every_figure_of_a_report_is_defined_in_it(report: AgreementReport) -> None:
    used = set(coefficients_in(report))
    assert {"kappa-with-others", "alpha-without", "consistency-alpha"} <= used
    assert used <= report.definitions.keys()
    assert {"contested", "needed", "difference"} <= report.definitions.keys()


def test_a_report_defines_nothing_that_it_does_not_have() -> None:
    same = Study(name="s", variables=(ratings_of("v", [("i", "p", "x"), ("i", "q", "x")]),))
    found = analyse(same, FEW, kind="table")
    assert not {"contested", "needed", "difference", "consistency-alpha"} & set(found.definitions)


def test_variables_have_all_that_lies_behind_them(report: AgreementReport) -> None:
    assert [one.name for one in report.variables] == ["v", "m:label", "stance"]
    for one in report.variables:
        assert [use.annotator for use in one.annotators] == ["a000", "a001", "a002"]
        assert [confusion.of for confusion in one.confusion] == [None, "a000", "a001", "a002"]
        assert len(one.course) == 2
        assert [again.annotator for again in one.consistency] == [None, "a000", "a001", "a002"]
        assert [needed.coefficient for needed in one.needed] == [
            "percent-agreement",
            "krippendorff-alpha-nominal",
        ]


def test_layers_have_all_that_lies_behind_them(report: AgreementReport) -> None:
    (layer,) = report.layers
    assert [use.annotator for use in layer.annotators] == ["a000", "a001", "a002"]
    assert len(layer.course) == 2
    assert layer.consistency[0].annotator is None
    assert [needed.coefficient for needed in layer.needed] == ["span-f1-exact"]


def test_earlier_rounds_stand_beside_it_with_what_is_different(report: AgreementReport) -> None:
    (earlier,) = report.between
    assert earlier.name == "earlier"
    assert earlier.figures.keys() == earlier.differences.keys() == {"v", "m:label", "stance", "m"}
    # Both rounds are of the same articles.
    assert all(
        found.unsure == "both are of articles in common, so they are not independent"
        for several in earlier.differences.values()
        for found in several
    )


def test_contested_items_show_values_and_spans(report: AgreementReport) -> None:
    assert len(report.contested) == 20
    for said in report.contested[0].said:
        assert said.values.keys() == {"v"}
        assert said.spans.keys() == {"m"}


def test_an_empty_study_has_nothing_behind_it() -> None:
    found = analyse(
        Study(name="s", variables=(ratings_of("v", [], values=("x",)),)), FEW, kind="table"
    )
    (one,) = found.variables
    assert (one.annotators, one.confusion, one.course, one.consistency, one.needed) == ((),) * 5
    assert found.contested == ()


def test_unused_values_are_ignored_where_that_is_wished() -> None:
    rows = [(f"i{item}", who, "xy"[item % 2]) for item in range(4) for who in "pq"]
    declared = Study(name="s", variables=(ratings_of("v", rows, values=("x", "y", "z")),))
    for unused, values in (("count", ["x", "y", "z"]), ("ignore", ["x", "y"])):
        options = msgspec.structs.replace(FEW, unused=unused)
        (one,) = analyse(declared, options, kind="table").variables
        assert list(one.annotators[0].counts) == values


def test_definitions_name_their_source() -> None:
    for definition in DEFINITIONS.values():
        assert definition.title
        assert definition.text.endswith(".")
        assert definition.source
