"""What a file is, by its name and by how it begins."""

from typing import Literal

import msgspec

Format = Literal["text", "html", "jsonl", "csv", "tsv", "parquet"]
Kind = Format | Literal["json"]
Packing = Literal["", "gz", "zst"]
SUFFIXES: dict[str, Kind] = {
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".parquet": "parquet",
}
PACKINGS: dict[str, Packing] = {".gz": "gz", ".zst": "zst"}
_MAGIC: dict[bytes, Packing] = {b"\x1f\x8b": "gz", b"\x28\xb5\x2f\xfd": "zst"}


class Name(msgspec.Struct, frozen=True):
    """A file name in parts; ``kind`` is None where no suffix is known."""

    stem: str
    kind: Kind | None
    packing: Packing


def parted(name: str) -> Name:
    """The parts of a file name or of a path in a folder."""
    stem = name
    packing: Packing = ""
    for suffix, known in PACKINGS.items():
        if name.lower().endswith(suffix) and len(name) > len(suffix):
            stem, packing = name[: -len(suffix)], known
    head, dot, last = stem.rpartition(".")
    kind = SUFFIXES.get(f".{last.lower()}") if dot and head else None
    return Name(head if kind else stem, kind, packing)


def packing_of(beginning: bytes) -> Packing:
    """How bytes are packed."""
    return next((known for magic, known in _MAGIC.items() if beginning.startswith(magic)), "")


def kind_of(beginning: bytes) -> Kind | None:
    """What bytes without a name are, where it cannot be mistaken."""
    if beginning.startswith(b"PAR1"):
        return "parquet"
    begins = beginning.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower()
    if begins.startswith(b"{"):
        return "jsonl"
    if begins.startswith(b"["):
        return "json"
    return "html" if begins.startswith((b"<!doctype html", b"<html")) else None
