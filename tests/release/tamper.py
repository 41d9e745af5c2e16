"""A good release, and changes by somebody who covers the traces: checksums are made to fit."""

from collections.abc import Callable
from typing import Any

import msgspec
import pyarrow as pa
from datasets import Features

from samples import content
from sikap.release.build import SUMS, build, sums
from sikap.release.parquet import features_of, from_parquet, to_parquet
from sikap.release.verify import verify
from sikap.steps.assembly import versions
from sikap.store import encode_json, sha256

Files = dict[str, bytes]
Row = dict[str, Any]
GOOD = build(content())


def sealed(files: Files) -> Files:
    """The files with checksums that fit."""
    rest = {name: data for name, data in files.items() if name != SUMS}
    return rest | {SUMS: sums(rest)}


def codes(files: Files) -> set[str]:
    """The codes of all that is wrong with a release."""
    return {problem.code for problem in verify(files, versions())}


def table(config: str, split: str = "train") -> str:
    """The path of a Parquet file."""
    return f"data/{config}/{split}-00000-of-00001.parquet"


def to_table(rows: list[Row], features: Features) -> pa.Table:
    """A table of rows whose schema carries the features."""
    return pa.Table.from_pylist(rows, schema=features.arrow_schema)


def rows_of(files: Files, name: str) -> list[Row]:
    """The rows of a Parquet file."""
    rows: list[Row] = from_parquet(files[name]).to_pylist()
    return rows


def with_rows(files: Files, name: str, change: Callable[[list[Row]], object]) -> Files:
    """The files with the rows of one table changed in place, its columns as they were."""
    features = features_of(from_parquet(files[name]))
    if features is None:
        raise ValueError(name)
    rows = rows_of(files, name)
    change(rows)
    return sealed(files | {name: to_parquet(to_table(rows, features))})


def with_json(files: Files, change: Callable[[Any], object]) -> Files:
    """The files with release.json changed in place."""
    manifest = msgspec.json.decode(files["release.json"])
    change(manifest)
    return sealed(files | {"release.json": encode_json(manifest)})


def with_checksum(files: Files, name: str, data: bytes) -> Files:
    """The files with other bytes for one Parquet file, and a croissant.json that says so."""
    described = msgspec.json.decode(files["croissant.json"])
    (part,) = (one for one in described["distribution"] if one["@id"] == name)
    part |= {"contentSize": f"{len(data)} B", "sha256": sha256(data)}
    return sealed(files | {name: data, "croissant.json": encode_json(described)})


def with_text(files: Files, name: str, old: str, new: str) -> Files:
    """The files with the first ``old`` in one of them made ``new``."""
    text = files[name].decode()
    if old not in text:
        raise ValueError(f"{name} has no {old!r}")
    return sealed(files | {name: text.replace(old, new, 1).encode()})
