"""What tasks leave behind in the folder of a run, which is any that fsspec knows.

Each task writes beside the place and renames, so that a shard is whole or absent, and two processes
that do the same task, as after a lost connection, do not harm each other.
"""

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO, Any

import msgspec
from datatrove.io import DataFolder

from sikap.errors import Problem
from sikap.storage.files import encode_json

COPIED = 1_000_000


class Note(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one step of one task did: how much, from or to which bytes, and what it found.

    ``counts`` are of what the step counts; ``sha256`` and ``size`` are of the bytes that it read or
    wrote, where it did. The line of a problem counts from the first line of the task.
    """

    counts: dict[str, int]
    sha256: str = ""
    size: int = 0
    problems: tuple[Problem, ...] = ()


class Digest:
    """The SHA-256 and size of bytes that go past."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self.size = 0

    def add(self, data: bytes) -> bytes:
        """Take bytes in and give them back."""
        self._hash.update(data)
        self.size += len(data)
        return data

    @property
    def sha256(self) -> str:
        """The digest so far, as 64 hex digits."""
        return self._hash.hexdigest()

    def note(self, counts: Mapping[str, int], problems: Iterable[Problem] = ()) -> Note:
        """A note on a step that read or wrote the bytes so far."""
        found = tuple(problems)
        return Note(counts=dict(counts), sha256=self.sha256, size=self.size, problems=found)


def shard(what: str, rank: int, tasks: int, suffix: str = ".jsonl") -> str:
    """The path of a task's shard below the folder of its run."""
    return f"{what}/{rank:05d}-of-{tasks:05d}{suffix}"


@contextmanager
def whole(folder: DataFolder, path: str) -> Iterator[IO[bytes]]:
    """A file to write that stands in its place once all is written, and not before."""
    beside = f"{path}.{secrets.token_hex(4)}.part"
    try:
        with folder.open(beside, "wb") as file:
            yield file
    except BaseException:
        if folder.exists(beside):
            folder.rm(beside)
        raise
    folder.mv(beside, path)


def write_note(folder: DataFolder, what: str, rank: int, tasks: int, note: Note) -> None:
    """Write what a step of a task did, after all else that it wrote."""
    with whole(folder, shard(what, rank, tasks, ".json")) as file:
        file.write(encode_json(note))


def read_note(folder: DataFolder, what: str, rank: int, tasks: int) -> Note | None:
    """What a step of a task did; None where it has not come to its end."""
    path = shard(what, rank, tasks, ".json")
    if not folder.isfile(path):
        return None
    data: Any = folder.cat_file(path)
    return msgspec.json.decode(data, type=Note)
