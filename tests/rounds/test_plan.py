from collections.abc import Sequence
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import codes, sentence
from sikap.errors import InputError
from sikap.records import Annotator, Item, Round, Sentence
from sikap.rounds.plan import Wish, plan_round
from sikap.store import encode_lines, sha256

ANNOTATORS = tuple(
    Annotator(annotator=name, kind="expert", qualifications="") for name in ("a1", "a2")
)
TEXTS = ("Satu.", "Dua.", "Tiga.", "Empat.", "Lima.")
SENTENCES = [sentence(text, article, index=n) for article in "ab" for n, text in enumerate(TEXTS)]


def wish(
    sample: int | None = None, seed: int = 0, roster: Sequence[Annotator] = ANNOTATORS
) -> Wish:
    return Wish(round_id="r1", purpose="production", roster=tuple(roster), sample=sample, seed=seed)


def planned(
    of: Wish | None = None,
    sentences: Sequence[Sentence] = SENTENCES,
    done: frozenset[str] = frozenset(),
) -> tuple[Round, list[Item]]:
    return plan_round(of or wish(), 1, sentences, done, b"config", b"guidelines")


def refused(of: Wish | None = None, sentences: Sequence[Sentence] = SENTENCES) -> list[str]:
    with pytest.raises(InputError) as raised:
        planned(of, sentences)
    return codes(raised.value.problems)


def test_a_round_without_sample_has_every_body_sentence_in_order() -> None:
    heading = sentence("Judul", "a", kind="heading")
    manifest, items = planned(sentences=[heading, *SENTENCES])
    assert [item.sentence_id for item in items] == [s.sentence_id for s in SENTENCES]
    assert manifest.design.sampling == "new"
    assert (manifest.state, manifest.counts.items) == ("planned", len(SENTENCES))
    assert manifest.design.overlap == 2


def test_the_manifest_digests_what_annotators_are_given() -> None:
    manifest, items = planned()
    assert manifest.digests.config == sha256(b"config")
    assert manifest.digests.guidelines == sha256(b"guidelines")
    assert manifest.digests.items == sha256(encode_lines(items))


@given(st.integers(0, 2**32), st.none() | st.integers(1, 12), st.randoms())
def test_the_same_wish_gives_the_same_round(seed: int, sample: int | None, random: Random) -> None:
    assert planned(wish(sample, seed)) == planned(wish(sample, seed))
    _, items = planned(wish(sample, seed))
    shuffled = random.sample(SENTENCES, len(SENTENCES))
    _, others = planned(wish(sample, seed), shuffled)
    assert {item.item_id for item in items} == {item.item_id for item in others}


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_sample_is_drawn_without_repeats(seed: int, sample: int) -> None:
    manifest, items = planned(wish(sample, seed))
    assert len({item.sentence_id for item in items}) == len(items) == min(sample, len(SENTENCES))
    assert manifest.design.sampling == f"random {sample} of new"


def test_another_seed_draws_others() -> None:
    drawn = {tuple(i.sentence_id for i in planned(wish(3, seed))[1]) for seed in range(20)}
    assert len(drawn) > 5


@given(st.sets(st.sampled_from([s.sentence_id for s in SENTENCES]), max_size=9))
def test_sentences_of_earlier_rounds_are_left_out(done: set[str]) -> None:
    _, items = planned(wish(5), done=frozenset(done))
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
    assert refused(wish(roster=roster)) == ["round-roster"]


@pytest.mark.parametrize(("sample", "seed"), [(0, 0), (-1, 0), (None, -1)])
def test_a_draw_makes_sense(sample: int | None, seed: int) -> None:
    assert refused(wish(sample, seed)) == ["round-design"]


def test_all_that_is_wrong_with_a_wish_is_named() -> None:
    assert refused(wish(0, roster=())) == ["round-roster", "round-design"]


@pytest.mark.parametrize("sentences", [[], [sentence("Judul", kind="heading")]])
def test_a_round_needs_something_to_annotate(sentences: list[Sentence]) -> None:
    assert refused(sentences=sentences) == ["round-empty"]
