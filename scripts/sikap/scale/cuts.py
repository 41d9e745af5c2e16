"""A file of lines cut into parts of whole lines, the same whoever cuts it."""

from typing import IO


def cut(file: IO[bytes], size: int, rank: int, parts: int) -> tuple[int, int]:
    """Where one of ``parts`` parts of a file begins and ends, as bytes; a part may be empty.

    Parts lie one after the other. A line belongs to the part that its first byte falls into.
    """
    return _line(file, size, rank, parts), _line(file, size, rank + 1, parts)


def _line(file: IO[bytes], size: int, rank: int, parts: int) -> int:
    """The beginning of the first line at or after so many parts of the file."""
    near = size * rank // parts
    if near in (0, size):
        return near
    file.seek(near - 1)
    file.readline()
    return file.tell()
