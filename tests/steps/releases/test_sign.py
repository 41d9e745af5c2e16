from pathlib import Path

import pytest

from keys import make_key
from samples import content
from sikap import ChecksError, InputError, sign_release
from sikap.release.files.build import build
from sikap.release.publish.locations import SIGNATURE
from sikap.storage.folder import read_folder, write_folder

FILES = build(content())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path / "release", FILES)
    return tmp_path / "release"


def test_a_release_is_signed_beside_its_checksums(folder: Path, tmp_path: Path) -> None:
    report = sign_release(folder, make_key(tmp_path, "ani"))
    files = read_folder(folder)
    assert files.pop(SIGNATURE).startswith(b"-----BEGIN SSH SIGNATURE-----")
    assert files == FILES
    assert list(report.lines()) == [f"{folder}/{SIGNATURE} written"]


def test_a_second_run_with_the_same_key_changes_nothing(folder: Path, tmp_path: Path) -> None:
    key = make_key(tmp_path, "ani")
    sign_release(folder, key)
    assert not sign_release(folder, key).changed


def test_a_release_that_breaks_a_rule_is_not_signed(folder: Path, tmp_path: Path) -> None:
    (folder / "README.md").write_bytes(b"lain")
    with pytest.raises(ChecksError, match=r"\[checksum\]"):
        sign_release(folder, make_key(tmp_path, "ani"))
    assert not (folder / SIGNATURE).exists()


def test_a_key_that_is_none_leaves_the_old_signature(folder: Path, tmp_path: Path) -> None:
    sign_release(folder, make_key(tmp_path, "ani"))
    before = (folder / SIGNATURE).read_bytes()
    with pytest.raises(InputError, match=r"\[signing\]"):
        sign_release(folder, folder / "README.md")
    assert (folder / SIGNATURE).read_bytes() == before
