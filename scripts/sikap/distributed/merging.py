"""The shards of all tasks of a run, checked and put together."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec
from datatrove.io import DataFolder, DataFolderLike, get_datafolder

from sikap.distributed.ingesting import DOCUMENTS, REJECTS, RUN
from sikap.distributed.segmenting import READ, SEGMENTED, SENTENCES, cut
from sikap.distributed.shards import COPIED, Digest, Note, read_note, shard
from sikap.errors import InputError, Problem, raise_if
from sikap.storage.external_sort import Entry, read_entries

_DECODE = msgspec.json.Decoder(Problem).decode
_FIX = "run the tasks again: those that have come to their end are not done twice"


class Segmented(msgspec.Struct, frozen=True, kw_only=True):
    """What the tasks of a run made: how many articles, and the sentences by kind."""

    articles: int
    kinds: dict[str, int]


class Segments:
    """The sentences that the tasks of a run left in ``work``, checked before they are put together.

    Raises InputError where a shard is missing or was made of other articles than there are in
    ``file`` now (``shard``), or with all problems that the tasks found.
    """

    def __init__(self, source: DataFolderLike, file: str, work: DataFolderLike, tasks: int) -> None:
        self._source, self._file = get_datafolder(source), file
        self._work = get_datafolder(work)
        self._tasks = tasks
        self._read = _notes(self._work, READ, tasks)
        self._segmented = _notes(self._work, SEGMENTED, tasks)
        self._sentences = _notes(self._work, SENTENCES, tasks)
        raise_if(self._of_other_articles())
        raise_if(self._found(self._read))
        raise_if(self._found(self._segmented))

    @property
    def figures(self) -> Segmented:
        """What was made, of all tasks."""
        kinds = Counter[str]()
        for note in self._sentences:
            kinds.update(note.counts)
        articles = sum(note.counts["articles"] for note in self._segmented)
        return Segmented(articles=articles, kinds={kind: kinds[kind] for kind in sorted(kinds)})

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes of sentences.jsonl; raises InputError at a shard of other bytes."""
        for rank, note in enumerate(self._sentences):
            yield from _checked(self._work, shard(SENTENCES, rank, self._tasks), note)

    def _of_other_articles(self) -> Iterator[Problem]:
        size = self._source.size(self._file)
        fix = "run again with a new folder: this one is of other articles"
        with self._source.open(self._file, "rb") as file:
            for rank, note in enumerate(self._read):
                start, end = cut(file, size, rank, self._tasks)
                file.seek(start)
                digest = Digest()
                while data := file.read(min(COPIED, end - start - digest.size)):
                    digest.add(data)
                if digest.sha256 != note.sha256:
                    found = "the task read other articles than there are now"
                    yield _problem(shard(READ, rank, self._tasks), found, fix)

    def _found(self, notes: list[Note]) -> Iterator[Problem]:
        before = 0
        for read, note in zip(self._read, notes, strict=True):
            for problem in note.problems:
                line = None if problem.line is None else problem.line + before
                yield msgspec.structs.replace(problem, line=line)
            before += read.counts["lines"]


class Ingested:
    """What became of the documents that the tasks of a run read, as they left it in ``work``.

    Raises InputError where a shard is missing (``shard``), or with all texts that a step between
    had changed (``digest``).
    """

    def __init__(self, work: DataFolderLike, tasks: int) -> None:
        self._work = get_datafolder(work)
        self._tasks = tasks
        self._rejects = _notes(self._work, REJECTS, tasks)
        self._documents = _notes(self._work, DOCUMENTS, tasks)
        raise_if(problem for note in self._documents for problem in note.problems)

    @property
    def found(self) -> int:
        """How many documents there were, with those set aside."""
        return sum(note.counts["found"] for note in self._rejects)

    def outcomes(self, room: Path) -> Iterator[Entry | Problem]:
        """Yield entries and problems of all tasks; shards pass through ``room``, one at a time.

        Raises InputError at a shard of other bytes than its note says.
        """
        for rank, note in enumerate(self._rejects):
            path = self._fetched(shard(REJECTS, rank, self._tasks), note, room)
            with path.open("rb") as lines:
                yield from map(_DECODE, lines)
        for rank, note in enumerate(self._documents):
            path = self._fetched(shard(DOCUMENTS, rank, self._tasks, RUN), note, room)
            yield from read_entries(path)

    def _fetched(self, shard_: str, note: Note, room: Path) -> Path:
        # Whole before it is read: bytes that are damaged are not decoded.
        here = room / "shard"
        with here.open("wb") as file:
            file.writelines(_checked(self._work, shard_, note))
        return here


def _notes(work: DataFolder, what: str, tasks: int) -> list[Note]:
    notes = [read_note(work, what, rank, tasks) for rank in range(tasks)]
    missing = [rank for rank, note in enumerate(notes) if note is None]
    raise_if(
        _problem(shard(what, rank, tasks), "the task has not come to its end", _FIX)
        for rank in missing
    )
    return [note for note in notes if note is not None]


def _checked(work: DataFolder, path: str, note: Note) -> Iterator[bytes]:
    """Yield the bytes of a shard; raises InputError in the end where they are not its note's."""
    digest = Digest()
    try:
        with work.open(path, "rb") as file:
            while data := file.read(COPIED):
                yield digest.add(data)
    except FileNotFoundError:
        raise InputError(_problem(path, "the shard is missing", _FIX)) from None
    if digest.sha256 != note.sha256:
        fix = "delete the folder of this run, and run it again"
        raise InputError(_problem(path, "the shard has other bytes than its note", fix))


def _problem(path: str, found: str, fix: str) -> Problem:
    return Problem(code="shard", file=path, found=found, fix=fix)
