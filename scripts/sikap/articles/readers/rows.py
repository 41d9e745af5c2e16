"""From one row of a table, as names and values, to an article.

Which column of a table holds which field of an article, said or found by its name.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from sikap.articles.chunks import Piece, ReadOptions, unusable_id
from sikap.articles.normalise import freeze_text
from sikap.articles.readers.metadata import Metadata, article, day_of, wrong
from sikap.errors import Problem
from sikap.records import Article

NAMES: dict[str, tuple[str, ...]] = {
    "article_id": ("article_id", "id", "doc_id", "uuid", "guid", "_id"),
    "text": (
        "text", "content", "body", "isi", "article", "article_text", "konten", "teks", "berita",
    ),
    "title": ("title", "judul", "headline"),
    "author": ("author", "penulis", "authors", "byline", "wartawan"),
    "outlet": ("outlet", "host", "source", "publisher", "site_name", "domain", "media"),
    "published": (
        "published", "date", "published_at", "tanggal", "publish_date", "published_date",
        "date_published", "publication_date", "pubdate", "datetime", "waktu", "timestamp",
    ),
    "licence": ("licence", "license", "lisensi"),
    "language": ("language", "lang", "bahasa"),
    "source": ("url", "link", "source_url", "canonical_url", "permalink", "tautan"),
}  # fmt: skip
"""Names that columns go by, best first, whatever their case."""


def chosen(names: Iterable[str], columns: Mapping[str, str]) -> dict[str, str]:
    """The column of each field that one of ``names`` stands for.

    ``columns`` says it for the fields it names; no other field takes such a column.
    """
    there = {name.strip().lower(): name for name in reversed(list(names))}
    exact = {*there.values()}
    said = {field: name for field, name in columns.items() if name in exact}
    taken = {*columns.values()}
    found = dict(said)
    for field, known in NAMES.items():
        if field in columns:
            continue
        column = next((there[n] for n in known if n in there and there[n] not in taken), None)
        if column is not None:
            found[field] = column
            taken.add(column)
    return {field: found[field] for field in NAMES if field in found}


def lacking(names: Iterable[str], columns: Mapping[str, str], file: str) -> Problem | None:
    """What keeps a table with such a header from being read as articles, if anything."""
    header = [*names]
    found = chosen(header, columns)
    missing = [name for name in columns.values() if name and name not in header]
    if "text" in found and not missing:
        return None
    shown = ", ".join(repr(name[:40]) for name in header[:20]) or "none"
    if missing:
        what = f"it has no column {' and no column '.join(map(repr, missing))}; it has {shown}"
    else:
        what = f"no column is known to hold the text; it has {shown}"
    fix = "name the column, as --column text=NAME or in [tool.sikap.columns]"
    return Problem(code="table-column", file=file, found=what, fix=fix)


_FIX = "correct the row, or name other columns with --column FIELD=NAME (--column FIELD= for none)"


class Rows:
    """Makes articles of the rows of one piece."""

    def __init__(self, piece: Piece, options: ReadOptions) -> None:
        self.piece = piece
        self.options = options
        self._choices: dict[tuple[str, ...], dict[str, str]] = {}

    def choice(self, names: Iterable[str]) -> dict[str, str]:
        """The column of each field in rows with such names."""
        key = tuple(names)
        if key not in self._choices:
            self._choices[key] = chosen(key, self.options.columns)
        return self._choices[key]

    def article(self, row: Mapping[str, Any], raw: bytes, line: int) -> Article | Problem:
        """An article of a row, ``raw`` its own bytes; or a Problem with all that is wrong."""
        choice = self.choice(row)
        article_id = self._id(row.get(choice.get("article_id", "")), line)
        if isinstance(article_id, Problem):
            return article_id
        values, findings = {}, []
        for field, column in choice.items():
            if field in {"article_id", "text"} or (value := row[column]) is None:
                continue
            said, error = self._value(field, value)
            if error:
                findings.append(f"{column[:40]!r}: {error}")
            elif said:
                values[field] = said
        if findings:
            return self.problem("metadata", "; ".join(findings), line, article_id)
        text = row.get(choice["text"]) if "text" in choice else None
        if not isinstance(text, str):
            return self.problem("schema", self._no_text(choice, text, row), line, article_id)
        frozen = freeze_text(text, self.piece.file, self.piece.encoding)
        if isinstance(frozen, Problem):
            found = f"of the text, in its line {frozen.line}: {frozen.found}"
            found = frozen.found if frozen.line is None else found
            return self.problem(frozen.code, found, line, article_id, frozen.fix)
        return article(
            self.piece, article_id, frozen, Metadata(**values), self.options, raw
        )  # fmt: skip

    def problem(self, code: str, found: str, line: int, id_: str = "", fix: str = _FIX) -> Problem:
        """A problem of the row that begins on a line."""
        return Problem(
            code=code, file=self.piece.file, line=line, id=id_, found=found[:600], fix=fix
        )

    def _id(self, value: Any, line: int) -> str | Problem:  # noqa: ANN401 -- of any column
        if value is None or value == "":
            id_ = f"{self.piece.article_id}/{line}"
        elif isinstance(value, str | int) and not isinstance(value, bool):
            id_ = str(value)
        else:
            found = f"its id is no text and no whole number but {_shown(value)}"
            return self.problem("schema", found, line)
        return unusable_id(id_, self.piece.file, line) or id_

    def _value(self, field: str, value: Any) -> tuple[str | None, str]:  # noqa: ANN401
        """What a cell says of a field, if anything, and what is wrong with it."""
        if field == "published":
            return day_of(value, self.options.language), ""
        if isinstance(value, list) and all(isinstance(one, str) for one in value):
            value = ", ".join(value)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None, f"it is no text but {_shown(value)}"
        said = " ".join(str(value).split())
        if not said:
            return None, ""
        return said, f"{said[:60]!r} {error}" if (error := wrong(field, said)) else ""

    def _no_text(self, choice: Mapping[str, str], text: Any, row: Mapping[str, Any]) -> str:  # noqa: ANN401
        if "text" not in choice:
            names = ", ".join(repr(str(name)[:40]) for name in list(row)[:20]) or "none"
            if wanted := self.options.columns.get("text"):
                return f"it has no column {wanted[:40]!r} for the text; it has {names}"
            return f"no column is known to hold the text; it has {names}"
        return f"its text, {choice['text'][:40]!r}, is {_shown(text)}"


def _shown(value: Any) -> str:  # noqa: ANN401
    return "null" if value is None else f"{type(value).__name__} {str(value)[:40]!r}"
