"""The second half of ingest: entries of documents, in any order, become the files of a project.

It is the same whoever read them. Documents are sorted by id on disk; then they meet the articles
that are there, which are sorted already, id by id. All files are made beside their places and
renamed in the end.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from sikap.errors import Problem
from sikap.project import Project
from sikap.sources.read import KINDS
from sikap.steps.articles.merge import Meetings, mark
from sikap.steps.articles.near_duplicates import clusters
from sikap.steps.articles.rejects_and_warnings import Findings, old_warnings
from sikap.steps.report import Progress, Report, silent
from sikap.storage.blocks import put
from sikap.storage.external_sort import Entry, Sorter

GROUPS_SHOWN = 20
IDS_SHOWN = 8
GROUPS_KEPT = 1_000


class IngestReport(Report, frozen=True, kw_only=True):
    """How many articles there are, and what became of the documents; problems were set aside.

    ``repeated`` counts documents that said the same as another of their id; ``rejected`` those set
    aside, by code in ``rejects``, of which ``problems`` holds the first 1,000; ``warnings`` what
    people should look at, by code, of all articles. ``clusters`` counts groups of copies,
    ``copied`` the articles in them; ``copies`` holds the ids of the first 1,000 groups. ``others``
    counts files of kinds that are not read; ``columns`` says of tables which columns were taken for
    which fields, each choice with the first file that it was made for.
    """

    articles: int
    added: int
    updated: int
    unchanged: int
    repeated: int
    rejected: int
    rejects: dict[str, int]
    warnings: dict[str, int]
    clusters: int
    copied: int
    copies: tuple[tuple[str, ...], ...]
    others: int
    columns: Mapping[str, str]

    def lines(self) -> Iterator[str]:
        """Yield the figures, the groups of copies if texts are new, and the next step."""
        yield (
            f"{self.added} added, {self.updated} updated, {self.unchanged} unchanged; "
            f"{self.rejected} rejected; {self.articles} articles in all"
        )
        if self.repeated:
            yield f"{self.repeated} documents came again with the same text: each counts once"
        if self.rejected > len(self.problems):
            codes = ", ".join(f"{count} {code}" for code, count in self.rejects.items())
            yield f"rejected: {codes}; dataset/rejects.jsonl has them all"
        if self.warnings:
            codes = ", ".join(f"{count} {code}" for code, count in self.warnings.items())
            yield f"to look at: {codes}; see dataset/warnings.jsonl"
        if self.others:
            yield f"{self.others} files passed over: they are none of {KINDS}"
        for choice, file in self.columns.items():
            yield f"columns of {file}: {choice}"
        if self.clusters:
            yield f"copies: {self.copied} articles in {self.clusters} groups; see sikap copies"
        # A run that brought nothing new has no new copies to tell of.
        shown = self.copies[:GROUPS_SHOWN] if self.added or self.updated else ()
        for group in shown:
            more = f" and {len(group) - IDS_SHOWN} more" if len(group) > IDS_SHOWN else ""
            yield f"copies of one article: {', '.join(group[:IDS_SHOWN])}{more}"
        if shown and self.clusters > GROUPS_SHOWN:
            yield f"… and {self.clusters - GROUPS_SHOWN} more groups"
        if self.added or self.updated:
            yield "next: sikap segment"

    @property
    def failed(self) -> bool:
        """A rejected document does not stop the work, unless nothing is left."""
        return bool(self.rejected) and not (self.added or self.updated or self.unchanged)


class Freezing:
    """Takes what became of documents, in any order, and freezes it into the files of a project.

    ``folder`` is a workshop of the project, whose lock is held; ``places`` are where people said
    that documents are. ``found`` is whether anything was taken at all.
    """

    def __init__(self, project: Project, folder: Path, places: Sequence[str]) -> None:
        self._project = project
        self._folder = folder
        self._findings = Findings(project, folder, places)
        self._documents = Sorter(_room(folder, "documents"))
        self.found = False

    def take(self, outcome: Entry | Problem) -> None:
        """Take the entry of a document, or what is wrong with one."""
        self.found = True
        if isinstance(outcome, Problem):
            self._findings.reject(outcome)
        else:
            self._documents.add(*outcome)

    def write(
        self, gone: frozenset[str], processes: int, progress: Progress = silent, *, update: bool
    ) -> IngestReport:
        """Write articles.jsonl, rejects.jsonl and warnings.jsonl; ``gone`` are withdrawn ids.

        Raises InputError where articles.jsonl is not as it was written; nothing is written then.
        """
        project, folder, findings = self._project, self._folder, self._findings
        meetings = Meetings(project, gone, findings, update=update)
        new, marked = folder / "articles.jsonl", folder / "marked.jsonl"
        old = old_warnings(project, _room(folder, "old-warnings"))
        meetings.hold(self._documents.entries(), old.entries(), new, processes)
        copies = clusters(project, new, processes, progress)
        if copies != meetings.clusters:
            mark(new, marked, copies)
            marked.replace(new)
        findings.write(folder)
        put(folder / "warnings.jsonl", project.warnings)
        put(folder / "rejects.jsonl", project.rejects)
        put(new, project.articles)
        return _report(meetings, findings, copies)


def _room(folder: Path, name: str) -> Path:
    room = folder / name
    room.mkdir()
    return room


def _report(meetings: Meetings, findings: Findings, copies: dict[str, str]) -> IngestReport:
    groups: dict[str, list[str]] = {}
    for article_id in sorted(copies):
        groups.setdefault(copies[article_id], []).append(article_id)
    return IngestReport(
        articles=meetings.articles,
        added=meetings.changes["added"],
        updated=meetings.changes["updated"],
        unchanged=meetings.changes["unchanged"],
        repeated=meetings.repeated,
        rejected=findings.rejects.total(),
        rejects=dict(sorted(findings.rejects.items())),
        warnings=dict(sorted(findings.warned.items())),
        problems=tuple(findings.first),
        clusters=len(groups),
        copied=len(copies),
        copies=tuple(tuple(groups[first]) for first in sorted(groups)[:GROUPS_KEPT]),
        others=0,
        columns={},
    )
