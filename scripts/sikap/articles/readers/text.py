"""A plain text, one article, with what the metadata file beside it says."""

from collections.abc import Iterator

import msgspec

from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.normalise import freeze
from sikap.articles.readers.metadata import article, beside
from sikap.errors import Problem
from sikap.records import Article


def read_text(piece: Piece, options: ReadOptions) -> Iterator[Article | Problem]:
    """Yield the article, or what is wrong with its metadata or its bytes."""
    metadata = beside(piece)
    if isinstance(metadata, Problem):
        yield metadata
        return
    frozen = freeze(piece.data, piece.file, piece.encoding)
    if isinstance(frozen, Problem):
        yield msgspec.structs.replace(frozen, id=piece.article_id)
        return
    yield article(piece, piece.article_id, frozen, metadata, options, piece.data)
