"""What is read at once: a document, or some lines or rows of a file of many articles."""

from typing import Literal

import msgspec

Format = Literal["text", "html", "jsonl", "csv", "tsv", "parquet"]


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes of a source that are read by themselves, whatever stands before or after them.

    Of a text or a web page it is the whole document; of a table some of its rows, the first of them
    ``line`` in the file, counted from 1, with whatever is needed to read them (a header, a schema).
    ``file`` is the name that people see, ``source`` the path inside the folder that it came from,
    or its URL; ``article_id`` is the id of a document, empty for a table.
    """

    format: Format
    file: str
    source: str
    data: bytes
    article_id: str = ""
    line: int = 1
    metadata_file: str = ""
    metadata: bytes | None = None


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """How pieces are read: what is taken where a source does not say it, and names of columns.

    ``columns`` maps fields of an article to the columns that hold them (``article_id``, ``text``,
    ``title``, ``author``, ``outlet``, ``published``, ``licence``, ``language``, ``source``).
    """

    language: str
    licence: str | None = None
    columns: dict[str, str] = {}
