from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import codes, sentence
from sikap.errors import InputError
from sikap.records import FIRST, REPEAT, Annotator, Gold, Item, Round, Sentence
from sikap.records import GOLD as KNOWN
from sikap.rounds.planning.plan import design_round
from sikap.rounds.planning.request import RoundInputs, RoundRequest
from sikap.rounds.planning.sample import SamplingFrame
from sikap.storage.files import encode_lines, sha256

ANNOTATORS = tuple(
    Annotator(annotator=name, kind="expert", qualifications="") for name in ("a1", "a2")
)
TEXTS = ("Satu.", "Dua.", "Tiga.", "Empat.", "Lima.")
SENTENCES = [sentence(text, article, index=n) for article in "ab" for n, text in enumerate(TEXTS)]


Plan = tuple[RoundRequest, RoundInputs]


def ask(
    sample: int | None = None,
    seed: int = 0,
    roster: Sequence[Annotator] = ANNOTATORS,
    listed: tuple[str, ...] | None = None,
    gold: tuple[Gold, ...] = (),
    **more: Any,
) -> Plan:
    inputs = RoundInputs(
        round_id="r1",
        ordinal=1,
        roster=tuple(roster),
        listed=listed,
        gold=gold,
        config=b"config",
        guidelines=b"guidelines",
    )
    return RoundRequest(sample=sample, seed=seed, **more), inputs


def team(*names: str) -> tuple[Annotator, ...]:
    return tuple(Annotator(annotator=n, kind="expert", qualifications="") for n in names)


def planned(
    of: Plan | None = None,
    sentences: Sequence[Sentence] = SENTENCES,
    done: frozenset[str] = frozenset(),
    **known: Any,
) -> tuple[Round, list[Item]]:
    frame = SamplingFrame(sentences=sentences, done=done, **known)
    return design_round(*(of or ask()), frame)


def refusal(
    of: Plan | None = None,
    sentences: Sequence[Sentence] = SENTENCES,
    done: frozenset[str] = frozenset(),
) -> InputError:
    with pytest.raises(InputError) as raised:
        planned(of, sentences, done)
    return raised.value


def refused(of: Plan | None = None, sentences: Sequence[Sentence] = SENTENCES) -> list[str]:
    return codes(refusal(of, sentences).problems)


def gold(*of: Sentence) -> tuple[Gold, ...]:
    return tuple(Gold(sentence_id=one.sentence_id, spans=(), choices={}) for one in of)


def test_a_round_without_sample_has_every_body_sentence_in_order() -> None:
    heading = sentence("Judul", "a", kind="heading")
    manifest, items = planned(sentences=[heading, *SENTENCES])
    assert [item.sentence_id for item in items] == [s.sentence_id for s in SENTENCES]
    assert manifest.design.sampling == "all new sentences"
    assert (manifest.state, manifest.counts.items) == ("planned", len(SENTENCES))
    assert manifest.design.overlap == 2


def test_the_manifest_digests_what_annotators_are_given() -> None:
    manifest, items = planned()
    assert manifest.digests.config == sha256(b"config")
    assert manifest.digests.guidelines == sha256(b"guidelines")
    assert manifest.digests.items == sha256(encode_lines(items))


@given(st.integers(0, 2**32), st.none() | st.integers(1, 12), st.randoms())
def test_the_same_request_gives_the_same_round(
    seed: int, sample: int | None, random: Random
) -> None:
    assert planned(ask(sample, seed)) == planned(ask(sample, seed))
    _, items = planned(ask(sample, seed))
    shuffled = random.sample(SENTENCES, len(SENTENCES))
    _, others = planned(ask(sample, seed), shuffled)
    assert {item.item_id for item in items} == {item.item_id for item in others}


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_sample_is_drawn_without_repeats(seed: int, sample: int) -> None:
    manifest, items = planned(ask(sample, seed))
    assert len({item.sentence_id for item in items}) == len(items) == min(sample, len(SENTENCES))
    drawn = "all new sentences" if sample >= 10 else f"{sample} of 10 new sentences, at random"
    assert manifest.design.sampling == drawn


def test_another_seed_draws_others() -> None:
    drawn = {tuple(i.sentence_id for i in planned(ask(3, seed))[1]) for seed in range(20)}
    assert len(drawn) > 5


