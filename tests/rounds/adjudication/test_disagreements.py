from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import annotation, item, shipped_scheme, span
from configs import choices as choices_of
from configs import labels, read
from sikap.labelling_config.scheme import Scheme
from sikap.records import Annotation, Item, Span, Version
from sikap.rounds.adjudication.disagreements import (
    Compared,
    Disagreement,
    compare,
    disagreements,
    distinct,
    shown,
    version,
)

SCHEME = shipped_scheme()
ITEM = item("Belsara mengecam PT Ombak.")
NAMES = ("a1", "a2", "a3")
PER, ORG, SHORT, FAR = span(0, 7), span(0, 7, "ORG"), span(0, 4), span(17, 25, "ORG")
FAVOR = span(0, 7, stance="favor", holder="source")
AGAINST = span(0, 7, stance="against", holder="author")
TONES = read(labels(), choices_of(), choices_of("topic"), '<Text name="text" value="$text"/>')


def compared(
    *of_each: Sequence[Span],
    choices: Sequence[Mapping[str, tuple[str, ...]]] = ({}, {}, {}),
    scheme: Scheme = SCHEME,
) -> Compared:
    said = [
        annotation(ITEM, name, spans, choices=given_)
        for name, spans, given_ in zip(NAMES, of_each, choices, strict=False)
    ]
    return compare([ITEM], said, scheme)


def told(of: Compared) -> list[str]:
    """Each disagreement as its kind, its control and where."""
    return [
        " ".join([d.what, *(f"{start}-{end}-{label}" for start, end, label in d.mentions)])
        for one in of.disputed
        for d in one.disagreements
    ]


@pytest.mark.parametrize(
    ("of_each", "expected"),
    [
        ([[PER], [SHORT]], ["border 0-4-PER 0-7-PER"]),
        ([[PER], [ORG]], ["label 0-7-ORG 0-7-PER"]),
        ([[PER], [span(2, 9, "ORG")]], ["label 0-7-PER 2-9-ORG"]),
        ([[PER], []], ["missed 0-7-PER"]),
        ([[PER], [FAR]], ["missed 0-7-PER", "missed 17-25-ORG"]),
        ([[PER, FAR], [SHORT, FAR]], ["border 0-4-PER 0-7-PER"]),
        ([[PER], [SHORT, span(0, 9, "ORG")]], ["border 0-4-PER 0-7-PER", "label 0-7-PER 0-9-ORG"]),
        ([[PER], [PER, ORG]], ["missed 0-7-ORG"]),
        ([[PER], [PER, SHORT]], ["missed 0-4-PER"]),
        ([[PER], [span(7, 9)]], ["missed 0-7-PER", "missed 7-9-PER"]),
        ([[FAVOR], [AGAINST]], ["attribute stance 0-7-PER", "attribute holder 0-7-PER"]),
        ([[PER], [FAVOR]], ["attribute stance 0-7-PER", "attribute holder 0-7-PER"]),
        ([[PER], [], []], ["missed 0-7-PER"]),
        ([[PER], [ORG], []], ["label 0-7-ORG 0-7-PER", "missed 0-7-ORG", "missed 0-7-PER"]),
    ],
)
def test_every_kind_of_disagreement_is_told(of_each: list[list[Span]], expected: list[str]) -> None:
    assert sorted(told(compared(*of_each))) == sorted(expected)


def test_choices_are_told_by_their_control() -> None:
    given_ = [{"tone": ("x",), "topic": ("x",)}, {"tone": ("y",), "topic": ("x",)}]
    assert told(compared([], [], choices=given_, scheme=TONES)) == ["choice tone"]
    assert told(compared([], [], choices=[given_[0], {}], scheme=TONES)) == [
        "choice tone",
        "choice topic",
    ]


def test_stances_that_changed_their_holders_are_a_disagreement() -> None:
    one = [FAVOR, AGAINST]
    other = [
        span(0, 7, stance="favor", holder="author"),
        span(0, 7, stance="against", holder="source"),
    ]
    assert told(compared(one, other)) == ["attribute stance 0-7-PER", "attribute holder 0-7-PER"]


