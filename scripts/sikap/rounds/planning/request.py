"""What you request of a round, and why sikap may not be able to plan it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from sikap.errors import Problem
from sikap.records import Annotator, Blindness, Gold, Purpose

Among = Literal["new", "all", "open"]
Draw = Literal["random", "articles", "least-covered"]


class RoundRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What you request of a round; the fields are the options of ``sikap round plan``.

    ``among`` names the sentences to draw from: those that no earlier round had, all, or those with
    open decisions; ``items`` is a file that narrows them to its ids, one a line. ``sample`` counts
    the sentences to draw, or the articles where ``draw`` takes whole articles; None draws all.
    ``stratify`` names a field of sentences or articles whose values share the sample in proportion
    to their sentences.

    ``annotators`` are pseudonyms of the project's roster; none means all people. ``overlap`` of
    them judge every item, None means all, and all of them judge ``calibration`` items nevertheless.
    Each judges ``repeats`` items a second time, and every item whose answer is in the file
    ``gold``. ``blindness`` says who can see whose work.
    """

    purpose: Purpose = "production"
    annotators: tuple[str, ...] = ()
    sample: int | None = None
    seed: int = 0
    among: Among = "new"
    draw: Draw = "random"
    stratify: str | None = None
    items: Path | None = None
    overlap: int | None = None
    calibration: int = 0
    repeats: int = 0
    gold: Path | None = None
    blindness: Blindness = "separated"


class RoundInputs(msgspec.Struct, frozen=True, kw_only=True):
    """What a round is made of besides its request and its sentences, as the project's files say.

    ``listed`` are the ids in the request's file of ``items``, ``gold`` the answers in its file of
    known answers. ``config`` and ``guidelines`` are what annotators work with.
    """

    round_id: str
    ordinal: int
    roster: tuple[Annotator, ...]
    listed: tuple[str, ...] | None = None
    gold: tuple[Gold, ...] = ()
    config: bytes
    guidelines: bytes


def request_problems(request: RoundRequest, inputs: RoundInputs) -> Iterator[Problem]:
    """Yield what is wrong with a request, whatever the sentences are."""
    round_id = inputs.round_id
    names = [annotator.annotator for annotator in inputs.roster]
    if not names or len(set(names)) < len(names):
        found = f"the roster is {', '.join(names) or 'empty'}"
        fix = "name each annotator once: --annotator NAME, or list them in [tool.sikap.annotators]"
        yield Problem(code="round-roster", id=round_id, found=found, fix=fix)
    # A round of gold items alone draws no sentence.
    least = 0 if inputs.gold else 1
    if (request.sample is not None and request.sample < least) or request.seed < 0:
        found = f"the sample is {request.sample}, the seed {request.seed}"
        yield design_problem(round_id, found, "draw at least one sentence, with a seed from 0")
    if min(request.calibration, request.repeats) < 0:
        found = f"{request.calibration} items are for calibration, {request.repeats} are repeats"
        yield design_problem(round_id, found, "ask for none or more")
    if request.overlap is not None and names:
        yield from _overlap_problems(request, request.overlap, inputs)
    if request.draw == "least-covered" and request.among == "new":
        found = "the least covered are drawn among new sentences, which nobody has had"
        yield design_problem(round_id, found, "draw them with --among all or --among open")
    if request.stratify is not None and request.draw != "random":
        found = f"the draw is by {request.draw} and in proportion to {request.stratify}"
        yield design_problem(round_id, found, "leave out --draw or --stratify")


def _overlap_problems(
    request: RoundRequest, overlap: int, inputs: RoundInputs
) -> Iterator[Problem]:
    annotators = len(inputs.roster)
    if not 1 <= overlap <= annotators:
        found = f"the overlap is {overlap}, with {annotators} annotators"
        fix = f"let 1 to {annotators} of them judge every item"
        yield design_problem(inputs.round_id, found, fix)
    elif overlap < annotators and request.blindness == "shared":
        found = f"the overlap is {overlap} of {annotators}, but all annotate in one project"
        fix = "plan it with --blindness separated or isolated: only then each gets their own items"
        yield design_problem(inputs.round_id, found, fix)


def design_problem(round_id: str, found: str, fix: str) -> Problem:
    """The problem of a round that cannot be planned as requested (``round-design``)."""
    return Problem(code="round-design", id=round_id, found=found, fix=fix)


def private_problems(inputs: RoundInputs, private: frozenset[str]) -> Iterator[Problem]:
    """Yield every sentence that the request names by its id and that no annotator may see."""
    fix = 'leave it out, or set private = "keep" in pyproject.toml'
    found = "data of a private person stand in it or beside it"
    named = (*(inputs.listed or ()), *(answer.sentence_id for answer in inputs.gold))
    for id_ in dict.fromkeys(named):
        if id_ in private:
            yield Problem(code="round-items", id=id_, found=found, fix=fix)


def listed_problems(
    inputs: RoundInputs, among: Among, body: set[str], done: frozenset[str]
) -> Iterator[Problem]:
    """Yield every id of the list that cannot be among the sentences to choose from."""
    listed = Counter(inputs.listed or ())
    gold = {answer.sentence_id for answer in inputs.gold}
    fix = "correct the list, one sentence_id of sentences.jsonl a line"
    for wrong, found, mend in (
        ([one for one in listed if one not in body], "no body sentence has such an id", fix),
        ([one for one, times in listed.items() if times > 1], "it stands twice", fix),
        (
            [one for one in listed if one in done & body],
            f"it is not among those that are {among}",
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
