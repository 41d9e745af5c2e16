"""From the bytes of a document and of its metadata to an article, or to what is wrong with it."""

import calendar
import re
import unicodedata
from collections.abc import Iterator

import msgspec

from sikap.errors import Problem
from sikap.ingest.normalise import Frozen, freeze
from sikap.ingest.pieces import Piece, Reading
from sikap.records import Article
from sikap.store import sha256

_BOM = b"\xef\xbb\xbf"
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_URL = re.compile(r"https?://[^\s/]+\S*")


class Raw(msgspec.Struct, frozen=True, kw_only=True):
    """A document as received: its bytes, and those of the metadata file beside it, if any.

    ``source`` is its path inside the folder it came from; ``file`` and ``metadata_file`` are the
    names that people see.
    """

    article_id: str
    source: str
    file: str
    data: bytes
    metadata_file: str = ""
    metadata: bytes | None = None


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """What a metadata file can say: strings or null; ``published`` is an ISO date."""

    title: str | None = None
    outlet: str | None = None
    published: str | None = None
    licence: str | None = None
    language: str | None = None
    source: str | None = None


def read(piece: Piece, reading: Reading) -> Iterator[Article | Problem]:
    """Yield the articles of a piece, and what is wrong with what is none."""
    raw = Raw(
        article_id=piece.article_id,
        source=piece.source,
        file=piece.file,
        data=piece.data,
        metadata_file=piece.metadata_file,
        metadata=piece.metadata,
    )
    article = read_text(raw, reading.language)
    if isinstance(article, Article) and article.licence is None:
        article = msgspec.structs.replace(article, licence=reading.licence)
    yield article


def read_text(raw: Raw, language: str) -> Article | Problem:
    """Make an article of plain text; ``language`` is taken where the metadata name none."""
    metadata = _metadata(raw) if raw.metadata is not None else Metadata()
    if isinstance(metadata, Problem):
        return metadata
    frozen = freeze(raw.data, raw.file)
    if isinstance(frozen, Problem):
        return msgspec.structs.replace(frozen, id=raw.article_id)
    return _article(raw, frozen, metadata, language)


def _article(raw: Raw, frozen: Frozen, metadata: Metadata, language: str) -> Article:
    return Article(
        article_id=raw.article_id,
        text=frozen.text,
        text_sha256=sha256(frozen.text),
        raw_sha256=sha256(raw.data),
        source=metadata.source or raw.source,
        language=metadata.language or language,
        title=metadata.title,
        outlet=metadata.outlet,
        published=metadata.published,
        licence=metadata.licence,
        encoding=frozen.encoding,
        normalised=frozen.normalised,
    )


def _metadata(raw: Raw) -> Metadata | Problem:
    try:
        values = msgspec.json.decode((raw.metadata or b"").removeprefix(_BOM))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        findings = [f"it is not JSON: {error}"]
    else:
        findings = list(_check(values))
    if not findings:
        return Metadata(**values)
    return Problem(
        code="metadata",
        file=raw.metadata_file,
        id=raw.article_id,
        found="; ".join(findings),
        fix=f"correct it: an object with any of {', '.join(Metadata.__struct_fields__)}",
    )


def _check(values: object) -> Iterator[str]:
    if not isinstance(values, dict):
        yield "it is no JSON object"
        return
    for key, value in values.items():
        if key not in Metadata.__struct_fields__:
            yield f"it has an unknown key {key[:60]!r}"
        elif value is not None and not isinstance(value, str):
            yield f"{key} is no string but {str(value)[:60]}"
        elif isinstance(value, str) and (error := _wrong(key, value)):
            yield f"{key} {value[:60]!r} {error}"


def _wrong(key: str, value: str) -> str:
    if not value.strip():
        return "is empty"
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in value):
        return "has a control character"
    if key == "published" and not _is_date(value):
        return "is no day written as 2023-11-23"
    if key == "language" and not _LANGUAGE.fullmatch(value):
        return "is no language code such as id or pt-BR"
    if key == "source" and not _URL.fullmatch(value):
        return "is no web address"
    return ""


def _is_date(value: str) -> bool:
    match = _DATE.fullmatch(value)
    if not match:
        return False
    year, month, day = (int(part) for part in match.groups())
    return year > 0 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
