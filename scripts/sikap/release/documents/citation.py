"""How to cite a release: its authors, CITATION.cff (Citation File Format 1.2.0) and BibTeX.

An author is "Family, Given" for a person, any other text for a group; braces around a text, as in
BibTeX, keep one with a comma whole: "{Acme, Inc.}".

YAML that others wrote, read without what can make a small file a large or endless value.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

from sikap.patterns import LICENCE_ID
from sikap.release.data.content import Meta


class _Loader(yaml.SafeLoader):
    """The safe loader without aliases: by them a value can hold itself, or a billion others."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("it holds an alias, which no release needs")
        node: yaml.Node | None = super().compose_node(parent, index)
        return node


def read_yaml(data: str | bytes) -> Any:  # noqa: ANN401
    """What a YAML text holds; raises YAMLError, ValueError or RecursionError for what is none."""
    return yaml.load(data, _Loader)  # noqa: S506 -- the safe loader, and less


SPECIAL = re.compile(r"[\\{}$&#%_^~]")
WORDS = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}
MESSAGE = "If you use this dataset, please cite it, with its version."


class Author(msgspec.Struct, frozen=True):
    """A person, or a group whose ``given`` name is empty."""

    name: str
    given: str = ""


def authors(meta: Meta) -> tuple[Author, ...]:
    """Who made the dataset; in a draft that says nothing of it, somebody without a name."""
    named = dict.fromkeys(author for author in map(_author, meta.authors) if author.name)
    return tuple(named) or (Author(f"The makers of {meta.title}"),)


def names_authors(meta: Meta) -> bool:
    """Whether anybody is named."""
    return any(_author(text).name for text in meta.authors)


def _author(text: str) -> Author:
    text = text.strip()
    if text.startswith("{") and text.endswith("}"):
        return Author(text[1:-1].strip())
    family, comma, given = text.partition(",")
    named = comma and family.strip() and given.strip()
    return Author(family.strip(), given.strip()) if named else Author(text)


def spdx(licence: str) -> str | None:
    """The licence, where it is one SPDX identifier; not for expressions and the like."""
    single = LICENCE_ID.fullmatch(licence)
    return licence if single and not is_unknown(licence) and "LicenseRef" not in licence else None


def is_unknown(licence: str) -> bool:
    """Whether nobody has said under which licence the data are."""
    return licence.strip().lower() == "unknown"


def keywords(meta: Meta) -> list[str]:
    """Tags and task ids, each once."""
    return list(dict.fromkeys(tag for tag in (*meta.tags, *meta.task_ids) if tag.strip()))


def citation(meta: Meta) -> str:
    """The CITATION.cff of a release."""
    # A library writes the YAML: to it, a title such as "no" is no boolean, nor a day a date.
    return yaml.safe_dump(dict(_fields(meta)), sort_keys=False, allow_unicode=True, width=10_000)


def read_citation(data: bytes) -> Any:  # noqa: ANN401
    """What a CITATION.cff holds; raises ValueError for what is no YAML."""
    try:
        return read_yaml(data)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(str(error)) from error


def _fields(meta: Meta) -> Iterator[tuple[str, Any]]:
    yield "cff-version", "1.2.0"
    yield "message", MESSAGE
    yield "type", "dataset"
    yield "title", meta.title
    yield "abstract", " ".join(meta.summary.split())
    yield "authors", [_person(author) for author in authors(meta)]
    yield "version", meta.version
    optional = {
        "date-released": meta.published,
        "license": spdx(meta.licence),
        "url": meta.homepage,
        "keywords": keywords(meta),
    }
    yield from ((key, value) for key, value in optional.items() if value)


def _person(author: Author) -> dict[str, str]:
    if author.given:
        return {"family-names": author.name, "given-names": author.given}
    return {"name": author.name}


def bibtex(meta: Meta) -> str:
    """The entry for a bibliography; what TeX would read as commands is written out."""
    names = (f"{_tex(a.name)}, {_tex(a.given)}" if a.given else _group(a) for a in authors(meta))
    fields = {
        "author": " and ".join(names),
        "title": f"{{{_tex(meta.title)}}}",  # a second pair of braces keeps capitals
        "year": meta.published[:4],
        "version": meta.version,
        "url": meta.homepage,
        "note": _tex(f"Dataset, {meta.licence}"),
    }
    lines = (f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    key = re.sub(r"[^A-Za-z0-9.:-]+", "-", meta.name).strip("-") or "dataset"
    return f"@misc{{{key},\n" + ",\n".join(lines) + "\n}"


def _group(author: Author) -> str:
    return f"{{{_tex(author.name)}}}"


def _tex(text: str) -> str:
    return SPECIAL.sub(lambda found: WORDS.get(found[0], f"\\{found[0]}"), text)
