import logging
import shutil
import subprocess
from pathlib import Path

import msgspec
import pytest

from hub import LoopbackHub
from keys import allow, make_key
from samples import SPLITS, content, write_project
from sikap import InputError, Project, build_release, open_project, sign_release, verify_release
from sikap.release.data.content import Restored
from sikap.release.data.splits import Ledger
from sikap.release.files.build import SUMS, build, sums
from sikap.release.publish.locations import SIGNATURE
from sikap.release.publish.signature import sign as sign_sums
from sikap.storage.files import encode_json
from sikap.storage.folder import write_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good release on disk."""
    write_folder(tmp_path / "release", build(content()))
    return tmp_path / "release"


def test_a_good_release_is_said_to_be_good(folder: Path) -> None:
    report = verify_release(folder)
    assert not report.failed
    assert report.files == 32
    assert list(report.lines()) == [f"{folder}: 32 files keep every rule"]


def test_whether_bytes_of_tables_were_compared_is_said(tmp_path: Path) -> None:
    """A forger can name any version; what is in no row must not pass as proven."""
    given = content()
    other = msgspec.structs.replace(
        given.inputs, versions=given.inputs.versions | {"pyarrow": "99"}
    )
    write_folder(tmp_path / "other", build(msgspec.structs.replace(given, inputs=other)))
    report = verify_release(tmp_path / "other")
    assert (report.problems, report.parquet_bytes) == ((), False)
    assert "not bytes" in "\n".join(report.lines())
    write_folder(tmp_path / "here", build(given))
    report = verify_release(tmp_path / "here")
    assert report.parquet_bytes
    assert "other versions" not in "\n".join(report.lines())


def test_the_checksums_can_be_checked_without_sikap(folder: Path) -> None:
    program = shutil.which("sha256sum") or pytest.skip("there is no sha256sum")
    subprocess.run([program, "--check", "--strict", "SHA256SUMS"], cwd=folder, check=True)


def test_a_changed_release_fails_with_the_file_named(folder: Path) -> None:
    (folder / "schema" / "guidelines.md").write_bytes(b"lain")
    report = verify_release(folder)
    assert report.failed
    places = {(problem.code, problem.file) for problem in report.problems}
    assert places == {
        ("checksum", "schema/guidelines.md"),
        ("digest", "schema/guidelines.md"),
        ("figures", "README.md"),
    }
    assert list(report.lines()) == [f"{folder}: 3 problems in 32 files"]


def test_an_empty_folder_is_no_release(tmp_path: Path) -> None:
    report = verify_release(tmp_path)
    assert {problem.file for problem in report.problems} == {"SHA256SUMS", "release.json"}


def test_a_folder_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        verify_release(tmp_path / "nothing")


def test_a_link_is_bad_input(folder: Path) -> None:
    (folder / "link").symlink_to(folder / "README.md")
    with pytest.raises(InputError, match="it is a link"):
        verify_release(folder)


class TestAnyPlace:
    def test_a_dataset_is_named_with_the_commit_that_was_read(self, hub: LoopbackHub) -> None:
        repo = hub.create("penguji/uji", build(content()))
        repo.tags["v1.0.0"] = repo.head
        report = verify_release("penguji/uji@v1.0.0")
        place = f"penguji/uji@v1.0.0 at commit {repo.head}"
        assert list(report.lines()) == [f"{place}: {len(build(content()))} files keep every rule"]

    def test_what_lies_in_a_dataset_beside_the_release_is_a_problem(self, hub: LoopbackHub) -> None:
        hub.create("penguji/uji", build(content()) | {"catatan.txt": b"milik orang"})
        report = verify_release("penguji/uji")
        assert {problem.file for problem in report.problems} == {"catatan.txt"}

    def test_the_hubs_own_file_in_a_folder_is_a_problem(self, folder: Path) -> None:
        (folder / ".gitattributes").write_bytes(b"")
        assert {problem.file for problem in verify_release(folder).problems} == {".gitattributes"}

    def test_a_url_is_shown_without_its_password(self) -> None:
        with pytest.raises(InputError) as caught:
            verify_release("memory://budi:rahasia@tidak/ada")
        assert "memory://tidak/ada" in str(caught.value)
        assert "rahasia" not in str(caught.value)


class TestSignatures:
    def test_a_signature_is_not_checked_without_signers(self, folder: Path) -> None:
        (folder / SIGNATURE).write_bytes(b"tanda")
        report = verify_release(folder)
        assert (report.failed, report.signature, report.signer) == (False, "not checked", None)
        assert "not checked" in list(report.lines())[-1]

    def test_one_by_an_allowed_signer_is_good(self, folder: Path, tmp_path: Path) -> None:
        key = make_key(tmp_path, "ani")
        assert sign_release(folder, key).changed
        report = verify_release(folder, signers=allow(tmp_path, key))
        assert (report.failed, report.signature) == (False, "good")
        assert list(report.lines())[-1] == "its checksums are signed by ani@example.org"

    def test_one_by_somebody_else_fails(self, folder: Path, tmp_path: Path) -> None:
        sign_release(folder, make_key(tmp_path, "budi"))
        report = verify_release(folder, signers=allow(tmp_path, make_key(tmp_path, "ani")))
        assert (report.failed, report.signature) == (True, "bad")
        assert [problem.code for problem in report.problems] == ["signature"]

    def test_one_that_is_missing_fails_where_signers_are_given(
        self, folder: Path, tmp_path: Path
    ) -> None:
        report = verify_release(folder, signers=allow(tmp_path, make_key(tmp_path, "ani")))
        assert (report.failed, report.signature) == (True, "none")

    def test_one_may_come_from_elsewhere(self, folder: Path, tmp_path: Path) -> None:
        key = make_key(tmp_path, "ani")
        aside = tmp_path / "tanda"
        aside.write_bytes(sign_sums((folder / "SHA256SUMS").read_bytes(), key))
        signers = allow(tmp_path, key)
        who = "ani@example.org"
        assert verify_release(folder, signature=aside, signers=signers, identity=who).signer == who
        with pytest.raises(InputError, match=r"\[file-missing\]"):
            verify_release(folder, signature=tmp_path / "nothing", signers=signers)

    def test_it_makes_no_sense_without_signers(self, folder: Path) -> None:
        with pytest.raises(InputError, match="--signers"):
            verify_release(folder, identity="ani@example.org")

    def test_one_on_the_hub_is_checked_there(self, hub: LoopbackHub, tmp_path: Path) -> None:
        key, files = make_key(tmp_path, "ani"), build(content())
        hub.create("penguji/uji", files | {SIGNATURE: sign_sums(files["SHA256SUMS"], key)})
        assert verify_release("penguji/uji", signers=allow(tmp_path, key)).signature == "good"


class TestRebuilding:
    @pytest.fixture
    def project(self, tmp_path: Path) -> Project:
        root = write_project(tmp_path / "project")
        (root / "dataset" / "splits.json").write_bytes(
            encode_json(Ledger(salt="uji", articles=SPLITS))
        )
        return open_project(root)

    def test_the_projects_files_give_the_release(self, project: Project) -> None:
        build_release(project, version="2.5.0")
        report = verify_release(project.release, project=project)
        assert (report.problems, report.rebuilt) == ((), True)
        assert list(report.lines())[-1] == "the project's files give the same bytes"

    def test_a_forgery_that_keeps_every_rule_is_named_file_by_file(self, project: Project) -> None:
        build_release(project)
        honest = project.guidelines.read_bytes()
        project.guidelines.write_bytes(honest + b"\nDipalsukan.\n")
        build_release(project)
        project.guidelines.write_bytes(honest)
        assert not verify_release(project.release).failed
        report = verify_release(project.release, project=project)
        assert {problem.code for problem in report.problems} == {"not-reproduced"}
        named = {problem.file for problem in report.problems}
        assert {"schema/guidelines.md", "SHA256SUMS", "release.json"} <= named
        assert not any(name.startswith("data/") for name in named)

    def test_nothing_is_written(self, project: Project) -> None:
        build_release(project)
        project.ledger.unlink()
        before = {p: p.read_bytes() for p in project.root.rglob("*") if p.is_file()}
        assert verify_release(project.release, project=project).failed
        assert {p: p.read_bytes() for p in project.root.rglob("*") if p.is_file()} == before

    def test_a_signature_is_not_rebuilt(self, project: Project) -> None:
        build_release(project)
        (project.release / SIGNATURE).write_bytes(b"tanda")
        assert not verify_release(project.release, project=project).failed


def test_structure_alone_settles_no_label(folder: Path) -> None:
    files = build(content())
    manifest = msgspec.json.decode(files["release.json"])
    manifest["facts"]["labels"]["PER"] += 1
    files["release.json"] = encode_json(manifest)
    write_folder(folder, files | {SUMS: sums({n: d for n, d in files.items() if n != SUMS})})
    report = verify_release(folder, depth="structure")
    assert list(report.lines()) == [f"{folder}: {len(files)} files keep the rules of structure"]
    assert {problem.code for problem in verify_release(folder).problems} >= {"figures"}


def test_one_problem_is_told_in_the_singular(folder: Path) -> None:
    (folder / "SHA256SUMS").unlink()
    report = verify_release(folder)
    assert [problem.file for problem in report.problems] == ["SHA256SUMS"]
    assert list(report.lines()) == [f"{folder}: 1 problem in 31 files"]


def test_a_release_that_was_restored_in_part_says_so(tmp_path: Path) -> None:
    lost = Restored(sums="0" * 64, missing=1, drifted=0, moved=0, lost=4, annotations=2)
    given = msgspec.structs.replace(content(), restored=lost)
    write_folder(tmp_path / "release", build(given))
    report = verify_release(tmp_path / "release")
    assert report.restored
    assert any(line.startswith("it is not whole") for line in report.lines())


def test_a_line_too_many_is_named_once_and_not_with_all_that_follow(folder: Path) -> None:
    card = (folder / "README.md").read_text(encoding="utf-8")
    place = card[: card.index("## Load it")].count("\n") + 1
    (folder / "README.md").write_text(card.replace("## Load it", "Lagi.\n## Load it"), "utf-8")
    lines = [
        problem.line for problem in verify_release(folder).problems if problem.code == "figures"
    ]
    assert lines == [place]


def test_a_release_of_another_version_of_sikap_says_so_where_it_breaks_a_rule(folder: Path) -> None:
    files = build(content())
    manifest = msgspec.json.decode(files["release.json"])
    manifest["inputs"]["versions"]["sikap"] = "0.0.1"
    write_folder(folder, files | {"release.json": encode_json(manifest)})
    assert any("built by sikap 0.0.1" in line for line in verify_release(folder).lines())


def test_the_stages_of_long_work_are_told(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "sikap.stages"):
        verify_release(folder)
    assert caplog.messages == ["reading the release", f"checking {len(build(content()))} files"]
