"""Pieces of sources and blocks of articles.jsonl, read: the work of many processes."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from sikap.errors import Problem
from sikap.ingest.dates import published_in
from sikap.ingest.frozen import check_frozen
from sikap.ingest.identify import identified_language
from sikap.ingest.meeting import Known, known, pack
from sikap.ingest.observations import observe
from sikap.ingest.pieces import Piece, Reading
from sikap.ingest.readers import read
from sikap.languages import RuleBook
from sikap.records import Article
from sikap.runs import Entry
from sikap.store import try_lines, uncollected
from sikap.streams import Block

TOGETHER = 1 << 20
"""Bytes of small documents that go to a process at once."""
MANY = 256
Batch = tuple[Piece | Problem, ...]


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


class Reader:
    """Reads batches of pieces: entries of documents, and problems. Withdrawn ids are problems."""

    def __init__(self, reading: Reading, book: RuleBook, gone: frozenset[str]) -> None:
        self._reading = reading
        self._book = book
        self._gone = gone

    def __call__(self, batch: Batch) -> list[Entry | Problem]:
        """What became of every document, in order."""
        with uncollected():
            return [outcome for piece in batch for outcome in self._read(piece)]

    def _read(self, piece: Piece | Problem) -> Iterator[Entry | Problem]:
        if isinstance(piece, Problem):
            yield piece
        elif piece.article_id in self._gone and piece.format in ("text", "html"):
            yield _withdrawn(piece.article_id, piece.file)
        else:
            for article in read(piece, self._reading):
                if isinstance(article, Problem):
                    yield article
                elif article.article_id in self._gone:
                    yield _withdrawn(article.article_id, piece.file)
                else:
                    yield self._entry(article, piece.file)

    def _entry(self, article: Article, file: str) -> Entry:
        rules = self._book.rules(article.language, article.outlet)
        article = msgspec.structs.replace(
            article,
            identified_language=identified_language(article.text),
            published=article.published or published_in(article.text, rules),
        )
        return pack(article, file, list(observe(article, rules, file)))


def _withdrawn(article_id: str, file: str) -> Problem:
    found = "the article was withdrawn"
    fix = "delete the document, or take its line out of dataset/withdrawn.jsonl"
    return Problem(code="withdrawn", file=file, id=article_id, found=found, fix=fix)


def read_block(
    block: Block, file: str, what: Callable[[Article, bytes], None]
) -> Iterator[Problem]:
    """Give each article of a block, with its line, to ``what``; yield what is wrong instead."""
    articles, problems = try_lines(block.data, Article, file, block.line)
    if problems:
        yield from problems
        return
    lines = block.data.split(b"\n")
    for place, article in enumerate(articles):
        wrong = list(check_frozen(article, file, block.line + place))
        if wrong:
            yield from wrong
        else:
            what(article, lines[place] + b"\n")


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