def test_where_all_agree_or_one_judged_alone_there_is_none() -> None:
    items = [ITEM, item("Satu."), item("Dua."), item("Tiga."), item("Empat.", pass_=2)]
    said = [
        *(annotation(ITEM, name, [FAR, PER]) for name in NAMES),
        annotation(items[1], "a1", [PER]),
        annotation(items[1], "a2", status="skipped"),
        annotation(items[2], "a1", status="skipped"),
        annotation(items[4], "a1", [PER]),
        annotation(items[4], "a2"),
    ]
    found = compare(items, said, SCHEME)
    assert found == Compared(disputed=(), agreed=1, alone=1, unjudged=2)


def test_versions_are_distinct_and_an_empty_one_counts() -> None:
    (disputed,) = compared([PER, FAR], [], [FAR, PER]).disputed
    assert sorted(len(one.spans) for one in disputed.versions) == [0, 2]


def test_the_order_shown_is_the_same_every_time_and_differs_between_items_and_seeds() -> None:
    (disputed,) = compared([PER], [ORG], []).disputed
    orders = {
        (seed, f"{number:016x}"): shown(disputed, f"{number:016x}", seed).versions
        for seed in range(3)
        for number in range(20)
    }
    assert all(set(map(str, one)) == set(map(str, disputed.versions)) for one in orders.values())
    assert len({str(one) for one in orders.values()}) == 6
    assert shown(disputed, "0" * 16, 0).versions == orders[0, "0" * 16]


spans = st.builds(
    lambda place, label, more: span(place[0], place[1], label, **more),
    st.sampled_from([(0, 7), (0, 4), (17, 25), (5, 20)]),
    st.sampled_from(["PER", "ORG"]),
    st.sampled_from(
        [
            {"stance": "neutral"},
            {"stance": "favor", "holder": "author"},
            {"stance": "against", "holder": "source"},
        ]
    ),
)
several = st.lists(spans, max_size=3, unique_by=SCHEME.key)


@given(st.lists(several, min_size=2, max_size=3), st.permutations(range(3)))
def test_versions_differ_exactly_where_a_disagreement_is_named(
    of_each: list[list[Span]], order: list[int]
) -> None:
    found = compared(*of_each)
    same = len(distinct(version(one, {}, SCHEME) for one in of_each)) == 1
    assert bool(found.disputed) != same
    assert all(one.disagreements for one in found.disputed)
    shuffled = [of_each[place] for place in order if place < len(of_each)]
    assert compared(*shuffled) == found


@given(several, several)
def test_every_mention_that_only_one_has_is_in_some_disagreement(
    one: list[Span], other: list[Span]
) -> None:
    pair = (version(one, {}, SCHEME), version(other, {}, SCHEME))
    of_each: list[set[tuple[int, int, str]]] = [
        {(s.start, s.end, s.label) for s in of.spans} for of in pair
    ]
    named: list[Disagreement] = list(disagreements(pair, SCHEME))
    about = {m for d in named if d.kind != "attribute" for m in d.mentions}
    assert about == of_each[0] ^ of_each[1]


def test_a_version_has_one_form_whatever_the_order_it_was_given_in() -> None:
    multiple = read(
        labels(), choices_of(more='choice="multiple"'), '<Text name="text" value="$text"/>'
    )
    one = version([FAR, PER], {"tone": ("y", "x")}, multiple)
    assert one == version([PER, FAR], {"tone": ("x", "y")}, multiple)
    assert one.choices == {"tone": ("x", "y")}
    assert version([], {"tone": ()}, multiple) == Version(spans=(), choices={})


def test_an_item_of_nobody_has_no_versions() -> None:
    nobody: list[Annotation] = []
    items: list[Item] = [ITEM]
    assert compare(items, nobody, SCHEME).unjudged == 1
