"""The step from raw documents to frozen articles, in bounded memory.

Pieces of sources are read on all processors, in any order; `freeze` makes files of them.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import msgspec

from sikap.articles.chunks import IngestRequest, Piece, ReadOptions
from sikap.articles.read_chunks import Batch, Reader
from sikap.articles.readers.read import taken
from sikap.errors import InputError, Problem, raise_if
from sikap.languages import RuleBook
from sikap.project import Project
from sikap.rounds.withdrawal import withdrawn
from sikap.settings import wrong_language
from sikap.sources.read import KINDS, Seen, is_url, read_sources
from sikap.steps.articles.freeze import Freezing, IngestReport
from sikap.steps.parallel import cores, ordered_map
from sikap.steps.project_files import read_tombstones
from sikap.steps.report import Progress, silent
from sikap.storage.blocks import workshop
from sikap.storage.files import lock
from sikap.storage.urls import shown

TOGETHER = 1 << 20
"""Bytes of small documents that go to a process at once."""
MANY = 256


class IngestInputs(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be ingested: places as people named them, how they are read, what is withdrawn."""

    places: tuple[str, ...]
    options: ReadOptions
    gone: frozenset[str]

    def reader(self, project: Project) -> Reader:
        """What reads the pieces of it, by the rules of the project."""
        return Reader(self.options, RuleBook(project.outlets), self.gone)


def ingest_articles(
    project: Project,
    places: Sequence[str | Path] = (),
    request: IngestRequest | None = None,
    *,
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
    processes = processes or cores()
    with lock(project.lock), workshop(project.dataset, "ingest") as folder:
        inputs = resolve_inputs(project, places, request)
        reader, freezing = inputs.reader(project), Freezing(project, folder, inputs.places)
        seen, choices = Seen(), dict[str, str]()
        pieces = read_sources(inputs.places, project.raw, project.name, inputs.options, seen)
        noted = noting(pieces, inputs.options, choices)
        done = chain.from_iterable(ordered_map(reader, batches(noted), processes))
        for outcome in progress(done, "documents"):
            freezing.take(outcome)
        if not freezing.found:
            raise InputError(nothing(project, inputs.places))
        report = freezing.write(inputs.gone, processes, progress, update=update)
    return msgspec.structs.replace(report, others=seen.others, columns=choices)


def resolve_inputs(
    project: Project, places: Sequence[str | Path] = (), request: IngestRequest | None = None
) -> IngestInputs:
    """What is to be ingested, with what the settings of the project say.

    Raises InputError for a language that is no language tag (``settings``).
    """
    request, settings = request or IngestRequest(), project.settings
    language = request.language or settings.language
    wrong = wrong_language(language)
    raise_if(Problem(code="settings", found=found, fix=fix) for found, fix in wrong)
    return IngestInputs(
        places=tuple(str(place) for place in places) or (str(project.raw),),
        options=ReadOptions(
            language=language,
            columns=settings.columns | request.columns,
            format=request.format,
            encoding=request.encoding,
            licence=settings.text_licence or None,
        ),
        gone=frozenset(withdrawn(read_tombstones(project)).articles),
    )


def noting(
    pieces: Iterable[Piece | Problem], options: ReadOptions, choices: dict[str, str]
) -> Iterator[Piece | Problem]:
    """Pass pieces on; ``choices`` takes which columns of a table were taken, from its beginning."""
    file = ""
    for piece in pieces:
        if isinstance(piece, Piece) and piece.file != file:
            file = piece.file
            if columns := taken(piece, options):
                choice = ", ".join(f"{field} from {name!r}" for field, name in columns.items())
                choices.setdefault(choice, file)
        yield piece


def nothing(project: Project, places: Iterable[str]) -> list[Problem]:
    """What is said where no source of the places has any document."""
    fix = "put articles there, or name a folder that has some"
    found = f"there is no file of articles: none of {KINDS}"
    return [
        Problem(code="file-missing", file=_name(project, place), found=found, fix=fix)
        for place in places
    ]


def _name(project: Project, place: str) -> str:
    return shown(place) if is_url(place) else project.name(Path(place).resolve())


def batches(pieces: Iterable[Piece | Problem]) -> Iterator[Batch]:
    """Yield pieces by the megabyte, so that a million small files are not sent one by one."""
    batch: list[Piece | Problem] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece.data) if isinstance(piece, Piece) else 0
        if size >= TOGETHER or len(batch) >= MANY:
            yield tuple(batch)
            batch, size = [], 0
    if batch:
        yield tuple(batch)
