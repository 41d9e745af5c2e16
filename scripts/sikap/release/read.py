"""Files to content: what the bytes of a release say, without believing any of it yet."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec
import pyarrow as pa

from sikap.describe.content import Content
from sikap.errors import InputError, Problem
from sikap.labelling_config import read_scheme
from sikap.records import Annotation, Article, Item, Sentence, Span
from sikap.release.build import CARD, DATASHEET, MANIFEST, Release
from sikap.release.parquet import from_parquet
from sikap.rounds.settle import settle
from sikap.scheme import Control, Scheme
from sikap.store import decode_json, decode_text

TABLE = re.compile(r"data/(?P<config>[^/]+)/(?P<split>[a-z]+)-00000-of-00001\.parquet")
Row = dict[str, Any]
T = TypeVar("T")


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A release as read: its files, its manifest and scheme, and its tables by config and split."""

    files: dict[str, bytes]
    release: Release
    scheme: Scheme
    tables: dict[str, dict[str, pa.Table]]
    rows: dict[str, dict[str, list[Row]]]

    def all(self, config: str) -> Iterator[tuple[str, Row]]:
        """Yield every row of a config with its split, in the order of splits and files."""
        for split, rows in self.rows.get(config, {}).items():
            for row in rows:
                yield split, row


def read_release(files: Mapping[str, bytes]) -> Published:
    """Decode everything; raises InputError where a part is missing or cannot be read."""
    manifest = decode_json(_part(files, MANIFEST), Release, MANIFEST)
    _part(files, f"schema/{manifest.guidelines_file}")
    for name in (CARD, DATASHEET):
        decode_text(_part(files, name), name)
    config = f"schema/{manifest.config_file}"
    scheme = read_scheme(_part(files, config), config, manifest.span_key)
    tables: dict[str, dict[str, pa.Table]] = {}
    rows: dict[str, dict[str, list[Row]]] = {}
    problems = []
    for name in sorted(name for name in files if name.startswith("data/")):
        match = TABLE.fullmatch(name)
        if match is None:
            problems.append(
                _damaged(name, "it is not named data/CONFIG/SPLIT-00000-of-00001.parquet")
            )
            continue
        try:
            table = from_parquet(files[name])
            tables.setdefault(match["config"], {})[match["split"]] = table
            rows.setdefault(match["config"], {})[match["split"]] = table.to_pylist()
        except (ValueError, OverflowError) as error:
            problems.append(_damaged(name, f"it cannot be read as a table: {error}"))
    if problems:
        raise InputError(problems)
    # Splits in the order in which a build writes them, so that hashes are over the same rows.
    rows = {config: _in_order(by_split, manifest, config) for config, by_split in rows.items()}
    return Published(files=dict(files), release=manifest, scheme=scheme, tables=tables, rows=rows)


def to_content(published: Published) -> Content:
    """The content that would give this release, with labels settled anew from the annotations.

    Trusts that columns and ids were checked before.
    """
    release, scheme = published.release, published.scheme
    articles = [to_article(row) for _, row in published.all("articles")]
    sentences = [to_sentence(row) for _, row in published.all("sentences")]
    sentences.sort(key=lambda sentence: (sentence.article_id, sentence.index))
    rounds = {manifest.ordinal: manifest.round_id for manifest in release.rounds}
    rows = [row for _, row in published.all("annotations")]
    annotations = [to_annotation(row, rounds[row["round"]], scheme) for row in rows]
    by_id = {sentence.sentence_id: sentence for sentence in sentences}
    items = [_item(row, rounds[row["round"]], by_id[row["sentence_id"]]) for row in rows]
    config, guidelines = release.config_file, release.guidelines_file
    return Content(
        meta=release.dataset,
        inputs=release.inputs,
        scheme=scheme,
        config_file=config,
        guidelines_file=guidelines,
        files={name: published.files[f"schema/{name}"] for name in (config, guidelines)},
        articles=tuple(sorted(articles, key=lambda article: article.article_id)),
        sentences=tuple(sentences),
        rounds=release.rounds,
        annotations=tuple(annotations),
        passes={item.item_id: item.pass_ for item in items},
        labels=tuple(settle(release.rounds, items, annotations, scheme)),
        splits={row["article_id"]: split for split, row in published.all("articles")},
        datasheet=published.files[DATASHEET].decode(),
        baselines=release.baselines,
        quarantined=release.quarantined,
    )


def to_article(row: Row) -> Article:
    """The article of a row."""
    return Article(**row | {"normalised": tuple(row["normalised"])})


def to_sentence(row: Row) -> Sentence:
    """The sentence of a row."""
    return Sentence(**{name: row[name] for name in Sentence.__struct_fields__})


def to_annotation(row: Row, round_id: str, scheme: Scheme) -> Annotation:
    """The annotation of a row; its id in Label Studio is not published."""
    attributes = scheme.of_kind("attribute")
    spans = [
        Span(
            start=span["start"],
            end=span["end"],
            label=span["label"],
            attributes=_given(attributes, span),
        )
        for span in row["spans"]
    ]
    return Annotation(
        annotation_id=f"{row['item_id']}-{row['annotator']}",
        item_id=row["item_id"],
        round_id=round_id,
        sentence_id=row["sentence_id"],
        annotator=row["annotator"],
        status=row["status"],
        spans=tuple(spans),
        choices=_given(scheme.of_kind("choice"), row),
        seconds=row["seconds"],
    )


def _given(controls: tuple[Control, ...], row: Row) -> dict[str, tuple[str, ...]]:
    given = {}
    for control in controls:
        value = row[control.name]
        if value is not None:
            given[control.name] = tuple(value) if control.multiple else (value,)
    return given


def _item(row: Row, round_id: str, sentence: Sentence) -> Item:
    return Item(
        item_id=row["item_id"],
        round_id=round_id,
        sentence_id=sentence.sentence_id,
        pass_=row["pass"],
        article_id=sentence.article_id,
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        before="",
        after="",
    )


def _in_order(by_split: dict[str, T], manifest: Release, config: str) -> dict[str, T]:
    order = list(manifest.facts.rows.get(config, {}))
    return dict(
        sorted(
            by_split.items(),
            key=lambda pair: order.index(pair[0]) if pair[0] in order else len(order),
        )
    )


def _part(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise InputError(_damaged(name, "the release does not have it"))
    return files[name]


def _damaged(name: str, found: str) -> Problem:
    return Problem(code="release-form", file=name, found=found, fix="get or build the release anew")
