"""Plan a round: which sentences, for whom, under which guidelines; fixed before anybody labels."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sikap.errors import InputError, Problem, raise_if
from sikap.records import (
    FIRST,
    GOLD,
    REPEAT,
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
    RoundInputs,
    RoundRequest,
    design_problem,
    listed_problems,
    private_problems,
    request_problems,
)
from sikap.rounds.planning.sample import SamplingFrame, drawn
from sikap.storage.files import encode_lines, sha256

Names = tuple[str, ...]
Judged = dict[tuple[str, int], Names]
"""Who judges a sentence in a pass."""


def design_round(
    request: RoundRequest, inputs: RoundInputs, frame: SamplingFrame
) -> tuple[Round, list[Item]]:
    """The manifest and the items of a round over the body sentences that the frame leaves.

    The same arguments give the same round. Raises InputError where nothing is left to annotate, the
    roster is empty or repeats a pseudonym, or the round cannot be planned as requested.
    """
    raise_if(request_problems(request, inputs))
    chosen, sampling = _choose(request, inputs, frame)
    names = tuple(annotator.annotator for annotator in inputs.roster)
    if request.calibration > len(chosen):
        found = f"{request.calibration} items are for calibration, but the round has {len(chosen)}"
        fix = "ask for fewer, or draw more sentences"
        raise InputError(design_problem(inputs.round_id, found, fix))
    overlap = len(names) if request.overlap is None else request.overlap
    firsts = _firsts(request, chosen, names, overlap)
    judged = {(id_, FIRST): who for id_, who in firsts.items()}
    judged |= {(answer.sentence_id, GOLD): names for answer in inputs.gold}
    repeats = _repeats(request, inputs.round_id, firsts, names)
    judged |= {(id_, REPEAT): who for id_, who in repeats.items()}
    items = list(_items(inputs.round_id, frame.sentences, judged))
    manifest = Round(
        round_id=inputs.round_id,
        ordinal=inputs.ordinal,
        purpose=request.purpose,
        roster=inputs.roster,
        design=Design(
            overlap=overlap,
            calibration=request.calibration,
            repeats=request.repeats,
            gold=len(inputs.gold),
            blindness=request.blindness,
            seed=request.seed,
            sampling=sampling,
        ),
        digests=_digests(inputs, items),
        state="planned",
        counts=Counts(items=len(items), submitted=0, skipped=0, drafts=0, rejected=0),
    )
    return manifest, items


def _digests(inputs: RoundInputs, items: Iterable[Item]) -> Digests:
    return Digests(
        config=sha256(inputs.config),
        guidelines=sha256(inputs.guidelines),
        items=sha256(encode_lines(items)),
        gold=sha256(encode_lines(inputs.gold)) if inputs.gold else None,
    )


def _choose(
    request: RoundRequest, inputs: RoundInputs, frame: SamplingFrame
) -> tuple[set[str], str]:
    """The sentences to be judged for the first time, and in words how they were drawn."""
    gold = {answer.sentence_id for answer in inputs.gold}
    body = [one for one in frame.sentences if one.kind == "body"]
    what = "sentences" if request.among == "all" else f"{request.among} sentences"
    raise_if(private_problems(inputs, frame.private))
    left = [one for one in body if one.sentence_id not in frame.done | gold]
    candidates = [one for one in left if one.sentence_id not in frame.private]
    private = len(left) - len(candidates)
    if inputs.listed is not None:
        ids = {one.sentence_id for one in body}
        raise_if(listed_problems(inputs, request.among, ids, frame.done))
        listed, what, private = set(inputs.listed), f"listed {what}", 0
        candidates = [one for one in candidates if one.sentence_id in listed]
    chosen, sampling = drawn(candidates, what, request, frame)
    if not chosen and request.sample != 0:
        found = f"no body sentence is left among those that are {request.among}"
        fix = "ingest and segment more articles, or choose otherwise with --among"
        raise InputError(Problem(code="round-empty", id=inputs.round_id, found=found, fix=fix))
    if private:
        sampling = f"{sampling}; {private} left out for data of private persons"
    return chosen, sampling


def _firsts(
    request: RoundRequest, chosen: set[str], names: Names, overlap: int
) -> dict[str, Names]:
    """Who judges each sentence that counts: all of the roster those for calibration."""
    order = sorted(chosen, key=lambda id_: short_id(request.seed, "calibration", id_))
    everybody, rest = order[: request.calibration], order[request.calibration :]
    return assign(rest, names, overlap, request.seed) | dict.fromkeys(everybody, names)


def _repeats(
    request: RoundRequest, round_id: str, firsts: Mapping[str, Names], names: Names
) -> dict[str, Names]:
    """Who judges which of their own sentences again; in a shared project all judge the same."""
    few = [name for name, load in loads(firsts.values(), names).items() if load < request.repeats]
    if few:
        found = f"{', '.join(few)} get fewer than {request.repeats} items, so cannot repeat as many"
        fix = "ask for fewer --repeats, or draw more sentences"
        raise InputError(design_problem(round_id, found, fix))
    again: dict[str, list[str]] = defaultdict(list)
    for name in names:
        who = "everybody" if request.blindness == "shared" else name
        own = [id_ for id_, annotators in firsts.items() if name in annotators]
        own.sort(key=lambda id_: short_id(request.seed, "repeat", who, id_))
        for id_ in own[: request.repeats]:
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
