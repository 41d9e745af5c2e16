"""Votes as the long table that aggregation models read, and their answers back.

A table has the columns ``task``, ``worker`` and ``label``. A task is ``CONTROL/ITEM`` for a choice
on the sentence, ``CONTROL/ITEM:START-END-LABEL`` for a mention: there the control that marks spans
asks whether it is one (``yes`` or ``no``, of everything that anybody marked), an attribute which
value it has (of mentions that two or more marked). The control leads, so that tables of several can
be joined and come back without saying what they are of.
"""

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.labelling_config.scheme import Control, Scheme
from sikap.records import FIRST, Annotation, Item, Round, Span
from sikap.rounds.adjudication.disagreements import Mention

COLUMNS = ("task", "worker", "label")
ANSWERS = ("agg_label", "label")
"""How the column with the answer may be called: first as crowd-kit calls it."""
YES, NO = "yes", "no"
VOTES_OF = "votes of "
"""How the sampling of a round begins that was made of a model's answers."""
Values = tuple[str, ...]


def of_votes(manifest: Round) -> bool:
    """Whether a round was made of a model's answers, so that nobody annotates it."""
    return manifest.design.sampling.startswith(VOTES_OF)


class Vote(msgspec.Struct, frozen=True, kw_only=True):
    """What one annotator said of one task."""

    task: str
    worker: str
    label: str


class Ballot(msgspec.Struct, frozen=True, kw_only=True):
    """The tasks of one item with the votes on each, in the order of the config and the text.

    ``marked`` has the regions of each mention by annotator. Mentions that somebody marked more than
    once have no tasks for their attributes: ``several``.
    """

    votes: dict[str, tuple[Vote, ...]]
    marked: dict[Mention, dict[str, tuple[Span, ...]]]
    several: frozenset[Mention]


def task_name(control: Control, item_id: str, mention: Mention | None = None) -> str:
    """How a table names a task."""
    where = f":{mention[0]}-{mention[1]}-{mention[2]}" if mention else ""
    return f"{control.name}/{item_id}{where}"


def submitted(
    items: Iterable[Item], said: Iterable[Annotation]
) -> Iterator[tuple[Item, list[Annotation]]]:
    """Yield the items that somebody judged in the first pass, each with what was submitted."""
    of: dict[str, list[Annotation]] = defaultdict(list)
    for one in said:
        if one.status == "submitted":
            of[one.item_id].append(one)
    for item in items:
        if item.pass_ == FIRST and item.item_id in of:
            yield item, sorted(of[item.item_id], key=lambda one: one.annotator)


def table(
    items: Iterable[Item], said: Iterable[Annotation], scheme: Scheme, control: str | None = None
) -> tuple[list[Vote], int]:
    """The votes on all controls, or on one, and how many mentions have none on their attributes.

    These are mentions that somebody marked more than once, for several holders. Raises InputError
    for a control that the scheme does not have.
    """
    names = [one.name for one in scheme.controls]
    if control is not None and control not in names:
        found, fix = f"{control!r} is no control", f"name one of {', '.join(names)}"
        raise InputError(Problem(code="unknown-control", id=control, found=found, fix=fix))
    rows: list[Vote] = []
    several = 0
    for item, of_item in submitted(items, said):
        ballot = ballot_of(item, of_item, scheme)
        several += len(ballot.several)
        alone = {
            task_name(attribute, item.item_id, mention)
            for mention, by in ballot.marked.items()
            if len(by) < 2
            for attribute in scheme.of_kind("attribute")
        }
        for task, votes in ballot.votes.items():
            if task not in alone and control in {None, task.partition("/")[0]}:
                rows.extend(votes)
    return rows, several


def ballot_of(item: Item, said: Sequence[Annotation], scheme: Scheme) -> Ballot:
    """The votes on one item by those who submitted it."""
    marked: dict[Mention, dict[str, tuple[Span, ...]]] = defaultdict(dict)
    for one in said:
        for span in one.spans:
            mention = span.start, span.end, span.label
            marked[mention][one.annotator] = (*marked[mention].get(one.annotator, ()), span)
    marked = {mention: marked[mention] for mention in sorted(marked)}
    several = frozenset(m for m, by in marked.items() if any(len(of) > 1 for of in by.values()))
    votes: dict[str, tuple[Vote, ...]] = {}
    for control in scheme.controls:
        for task, given in _given(control, item.item_id, said, marked, several):
            if given:
                votes[task] = tuple(Vote(task=task, worker=w, label=x) for w, x in given)
    return Ballot(votes=votes, marked=marked, several=several)


