"""The files of a release as the values that two releases are compared by, whatever their format.

`read_release` reads strictly, for `verify`; a release to compare with may come from another
version of sikap. So release.json is taken as it is, and tables with the columns that they have.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from sikap.errors import InputError
from sikap.labelling_config.scheme import Scheme
from sikap.labelling_config.scheme_from_xml import read_scheme
from sikap.patterns import version_numbers
from sikap.release.diff.diff import Edition
from sikap.release.diff.rows import Splits
from sikap.release.documents.datasheet import END, MARKER
from sikap.release.files.build import DATASHEET, MANIFEST
from sikap.release.files.parquet import from_parquet
from sikap.release.files.read import damaged
from sikap.release.files.shards import SHARD
from sikap.storage.files import decode_json, sha256


class Tables(Mapping[str, Splits]):
    """The tables of a release by config and split, decoded when they are asked for and not kept."""

    def __init__(self, files: Mapping[str, bytes], place: str = "") -> None:
        self._place = place
        self._shards: dict[str, dict[str, dict[str, bytes]]] = {}
        for name in sorted(files):
            match = SHARD.fullmatch(name)
            if match:
                splits = self._shards.setdefault(match["config"], {})
                splits.setdefault(match["split"], {})[name] = files[name]

    def __getitem__(self, config: str) -> Splits:
        """Read the tables of one config; raises InputError where they cannot be read."""
        shards = {s: self._named(those) for s, those in self._shards[config].items()}
        tables = {split: _table(those) for split, those in shards.items()}
        schemas = [table.schema for table in tables.values()]
        if not all(schema.equals(schemas[0]) for schema in schemas):
            raise InputError(
                damaged(f"{self._place}data/{config}", "its splits have unlike columns")
            )
        return tables

    def _named(self, shards: Mapping[str, bytes]) -> dict[str, bytes]:
        return {f"{self._place}{name}": data for name, data in shards.items()}

    def __iter__(self) -> Iterator[str]:
        return iter(self._shards)

    def __len__(self) -> int:
        return len(self._shards)

    def packed(self) -> dict[str, str]:
        """A digest of the names and bytes of every config's files."""
        return {
            config: sha256(
                "".join(f"{n} {sha256(d)}\n" for s in splits.values() for n, d in s.items())
            )
            for config, splits in self._shards.items()
        }


def read_edition(files: Mapping[str, bytes], place: str = "") -> Edition:
    """A release as values; raises InputError where manifest or labelling config cannot be read.

    Tables are read later, config by config, and raise InputError then. ``place`` stands before the
    names of files in what is raised.
    """
    if MANIFEST not in files:
        raise InputError(damaged(f"{place}{MANIFEST}", "the release does not have it"))
    manifest = decode_json(files[MANIFEST], dict[str, Any], f"{place}{MANIFEST}")
    tables = Tables(files, place)
    datasheet = files.get(DATASHEET, b"").decode("utf-8", "replace")
    edition = Edition(
        manifest=manifest,
        scheme=_scheme(manifest, files, place),
        tables=tables,
        packed=tables.packed(),
        files={n: sha256(data) for n, data in files.items() if not SHARD.fullmatch(n)},
        datasheet=_prose(datasheet),
    )
    try:
        version_numbers(edition.version)
    except ValueError as error:
        raise InputError(damaged(f"{place}{MANIFEST}", str(error), "version")) from error
    return edition


def _scheme(manifest: Mapping[str, Any], files: Mapping[str, bytes], place: str) -> Scheme:
    name = f"schema/{manifest.get('config_file')}"
    if name not in files:
        raise InputError(damaged(f"{place}{name}", "the release does not have it"))
    span_key = manifest.get("span_key")
    return read_scheme(
        files[name], f"{place}{name}", tuple(span_key) if isinstance(span_key, list) else ()
    )


def _prose(datasheet: str) -> str:
    """What people wrote: the text without what stands between markers."""
    parts, inside, position = [], False, 0
    for marker in MARKER.finditer(datasheet):
        if not inside:
            parts.append(datasheet[position : marker.start()])
        inside, position = marker["name"] != END, marker.end()
    return "".join([*parts, "" if inside else datasheet[position:]])


def _table(shards: Mapping[str, bytes]) -> pa.Table:
    parts = []
    for name, data in shards.items():
        try:
            parts.append(from_parquet(data))
        except ValueError as error:
            raise InputError(damaged(name, f"it cannot be read as a table: {error}")) from error
    if not all(part.schema.equals(parts[0].schema) for part in parts):
        raise InputError(damaged(next(iter(shards)), "the shards of its split have unlike columns"))
    return pa.concat_tables(parts)
