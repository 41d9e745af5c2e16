"""Signatures of texts, kept in a file so that each text is looked at once.

The file is a cache: what is missing, damaged, or of other settings is made anew. It holds a line
of JSON that says of which settings and versions it is, then rows of 2,084 bytes: the SHA-256 of a
text, its signature, and a CRC-32 of both.
"""

import os
import zlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from sikap.articles.near_duplicates.minhash import SEED, VALUES, Places, Signatures
from sikap.settings import Copies

FORM = 2
"""Of the file: another number makes it anew."""
HEAD = 256
"""Bytes before the first row."""
DIGEST = 32
"""Bytes of a SHA-256."""
ROW = np.dtype([("digest", f"V{DIGEST}"), ("values", "<u4", (VALUES,)), ("crc", "<u4")])
CHECKED = 5_000
"""Rows that are in memory at once."""
Digests = NDArray[np.bytes_]
"""SHA-256 of texts, as 32 bytes each (NumPy compares them as if nulls at the end were nothing,
which makes no two of one length the same)."""


class KeptSignatures:
    """The signatures in a file, by the digest of the text that each is of."""

    def __init__(self, folder: Path, copies: Copies) -> None:
        self.path = folder / f"{copies.words}-{copies.characters}.bin"
        self._head = _head(copies)
        self._digests, self._places = self._read()

    def __len__(self) -> int:
        return len(self._digests)

    def places(self, digests: Digests) -> Places:
        """The row of each digest, or -1 where there is none."""
        if not len(self._digests):
            return np.full(len(digests), -1, dtype=np.int64)
        at = np.searchsorted(self._digests, digests)
        at[at == len(self._digests)] = 0
        return np.where(self._digests[at] == digests, self._places[at], -1)

    def rows(self, places: Places, columns: slice = slice(None)) -> Signatures:
        """Values of some rows; the file is mapped for few of them at a time, and then let go."""
        found = np.empty((len(places), len(range(VALUES)[columns])), dtype=np.uint32)
        for at in range(0, len(places), CHECKED):
            some = places[at : at + CHECKED]
            found[at : at + len(some)] = self._mapped()["values"][some, columns]
        return found

    def add(self, portions: Iterable[tuple[Digests, Signatures]]) -> None:
        """Append signatures; what was being written when a run was killed is cut off first."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        whole = self._whole()
        with self.path.open("r+b" if whole else "w+b") as file:
            if not whole:
                file.write(self._head)
            size = file.seek(0, os.SEEK_END)
            file.truncate(size - (size - HEAD) % ROW.itemsize)
            file.seek(0, os.SEEK_END)
            for digests, values in portions:
                file.write(_encoded(digests, values))
            file.flush()
            os.fsync(file.fileno())
        self._digests, self._places = self._read()

    def _whole(self) -> bool:
        """Whether the file is there and of these settings and versions."""
        if not self.path.is_file():
            return False
        with self.path.open("rb") as file:
            return file.read(HEAD) == self._head

    def _mapped(self) -> "np.ndarray[tuple[int], np.dtype[np.void]]":
        count = (self.path.stat().st_size - HEAD) // ROW.itemsize if self._whole() else 0
        if not count:
            return np.empty(0, dtype=ROW)
        return np.memmap(self.path, dtype=ROW, mode="r", offset=HEAD, shape=(count,))

    def _read(self) -> tuple[Digests, Places]:
        """The digests of all undamaged rows, sorted, and where each is."""
        count = len(self._mapped())
        digests = np.zeros(count, dtype=f"S{DIGEST}")
        good = np.zeros(count, dtype=bool)
        for at in range(0, count, CHECKED):
            some = np.array(self._mapped()[at : at + CHECKED])
            digests[at : at + len(some)] = some["digest"].view(f"S{DIGEST}")
            data, size = some.tobytes(), ROW.itemsize
            sums = [zlib.crc32(data[n * size : (n + 1) * size - 4]) for n in range(len(some))]
            good[at : at + len(some)] = some["crc"] == np.array(sums, dtype=np.uint32)
        places = np.flatnonzero(good)
        order = np.argsort(digests[places], kind="stable")
        return digests[places][order], places[order]


def _head(copies: Copies) -> bytes:
    said = {
        "form": FORM,
        "words": copies.words,
        "characters": copies.characters,
        "seed": SEED,
        "values": VALUES,
        "rensa": version("rensa"),
        "sikap": version("sikap"),
    }
    return msgspec.json.encode(said).ljust(HEAD - 1) + b"\n"


def _encoded(digests: Digests, values: Signatures) -> bytes:
    rows = np.zeros(len(digests), dtype=ROW)
    rows["digest"] = np.ascontiguousarray(digests).view(f"V{DIGEST}")
    rows["values"] = values
    data, size = rows.tobytes(), ROW.itemsize
    rows["crc"] = [zlib.crc32(data[n * size : (n + 1) * size - 4]) for n in range(len(rows))]
    return rows.tobytes()
