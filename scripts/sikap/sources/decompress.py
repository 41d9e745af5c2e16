"""Open what may be packed, and read it up to a bound."""

import contextlib
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO, cast

import pyarrow as pa

from sikap.articles.chunks import MOST_BYTES
from sikap.errors import InputError, Problem
from sikap.formats.detect import packing_of

BLOCK = 1 << 20
_BEGINNING = 8
_PART = 1 << 16
"""Bytes that are read at once: what comes before a place where it breaks off is kept so far."""


class UnreadableError(Exception):
    """Why a source cannot be read, or not on: for people."""


class Stream:
    """Bytes of a source, unpacked; raises UnreadableError where it breaks off."""

    def __init__(self, raw: BinaryIO) -> None:
        self._head = _exactly(raw, _BEGINNING)
        self._raw: BinaryIO = raw
        self._packed = packing_of(self._head)
        self._ahead = b""
        self._failed: UnreadableError | None = None
        self._file = self._unpacked()

    @property
    def packed(self) -> bool:
        """Whether the bytes are others than those of the source."""
        return bool(self._packed)

    def read(self, size: int = BLOCK) -> bytes:
        """So many bytes, fewer only at the end, or before the place where it breaks off."""
        data, self._ahead = self._ahead[:size], self._ahead[size:]
        parts, left = [data], size - len(data)
        if self._failed is not None and not data:
            raise self._failed
        while left > 0 and self._failed is None:
            try:
                part = self._part(min(left, _PART))
            except UnreadableError as error:
                self._failed = error
                break
            if not part:
                break
            parts.append(part)
            left -= len(part)
        if left == size and self._failed is not None:
            raise self._failed
        return b"".join(parts)

    def peek(self) -> bytes:
        """How it begins."""
        if not self._ahead:
            self._ahead = self.read(_PART)
        return self._ahead

    def _part(self, size: int) -> bytes:
        with _told():
            return self._file.read(size)

    def _unpacked(self) -> BinaryIO:
        whole = cast("BinaryIO", io.BufferedReader(_Joined(self._head, self._raw), BLOCK))
        if self._packed == "gz":
            return cast("BinaryIO", gzip.GzipFile(fileobj=whole))
        if self._packed == "zst":
            return cast("BinaryIO", pa.CompressedInputStream(pa.PythonFile(whole, "r"), "zstd"))
        return whole


def whole(stream: Stream) -> bytes | None:
    """All that is left; None where it is more than a document may have."""
    data = stream.read(MOST_BYTES + 1)
    return None if len(data) > MOST_BYTES else data


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except (OSError, EOFError, zlib.error, pa.ArrowException, ValueError) as error:
        what = str(getattr(error, "strerror", None) or error).partition("\n")[0][:200]
        raise UnreadableError(f"it cannot be read on: {what}") from error


def _exactly(file: BinaryIO, size: int) -> bytes:
    parts, left = [], size
    while left > 0 and (part := file.read(min(left, BLOCK))):
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


class _Joined(io.RawIOBase):
    """What was read already, and then the rest."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        part = self._head[: len(buffer)] or self._rest.read(len(buffer)) or b""
        self._head = self._head[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def broken(file: str, error: Exception, line: int | None = None) -> Problem:
    """What is said of a source that cannot be read, or not on."""
    fix = "get it whole again; what was read before this place is taken"
    return Problem(code="source", file=file, line=line, found=str(error)[:600], fix=fix)
