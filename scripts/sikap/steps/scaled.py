"""The two halves of a step that many machines do: what is to be done, and putting it together.

Between them an executor of datatrove runs the pipeline; `scripts/segment_on_many.py` shows it all.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from sikap import __version__
from sikap.languages import HERE, RuleBook
from sikap.project import Project
from sikap.rounds.withdrawn import withdrawn
from sikap.scale.merging import Segments
from sikap.scale.segmenting import ReadArticles, SegmentArticles, WriteSentences
from sikap.steps.files import read_tombstones
from sikap.steps.segment import SegmentReport
from sikap.store import lock, opened, write_chunks

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


def segment_work(project: Project, tasks: int, folder: str = "") -> Work:
    """What is to be done to segment the articles of a project in so many tasks.

    ``folder`` is where runs lie, a path or URL that all machines see (the project's .sikap/scale);
    they read the articles where this machine does. Raises InputError where there are no articles
    or a rules file cannot be used.
    """
    gone = withdrawn(read_tombstones(project)).articles
    rules = RuleBook(project.outlets)
    made_of = hashlib.sha256(f"{__version__} {tasks} {sorted(gone)}".encode())
    for path in (*_rules(HERE), *_rules(project.outlets)):
        made_of.update(path.name.encode() + path.read_bytes())
    name, fix = project.name(project.articles), "run 'sikap ingest' first"
    with opened(project.articles, name, fix) as file:
        while data := file.read(_BLOCK):
            made_of.update(data)
    runs = (folder or str(project.private / "scale")).rstrip("/")
    run = f"{runs}/segment-{made_of.hexdigest()[:16]}"
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


def _rules(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.rglob("*.toml"))
