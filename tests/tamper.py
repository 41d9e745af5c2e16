"""A good release, and changes by somebody who covers the traces: checksums are made to fit."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
import pyarrow as pa
from datasets import Features

from samples import content, digested
from sikap.release.data.content import Content
from sikap.release.data.statistics import Facts, facts
from sikap.release.data.tables import Tables, tables
from sikap.release.files.build import SUMS, Layout, build, data_files, lay_out, sums, texts
from sikap.release.files.parquet import features_of, from_parquet, to_parquet
from sikap.release.files.read import Published, read_release, to_content
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from sikap.storage.files import encode_json, sha256

Files = dict[str, bytes]
Row = dict[str, Any]
Forge = Callable[[], Files]
GOOD = build(content())
replace = msgspec.structs.replace


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


def covered(files: Files, lie: Callable[[Facts], Facts] = lambda figures: figures) -> Files:
    """The files as a careful forger leaves them: tables stay, all else is written anew from them.

    Digests, counts of rounds, content hashes, figures, card, datasheet, page, citation, Croissant
    and checksums fit what the annotation rows give; figures only as far as they are no ``lie``.
    """
    published = read_release(files)
    given = claimed(published)
    made = _in_order(published, tables(given))
    hashed = lay_out(made, given.shard_bytes).content_hashes
    layout = Layout(
        files={
            config: {
                split: {
                    path: shard
                    for path, shard in published.shards.items()
                    if path.startswith(f"data/{config}/{split}-")
                }
                for split in by_split
            }
            for config, by_split in made.items()
        },
        content_hashes=hashed,
    )
    described = data_files(layout.paths, files)
    figures = lie(facts(given, made))
    return sealed(files | texts(given, figures, layout, described))


def _in_order(published: Published, order: Tables) -> Tables:
    """The tables that are there, configs and splits in the order of a build."""
    return {
        config: {split: published.tables[config][split] for split in order[config]}
        for config in order
    }


def claimed(published: Published) -> Content:
    """The content of a release with digests and counts that fit its rows."""
    given = to_content(published)
    said = Counter((one.round_id, one.status) for one in given.annotations)
    rounds = tuple(
        replace(
            one,
            counts=replace(
                one.counts,
                submitted=said[one.round_id, "submitted"],
                skipped=said[one.round_id, "skipped"],
            ),
        )
        for one in given.rounds
    )
    digests = given.inputs.digests | {
        "config": sha256(given.files[given.config_file]),
        "guidelines": sha256(given.files[given.guidelines_file]),
    }
    return digested(replace(given, rounds=rounds, inputs=replace(given.inputs, digests=digests)))


def in_round(place: int, **changes: Any) -> Files:
    """The good release with another claim of a round, and all else made to fit."""
    return covered(with_json(GOOD, lambda manifest: manifest["rounds"][place].update(changes)))
