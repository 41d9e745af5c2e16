import itertools
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import annotation, item, manifest, shipped_scheme, span
from sikap.labelling_config.scheme import Scheme
from sikap.labelling_config.scheme_from_xml import read_scheme
from sikap.records import Annotation, Item, Label, Purpose, SettledSpan, Span, Status
from sikap.rounds.settle import is_open, open_count, open_problems, settle

SCHEME = shipped_scheme()
ITEM = item("Belsara mengecam PT Ombak.")
NAMES = ("a1", "a2", "a3", "a4", "a5")
CHOICES = read_scheme(
    b'<View><Choices name="tone" toName="t" choice="multiple"><Choice value="y"/>'
    b'<Choice value="x"/></Choices><Text name="t" value="$text"/></View>',
    "config.xml",
)
PER, ORG = span(0, 7), span(0, 7, "ORG")
FAVOR = span(0, 7, stance="favor", holder="source")
AGAINST = span(0, 7, stance="against", holder="author")


def settled(
    *of_each: Sequence[Span], purpose: Purpose = "production", scheme: Scheme = SCHEME
) -> Label:
    """The label of one sentence, from the spans of each annotator."""
    given_ = [annotation(ITEM, name, spans) for name, spans in zip(NAMES, of_each, strict=False)]
    (label,) = settle([manifest(purpose=purpose)], [ITEM], given_, scheme)
    return label


def tallies(label: Label) -> dict[str, str]:
    """Each settled span as ``how votes/of`` by its place and label."""
    return {f"{s.start}-{s.end} {s.label}": votes(s) for s in label.spans}


def votes(of: SettledSpan) -> str:
    return f"{of.provenance.how} {of.provenance.votes}/{of.provenance.of}"


def attributes(of: SettledSpan) -> dict[str, str]:
    """Each attribute as ``value how votes/of``."""
    return {
        name: " ".join((*c.values, c.provenance.how, f"{c.provenance.votes}/{c.provenance.of}"))
        for name, c in of.attributes.items()
    }


@pytest.mark.parametrize(
    ("of_each", "expected"),
    [
        ([[PER]], {"0-7 PER": "single 1/1"}),
        ([[PER], [PER]], {"0-7 PER": "unanimous 2/2"}),
        ([[PER], [PER], []], {"0-7 PER": "majority 2/3"}),
        ([[PER], [PER], [ORG]], {"0-7 PER": "majority 2/3"}),
        ([[PER], []], {"0-7 PER": "open 1/2"}),
        ([[PER], [ORG]], {"0-7 ORG": "open 1/2", "0-7 PER": "open 1/2"}),
        ([[PER], [PER], [], []], {"0-7 PER": "open 2/4"}),
        ([[PER], [], []], {}),
        ([[span(0, 6)], [PER], [PER]], {"0-7 PER": "majority 2/3"}),
        ([[], []], {}),
    ],
)
def test_more_than_half_decide_and_a_tie_stays_open(
    of_each: list[list[Span]], expected: dict[str, str]
) -> None:
    label = settled(*of_each)
    assert tallies(label) == expected
    assert label.annotators == len(of_each)


def test_spans_come_in_the_order_of_the_text() -> None:
    assert list(tallies(settled([span(17, 25), ORG, PER, span(0, 3)]))) == [
        "0-3 PER",
        "0-7 ORG",
        "0-7 PER",
        "17-25 PER",
    ]


@pytest.mark.parametrize(
    ("of_each", "expected"),
    [
        ([[FAVOR]], {"stance": "favor single 1/1", "holder": "source single 1/1"}),
        ([[FAVOR], [FAVOR]], {"stance": "favor unanimous 2/2", "holder": "source unanimous 2/2"}),
        ([[FAVOR], [AGAINST]], {"stance": "open 1/2", "holder": "open 1/2"}),
        ([[FAVOR], [PER]], {"stance": "open 1/2", "holder": "open 1/2"}),
        ([[PER], [PER], [AGAINST]], {"stance": "neutral majority 2/3"}),
        (
            [[FAVOR], [FAVOR], []],
            {"stance": "favor unanimous 2/2", "holder": "source unanimous 2/2"},
        ),
    ],
)
def test_attributes_are_voted_on_among_those_who_marked_the_mention(
    of_each: list[list[Span]], expected: dict[str, str]
) -> None:
    (only,) = settled(*of_each).spans
    assert attributes(only) == expected


def test_an_open_decision_has_no_value_and_is_named() -> None:
    label = settled([FAVOR, span(17, 25)], [AGAINST])
    assert open_count(label) == 3
    assert [problem.found for problem in open_problems([label])] == [
        "stance of span 0-7 PER has 2 votes and no majority",
        "holder of span 0-7 PER has 2 votes and no majority",
        "span 17-25 PER was marked by 1 of 2",
    ]
    assert {problem.id for problem in open_problems([label])} == {ITEM.sentence_id}
    assert all(c.values == () for c in label.spans[0].attributes.values())


