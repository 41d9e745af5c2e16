"""Content to files: every byte of a release, from values alone."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from sikap import schemas
from sikap.describe.baselines import Baselines, are_of
from sikap.describe.card import card
from sikap.describe.content import Content, Inputs, Meta
from sikap.describe.datasheet import figure_blocks, render
from sikap.describe.facts import Facts, facts
from sikap.describe.features import features_of_tables
from sikap.describe.page import page
from sikap.describe.splits import Quarantined
from sikap.describe.tables import Tables, tables
from sikap.records import Record, Round
from sikap.release.parquet import content_hash, to_parquet
from sikap.store import encode_json, sha256

SUMS = "SHA256SUMS"
CARD = "README.md"
DATASHEET = "DATASHEET.md"
PAGE = "browse.html"
MANIFEST = "release.json"
RECORD_SCHEMAS = ("article", "sentence", "annotation", "label", "round", "release")


class Release(Record, frozen=True, kw_only=True):
    """``release.json``: what the release is, what it was built from, and its figures.

    ``content_hashes`` has one hash a config, over its rows in the order of splits and files;
    ``baselines`` are claims about these rows, null where there are none; ``quarantined`` are
    articles that are left out, for they would tie splits together.
    """

    format: Literal[1]
    dataset: Meta
    config_file: str
    guidelines_file: str
    span_key: tuple[str, ...]
    rounds: tuple[Round, ...]
    facts: Facts
    content_hashes: dict[str, str]
    baselines: Baselines | None
    quarantined: tuple[Quarantined, ...]
    inputs: Inputs


def build(content: Content) -> dict[str, bytes]:
    """All files of a release by path, in sorted order."""
    rows = tables(content)
    columns = features_of_tables(content.scheme, rows)
    figures = facts(content, rows)
    hashes = content_hashes(rows)
    if content.baselines is not None and not are_of(content.baselines, hashes):
        content = msgspec.structs.replace(content, baselines=None)
    files = {
        path: to_parquet(rows[config][split], columns[config])
        for config, by_split in paths(rows).items()
        for split, (path,) in by_split.items()
    }
    files[CARD] = card(content, figures, columns, paths(rows)).encode()
    blocks = figure_blocks(figures, content.rounds)
    files[DATASHEET] = render(content.datasheet, blocks, DATASHEET).encode()
    files[PAGE] = page(content, figures).encode()
    files[MANIFEST] = encode_json(manifest(content, figures, hashes))
    files |= {f"schema/{name}": data for name, data in content.files.items()}
    for name in RECORD_SCHEMAS:
        files[f"schema/{name}.schema.json"] = schemas.schema_bytes(name)
    files = dict(sorted(files.items()))
    return files | {SUMS: sums(files)}


def paths(rows: Tables) -> dict[str, dict[str, list[str]]]:
    """The Parquet files of every config and split."""
    return {
        config: {split: [f"data/{config}/{split}-00000-of-00001.parquet"] for split in by_split}
        for config, by_split in rows.items()
    }


def content_hashes(rows: Tables) -> dict[str, str]:
    """The content hash of every config."""
    return {
        config: content_hash(row for in_split in by_split.values() for row in in_split)
        for config, by_split in rows.items()
    }


def manifest(content: Content, figures: Facts, hashes: dict[str, str]) -> Release:
    """The release.json of a content."""
    return Release(
        format=1,
        dataset=content.meta,
        config_file=content.config_file,
        guidelines_file=content.guidelines_file,
        span_key=content.scheme.span_key,
        rounds=content.rounds,
        facts=figures,
        content_hashes=hashes,
        baselines=content.baselines,
        quarantined=content.quarantined,
        inputs=content.inputs,
    )


def sums(files: Mapping[str, bytes]) -> bytes:
    """SHA256SUMS in the form that ``sha256sum --check`` reads."""
    return "".join(f"{sha256(files[name])}  {name}\n" for name in sorted(files)).encode()
