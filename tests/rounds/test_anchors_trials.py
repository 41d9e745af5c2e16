"""Random edits of real articles: nothing is lost, and nothing lands on other words.

``pytest -m scale --log-cli-level=INFO tests/rounds/test_anchors_trials.py`` prints the counts. The
judge knows where every character comes from, and nothing of how anchors are found.
"""

import json
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

import msgspec
import pytest

from builders import annotation, manifest, span
from rounds.anchored import design_items
from rounds.edits import EDITS, Rope, rope_of, text_of
from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.readers.read import read
from sikap.languages import RuleBook
from sikap.records import Annotation, Article, Item, Sentence
from sikap.rounds.reanchoring.apply import orphans, reanchored, successors
from sikap.rounds.reanchoring.context import Anchor, Standing, words
from sikap.rounds.reanchoring.evidence import traced
from sikap.rounds.reanchoring.match import anchors
from sikap.segmentation.sentences import segment

LOG = logging.getLogger(__name__)
RAW = Path(__file__).resolve().parents[2] / "dataset" / "raw"
BOOK = RuleBook(Path("no-outlets"))
STATES = ("kept", "moved", "ambiguous", "orphaned")
ROUNDS = ("all", "some")


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """What edits did: the article of old and of now, with the rope between them."""

    edits: Sequence[str]
    before: Sequence[Sentence]
    after: Sequence[Sentence]
    rope: Rope
    items: Sequence[Item]
    said: Sequence[Annotation]


def ingested(text: str, name: str = "berita", language: str = "id") -> Article:
    """The article that ingest makes of a text."""
    piece = Piece(
        format="text", article_id=name, source=f"{name}.txt", file=f"{name}.txt", data=text.encode()
    )
    (article,) = read(piece, ReadOptions(language=language))
    assert isinstance(article, Article)
    return article


def cut(text: str, language: str = "id") -> list[Sentence]:
    """Its sentences by the rules of a language."""
    return segment(ingested(text), BOOK.rules(language))


def body_of(sentences: Iterable[Sentence]) -> list[Sentence]:
    return [one for one in sentences if one.kind == "body"]


def own_texts() -> list[str]:
    return [ingested(path.read_text(encoding="utf-8")).text for path in sorted(RAW.glob("*.txt"))]


def edited(text: str, random: Random) -> Trial | None:
    """One trial: up to three edits of a text; None where it has too few sentences."""
    body = body_of(cut(text))
    if len(body) < 4:
        return None
    if random.random() < 0.5:  # real articles seldom have equal sentences, so some are given them
        one, other = random.sample(body, 2)
        text = f"{text[: other.end]} {one.text}{text[other.end :]}"
        text = ingested(text).text
    before, rope, names = cut(text), rope_of(text), list[str]()
    for _ in range(random.choice([1, 1, 2, 3])):
        edit = random.choice(EDITS)
        now = body_of(cut(text_of(rope)))
        if now:
            rope = edit(random, rope, now)
            names.append(edit.__name__)
    assert ingested(text_of(rope)).text == text_of(rope)
    return trial(names, before, cut(text_of(rope)), rope, random)


