"""A release as a folder on disk: read whole, written beside and swapped in whole."""

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from sikap.errors import InputError, Problem, raise_if
from sikap.storage.files import read_bytes, write_bytes


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path in it; raises InputError where there is no release."""
    if not folder.is_dir():
        found, fix = "there is no such folder", "name the folder of a release, or build one"
        raise InputError(Problem(code="file-missing", file=str(folder), found=found, fix=fix))
    files, problems = {}, []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not path.is_symlink():
            files[name] = read_bytes(path, name, "run it again")
        elif not path.is_dir() or path.is_symlink():
            found, fix = "it is a link or no file at all", "a release holds plain files only"
            problems.append(Problem(code="outside-project", file=name, found=found, fix=fix))
    raise_if(problems)
    return files


def write_folder(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Write a release beside its place and swap it in; False where it is there already.

    Killed at any moment, the old or the new release can be found whole: the next run clears the
    rest away. Raises InputError where the file system refuses.
    """
    building, old = (folder.with_name(f".{folder.name}.{part}") for part in ("new", "old"))
    _tidy(folder, building, old)
    with contextlib.suppress(InputError):  # links in the folder: replace it
        if folder.is_dir() and read_folder(folder) == dict(files):
            return False
    try:
        for name, data in files.items():
            write_bytes(building / name, data)
        _open_to_all(building)
        if folder.exists():
            folder.rename(old)
        building.rename(folder)
    except OSError as error:
        found = f"it cannot be replaced: {error.strerror}"
        fix = "give leave to write beside it, then run again; the old release is as it was"
        raise InputError(Problem(code="disk", file=folder.name, found=found, fix=fix)) from error
    finally:
        _tidy(folder, building, old)
    return True


def _tidy(folder: Path, building: Path, old: Path) -> None:
    """Put the old release back where no new one took its place, and clear away the rest."""
    if old.exists() and not folder.exists():
        old.rename(folder)
    for rest in (building, old):
        shutil.rmtree(rest, ignore_errors=True)


def _open_to_all(folder: Path) -> None:
    """Give folders the same mode whatever the umask."""
    for path, _, _ in os.walk(folder):
        Path(path).chmod(0o755)
