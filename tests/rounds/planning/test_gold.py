from collections.abc import Iterable

import pytest

from builders import annotation, item, shipped_scheme, span
from configs import REGION, choices, labels, read
from configs import TEXT as TEXT_TAG
from sikap.labelling_config.scheme import Scheme
from sikap.records import GOLD, Annotation, Gold, Item, Span
from sikap.rounds.planning.gold import GoldScore, gold_scores

TEXT = "Belsara mengecam PT Ombak."
FIRST, OTHER = (item(text, pass_=GOLD) for text in (TEXT, "Rapat ditunda oleh Belsara."))
PER = span(0, 7, stance="against", holder="source")
ORG = span(17, 25, "ORG")


def known(of: Item, *spans: Span, **given: str) -> Gold:
    values: dict[str, tuple[str, ...]] = {name: (value,) for name, value in given.items()}
    return Gold(sentence_id=of.sentence_id, spans=spans, choices=values)


def score(
    gold: Iterable[Gold], said: Iterable[Annotation], scheme: Scheme | None = None
) -> dict[str, GoldScore]:
    return gold_scores(gold, [FIRST, OTHER], said, scheme or shipped_scheme())


def test_the_known_answer_scores_1() -> None:
    gold = [known(FIRST, PER, ORG), known(OTHER)]
    said = [annotation(FIRST, "a1", [ORG, PER]), annotation(OTHER, "a1")]
    assert score(gold, said) == {"a1": GoldScore(annotator="a1", items=2, score=1.0)}


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([PER], (2 / 3 + 1) / 2),  # one of two found; what was found is right
        ([PER, span(0, 7, "ORG"), ORG], (4 / 5 + 1) / 2),  # one too many
        ([span(0, 6), span(17, 25, "GPE")], 0.0),  # borders or label are not exact
        ([], 0.0),
        ([span(0, 7, stance="favor", holder="source"), ORG], (1 + 2 / 3) / 2),
        ([span(0, 7, stance="neutral"), ORG], (1 + 1 / 3) / 2),  # the holder is missing too
    ],
)
def test_mentions_and_their_attributes_weigh_the_same(spans: list[Span], expected: float) -> None:
    found = score([known(FIRST, PER, ORG)], [annotation(FIRST, "a1", spans)])["a1"].score
    assert found == pytest.approx(expected)


def test_f1_is_over_all_gold_items_at_once() -> None:
    gold = [known(FIRST, PER, ORG), known(OTHER)]
    said = [annotation(FIRST, "a1", [PER, ORG]), annotation(OTHER, "a1", [span(0, 5)])]
    assert score(gold, said)["a1"].score == pytest.approx((4 / 5 + 1) / 2)


def test_nothing_to_mark_and_nothing_marked_is_right() -> None:
    assert score([known(FIRST)], [annotation(FIRST, "a1")])["a1"].score == 1.0


def test_a_mention_that_is_marked_for_two_holders_is_compared_as_a_whole() -> None:
    twice = [PER, span(0, 7, stance="favor", holder="author")]
    found = score([known(FIRST, *twice)], [annotation(FIRST, "a1", [PER])])["a1"].score
    assert found == pytest.approx((1 + 0) / 2)
    again = score([known(FIRST, *twice)], [annotation(FIRST, "a1", reversed(twice))])["a1"].score
    assert again == 1.0


def test_choices_are_a_part_of_their_own_and_values_have_no_order() -> None:
    scheme = read(
        TEXT_TAG, labels(), choices("tone"), choices("topic", ("p", "q"), 'choice="multiple"')
    )
    gold = [Gold(sentence_id=FIRST.sentence_id, spans=(), choices={"topic": ("p", "q")})]
    said = annotation(FIRST, "a1", choices={"topic": ("q", "p"), "tone": ("x",)})
    assert score(gold, [said], scheme)["a1"].score == pytest.approx((1 + 1 / 2) / 2)


def test_a_scheme_without_spans_is_scored_by_its_choices() -> None:
    scheme = read(TEXT_TAG, choices("tone"))
    gold = [known(FIRST, tone="x"), known(OTHER, tone="y")]
    said = [annotation(of, "a1", choices={"tone": ("x",)}) for of in (FIRST, OTHER)]
    assert score(gold, said, scheme)["a1"].score == 0.5


def test_an_attribute_that_nobody_gave_is_no_part() -> None:
    scheme = read(TEXT_TAG, labels(values=("PER",)), choices("tone", more=REGION))
    plain = Span(start=0, end=7, label="PER", attributes={})
    assert score([known(FIRST, plain)], [annotation(FIRST, "a1", [plain])], scheme)["a1"].score == 1


def test_only_submitted_annotations_of_gold_items_count() -> None:
    ordinary = item(TEXT)
    said = [
        annotation(FIRST, "a2", status="skipped"),
        annotation(ordinary, "a3", [PER]),
        annotation(FIRST, "a1", [PER]),
    ]
    found = gold_scores([known(FIRST, PER)], [FIRST, ordinary], said, shipped_scheme())
    assert list(found) == ["a1"]