@given(st.sets(st.sampled_from([s.sentence_id for s in SENTENCES]), max_size=9))
def test_sentences_of_earlier_rounds_are_left_out(done: set[str]) -> None:
    _, items = planned(ask(5), done=frozenset(done))
    assert not done & {item.sentence_id for item in items}
    assert len(items) == min(5, len(SENTENCES) - len(done))


def test_context_is_the_body_sentence_beside_in_the_same_article() -> None:
    mixed = [*SENTENCES[:2], sentence("Baca juga", "a", kind="related_link"), *SENTENCES[2:]]
    _, items = planned(sentences=mixed)
    around = [(item.article_id, item.before, item.text, item.after) for item in items]
    places = range(len(TEXTS))
    assert around == [
        (article, "" if n == 0 else TEXTS[n - 1], TEXTS[n], "" if n == 4 else TEXTS[n + 1])
        for article in "ab"
        for n in places
    ]


def test_context_comes_from_neighbours_that_are_not_in_the_round() -> None:
    done = frozenset(s.sentence_id for s in SENTENCES if s.text != "Dua.")
    _, items = planned(done=done)
    assert {(item.before, item.text, item.after) for item in items} == {("Satu.", "Dua.", "Tiga.")}


def test_an_item_is_its_sentence() -> None:
    _, (item,) = planned(sentences=SENTENCES[:1])
    theirs = msgspec.to_builtins(SENTENCES[0])
    for field in ("sentence_id", "article_id", "start", "end", "text"):
        assert getattr(item, field) == theirs[field]
    assert (item.pass_, item.round_id) == (1, "r1")


@pytest.mark.parametrize("roster", [(), (ANNOTATORS[0], ANNOTATORS[0])])
def test_a_roster_names_each_annotator_once(roster: tuple[Annotator, ...]) -> None:
    assert refused(ask(roster=roster)) == ["round-roster"]


@pytest.mark.parametrize(("sample", "seed"), [(0, 0), (-1, 0), (None, -1)])
def test_a_draw_makes_sense(sample: int | None, seed: int) -> None:
    assert refused(ask(sample, seed)) == ["round-design"]


def test_all_that_is_wrong_with_a_request_is_named() -> None:
    assert refused(ask(0, roster=())) == ["round-roster", "round-design"]


@pytest.mark.parametrize("sentences", [[], [sentence("Judul", kind="heading")]])
def test_a_round_needs_something_to_annotate(sentences: list[Sentence]) -> None:
    assert refused(sentences=sentences) == ["round-empty"]


FOUR = team("a1", "a2", "a3", "a4")
MANY = [sentence(f"Kalimat {n}.", f"artikel-{n // 10}", index=n % 10) for n in range(100)]
PLANNED = ask(60, 3, FOUR, overlap=2, calibration=8, repeats=5, gold=gold(*MANY[20:26]))


def test_every_item_goes_to_so_many_and_those_for_calibration_to_all() -> None:
    manifest, items = planned(PLANNED, MANY)
    firsts = [item for item in items if item.pass_ == FIRST]
    assert Counter(len(item.annotators) for item in firsts) == {2: 52, 4: 8}
    design = manifest.design
    assert (design.overlap, design.calibration, design.repeats, design.gold) == (2, 8, 5, 6)
    loads = Counter(name for item in firsts for name in item.annotators)
    assert set(loads.values()) == {8 + 26}


def test_each_repeats_so_many_of_their_own_items() -> None:
    _, items = planned(PLANNED, MANY)
    firsts = {item.sentence_id: item for item in items if item.pass_ == FIRST}
    repeats = [item for item in items if item.pass_ == REPEAT]
    assert Counter(name for item in repeats for name in item.annotators) == {
        one.annotator: 5 for one in FOUR
    }
    assert all(set(i.annotators) <= set(firsts[i.sentence_id].annotators) for i in repeats)
    assert len({item.item_id for item in items}) == len(items)


def test_gold_goes_to_everybody_and_is_not_drawn() -> None:
    manifest, items = planned(PLANNED, MANY)
    known = [item for item in items if item.pass_ == KNOWN]
    assert [item.sentence_id for item in known] == [s.sentence_id for s in MANY[20:26]]
    assert {item.annotators for item in known} == {("a1", "a2", "a3", "a4")}
    drawn = {item.sentence_id for item in items if item.pass_ != KNOWN}
    assert drawn.isdisjoint(item.sentence_id for item in known)
    assert manifest.digests.gold == sha256(encode_lines(PLANNED[1].gold))


