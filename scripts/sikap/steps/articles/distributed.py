"""The two halves of steps that many machines do: what is to be done, and putting it together.

Between them an executor of datatrove runs the pipeline; `scripts/on_many.py` shows it all.
"""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sikap.articles.chunks import IngestRequest
from sikap.distributed.ingesting import Fingerprint, ReadSources, Sources, WriteEntries
from sikap.distributed.merging import Ingested, Segments
from sikap.distributed.segmenting import ReadArticles, SegmentArticles, WriteSentences
from sikap.errors import InputError, Problem
from sikap.languages import HERE, RuleBook
from sikap.project import Project
from sikap.rounds.withdrawal import withdrawn
from sikap.sources.read import STDIN, Seen, is_url
from sikap.steps.articles.freeze import Freezing, IngestReport
from sikap.steps.articles.ingest import IngestInputs, nothing, noting, resolve_inputs
from sikap.steps.articles.segment import SegmentReport
from sikap.steps.parallel import cores
from sikap.steps.project_files import read_tombstones
from sikap.storage.blocks import workshop
from sikap.storage.files import lock, opened, write_chunks
from sikap.version import __version__

_BLOCK = 1_000_000


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """A run: how many tasks it has, where they leave their shards, and where datatrove its marks.

    Each of ``pipeline`` is a step of datatrove; others can be put between them. ``folder`` is named
    after all that decides the bytes, so that a run on other articles or by other rules is another.
    """

    tasks: int
    folder: str
    logs: str
    pipeline: tuple[Any, ...]


class IngestWork(Work, frozen=True, kw_only=True):
    """A run of ingest, with what it reads and what its report says of the sources."""

    inputs: IngestInputs
    others: int
    columns: Mapping[str, str]


def segment_work(project: Project, tasks: int, folder: str = "") -> Work:
    """What is to be done to segment the articles of a project in so many tasks.

    ``folder`` is where runs lie, a path or URL that all machines see (the project's .sikap/scale);
    they read the articles where this machine does. Raises InputError where there are no articles
    or a rules file cannot be used.
    """
    gone = withdrawn(read_tombstones(project)).articles
    rules = RuleBook(project.outlets)
    made_of = _made_of(project, f"{tasks} {sorted(gone)}")
    name, fix = project.name(project.articles), "run 'sikap ingest' first"
    with opened(project.articles, name, fix) as file:
        while data := file.read(_BLOCK):
            made_of.update(data)
    run = _run(project, folder, f"segment-{made_of.hexdigest()[:16]}")
    source, articles = str(project.articles.parent), project.articles.name
    return Work(
        tasks=tasks,
        folder=run,
        logs=f"{run}/logs",
        pipeline=(
            ReadArticles(source, articles, run, name=name, without=gone),
            SegmentArticles(rules, run, name=name),
            WriteSentences(run),
        ),
    )


def merge_segments(project: Project, work: Work) -> SegmentReport:
    """Write sentences.jsonl from the shards of a run, as ``segment_articles`` would have.

    Raises InputError where a task has not come to its end (``shard``), where the articles are not
    those that were read, and with all problems that the tasks found; nothing is written then.
    """
    with lock(project.lock):
        source, file = str(project.articles.parent), project.articles.name
        segments = Segments(source, file, work.folder, work.tasks)
        figures = segments.figures
        changed = write_chunks(project.sentences, segments.chunks())
    return SegmentReport(
        articles=figures.articles,
        sentences=sum(figures.kinds.values()),
        kinds=figures.kinds,
        changed=changed,
    )


def ingest_work(
    project: Project,
    tasks: int,
    folder: str = "",
    places: Sequence[str | Path] = (),
    request: IngestRequest | None = None,
) -> IngestWork:
    """What is to be done to ingest what is at ``places`` in so many tasks; as for ``ingest``.

    All is cut once here, so that whatever changes meanwhile is found out. ``folder`` is as for
    ``segment_work``. Raises InputError where there is no document at all, where a place is standard
    input, which can be read once only, and as ``ingest`` does.
    """
    inputs = resolve_inputs(project, places, request)
    if STDIN in inputs.places:
        fix = "put it into a file that all machines see"
        found = "standard input can be read by one process only"
        raise InputError(Problem(code="source", file=STDIN, found=found, fix=fix))
    here = tuple(one if is_url(one) else str(Path(one).absolute()) for one in inputs.places)
    sources = Sources(places=here, base=project.raw, name=project.name, request=inputs.options)
    seen, choices, all_ = Seen(), dict[str, str](), Fingerprint()
    for _ in noting(all_.past(sources.pieces(seen)), inputs.options, choices):
        pass
    if not all_.pieces:
        raise InputError(nothing(project, inputs.places))
    made_of = _made_of(project, f"{tasks} {sorted(inputs.gone)} {inputs.options} {all_.sha256}")
    run = _run(project, folder, f"ingest-{made_of.hexdigest()[:16]}")
    reader = inputs.reader(project)
    return IngestWork(
        tasks=tasks,
        folder=run,
        logs=f"{run}/logs",
        pipeline=(ReadSources(sources, reader, all_.sha256, run), WriteEntries(reader, run)),
        inputs=inputs,
        others=seen.others,
        columns=choices,
    )


def merge_ingested(
    project: Project, work: IngestWork, *, update: bool = False, processes: int | None = None
) -> IngestReport:
    """Freeze what the tasks of a run read into the files of the project, as ``ingest`` would have.

    Raises InputError where a task has not come to its end or a shard is damaged (``shard``), and as
    ``ingest`` does; nothing is written then.
    """
    with lock(project.lock), workshop(project.dataset, "ingest") as folder:
        ingested = Ingested(work.folder, work.tasks)
        if not ingested.found:
            raise InputError(nothing(project, work.inputs.places))
        freezing = Freezing(project, folder, work.inputs.places)
        for outcome in ingested.outcomes(folder):
            freezing.take(outcome)
        report = freezing.write(work.inputs.gone, processes or cores(), update=update)
    return msgspec.structs.replace(report, others=work.others, columns=work.columns)


def _made_of(project: Project, said: str) -> "hashlib._Hash":
    """A digest of what decides the bytes of any run: sikap, rules, and what is said beside."""
    digest = hashlib.sha256(f"{__version__} {said}".encode())
    for folder in (HERE, project.outlets):
        for path in sorted(folder.rglob("*.toml")):
            digest.update(path.name.encode() + path.read_bytes())
    return digest


def _run(project: Project, folder: str, name: str) -> str:
    runs = (folder or str(project.private / "scale")).rstrip("/")
    return f"{runs}/{name}"
