"""Plan a round: read what it is made of, fix it in the round's folder, say what it comes to."""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import fmean, median

import msgspec

from sikap.errors import raise_if
from sikap.labelling_config.hotkeys_and_colours import hotkeys, key_problems
from sikap.project import Project
from sikap.records import FIRST, Gold, Item, Round, Sentence
from sikap.rounds.planning.assign import loads, pairs
from sikap.rounds.planning.gold import read_gold
from sikap.rounds.planning.plan import design_round
from sikap.rounds.planning.request import RoundInputs, RoundRequest
from sikap.rounds.withdrawal import withdrawn
from sikap.steps.project_files import (
    CONFIG,
    GOLD,
    GUIDELINES,
    RoundFiles,
    read_sentences,
    read_tombstones,
)
from sikap.steps.report import Report
from sikap.steps.rounds.plan_files import (
    ordinal_after,
    raise_if_otherwise,
    roster_of,
    rounds_before,
    write_plan,
)
from sikap.steps.rounds.reanchored import load_rounds
from sikap.steps.rounds.sampling_frame import build_sampling_frame
from sikap.storage.files import decode_text, encode_lines, lock, read_bytes


class Pairs(msgspec.Struct, frozen=True, kw_only=True):
    """How many items two annotators share: the fewest, the mean and the most over all pairs."""

    least: int
    mean: float
    most: int


class PlanReport(Report, frozen=True, kw_only=True):
    """What was planned; ``changed`` is False where the same round was planned before.

    ``loads`` says how many items each annotator gets, repeats and gold among them; ``pairs`` how
    many first judgements two of them share, null where there is one annotator; ``hours`` what that
    takes each at the median pace of earlier rounds, null where none is known. Problems are warnings
    of labels and values that have no key of their own.
    """

    round_id: str
    items: int
    annotators: tuple[str, ...]
    changed: bool
    dry_run: bool
    sampling: str
    loads: dict[str, int]
    pairs: Pairs | None
    hours: dict[str, float | None]

    def lines(self) -> Iterator[str]:
        """Yield one line on the round and one on the next step; of a dry run what it comes to."""
        state = "planned" if self.changed else "was planned before, nothing changed"
        if self.dry_run:
            state = "a dry run, nothing was written"
        yield f"round {self.round_id}: {self.items} items for {', '.join(self.annotators)}; {state}"
        yield f"drawn: {self.sampling}"
        if not self.dry_run:
            yield f"next: sikap round push {self.round_id}"
            return
        if self.pairs and self.pairs.most:
            few, mean, most = self.pairs.least, self.pairs.mean, self.pairs.most
            some = (
                f"{few} items" if few == most else f"{few} to {most} items, {mean:.1f} in the mean"
            )
            yield f"every two annotators share {some}"
        for name, load in self.loads.items():
            hours = self.hours[name]
            yield f"{name}: {load} items, {_duration(hours)}"


def _duration(hours: float | None) -> str:
    if hours is None:
        return "hours unknown"
    return f"about {hours:.1f} hours" if hours >= 1 else f"about {max(1, round(hours * 60))} min"


def plan_round(
    project: Project, round_id: str, request: RoundRequest | None = None, *, dry_run: bool = False
) -> PlanReport:
    """Plan a round over the body sentences that are new to rounds, all, or those that are open.

    A dry run writes nothing. Raises InputError where the round exists otherwise or cannot be
    planned.
    """
    request, project = request or RoundRequest(), project.snapshot()
    # A dry run takes no lock, which would be a file; what it reads is replaced whole or not at all.
    with contextlib.nullcontext() if dry_run else lock(project.lock):
        earlier, old = rounds_before(project, round_id)
        ordinal = ordinal_after(earlier, old)
        gone = withdrawn(read_tombstones(project))
        config, guidelines = _read_annotator_files(project)
        sentences = [one for one in read_sentences(project) if one.article_id not in gone.articles]
        current = load_rounds(project, earlier)
        raise_if(current.problems)
        earlier = current.rounds
        inputs = RoundInputs(
            round_id=round_id,
            ordinal=ordinal,
            roster=roster_of(project, request.annotators, gone.annotators),
            listed=_read_listed_ids(request.items),
            gold=_read_gold(project, request.gold, sentences),
            config=config,
            guidelines=guidelines,
        )
        frame = build_sampling_frame(project, request, earlier, sentences)
        manifest, items = design_round(request, inputs, frame)
        raise_if_otherwise(manifest, old)
        if old is None and not dry_run:
            files = {CONFIG: config, GUIDELINES: guidelines}
            files |= {GOLD: encode_lines(inputs.gold)} if inputs.gold else {}
            write_plan(project, manifest, items, files)
    report = _report(manifest, items, earlier, changed=old is None, dry_run=dry_run)
    file = project.name(project.config)
    problems = tuple(key_problems(hotkeys(config, file), file))
    return msgspec.structs.replace(report, problems=problems)


def _report(
    manifest: Round,
    items: Sequence[Item],
    earlier: Iterable[RoundFiles],
    *,
    changed: bool,
    dry_run: bool,
) -> PlanReport:
    names = tuple(annotator.annotator for annotator in manifest.roster)
    load = loads((item.annotators for item in items), names)
    shared = pairs((i.annotators for i in items if i.pass_ == FIRST), names).values()
    seconds = [
        annotation.seconds
        for files in earlier
        for annotation in files.annotations
        if annotation.status == "submitted" and annotation.seconds is not None
    ]
    pace = median(seconds) / 3600 if seconds else None
    return PlanReport(
        round_id=manifest.round_id,
        items=len(items),
        annotators=names,
        changed=changed,
        dry_run=dry_run,
        sampling=manifest.design.sampling,
        loads=load,
        pairs=Pairs(least=min(shared), mean=fmean(shared), most=max(shared)) if shared else None,
        hours={name: None if pace is None else load[name] * pace for name in names},
    )


def _read_annotator_files(project: Project) -> tuple[bytes, bytes]:
    """Config and guidelines; raises InputError for those that could not be used later on."""
    project.scheme()
    config = project.read_input(project.config, fix="write it")
    fix = "write them first: annotators see them"
    guidelines = project.read_input(project.guidelines, fix=fix)
    decode_text(guidelines, project.name(project.guidelines))
    return config, guidelines


def _read_listed_ids(path: Path | None) -> tuple[str, ...] | None:
    if path is None:
        return None
    data = read_bytes(path, str(path), "name an existing file of sentence ids")
    lines = decode_text(data, str(path)).splitlines()
    return tuple(line.strip() for line in lines if line.strip())


def _read_gold(
    project: Project, path: Path | None, sentences: Sequence[Sentence]
) -> tuple[Gold, ...]:
    if path is None:
        return ()
    data = read_bytes(path, str(path), "name an existing file of known answers")
    return read_gold(data, str(path), sentences, project.scheme())
