"""F1 of spans is what one counts by hand, and hangs on nobody's name or place."""

from collections import Counter
from itertools import combinations

from hypothesis import given

from agreement.marking import marks_of, some_marks, span
from sikap.agreement.figures import Figure, rounded
from sikap.agreement.report import Errors
from sikap.agreement.spans.exact_f1 import headline
from sikap.agreement.spans.f1_scores import by_pair, errors, of_labels, pooled
from sikap.agreement.spans.match_counts import basis, between_annotators, met
from sikap.agreement.study import Marks, Options
from sikap.records import Span

FEW = Options(replicates=50)


def scores(marks: Marks, options: Options = FEW) -> dict[str, Figure]:
    """All figures over pairs by their key."""
    found = met(marks, between_annotators(marks))
    base = basis(found, marks)
    means, _ = by_pair(found, marks, base, options)
    return {figure.coefficient: figure for figure in (*pooled(found, base, options), *means)}


def values(marks: Marks) -> dict[str, float | None]:
    return {key: figure.value for key, figure in scores(marks).items()}


def test_each_kind_of_f1_counts_what_its_name_says() -> None:
    marks = marks_of(
        {
            ("i", "ana"): (span(0, 2), span(4, 6), span(8, 10), span(12, 14), span(16, 18)),
            ("i", "budi"): (span(0, 2), span(4, 7), span(8, 10, "ORG"), span(12, 15, "ORG")),
        }
    )
    found = values(marks)
    assert found["span-f1-exact"] == rounded(2 / 9)
    assert found["span-f1-borders"] == rounded(4 / 9)
    assert found["span-f1-partial"] == rounded((4 + 2) / 9)
    assert found["span-f1-type"] == rounded(4 / 9)


def test_errors_of_borders_are_apart_from_those_of_types() -> None:
    marks = marks_of(
        {
            ("i", "ana"): (span(0, 2), span(4, 6), span(8, 10), span(12, 14), span(16, 18)),
            ("i", "budi"): (span(0, 2), span(4, 7), span(8, 10, "ORG"), span(12, 15, "ORG")),
        }
    )
    every, per, org, _ = errors(met(marks, between_annotators(marks)))
    assert every == Errors(label=None, same=2, borders=2, types=2, both=2, missed=1)
    assert per == Errors(label="PER", same=2, borders=2, types=1, both=1, missed=1)
    assert org == Errors(label="ORG", same=0, borders=0, types=1, both=1, missed=0)


def test_pairs_weigh_by_their_spans_where_they_are_pooled_and_alike_in_the_mean() -> None:
    same = tuple(span(start, start + 1) for start in range(9))
    marks = marks_of(
        {("i", "a"): same, ("i", "b"): same, ("j", "b"): (span(0, 1),), ("j", "c"): ()}
    )
    found = values(marks)
    assert found["span-f1-exact"] == rounded(18 / 19)
    assert found["span-f1-exact-mean"] == 0.5


def test_a_pair_that_marked_nothing_is_not_in_the_mean() -> None:
    marks = marks_of({("i", who): (span(0, 1),) for who in "ab"} | {("j", who): () for who in "bc"})
    assert values(marks)["span-f1-exact-mean"] == 1


def test_items_where_both_marked_nothing_add_nothing() -> None:
    spans: dict[tuple[str, str], tuple[Span, ...]] = {
        ("i", "a"): (span(0, 2), span(4, 6)),
        ("i", "b"): (span(0, 3), span(4, 6)),
    }
    without = values(marks_of(spans))
    assert values(marks_of({**spans, ("j", "a"): (), ("j", "b"): ()})) == without


@given(some_marks())
def test_exact_f1_needs_no_matching(marks: Marks) -> None:
    (light,) = headline(marks, FEW)
    assert light == scores(marks)["span-f1-exact"]


@given(some_marks())
def test_exact_f1_is_twice_the_common_spans_over_all(marks: Marks) -> None:
    same = every = 0
    for item in {item for item, _ in marks.spans}:
        people = [who for other, who in marks.spans if other == item]
        for one, other in combinations(people, 2):
            first, second = (
                Counter((s.start, s.end, s.label) for s in marks.spans[item, who])
                for who in (one, other)
            )
            same += 2 * (first & second).total()
            every += first.total() + second.total()
    (figure,) = headline(marks, FEW)
    assert figure.value == (rounded(same / every) if every else None)


@given(some_marks())
def test_every_span_of_both_is_in_one_error_or_none(marks: Marks) -> None:
    found = met(marks, between_annotators(marks))
    every, *labels = errors(found)
    counts = [
        sum((one.same, one.borders, one.types, one.both, one.missed)) for one in (every, *labels)
    ]
    assert counts[0] == sum(counts[1:]) == len(found.kind)


@given(some_marks())
def test_the_f1_of_all_labels_lies_between_those_of_the_labels(marks: Marks) -> None:
    found = met(marks, between_annotators(marks))
    of_each = of_labels(found, basis(found, marks), FEW)
    for kind, whole in enumerate(pooled(found, basis(found, marks), FEW)):
        known = [value for each in of_each if (value := each[kind].value) is not None]
        if whole.value is not None:
            assert min(known) - 1e-6 <= whole.value <= max(known) + 1e-6


def test_more_pairs_than_can_be_drawn_have_no_interval() -> None:
    people = [f"p{number:02}" for number in range(11)]
    marks = marks_of({(item, who): (span(0, 2),) for item in "ijklm" for who in people})
    found = scores(marks)
    assert found["span-f1-exact"].low == 1.0
    unsure = found["span-f1-exact-mean"].unsure
    assert unsure == "there are more than 45 pairs of annotators, too many to draw each anew"
