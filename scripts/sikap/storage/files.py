"""Files on disk: JSONL in a fixed form, atomic writes, digests, the project lock."""

import contextlib
import filecmp
import gc
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec
from filelock import FileLock, Timeout

from sikap.errors import InputError, Problem, raise_if

T = TypeVar("T")
_ENCODER = msgspec.json.Encoder()


def sha256(data: bytes | str) -> str:
    """SHA-256 of bytes, or of a text as UTF-8, as 64 hex digits."""
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def encode_line(record: object) -> bytes:
    """One record as a JSON line: UTF-8, keys in the order of its schema, with its line end."""
    return msgspec.json.encode(record) + b"\n"


def encode_lines(records: Iterable[object]) -> bytes:
    """Records as the bytes of a JSONL file."""
    return _ENCODER.encode_lines(records)


def encode_json(value: object) -> bytes:
    """One value as the bytes of an indented JSON file."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def decode_lines(data: bytes, type_: type[T], file: str) -> list[T]:
    """The records of a JSONL file; raises InputError with every line that cannot be read."""
    records, problems = try_lines(data, type_, file)
    raise_if(problems)
    return records


def try_lines(
    data: bytes, type_: type[T], file: str, first: int = 1
) -> tuple[list[T], list[Problem]]:
    """The records of lines, and what is wrong with the others; ``first`` is the number of one."""
    decode = msgspec.json.Decoder(type_).decode
    records, problems = [], []
    *lines, rest = data.split(b"\n")
    for number, line in enumerate(lines, first):
        try:
            records.append(decode(line))
        except msgspec.ValidationError as error:
            found, fix = f"the record is of another form: {error}", "make the file again"
            problems.append(Problem(code="schema", file=file, line=number, found=found, fix=fix))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            found, fix = f"the line is not JSON: {error}", "make the file again"
            problems.append(Problem(code="not-json", file=file, line=number, found=found, fix=fix))
    if rest:
        fix = "the file was cut off while it was written: make it again"
        place, found = first + len(lines), "the last line has no line end"
        problems.append(
            Problem(code="unfinished-line", file=file, line=place, found=found, fix=fix)
        )
    return records, problems


def decode_json(data: bytes, type_: type[T], file: str) -> T:
    """The value in a JSON file; raises InputError where it is not JSON or of another form."""
    try:
        return msgspec.json.decode(data, type=type_)
    except msgspec.ValidationError as error:
        found, fix = f"it is of another form: {error}", "correct it or make it again"
        raise InputError(Problem(code="schema", file=file, found=found, fix=fix)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        found, fix = f"it is not JSON: {error}", "correct it or make it again"
        raise InputError(Problem(code="not-json", file=file, found=found, fix=fix)) from error


def decode_text(data: bytes, file: str) -> str:
    """The text in a file; raises InputError where it is not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        found, fix = f"it is not UTF-8: {error}", "save it as UTF-8"
        raise InputError(Problem(code="not-utf8", file=file, found=found, fix=fix)) from error


def read_bytes(path: Path, file: str, fix: str) -> bytes:
    """The bytes of a file; raises InputError that says ``fix`` where it is missing."""
    with opened(path, file, fix) as stream:
        return stream.read()


@contextlib.contextmanager
def opened(path: Path, file: str, fix: str) -> Iterator[BinaryIO]:
    """A file to read piece by piece; raises InputError that says ``fix`` where it is missing."""
    try:
        with path.open("rb") as stream:
            yield stream
    except FileNotFoundError as error:
        problem = Problem(code="file-missing", file=file, found="there is no such file", fix=fix)
        raise InputError(problem) from error
    except OSError as error:
        found = f"it cannot be read: {error.strerror}"
        problem = Problem(code="disk", file=file, found=found, fix="make it a readable file")
        raise InputError(problem) from error


def write_bytes(path: Path, data: bytes, mode: int = 0o644) -> bool:
    """Write a file beside its place and rename it; False where it held these bytes already.

    Raises InputError where the file system refuses; the old file then stands as it was.
    """
    with contextlib.suppress(OSError):
        if path.read_bytes() == data and path.stat().st_mode & 0o777 == mode:
            return False
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data, mode)
    except OSError as error:
        found = f"it cannot be written: {error.strerror}"
        fix = "make room or give leave to write there; the old file is as it was"
        problem = Problem(code="disk", file=path.name, found=found, fix=fix)
        raise InputError(problem) from error
    return True


def write_chunks(path: Path, chunks: Iterable[bytes], mode: int = 0o644) -> bool:
    """Write a file from parts of it, as ``write_bytes`` does, without ever holding all of it.

    Where the parts raise an error, the old file stands as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            for chunk in chunks:
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        same = path.exists() and path.stat().st_mode & 0o777 == mode
        if same and filecmp.cmp(name, path, shallow=False):
            os.unlink(name)
            return False
        os.replace(name, path)
    except OSError as error:
        _unlink(name)
        found = f"it cannot be written: {error.strerror}"
        fix = "make room or give leave to write there; the old file is as it was"
        problem = Problem(code="disk", file=path.name, found=found, fix=fix)
        raise InputError(problem) from error
    except BaseException:
        _unlink(name)
        raise
    return True


def _unlink(name: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(name)


def _replace(path: Path, data: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files that only their owner reads, whatever the umask.
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Hold the cyclic garbage collector back while very many records are made.

    They form no cycles, yet it would walk all of them again and again: without it tables are made
    1.5 to 2 times as fast (`scripts/benchmarks/benchmark.py` measures it), and exports read.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextlib.contextmanager
def lock(path: Path) -> Iterator[None]:
    """Hold a lock file; raises InputError at once where another process holds it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        found, fix = f"it cannot be made: {error.strerror or error}", "make it a writable folder"
        raise InputError(
            Problem(code="disk", file=path.parent.name, found=found, fix=fix)
        ) from error
    try:
        with FileLock(path, timeout=0):
            yield
    except Timeout as error:
        found = "another sikap command is writing to this project"
        fix = "wait until it has ended, then run again"
        raise InputError(Problem(code="busy", file=path.name, found=found, fix=fix)) from error
