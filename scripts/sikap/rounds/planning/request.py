"""What a lead asks of a round, and why it may not be had."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal

import msgspec

from sikap.errors import Problem
from sikap.records import Annotator, Blindness, Gold, Purpose
from sikap.rounds.planning.sample import Draw

Among = Literal["new", "all", "open"]


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


def wish_problems(wish: Wish) -> Iterator[Problem]:
    """Yield what is wrong with a wish, whatever sentences there are."""
    names = [annotator.annotator for annotator in wish.roster]
    if not names or len(set(names)) < len(names):
        found = f"the roster is {', '.join(names) or 'empty'}"
        fix = "name each annotator once: --annotator NAME, or list them in [tool.sikap.annotators]"
        yield Problem(code="round-roster", id=wish.round_id, found=found, fix=fix)
    # A round of gold items alone draws no sentence.
    least = 0 if wish.gold else 1
    if (wish.sample is not None and wish.sample < least) or wish.seed < 0:
        found = f"the sample is {wish.sample}, the seed {wish.seed}"
        yield ungranted(wish, found, "draw at least one sentence, with a seed from 0")
    if min(wish.calibration, wish.repeats) < 0:
        found = f"{wish.calibration} items are for calibration, {wish.repeats} are repeats"
        yield ungranted(wish, found, "ask for none or more")
    if wish.overlap is not None and names:
        yield from _overlap_problems(wish, wish.overlap, len(names))
    if wish.draw == "least-covered" and wish.among == "new":
        found = "the least covered are drawn among new sentences, which nobody has had"
        yield ungranted(wish, found, "draw them with --among all or --among open")
    if wish.stratify is not None and wish.draw != "random":
        found = f"the draw is by {wish.draw} and in proportion to {wish.stratify}"
        yield ungranted(wish, found, "leave out --draw or --stratify")


def _overlap_problems(wish: Wish, overlap: int, annotators: int) -> Iterator[Problem]:
    if not 1 <= overlap <= annotators:
        found = f"the overlap is {overlap}, with {annotators} annotators"
        yield ungranted(wish, found, f"let 1 to {annotators} of them judge every item")
    elif overlap < annotators and wish.blindness == "shared":
        found = f"the overlap is {overlap} of {annotators}, but all annotate in one project"
        fix = "plan it with --blindness separated or isolated: only then each gets their own items"
        yield ungranted(wish, found, fix)


def ungranted(wish: Wish, found: str, fix: str) -> Problem:
    """A wish that cannot be granted (``round-design``)."""
    return Problem(code="round-design", id=wish.round_id, found=found, fix=fix)


def private_problems(wish: Wish, private: frozenset[str]) -> Iterator[Problem]:
    """Yield every sentence that was asked for by its id and that no annotator may see."""
    fix = 'leave it out, or set private = "keep" in pyproject.toml'
    found = "data of a private person stand in it or beside it"
    asked = (*(wish.listed or ()), *(answer.sentence_id for answer in wish.gold))
    for id_ in dict.fromkeys(asked):
        if id_ in private:
            yield Problem(code="round-items", id=id_, found=found, fix=fix)


def listed_problems(
    wish: Wish, body: set[str], done: frozenset[str], gold: set[str]
) -> Iterator[Problem]:
    """Yield every id of the list that cannot be among the sentences to choose from."""
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