def test_two_holders_on_one_mention_are_two_spans() -> None:
    both = [FAVOR, AGAINST]
    label = settled(both, both, [FAVOR])
    assert [(votes(s), attributes(s)["holder"]) for s in label.spans] == [
        ("majority 2/3", "author unanimous 2/2"),
        ("unanimous 3/3", "source unanimous 3/3"),
    ]
    assert open_count(settled(both, [FAVOR])) == 1


def test_an_adjudicator_decides_alone() -> None:
    (only,) = settled([FAVOR], purpose="adjudication").spans
    assert votes(only) == "adjudicated 1/1"
    assert attributes(only)["stance"] == "favor adjudicated 1/1"


def test_two_adjudicators_who_disagree_leave_it_open() -> None:
    assert tallies(settled([PER], [], purpose="adjudication")) == {"0-7 PER": "open 1/2"}


def test_an_empty_label_is_not_the_same_as_none() -> None:
    assert settled([]).spans == ()
    skips = [annotation(ITEM, name, status="skipped") for name in NAMES]
    assert settle([manifest()], [ITEM], skips, SCHEME) == []
    assert settle([manifest()], [ITEM], [], SCHEME) == []


def test_who_skips_has_no_vote() -> None:
    given_ = [
        annotation(ITEM, "a1", [PER]),
        annotation(ITEM, "a2", [PER]),
        annotation(ITEM, "a3", status="skipped"),
    ]
    (label,) = settle([manifest()], [ITEM], given_, SCHEME)
    assert tallies(label) == {"0-7 PER": "unanimous 2/2"}
    assert label.annotators == 2


def test_a_hidden_repeat_has_no_vote() -> None:
    again = item(ITEM.text, pass_=2)
    given_ = [annotation(ITEM, "a1", [PER]), annotation(again, "a1", [])]
    (label,) = settle([manifest()], [again, ITEM], given_, SCHEME)
    assert tallies(label) == {"0-7 PER": "single 1/1"}


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
@pytest.mark.parametrize(
    ("rounds", "winner"),
    [
        ([("calibration", 1), ("production", 2), ("adjudication", 3)], 2),
        ([("adjudication", 1), ("production", 2), ("calibration", 3)], 0),
        ([("calibration", 3), ("calibration", 10), ("calibration", 9)], 1),
        ([("production", 1), ("production", 2), ("calibration", 3)], 1),
    ],
)
def test_purpose_then_ordinal_decide_between_rounds(
    order: Sequence[int], rounds: list[tuple[Purpose, int]], winner: int
) -> None:
    manifests = [
        manifest(f"r{n}", purpose=purpose, ordinal=ordinal)
        for n, (purpose, ordinal) in enumerate(rounds)
    ]
    items = [item(ITEM.text, f"r{n}") for n in order]
    given_ = [annotation(of, "a1", [PER] if of.round_id == "r0" else []) for of in items]
    (label,) = settle(manifests, items, given_, SCHEME)
    assert label.round_id == f"r{winner}"
    assert bool(label.spans) == (winner == 0)


def test_a_round_that_everybody_skipped_decides_nothing() -> None:
    manifests = [manifest("r1"), manifest("r2", purpose="adjudication", ordinal=2)]
    items = [ITEM, item(ITEM.text, "r2")]
    given_ = [annotation(items[0], "a1", [PER]), annotation(items[1], "a1", status="skipped")]
    (label,) = settle(manifests, items, given_, SCHEME)
    assert label.round_id == "r1"


@pytest.mark.parametrize(
    ("tones", "expected"),
    [
        ([("x",), ("x",), ("y",)], ("x", "majority", 2, 3)),
        ([("y", "x"), ("x", "y")], ("y x", "unanimous", 2, 2)),
        ([("x",), ("y",)], ("", "open", 1, 2)),
        ([("x",), ()], ("", "open", 1, 2)),
        ([("x",), (), ()], None),
    ],
)
def test_choices_on_the_sentence_are_settled_likewise(
    tones: list[tuple[str, ...]], expected: tuple[str, str, int, int] | None
) -> None:
    given_ = [
        annotation(ITEM, name, choices={"tone": tone} if tone else {})
        for name, tone in zip(NAMES, tones, strict=False)
    ]
    (label,) = settle([manifest()], [ITEM], given_, CHOICES)
    found = [
        (" ".join(c.values), c.provenance.how, c.provenance.votes, c.provenance.of)
        for c in label.choices.values()
    ]
    assert found == ([] if expected is None else [expected])
    assert open_count(label) == (expected is not None and expected[1] == "open")


def regions() -> st.SearchStrategy[list[Span]]:
    """What one annotator may mark: any of two mentions, each for one or two holders."""
    stances = st.sampled_from(
        [
            [{"stance": "neutral"}],
            [{"stance": "favor", "holder": "source"}],
            [{"stance": "against", "holder": "author"}],
            [{"stance": "favor", "holder": "author"}, {"stance": "against", "holder": "source"}],
        ]
    )
    return st.dictionaries(st.sampled_from([(0, 7), (17, 25)]), stances).map(
        lambda marks: [
            span(place[0], place[1], "PER", **one) for place, of in marks.items() for one in of
        ]
    )


