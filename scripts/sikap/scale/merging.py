"""The last step of a run: the shards of all its tasks as one file, in the order of the input."""

from collections import Counter
from collections.abc import Iterator

import msgspec
from datatrove.io import DataFolderLike, get_datafolder

from sikap.errors import InputError, Problem, raise_if
from sikap.scale.cuts import cut
from sikap.scale.segmenting import READ, SEGMENTED, SENTENCES
from sikap.scale.shards import COPIED, Digest, Note, read_note, shard

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
        self._read = self._notes(READ)
        self._segmented = self._notes(SEGMENTED)
        self._sentences = self._notes(SENTENCES)
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
            path, digest = shard(SENTENCES, rank, self._tasks), Digest()
            try:
                with self._work.open(path, "rb") as file:
                    while data := file.read(COPIED):
                        yield digest.add(data)
            except FileNotFoundError:
                raise InputError(_problem(path, "the shard is missing", _FIX)) from None
            if digest.sha256 != note.sha256:
                fix = "delete the folder of this run, and run it again"
                raise InputError(_problem(path, "the shard has other bytes than its note", fix))

    def _notes(self, what: str) -> list[Note]:
        notes = [read_note(self._work, what, rank, self._tasks) for rank in range(self._tasks)]
        missing = [rank for rank, note in enumerate(notes) if note is None]
        raise_if(
            _problem(shard(what, rank, self._tasks), "the task has not come to its end", _FIX)
            for rank in missing
        )
        return [note for note in notes if note is not None]

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


def _problem(path: str, found: str, fix: str) -> Problem:
    return Problem(code="shard", file=path, found=found, fix=fix)
