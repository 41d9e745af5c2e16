"""Plan a round: which sentences, for whom, under which guidelines; fixed before anybody labels."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.records import (
    FIRST,
    GOLD,
    REPEAT,
    Article,
    Counts,
    Design,
    Digests,
    Item,
    Round,
    Sentence,
    item_id,
    short_id,
)
from sikap.rounds.planning.assign import assign, loads
from sikap.rounds.planning.request import (
    Wish,
    listed_problems,
    private_problems,
    ungranted,
    wish_problems,
)
from sikap.rounds.planning.sample import Sampling, drawn
from sikap.storage.files import encode_lines, sha256

Names = tuple[str, ...]
Judged = dict[tuple[str, int], Names]
"""Who judges a sentence in a pass."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the sentences: articles by id, and how many annotators each sentence had.

    ``private`` are the ids of those that no annotator may see, for data of private persons stand in
    them or beside them.
    """

    articles: Mapping[str, Article] = {}
    covered: Mapping[str, int] = {}
    private: frozenset[str] = frozenset()


def design_round(
    wish: Wish,
    ordinal: int,
    sentences: Sequence[Sentence],
    done: frozenset[str],
    config: bytes,
    guidelines: bytes,
    known: Known | None = None,
) -> tuple[Round, list[Item]]:
    """The manifest and the items of a round over the body sentences that are not in ``done``.

    ``sentences`` are in the order of sentences.jsonl; ``done`` holds the ids of those that the
    wish leaves out. The same inputs give the same round. Raises InputError where nothing is left to
    annotate, the roster is empty or repeats a pseudonym, or the wish cannot be granted.
    """
    raise_if(wish_problems(wish))
    chosen, sampling = _choose(wish, sentences, done, known or Known())
    names = tuple(annotator.annotator for annotator in wish.roster)
    overlap = len(names) if wish.overlap is None else wish.overlap
    if wish.calibration > len(chosen):
        found = f"{wish.calibration} items are for calibration, but the round has {len(chosen)}"
        raise InputError(ungranted(wish, found, "ask for fewer, or draw more sentences"))
    firsts = _firsts(wish, chosen, names, overlap)
    judged = {(id_, FIRST): who for id_, who in firsts.items()}
    judged |= {(answer.sentence_id, GOLD): names for answer in wish.gold}
    judged |= {(id_, REPEAT): who for id_, who in _repeats(wish, firsts, names).items()}
    items = list(_items(wish.round_id, sentences, judged))
    manifest = Round(
        round_id=wish.round_id,
        ordinal=ordinal,
        purpose=wish.purpose,
        roster=wish.roster,
        design=_design(wish, overlap, sampling),
        digests=_digests(wish, items, config, guidelines),
        state="planned",
        counts=Counts(items=len(items), submitted=0, skipped=0, drafts=0, rejected=0),
    )
    return manifest, items


def _digests(wish: Wish, items: Iterable[Item], config: bytes, guidelines: bytes) -> Digests:
    return Digests(
        config=sha256(config),
        guidelines=sha256(guidelines),
        items=sha256(encode_lines(items)),
        gold=sha256(encode_lines(wish.gold)) if wish.gold else None,
    )


def _design(wish: Wish, overlap: int, sampling: str) -> Design:
    return Design(
        overlap=overlap,
        calibration=wish.calibration,
        repeats=wish.repeats,
        gold=len(wish.gold),
        blindness=wish.blindness,
        seed=wish.seed,
        sampling=sampling,
    )


def _choose(
    wish: Wish, sentences: Sequence[Sentence], done: frozenset[str], known: Known
) -> tuple[set[str], str]:
    """The sentences to be judged for the first time, and in words how they were drawn."""
    gold = {answer.sentence_id for answer in wish.gold}
    body = [one for one in sentences if one.kind == "body"]
    what = "sentences" if wish.among == "all" else f"{wish.among} sentences"
    raise_if(private_problems(wish, known.private))
    left = [one for one in body if one.sentence_id not in done | gold]
    candidates = [one for one in left if one.sentence_id not in known.private]
    private = len(left) - len(candidates)
    if wish.listed is not None:
        raise_if(listed_problems(wish, {one.sentence_id for one in body}, done, gold))
        listed, what, private = set(wish.listed), f"listed {what}", 0
        candidates = [one for one in candidates if one.sentence_id in listed]
    how = Sampling(size=wish.sample, draw=wish.draw, stratify=wish.stratify, seed=wish.seed)
    chosen, sampling = drawn(candidates, how, what, known.articles, known.covered)
    if not chosen and wish.sample != 0:
        found = f"no body sentence is left among those that are {wish.among}"
        fix = "ingest and segment more articles, or choose otherwise with --among"
        raise InputError(Problem(code="round-empty", id=wish.round_id, found=found, fix=fix))
    if private:
        sampling = f"{sampling}; {private} left out for data of private persons"
    return chosen, sampling


def _firsts(wish: Wish, chosen: set[str], names: Names, overlap: int) -> dict[str, Names]:
    """Who judges each sentence that counts: all of the roster those for calibration."""
    order = sorted(chosen, key=lambda id_: short_id(wish.seed, "calibration", id_))
    everybody, rest = order[: wish.calibration], order[wish.calibration :]
    return assign(rest, names, overlap, wish.seed) | dict.fromkeys(everybody, names)


def _repeats(wish: Wish, firsts: Mapping[str, Names], names: Names) -> dict[str, Names]:
    """Who judges which of their own sentences again; in a shared project all judge the same."""
    few = [name for name, load in loads(firsts.values(), names).items() if load < wish.repeats]
    if few:
        found = f"{', '.join(few)} get fewer than {wish.repeats} items, so cannot repeat as many"
        raise InputError(ungranted(wish, found, "ask for fewer --repeats, or draw more sentences"))
    again: dict[str, list[str]] = defaultdict(list)
    for name in names:
        who = "everybody" if wish.blindness == "shared" else name
        own = [id_ for id_, annotators in firsts.items() if name in annotators]
        own.sort(key=lambda id_: short_id(wish.seed, "repeat", who, id_))
        for id_ in own[: wish.repeats]:
            again[id_].append(name)
    return {id_: tuple(annotators) for id_, annotators in again.items()}


def _items(round_id: str, sentences: Iterable[Sentence], judged: Judged) -> Iterator[Item]:
    """The items in the order of the sentences, of each by pass."""
    body = [sentence for sentence in sentences if sentence.kind == "body"]
    for place, sentence in enumerate(body):
        for pass_ in (GOLD, FIRST, REPEAT):
            annotators = judged.get((sentence.sentence_id, pass_))
            if annotators is not None:
                yield Item(
                    item_id=item_id(round_id, sentence.sentence_id, pass_),
                    round_id=round_id,
                    sentence_id=sentence.sentence_id,
                    pass_=pass_,
                    article_id=sentence.article_id,
                    start=sentence.start,
                    end=sentence.end,
                    text=sentence.text,
                    before=_neighbour(body, place, -1),
                    after=_neighbour(body, place, 1),
                    annotators=annotators,
                )


def _neighbour(body: Sequence[Sentence], place: int, step: int) -> str:
    beside = place + step
    if not 0 <= beside < len(body) or body[beside].article_id != body[place].article_id:
        return ""
    return body[beside].text
