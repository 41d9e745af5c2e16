"""One rule says which span of one annotator is which of another."""

import random
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, permutations

from hypothesis import given
from hypothesis import strategies as st

from agreement.marking import some_spans, span
from sikap.agreement.spans.matching import groups, matches, shared, strength
from sikap.records import Span

Spans = tuple[Span, ...]


def terms(one: Spans, other: Spans, found: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """What the rule looks at, in its order, for a whole matching."""
    each = [strength(one[left], other[right]) for left, right in found]
    sums = [sum(cell[term] for cell in each) for term in range(5)]
    return (*sums, len(found))


def best(one: Spans, other: Spans) -> tuple[int, ...]:
    """The best terms of all one-to-one matchings of spans that overlap."""
    few, many = (one, other) if len(one) <= len(other) else (other, one)
    found = []
    for chosen in permutations([*range(len(many)), *([-1] * len(few))], len(few)):
        pairs = [
            (left, right)
            for left, right in enumerate(chosen)
            if right >= 0 and shared(few[left], many[right])
        ]
        found.append(terms(few, many, pairs))
    return max(found)


@given(some_spans(3), some_spans(4))
def test_no_assignment_is_better(one: Spans, other: Spans) -> None:
    assert terms(one, other, matches(one, other)) == best(one, other)


@given(some_spans(6), some_spans(6))
def test_spans_of_equal_borders_and_label_are_always_matched(one: Spans, other: Spans) -> None:
    found = matches(one, other)
    exact = Counter(
        (one[left].start, one[left].end, one[left].label)
        for left, right in found
        if strength(one[left], other[right])[2]
    )
    first = Counter((each.start, each.end, each.label) for each in one)
    second = Counter((each.start, each.end, each.label) for each in other)
    assert exact == first & second


@given(some_spans(6), some_spans(6))
def test_spans_of_equal_borders_are_matched_with_each_other(one: Spans, other: Spans) -> None:
    found = matches(one, other)
    equal = Counter(
        (one[left].start, one[left].end)
        for left, right in found
        if strength(one[left], other[right])[1]
    )
    first = Counter((each.start, each.end) for each in one)
    assert equal == first & Counter((each.start, each.end) for each in other)


@given(some_spans(6), some_spans(6))
def test_nobody_is_first(one: Spans, other: Spans) -> None:
    turned = sorted((right, left) for left, right in matches(other, one))
    assert said(one, other, matches(one, other)) == said(one, other, turned)


@given(some_spans(6), some_spans(6), st.randoms(use_true_random=False))
def test_spans_come_in_any_order(one: Spans, other: Spans, chance: random.Random) -> None:
    first, second = list(one), list(other)
    chance.shuffle(first)
    chance.shuffle(second)
    assert said(one, other, matches(one, other)) == said(
        tuple(first), tuple(second), matches(first, second)
    )


def said(one: Spans, other: Spans, found: Sequence[tuple[int, int]]) -> list[str]:
    """Which spans are matched, whatever their places."""
    return sorted(f"{one[left]} {other[right]}" for left, right in found)


def test_a_span_is_matched_once() -> None:
    whole, parts = (span(0, 10),), (span(0, 4), span(5, 10))
    assert matches(whole, parts) == [(0, 1)]


def test_of_equal_overlaps_the_first_is_matched() -> None:
    assert matches((span(0, 10),), (span(0, 5), span(5, 10))) == [(0, 0)]


def test_spans_that_share_nothing_are_not_matched() -> None:
    assert matches((span(0, 3),), (span(3, 6),)) == []


def test_a_span_without_a_character_is_matched_with_the_same_alone() -> None:
    assert matches((span(3, 3),), (span(0, 6),)) == []
    assert matches((span(3, 3), span(5, 6)), (span(3, 3),)) == [(0, 0)]


def test_holders_on_the_same_words_are_told_apart_by_their_attributes() -> None:
    one = (span(0, 5, stance="favor"), span(0, 5, stance="against"))
    other = (span(0, 5, stance="against"), span(0, 5, stance="favor"))
    assert matches(one, other) == [(0, 1), (1, 0)]


def test_an_exact_match_is_kept_where_another_would_have_as_many_equal_labels() -> None:
    one = (span(0, 4, "ORG"), span(1, 3, "ORG"))
    other = (span(0, 4, "ORG"), span(0, 4, "LOC"))
    assert (0, 0) in matches(one, other)


def test_many_spans_upon_each_other_keep_their_exact_matches() -> None:
    one = tuple(span(start, 400 - start, "PER") for start in range(80))
    other = tuple(span(start, 400 - start, "PER") for start in range(0, 80, 2))
    assert len([pair for pair in matches(one, other) if pair[0] == 2 * pair[1]]) == 40


def test_groups_have_one_span_of_each_annotator() -> None:
    found = groups({"ana": (span(0, 6),), "budi": (span(0, 3), span(3, 6)), "citra": (span(0, 6),)})
    assert found == [[("ana", 0), ("budi", 0), ("citra", 0)]]


def test_a_group_is_begun_by_its_strongest_match() -> None:
    found = groups(
        {"ana": (span(0, 9),), "budi": (span(0, 9), span(9, 12)), "citra": (span(7, 12),)}
    )
    assert found == [[("ana", 0), ("budi", 0)], [("budi", 1), ("citra", 0)]]


@given(some_spans(4), some_spans(4), some_spans(4))
def test_groups_hang_on_nobodys_name(one: Spans, two: Spans, three: Spans) -> None:
    def found(names: str) -> list[list[str]]:
        spans = dict(zip(names, (one, two, three), strict=True))
        return sorted(
            sorted(str(spans[who][place]) for who, place in group) for group in groups(spans)
        )

    assert found("abc") == found("cab") == found("bca")


@given(some_spans(4), some_spans(4), some_spans(4))
def test_no_span_is_in_two_groups(one: Spans, two: Spans, three: Spans) -> None:
    found = groups({"a": one, "b": two, "c": three})
    places = [place for group in found for place in group]
    assert len(places) == len(set(places))
    assert all(len({who for who, _ in group}) == len(group) > 1 for group in found)


@given(some_spans(4), some_spans(4))
def test_groups_of_two_annotators_are_their_matches(one: Spans, other: Spans) -> None:
    found = {(group[0][1], group[1][1]) for group in groups({"a": one, "b": other})}
    assert found == set(matches(one, other))


def test_every_two_annotators_of_one_group_of_equal_borders_are_matched() -> None:
    spans = {who: (span(0, 5), span(5, 9)) for who in "abcd"}
    for group in groups(spans):
        for (one, left), (other, right) in combinations(group, 2):
            assert (left, right) in matches(spans[one], spans[other])
