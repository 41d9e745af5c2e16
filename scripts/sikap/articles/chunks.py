"""What is read at once: a document, or some lines or rows of a file of many articles."""

import unicodedata

import msgspec

from sikap.errors import Problem
from sikap.formats.detect import Format

ID_LENGTH = 512
"""Code points in the id of an article."""
MOST_BYTES = 32 << 20
"""Bytes of one document, line or row, unpacked: more is set aside, not held in memory."""


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes of a source that are read by themselves, whatever stands before or after them.

    Of a text or a web page ``data`` is the whole document. Of a table it is some of its rows, the
    first of them ``line`` in the file, counted from 1: lines in UTF-8, whatever the file was in;
    for CSV and TSV the header before them; for Parquet, where ``line`` counts rows, a stream of
    Arrow with the columns that are read. Of a list in JSON it is an entry a line, and ``line``
    counts entries. ``file`` is the name that people see, ``source`` the path inside the folder that
    it came from, or its URL; ``article_id`` is the id of a document, and what the ids of rows begin
    with that have none. ``encoding`` is that of the file: of a table always, of a document
    where the user named it, else empty.
    """

    format: Format
    file: str
    source: str
    data: bytes
    article_id: str
    line: int = 1
    encoding: str = ""
    metadata_file: str = ""
    metadata: bytes | None = None


class IngestRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How you want sources to be read; the fields are the options of ``sikap ingest``.

    ``language`` is that of articles whose source names none. ``columns`` maps fields of an article
    to the columns that hold them (``article_id``, ``text``, ``title``, ``author``, ``outlet``,
    ``published``, ``licence``, ``language``, ``source``); an empty name has the field read from
    none. ``format`` is that of files named one by one and of standard input, whatever they are
    called; ``encoding`` that of all documents and tables but Parquet.
    """

    language: str | None = None
    columns: dict[str, str] = {}
    format: Format | None = None
    encoding: str = ""


class ReadOptions(IngestRequest, frozen=True, kw_only=True):
    """A request, and what the settings of a project say where it says nothing."""

    language: str
    licence: str | None = None


def unusable_id(article_id: str, file: str, line: int | None = None) -> Problem | None:
    """What keeps a text from being the id of an article, if anything."""
    if not article_id or any(unicodedata.category(one) in ("Cc", "Cs") for one in article_id):
        code, found = "encoding", "its name cannot be an id"
        fix = "give it a name in UTF-8 without control characters"
    elif len(article_id) > ID_LENGTH:
        code, found = "schema", f"its id or path has {len(article_id)} characters"
        fix = f"use up to {ID_LENGTH}"
    else:
        return None
    return Problem(code=code, file=file, line=line, found=found, fix=fix)
