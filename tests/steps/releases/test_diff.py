import json
from pathlib import Path

import msgspec
import pytest

from projects import sikap
from samples import META, content
from sikap import InputError, compare_releases
from sikap.release.data.content import Content
from sikap.release.diff.changes import Files
from sikap.release.diff.diff import diff as compare
from sikap.release.diff.read_any_format import read_edition
from sikap.release.files.build import build
from sikap.release.publish.locations import SIGNATURE
from sikap.steps.releases.diff import SHOWN
from sikap.storage.folder import read_folder, write_folder

LABELS = """\
entities: was ↓ is →  PER  ORG  GPE  FAC  TOPIC  (no span)
PER                     8    0    0    0      0          0
ORG                     0    0    0    0      0          1
GPE                     0    0    2    0      0          0
FAC                     0    0    0    1      0          0
TOPIC                   0    0    0    0      1          0
(no span)               0    0    0    0      0          0"""


def changed(version: str) -> Content:
    """The sample with nobody marking the organisation, and a version."""
    given = content()
    labels = [
        msgspec.structs.replace(one, spans=tuple(s for s in one.spans if s.label != "ORG"))
        for one in given.labels
    ]
    meta = msgspec.structs.replace(META, version=version)
    return msgspec.structs.replace(given, labels=tuple(labels), meta=meta)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    write_folder(tmp_path / "old", build(content()))
    return tmp_path / "old"


@pytest.fixture
def new(tmp_path: Path) -> Path:
    write_folder(tmp_path / "new", build(changed("1.0.1")))
    return tmp_path / "new"


def test_a_release_differs_in_nothing_from_itself(old: Path) -> None:
    report = compare_releases(old, old)
    assert not report.failed
    assert list(report.lines()) == [f"{old} 1.0.0 → {old} 1.0.0", "nothing changed"]


def test_a_version_that_is_too_small_fails(old: Path, new: Path) -> None:
    report = compare_releases(old, new)
    assert report.failed
    (problem,) = report.problems
    assert (problem.code, problem.file) == ("version-too-small", str(new))
    assert "must be at least 2.0.0" in problem.found
    assert "sentences: 1 row edited" in problem.found


@pytest.mark.parametrize("version", ["2.0.0", "2.3.4", "10.0.0"])
def test_a_version_that_is_high_enough_does_not(old: Path, version: str) -> None:
    write_folder(old.with_name("new"), build(changed(version)))
    assert not compare_releases(old, old.with_name("new")).failed


def test_people_are_shown_reasons_rows_and_labels(old: Path, new: Path) -> None:
    text = "\n".join(compare_releases(old, new).lines())
    assert f"{old} 1.0.0 → {new} 1.0.1\ncalls for MAJOR: at least 2.0.0\n" in text
    assert "  major  sentences: 1 row edited.\n" in text
    assert "\nrows of    before  after  added  removed  edited  moved\n" in text
    assert "\nsentences      17     17      0        0       1      0\n" in text
    assert "\nsentences: 1 row edited (spans 1)\n" in text
    assert LABELS in text


def test_people_are_told_what_is_said_otherwise(old: Path, tmp_path: Path) -> None:
    meta = msgspec.structs.replace(META, licence="CC0-1.0", version="1.0.1")
    write_folder(tmp_path / "new", build(msgspec.structs.replace(content(), meta=meta)))
    report = compare_releases(old, tmp_path / "new")
    assert not report.failed
    lines = list(report.lines())
    assert lines[1] == "calls for PATCH: at least 1.0.1"
    assert lines[-1] == "`licence`: `CC-BY-4.0` → `CC0-1.0`."


def test_long_lists_are_cut_for_people_but_whole_in_json(
    old: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    given = content()
    annotations = [msgspec.structs.replace(one, seconds=9.0) for one in given.annotations]
    other = msgspec.structs.replace(given, annotations=tuple(annotations))
    write_folder(tmp_path / "other", build(other))
    text = "\n".join(compare_releases(old, tmp_path / "other").lines())
    assert f"… and {len(annotations) - SHOWN} more (--json shows all)" in text
    assert sikap(tmp_path, "diff", str(old), str(tmp_path / "other"), "--json") == 1
    report = json.loads(capfd.readouterr().out)
    (config,) = report["diff"]["configs"]
    assert len(config["edited"]) == len(annotations)
    assert report["verdict"]["needed"] == "2.0.0"
    assert report["problems"][0]["code"] == "version-too-small"


def test_the_changelog_entry_is_printed_alone_and_always_the_same(
    old: Path, new: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for _ in range(2):
        assert sikap(old, "diff", str(old), str(new), "--changelog") == 1
        printed.append(capfd.readouterr().out)
    assert printed[0] == printed[1] == compare_releases(old, new).changelog
    assert printed[0].startswith("### 2.0.0\n\n- Since 1.0.0, MAJOR: ")
    assert "- Labels of `entities`: ORG → (no span) 1; 12 as before.\n" in printed[0]


def test_names_in_a_release_cannot_steer_the_terminal(
    old: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (old / "a\x1b[2Jb").write_bytes(b"x")
    write_folder(tmp_path / "new", build(content()))
    sikap(tmp_path, "diff", str(old), str(tmp_path / "new"))
    shown = capfd.readouterr()
    assert "\\x1b[2J" in shown.out
    assert "\x1b" not in shown.out + shown.err


def test_what_is_no_release_is_bad_input_and_said_which(old: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        compare_releases(old, tmp_path / "nothing")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"empty/release\.json"):
        compare_releases(tmp_path / "empty", old)


def test_a_damaged_table_is_bad_input_and_said_of_which_release(old: Path, new: Path) -> None:
    (new / "data/sentences/train-00000-of-00001.parquet").write_bytes(b"x")
    with pytest.raises(InputError, match=r"new/data/sentences/train-00000"):
        compare_releases(old, new)


def test_a_signature_is_no_part_of_a_version(old: Path, tmp_path: Path) -> None:
    write_folder(tmp_path / "signed", build(content()) | {SIGNATURE: b"tanda tangan"})
    assert compare_releases(old, tmp_path / "signed").verdict.bump == "none"
    unsigned, signed = (read_edition(read_folder(f)) for f in (old, tmp_path / "signed"))
    assert compare(unsigned, signed).files == Files()


def test_a_release_behind_a_url_is_compared_like_one_in_a_folder(old: Path, new: Path) -> None:
    report = compare_releases(f"file://{old}", new)
    assert (report.old, report.verdict) == (f"file://{old}", compare_releases(old, new).verdict)