@st.composite
def rounds_of_many(draw: st.DrawFn) -> tuple[list[Item], list[Annotation]]:
    items = [ITEM, item("Lain.")]
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
    return items, [
        annotation(of, name, draw(regions()) if draw(st.integers(0, 4)) else [], status="submitted")
        for of in items
        for name in names
    ]


@given(rounds_of_many(), st.randoms(), st.permutations(NAMES))
def test_neither_order_nor_names_of_annotators_matter(
    drawn: tuple[list[Item], list[Annotation]], random: Random, names: list[str]
) -> None:
    items, given_ = drawn
    label = settle([manifest()], items, given_, SCHEME)
    renamed = dict(zip(NAMES, names, strict=True))
    other = [
        annotation(ITEM if a.item_id == ITEM.item_id else items[1], renamed[a.annotator], a.spans)
        for a in given_
    ]
    random.shuffle(other)
    assert settle([manifest()], items, other, SCHEME) == label


@given(rounds_of_many())
def test_every_settled_decision_has_the_majority_and_a_holder_where_there_is_a_stance(
    drawn: tuple[list[Item], list[Annotation]],
) -> None:
    items, given_ = drawn
    for label in settle([manifest()], items, given_, SCHEME):
        for one in label.spans:
            of_attributes = (choice.provenance for choice in one.attributes.values())
            for p in (one.provenance, *of_attributes):
                assert is_open(p) == (2 * p.votes <= p.of)
            stance = one.attributes["stance"]
            if not is_open(stance.provenance):
                assert ("holder" in one.attributes) == (stance.values != ("neutral",))


ROUNDS = [
    manifest("p1", purpose="production", ordinal=1),
    manifest("d2", purpose="adjudication", ordinal=2),
    manifest("c3", purpose="calibration", ordinal=3),
    manifest("d4", purpose="adjudication", ordinal=4),
    manifest("d5", purpose="adjudication", ordinal=5),
]
SENTENCES = (ITEM.text, "Lain.", "Ketiga.")
STATUSES: st.SearchStrategy[Status | None] = st.sampled_from(["submitted", "skipped", None])


@st.composite
def annotated(draw: st.DrawFn, round_id: str) -> list[Annotation]:
    """What one to three annotators said in a round of some of the sentences; some skip."""
    return [
        annotation(
            item(text, round_id),
            name,
            draw(regions()) if status == "submitted" else [],
            status=status,
        )
        for text in SENTENCES
        for name in NAMES[:3]
        if (status := draw(STATUSES)) is not None
    ]


def all_items() -> list[Item]:
    return [item(text, one.round_id) for one in ROUNDS for text in SENTENCES]


@given(st.tuples(*(annotated(one.round_id) for one in ROUNDS)), st.sampled_from(["d4", "d5"]))
def test_adding_adjudication_changes_no_sentence_but_those_it_decides_itself(
    said: tuple[list[Annotation], ...], added: str
) -> None:
    before = [one for of_round in said for one in of_round if one.round_id != added]
    more = [one for of_round in said for one in of_round if one.round_id == added]
    labels = {x.sentence_id: x for x in settle(ROUNDS, all_items(), before, SCHEME)}
    again = {x.sentence_id: x for x in settle(ROUNDS, all_items(), before + more, SCHEME)}
    decided = {one.sentence_id for one in more if one.status == "submitted"}
    ordinals = {one.round_id: one.ordinal for one in ROUNDS}
    assert labels.keys() | decided == again.keys()
    for id_, label in again.items():
        if label.round_id == added:
            assert id_ in decided
        else:
            assert label == labels[id_]
            assert id_ not in decided or ordinals[label.round_id] > ordinals[added]


@given(st.tuples(*(annotated(one.round_id) for one in ROUNDS)))
def test_one_round_decides_all_of_a_sentence_and_is_named_with_its_votes(
    said: tuple[list[Annotation], ...],
) -> None:
    every = [one for of_round in said for one in of_round]
    submitted = [one for one in every if one.status == "submitted"]
    purposes = {one.round_id: (one.purpose == "adjudication", one.ordinal) for one in ROUNDS}
    purposes["c3"] = (False, 0)
    for label in settle(ROUNDS, all_items(), every, SCHEME):
        of_sentence = [one for one in submitted if one.sentence_id == label.sentence_id]
        assert label.round_id == max({o.round_id for o in of_sentence}, key=purposes.__getitem__)
        voters = sum(one.round_id == label.round_id for one in of_sentence)
        for one in label.spans:
            settled_ = [one.provenance, *(c.provenance for c in one.attributes.values())]
            assert {p.round_id for p in settled_} == {label.round_id}
            assert one.provenance.of == voters == label.annotators
            for p in settled_:
                assert 1 <= p.votes <= p.of <= voters
                by_adjudicator = label.round_id.startswith("d") and not is_open(p)
                assert (p.how == "adjudicated") == by_adjudicator
