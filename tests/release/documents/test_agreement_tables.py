"""What is said of agreement: tables, reasons, definitions, and who annotated."""

import msgspec
import pytest

from builders import manifest
from samples import content
from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.release_summary import Stated
from sikap.records import AnnotatorKind, Round
from sikap.release.data.statistics import facts
from sikap.release.data.tables import tables
from sikap.release.documents.agreement_tables import agreement_blocks, analyses, machine_rounds
from sikap.release.files.build import build

BASIS = Basis(units=40, ratings=80, annotators=2, clusters=7)


def figure(coefficient: str = "krippendorff-alpha-nominal", **fields: object) -> Figure:
    given = {"value": 0.5, "low": 0.25, "high": 0.75, **fields}
    return msgspec.convert({"coefficient": coefficient, "basis": BASIS, **given}, Figure)


def stated(*figures: Figure, **fields: object) -> Stated:
    given = {"round": 1, "of": "stance", "value": None, "level": "nominal", **fields}
    numbers = {"alike": 30, "compared": 40, "consistency": ()}
    return msgspec.convert({"figures": figures, **numbers, **given}, Stated)


def of_kinds(*kinds: AnnotatorKind) -> Round:
    made = manifest("r1", [f"a{number}" for number in range(len(kinds))])
    roster = zip(made.roster, kinds, strict=True)
    return msgspec.structs.replace(
        made, roster=tuple(msgspec.structs.replace(one, kind=kind) for one, kind in roster)
    )


def test_a_table_has_a_column_for_each_coefficient_and_the_raw_counts() -> None:
    table = agreement_blocks([stated(figure("percent-agreement"), figure())], [])["agreement"]
    head, _, row = table.splitlines()
    assert head.endswith("| alike | compared | Percent agreement | Krippendorff's α |")
    assert row == (
        "| 1 | stance | nominal | 40 | 2 | 7 | 30 | 40 "
        "| 0.500 [0.250, 0.750] | 0.500 [0.250, 0.750] |"
    )


def test_what_is_undefined_or_without_an_interval_has_its_reason_below() -> None:
    none = figure(value=None, low=None, high=None, undefined="nobody gave it")
    unsure = figure("percent-agreement", low=None, high=None, unsure="there is one cluster only")
    table = agreement_blocks([stated(unsure, none), stated(none, of="tone")], [])["agreement"]
    assert "| 0.500 (a) | undefined (b) |" in table
    assert "|  | undefined (b) |" in table
    assert table.endswith(
        "\n\n(a) Without an interval: there is one cluster only.\n"
        "\n(b) Undefined, because nobody gave it.\n"
    )


def test_every_reason_has_a_letter_of_its_own() -> None:
    rows = [
        stated(figure(value=None, low=None, high=None, undefined=f"sebab {number}"))
        for number in range(60)
    ]
    table = agreement_blocks(rows, [])["agreement"]
    letters = [line.split(")")[0] for line in table.splitlines() if line.startswith("(")]
    assert letters[25:28] == ["(z", "(aa", "(ab"]
    assert len(set(letters)) == 60


def test_values_of_which_nothing_is_defined_are_left_out() -> None:
    none = figure(value=None, low=None, high=None, undefined="nobody gave it")
    both = [stated(figure(), value="favor"), stated(none, value="against")]
    table = agreement_blocks(both, [])["agreement-values"]
    assert "favor" in table
    assert "against" not in table


def test_a_name_with_a_bar_does_not_end_its_cell() -> None:
    assert r"| a\|b |" in agreement_blocks([stated(figure(), of="a|b")], [])["agreement"]


def test_each_figure_has_its_definition_with_its_source() -> None:
    said = agreement_blocks([stated(figure())], [])["definitions"]
    definition = DEFINITIONS["krippendorff-alpha-nominal"]
    assert definition.text in said
    assert definition.source.rstrip(".") in said
    assert DEFINITIONS["percent-agreement"].text not in said
    assert "95 % intervals" in said


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (("model", "model"), "the repeatability of a machine over its runs. It is no reliability"),
        (("rule", "model"), "the repeatability of a machine"),
        (("expert", "model"), "agreement there is not of people alone"),
        (("expert", "crowd"), ""),
    ],
)
def test_it_is_said_where_machines_annotated(kinds: tuple[AnnotatorKind, ...], said: str) -> None:
    found = "".join(machine_rounds([stated(figure())], [of_kinds(*kinds)]))
    assert (said in found) if said else found == ""
    assert list(machine_rounds([], [of_kinds(*kinds)])) == []


def test_programs_are_told_the_same_as_sentences() -> None:
    rows = [stated(figure()), stated(figure(), value="favor")]
    first, *rest = analyses(rows, [of_kinds("model", "model")])
    assert first == (
        "Round 1, stance (nominal): Krippendorff's α, nominal 0.500 [0.250, 0.750]. "
        "Units: 40, annotators: 2, articles: 7."
    )
    assert any("repeatability" in said for said in rest)
    assert not any("favor" in said for said in (first, *rest))


def test_card_datasheet_and_croissant_of_a_release_have_figures_and_definitions() -> None:
    files = build(content())
    for name in ("README.md", "DATASHEET.md", "croissant.json"):
        text = files[name].decode()
        assert "0.678 [-0.013, 1.000]" in text
        assert "Tjong Kim Sang" in text


def test_figures_need_no_text() -> None:
    """So that a stand-off release has them, and they can be recomputed there."""
    given = content()
    blank = msgspec.structs.replace(
        given,
        text="standoff",
        sentences=tuple(msgspec.structs.replace(one, text="") for one in given.sentences),
        articles=tuple(msgspec.structs.replace(one, text="") for one in given.articles),
    )
    assert facts(blank, tables(given)).agreement == facts(given, tables(given)).agreement
