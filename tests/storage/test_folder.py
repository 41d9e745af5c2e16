import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sikap.errors import InputError
from sikap.storage.folder import read_folder, write_folder

OLD = {"a.txt": b"old", "data/b.txt": b"old"}
NEW = {"a.txt": b"new", "data/c.txt": b"new"}
SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
# Kill the process at the Nth call of what changes the disk for good.
KILLED = """
import os, signal, shutil, sys
from pathlib import Path
from sikap.storage import folder
calls, at = 0, int(sys.argv[2])
def killing(function):
    def call(*given, **named):
        global calls
        calls += 1
        if calls == at:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*given, **named)
    return call
Path.rename = killing(Path.rename)
folder.write_bytes = killing(folder.write_bytes)
shutil.rmtree = killing(shutil.rmtree)
folder.write_folder(Path(sys.argv[1]), {"a.txt": b"new", "data/c.txt": b"new"})
"""


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    assert write_folder(tmp_path / "release", NEW)
    assert read_folder(tmp_path / "release") == NEW


def test_a_second_run_touches_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "release"
    write_folder(folder, NEW)
    before = {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))}
    inodes = {path: path.stat().st_ino for path in before}
    assert not write_folder(folder, NEW)
    assert {path: path.stat().st_mtime_ns for path in (folder, *folder.rglob("*"))} == before
    assert {path: path.stat().st_ino for path in before} == inodes


def test_a_file_that_is_no_longer_given_goes(tmp_path: Path) -> None:
    write_folder(tmp_path / "release", OLD)
    assert write_folder(tmp_path / "release", NEW)
    assert read_folder(tmp_path / "release") == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_modes_are_the_same_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_folder(tmp_path / "release", NEW)
    finally:
        os.umask(before)
    modes = {p.name: p.stat().st_mode & 0o777 for p in (tmp_path / "release").rglob("*")}
    assert modes == {"a.txt": 0o644, "data": 0o755, "c.txt": 0o644}


@pytest.mark.parametrize("at", range(1, 9))
def test_killed_at_any_moment_one_whole_release_is_left(tmp_path: Path, at: int) -> None:
    folder = tmp_path / "release"
    write_folder(folder, OLD)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), str(at)],
        env=os.environ | {"PYTHONPATH": str(SCRIPTS)},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    whole = [path for path in tmp_path.iterdir() if read_folder(path) in (OLD, NEW)]
    assert whole
    write_folder(folder, NEW)
    assert read_folder(folder) == NEW
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


def test_a_refused_swap_leaves_the_old_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "release"
    write_folder(folder, OLD)
    rename = Path.rename

    def refusing(path: Path, target: Path) -> Path:
        if path.name == ".release.new":
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refusing)
    with pytest.raises(InputError, match="Permission denied"):
        write_folder(folder, NEW)
    assert read_folder(folder) == OLD
    assert [path.name for path in tmp_path.iterdir()] == ["release"]


@pytest.mark.parametrize("target", ["a.txt", "data", "missing", "/etc/hostname"])
def test_links_are_refused_by_name(tmp_path: Path, target: str) -> None:
    write_folder(tmp_path, NEW)
    (tmp_path / "data" / "link").symlink_to(tmp_path / target)
    with pytest.raises(InputError) as caught:
        read_folder(tmp_path)
    assert [(p.code, p.file) for p in caught.value.problems] == [("outside-project", "data/link")]


def test_a_release_with_a_link_in_it_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "release"
    write_folder(folder, NEW)
    (folder / "link").symlink_to(folder / "a.txt")
    assert write_folder(folder, NEW)
    assert read_folder(folder) == NEW


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_folder(tmp_path / "nothing")
