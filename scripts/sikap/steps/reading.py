"""What goes to many processes: batches of pieces, and blocks of articles.jsonl, which are read."""

from collections.abc import Iterable, Iterator

from sikap.articles.chunks import Piece
from sikap.articles.integrity import read_block
from sikap.articles.merge import Known, known
from sikap.articles.read_chunks import Batch
from sikap.errors import Problem
from sikap.storage.blocks import Block
from sikap.storage.files import uncollected

TOGETHER = 1 << 20
"""Bytes of small documents that go to a process at once."""
MANY = 256


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


class Checker:
    """Reads blocks of articles.jsonl: what is known, and what is wrong with it."""

    def __init__(self, file: str) -> None:
        self._file = file

    def __call__(self, block: Block) -> tuple[list[Known], list[Problem]]:
        """The articles of a block in its order, and its problems."""
        found: list[Known] = []
        with uncollected():
            problems = list(
                read_block(
                    block, self._file, lambda article, line: found.append(known(article, line))
                )
            )
        return found, problems
