"""What a metadata file or the columns of a table can say of an article."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import msgspec

from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.normalise import Frozen
from sikap.articles.publication_date import iso_day
from sikap.dates import is_day
from sikap.errors import Problem
from sikap.patterns import LANGUAGE, suggest_language
from sikap.records import Article
from sikap.storage.files import sha256

_BOM = b"\xef\xbb\xbf"
_URL = re.compile(r"https?://[^\s/]+\S*")


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """What a metadata file can say: strings or null; ``published`` is an ISO date."""

    title: str | None = None
    author: str | None = None
    outlet: str | None = None
    published: str | None = None
    licence: str | None = None
    language: str | None = None
    source: str | None = None

    def over(self, other: "Metadata") -> "Metadata":
        """These, and of the other what these do not say."""
        names = self.__struct_fields__
        return Metadata(**{n: getattr(self, n) or getattr(other, n) for n in names})


def article(
    piece: Piece,
    article_id: str,
    frozen: Frozen,
    metadata: Metadata,
    options: ReadOptions,
    raw: bytes,
) -> Article:
    """An article of its frozen text, what is said of it, and the bytes that it came in."""
    return Article(
        article_id=article_id,
        text=frozen.text,
        text_sha256=sha256(frozen.text),
        raw_sha256=sha256(raw),
        source=metadata.source or piece.source,
        language=metadata.language or options.language,
        title=metadata.title,
        author=metadata.author,
        outlet=metadata.outlet,
        published=metadata.published,
        licence=metadata.licence or options.licence,
        encoding=frozen.encoding,
        normalised=frozen.normalised,
    )


def beside(piece: Piece) -> Metadata | Problem:
    """What the metadata file beside a document says; nothing where there is none."""
    if piece.metadata is None:
        return Metadata()
    try:
        values = msgspec.json.decode(piece.metadata.removeprefix(_BOM))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        findings = [f"it is not JSON: {error}"]
    else:
        findings = list(_check(values))
    if not findings:
        return Metadata(**values)
    return Problem(
        code="metadata",
        file=piece.metadata_file,
        id=piece.article_id,
        found="; ".join(findings),
        fix=f"correct it: an object with any of {', '.join(Metadata.__struct_fields__)}",
    )


def usable(key: str, value: str | None) -> str | None:
    """A value that a page gives, on one line; None where a metadata file could not say it."""
    line = " ".join(value.split()) if value else ""
    return None if not line or wrong(key, line) else line


def wrong(key: str, value: str) -> str:
    """What is wrong with a value of a key; empty where nothing is."""
    if not value.strip():
        return "is empty"
    if not value.isprintable() and any(unicodedata.category(one) in ("Cc", "Cs") for one in value):
        return "has a control character"
    if key == "published" and not is_day(value):
        return "is no day written as 2023-11-23"
    if key == "language" and not LANGUAGE.fullmatch(value):
        return f"is no language tag; {suggest_language(value)}"
    if key == "source" and not _URL.fullmatch(value):
        return "is no web address"
    return ""


def day_of(value: Any, language: str) -> str | None:  # noqa: ANN401 -- whatever a column holds
    """The day that a cell names; None where it names none that can be read."""
    if isinstance(value, str) and is_day(value[:10]) and value[10:11] in ("", " ", "T"):
        return value[:10]
    return iso_day(value, language) if isinstance(value, str | int | float) else None


def _check(values: object) -> Iterator[str]:
    if not isinstance(values, dict):
        yield "it is no JSON object"
        return
    for key, value in values.items():
        if key not in Metadata.__struct_fields__:
            yield f"it has an unknown key {key[:60]!r}"
        elif value is not None and not isinstance(value, str):
            yield f"{key} is no string but {str(value)[:60]}"
        elif isinstance(value, str) and (error := wrong(key, value)):
            yield f"{key} {value[:60]!r} {error}"
