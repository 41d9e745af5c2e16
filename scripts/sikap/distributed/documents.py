"""Records as datatrove's documents and back, without loss.

A document has an id, a text and metadata; an article or a sentence has its other fields there. What
steps between add to the metadata is passed over.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from datatrove.data import Document

from sikap.records import Article, Sentence

Record = TypeVar("Record", Article, Sentence)
FILE = "file"
"""The key of the file that an article was read from, as people see it."""


def article_document(article: Article, file: str) -> Document:
    """An article as a document, with the file that it was read from."""
    document = _document(article, article.article_id, "article_id")
    document.metadata[FILE] = file
    return document


def document_article(document: Document) -> Article:
    """The article in a document; raises msgspec.ValidationError where it holds none."""
    return _record(document, "article_id", Article)


def sentence_document(sentence: Sentence) -> Document:
    """A sentence as a document."""
    return _document(sentence, sentence.sentence_id, "sentence_id")


def document_sentence(document: Document) -> Sentence:
    """The sentence in a document; raises msgspec.ValidationError where it holds none."""
    return _record(document, "sentence_id", Sentence)


def _document(record: Article | Sentence, id_: str, key: str) -> Document:
    fields = msgspec.structs.asdict(record)
    del fields[key]
    return Document(text=fields.pop("text"), id=id_, metadata=fields)


def _record(document: Document, key: str, type_: type[Record]) -> Record:
    metadata: Mapping[str, Any] = document.metadata
    fields = {name: metadata[name] for name in type_.__struct_fields__ if name in metadata}
    return msgspec.convert({**fields, key: document.id, "text": document.text}, type_)
