"""Plan a round: which sentences, for whom, under which guidelines; fixed before anybody labels."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.records import (
    FIRST,
    GOLD,
    REPEAT,
    Annotator,
    Article,
    Blindness,
    Counts,
    Design,
    Digests,
    Gold,
    Item,
    Purpose,
    Round,
    Sentence,
    item_id,
    short_id,
)
from sikap.rounds.assign import assign, loads
from sikap.rounds.draw import Draw, Sampling, drawn
from sikap.store import encode_lines, sha256

Among = Literal["new", "all", "open"]
Names = tuple[str, ...]
Judged = dict[tuple[str, int], Names]
"""Who judges a sentence in a pass."""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a lead asks of a round.

    ``among`` says which sentences there are to choose from: those that no earlier round had, all,
    or those with open decisions; ``listed`` narrows them to a list of ids. ``sample``, ``draw`` and
    ``stratify`` say how many of them to draw, and how (see Sampling). ``overlap`` annotators judge
    every item, None for all of the roster, and all of it ``calibration`` items nevertheless. Each
    annotator gets ``repeats`` items a second time, and those whose answer is in ``gold``.
    ``blindness`` says who can see whose work.
    """

    round_id: str
    purpose: Purpose
    roster: tuple[Annotator, ...]
    sample: int | None
    seed: int
    among: Among = "new"
    draw: Draw = "random"
    stratify: str | None = None
    listed: tuple[str, ...] | None = None
    overlap: int | None = None
    calibration: int = 0
    repeats: int = 0
    gold: tuple[Gold, ...] = ()
    blindness: Blindness = "separated"


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the sentences: articles by id, and how many annotators each sentence had.

    ``private`` are the ids of those that no annotator may see, for data of private persons stand in
    them or beside them.
    """

    articles: Mapping[str, Article] = {}
    covered: Mapping[str, int] = {}
    private: frozenset[str] = frozenset()


def plan_round(
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
    raise_if(_wish_problems(wish))
    chosen, sampling = _choose(wish, sentences, done, known or Known())
    names = tuple(annotator.annotator for annotator in wish.roster)
    overlap = len(names) if wish.overlap is None else wish.overlap
    if wish.calibration > len(chosen):
        found = f"{wish.calibration} items are for calibration, but the round has {len(chosen)}"
        raise InputError(_ungranted(wish, found, "ask for fewer, or draw more sentences"))
    firsts = _firsts(wish, chosen, names, overlap)
    judged = {(id_, FIRST): who for id_, who in firsts.items()}
    judged |= {(answer.sentence_id, GOLD): names for answer in wish.gold}
    judged |= {(id_, REPEAT): who for id_, who in _repeats(wish, firsts, names).items()}
    items = list(_items(wish.round_id, sentences, judged))
    digests = Digests(
        config=sha256(config),
        guidelines=sha256(guidelines),
        items=sha256(encode_lines(items)),
        gold=sha256(encode_lines(wish.gold)) if wish.gold else None,
    )
    manifest = Round(
        round_id=wish.round_id,
        ordinal=ordinal,
        purpose=wish.purpose,
        roster=wish.roster,
        design=_design(wish, overlap, sampling),
        digests=digests,
        state="planned",
        counts=Counts(items=len(items), submitted=0, skipped=0, drafts=0, rejected=0),
    )
    return manifest, items


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


def _wish_problems(wish: Wish) -> Iterator[Problem]:
    names = [annotator.annotator for annotator in wish.roster]
    if not names or len(set(names)) < len(names):
        found = f"the roster is {', '.join(names) or 'empty'}"
        fix = "name each annotator once: --annotator NAME, or list them in [tool.sikap.annotators]"
        yield Problem(code="round-roster", id=wish.round_id, found=found, fix=fix)
    # A round of gold items alone draws no sentence.
    least = 0 if wish.gold else 1
    if (wish.sample is not None and wish.sample < least) or wish.seed < 0:
        found = f"the sample is {wish.sample}, the seed {wish.seed}"
        yield _ungranted(wish, found, "draw at least one sentence, with a seed from 0")
    if min(wish.calibration, wish.repeats) < 0:
        found = f"{wish.calibration} items are for calibration, {wish.repeats} are repeats"
        yield _ungranted(wish, found, "ask for none or more")
    if wish.overlap is not None and names:
        yield from _overlap_problems(wish, wish.overlap, len(names))
    if wish.draw == "least-covered" and wish.among == "new":
        found = "the least covered are drawn among new sentences, which nobody has had"
        yield _ungranted(wish, found, "draw them with --among all or --among open")
    if wish.stratify is not None and wish.draw != "random":
        found = f"the draw is by {wish.draw} and in proportion to {wish.stratify}"
        yield _ungranted(wish, found, "leave out --draw or --stratify")


def _overlap_problems(wish: Wish, overlap: int, annotators: int) -> Iterator[Problem]:
    if not 1 <= overlap <= annotators:
        found = f"the overlap is {overlap}, with {annotators} annotators"
        yield _ungranted(wish, found, f"let 1 to {annotators} of them judge every item")
    elif overlap < annotators and wish.blindness == "shared":
        found = f"the overlap is {overlap} of {annotators}, but all annotate in one project"
        fix = "plan it with --blindness separated or isolated: only then each gets their own items"
        yield _ungranted(wish, found, fix)


def _ungranted(wish: Wish, found: str, fix: str) -> Problem:
    return Problem(code="round-design", id=wish.round_id, found=found, fix=fix)


def _choose(
    wish: Wish, sentences: Sequence[Sentence], done: frozenset[str], known: Known
) -> tuple[set[str], str]:
    """The sentences to be judged for the first time, and in words how they were drawn."""
    gold = {answer.sentence_id for answer in wish.gold}
    body = [one for one in sentences if one.kind == "body"]
    what = "sentences" if wish.among == "all" else f"{wish.among} sentences"
    raise_if(_private_problems(wish, known.private))
    left = [one for one in body if one.sentence_id not in done | gold]
    candidates = [one for one in left if one.sentence_id not in known.private]
    private = len(left) - len(candidates)
    if wish.listed is not None:
        raise_if(_listed_problems(wish, {one.sentence_id for one in body}, done, gold))
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


def _private_problems(wish: Wish, private: frozenset[str]) -> Iterator[Problem]:
    """Yield every sentence that was asked for by its id and that no annotator may see."""
    fix = 'leave it out, or set private = "keep" in pyproject.toml'
    found = "data of a private person stand in it or beside it"
    asked = (*(wish.listed or ()), *(answer.sentence_id for answer in wish.gold))
    for id_ in dict.fromkeys(asked):
        if id_ in private:
            yield Problem(code="round-items", id=id_, found=found, fix=fix)


def _listed_problems(
    wish: Wish, body: set[str], done: frozenset[str], gold: set[str]
) -> Iterator[Problem]:
    listed = Counter(wish.listed or ())
    fix = "correct the list, one sentence_id of sentences.jsonl a line"
    for wrong, found, mend in (
        ([one for one in listed if one not in body], "no body sentence has such an id", fix),
        ([one for one, times in listed.items() if times > 1], "it stands twice", fix),
        (
            [one for one in listed if one in done & body],
            f"it is not among those that are {wish.among}",
            "take it off the list, or plan with --among all",
        ),
        (
            [one for one in listed if one in gold],
            "its answer is known: it is a gold item of this round",
            "take it off the list, or out of the gold file",
        ),
    ):
        for id_ in wrong:
            yield Problem(code="round-items", id=id_[:80], found=found, fix=mend)


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
        raise InputError(_ungranted(wish, found, "ask for fewer --repeats, or draw more sentences"))
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
