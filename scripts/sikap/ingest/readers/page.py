"""A web page, one article: its main text, and what the page says of itself.

Owner of trafilatura and htmldate, and of lxml, which both stand on. Nothing is fetched, entities
of a DTD are not expanded, and the parser keeps its limits on depth and on the length of names.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from sikap.errors import Problem
from sikap.ingest.normalise import Frozen, declared, freeze_text
from sikap.ingest.pieces import Piece, Reading
from sikap.ingest.readers.metadata import Metadata, article, beside, day_of, usable
from sikap.records import Article

_EARLIEST, _LATEST = "1990-01-01", "2100-01-01"
"""Days that a page can be of: fixed, so that the result does not hang on today's."""
_DEEPEST = 200
_MOST_ELEMENTS = 100_000
_UNSEEN = ("script", "style", "noscript", "template", "iframe", "svg", "form", "button", "select")
_BLANK = re.compile(r"[ \t\r\f\v]*\n[ \t\r\f\v]*")


def read_page(piece: Piece, reading: Reading) -> Iterator[Article | Problem]:
    """Yield the article, or why there is none; the metadata file beside it has the last word."""
    metadata = beside(piece)
    if isinstance(metadata, Problem):
        yield metadata
        return
    decoded = declared(piece.data, piece.file, piece.encoding)
    if isinstance(decoded, Problem):
        yield msgspec.structs.replace(decoded, id=piece.article_id)
        return
    html, encoding = decoded
    try:
        text, said = _extract(html, reading.language)
    except _UnusableError as error:
        found, fix = str(error), "save the text by itself as .txt, or remove the page"
        yield Problem(code="empty", file=piece.file, id=piece.article_id, found=found, fix=fix)
        return
    frozen = _freeze(text, piece.file, encoding)
    if isinstance(frozen, Problem):
        yield msgspec.structs.replace(frozen, id=piece.article_id)
        return
    yield article(piece, piece.article_id, frozen, metadata.over(said), reading, piece.data)


class _UnusableError(Exception):
    """Why a page gives no article."""


def _freeze(text: str, file: str, encoding: str) -> Frozen | Problem:
    if "\ufffd" in text:
        found = f"its text has bytes that are not {encoding}"
        return Problem(code="encoding", file=file, found=found, fix="save it as UTF-8")
    return freeze_text(text, file, encoding)


def _extract(html: str, language: str) -> tuple[str, Metadata]:
    """The main text of a page and its metadata; raises _UnusableError."""
    from trafilatura import bare_extraction, extract_metadata

    for name in ("trafilatura", "htmldate", "courlan", "justext"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    tree = _tree(html)
    options: dict[str, Any] = {"original_date": True, "extensive_search": False}
    bounds = {"min_date": _EARLIEST, "max_date": _LATEST}
    try:
        said = extract_metadata(tree, date_config=options | bounds)
        metadata = _metadata(said, tree, language)
        _prepare(tree)
        found = bare_extraction(
            tree,
            favor_precision=False,
            include_comments=False,
            include_tables=False,
            deduplicate=False,
            with_metadata=False,
        )
    except Exception as error:
        raise _UnusableError(f"its text cannot be taken out: {type(error).__name__}") from error
    text = getattr(found, "text", None) or ""
    text = _BLANK.sub("\n", text.replace("\u2028", "\n").replace("\u2029", "\n")).strip()
    if not text:
        raise _UnusableError("no main text was found in the page")
    return text, metadata


def _tree(html: str) -> Any:  # noqa: ANN401 -- of lxml
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(
        recover=True, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    plain = re.sub(r"\A\s*<\?xml[^>]*\?>", "", html.replace("\0", ""))
    try:
        tree = document_fromstring(plain, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError, RecursionError) as error:
        raise _UnusableError("it cannot be read as a page") from error
    count = 0
    for _, element in etree.iterwalk(tree, events=("start",)):
        count += 1
        if count > _MOST_ELEMENTS:
            raise _UnusableError(f"it has more than {_MOST_ELEMENTS} elements")
        del element
    return tree


def _prepare(tree: Any) -> None:  # noqa: ANN401 -- of lxml
    """Have every break between paragraphs be one, and no word glued to the next."""
    from lxml import etree

    etree.strip_elements(tree, *_UNSEEN, with_tail=False)


def _metadata(said: Any, tree: Any, language: str) -> Metadata:  # noqa: ANN401 -- of trafilatura
    address = tree.xpath(
        "string((//link[@rel='canonical']/@href | //meta[@property='og:url']/@content)[1])"
    )
    day = said.date if said is not None else None
    return Metadata(
        title=usable("title", said.title),
        author=usable("author", said.author),
        outlet=usable("outlet", said.sitename),
        published=usable("published", day or day_of("", language)),
        source=usable("source", said.url or address),
    )
