"""Files larger than memory: read in blocks of whole lines, made beside their place and renamed."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from sikap.errors import InputError, Problem

BLOCK = 1 << 20
"""About how many bytes of lines are read, and sent to another process, at once."""


class Block(NamedTuple):
    """Whole lines of a file, the first of them ``line``, counted from 1."""

    line: int
    data: bytes


def blocks(path: Path, file: str, fix: str, size: int = BLOCK) -> Iterator[Block]:
    """Yield the lines of a file in blocks; a last line without its end comes as it is.

    Raises InputError that says ``fix`` where the file is missing, or that it cannot be read.
    """
    try:
        with path.open("rb") as opened:
            yield from blocks_of(opened, None, size)
    except FileNotFoundError as error:
        problem = Problem(code="file-missing", file=file, found="there is no such file", fix=fix)
        raise InputError(problem) from error
    except OSError as error:
        found, fix = f"it cannot be read: {error.strerror or error}", "make it a readable file"
        raise InputError(Problem(code="disk", file=file, found=found, fix=fix)) from error


def blocks_of(file: IO[bytes], length: int | None = None, size: int = BLOCK) -> Iterator[Block]:
    """Yield the lines of an open file in blocks, from where it stands.

    ``length`` bytes of it are read, which end with a line or the file (all); the first line is 1.
    """
    line, read = 1, 0
    while data := file.read(size if length is None else min(size, length - read)):
        if length is None or read + len(data) < length:
            data += file.readline()
        yield Block(line, data)
        line += data.count(b"\n")
        read += len(data)


@contextlib.contextmanager
def workshop(folder: Path, name: str) -> Iterator[Path]:
    """A new folder inside ``folder`` that is gone afterwards, with all that killed runs left.

    Whoever comes here holds the lock of the project. Raises InputError where the file system
    refuses anything meanwhile: nothing was renamed then, or the next run renames the rest.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        prefix = f".{name}."
        for left in [path for path in folder.iterdir() if path.name.startswith(prefix)]:
            shutil.rmtree(left, ignore_errors=True)
        made = Path(tempfile.mkdtemp(dir=folder, prefix=prefix))
        try:
            yield made
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        found = f"the file system refuses: {error.strerror or error}"
        fix = (
            "make room or give leave to write there, then run again; the old files are as they were"
        )
        raise InputError(Problem(code="disk", file=name, found=found, fix=fix)) from error


def put(made: Path, path: Path, mode: int = 0o644) -> bool:
    """Move a finished file to its place; False where these bytes stood there already.

    Both are on one file system. Raises OSError where it refuses.
    """
    with contextlib.suppress(FileNotFoundError):
        if path.stat().st_mode & 0o777 == mode and _same(made, path):
            made.unlink()
            return False
    with made.open("rb+") as file:
        os.fsync(file.fileno())
    # As made, only its owner could read it, or whoever the umask lets.
    made.chmod(mode)
    os.replace(made, path)
    return True


def _same(one: Path, other: Path) -> bool:
    if one.stat().st_size != other.stat().st_size:
        return False
    with one.open("rb") as left, other.open("rb") as right:
        while data := left.read(BLOCK):
            if data != right.read(BLOCK):
                return False
    return True
