"""Annotations out of the answers of an aggregation model to the votes of a round.

What the answers do not speak of is what more than half of the votes say. Where neither decides,
or what they decide does not fit together, the item is set aside with a reason.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from sikap.errors import Problem, raise_if
from sikap.labelling_config.scheme import Control, Scheme
from sikap.records import Annotation, Item, Span, Version
from sikap.rounds.adjudication.disagreements import Mention, version
from sikap.rounds.adjudication.votes import (
    NO,
    YES,
    Ballot,
    Values,
    applies,
    ballot_of,
    majority,
    read_label,
    submitted,
    task_name,
)

FIX = "give an answer to it in the table, or leave the item without one"


class Undecided(Exception):  # noqa: N818 -- no error of the program: the item is set aside
    """Neither an answer nor a majority says what a task is; carries what is open."""


def aggregated(
    items: Iterable[Item],
    said: Iterable[Annotation],
    answers: Mapping[str, str],
    scheme: Scheme,
    file: str,
) -> tuple[dict[str, Version], list[Problem]]:
    """What the answers make of each item that was judged, by item id, and a problem for the rest.

    Raises InputError where an answer is to no task of these items, or none that the task can have.
    """
    judged = [(item, of, ballot_of(item, of, scheme)) for item, of in submitted(items, said)]
    raise_if(_wrong_answers((ballot for _, _, ballot in judged), answers, scheme, file))
    found: dict[str, Version] = {}
    problems: list[Problem] = []
    for item, of, ballot in judged:
        name = f"item {item.item_id}"
        try:
            one = _Item(item, of, ballot, answers, scheme)
            spans, choices = tuple(one.spans()), one.choices()
        except Undecided as open_:
            problems.append(Problem(code="open", id=name, found=str(open_), fix=FIX))
            continue
        wrong = list(scheme.problems(spans, choices, len(item.text)))
        problems.extend(msgspec.structs.replace(problem, id=name) for problem in wrong)
        if not wrong:
            found[item.item_id] = version(spans, choices, scheme)
    return found, problems


def _wrong_answers(
    ballots: Iterable[Ballot], answers: Mapping[str, str], scheme: Scheme, file: str
) -> Iterator[Problem]:
    known = {task for ballot in ballots for task in ballot.votes}
    controls = {control.name: control for control in scheme.controls}
    for task, label in answers.items():
        if task not in known:
            fix = "aggregate the table that 'sikap round votes' writes of this round"
            found = "the round has no such task"
            yield Problem(code="votes", file=file, id=task, found=found, fix=fix)
            continue
        control = controls[task.partition("/")[0]]
        spans = control.kind == "spans"
        if not (label in {YES, NO} if spans else read_label(label, control) is not None):
            allowed = (YES, NO) if spans else control.values
            found, fix = f"its answer is {label!r}", f"answer with {', '.join(allowed)}"
            yield Problem(code="votes", file=file, id=task, found=found, fix=fix)


class _Item:
    """One item, its votes, and the answers to them."""

    def __init__(
        self,
        item: Item,
        said: Sequence[Annotation],
        ballot: Ballot,
        answers: Mapping[str, str],
        scheme: Scheme,
    ) -> None:
        self.item = item
        self.said = said
        self.ballot = ballot
        self.answers = answers
        self.scheme = scheme

    def choices(self) -> dict[str, Values]:
        """The choices on the sentence."""
        return self._values(self.scheme.of_kind("choice"), None, {})

    def spans(self) -> Iterator[Span]:
        """Yield the spans of every mention that is one."""
        choices = self.choices()
        for mention, by in self.ballot.marked.items():
            control = next(c for c in self.scheme.of_kind("spans") if mention[2] in c.values)
            present = self._label(task_name(control, self.item.item_id, mention))
            if present is None:
                raise Undecided(f"it is open whether {_show(mention)} is a mention")
            if present == NO:
                continue
            if mention in self.ballot.several:
                yield from self._regions(mention, list(by.values()))
            else:
                start, end, label = mention
                attributes = self._values(self.scheme.of_kind("attribute"), mention, choices)
                yield Span(start=start, end=end, label=label, attributes=attributes)

    def _regions(self, mention: Mention, by: Sequence[Sequence[Span]]) -> Sequence[Span]:
        """The regions of a mention marked for several holders, where all marked the same."""
        versions = {str(version(regions, {}, self.scheme)) for regions in by}
        if len(versions) > 1:
            raise Undecided(f"{_show(mention)} was marked for several holders, not all the same")
        return by[0]

    def _values(
        self, controls: Iterable[Control], mention: Mention | None, around: Mapping[str, Values]
    ) -> dict[str, Values]:
        """The values of controls that have votes; those whose condition does not hold go."""
        given: dict[str, Values] = {}
        undecided = set()
        for control in controls:
            task = task_name(control, self.item.item_id, mention)
            if task not in self.ballot.votes:
                continue
            label = self._label(task)
            if label is None:
                undecided.add(control.name)
            else:
                given[control.name] = read_label(label, control) or ()
        for control in controls:
            if not applies(control, {**around, **given}):
                given.pop(control.name, None)
                undecided.discard(control.name)
        if undecided:
            where = f" of {_show(mention)}" if mention else ""
            raise Undecided(f"{', '.join(sorted(undecided))}{where} is open")
        return given

    def _label(self, task: str) -> str | None:
        return self.answers.get(task) or majority(self.ballot.votes[task])


def _show(mention: Mention) -> str:
    return f"{mention[0]}-{mention[1]} {mention[2]}"
