import shutil
import subprocess
from pathlib import Path

import pytest

from samples import content
from sikap.errors import InputError
from sikap.release.build import build
from sikap.release.folder import write_folder
from sikap.steps.verify import verify


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good release on disk."""
    write_folder(tmp_path / "release", build(content()))
    return tmp_path / "release"


def test_a_good_release_is_said_to_be_good(folder: Path) -> None:
    report = verify(folder)
    assert not report.failed
    assert report.files == 32
    assert list(report.lines()) == [f"{folder}: 32 files keep every rule"]


def test_the_checksums_can_be_checked_without_sikap(folder: Path) -> None:
    program = shutil.which("sha256sum") or pytest.skip("there is no sha256sum")
    subprocess.run([program, "--check", "--strict", "SHA256SUMS"], cwd=folder, check=True)


def test_a_changed_release_fails_with_the_file_named(folder: Path) -> None:
    (folder / "schema" / "guidelines.md").write_bytes(b"lain")
    report = verify(folder)
    assert report.failed
    places = {(problem.code, problem.file) for problem in report.problems}
    assert places == {
        ("checksum", "schema/guidelines.md"),
        ("digest", "schema/guidelines.md"),
        ("figures", "README.md"),
    }
    assert list(report.lines()) == [f"{folder}: 3 problems in 32 files"]


def test_an_empty_folder_is_no_release(tmp_path: Path) -> None:
    report = verify(tmp_path)
    assert {problem.file for problem in report.problems} == {"SHA256SUMS", "release.json"}


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        verify(tmp_path / "nothing")


def test_a_link_is_bad_input(folder: Path) -> None:
    (folder / "link").symlink_to(folder / "README.md")
    with pytest.raises(InputError, match="it is a link"):
        verify(folder)
