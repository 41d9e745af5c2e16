"""The steps from articles to sentences: a reader, the segmentation, a writer.

Other steps of datatrove can stand between, as filters and statistics; a step that changes the text
of an article is found out, as its digest does not fit.

A file of lines cut into parts of whole lines, the same whoever cuts it.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import IO

from datatrove.data import Document
from datatrove.io import DataFolderLike, get_datafolder
from datatrove.pipeline.base import PipelineStep

from sikap.articles.integrity import digest_problem, read_block
from sikap.distributed.documents import (
    article_document,
    document_article,
    document_sentence,
    sentence_document,
)
from sikap.distributed.shards import Digest, Note, shard, whole, write_note
from sikap.errors import Problem
from sikap.languages import RuleBook
from sikap.records import Article
from sikap.segmentation.sentences import check_sentences, segment
from sikap.storage.blocks import blocks_of
from sikap.storage.files import encode_line


def cut(file: IO[bytes], size: int, rank: int, parts: int) -> tuple[int, int]:
    """Where one of ``parts`` parts of a file begins and ends, as bytes; a part may be empty.

    Parts lie one after the other. A line belongs to the part that its first byte falls into.
    """
    return _line(file, size, rank, parts), _line(file, size, rank + 1, parts)


def _line(file: IO[bytes], size: int, rank: int, parts: int) -> int:
    """The beginning of the first line at or after so many parts of the file."""
    near = size * rank // parts
    if near in (0, size):
        return near
    file.seek(near - 1)
    file.readline()
    return file.tell()


READ, SEGMENTED, SENTENCES = "read", "segmented", "sentences"


class ReadArticles(PipelineStep):
    """Read a part of a file of articles as documents.

    ``source`` is the folder of ``file``, ``name`` what people know the file by; articles whose ids
    are in ``without`` are left out. What cannot be read goes into the task's note in ``work``.
    """

    name = "articles"
    type = "READER"

    def __init__(
        self,
        source: DataFolderLike,
        file: str,
        work: DataFolderLike,
        *,
        name: str = "articles.jsonl",
        without: Collection[str] = (),
    ) -> None:
        super().__init__()
        self.source, self.file = get_datafolder(source), file
        self.work = get_datafolder(work)
        self.shown = name
        self.without = frozenset(without)

    def run(
        self, data: Iterator[Document] | None = None, rank: int = 0, world_size: int = 1
    ) -> Iterator[Document]:
        """Yield what came before, and then the articles of this task."""
        yield from data or ()
        digest, lines, problems = Digest(), 0, list[Problem]()
        articles = list[Article]()
        with self.source.open(self.file, "rb") as file:
            start, end = cut(file, self.source.size(self.file), rank, world_size)
            file.seek(start)
            for block in blocks_of(file, end - start):
                digest.add(block.data)
                lines += block.data.count(b"\n")
                problems += read_block(block, self.shown, lambda one, _: articles.append(one))
                for article in articles:
                    if article.article_id not in self.without:
                        self.stat_update("articles")
                        yield article_document(article, self.shown)
                articles.clear()
        write_note(self.work, READ, rank, world_size, digest.note({"lines": lines}, problems))


class SegmentArticles(PipelineStep):
    """Make sentences of articles, by the rules of their languages and outlets.

    Texts that are not as they were frozen, and wrong spans, go into the task's note in ``work``.
    """

    name = "segment"
    type = "SEGMENT"

    def __init__(
        self, rules: RuleBook, work: DataFolderLike, *, name: str = "articles.jsonl"
    ) -> None:
        super().__init__()
        self.rules = rules
        self.work = get_datafolder(work)
        self.shown = name

    def run(
        self, data: Iterator[Document] | None, rank: int = 0, world_size: int = 1
    ) -> Iterator[Document]:
        """Yield the sentences of the articles as documents, in order."""
        problems, articles = list[Problem](), 0
        for document in data or ():
            article = document_article(document)
            articles += 1
            changed = digest_problem(article, self.shown, None)
            if changed is not None:
                problems.append(changed)
                continue
            with self.track_time():
                rules = self.rules.rules(article.language, article.outlet)
                sentences = segment(article, rules)
                problems += check_sentences(article, sentences)
            for sentence in sentences:
                yield sentence_document(sentence)
        note = Note(counts={"articles": articles}, problems=tuple(problems))
        write_note(self.work, SEGMENTED, rank, world_size, note)


class WriteSentences(PipelineStep):
    """Write sentences as lines of a shard in ``work``, in the bytes of sentences.jsonl.

    datatrove's own writer gives a line of another form: it nests the metadata, and leaves out what
    is empty or nought.
    """

    name = "sentences"
    type = "WRITER"

    def __init__(self, work: DataFolderLike) -> None:
        super().__init__()
        self.work = get_datafolder(work)

    def run(
        self, data: Iterator[Document] | None, rank: int = 0, world_size: int = 1
    ) -> Iterator[Document]:
        """Pass the sentences on; the shard stands there once all have passed."""
        digest, kinds = Digest(), Counter[str]()
        with whole(self.work, shard(SENTENCES, rank, world_size)) as file:
            for document in data or ():
                sentence = document_sentence(document)
                kinds[sentence.kind] += 1
                file.write(digest.add(encode_line(sentence)))
                self.stat_update("sentences")
                yield document
        write_note(self.work, SENTENCES, rank, world_size, digest.note(kinds))
