"""A web page, one article: its main text, and what the page says of itself.

Owner of trafilatura, which asks htmldate for the day, and of lxml, which both stand on. Nothing is
fetched, entities of a DTD are not expanded, and the parser keeps its limits on depth and length.
"""

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from itertools import islice
from typing import Any

import msgspec

from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.normalise import Frozen, declared, freeze_text
from sikap.articles.readers.metadata import Metadata, article, beside, day_of, usable, wrong
from sikap.errors import Problem
from sikap.records import Article

_EARLIEST, _LATEST = "1990-01-01", "2100-01-01"
"""Days that a page can be of: fixed, so that the result does not hang on today's."""
_MOST_ELEMENTS = 50_000
_SHORT = 250
"""Code points of a text that may be the caption of a gallery, and not all that there is."""
_UNSEEN = ("script", "style", "noscript", "template", "iframe", "svg", "form", "button", "select")
_INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i",
        "img", "ins", "kbd", "mark", "q", "s", "small", "span", "strike", "strong", "sub", "sup",
        "time", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
_TEASER = 500
"""Code points of an entry that leads to another article, with what is said of that."""
_OPTIONS: dict[str, Any] = {
    "include_comments": False,
    "include_tables": False,
    "deduplicate": False,
    "with_metadata": False,
}
_DATES = {
    "original_date": True,
    "extensive_search": False,
    "min_date": _EARLIEST,
    "max_date": _LATEST,
}
_CALLED = ("date", "tanggal", "time", "waktu", "publish")
_DATED = "//body//*[" + " or ".join(
    f"contains(@class, '{one}') or contains(@id, '{one}') or contains(@itemprop, '{one}')"
    for one in _CALLED
) + "]"  # fmt: skip
_MOST_DATED = 20
_SEPARATOR = re.compile(r"(\s+[-–—|»·]\s+|:\s+)")
# With the end or without: lxml looks for an encoding in it, in quadratic time.
_DECLARATION = re.compile(r"\A(?:\s*<\?xml[^>]*(?:>|\Z))+")
_BLANK = re.compile(r"[ \t\r\f\v]*\n[ \t\r\f\v]*")


def read_page(piece: Piece, options: ReadOptions) -> Iterator[Article | Problem]:
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
        text, said = _extract(html, options.language)
    except _UnusableError as error:
        found, fix = str(error), "save the text by itself as .txt, or remove the page"
        yield Problem(code="empty", file=piece.file, id=piece.article_id, found=found, fix=fix)
        return
    frozen = _freeze(text, piece.file, encoding)
    if isinstance(frozen, Problem):
        yield msgspec.structs.replace(frozen, id=piece.article_id)
        return
    yield article(piece, piece.article_id, frozen, metadata.over(said), options, piece.data)


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
    try:
        metadata = _metadata(tree, extract_metadata, language)
        _prepare(tree)
        # What is sure first; of galleries, and of pages with hardly a sentence, what there is.
        found = bare_extraction(deepcopy(tree), favor_precision=True, **_OPTIONS)
        if len(_text(found)) < _SHORT:
            found = bare_extraction(tree, **_OPTIONS)
    except Exception as error:
        raise _UnusableError(f"its text cannot be taken out: {type(error).__name__}") from error
    text = _text(found)
    text = _BLANK.sub("\n", text.replace("\u2028", "\n").replace("\u2029", "\n")).strip()
    if not text:
        raise _UnusableError("no main text was found in the page")
    return text, metadata


def _text(found: Any) -> str:  # noqa: ANN401 -- of trafilatura
    return getattr(found, "text", None) or ""


