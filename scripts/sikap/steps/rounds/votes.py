"""Hand votes over to an aggregation model, and take its answers back as an annotator's work."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.project import Project
from sikap.records import Annotation, Annotator, Item, Round, Version
from sikap.rounds.adjudication.aggregated import aggregated
from sikap.rounds.adjudication.plan import FollowUp, follow_up_items, follow_up_round
from sikap.rounds.adjudication.votes import VOTES_OF, read_csv, submitted, table, to_csv
from sikap.rounds.withdrawal import recounted, withdrawn
from sikap.steps.project_files import (
    CONFIG,
    GOLD,
    ITEMS,
    VERSIONS,
    RoundFiles,
    read_remaining,
    read_round,
    read_tombstones,
)
from sikap.steps.report import Report, from_here
from sikap.steps.rounds.frozen_inputs import inputs_of
from sikap.steps.rounds.plan_files import ordinal_after, roster_of, rounds_before, write_manifest
from sikap.steps.rounds.settle import wrong_annotations
from sikap.storage.files import decode_text, encode_lines, lock, read_bytes, write_bytes

Purpose = Literal["calibration", "adjudication"]


class VotesReport(Report, frozen=True, kw_only=True):
    """How many votes were written; ``several`` mentions have none on their attributes."""

    round_id: str
    file: str
    tasks: int
    votes: int
    several: int
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield one line, and one on what is left out."""
        yield f"round {self.round_id}: {self.votes} votes on {self.tasks} tasks in {self.file}"
        if self.several:
            yield (
                f"{self.several} mentions were marked for several holders: "
                "no votes on their attributes"
            )