def test_a_round_can_be_of_gold_alone() -> None:
    manifest, items = planned(ask(0, roster=FOUR, gold=gold(MANY[0])), MANY)
    assert manifest.design.sampling == "none but sentences with a known answer"
    assert planned(ask(0, roster=FOUR, gold=gold(MANY[0])), MANY[:1])[0].design.sampling == (
        manifest.design.sampling
    )
    assert [item.pass_ for item in items] == [KNOWN]
    assert manifest.counts.items == 1


def test_in_a_shared_project_all_repeat_the_same_items() -> None:
    _, items = planned(ask(20, roster=FOUR, repeats=3, blindness="shared"), MANY)
    repeats = [item for item in items if item.pass_ == REPEAT]
    assert len(repeats) == 3
    assert {item.annotators for item in repeats} == {("a1", "a2", "a3", "a4")}


def test_items_stand_in_the_order_of_the_sentences() -> None:
    _, items = planned(PLANNED, MANY)
    order = [sentence.sentence_id for sentence in MANY]
    places = [(order.index(item.sentence_id), item.pass_) for item in items]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"overlap": 2, "blindness": "shared"}, "--blindness separated or isolated"),
        ({"overlap": 5}, "the overlap is 5, with 4 annotators"),
        ({"overlap": 0}, "the overlap is 0, with 4 annotators"),
        ({"calibration": 21}, "21 items are for calibration, but the round has 20"),
        ({"calibration": -1}, "-1 items are for calibration"),
        ({"repeats": -1}, "-1 are repeats"),
        ({"repeats": 6, "overlap": 1}, "a1, a2, a3, a4 get fewer than 6 items"),
        ({"draw": "least-covered"}, "--among all or --among open"),
        ({"draw": "articles", "stratify": "outlet"}, "leave out --draw or --stratify"),
        ({"stratify": "colour"}, "stratify by one of sentence_id, article_id, index"),
    ],
)
def test_a_design_that_cannot_be_is_refused_with_a_way_out(asked: Any, said: str) -> None:
    error = refusal(ask(20, roster=FOUR, **asked), MANY)
    assert codes(error.problems) == ["round-design"]
    assert said in str(error)


def test_only_listed_sentences_are_drawn() -> None:
    listed = tuple(one.sentence_id for one in MANY[5:15])
    manifest, items = planned(ask(listed=listed), MANY)
    assert [item.sentence_id for item in items] == list(listed)
    assert manifest.design.sampling == "all listed new sentences"
    manifest, items = planned(ask(3, listed=listed), MANY)
    assert len(items) == 3
    assert manifest.design.sampling == "3 of 10 listed new sentences, at random"


def test_all_that_is_wrong_with_a_list_is_named_at_once() -> None:
    heading = sentence("Judul", "a", kind="heading")
    done, known, good = (MANY[n].sentence_id for n in range(3))
    listed = ("0" * 16, heading.sentence_id, done, known, good, good)
    error = refusal(ask(listed=listed, gold=gold(MANY[1])), [heading, *MANY], frozenset({done}))
    assert [(p.code, p.id) for p in error.problems] == [
        ("round-items", id_) for id_ in ("0" * 16, heading.sentence_id, good, done, known)
    ]
    assert "--among all" in str(error)


def test_the_least_covered_are_drawn_by_those_who_had_them() -> None:
    covered = {one.sentence_id: 2 - (n < 7) for n, one in enumerate(MANY)}
    of = ask(7, among="all", draw="least-covered")
    manifest, items = planned(of, MANY, covered=covered)
    assert [item.sentence_id for item in items] == [one.sentence_id for one in MANY[:7]]
    assert manifest.design.sampling == "7 of 100 sentences, those with the fewest annotators first"


def test_sentences_that_nobody_may_see_are_not_drawn_and_counted() -> None:
    private = frozenset(one.sentence_id for one in SENTENCES[:3])
    manifest, items = planned(private=private)
    assert [item.sentence_id for item in items] == [one.sentence_id for one in SENTENCES[3:]]
    assert manifest.design.sampling == ("all new sentences; 3 left out for data of private persons")


def test_a_sentence_that_nobody_may_see_cannot_be_asked_for() -> None:
    one, other = SENTENCES[:2]
    private = frozenset({one.sentence_id, other.sentence_id})
    with pytest.raises(InputError) as raised:
        planned(ask(listed=(one.sentence_id,), gold=gold(other)), private=private)
    assert [problem.id for problem in raised.value.problems] == [
        one.sentence_id,
        other.sentence_id,
    ]
