"""A layer has all figures, or says why not, and none hangs on names, orders or batches."""

import random
from collections.abc import Mapping
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.marking import LABELS, marks_of, some_marks, span
from sikap.agreement.analyse import analyse, everything
from sikap.agreement.definitions import DEFINITIONS
from sikap.agreement.figures import Figure, rounded
from sikap.agreement.ratings import ratings_of
from sikap.agreement.report import AgreementReport, ByValue, Layer, Pair, Use
from sikap.agreement.spans.annotators import span_consistency
from sikap.agreement.spans.layer import layer
from sikap.agreement.study import Marks, Options, Study
from sikap.records import Span

FEW = Options(replicates=30)


def renamed(marks: Marks, people: Mapping[str, str] = {}, labels: Mapping[str, str] = {}) -> Marks:
    """The same marks by other names."""

    def of(spans: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(
            msgspec.structs.replace(one, label=labels.get(one.label, one.label)) for one in spans
        )

    return msgspec.structs.replace(
        marks,
        labels=tuple(labels.get(label, label) for label in marks.labels),
        spans={(item, people.get(who, who)): of(s) for (item, who), s in marks.spans.items()},
        settled={item: of(several) for item, several in marks.settled.items()},
    )


def plain(figures: tuple[Figure, ...]) -> list[object]:
    return [msgspec.to_builtins(figure) for figure in figures]


@given(some_marks())
def test_figures_hang_on_no_name_of_an_annotator(marks: Marks) -> None:
    people = {"ana": "zul", "budi": "citra", "citra": "budi"}
    one, other = layer(marks, FEW), layer(renamed(marks, people), FEW)
    assert plain(one.figures) == plain(other.figures)
    assert one.errors == other.errors
    assert [plain(each.figures) for each in one.by_label] == [
        plain(each.figures) for each in other.by_label
    ]
    mine = {people[use.annotator]: plain(use.figures) for use in one.annotators}
    assert mine == {use.annotator: plain(use.figures) for use in other.annotators}


@given(some_marks())
def test_figures_hang_on_no_name_of_a_label(marks: Marks) -> None:
    labels = {"PER": "zz", "ORG": "aa", "LOC": "mm"}
    one, other = layer(marks, FEW), layer(renamed(marks, {}, labels), FEW)
    assert plain(one.figures) == plain(other.figures)
    assert one.errors[0] == other.errors[0]


@given(some_marks(), st.randoms(use_true_random=False))
def test_items_annotators_and_spans_come_in_any_order(marks: Marks, chance: random.Random) -> None:
    rows = list(marks.spans.items())
    chance.shuffle(rows)
    spans = {key: tuple(chance.sample(several, len(several))) for key, several in rows}
    assert layer(msgspec.structs.replace(marks, spans=spans), FEW) == layer(marks, FEW)


def spans_of(*several: Span) -> dict[tuple[str, str], tuple[Span, ...]]:
    """Two items on which two annotators marked the same."""
    return {(item, who): several for item in ("i", "j") for who in ("a", "b")}


DEGENERATE: dict[str, tuple[Marks, str, str | None]] = {
    "no spans at all": (marks_of(spans_of()), "span-f1-exact", "nobody marked anything"),
    "nothing to judge": (
        marks_of({}),
        "span-f1-exact",
        "no item was looked at by two annotators",
    ),
    "one annotator": (
        marks_of({("i", "a"): (span(0, 4),)}),
        "span-f1-partial",
        "no item was looked at by two annotators",
    ),
    "one annotator, mean": (
        marks_of({("i", "a"): (span(0, 4),)}),
        "span-f1-type-mean",
        "no item was looked at by two annotators",
    ),
    "one annotator, tokens": (
        marks_of({("i", "a"): (span(0, 4),)}),
        "token-cohen-kappa",
        "the tokens of no item that two annotators looked at are known",
    ),
    "one annotator, continuum": (
        marks_of({("i", "a"): (span(0, 4),)}),
        "unitizing-alpha",
        "the lengths of no texts that two annotators looked at are known",
    ),
    "two annotators that never met": (
        marks_of({("i", "a"): (span(0, 4),), ("j", "b"): (span(0, 4),)}),
        "span-f1-exact",
        "no item was looked at by two annotators",
    ),
    "no spans, continuum": (marks_of(spans_of()), "unitizing-alpha", "nobody marked anything"),
    "texts marked from end to end": (
        marks_of(spans_of(span(0, 20))),
        "unitizing-alpha-binary",
        "everybody marked all of every text alike, so chance alone explains all agreement",
    ),
    "texts without a character": (
        marks_of(spans_of(), length=0),
        "unitizing-alpha",
        "nobody marked anything",
    ),
    "spans beyond the text": (marks_of(spans_of(span(18, 30))), "unitizing-alpha", None),
    "spans wholly beyond the text": (
        marks_of(spans_of(span(25, 30))),
        "unitizing-alpha",
        "nobody marked anything",
    ),
    "the same twice": (marks_of(spans_of(span(0, 4), span(0, 4))), "span-f1-exact", None),
    "the same twice, tokens": (
        marks_of(spans_of(span(0, 4), span(0, 4))),
        "token-krippendorff-alpha",
        None,
    ),
    "a label that is not declared": (marks_of(spans_of(span(0, 4, "NEW"))), "span-f1-type", None),
}


@pytest.mark.parametrize("case", DEGENERATE)
def test_what_cannot_be_said_says_why(case: str) -> None:
    marks, key, reason = DEGENERATE[case]
    figures = {figure.coefficient: figure for figure in layer(marks, FEW).figures}
    assert figures[key].undefined == reason
    assert (figures[key].value is None) == (reason is not None)


@given(some_marks())
def test_no_figure_is_without_value_and_reason(marks: Marks) -> None:
    found = layer(marks, FEW)
    parts: list[ByValue | Pair | Use] = [
        *found.by_label,
        *found.pairs,
        *found.annotators,
        *found.settled,
    ]
    figures = [*found.figures, *(figure for part in parts for figure in part.figures)]
    for figure in figures:
        assert (figure.value is None) == bool(figure.undefined)
        if figure.value is not None:
            assert figure.value <= 1
            assert (figure.low is None) == bool(figure.unsure)
        assert figure.coefficient in DEFINITIONS


def against_settled() -> Layer:
    spans = {
        ("i", "a"): (span(0, 2), span(4, 6), span(8, 10)),
        ("i", "b"): (span(0, 2), span(4, 7)),
        ("j", "a"): (span(0, 2),),
    }
    return layer(marks_of(spans, settled={"i": (span(0, 2), span(4, 6), span(12, 14))}), FEW)


def test_each_annotator_is_compared_with_what_was_settled() -> None:
    a, b = against_settled().settled
    of_a = {figure.coefficient: figure.value for figure in a.figures}
    of_b = {figure.coefficient: figure.value for figure in b.figures}
    assert of_a["span-precision-exact"] == of_a["span-recall-exact"] == rounded(2 / 3)
    assert of_b["span-precision-exact"] == 0.5
    assert of_b["span-recall-exact"] == rounded(1 / 3)
    assert of_b["span-f1-partial"] == 0.6
    assert a.counts == {"PER": 3, "ORG": 0, "LOC": 0}


def test_use_of_labels_is_told_beside_that_of_the_others() -> None:
    marks = marks_of(
        {
            ("i", "a"): (span(0, 2), span(4, 6)),
            ("i", "b"): (span(0, 2, "ORG"),),
            ("i", "c"): (span(0, 2),),
            ("j", "a"): (span(0, 2, "LOC"),),
        }
    )
    a = layer(marks, FEW).annotators[0]
    assert a.counts == {"PER": 2, "ORG": 0, "LOC": 0}
    assert a.expected == {"PER": 1.0, "ORG": 1.0, "LOC": 0.0}


def test_spans_of_a_second_time_are_compared_with_those_of_the_first() -> None:
    first = marks_of({("i", "a"): (span(0, 2), span(4, 6)), ("i", "b"): (), ("j", "b"): ()})
    again = marks_of({("i", "a"): (span(0, 2),), ("k", "b"): (span(0, 2),)})
    every, a = span_consistency(first, again, FEW)
    assert (every.annotator, a.annotator) == (None, "a")
    assert every.figures[0].value == a.figures[0].value == rounded(2 / 3)


def test_without_a_second_time_there_is_no_consistency() -> None:
    first = marks_of({("i", "a"): (span(0, 2),)})
    (every,) = span_consistency(first, marks_of({}), FEW)
    assert every.figures[0].undefined == "no item was looked at twice"


def reported(study: Study) -> AgreementReport:
    return analyse(study, FEW, kind="table")


def test_a_report_has_layers_and_what_was_said_of_their_spans() -> None:
    marks = marks_of(spans_of(span(0, 4, stance="favor"), span(6, 8, "ORG", stance="against")))
    report = reported(Study(name="study", layers=(marks,)))
    assert [one.name for one in report.variables] == ["entities:label", "stance"]
    assert [one.name for one in report.layers] == ["entities"]
    assert report.items == 2
    assert report.annotators == ("a", "b")
    assert "unitizing-alpha" in report.definitions


def test_an_attribute_that_clashes_is_called_after_its_layer() -> None:
    marks = marks_of(spans_of(span(0, 4, stance="favor")))
    sentences = ratings_of("stance", [("i", "a", "favor"), ("i", "b", "favor")])
    names = [
        one.name for one in everything(Study(name="s", variables=(sentences,), layers=(marks,)))
    ]
    assert names == ["stance", "entities:label", "entities:stance"]


def test_a_report_of_spans_is_read_back_as_it_was_written() -> None:
    report = reported(Study(name="study", layers=(marks_of(spans_of(span(0, 4))),)))
    written = msgspec.json.encode(report)
    assert msgspec.json.decode(written, type=AgreementReport) == report


def test_labels_stand_in_the_order_of_their_scheme() -> None:
    assert layer(marks_of(spans_of()), FEW).labels == LABELS


def test_annotators_in_their_hundreds_have_figures_without_intervals() -> None:
    people = [f"p{number:03}" for number in range(201)]
    chain = {
        (f"i{number}", who): (span(0, 2),)
        for number, pair in enumerate(pairwise(people))
        for who in pair
    }
    found = layer(marks_of(chain), FEW)
    assert len(found.pairs) == 200
    assert {use.figures[0].value for use in found.annotators} == {1}
    assert {use.figures[0].unsure for use in found.annotators} == {
        "there are more than 200 annotators"
    }
