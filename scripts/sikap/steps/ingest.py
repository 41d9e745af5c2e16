"""The step from raw documents to frozen articles, in bounded memory.

Pieces of sources are read on all processors and sorted by id on disk; then they meet the articles
that are there, which are sorted already, id by id. All files are made beside their places and
renamed in the end.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import msgspec

from sikap import sources
from sikap.errors import InputError, Problem
from sikap.ingest.pieces import Piece, Reading
from sikap.ingest.readers import taken
from sikap.languages import RuleBook
from sikap.project import Project
from sikap.release.urls import shown
from sikap.rounds.withdrawn import withdrawn
from sikap.runs import Sorter
from sikap.steps.copies import clusters
from sikap.steps.files import read_tombstones
from sikap.steps.findings import Findings, old_warnings
from sikap.steps.meetings import Meetings, mark
from sikap.steps.parallel import cores, ordered_map
from sikap.steps.progress import Progress, silent
from sikap.steps.reading import Reader, batches
from sikap.steps.report import Report
from sikap.store import lock
from sikap.streams import put, workshop

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
            yield f"{self.others} files passed over: they are none of {sources.KINDS}"
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


def ingest(
    project: Project,
    places: Sequence[str | Path] = (),
    language: str | None = None,
    *,
    wishes: sources.Wishes | None = None,
    update: bool = False,
    processes: int | None = None,
    progress: Progress = silent,
) -> IngestReport:
    """Freeze the documents and tables at ``places`` (the project's raw/) into articles.jsonl.

    Articles of earlier runs stay; one that has another text or other metadata now is rejected,
    unless ``update`` says to take it over. What is rejected goes to rejects.jsonl, what people
    should look at to warnings.jsonl. Works on ``processes`` (all processors), with the same bytes
    for any number. Raises InputError where there is no document at all, or articles.jsonl is not as
    it was written; nothing is written then.
    """
    named = tuple(str(place) for place in places) or (str(project.raw),)
    processes = processes or cores()
    with lock(project.lock), workshop(project.dataset, "ingest") as folder:
        gone = frozenset(withdrawn(read_tombstones(project)).articles)
        wishes = wishes or sources.Wishes()
        columns = project.settings.columns | wishes.columns
        wishes = msgspec.structs.replace(wishes, columns=columns)
        reading = Reading(
            language=language or project.settings.language,
            licence=project.settings.text_licence or None,
            columns=columns,
        )
        reader = Reader(reading, RuleBook(project.outlets), gone)
        findings = Findings(project, folder, named)
        documents = Sorter(_room(folder, "documents"))
        seen, choices = sources.Seen(), dict[str, str]()
        pieces = sources.pieces(named, project.raw, project.name, wishes, seen)
        noted = _noting(pieces, reading, choices)
        if not _read(noted, reader, documents, findings, processes, progress):
            raise InputError(_nothing(project, named))
        meetings = Meetings(project, gone, findings, update=update)
        new, marked = folder / "articles.jsonl", folder / "marked.jsonl"
        old = old_warnings(project, _room(folder, "old-warnings"))
        meetings.hold(documents.entries(), old.entries(), new, processes)
        copies = clusters(project, new, processes, progress)
        if copies != meetings.clusters:
            mark(new, marked, copies)
            marked.replace(new)
        findings.write(folder)
        put(folder / "warnings.jsonl", project.warnings)
        put(folder / "rejects.jsonl", project.rejects)
        put(new, project.articles)
        report = _report(meetings, findings, copies)
    return msgspec.structs.replace(report, others=seen.others, columns=choices)


def _room(folder: Path, name: str) -> Path:
    room = folder / name
    room.mkdir()
    return room


def _noting(
    pieces: Iterable[Piece | Problem], reading: Reading, choices: dict[str, str]
) -> Iterator[Piece | Problem]:
    """Pass pieces on; ``choices`` takes which columns of a table were taken, from its beginning."""
    file = ""
    for piece in pieces:
        if isinstance(piece, Piece) and piece.file != file:
            file = piece.file
            if columns := taken(piece, reading):
                choice = ", ".join(f"{field} from {name!r}" for field, name in columns.items())
                choices.setdefault(choice, file)
        yield piece


def _read(
    pieces: Iterable[Piece | Problem],
    reader: Reader,
    documents: Sorter,
    findings: Findings,
    processes: int,
    progress: Progress,
) -> bool:
    """Whether there was any document, or problem with one; all of them are sorted."""
    found = False
    done = ordered_map(reader, batches(pieces), processes)
    for outcome in progress(chain.from_iterable(done), "documents"):
        found = True
        if isinstance(outcome, Problem):
            findings.reject(outcome)
        else:
            documents.add(*outcome)
    return found


def _nothing(project: Project, places: Iterable[str]) -> list[Problem]:
    fix = "put articles there, or name a folder that has some"
    found = f"there is no file of articles: none of {sources.KINDS}"
    return [
        Problem(code="file-missing", file=_name(project, place), found=found, fix=fix)
        for place in places
    ]


def _name(project: Project, place: str) -> str:
    return shown(place) if sources.is_url(place) else project.name(Path(place).resolve())


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
