"""Sort more than memory holds: runs of bounded size on disk, merged as they are read.

An entry is a key and a value, both bytes; entries come out in the order of ``sorted`` on the pairs,
whatever order they came in and however they were cut into runs. UTF-8 keeps the order of code
points, so texts as keys come out as Python sorts them.
"""

import heapq
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

Entry = tuple[bytes, bytes]

RUN_BYTES = 48 << 20
"""What is held in memory before it goes to disk, with what Python needs around it."""
AROUND = 160
"""Bytes that a pair takes in memory beside what is in it."""
OPEN_RUNS = 64
"""Runs that are merged at once; more of them are merged to longer ones first."""
BUFFER = 1 << 17
_LENGTHS = struct.Struct("<II")


class Sorter:
    """Takes entries in any order and gives them back sorted; ``folder`` is there and its own.

    Raises OSError where the disk refuses.
    """

    def __init__(
        self, folder: Path, run_bytes: int = RUN_BYTES, open_runs: int = OPEN_RUNS
    ) -> None:
        self._folder = folder
        self._run_bytes = run_bytes
        self._open_runs = open_runs
        self._held: list[Entry] = []
        self._size = 0
        self._runs: list[Path] = []
        self._made = 0

    def add(self, key: bytes, value: bytes) -> None:
        """Take one entry."""
        self._held.append((key, value))
        self._size += len(key) + len(value) + AROUND
        if self._size >= self._run_bytes:
            self._held.sort()
            self._write(self._held)
            self._held, self._size = [], 0

    def entries(self) -> Iterator[Entry]:
        """Yield all entries, sorted; nothing can be added any more."""
        self._held.sort()
        if not self._runs:
            yield from self._held
            return
        # What is held goes to disk too: memory is the reader's from now on.
        self._write(self._held)
        self._held = []
        while len(self._runs) > self._open_runs:
            some, self._runs = self._runs[: self._open_runs], self._runs[self._open_runs :]
            self._write(heapq.merge(*map(read_entries, some)))
            for path in some:
                path.unlink()
        yield from heapq.merge(*map(read_entries, self._runs))

    def _write(self, entries: Iterable[Entry]) -> None:
        path = self._folder / f"{self._made}.run"
        self._made += 1
        with path.open("wb", buffering=BUFFER) as file:
            for entry in entries:
                file.write(as_bytes(entry))
        self._runs.append(path)


def as_bytes(entry: Entry) -> bytes:
    """An entry as it stands in a file."""
    key, value = entry
    return b"".join([_LENGTHS.pack(len(key), len(value)), key, value])


def read_entries(path: Path) -> Iterator[Entry]:
    """Yield the entries of a file, in its order; raises OSError where it was cut off."""
    with path.open("rb", buffering=BUFFER) as file:
        while head := file.read(_LENGTHS.size):
            key, value = _LENGTHS.unpack(head)
            yield _exactly(file, key), _exactly(file, value)


def _exactly(file: BinaryIO, count: int) -> bytes:
    data = file.read(count)
    if len(data) != count:
        raise OSError(f"a file of the sort was cut off: {count - len(data)} bytes are missing")
    return data
