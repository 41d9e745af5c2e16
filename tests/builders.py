"""Small functions that make valid records and projects for tests."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from sikap.errors import Problem
from sikap.labelling_config.scheme import Scheme
from sikap.labelling_config.scheme_from_xml import read_scheme
from sikap.project import Project
from sikap.records import (
    Annotation,
    Annotator,
    Article,
    Blindness,
    Counts,
    Design,
    Digests,
    Item,
    Kind,
    Purpose,
    Round,
    Sentence,
    Span,
    Status,
    item_id,
    sentence_id,
)
from sikap.settings import Settings
from sikap.storage import schemas
from sikap.storage.files import sha256

CONFIG = (schemas.folder() / "stance_entities.xml").read_bytes()
SETTINGS: dict[str, Any] = {
    "name": "uji",
    "title": "Uji",
    "summary": "Kalimat uji.",
    "language": "id",
    "licence": "CC-BY-4.0",
    "version": "1.0.0",
    "span_key": ("holder",),
}


def shipped_scheme() -> Scheme:
    """The scheme of the labelling config in schema/, with the holder in the key of a span."""
    return read_scheme(CONFIG, "stance_entities.xml", ("holder",))


def article(text: str, article_id: str = "a", **more: Any) -> Article:
    """An article that holds a text; ``more`` are further fields."""
    return Article(
        **{
            "article_id": article_id,
            "text": text,
            "text_sha256": sha256(text),
            "raw_sha256": sha256(text),
            "source": f"{article_id}.txt",
            "language": "id",
            "encoding": "utf-8",
            "normalised": (),
            **more,
        }
    )


def sentence(
    text: str, article: str = "a", *, index: int = 0, kind: Kind = "body", start: int = 0
) -> Sentence:
    """A sentence of an article; its id is the first for its text."""
    return Sentence(
        sentence_id=sentence_id(article, text, 0),
        article_id=article,
        index=index,
        paragraph=0,
        kind=kind,
        start=start,
        end=start + len(text),
        text=text,
    )


def item(
    text: str,
    round_id: str = "r1",
    *,
    article: str = "a",
    pass_: int = 1,
    annotators: tuple[str, ...] = ("a1", "a2", "a3"),
) -> Item:
    """The item of a sentence in a round, without context."""
    of = sentence_id(article, text, 0)
    return Item(
        item_id=item_id(round_id, of, pass_),
        round_id=round_id,
        sentence_id=of,
        pass_=pass_,
        article_id=article,
        start=0,
        end=len(text),
        text=text,
        before="",
        after="",
        annotators=annotators,
    )


def span(start: int, end: int, label: str = "PER", **attributes: str) -> Span:
    """A span with one value an attribute; neutral unless told otherwise."""
    given = attributes or {"stance": "neutral"}
    return Span(
        start=start,
        end=end,
        label=label,
        attributes={name: (value,) for name, value in given.items()},
    )


def annotation(
    of: Item,
    annotator: str,
    spans: Iterable[Span] = (),
    *,
    status: Status = "submitted",
    choices: Mapping[str, tuple[str, ...]] | None = None,
) -> Annotation:
    """What an annotator said of an item."""
    return Annotation(
        annotation_id=f"{annotator}-{of.item_id}",
        item_id=of.item_id,
        round_id=of.round_id,
        sentence_id=of.sentence_id,
        annotator=annotator,
        status=status,
        spans=tuple(spans),
        choices=dict(choices or {}),
    )


def manifest(
    round_id: str = "r1",
    roster: Iterable[str] = ("a1", "a2", "a3"),
    *,
    purpose: Purpose = "production",
    ordinal: int = 1,
    blindness: Blindness = "separated",
) -> Round:
    """A planned round of experts."""
    names = tuple(roster)
    digest = sha256(round_id)
    design = Design(
        overlap=len(names),
        calibration=0,
        repeats=0,
        gold=0,
        blindness=blindness,
        seed=0,
        sampling="all",
    )
    return Round(
        round_id=round_id,
        ordinal=ordinal,
        purpose=purpose,
        roster=tuple(Annotator(annotator=n, kind="expert", qualifications="") for n in names),
        design=design,
        digests=Digests(config=digest, guidelines=digest, items=digest),
        state="planned",
        counts=Counts(items=1, submitted=0, skipped=0, drafts=0, rejected=0),
    )


def project(root: Path, annotators: Iterable[str] = ("a1", "a2", "a3"), **settings: Any) -> Project:
    """A project on disk with the shipped labelling config, guidelines and no articles."""
    tables = {name: {"kind": "expert"} for name in annotators}
    made = Project(root, msgspec.convert({**SETTINGS, "annotators": tables, **settings}, Settings))
    made.config.parent.mkdir(parents=True, exist_ok=True)
    made.config.write_bytes(CONFIG)
    made.guidelines.write_text("# Pedoman\n", encoding="utf-8")
    return made


def codes(problems: Iterable[Problem]) -> list[str]:
    """The codes of problems, in their order."""
    return [problem.code for problem in problems]
