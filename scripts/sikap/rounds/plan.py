"""Plan a round: which sentences, for whom, under which guidelines; fixed before anybody labels."""

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.records import (
    FIRST,
    Annotator,
    Blindness,
    Counts,
    Design,
    Digests,
    Item,
    Purpose,
    Round,
    Sentence,
    item_id,
)
from sikap.store import encode_lines, sha256

Among = Literal["new", "all", "open"]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a lead asks of a round.

    ``among`` says which sentences there are to choose from: those that no earlier round had, all,
    or those with open decisions; ``sample`` is how many of them to draw, None for every one.
    ``blindness`` says who can see whose work.
    """

    round_id: str
    purpose: Purpose
    roster: tuple[Annotator, ...]
    sample: int | None
    seed: int
    among: Among = "new"
    blindness: Blindness = "separated"


def plan_round(
    wish: Wish,
    ordinal: int,
    sentences: Sequence[Sentence],
    done: frozenset[str],
    config: bytes,
    guidelines: bytes,
) -> tuple[Round, list[Item]]:
    """The manifest and the items of a round over the body sentences that are not in ``done``.

    ``sentences`` are in the order of sentences.jsonl; ``done`` holds the ids of those that the
    wish leaves out. The same inputs give the same round. Raises InputError where nothing is left to
    annotate, the roster is empty or repeats a pseudonym, or sample or seed make no sense.
    """
    raise_if(_wish_problems(wish))
    chosen = _draw([s for s in sentences if s.kind == "body" and s.sentence_id not in done], wish)
    if not chosen:
        found = f"no body sentence is left among those that are {wish.among}"
        fix = "ingest and segment more articles, or choose otherwise with --among"
        raise InputError(Problem(code="round-empty", id=wish.round_id, found=found, fix=fix))
    names = tuple(annotator.annotator for annotator in wish.roster)
    items = list(_items(wish.round_id, sentences, chosen, names))
    sampling = wish.among if wish.sample is None else f"random {wish.sample} of {wish.among}"
    manifest = Round(
        round_id=wish.round_id,
        ordinal=ordinal,
        purpose=wish.purpose,
        roster=wish.roster,
        design=Design(
            overlap=len(wish.roster),
            calibration=0,
            repeats=0,
            gold=0,
            blindness=wish.blindness,
            seed=wish.seed,
            sampling=sampling,
        ),
        digests=Digests(
            config=sha256(config),
            guidelines=sha256(guidelines),
            items=sha256(encode_lines(items)),
        ),
        state="planned",
        counts=Counts(items=len(items), submitted=0, skipped=0, drafts=0, rejected=0),
    )
    return manifest, items


def _wish_problems(wish: Wish) -> Iterator[Problem]:
    names = [annotator.annotator for annotator in wish.roster]
    if not names or len(set(names)) < len(names):
        found = f"the roster is {', '.join(names) or 'empty'}"
        fix = "name each annotator once: --annotator NAME, or list them in [tool.sikap.annotators]"
        yield Problem(code="round-roster", id=wish.round_id, found=found, fix=fix)
    if (wish.sample is not None and wish.sample < 1) or wish.seed < 0:
        found = f"the sample is {wish.sample}, the seed {wish.seed}"
        fix = "draw at least one sentence, with a seed from 0"
        yield Problem(code="round-design", id=wish.round_id, found=found, fix=fix)


def _draw(candidates: Sequence[Sentence], wish: Wish) -> set[str]:
    ids = sorted(sentence.sentence_id for sentence in candidates)
    if wish.sample is None or wish.sample >= len(ids):
        return set(ids)
    return set(random.Random(wish.seed).sample(ids, wish.sample))  # noqa: S311


def _items(
    round_id: str, sentences: Iterable[Sentence], chosen: set[str], names: tuple[str, ...]
) -> Iterator[Item]:
    body = [sentence for sentence in sentences if sentence.kind == "body"]
    for place, sentence in enumerate(body):
        if sentence.sentence_id in chosen:
            yield Item(
                item_id=item_id(round_id, sentence.sentence_id, FIRST),
                round_id=round_id,
                sentence_id=sentence.sentence_id,
                pass_=FIRST,
                article_id=sentence.article_id,
                start=sentence.start,
                end=sentence.end,
                text=sentence.text,
                before=_neighbour(body, place, -1),
                after=_neighbour(body, place, 1),
                annotators=names,
            )


def _neighbour(body: Sequence[Sentence], place: int, step: int) -> str:
    beside = place + step
    if not 0 <= beside < len(body) or body[beside].article_id != body[place].article_id:
        return ""
    return body[beside].text
