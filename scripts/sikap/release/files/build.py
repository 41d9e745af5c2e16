"""Content to files: every byte of a release, from values alone."""

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec
import pyarrow as pa

from sikap.records import Gone, Record, Round
from sikap.release.data.baselines import Baselines, are_of
from sikap.release.data.content import Content, Full, Inputs, Meta, Restored, Text
from sikap.release.data.features import features_of_tables
from sikap.release.data.splits import Quarantined
from sikap.release.data.statistics import Facts, facts
from sikap.release.data.tables import Tables, tables
from sikap.release.documents.browse_page import page
from sikap.release.documents.card import card
from sikap.release.documents.citation import citation
from sikap.release.documents.croissant import croissant
from sikap.release.documents.croissant_record_sets import DataFile, Files
from sikap.release.documents.datasheet import figure_blocks, render
from sikap.release.files.canonical_json import measure
from sikap.release.files.parquet import to_parquet
from sikap.release.files.shards import shard_names, shards
from sikap.storage import schemas
from sikap.storage.files import encode_json, sha256, uncollected

SUMS = "SHA256SUMS"
CARD = "README.md"
DATASHEET = "DATASHEET.md"
PAGE = "browse.html"
MANIFEST = "release.json"
CROISSANT = "croissant.json"
CITATION = "CITATION.cff"
RECORD_SCHEMAS = (
    *("article", "sentence", "annotation", "label", "round", "release"),
    *("croissant", "citation"),
)


class Release(Record, frozen=True, kw_only=True):
    """``release.json``: what the release is, what it was built from, and its figures.

    ``content_hashes`` has one hash a config, over its rows in the order of splits and files;
    ``shard_bytes`` is above which size in canonical form a split is cut into several files;
    ``text`` says whether the texts are in it; of a stand-off release ``full`` says what they would
    give, and of one with texts put back in part ``restored`` what is missing.
    ``baselines`` are claims about these rows, null where there are none; a ``draft`` may leave
    open what people must say, and is not to be published; ``quarantined`` are
    articles that are left out, for they would tie splits together.
    """

    format: Literal[5]
    draft: bool
    dataset: Meta
    config_file: str
    guidelines_file: str
    span_key: tuple[str, ...]
    rounds: tuple[Round, ...]
    facts: Facts
    shard_bytes: int
    content_hashes: dict[str, str]
    text: Text
    full: Full | None
    restored: Restored | None
    baselines: Baselines | None
    withdrawn: tuple[Gone, ...]
    quarantined: tuple[Quarantined, ...]
    inputs: Inputs


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Where every row is to lie: tables by config, split and path, and the content hashes."""

    files: dict[str, dict[str, dict[str, pa.Table]]]
    content_hashes: dict[str, str]

    @property
    def paths(self) -> dict[str, dict[str, list[str]]]:
        """The Parquet files of every config and split."""
        return {
            config: {split: list(files) for split, files in by_split.items()}
            for config, by_split in self.files.items()
        }

    @property
    def tables(self) -> dict[str, pa.Table]:
        """The table of every Parquet file by its path."""
        every = (files for by_split in self.files.values() for files in by_split.values())
        return {path: table for files in every for path, table in files.items()}


def lay_out(made: Tables, shard_bytes: int) -> Layout:
    """Cut tables into files, and hash what they hold."""
    files: dict[str, dict[str, dict[str, pa.Table]]] = {}
    hashes = {}
    for config, by_split in made.items():
        hashes[config], sizes = measure(by_split.values())
        files[config] = {}
        for (split, table), of_rows in zip(by_split.items(), sizes, strict=True):
            parts = shards(table, of_rows, shard_bytes)
            names = shard_names(config, split, len(parts))
            files[config][split] = dict(zip(names, parts, strict=True))
    return Layout(files=files, content_hashes=hashes)


def build(content: Content) -> dict[str, bytes]:
    """All files of a release by path, in sorted order."""
    with uncollected():
        made = tables(content)
        return assemble(content, made, lay_out(made, content.shard_bytes))


def assemble(content: Content, made: Tables, layout: Layout) -> dict[str, bytes]:
    """All files of a release whose tables are made and laid out already."""
    hashes = hashes_of_rows(layout.content_hashes, content.full)
    if content.baselines is not None and not are_of(content.baselines, hashes):
        content = msgspec.structs.replace(content, baselines=None)
    files = {path: to_parquet(table) for path, table in layout.tables.items()}
    files |= texts(content, facts(content, made), layout, data_files(layout.paths, files))
    files = dict(sorted(files.items()))
    return files | {SUMS: sums(files)}


def texts(content: Content, figures: Facts, layout: Layout, described: Files) -> dict[str, bytes]:
    """All files of a release but its tables and checksums; ``described`` says what tables are."""
    columns = features_of_tables(content.scheme, layout.files, content.text)
    blocks = figure_blocks(figures, content.rounds)
    files = {
        CARD: card(content, figures, columns, layout.paths).encode(),
        CITATION: citation(content.meta).encode(),
        CROISSANT: encode_json(croissant(content, figures, columns, described)),
        DATASHEET: render(content.datasheet, blocks, DATASHEET).encode(),
        MANIFEST: encode_json(manifest(content, figures, layout.content_hashes)),
    }
    if content.text == "full":
        files[PAGE] = page(content, figures).encode()
    files |= {f"schema/{name}": data for name, data in content.files.items()}
    for name in RECORD_SCHEMAS:
        files[f"schema/{name}.schema.json"] = schemas.schema_bytes(name)
    return files


def data_files(
    by_config: Mapping[str, Mapping[str, list[str]]], files: Mapping[str, bytes]
) -> Files:
    """Size and digest of every Parquet file that is there, by config and split."""
    return {
        config: {
            split: [
                DataFile(path=path, size=len(files[path]), sha256=sha256(files[path]))
                for path in names
                if path in files
            ]
            for split, names in by_split.items()
        }
        for config, by_split in by_config.items()
    }


def hashes_of_rows(hashes: dict[str, str], full: Full | None) -> dict[str, str]:
    """The content hashes of the rows with their texts: those that baselines are of."""
    return full.content_hashes if full else hashes


def manifest(content: Content, figures: Facts, hashes: dict[str, str]) -> Release:
    """The release.json of a content."""
    return Release(
        format=5,
        draft=content.draft,
        dataset=content.meta,
        config_file=content.config_file,
        guidelines_file=content.guidelines_file,
        span_key=content.scheme.span_key,
        rounds=content.rounds,
        facts=figures,
        shard_bytes=content.shard_bytes,
        content_hashes=hashes,
        text=content.text,
        full=content.full,
        restored=content.restored,
        baselines=content.baselines,
        withdrawn=content.withdrawn,
        quarantined=content.quarantined,
        inputs=content.inputs,
    )


def sums(files: Mapping[str, bytes]) -> bytes:
    """SHA256SUMS in the form that ``sha256sum --check`` reads."""
    return "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files)).encode()


def read_sums(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield digest and name of every line of SHA256SUMS; a line of another form has no name."""
    for line in data.decode("utf-8", "replace").splitlines():
        digest, _, name = line.partition("  ")
        yield digest, name
