"""What can go wrong, in two forms.

A *problem* is one finding about one record or file: a stable code, a place, what was found and
what to do. A run collects problems and goes on, or raises one error that carries all of them:

    SikapError
    ├── InputError      wrong usage or bad input; nothing was written       exit 2
    ├── ChecksError     a check ran to its end and found problems           exit 1
    └── ServiceError    an outside service failed; safe to run again        exit 3
"""

from collections.abc import Iterable

import msgspec

CODES = {
    # settings and files of the project
    "no-project": "no folder upwards has a pyproject.toml with [tool.sikap]",
    "settings": "a value in [tool.sikap] is missing, unknown or of the wrong type",
    "outside-project": "a path leaves the project folder",
    "file-missing": "a file that the command needs does not exist",
    "file-exists": "a file stands where a new one would be written",
    "not-json": "a line or file is not JSON",
    "unfinished-line": "the last line of a JSONL file has no line end: it was cut off",
    "schema": "a record does not have the shape that its JSON Schema asks for",
    "not-utf8": "a file of the project is not UTF-8",
    "disk": "the file system refused to read or write",
    "busy": "another sikap command is writing to the project",
    "worker-killed": "a process that a command had started was killed",
    "line-order": "the lines of a file are not in the order that it is written in",
    # articles and sentences
    "empty": "an article has no text",
    "encoding": "no encoding was found that can read the article",
    "control-character": "an article holds a control character other than tab and newline",
    "surrogate": "an article holds a lone surrogate",
    "source": "a source of articles cannot be read, or not to its end",
    "too-large": "a document, a line or a row is larger than what is read",
    "metadata": "what a metadata file or a row says of an article cannot be used",
    "metadata-orphan": "a metadata file has no article beside it",
    "duplicate-id": "an id stands for two different things",
    "unknown-article": "no article has the id that was given",
    "text-changed": "an article that was ingested before now has another text",
    "language-mismatch": "an article is in another language than is said of it",
    "weekday": "a weekday in an article contradicts the day beside it",
    "private-data": "an article holds what looks like data of a private person",
    "rules": "a language or outlet rules file cannot be used",
    "span-outside": "a span does not lie inside its text",
    "span-text": "a span does not give the text that was stored with it",
    "span-overlap": "two sentences of one article overlap",
    "gap-text": "text between two sentences belongs to none",
    "digest": "a digest does not fit the text that it stands for",
    "shard": "a shard of a run on many machines is missing, or of other input",
    # the scheme
    "scheme-xml": "the labelling config is not XML that can be read safely",
    "scheme-controls": "the labelling config has no Labels and no Choices, or unusable ones",
    "scheme-names": "names in the labelling config clash with each other or with columns",
    "hotkeys": "a label or value of the labelling config has no key of its own",
    # annotations
    "unknown-label": "a span has a label that the scheme does not have",
    "unknown-control": "an annotation names a control that the scheme does not have",
    "unknown-value": "a choice has a value that the scheme does not have",
    "repeated-key": "two spans of one annotation have the same key",
    "required": "a required choice was not made",
    "condition": "a choice was made although its condition does not hold",
    "several-values": "a choice that takes one value has more",
    "several-labels": "a span has more than one label",
    "unsupported-result": "an annotation holds a result that the scheme has no place for",
    "repeated-result": "an annotation says the same thing of one region or sentence twice",
    "unknown-annotator": "the Label Studio user is no annotator of the round",
    "foreign-annotation": "an annotator annotated in the project of another",
    "unknown-item": "a task is no item of the round",
    "repeated-annotation": "an annotator has several annotations of one item",
    "annotations-gone": "all annotations of the last pull are gone from Label Studio",
    "item-text": "the text of a task is not the text of its item",
    "export": "an export file does not have the form of a Label Studio export",
    # rounds
    "round-id": "a round id cannot be used",
    "round-missing": "there is no such round",
    "round-exists": "a round with this id was planned before, otherwise",
    "round-inputs": "labelling config or guidelines changed since the round was planned",
    "round-roster": "a roster cannot be used",
    "round-design": "what was asked of a round cannot be planned",
    "round-items": "a list of sentences names one that the round cannot have",
    "gold": "a known answer cannot be used",
    "gold-bar": "an annotator's score on known answers is below the bar",
    "agreement-low": "the annotators of a round agree less than the settings ask for",
    "agreement-warning": "the annotators of a round agree less than a threshold that only warns",
    "round-empty": "there is nothing to annotate",
    "project-config": "the labelling config in Label Studio is not the round's",
    "project-missing": "the round has no project on this server",
    "duplicate-task": "an item was annotated in two tasks of one Label Studio project",
    "duplicate-project": "a round has two Label Studio projects with tasks where one should be",
    "task-deleted": "what push had sent was deleted in Label Studio",
    "predictions": "predictions cannot be used in a round",
    "prediction": "a line of a file of predictions cannot be used",
    "item-lost": "the sentence of an item is no longer in sentences.jsonl",
    "not-anchored": "a sentence of a round has changed, and anchors.jsonl does not cover it",
    "anchor": "a decision on which sentence is which cannot be used",
    "no-agreement": "a round has nothing that annotators could agree on",
    "no-versions": "a round was not planned over disagreements",
    "votes": "a table of votes cannot be used",
    "open": "annotators disagree and nobody has decided",
    "not-body": "an annotated sentence is not of the kind body",
    "skipped": "an annotation skips its item and yet says something of it",
    # agreement
    "agreement-level": "the values of a variable do not fit its level of measurement",
    # rights
    "licence": "an article's licence is not one under which its text may be given on",
    "withdrawn": "an article or annotator was withdrawn",
    "text-missing": "there is no copy of an article whose text is to be put back",
    "text-drifted": "the copy of an article has another text than the one that was annotated",
    "sentence-moved": "a sentence was found, but not beside the sentences that it stood beside",
    "sentence-ambiguous": "a sentence was found more, or less, often than it stood in its article",
    "sentence-lost": "a sentence is no longer in the text of its article",
    "text-found": "a stand-off release holds a piece of the text or title of an article",
    # releases
    "ledger": "splits.json contradicts itself or the articles",
    "leak": "copies, or labelled sentences with the same words, stand in different splits",
    "held-out": "an article that is held out for the test split stands in another",
    "missing-class": "a split has no row of a class that other splits have",
    "not-reproduced": "a rebuilt file has other bytes",
    "checksum": "a file is missing, unlisted or has other bytes than SHA256SUMS says",
    "release-form": "a file of the release cannot be read or lacks a part",
    "release-empty": "there is nothing to release",
    "version": "a version number cannot be used",
    "version-too-small": "what changed since the last release calls for a higher version",
    "unknown-file": "a release holds a file that is no part of one",
    "round-form": "a round of a release was not pulled, or names projects of a server",
    "versions": "a release names other versions than those that decide its bytes",
    "columns": "a table has other columns or types than its scheme gives",
    "features": "features in the card, the Parquet metadata and the scheme differ",
    "reference": "an id points to nothing",
    "split": "rows of one article, or tables of one release, disagree on a split",
    "labels": "published labels are not what the annotations settle to",
    "table": "a published table is not what the sentences and annotations give",
    "content-hash": "the content hash is not that of the rows",
    "answers": "the answers of the datasheet cannot be used",
    "unanswered": "people have not said what a release must say",
    "croissant": "croissant.json is not what the data give",
    "citation": "CITATION.cff is not what the settings give",
    "figures": "a figure is not what the data give",
    "page": "the page to look at the data with is not what the data give",
    "no-text": "a release holds no text or tokens that the command could work on",
    "schema-file": "a schema of the release is not the tool's",
    # places, signatures, publishing
    "place": "a place cannot be used: its name, its URL or its settings do not allow it",
    "place-missing": "a place has no such dataset, revision or files",
    "package-missing": "a package that a place needs is not installed",
    "program-missing": "a program that a command needs is not installed",
    "signature": "a signature is not one of these checksums by somebody who may sign",
    "signing": "a key cannot be used to sign",
    "draft": "a release is a draft",
    "tag": "a version was published before with other bytes",
    "moved": "somebody else published to the place meanwhile",
    "read-back": "a place does not give back what was sent to it",
    # tables of ratings
    "table-file": "a file cannot be read as a table",
    "table-column": "a column of a table is missing, or cannot be what it was named for",
    "table-option": "options on a table contradict each other, or lack something",
    "table-value": "a cell of a table cannot be used",
    "table-repeat": "an annotator rated an item more than once",
    "table-empty": "a table holds nothing that could be compared",
    "spans-unsaid": "a table of spans never says that somebody marked nothing",
    "cancelled": "annotations of an export were skipped or cancelled, so they do not count",
    "table-text": "a table has several texts for one item",
    "dirty": "values or names that may be one are written differently",
    "missing-mark": "cells hold what often stands for no rating, and count as a value",
    # services
    "no-server": "Label Studio, the Hub or a file system does not answer",
    "token": "Label Studio or the Hub refuses the token",
    "no-credentials": "the environment, or the project, do not say what to log in with",
    "server-error": "Label Studio or the Hub answered with an error",
    "server-start": "Label Studio could not be started",
    "user-exists": "the Label Studio user exists already",
    "not-isolated": "an annotator of an isolated round can see the work of another",
    "not-linked": "no Label Studio user is linked to an annotator of the round",
    "user-linked": "the Label Studio user cannot be linked to this annotator",
}
"""Every code that a problem can have, and what it means."""


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One finding: what is wrong, where, and what to do about it.

    ``code`` is one of ``CODES``; ``file`` is relative to the project or release; ``line`` counts
    from 1; ``id`` is that of the record. Raises ValueError for a code that is not listed.
    """

    code: str
    found: str
    fix: str
    file: str = ""
    line: int | None = None
    id: str = ""

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"unknown problem code {self.code!r}")

    @property
    def place(self) -> str:
        """Where it is, as ``file:line (id)`` with what is known of these."""
        file = f"{self.file}:{self.line}" if self.line is not None else self.file
        return f"{file} ({self.id})" if file and self.id else file or self.id

    def __str__(self) -> str:
        place = f"{self.place}: " if self.place else ""
        return f"{place}[{self.code}] {self.found}; {self.fix}"


class SikapError(Exception):
    """The root of all errors that sikap raises on purpose; carries the problems found."""

    exit_code = 2

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["SikapError"], tuple[tuple[Problem, ...]]]:
        # Else a process that it was sent to would take its text for its problems.
        return type(self), (self.problems,)


class InputError(SikapError, ValueError):
    """Wrong usage or bad input; nothing was written."""

    exit_code = 2


class ChecksError(SikapError, ValueError):
    """A check ran to its end and found problems."""

    exit_code = 1


class ServiceError(SikapError):
    """An outside service failed; the command can be run again safely."""

    exit_code = 3


def raise_if(problems: Iterable[Problem]) -> None:
    """Raise InputError with all problems, if there are any."""
    found = tuple(problems)
    if found:
        raise InputError(found)
