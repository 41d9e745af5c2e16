"""A file of lines cut into parts of whole lines, the same whoever cuts it."""

from collections.abc import Iterator
from typing import IO

BLOCK = 1_000_000
"""How many bytes of lines are held at once, about."""


def cut(file: IO[bytes], size: int, rank: int, parts: int) -> tuple[int, int]:
    """Where one of ``parts`` parts of a file begins and ends, as bytes; a part may be empty.

    Parts lie one after the other. A line belongs to the part that its first byte falls into.
    """
    return _line(file, size, rank, parts), _line(file, size, rank + 1, parts)


def blocks(file: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    """Yield the whole lines of a part, about a megabyte of them at a time."""
    file.seek(start)
    held, length, position = [], 0, start
    while position < end:
        line = file.readline()
        if not line:
            break
        position += len(line)
        held.append(line)
        length += len(line)
        if length >= BLOCK:
            yield b"".join(held)
            held, length = [], 0
    if held:
        yield b"".join(held)


def _line(file: IO[bytes], size: int, rank: int, parts: int) -> int:
    """The beginning of the first line at or after so many parts of the file."""
    near = size * rank // parts
    if near in (0, size):
        return near
    file.seek(near - 1)
    file.readline()
    return file.tell()
