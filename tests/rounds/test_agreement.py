from hypothesis import given
from hypothesis import strategies as st

from builders import annotation, item, manifest, shipped_scheme, span
from sikap.records import Annotation
from sikap.rounds.agreement import Agreement, agreement

SCHEME = shipped_scheme()
ITEM = item("Rintan Belsara pulang.", "r1")
ROUND = manifest("r1", ("a1", "a2", "a3"))
FAVOR = span(0, 14, stance="favor", holder="source")
NEUTRAL = span(0, 14, stance="neutral")
OTHER = span(15, 21, stance="neutral")


def figures(*annotations: Annotation) -> dict[str, tuple[int, int]]:
    found = agreement([ROUND], annotations, {ITEM.item_id: 1}, SCHEME)
    return {figure.what: (figure.same, figure.of) for figure in found}


def test_spans_are_exact_match_f1_as_counts() -> None:
    one = annotation(ITEM, "a1", [FAVOR, OTHER])
    other = annotation(ITEM, "a2", [FAVOR])
    assert figures(one, other)["spans"] == (2, 3)


def test_attributes_are_compared_on_mentions_that_both_marked() -> None:
    one, other = annotation(ITEM, "a1", [FAVOR, OTHER]), annotation(ITEM, "a2", [NEUTRAL])
    assert figures(one, other) == {"spans": (2, 3), "stance": (0, 1), "holder": (0, 1)}


def test_a_holder_that_neither_gave_is_no_agreement_on_it() -> None:
    found = figures(annotation(ITEM, "a1", [NEUTRAL]), annotation(ITEM, "a2", [NEUTRAL]))
    assert found == {"spans": (2, 2), "stance": (1, 1)}


def test_skips_and_repeats_are_no_pairs() -> None:
    one, skipped = annotation(ITEM, "a1", [FAVOR]), annotation(ITEM, "a2", status="skipped")
    assert agreement([ROUND], [one, skipped], {ITEM.item_id: 1}, SCHEME) == ()
    both = [one, annotation(ITEM, "a2", [FAVOR])]
    assert agreement([ROUND], both, {ITEM.item_id: 2}, SCHEME) == ()


@given(st.permutations(["a1", "a2", "a3"]))
def test_the_order_of_annotators_changes_nothing(order: list[str]) -> None:
    spans = {"a1": [FAVOR], "a2": [NEUTRAL, OTHER], "a3": [FAVOR, OTHER]}
    found = agreement(
        [ROUND], [annotation(ITEM, name, spans[name]) for name in order], {ITEM.item_id: 1}, SCHEME
    )
    assert found[0] == Agreement(round=1, what="spans", same=8, of=10)
