"""One annotation of an export to a record, or to all that keeps it from being one."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from sikap.errors import Problem
from sikap.label_studio.wire.exports import names_of
from sikap.label_studio.wire.offsets import ResultError
from sikap.label_studio.wire.results import Reading, Remark, Said
from sikap.records import Annotation, Item, Note, Round, Span

JSON = Mapping[str, Any]
PREDICTED = {"prediction", "prediction-changed"}


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One good annotation with its notes, whether it was copied, and whether it was predicted."""

    annotation: Annotation
    notes: tuple[Note, ...]
    copied: bool
    predicted: bool


def annotation_id(task: JSON, raw: object) -> tuple[str, ...]:
    """The id of an annotation: those of its project and its own; none for what is no mapping.

    Servers of isolated rounds count their projects each from 1, so there that of the server leads.
    """
    server = f"{task['server']}." if task.get("server") else ""
    project = f"{server}{task.get('project', 0)}"
    return (f"{project}-{raw.get('id')}",) if isinstance(raw, dict) else ()


class Reader:
    """Reads single annotations of one round."""

    def __init__(self, reading: Reading, manifest: Round, users: Mapping[str, str]) -> None:
        self.reading = reading
        self.scheme = reading.scheme
        self.manifest = manifest
        self.users = users
        self.projects = {one.project_id: one.annotator for one in manifest.projects}

    def owner(self, task: JSON) -> str | None:
        """Whose project a task is of; None where it is everybody's, or nobody can know.

        What was pulled says so itself; an export that somebody downloaded tells by the project,
        but not where each server counts its own.
        """
        own = task.get("owner")
        if isinstance(own, str) or self.manifest.design.blindness == "isolated":
            return own
        number = task.get("project")
        return self.projects.get(number) if isinstance(number, int) else None

    def annotation(self, raw: JSON, task: JSON, item: Item) -> Found | list[Problem]:
        """What one exported annotation says, or all that keeps it from being a record."""
        name = f"annotation {raw.get('id')} of item {item.item_id}"
        user = names_of(raw.get("completed_by"))
        annotator = next((self.users[key] for key in user if key in self.users), None)
        if annotator is None:
            # Servers of isolated rounds count their users each from 1: there the server leads.
            return [_nobody(name, user, f"{self.owner(task)}/" if task.get("server") else "")]
        owner = self.owner(task)
        if owner not in {None, annotator}:
            found = f"it is by {annotator}, in the project of {owner}"
            fix = f"{annotator} strayed there, or {owner} was logged in as {annotator}; delete it "
            fix += f"in Label Studio, which else does not show {owner} the task, and pull again"
            return [Problem(code="foreign-annotation", id=name, found=found, fix=fix)]
        if annotator not in item.annotators:
            found = f"it is by {annotator}, whom the round did not give the item"
            fix = "delete its task in Label Studio: it was added by hand"
            return [Problem(code="foreign-annotation", id=name, found=found, fix=fix)]
        skipped, results = bool(raw.get("was_cancelled")), raw.get("result") or ()
        try:
            said = self.reading.read(results, item.text) if not skipped else self._skipped(results)
        except ResultError as error:
            return [msgspec.structs.replace(error.problem, id=name)]
        spans = _spans(said)
        if not skipped:
            problems = list(self.scheme.problems(spans, said.choices, len(item.text)))
            if problems:
                return [msgspec.structs.replace(problem, id=name) for problem in problems]
        seconds = raw.get("lead_time")
        record = Annotation(
            annotation_id=next(iter(annotation_id(task, raw))),
            item_id=item.item_id,
            round_id=self.manifest.round_id,
            sentence_id=item.sentence_id,
            annotator=annotator,
            status="skipped" if skipped else "submitted",
            spans=spans,
            choices=said.choices,
            seconds=round(float(seconds), 3) if seconds is not None else None,
            created_at=raw.get("created_at"),
        )
        return Found(
            annotation=record,
            notes=tuple(_note(record, remark) for remark in said.remarks),
            copied=bool(raw.get("parent_annotation")),
            predicted=bool(raw.get("parent_prediction"))
            or any(result.get("origin") in PREDICTED for result in results),
        )

    def _skipped(self, results: Iterable[JSON]) -> Said:
        """What was marked before an item was skipped does not count; why it was skipped does."""
        return Said(remarks=self.reading.remarks(results))


def _spans(said: Said) -> tuple[Span, ...]:
    spans = [
        Span(start=start, end=end, label=label, attributes=attributes)
        for (start, end, label), attributes in said.regions
    ]
    spans.sort(key=lambda span: span.order)
    return tuple(spans)


def _note(of: Annotation, remark: Remark) -> Note:
    return Note(
        annotation_id=of.annotation_id,
        item_id=of.item_id,
        sentence_id=of.sentence_id,
        annotator=of.annotator,
        control=remark.control,
        values=remark.values,
        start=remark.start,
        end=remark.end,
    )


def _nobody(name: str, user: Iterable[str], server: str) -> Problem:
    # An address must not reach a report: users are named by number.
    who = next((key for key in user if "@" not in key), "")
    if who != who.strip():  # what was pulled has pseudonyms for users
        who = who.strip()
        found = f"it is by {who}, who is not on the roster of the round"
        fix = "delete it in Label Studio, or plan a round with them"
    else:
        found = f"Label Studio user {server}{who or 'without a number'} is linked to no annotator "
        found += "of the round"
        fix = f"say who it is, 'sikap annotators link NAME {server}{who or 'USER'}', and pull "
        fix += "again; or delete it in Label Studio"
    return Problem(code="unknown-annotator", id=name, found=found, fix=fix)
