"""A release as a folder on disk: read whole, written beside and swapped in whole."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from sikap.errors import InputError, Problem
from sikap.store import write_bytes


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its path in it; raises InputError where there is no release."""
    if not folder.is_dir():
        found, fix = "there is no such folder", "name the folder of a release, or build one"
        raise InputError(Problem(code="file-missing", file=str(folder), found=found, fix=fix))
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            fix = "a release holds plain files only"
            raise InputError(
                Problem(code="outside-project", file=name, found="it is a link", fix=fix)
            )
        if path.is_file():
            files[name] = path.read_bytes()
    return files


def write_folder(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Write a release beside its place and swap it in; False where it is there already.

    Killed at any moment, the old or the new release can be found whole: the next run clears the
    rest away. Raises InputError where the file system refuses.
    """
    building, old = (folder.with_name(f".{folder.name}.{part}") for part in ("new", "old"))
    if old.exists() and not folder.exists():
        old.rename(folder)
    if folder.is_dir() and read_folder(folder) == dict(files):
        return False
    shutil.rmtree(building, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    try:
        for name, data in files.items():
            write_bytes(building / name, data)
        _open_to_all(building)
        if folder.exists():
            folder.rename(old)
        building.rename(folder)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    shutil.rmtree(old, ignore_errors=True)
    return True


def _open_to_all(folder: Path) -> None:
    """Give folders the same mode whatever the umask."""
    for path, _, _ in os.walk(folder):
        Path(path).chmod(0o755)
