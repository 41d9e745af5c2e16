"""Plan the round that decides what the annotators of another saw differently."""

import contextlib
from collections import Counter
from collections.abc import Iterator, Sequence

from sikap.errors import InputError, Problem, raise_if
from sikap.project import Project
from sikap.records import FIRST, Annotator, Blindness
from sikap.rounds.adjudication.disagreements import Compared, Disputed, compare
from sikap.rounds.adjudication.plan import FollowUp, What, adjudication_round, decided, unsettled
from sikap.rounds.withdrawal import withdrawn
from sikap.steps.project_files import (
    CONFIG,
    GUIDELINES,
    VERSIONS,
    RoundFiles,
    read_remaining,
    read_round,
    read_tombstones,
)
from sikap.steps.report import Report
from sikap.steps.rounds.frozen_inputs import inputs_of
from sikap.steps.rounds.plan_files import (
    ordinal_after,
    raise_if_otherwise,
    roster_of,
    rounds_before,
    write_plan,
)
from sikap.steps.rounds.reanchored import CurrentRounds, load_rounds
from sikap.steps.rounds.settle import wrong_annotations
from sikap.storage.files import encode_lines, lock, sha256


class AdjudicateReport(Report, frozen=True, kw_only=True):
    """What was planned to be decided, and what of the round before was left out.

    ``kinds`` counts items by each kind of disagreement that they have. Of the items left out
    ``agreed`` are those on which all agree, ``alone`` and ``unjudged`` those that one or nobody
    judged, ``settled`` those that the majority settled, ``decided`` those that an adjudication
    round has decided, and ``lost`` those of which no sentence is surely theirs any more (see
    ``reanchor``). ``pending`` items stand in an adjudication round that has not decided them.
    ``awaited`` judgements of the round before have not been pulled. ``saw`` are adjudicators who
    annotated the round and can tell their own version.
    """

    round_id: str
    of: str
    items: int
    annotators: tuple[str, ...]
    kinds: dict[str, int]
    agreed: int
    alone: int
    unjudged: int
    settled: int
    decided: int
    lost: int
    pending: int
    awaited: int
    saw: tuple[str, ...]
    changed: bool
    dry_run: bool

    def lines(self) -> Iterator[str]:
        """Yield what is in the round, what is not, and the next step."""
        names = ", ".join(self.annotators)
        state = "planned" if self.changed else "was planned before, nothing changed"
        state = "nothing written, as it is a dry run" if self.dry_run else state
        yield f"round {self.round_id}: {self.items} items of {self.of} for {names}; {state}"
        yield "items by disagreement: " + ", ".join(f"{n} {k}" for k, n in self.kinds.items())
        yield (
            f"left out: {self.agreed} on which all agree, {self.alone} judged by one, "
            f"{self.unjudged} by nobody, {self.settled} settled by majority, "
            f"{self.decided} decided before"
        )
        if self.lost:
            yield f"{self.lost} are left out as their sentences are gone: see dataset/anchors.jsonl"
        if self.pending:
            yield f"{self.pending} are in an adjudication round already that has not decided them"
        if self.awaited:
            yield f"{self.awaited} judgements of {self.of} are not in yet: better pull them first"
        for name in self.saw:
            yield f"{name} annotated {self.of} too and will know one of the versions"
        if not self.dry_run:
            yield f"next: sikap round push {self.round_id}"