def _given(
    control: Control,
    item_id: str,
    said: Sequence[Annotation],
    marked: Mapping[Mention, Mapping[str, Sequence[Span]]],
    several: frozenset[Mention],
) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the tasks of one control, each with who said what; only where the control applies."""
    if control.kind == "choice":
        yield (
            task_name(control, item_id),
            [
                (one.annotator, written(one.choices.get(control.name, ()), control))
                for one in said
                if applies(control, one.choices)
            ],
        )
        return
    choices = {one.annotator: one.choices for one in said}
    for mention, by in marked.items():
        task = task_name(control, item_id, mention)
        if control.kind == "spans" and mention[2] in control.values:
            yield task, [(name, YES if name in by else NO) for name in choices]
        asked = control.kind == "attribute" and mention not in several
        if asked and (not control.of_labels or mention[2] in control.of_labels):
            yield (
                task,
                [
                    (name, written(span.attributes.get(control.name, ()), control))
                    for name, (span,) in by.items()
                    if applies(control, {**choices[name], **span.attributes})
                ],
            )


def applies(control: Control, around: Mapping[str, Values]) -> bool:
    """Whether a control is to be given beside what else was chosen."""
    return control.when is None or control.when.holds(around)


def majority(votes: Sequence[Vote]) -> str | None:
    """What more than half say; None without such a majority."""
    tally = Counter(vote.label for vote in votes)
    ((label, count),) = tally.most_common(1)
    return label if 2 * count > len(votes) else None


def written(values: Values, control: Control) -> str:
    """Values as one label: the value itself; a JSON list of none, or where there may be several."""
    if len(values) == 1 and not control.multiple:
        return values[0]
    return json.dumps(values, ensure_ascii=False)


def read_label(label: str, control: Control) -> Values | None:
    """The values that a label stands for; None where it is no label of the control."""
    if label in control.values and not control.multiple:
        return (label,)
    try:
        values = json.loads(label)
    except ValueError:
        return None
    known = isinstance(values, list) and all(value in control.values for value in values)
    if not known or (values and not control.multiple) or len(set(values)) < len(values):
        return None
    return tuple(value for value in control.values if value in values)


def to_csv(votes: Iterable[Vote]) -> bytes:
    """The table as CSV in UTF-8, with a header."""
    text = io.StringIO()
    # All is quoted: what else would be differs between versions of Python.
    rows = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
    rows.writerow(COLUMNS)
    rows.writerows((vote.task, vote.worker, vote.label) for vote in votes)
    return text.getvalue().encode()


def read_csv(text: str, file: str) -> dict[str, str]:
    """The answer to each task in a table with the columns ``task`` and ``agg_label`` or ``label``.

    Raises InputError with all that is wrong with it.
    """
    fix = "write it with the columns task and agg_label, one row for each task"
    rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    answers: dict[str, str] = {}
    problems: list[Problem] = []
    try:
        header = rows.fieldnames or ()
        answer = next((name for name in ANSWERS if name in header), None)
        if "task" not in header or answer is None:
            found = f"its columns are {', '.join(header) or 'none'}"
            raise InputError(Problem(code="votes", file=file, line=1, found=found, fix=fix))
        for row in rows:
            task, label = row["task"], row[answer]
            if not task or label is None or task in answers:
                found = f"the task {task!r} is there before" if task else "the row names no task"
                found = f"the task {task!r} has no answer" if task and label is None else found
                problems.append(
                    Problem(code="votes", file=file, line=rows.line_num, found=found, fix=fix)
                )
            else:
                answers[task] = label
    except csv.Error as error:
        found = f"it is no CSV: {error}"
        raise InputError(Problem(code="votes", file=file, found=found, fix=fix)) from error
    raise_if(problems)
    return answers
