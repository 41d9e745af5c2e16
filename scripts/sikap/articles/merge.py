"""When documents meet articles: what is new, what is the same, what contradicts what is there.

A document becomes an entry of bytes, so that very many can be sorted by id outside of memory.
"""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import msgspec

from sikap.errors import Problem
from sikap.records import Article
from sikap.storage.files import encode_line

Change = Literal["added", "updated", "unchanged", "kept", "none"]
SAID = ("language", "title", "author", "outlet", "published", "licence", "source")
"""What a source says of an article: other values are named, and taken over with --update."""
NAMED = 5
"""How many files with one id are named."""
_DIGEST = 32
_DECODE = msgspec.json.Decoder(Article).decode


class Known(NamedTuple):
    """An article of articles.jsonl: its line, and what says whether another one is the same."""

    key: bytes
    print: bytes
    cluster: str | None
    line: bytes


class Document(NamedTuple):
    """What was read of a document, with the lines of what people should look at in it."""

    file: str
    print: bytes
    line: bytes
    warnings: tuple[bytes, ...]


class Outcome(NamedTuple):
    """What becomes of an id: ``line`` is its article, None where there is none.

    ``warnings`` is None where those of earlier runs still hold; ``repeated`` counts documents that
    were there a second time.
    """

    change: Change
    line: bytes | None
    cluster: str | None = None
    warnings: tuple[bytes, ...] | None = None
    problems: tuple[Problem, ...] = ()
    repeated: int = 0


def key_of(article_id: str) -> bytes:
    """What ids are sorted by: UTF-8, in which they come as Python sorts texts, by code points."""
    return article_id.encode()


def known(article: Article, line: bytes) -> Known:
    """An article as it stands on a line, its line end included."""
    return Known(key_of(article.article_id), _print(article), article.cluster, line)


def pack(article: Article, file: str, warnings: Iterable[Problem]) -> tuple[bytes, bytes]:
    """A document as key and value; equal documents of one id follow each other when sorted."""
    lines = b"".join([encode_line(article), *map(encode_line, warnings)])
    name = file.encode("utf-8", "backslashreplace")
    return key_of(article.article_id), b"".join([name, b"\0", _print(article), lines])


def unpack(value: bytes) -> Document:
    """What ``pack`` made a value of."""
    name, _, rest = value.partition(b"\0")
    line, *warnings = rest[_DIGEST:].splitlines(keepends=True)
    return Document(name.decode(), rest[:_DIGEST], line, tuple(warnings))


def meet(old: Known | None, documents: Iterable[Document], *, update: bool) -> Outcome:
    """Settle one id: its article of earlier runs, and the documents that have it now, if any.

    Documents that differ among themselves are all rejected; one of several equal ones is taken,
    the first in the order given. Holds one of them at a time.
    """
    first, files, repeated, differ = None, dict[str, None](), 0, False
    for document in documents:
        files[document.file] = None
        if first is None:
            first = document
        else:
            repeated += 1
            differ = differ or document.print != first.print
    stays = Outcome("none", None) if old is None else Outcome("kept", old.line, old.cluster)
    if first is None:
        return stays
    if differ:
        key = _DECODE(first.line).article_id
        return stays._replace(problems=tuple(_duplicates(key, list(files))))
    if old is None:
        return Outcome("added", first.line, None, first.warnings, repeated=repeated)
    if old.print == first.print:
        return Outcome("unchanged", old.line, old.cluster, first.warnings, repeated=repeated)
    return _other(old, first, stays, update=update)._replace(repeated=repeated)


def _other(old: Known, new: Document, stays: Outcome, *, update: bool) -> Outcome:
    before, now = _DECODE(old.line), _DECODE(new.line)
    conflict = _conflict(before, now, new.file)
    if conflict is None:  # only what the tool itself finds out has changed
        kept = msgspec.structs.replace(before, identified_language=now.identified_language)
        return Outcome("unchanged", encode_line(kept), old.cluster, new.warnings)
    if update:
        return Outcome("updated", new.line, None, new.warnings)
    return stays._replace(problems=(conflict,))


def _said(article: Article) -> tuple[str | None, ...]:
    """Everything that a source says of an article; a path is where it lay, and says nothing."""
    source = article.source if "://" in article.source else None
    return (*(getattr(article, name) for name in SAID[:-1]), source)


def _print(article: Article) -> bytes:
    said = (article.text_sha256, *_said(article), article.identified_language)
    return hashlib.sha256(msgspec.json.encode(said)).digest()


def _conflict(old: Article, new: Article, file: str) -> Problem | None:
    if old.text != new.text:
        code, found = "text-changed", "it has another text than when it was ingested"
    else:
        pairs = zip(SAID, _said(old), _said(new), strict=True)
        changed = [name for name, before, now in pairs if before != now]
        if not changed:
            return None
        code, found = "metadata", f"it was ingested with another {' and '.join(changed)}"
    fix = "run again with --update to take it over, or restore the document"
    return Problem(code=code, file=file, id=new.article_id, found=found, fix=fix)


def _duplicates(article_id: str, files: list[str]) -> Iterator[Problem]:
    more = f" and {len(files) - NAMED} more" if len(files) > NAMED else ""
    found = f"one id for {', '.join(files[:NAMED])}{more}"
    fix = "rename all but one, or ingest one alone"
    if len(files) == 1:
        found = "one id for articles that differ"
        fix = "give each an id of its own, or map article_id to another column"
    for file in files:
        yield Problem(code="duplicate-id", file=file, id=article_id, found=found, fix=fix)


def order(problem: Problem) -> bytes:
    """What problems are sorted by: file, line, code, id and what was found, as bytes."""
    line = (problem.line or 0).to_bytes(8, "big")
    texts = (problem.file, problem.code, problem.id, problem.found)
    file, *rest = (text.encode("utf-8", "surrogatepass") for text in texts)
    return b"\0".join([file, line, *rest])