def trial(
    edits: Sequence[str],
    before: Sequence[Sentence],
    after: Sequence[Sentence],
    rope: Rope,
    random: Random,
) -> Trial:
    """Two rounds over the sentences of old, one of all and one of some, with annotations."""
    ids = [one.sentence_id for one in body_of(before)]
    some = set(random.sample(ids, max(1, len(ids) // 3)))
    items = [
        item
        for round_id, chosen in zip(ROUNDS, (set(ids), some), strict=True)
        for item in design_items(round_id, before, frozenset(set(ids) - chosen))
    ]
    said = [
        annotation(item, "a1", [span(start, random.randint(start + 1, len(item.text)))])
        for item in items
        for start in [random.randrange(len(item.text))]
    ]
    return Trial(edits=edits, before=before, after=after, rope=rope, items=items, said=said)


def successors_by_origin(given: Trial) -> dict[str, str]:
    """By old id the sentence that is made of its very characters, and of no others."""
    old = {(one.start, one.end): one.sentence_id for one in body_of(given.before)}
    found = {}
    for one in body_of(given.after):
        origins = [origin for _, origin in given.rope[one.start : one.end]]
        first = origins[0]
        if first is not None and origins == list(range(first, first + len(origins))):
            was = old.get((first, first + len(origins)))
            if was is not None:
                found[was] = one.sentence_id
    return found


def neighbours(sentences: Iterable[Sentence]) -> dict[str, tuple[str, str]]:
    texts = ["", *(one.text for one in body_of(sentences)), ""]
    return {one.sentence_id: (texts[n], texts[n + 2]) for n, one in enumerate(body_of(sentences))}


def between(anchor: Anchor, contexts: dict[str, tuple[str, str]]) -> bool:
    """Whether it now stands between the words that it stood between."""
    before, after = contexts[str(anchor.to)]
    return (words(before), words(after)) == (words(anchor.before), words(anchor.after))


def judged(given: Trial) -> Counter[str]:
    """Hold what became of a trial's sentences to the truth, and count it."""
    standing = Standing(given.after)
    found = traced(anchors(given.items, standing), given.after)
    keys = [anchor.key for anchor in found]
    assert keys == [(item.round_id, item.sentence_id) for item in given.items]
    assert len(set(keys)) == len(keys)
    truth, contexts = successors_by_origin(given), neighbours(given.after)
    counts: Counter[str] = Counter()
    for anchor in found:
        counts[anchor.state] += 1
        counts[f"{anchor.state}: {anchor.reason}"] += 1
        true = truth.get(anchor.sentence_id)
        if anchor.state == "kept":
            assert anchor.to == anchor.sentence_id
            assert contexts[anchor.sentence_id] == (anchor.before, anchor.after)
        if anchor.to is not None and anchor.to != true:
            # Nothing that the round has frozen can tell it from the true one: it stands between
            # the same words, or another one does so in the true place, or its copy alone is left.
            stood = {one.to: one for one in found if one.round_id == anchor.round_id}
            alone = [words(one.text) for one in body_of(given.after)].count(words(anchor.text)) == 1
            assert (
                between(anchor, contexts)
                or (true in stood and between(stood[true], contexts))
                or (true is None and alone and anchor.state == "moved")
            )
            counts[f"{anchor.state}, to a twin"] += 1
        if true is not None:
            assert anchor.state != "orphaned"
            counts[f"still there: {anchor.state}"] += 1
    followed(given, found, standing)
    return counts


def followed(given: Trial, found: Sequence[Anchor], standing: Standing) -> None:
    """Every annotation follows or is an orphan, whole; its spans are on the words of old."""
    left = orphans(found, given.said)
    follow = successors(found, standing)
    kept: list[Annotation] = []
    texts = {one.sentence_id: one.text for one in given.after}
    old = {one.annotation_id: one for one in given.said}
    old_texts = {one.item_id: one.text for one in given.items}
    for round_id in ROUNDS:
        items = [one for one in given.items if one.round_id == round_id]
        said = [one for one in given.said if one.round_id == round_id]
        to = follow.get(round_id, {})
        _, now, then = reanchored(manifest(round_id, ["a1"]), items, said, to, standing)
        kept += then
        ids = [one.sentence_id for one in now]
        assert len(ids) == len(set(ids))
        assert {one.item_id for one in then} == {one.item_id for one in now}
        for item in now:
            assert texts[item.sentence_id] == item.text
    all_ = sorted(
        [*(one.annotation_id for one in kept), *(o.annotation.annotation_id for o in left)]
    )
    assert all_ == sorted(old)
    for orphan in left:
        assert orphan.annotation == old[orphan.annotation.annotation_id]
    for one in kept:
        was = old[one.annotation_id]
        assert one.spans == was.spans
        for mark in one.spans:
            now_there = texts[one.sentence_id][mark.start : mark.end]
            assert words(now_there) == words(old_texts[was.item_id][mark.start : mark.end])


def run(texts: Sequence[str], number: int, seed: int) -> Counter[str]:
    """Judge so many random trials."""
    random, counts = Random(seed), Counter[str]()
    while counts["trials"] < number:
        made = edited(random.choice(texts), random)
        if made is not None:
            counts += judged(made) + Counter({"trials": 1})
            counts.update(f"edit: {name}" for name in made.edits)
    return counts


def resegmented(texts: Sequence[str], language: str, seed: int) -> Counter[str]:
    """Judge articles that are cut by the rules of another language, their texts being the same."""
    random, counts = Random(seed), Counter[str]()
    for text in texts:
        before = cut(text)
        if body_of(before):
            made = trial((), before, cut(text, language), rope_of(text), random)
            counts += judged(made) + Counter({"trials": 1})
    return counts


def told(what: str, counts: Counter[str]) -> None:
    LOG.info("%s: %s", what, json.dumps(dict(sorted(counts.items())), indent=2))


def test_edits_of_own_articles_lose_nothing() -> None:
    counts = run(own_texts(), 60, seed=1)
    told("60 trials on own articles", counts)
    assert all(counts[state] for state in STATES)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_other_rules_of_segmentation_lose_nothing(language: str) -> None:
    counts = resegmented(own_texts(), language, seed=3)
    told(f"own articles cut by the rules of {language}", counts)
    assert counts["kept"] > counts["trials"]
