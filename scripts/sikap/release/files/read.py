"""Files to content: what the bytes of a release say, without believing any of it yet."""

from collections.abc import Iterator, Mapping
from sys import intern
from typing import Any

import msgspec
import pyarrow as pa

from sikap.errors import InputError, Problem, raise_if
from sikap.labelling_config.scheme import Control, Scheme
from sikap.labelling_config.scheme_from_xml import read_scheme
from sikap.records import Annotation, Article, Extent, Item, Sentence, Span
from sikap.release.data.content import Content
from sikap.release.data.features import choice_configs
from sikap.release.data.tables import column
from sikap.release.data.views import UNSEEN
from sikap.release.files.build import CARD, CITATION, CROISSANT, DATASHEET, MANIFEST, Release
from sikap.release.files.parquet import from_parquet
from sikap.release.files.shards import SHARD, missing_shards
from sikap.rounds.settle import settle
from sikap.storage.files import decode_json, decode_text

BATCH = 10_000
Row = dict[str, Any]


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A release as read: its files, manifest and scheme, and its tables.

    ``shards`` are by path, ``tables`` by config and split, with shards one after the other.
    """

    files: dict[str, bytes]
    release: Release
    scheme: Scheme
    shards: dict[str, pa.Table]
    tables: dict[str, dict[str, pa.Table]]

    def column(self, config: str, name: str) -> list[Any]:
        """The values of a column over all splits, in the order of splits and files."""
        return column(self.tables.get(config, {}), name)

    def rows(self, config: str) -> Iterator[Row]:
        """Yield every row of a config in the same order."""
        for table in self.tables.get(config, {}).values():
            for batch in table.to_batches(max_chunksize=BATCH):
                yield from batch.to_pylist()


def read_release(files: Mapping[str, bytes]) -> Published:
    """Decode everything; raises InputError where a part is missing or cannot be read."""
    manifest = decode_json(_part(files, MANIFEST), Release, MANIFEST)
    _part(files, f"schema/{manifest.guidelines_file}")
    for name in (CARD, DATASHEET, CITATION, CROISSANT):
        decode_text(_part(files, name), name)
    config = f"schema/{manifest.config_file}"
    scheme = read_scheme(_part(files, config), config, manifest.span_key)
    shards = _shards(files)
    tables: dict[str, dict[str, list[pa.Table]]] = {}
    for name, table in shards.items():
        if match := SHARD.fullmatch(name):
            by_split = tables.setdefault(match["config"], {})
            by_split.setdefault(match["split"], []).append(table)
    return Published(
        files=dict(files),
        release=manifest,
        scheme=scheme,
        shards=shards,
        tables={config: _whole(parts, manifest, config) for config, parts in tables.items()},
    )


def _shards(files: Mapping[str, bytes]) -> dict[str, pa.Table]:
    tables, problems = {}, []
    for name in sorted(name for name in files if name.startswith("data/")):
        if SHARD.fullmatch(name) is None:
            found = "it is not named data/CONFIG/SPLIT-NNNNN-of-NNNNN.parquet"
            problems.append(damaged(name, found))
            continue
        try:
            tables[name] = from_parquet(files[name])
        except (ValueError, OverflowError) as error:
            problems.append(damaged(name, f"it cannot be read as a table: {error}"))
    problems += [damaged(name, found) for name, found in missing_shards(files)]
    raise_if(problems)
    return tables


def _whole(
    parts: Mapping[str, list[pa.Table]], manifest: Release, config: str
) -> dict[str, pa.Table]:
    """The table of each split, in the order of a build, so that hashes are over the same rows.

    Shards of other types than the first are left out: they are named as such by themselves.
    """
    order = list(manifest.facts.rows.get(config, {}))
    ordered = sorted(parts, key=lambda name: order.index(name) if name in order else len(order))
    return {split: _joined(parts[split]) for split in ordered}


def _joined(parts: list[pa.Table]) -> pa.Table:
    first = parts[0].schema
    same = [table for table in parts if table.schema.equals(first)]
    return pa.concat_tables([table.replace_schema_metadata(first.metadata) for table in same])


def to_content(published: Published) -> Content:
    """The content that would give this release, with labels settled anew from the annotations.

    Trusts that columns and ids were checked before.
    """
    release, scheme = published.release, published.scheme
    rounds = {manifest.ordinal: manifest.round_id for manifest in release.rounds}
    sentences = sorted(read_sentences(published), key=lambda one: (one.article_id, one.index))
    by_id = {sentence.sentence_id: sentence for sentence in sentences}
    annotations, items = [], []
    for row in published.rows("annotations"):
        annotations.append(to_annotation(row, rounds[row["round"]], scheme))
        items.append(_item(row, rounds[row["round"]], by_id[row["sentence_id"]]))
    config, guidelines = release.config_file, release.guidelines_file
    return Content(
        meta=release.dataset,
        inputs=release.inputs,
        scheme=scheme,
        config_file=config,
        guidelines_file=guidelines,
        files={name: published.files[f"schema/{name}"] for name in (config, guidelines)},
        articles=tuple(sorted(read_articles(published), key=lambda article: article.article_id)),
        sentences=tuple(sentences),
        rounds=release.rounds,
        annotations=tuple(annotations),
        passes={item.item_id: item.pass_ for item in items},
        labels=tuple(settle(release.rounds, items, annotations, scheme)),
        splits={
            article: split
            for split, table in published.tables.get("articles", {}).items()
            for article in table["article_id"].to_pylist()
        },
        datasheet=published.files[DATASHEET].decode(),
        withdrawn=release.withdrawn,
        baselines=release.baselines,
        shard_bytes=release.shard_bytes,
        text=release.text,
        full=release.full,
        restored=release.restored,
        tokens=dict(_tokens(published)) if release.text == "standoff" else {},
        unseen=frozenset(_unseen(published)) if release.text == "standoff" else frozenset(),
        leakage=release.facts.leakage if release.text == "standoff" else (),
        draft=release.draft,
        quarantined=release.quarantined,
    )


def read_articles(published: Published) -> Iterator[Article]:
    """Yield the article of every row of the config, in the order of splits and files."""
    absent: Row = {"text": ""}
    for row in published.rows("articles"):
        given = row | {"normalised": tuple(row["normalised"]), "source": row["source"] or ""}
        yield Article(**absent | given)


def read_sentences(published: Published) -> Iterator[Sentence]:
    """Yield the sentence of every row of the config, in the order of splits and files."""
    names = list(Sentence.__struct_fields__)
    if published.release.text == "standoff":
        names.remove("text")
    columns = [published.column("sentences", name) for name in names]
    for values in zip(*columns, strict=True):
        yield Sentence(**{"text": ""} | dict(zip(names, values, strict=True)))


def _tokens(published: Published) -> Iterator[tuple[str, tuple[Extent, ...]]]:
    """Yield the borders of the tokens of every labelled sentence; all tagged configs have them."""
    for control in published.scheme.of_kind("spans")[:1]:
        names = ("sentence_id", "token_starts", "token_ends")
        columns = (published.column(control.name, name) for name in names)
        for id_, starts, ends in zip(*columns, strict=True):
            yield id_, tuple(zip(starts, ends, strict=False))


def _unseen(published: Published) -> Iterator[tuple[str, int, int]]:
    """Yield every mention that is said to be nowhere in train."""
    for control in choice_configs(published.scheme):
        if control.kind == "attribute":
            names = ("sentence_id", "target_start", "target_end", "views")
            columns = (published.column(control.name, name) for name in names)
            for id_, start, end, views in zip(*columns, strict=True):
                if UNSEEN in views:
                    yield id_, start, end


def to_annotation(row: Row, round_id: str, scheme: Scheme) -> Annotation:
    """The annotation of a row; its id in Label Studio is not published.

    Texts that many rows have are one object, whose hash is then known wherever it is looked up.
    """
    attributes = scheme.of_kind("attribute")
    spans = [
        Span(
            start=span["start"],
            end=span["end"],
            label=intern(span["label"]),
            attributes=_given(attributes, span),
        )
        for span in row["spans"]
    ]
    return Annotation(
        annotation_id=f"{row['item_id']}-{row['annotator']}",
        item_id=row["item_id"],
        round_id=round_id,
        sentence_id=intern(row["sentence_id"]),
        annotator=intern(row["annotator"]),
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
            given[control.name] = tuple(map(intern, value if control.multiple else (value,)))
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
        annotators=(row["annotator"],),
    )


def _part(files: Mapping[str, bytes], name: str) -> bytes:
    if name not in files:
        raise InputError(damaged(name, "the release does not have it"))
    return files[name]


def damaged(file: str, found: str, code: str = "release-form") -> Problem:
    """A problem with a file of a release that cannot be read as what it should be."""
    return Problem(code=code, file=file, found=found, fix="get or build the release anew")
