"""Pieces of sources become articles, and these entries that are sorted by id."""

from collections.abc import Iterator

import msgspec

from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.language_id import identified_language
from sikap.articles.merge import pack
from sikap.articles.publication_date import published_in
from sikap.articles.readers.read import read
from sikap.articles.warnings import observe
from sikap.errors import Problem
from sikap.languages import RuleBook
from sikap.records import Article
from sikap.storage.external_sort import Entry
from sikap.storage.files import uncollected

Batch = tuple[Piece | Problem, ...]


class Reader:
    """Reads batches of pieces: entries of documents, and problems. Withdrawn ids are problems."""

    def __init__(self, options: ReadOptions, book: RuleBook, gone: frozenset[str]) -> None:
        self._options = options
        self._book = book
        self._gone = gone

    def __call__(self, batch: Batch) -> list[Entry | Problem]:
        """What became of every document, in order."""
        with uncollected():
            return [
                article if isinstance(article, Problem) else self.entry(article, piece.file)
                for piece in batch
                for article in self.articles(piece)
            ]

    def articles(self, piece: Piece | Problem) -> Iterator[Article | Problem]:
        """Yield the articles in a piece, with their language and day found out, or problems."""
        if isinstance(piece, Problem):
            yield piece
        elif piece.article_id in self._gone and piece.format in ("text", "html"):
            yield _withdrawn(piece.article_id, piece.file)
        else:
            for article in read(piece, self._options):
                if isinstance(article, Problem):
                    yield article
                elif article.article_id in self._gone:
                    yield _withdrawn(article.article_id, piece.file)
                else:
                    yield self._found_out(article)

    def entry(self, article: Article, file: str) -> Entry:
        """An article with what people should look at in it; ``file`` is what it was read from."""
        rules = self._book.rules(article.language, article.outlet)
        return pack(article, file, observe(article, rules, file))

    def _found_out(self, article: Article) -> Article:
        rules = self._book.rules(article.language, article.outlet)
        return msgspec.structs.replace(
            article,
            identified_language=identified_language(article.text),
            published=article.published or published_in(article.text, rules),
        )


def _withdrawn(article_id: str, file: str) -> Problem:
    found = "the article was withdrawn"
    fix = "delete the document, or take its line out of dataset/withdrawn.jsonl"
    return Problem(code="withdrawn", file=file, id=article_id, found=found, fix=fix)
