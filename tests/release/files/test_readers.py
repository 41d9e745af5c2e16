"""Releases as people read them: by datasets, pandas, polars and duckdb, whole or shard by shard."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pandas as pd
import polars as pl
import pytest

from samples import content
from sikap.release.data.content import Content
from sikap.release.data.tables import tables
from sikap.release.files.build import build
from sikap.release.files.shards import SHARD
from sikap.storage.folder import write_folder

Rows = list[dict[str, Any]]
Read = Callable[[list[str]], Rows]
replace = msgspec.structs.replace
# In a process of its own: datasets reads its settings once, and keeps what it finds in its cache.
# A stream waits before it ends, as docs/streaming.md tells users to: threads of pyarrow run on.
LOAD = """
import json, sys, time
from datasets import get_dataset_config_names, load_dataset
folder, cache, streaming = sys.argv[1:]
loaded = {}
for config in get_dataset_config_names(folder):
    splits = load_dataset(folder, config, cache_dir=cache, streaming=streaming == "streaming")
    loaded[config] = {split: list(rows) for split, rows in splits.items()}
print(json.dumps(loaded), flush=True)
if streaming == "streaming":
    time.sleep(1)
"""
RELEASES: Mapping[str, Content] = {
    "one file a split": content(),
    "several files a split": replace(content(), shard_bytes=1),
}


def expected(given: Content) -> dict[str, dict[str, Rows]]:
    """The rows of every config and split, as they are built."""
    return {
        config: {split: made.to_pylist() for split, made in by_split.items()}
        for config, by_split in tables(given).items()
    }


def load(folder: Path, cache: Path, how: str) -> dict[str, dict[str, Rows]]:
    """What load_dataset gives, offline, with a cache in a folder of its own."""
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(cache / "home")}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(folder), str(cache / "datasets"), how],
        env=os.environ | offline,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded: dict[str, dict[str, Rows]] = json.loads(done.stdout)
    return loaded


@pytest.mark.parametrize("how", ["whole", "streaming"])
@pytest.mark.parametrize("which", RELEASES)
def test_load_dataset_gives_the_rows_of_every_config_and_split(
    which: str, how: str, tmp_path: Path
) -> None:
    write_folder(tmp_path / "release", build(RELEASES[which]))
    loaded = load(tmp_path / "release", tmp_path, how)
    assert loaded == expected(RELEASES[which])
    assert {config: list(by_split) for config, by_split in loaded.items()} == {
        config: list(by_split) for config, by_split in expected(RELEASES[which]).items()
    }


def plain(value: Any) -> Any:
    """A value of pandas as Python has it: arrays are lists, and what is not there is None."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return None if value is pd.NA else value


def by_pandas(paths: list[str]) -> Rows:
    """With the types of Arrow, as whole numbers with nulls would otherwise become floats."""
    frames = [pd.read_parquet(path, dtype_backend="pyarrow") for path in paths]
    frame = pd.concat(frames)
    return [
        dict(zip(frame.columns, map(plain, row), strict=True))
        for row in frame.itertuples(index=False)
    ]


def by_polars(paths: list[str]) -> Rows:
    return pl.read_parquet(paths).to_dicts()


def by_duckdb(paths: list[str]) -> Rows:
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?)", [paths])
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


READERS: Mapping[str, Read] = {"pandas": by_pandas, "polars": by_polars, "duckdb": by_duckdb}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("which", RELEASES)
def test_others_read_the_same_rows_from_the_files_of_a_split(
    which: str, reader: str, tmp_path: Path
) -> None:
    write_folder(tmp_path, files := build(RELEASES[which]))
    for config, by_split in expected(RELEASES[which]).items():
        for split, rows in by_split.items():
            paths = [
                str(tmp_path / name)
                for name in files
                if (match := SHARD.fullmatch(name)) and match.group(1, 2) == (config, split)
            ]
            assert READERS[reader](paths) == rows


def test_the_sample_of_several_files_has_several() -> None:
    names = [*map(SHARD.fullmatch, build(RELEASES["several files a split"]))]
    assert max(int(match["of"]) for match in names if match) > 1


@pytest.mark.parametrize("how", ["whole", "streaming"])
def test_a_cache_does_not_serve_the_rows_of_an_older_version(how: str, tmp_path: Path) -> None:
    given = content()
    old = replace(given, annotations=given.annotations[:-1])
    new = replace(given, meta=replace(given.meta, version="2.0.0"))
    for one in (old, new):
        write_folder(tmp_path / "release", build(one))
        assert load(tmp_path / "release", tmp_path, how) == expected(one)
    assert expected(old) != expected(new)
