"""Tokens have the label of the span upon them, and count with and without those nobody marked."""

import numpy as np
import pytest
from hypothesis import given

from agreement.marking import marks_of, some_marks, span
from sikap.agreement.figures import Figure, rounded
from sikap.agreement.spans.token_kappa import ratings, token_figures, tokens_of
from sikap.agreement.study import Marks, Options

FEW = Options(replicates=20)


def figures(marks: Marks) -> dict[str, Figure]:
    return {figure.coefficient: figure for figure in token_figures(marks, FEW)}


def labels(marks: Marks, who: str = "a") -> list[str]:
    """The labels of all tokens as one annotator gave them."""
    tokens = tokens_of(marks)
    of = tokens.who == tokens.annotators.index(who)
    order = np.argsort(tokens.token[of])
    return [tokens.labels[code] for code in tokens.label[of][order]]


def test_a_token_has_the_label_of_a_span_that_it_shares_a_code_point_with() -> None:
    marks = marks_of({("i", "a"): (span(1, 3), span(6, 8, "ORG")), ("i", "b"): ()}, length=10)
    assert labels(marks) == ["PER", "PER", "O", "ORG", "O"]


def test_of_spans_upon_a_token_the_longest_counts_then_the_first() -> None:
    marks = marks_of(
        {("i", "a"): (span(2, 4, "ORG"), span(0, 6), span(5, 9, "LOC"), span(7, 11, "ORG"))}
        | {("i", "b"): ()},
        length=12,
    )
    assert labels(marks) == ["PER", "PER", "PER", "LOC", "LOC", "ORG"]


def test_a_span_between_tokens_labels_none() -> None:
    marks = Marks(
        name="x",
        labels=("PER",),
        spans={("i", "a"): (span(2, 4), span(9, 12)), ("i", "b"): ()},
        clusters={},
        tokens={"i": ((0, 2), (4, 6))},
    )
    assert labels(marks) == ["O", "O"]


def test_a_span_without_a_character_labels_no_token() -> None:
    marks = marks_of({("i", "a"): (span(3, 3),), ("i", "b"): ()}, length=6)
    assert labels(marks) == ["O", "O", "O"]


def test_o_may_be_a_label() -> None:
    marks = Marks(
        name="x",
        labels=("O",),
        spans={("i", "a"): (span(0, 2, "O"),), ("i", "b"): ()},
        clusters={},
        tokens={"i": ((0, 2), (4, 6))},
    )
    assert labels(marks) == ["O", "(O)"]


def test_kappa_of_tokens_is_what_one_counts_by_hand() -> None:
    marks = marks_of({("i", "a"): (span(0, 4),), ("i", "b"): (span(0, 2),)}, length=8)
    found = figures(marks)
    # Of four tokens three are equal; chance is 2/4 · 1/4 + 2/4 · 3/4.
    assert found["token-cohen-kappa"].value == 0.5
    # Of the two that were marked one is: chance is 1 · 1/2 + 0 · 1/2.
    assert found["token-cohen-kappa-marked"].value == 0
    assert found["token-cohen-kappa-marked"].basis.units == 2


def test_alpha_of_tokens_is_that_of_ratings() -> None:
    marks = marks_of({("i", "a"): (span(0, 4),), ("i", "b"): (span(0, 2),)}, length=8)
    # Coincidences O–O 4, P–P 2, O–P 2: 1 - 7 · 2 / (2 · 5 · 3 / 2 · 2 / 2).
    assert figures(marks)["token-krippendorff-alpha"].value == rounded(1 - 7 * 2 / 30)


@given(some_marks())
def test_without_unmarked_tokens_somebody_marked_each(marks: Marks) -> None:
    tokens = tokens_of(marks)
    kept = ratings(tokens, "x", marked=True)
    assert set(np.unique(kept.item[kept.value > 0])) == set(range(len(kept.items)))
    every = ratings(tokens, "x")
    left = set(every.items) - set(kept.items)
    unmarked = [every.items[item] for item in every.item[every.value > 0]]
    assert left.isdisjoint(unmarked)


@pytest.mark.parametrize("key", ["token-cohen-kappa", "token-krippendorff-alpha"])
def test_nothing_marked_leaves_all_alike_and_nothing_over(key: str) -> None:
    found = figures(marks_of({("i", "a"): (), ("i", "b"): ()}))
    alike = "every two annotators gave all tokens one and the same label"
    assert found[key].undefined == alike
    assert found[f"{key}-marked"].undefined == "nobody marked a token"


@pytest.mark.parametrize("key", ["token-cohen-kappa", "token-krippendorff-alpha-marked"])
def test_without_tokens_there_is_no_figure(key: str) -> None:
    marks = Marks(
        name="x", labels=("PER",), spans={("i", "a"): (span(0, 4),), ("i", "b"): ()}, clusters={}
    )
    reason = "the tokens of no item that two annotators looked at are known"
    assert figures(marks)[key].undefined == reason