def _tree(html: str) -> Any:  # noqa: ANN401 -- of lxml
    from lxml import etree
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(
        recover=True, no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    plain = _DECLARATION.sub("", html.replace("\0", ""))
    try:
        tree = document_fromstring(plain, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError, RecursionError) as error:
        raise _UnusableError("it cannot be read as a page") from error
    if sum(1 for _ in islice(tree.iter(), _MOST_ELEMENTS + 1)) > _MOST_ELEMENTS:
        raise _UnusableError(f"it has more than {_MOST_ELEMENTS} elements")
    return tree


def _prepare(tree: Any) -> None:  # noqa: ANN401 -- of lxml
    """Take lists of links out, and have text between breaks be paragraphs, so that none is lost."""
    from lxml import etree

    etree.strip_elements(tree, *_UNSEEN, with_tail=False)
    for element in list(tree.iter("ul", "ol", "nav", "footer")):
        if element.getparent() is not None and (
            element.tag in {"nav", "footer"} or _is_index(element)
        ):
            element.drop_tree()
    for element in list(tree.iter("div", "td", "section", "article", "p")):
        if element.find("br") is not None:
            _paragraphs(element)


def _is_index(element: Any) -> bool:  # noqa: ANN401 -- of lxml
    """Whether a list is one of links to elsewhere, each with a teaser perhaps."""
    entries = [child for child in element if child.tag == "li"]
    return len(entries) >= 3 and sum(map(_leads_on, entries)) >= 0.8 * len(entries)


def _leads_on(entry: Any) -> bool:  # noqa: ANN401 -- of lxml
    text = " ".join(entry.text_content().split())
    links = [" ".join(link.text_content().split()) for link in entry.iter("a")]
    return len(text) < _TEASER and sum(map(len, links)) >= 0.25 * len(text)


def _paragraphs(element: Any) -> None:  # noqa: ANN401 -- of lxml
    """Make each run of text and inline elements between breaks and blocks a paragraph."""
    children, text = list(element), element.text
    parts: list[Any] = []
    run = None

    def add(said: str | None) -> None:
        nonlocal run
        if said and (said.strip() or run is not None):
            run = run if run is not None else _begun(element, parts)
            if len(run):
                run[-1].tail = (run[-1].tail or "") + said
            else:
                run.text = (run.text or "") + said

    add(text)
    for child in children:
        tail, child.tail = child.tail, None
        element.remove(child)
        if child.tag == "br":
            run = None
        elif child.tag in _INLINE:
            run = run if run is not None else _begun(element, parts)
            run.append(child)
        else:
            run = None
            parts.append(child)
        add(tail)
    element.text = None
    element.extend(parts)
    if element.tag == "p" and len(element):
        element.tag = "div"


def _begun(element: Any, parts: list[Any]) -> Any:  # noqa: ANN401 -- of lxml
    parts.append(element.makeelement("p", {}))
    return parts[-1]


def _metadata(tree: Any, extract: Any, language: str) -> Metadata:  # noqa: ANN401 -- of lxml
    said = extract(tree, date_config=_DATES)
    addresses = "//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"
    outlet = usable("outlet", said.sitename)
    return Metadata(
        title=usable("title", _headline(tree, said.title, outlet)),
        author=usable("author", said.author if said.author != outlet else None),
        outlet=None if outlet and wrong("source", outlet) == "" else outlet,
        published=usable("published", said.date) or _day(tree, language),
        source=next(filter(None, (usable("source", one) for one in tree.xpath(addresses))), None),
    )


def _headline(tree: Any, title: str | None, outlet: str | None) -> str | None:  # noqa: ANN401
    """A title without the outlet and its sections before or behind it, where a heading says so."""
    whole = " ".join((title or "").split())
    headings = {" ".join(one.text_content().split()) for one in tree.iter("h1", "h2", "h3")}
    inside = [one for one in headings if len(one) >= 0.4 * len(whole) and one in whole]
    if best := max(inside, key=len, default=""):
        return best
    parts = _SEPARATOR.split(whole)
    short = "".join((outlet or "").split()).lower()
    while len(parts) > 2 and short and short in "".join(parts[-1].split()).lower():
        parts = parts[:-2]
    while len(parts) > 2 and short and short in "".join(parts[0].split()).lower():
        parts = parts[2:]
    return "".join(parts).strip() or whole or None


def _day(tree: Any, language: str) -> str | None:  # noqa: ANN401 -- of lxml
    """The first day that an element names which is called a date or a time."""
    for element in islice(tree.xpath(_DATED), _MOST_DATED):
        text = " ".join(element.text_content().split())
        if 6 <= len(text) <= 80 and (day := day_of(text, language)):
            return day
    return None
