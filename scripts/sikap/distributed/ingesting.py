"""The steps from sources to entries of documents: a reader, a writer.

Other steps of datatrove can stand between, as filters and statistics; a step that changes the text
of an article is found out, as its digest does not fit.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec
from datatrove.data import Document
from datatrove.io import DataFolderLike, get_datafolder
from datatrove.pipeline.base import PipelineStep

from sikap.articles.chunks import IngestRequest, Piece
from sikap.articles.integrity import digest_problem
from sikap.articles.read_chunks import Reader
from sikap.distributed.documents import FILE, article_document, document_article
from sikap.distributed.shards import Digest, shard, whole, write_note
from sikap.errors import InputError, Problem
from sikap.sources.read import Seen, read_sources
from sikap.storage.external_sort import as_bytes
from sikap.storage.files import encode_line, uncollected

REJECTS, DOCUMENTS, RUN = "rejects", "documents", ".run"


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """Places that every task cuts into the same pieces; ``base`` and ``name`` as for ``pieces``.

    Places are URLs or absolute, so that they mean the same wherever a task runs.
    """

    places: tuple[str, ...]
    base: Path
    name: Callable[[Path], str]
    request: IngestRequest

    def pieces(self, seen: Seen | None = None) -> Iterator[Piece | Problem]:
        """Yield the pieces, in the order that all tasks count them in."""
        return read_sources(self.places, self.base, self.name, self.request, seen)


class Fingerprint(Digest):
    """A digest of all pieces that go past: equal where sources are."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces = 0

    def past(self, pieces: Iterable[Piece | Problem]) -> Iterator[Piece | Problem]:
        """Pass pieces on."""
        for piece in pieces:
            self.add(msgspec.msgpack.encode(piece))
            self.pieces += 1
            yield piece


class ReadSources(PipelineStep):
    """Read every so-many-eth piece of the sources as documents of articles.

    All pieces are cut by every task, and read by one; ``digest`` is what the fingerprint of all
    must be. What is set aside goes to a shard in ``work``. Raises InputError (``shard``) where the
    sources are others; the task has not come to its end then.
    """

    name = "sources"
    type = "READER"

    def __init__(self, sources: Sources, reader: Reader, digest: str, work: DataFolderLike) -> None:
        super().__init__()
        self.sources = sources
        self.reader = reader
        self.digest = digest
        self.work = get_datafolder(work)

    def run(
        self, data: Iterator[Document] | None = None, rank: int = 0, world_size: int = 1
    ) -> Iterator[Document]:
        """Yield what came before, and then the articles of this task."""
        yield from data or ()
        seen, written, found = Fingerprint(), Digest(), 0
        with whole(self.work, shard(REJECTS, rank, world_size)) as rejects:
            for number, piece in enumerate(seen.past(self.sources.pieces())):
                if number % world_size != rank:
                    continue
                with uncollected():
                    outcomes = list(self.reader.articles(piece))
                found += len(outcomes)
                for outcome in outcomes:
                    if isinstance(outcome, Problem):
                        rejects.write(written.add(encode_line(outcome)))
                    else:
                        self.stat_update("articles")
                        yield article_document(outcome, piece.file)
            if seen.sha256 != self.digest:
                raise InputError(_changed(rank, world_size))
        write_note(self.work, REJECTS, rank, world_size, written.note({"found": found}))


class WriteEntries(PipelineStep):
    """Write articles, with what people should look at in them, as entries of a shard in ``work``.

    Texts that are not as they were frozen go into the task's note.
    """

    name = "entries"
    type = "WRITER"

    def __init__(self, reader: Reader, work: DataFolderLike) -> None:
        super().__init__()
        self.reader = reader
        self.work = get_datafolder(work)

    def run(
        self, data: Iterator[Document] | None, rank: int = 0, world_size: int = 1
    ) -> Iterator[Document]:
        """Pass the articles on; the shard stands there once all have passed."""
        digest, problems = Digest(), list[Problem]()
        with whole(self.work, shard(DOCUMENTS, rank, world_size, RUN)) as entries:
            for document in data or ():
                article, file = document_article(document), document.metadata[FILE]
                changed = digest_problem(article, file, None)
                if changed is not None:
                    problems.append(changed)
                    continue
                with self.track_time():
                    entries.write(digest.add(as_bytes(self.reader.entry(article, file))))
                self.stat_update("entries")
                yield document
        write_note(self.work, DOCUMENTS, rank, world_size, digest.note({}, problems))


def _changed(rank: int, tasks: int) -> Problem:
    found = "the sources are other ones than when the run was planned"
    fix = "let nobody change them, and run again"
    return Problem(code="shard", file=shard(REJECTS, rank, tasks), found=found, fix=fix)