class ImportReport(Report, frozen=True, kw_only=True):
    """What became of the answers; problems are the items that were set aside."""

    round_id: str
    of: str
    annotator: str
    purpose: Purpose
    items: int
    annotations: int
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield what was made, and whether it decides."""
        state = "" if self.changed else "; was imported before, nothing changed"
        yield (
            f"round {self.round_id}: {self.annotations} annotations by {self.annotator} on "
            f"{self.items} items of {self.of}, {self.items - self.annotations} set aside{state}"
        )
        if self.purpose == "adjudication":
            yield "it decides: the next settle takes these labels"


def export_votes(
    project: Project, round_id: str, output: Path, control: str | None = None
) -> VotesReport:
    """Write the votes of a round as CSV: on all controls, or on one.

    Raises InputError where nobody has judged anything, or there is no such control.
    """
    project = project.snapshot()
    files = read_remaining(project, round_id)
    scheme = project.scheme()
    raise_if(wrong_annotations([files], scheme))
    votes, several = table(files.items, files.annotations, scheme, control)
    if not votes:
        raise InputError(_nothing(round_id))
    changed = write_bytes(output, to_csv(votes))
    return VotesReport(
        round_id=round_id,
        file=from_here(output),
        tasks=len({vote.task for vote in votes}),
        votes=len(votes),
        several=several,
        changed=changed,
    )


def import_votes(
    project: Project,
    new: str,
    tables: Sequence[Path],
    *,
    of: str,
    annotator: str,
    purpose: Purpose = "calibration",
) -> ImportReport:
    """Make the round ``new`` of an aggregation model's answers to the votes of the round ``of``.

    ``tables`` are CSV files. ``annotator`` must be of the kind model. As calibration the round
    decides nothing; as adjudication it decides every sentence that it has an annotation of. Raises
    InputError, and writes nothing, where a table cannot be used or the round is there otherwise.
    """
    project = project.snapshot()
    with lock(project.lock):
        files = read_round(project, of)
        config, _ = inputs_of(project, files, guidelines=False)
        before, old = rounds_before(project, new)
        left = read_remaining(project, of)
        scheme = project.scheme()
        raise_if(wrong_annotations([left], scheme))
        raise_if(_cannot_decide(new, left.manifest, purpose))
        roster = _model(project, new, annotator)
        follow_up = _follow_up(new, ordinal_after(before, old), purpose, roster, of)
        said, problems = _answered(left, tables, project)
        manifest, items, annotations = _round(follow_up, left, said)
        manifest = _pulled(manifest, problems)
        given = {
            ITEMS: encode_lines(items),
            **files.copies,
            CONFIG: config.encode(),
            "rejects.jsonl": encode_lines(problems),
            "annotations.jsonl": encode_lines(annotations),
        }
        changed = _write(project, manifest, annotations, given, old)
    return ImportReport(
        round_id=new,
        of=of,
        annotator=annotator,
        purpose=purpose,
        items=len(items),
        annotations=len(annotations),
        changed=changed,
        problems=tuple(problems),
    )


def _follow_up(
    new: str, ordinal: int, purpose: Purpose, roster: tuple[Annotator, ...], of: str
) -> FollowUp:
    return FollowUp(
        round_id=new,
        ordinal=ordinal,
        purpose=purpose,
        roster=roster,
        seed=0,
        # Its one annotator was given what all the others said.
        blindness="shared",
        sampling=f"{VOTES_OF}{of}",
    )


def _pulled(manifest: Round, problems: Sequence[Problem]) -> Round:
    """The manifest of a round whose annotations are there, but for the items of ``problems``."""
    rejected = len({problem.id for problem in problems})
    counts = msgspec.structs.replace(manifest.counts, rejected=rejected)
    return msgspec.structs.replace(manifest, state="pulled", counts=counts)


def _round(
    follow_up: FollowUp, files: RoundFiles, said: Mapping[str, Version]
) -> tuple[Round, list[Item], list[Annotation]]:
    """The round of what was made of each item; raises InputError where nobody judged any."""
    judged = [item for item, _ in submitted(files.items, files.annotations)]
    if not judged:
        raise InputError(_nothing(files.manifest.round_id))
    items = follow_up_items(follow_up, judged)
    (annotator,) = follow_up.roster
    annotations = [
        _annotation(item, annotator.annotator, said[voted.item_id])
        for voted, item in zip(judged, items, strict=True)
        if voted.item_id in said
    ]
    digests = files.manifest.digests
    planned = follow_up_round(follow_up, items, digests.config, digests.guidelines)
    return recounted(planned, len(items), annotations), items, annotations


def _annotation(item: Item, annotator: str, said: Version) -> Annotation:
    return Annotation(
        annotation_id=f"votes-{item.item_id}",
        item_id=item.item_id,
        round_id=item.round_id,
        sentence_id=item.sentence_id,
        annotator=annotator,
        status="submitted",
        spans=said.spans,
        choices=said.choices,
    )


def _answered(
    files: RoundFiles, tables: Sequence[Path], project: Project
) -> tuple[dict[str, Version], list[Problem]]:
    """What the answers in all tables make of the items of a round."""
    answers: dict[str, str] = {}
    for path in tables:
        name = from_here(path)
        text = decode_text(read_bytes(path, name, "name an existing table"), name)
        one = read_csv(text.removeprefix("\ufeff"), name)
        raise_if(
            Problem(
                code="votes",
                file=name,
                id=task,
                found="another table answers the task too",
                fix="import one answer to each task",
            )
            for task in one
            if task in answers
        )
        answers |= one
    file = ", ".join(map(from_here, tables))
    return aggregated(files.items, files.annotations, answers, project.scheme(), file)


def _model(project: Project, new: str, name: str) -> tuple[Annotator, ...]:
    roster = roster_of(project, [name], withdrawn(read_tombstones(project)).annotators)
    if roster[0].kind != "model":
        found = f"{name} is of the kind {roster[0].kind}, but these are a model's answers"
        fix = 'name an annotator with kind = "model" in [tool.sikap.annotators]'
        raise InputError(Problem(code="round-roster", id=new, found=found, fix=fix))
    return roster


def _cannot_decide(new: str, of: Round, purpose: Purpose) -> Iterator[Problem]:
    """Yield why a round that is to decide nothing would: the later of two calibrations does."""
    if purpose == "calibration" == of.purpose:
        found = f"{of.round_id} is a calibration round, so a later one would decide its sentences"
        fix = "say so with --purpose adjudication, or leave the answers outside the project"
        yield Problem(code="round-design", id=new, found=found, fix=fix)


def _write(
    project: Project,
    manifest: Round,
    annotations: Sequence[Annotation],
    given: dict[str, bytes],
    old: RoundFiles | None,
) -> bool:
    """Write the folder of the round, its manifest last; False where it was just so."""
    folder = project.round(manifest.round_id)
    if old is not None:
        if old.manifest != manifest or old.annotations != tuple(annotations):
            found = "it is there, with other answers or of another round"
            fix = "choose another id, or delete its folder if it is in no release"
            id_ = manifest.round_id
            raise InputError(Problem(code="round-exists", id=id_, found=found, fix=fix))
        return False
    for name in {GOLD, VERSIONS} - given.keys():  # a plan that was killed left them
        (folder / name).unlink(missing_ok=True)
    for name, data in given.items():
        write_bytes(folder / name, data)
    return write_manifest(project, manifest)


def _nothing(round_id: str) -> Problem:
    found, fix = "nobody has judged anything in it", "pull the round first"
    return Problem(code="round-empty", id=round_id, found=found, fix=fix)
