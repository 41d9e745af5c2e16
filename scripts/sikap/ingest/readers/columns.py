"""Which column of a table holds which field of an article, said or found by its name."""

from collections.abc import Iterable, Mapping

from sikap.errors import Problem

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
