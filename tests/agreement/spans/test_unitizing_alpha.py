"""Unitizing α gives what was published, and what its definition says of every code point."""

import numpy as np
from hypothesis import given

from agreement.marking import LABELS, marks_of, some_marks, span
from sikap.agreement.figures import Figure
from sikap.agreement.spans.unitizing_alpha import unitizing_figures
from sikap.agreement.study import Marks, Options

FEW = Options(replicates=20)


def of_three(length: int = 20) -> Marks:
    """The example of an open implementation of the 2016 paper, with the values it gives."""
    return marks_of(
        {
            ("text", "Alex"): (span(2, 5, "PER"), span(9, 11, "PER"), span(12, 20, "ORG")),
            ("text", "Paul"): (span(2, 5, "PER"), span(7, 15, "ORG")),
            ("text", "Susan"): (span(2, 5, "PER"), span(10, 15, "ORG")),
        },
        length=length,
    )


def value(figure: Figure) -> float:
    assert figure.value is not None, figure.undefined
    return figure.value


def test_alpha_of_2016_is_that_of_another_implementation() -> None:
    (alpha, binary), _ = unitizing_figures(of_three(), FEW)
    assert round(value(alpha), 3) == 0.474
    assert round(value(binary), 3) == 0.433


def by_code_point(marks: Marks) -> tuple[float, float]:
    """uα and |uα from one column of labels for each text and annotator: no overlaps."""
    order = {label: place + 1 for place, label in enumerate(LABELS)}
    width, met = len(order) + 1, np.zeros((4, 4))
    squares = np.zeros(width)
    for item in sorted({item for item, _ in marks.spans}):
        people = sorted(who for other, who in marks.spans if other == item)
        if len(people) < 2:
            continue
        columns = []
        for who in people:
            column = np.zeros(marks.lengths[item], dtype=int)
            for unit in marks.spans[item, who]:
                column[unit.start : unit.end] = order[unit.label]
                squares[order[unit.label]] += (unit.end - unit.start) ** 2
            squares[0] += (column == 0).sum()
            columns.append(column)
        for number, one in enumerate(columns):
            for place, other in enumerate(columns):
                if number != place:
                    np.add.at(met, (one, other), 1 / (len(people) - 1))
    marked, every = met.sum(axis=0), met.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = (
            (np.outer(marked, marked) - np.diag(squares)) * every / (every**2 - squares.sum())
        )
        alpha = 1 - (every - np.trace(met)) / (expected.sum() - np.trace(expected))
        binary = 1 - met[0, 1:].sum() / expected[0, 1:].sum()
    return float(alpha), float(binary)


@given(some_marks(apart=True))
def test_alpha_is_that_of_counting_every_code_point(marks: Marks) -> None:
    figures, _ = unitizing_figures(marks, FEW)
    for figure, counted in zip(figures, by_code_point(marks), strict=True):
        if figure.value is None:
            assert np.isnan(counted)
        else:
            assert abs(figure.value - counted) < 1e-5


def test_a_text_may_be_cut_in_two_where_nobody_marked_it() -> None:
    whole = marks_of({("i", "a"): (span(2, 6), span(12, 16)), ("i", "b"): (span(2, 7),)})
    parts = marks_of(
        {
            ("i", "a"): (span(2, 6),),
            ("i", "b"): (span(2, 7),),
            ("j", "a"): (span(2, 6),),
            ("j", "b"): (),
        },
        length=10,
    )
    (one, _), _ = unitizing_figures(whole, FEW)
    (other, _), _ = unitizing_figures(parts, FEW)
    assert one.value == other.value


def test_the_alpha_of_a_label_sees_spans_that_lie_under_others() -> None:
    both = (span(0, 10, "ORG"), span(2, 6, "PER"))
    marks = marks_of({("i", who): both for who in "ab"})
    _, labels = unitizing_figures(marks, FEW)
    assert [figure.value for figure in labels] == [1, 1, None]
    assert labels[2].undefined == "nobody used the label"


def test_without_lengths_there_is_no_continuum() -> None:
    marks = Marks(
        name="x", labels=("PER",), spans={("i", "a"): (span(0, 4),), ("i", "b"): ()}, clusters={}
    )
    (alpha, _), _ = unitizing_figures(marks, FEW)
    reason = "the lengths of no texts that two annotators looked at are known"
    assert alpha.undefined == reason