def adjudicate_round(  # noqa: PLR0913 -- one for each option
    project: Project,
    round_id: str,
    new: str,
    *,
    annotators: Sequence[str],
    what: What = "all",
    seed: int = 0,
    blindness: Blindness = "separated",
    dry_run: bool = False,
) -> AdjudicateReport:
    """Plan the round ``new`` over what the annotators of the round ``round_id`` see differently.

    ``what`` takes all disagreements or those that the majority leaves ``open``. What an
    adjudication round before ``new`` has decided is left out. Raises InputError where nothing is
    left, the labelling config is not that of the round, or ``new`` was planned otherwise.
    """
    if new == round_id:
        found, fix = "a round cannot decide its own disagreements", "name another round to plan"
        raise InputError(Problem(code="round-id", id=new, found=found, fix=fix))
    project = project.snapshot()
    # A dry run takes no lock, which would be a file; what it reads is replaced whole or not at all.
    with contextlib.nullcontext() if dry_run else lock(project.lock):
        files = read_round(project, round_id)
        config, guidelines = inputs_of(project, files, guidelines=False)
        before, old = rounds_before(project, new)
        gone = withdrawn(read_tombstones(project))
        files = read_remaining(project, round_id)
        # Ids as they are now tell what was decided: of two equal sentences one inherits an id.
        now = load_rounds(project, before)
        raise_if(now.problems)
        raise_if(wrong_annotations([files, *now.frozen], project.scheme()))
        compared, chosen, left = _chosen(project, files, now, what)
        follow_up = FollowUp(
            round_id=new,
            ordinal=ordinal_after(before, old),
            purpose="adjudication",
            roster=deciding_roster(project, new, annotators, gone.annotators),
            seed=seed,
            blindness=blindness,
            sampling=f"{'open ' * (what == 'open')}disagreements of {round_id}",
        )
        digests = files.manifest.digests.config, sha256(guidelines)
        manifest, items, versions = adjudication_round(follow_up, chosen, *digests)
        inputs = {CONFIG: config.encode(), GUIDELINES: guidelines.encode()}
        inputs[VERSIONS] = encode_lines(versions)
        raise_if_otherwise(manifest, old)
        changed = old is None and not dry_run
        if changed:
            write_plan(project, manifest, items, inputs)
    names = tuple(entry.annotator for entry in follow_up.roster)
    said = {one.annotator for one in files.annotations}
    return AdjudicateReport(
        round_id=new,
        of=round_id,
        items=len(items),
        annotators=names,
        kinds=kinds_of(chosen),
        agreed=compared.agreed,
        alone=compared.alone,
        unjudged=compared.unjudged,
        settled=left["settled"],
        decided=left["decided"],
        lost=left["lost"],
        pending=_pending(now, chosen),
        awaited=_awaited(files),
        saw=tuple(name for name in names if name in said),
        changed=changed,
        dry_run=dry_run,
    )


def _awaited(files: RoundFiles) -> int:
    """How many first judgements of a round, skips among them, have not come back."""
    first = {item.item_id: item.annotators for item in files.items if item.pass_ == FIRST}
    came = sum(one.annotator in first.get(one.item_id, ()) for one in files.annotations)
    return sum(map(len, first.values())) - came


def _pending(now: CurrentRounds, chosen: Sequence[Disputed]) -> int:
    """How many items stand in an adjudication round already, which has not decided them."""
    there = {
        item.sentence_id
        for files in now.rounds
        if files.manifest.purpose == "adjudication"
        for item in files.items
    }
    return sum(now.sentence_of(one.item) in there for one in chosen)


def kinds_of(disputed: Sequence[Disputed]) -> dict[str, int]:
    """How many items have each kind of disagreement, the most frequent first."""
    counts = Counter(
        what for one in disputed for what in dict.fromkeys(d.what for d in one.disagreements)
    )
    return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))


def deciding_roster(
    project: Project, new: str, names: Sequence[str], gone: frozenset[str]
) -> tuple[Annotator, ...]:
    """The annotators who were named, each once; raises InputError where there is none."""
    if not names or len(set(names)) < len(names):
        found, fix = f"the roster is {', '.join(names) or 'empty'}", "name each: --annotator NAME"
        raise InputError(Problem(code="round-roster", id=new, found=found, fix=fix))
    return roster_of(project, names, gone)


def _chosen(
    project: Project, files: RoundFiles, now: CurrentRounds, what: What
) -> tuple[Compared, list[Disputed], Counter[str]]:
    """What annotators disagree on, what of it is to be decided, and how much of it is not.

    ``now`` are the rounds before, as they follow their sentences.
    """
    scheme = project.scheme()
    done = decided(
        [one.manifest for one in now.rounds],
        [item for one in now.rounds for item in one.items],
        [said for one in now.rounds for said in one.annotations],
        scheme,
    )
    compared = compare(files.items, files.annotations, scheme)
    wanted = {one.item.sentence_id for one in compared.disputed}
    if what == "open":
        wanted &= unsettled(files.manifest, files.items, files.annotations, scheme)
    chosen, left = [], Counter[str]()
    for one in compared.disputed:
        sentence = now.sentence_of(one.item)
        if sentence is None:
            left["lost"] += 1
        elif sentence in done:
            left["decided"] += 1
        elif one.item.sentence_id in wanted:
            chosen.append(one)
        else:
            left["settled"] += 1
    return compared, chosen, left
