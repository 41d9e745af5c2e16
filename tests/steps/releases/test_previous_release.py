from pathlib import Path

import msgspec
import pytest

from samples import META, content
from sikap.release.diff.semantic_version import Verdict
from sikap.release.files.build import MANIFEST, build
from sikap.steps.releases.previous_release import judge_next, refused
from sikap.storage.folder import write_folder

GOOD = build(content())
TABLE = "data/stance/train-00000-of-00001.parquet"


def named(version: str, **fields: object) -> dict[str, bytes]:
    meta = msgspec.structs.replace(META, version=version)
    return build(msgspec.structs.replace(content(), meta=meta, **fields))


def fewer(version: str) -> dict[str, bytes]:
    """The sample without the annotations of its first round, under a version."""
    return named(version, annotations=content().annotations[6:])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path / "release", GOOD)
    return tmp_path / "release"


def judged(folder: Path, files: dict[str, bytes]) -> Verdict:
    verdict = judge_next(folder, files)
    assert verdict is not None
    return verdict


def test_the_same_files_call_for_nothing(folder: Path) -> None:
    assert judged(folder, GOOD).bump == "none"


def test_rows_that_changed_call_for_a_version_and_are_named(folder: Path) -> None:
    verdict = judged(folder, fewer("1.1.0"))
    (problem,) = refused(verdict, "release", named=False)
    assert problem.code == "version-too-small"
    assert "at least 2.0.0: annotations: 6 rows removed" in problem.found
    assert "--replace" in problem.fix
    assert list(refused(judged(folder, fewer("2.0.0")), "release", named=True)) == []


def test_what_leaves_rows_alone_is_refused_only_where_the_version_was_named(folder: Path) -> None:
    verdict = judged(folder, named("1.0.0", datasheet=content().datasheet + "\nLagi.\n"))
    assert (verdict.bump, verdict.needed) == ("patch", "1.0.1")
    assert list(refused(verdict, "release", named=False)) == []
    assert len(list(refused(verdict, "release", named=True))) == 1


def test_a_lower_version_is_refused_whatever_changed(folder: Path) -> None:
    for version in ("0.9.9", "0.0.1"):
        (problem,) = refused(judged(folder, named(version)), "release", named=False)
        assert problem.found.endswith("it is lower than the old one")


def test_a_release_that_lost_a_table_can_be_mended(folder: Path) -> None:
    for damage in (b"PAR1", None):
        (folder / TABLE).unlink() if damage is None else (folder / TABLE).write_bytes(damage)
        assert list(refused(judged(folder, GOOD), "release", named=False)) == []


def test_a_release_that_cannot_be_read_as_a_whole_counts_as_changed(folder: Path) -> None:
    (folder / "schema" / "config.xml").unlink()
    verdict = judged(folder, fewer("1.9.9"))
    assert (verdict.bump, verdict.needed) == ("major", "2.0.0")
    assert "claims other content hashes of annotations." in verdict.reasons[0].text
    assert judged(folder, GOOD).bump == "none"


def test_a_folder_with_a_link_is_known_by_its_manifest(folder: Path) -> None:
    (folder / "link").symlink_to(folder / MANIFEST)
    assert judged(folder, fewer("1.9.9")).bump == "major"


@pytest.mark.parametrize("data", [b"", b"{}", b'{"dataset": {"version": "neu"}}', b"\xff"])
def test_of_a_release_that_claims_nothing_nothing_is_asked(folder: Path, data: bytes) -> None:
    (folder / MANIFEST).write_bytes(data)
    assert judge_next(folder, GOOD) is None


def test_of_no_release_nothing_is_asked(tmp_path: Path) -> None:
    assert judge_next(tmp_path / "nothing", GOOD) is None
    assert judge_next(tmp_path, GOOD) is None


def test_to_finish_a_draft_takes_no_other_number(tmp_path: Path) -> None:
    write_folder(tmp_path / "release", named("1.0.0", draft=True))
    assert judge_next(tmp_path / "release", GOOD) is None
    assert judged(tmp_path / "release", fewer("1.0.0")).bump == "major"
    assert judged(tmp_path / "release", named("0.9.0")).old == "1.0.0"
