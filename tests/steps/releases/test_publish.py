"""Publishing to a loopback Hub and to URLs: what is sent, in which order, after what accidents."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import msgspec
import pytest

from hub import ATTRIBUTES, TOKEN, Fault, LoopbackHub
from samples import content
from sikap import ChecksError, InputError, ServiceError, SikapError, publish_release, verify_release
from sikap.release.files.build import SUMS, build
from sikap.release.publish.locations import SIGNATURE
from sikap.steps.releases.publish import PublishReport
from sikap.storage.folder import read_folder, write_folder
from sikap.storage.urls import Url

REPO = "penguji/uji"
URL = "memory://tempat/rilis"


def released(version: str = "1.0.0", **meta: Any) -> dict[str, bytes]:
    given = content()
    meta_ = msgspec.structs.replace(given.meta, version=version, **meta)
    return build(msgspec.structs.replace(given, meta=meta_))


FIRST = released()
SECOND = released("1.1.0", summary="Yang kedua.")
ZEROTH = released("0.9.0", summary="Yang sebelumnya.")
OTHER_FIRST = released(summary="Yang lain.")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path / "release", FIRST)
    return tmp_path / "release"


@pytest.fixture
def place() -> str:
    """An empty place in memory."""
    files = fsspec.filesystem("memory")
    for path in files.find("/"):
        files.rm_file(path)
    return URL


def codes_of(action: Callable[[], object], kind: type[SikapError]) -> set[str]:
    with pytest.raises(kind) as caught:
        action()
    return {problem.code for problem in caught.value.problems}


def states(report: PublishReport) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for change in report.changes:
        found.setdefault(change.state, set()).add(change.file)
    return found


def is_published(hub: LoopbackHub, files: dict[str, bytes], tag: str = "v1.0.0") -> bool:
    repo = hub.repos[REPO]
    there = {n: d for n, d in repo.commits[repo.head].items() if n not in ATTRIBUTES}
    return there == files and repo.tags.get(tag) == repo.head


class TestLooking:
    def test_without_send_everything_is_shown_and_nothing_is_sent(
        self, hub: LoopbackHub, folder: Path
    ) -> None:
        report = publish_release(REPO, folder)
        assert states(report) == {"added": set(FIRST)}
        assert {c.file: c.size for c in report.changes} == {n: len(d) for n, d in FIRST.items()}
        assert (report.parent, report.commit, report.tag) == (None, None, "v1.0.0")
        assert list(report.lines())[-1] == "nothing was sent: run it with --send"
        assert hub.seen("POST|PUT") == 0

    def test_it_is_compared_with_what_is_there_by_digest(
        self, hub: LoopbackHub, folder: Path
    ) -> None:
        old = FIRST | {"README.md": b"lama", "data/usang.parquet": b"PAR1"}
        del old["DATASHEET.md"]
        repo = hub.create(REPO, old)
        report = publish_release(REPO, folder)
        assert states(report) == {
            "added": {"DATASHEET.md"},
            "changed": {"README.md"},
            "deleted": {"data/usang.parquet"},
            "same": set(FIRST) - {"README.md", "DATASHEET.md"},
        }
        assert report.parent == repo.head
        assert hub.seen("resolve|cdn") == 0

    def test_it_can_be_done_without_a_token(
        self, hub: LoopbackHub, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        hub.create(REPO)
        monkeypatch.delenv("HF_TOKEN")
        assert not publish_release(REPO, folder).sent
        assert codes_of(lambda: publish_release(REPO, folder, send=True), InputError) == {
            "no-credentials"
        }


class TestRefusing:
    def test_a_release_that_breaks_a_rule_with_all_its_problems(
        self, hub: LoopbackHub, folder: Path
    ) -> None:
        (folder / "README.md").write_bytes(b"lain")
        (folder / "release.json").unlink()
        found = codes_of(lambda: publish_release(REPO, folder, send=True), ChecksError)
        assert {"checksum", "release-form"} <= found
        assert hub.requests == []

    @pytest.mark.usefixtures("hub")
    def test_a_draft(self, folder: Path) -> None:
        manifest = json.loads((folder / "release.json").read_bytes()) | {"draft": True}
        (folder / "release.json").write_text(json.dumps(manifest))
        assert "draft" in codes_of(lambda: publish_release(REPO, folder, send=True), ChecksError)

    @pytest.mark.parametrize("target", ["penguji/uji@v1.0.0", "penguji", "a/b/c", "/tmp", ""])
    @pytest.mark.usefixtures("hub")
    def test_what_is_no_place(self, folder: Path, target: str) -> None:
        assert codes_of(lambda: publish_release(target, folder, send=True), InputError) == {"place"}

    def test_other_bytes_under_a_version_that_is_published(
        self, hub: LoopbackHub, folder: Path
    ) -> None:
        publish_release(REPO, folder, send=True)
        write_folder(folder, OTHER_FIRST)
        for send in (False, True):
            with pytest.raises(InputError, match=r"\[tag\].*raise the version"):
                publish_release(REPO, folder, send=send)
        assert is_published(hub, FIRST)

    def test_to_hide_what_is_public(self, hub: LoopbackHub, folder: Path) -> None:
        hub.create(REPO)
        with pytest.raises(InputError, match="--private does not hide it"):
            publish_release(REPO, folder, send=True, private=True)

    def test_other_bytes_under_a_version_that_is_there_without_its_tag(
        self, hub: LoopbackHub, folder: Path, place: str
    ) -> None:
        hub.create(REPO, OTHER_FIRST)
        for name, data in OTHER_FIRST.items():
            Url(place).write_file(name, data)
        for target in (REPO, place):
            with pytest.raises(InputError, match=r"\[tag\].*with other bytes"):
                publish_release(target, folder, send=True)
        assert hub.repos[REPO].titles == ["initial commit"]
        assert Url(place).read() == OTHER_FIRST

    def test_to_put_an_older_version_over_a_newer(
        self, hub: LoopbackHub, folder: Path, place: str
    ) -> None:
        newer = folder.with_name("newer")
        write_folder(newer, SECOND)
        for target in (REPO, place):
            publish_release(target, newer, send=True)
            with pytest.raises(InputError, match=r"\[version\].*1.1.0, newer than 1.0.0"):
                publish_release(target, folder, send=True)
        assert is_published(hub, SECOND, "v1.1.0")
        assert Url(place).read() == SECOND

    def test_a_private_url(self, folder: Path, place: str) -> None:
        with pytest.raises(InputError, match=r"\[place\].*--private"):
            publish_release(place, folder, send=True, private=True)


class TestSending:
    def test_a_dataset_is_made_filled_by_one_commit_and_tagged(
        self, hub: LoopbackHub, folder: Path
    ) -> None:
        report = publish_release(REPO, folder, send=True)
        assert is_published(hub, FIRST)
        assert hub.repos[REPO].titles == ["initial commit", "Release uji 1.0.0"]
        assert report.commit == hub.repos[REPO].head
        assert list(report.lines())[-2:] == [
            f"read back and verified at commit {report.commit}",
            'load it: load_dataset("penguji/uji", "stance", revision="v1.0.0")',
        ]
        assert not hub.repos[REPO].private

    def test_a_private_dataset_stays_private(self, hub: LoopbackHub, folder: Path) -> None:
        for _ in range(2):
            publish_release(REPO, folder, send=True, private=True)
        assert hub.repos[REPO].private

    def test_it_is_read_back_by_commit_id_before_it_is_tagged(
        self, hub: LoopbackHub, folder: Path
    ) -> None:
        report = publish_release(REPO, folder, send=True)
        back = [r for r in hub.requests if "/resolve/" in r]
        assert len({r.rpartition("/resolve/")[2] for r in back}) == len(FIRST)
        assert {r.rpartition("/resolve/")[2].partition("/")[0] for r in back} == {report.commit}
        assert max(map(hub.requests.index, back)) < hub.requests.index(
            f"POST /api/datasets/{REPO}/tag/{report.commit}"
        )

    def test_a_second_run_sends_nothing(self, hub: LoopbackHub, folder: Path) -> None:
        first = publish_release(REPO, folder, send=True)
        hub.requests.clear()
        second = publish_release(REPO, folder, send=True)
        assert states(second) == {"same": set(FIRST)}
        assert second.commit == first.commit
        assert hub.seen("POST|PUT") == 0

    def test_the_next_version_replaces_the_last_and_takes_away_what_is_gone(
        self, hub: LoopbackHub, folder: Path
    ) -> None:
        publish_release(REPO, folder, send=True)
        old = hub.repos[REPO].head
        hub.repos[REPO].add(hub.repos[REPO].commits[old] | {"catatan.txt": b"lama"}, "a note")
        write_folder(folder, SECOND)
        report = publish_release(REPO, folder, send=True)
        assert states(report)["deleted"] == {"catatan.txt"}
        assert is_published(hub, SECOND, "v1.1.0")
        assert hub.repos[REPO].tags["v1.0.0"] == old
        assert ATTRIBUTES.items() <= hub.repos[REPO].commits[hub.repos[REPO].head].items()

    def test_an_older_version_is_there_already_and_stays_below_the_newer(
        self, hub: LoopbackHub, folder: Path
    ) -> None:
        old = publish_release(REPO, folder, send=True).commit
        write_folder(folder, SECOND)
        publish_release(REPO, folder, send=True)
        write_folder(folder, FIRST)
        assert publish_release(REPO, folder, send=True).commit == old
        assert is_published(hub, SECOND, "v1.1.0")

    def test_what_the_hub_changes_is_noticed_and_not_tagged(
        self, hub: LoopbackHub, folder: Path
    ) -> None:
        def spoil() -> None:
            repo = hub.repos[REPO]
            repo.commits[repo.head]["README.md"] = b"---\nlain: ya\n---\n"

        hub.faults.append(Fault("GET .*/tree/", spoil, after=1))
        with pytest.raises(ChecksError, match=r"README.md: \[read-back\]"):
            publish_release(REPO, folder, send=True)
        assert hub.repos[REPO].tags == {}


class TestSignatures:
    def test_one_can_be_added_to_the_version_that_is_published(
        self, hub: LoopbackHub, folder: Path
    ) -> None:
        publish_release(REPO, folder, send=True)
        tagged = hub.repos[REPO].head
        (folder / SIGNATURE).write_bytes(b"signature")
        report = publish_release(REPO, folder, send=True)
        assert states(report)["added"] == {SIGNATURE}
        assert hub.repos[REPO].tags == {"v1.0.0": tagged}
        assert hub.repos[REPO].commits[hub.repos[REPO].head][SIGNATURE] == b"signature"
        assert not states(publish_release(REPO, folder)).keys() - {"same"}

    def test_one_stays_when_the_same_release_comes_without(
        self, hub: LoopbackHub, folder: Path
    ) -> None:
        (folder / SIGNATURE).write_bytes(b"signature")
        publish_release(REPO, folder, send=True)
        (folder / SIGNATURE).unlink()
        assert not states(publish_release(REPO, folder, send=True)).keys() - {"same"}
        assert is_published(hub, FIRST | {SIGNATURE: b"signature"})

    def test_one_goes_with_the_release_that_it_is_of(self, hub: LoopbackHub, folder: Path) -> None:
        (folder / SIGNATURE).write_bytes(b"signature")
        publish_release(REPO, folder, send=True)
        write_folder(folder, SECOND)
        assert states(publish_release(REPO, folder, send=True))["deleted"] == {SIGNATURE}
        assert is_published(hub, SECOND, "v1.1.0")

    def test_one_is_not_added_below_a_newer_version(self, hub: LoopbackHub, folder: Path) -> None:
        publish_release(REPO, folder, send=True)
        write_folder(folder, SECOND)
        publish_release(REPO, folder, send=True)
        write_folder(folder, FIRST | {SIGNATURE: b"signature"})
        with pytest.raises(InputError, match=r"\[tag\].*newest only"):
            publish_release(REPO, folder, send=True)
        assert is_published(hub, SECOND, "v1.1.0")


ACCIDENTS = [
    (request, what)
    for request, whats in {
        "POST /api/repos/create": ("drop", "lose", 500),
        "POST /api/validate-yaml": ("drop", 500),
        "POST .*/preupload/": ("drop", "lose", 503),
        "POST .*/objects/batch": ("drop", 429),
        "PUT /lfs/": ("drop", "lose", 500),
        "POST /lfs/verify": ("drop", 500),
        "POST .*/commit/": ("drop", "lose", 429, 500, 503),
        "GET .*/tree/": ("drop", 500),
        "HEAD .*/resolve/": ("drop", 503),
        "GET /cdn/": ("drop", 500),
        "POST .*/tag/": ("drop", "lose", 500),
        "GET .*/refs": ("drop", 503),
    }.items()
    for what in whats
]


class TestAccidents:
    @pytest.mark.parametrize(("request_", "what"), ACCIDENTS)
    def test_a_run_that_broke_off_is_completed_by_the_next(
        self, hub: LoopbackHub, folder: Path, request_: str, what: int | str
    ) -> None:
        after = 3 if "lfs/" in request_ or "cdn" in request_ else 0
        # Whatever is tried again fails too, until the run gives up.
        hub.faults.append(Fault(request_, what, after=after, times=99))
        with pytest.raises(ServiceError):
            publish_release(REPO, folder, send=True)
        hub.faults.clear()
        assert publish_release(REPO, folder, send=True).commit == hub.repos[REPO].head
        assert is_published(hub, FIRST)
        assert hub.repos[REPO].titles == ["initial commit", "Release uji 1.0.0"]

    @pytest.mark.parametrize("request_", ["PUT /lfs/", "GET .*/cdn/", "POST .*/tag/"])
    def test_a_run_that_was_killed_is_completed_by_the_next(
        self, hub: LoopbackHub, folder: Path, request_: str
    ) -> None:
        command = [sys.executable, "-m", "sikap", "publish", REPO, "--release", str(folder)]
        running = subprocess.Popen(
            [*command, "--send"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ
        )
        # It takes long to start: the fault is there before its first request.
        hub.faults.append(Fault(request_, running.kill, after=0 if "tag" in request_ else 1))
        shown = b"".join(running.communicate())
        assert running.returncode == -9
        ran = subprocess.run([*command, "--send"], capture_output=True, check=True, env=os.environ)
        assert is_published(hub, FIRST)
        assert hub.repos[REPO].titles == ["initial commit", "Release uji 1.0.0"]
        assert TOKEN.encode() not in shown + ran.stdout + ran.stderr
        assert ran.stderr == b""

    @pytest.mark.parametrize("request_", ["POST .*/preupload/", "PUT /lfs/", "POST .*/commit/"])
    def test_of_two_at_once_one_is_told(
        self, hub: LoopbackHub, folder: Path, request_: str
    ) -> None:
        hub.create(REPO)
        hub.faults.append(Fault(request_, lambda: hub.repos[REPO].add(SECOND, "theirs")))
        assert codes_of(lambda: publish_release(REPO, folder, send=True), ServiceError) == {"moved"}
        assert hub.repos[REPO].titles[-1] == "theirs"
        assert hub.repos[REPO].tags == {}
        with pytest.raises(InputError, match="newer than"):
            publish_release(REPO, folder, send=True)

    def test_of_two_real_ones_at_once_one_wins_whole(
        self, hub: LoopbackHub, folder: Path, tmp_path: Path
    ) -> None:
        write_folder(tmp_path / "other", OTHER_FIRST)
        command = [sys.executable, "-m", "sikap", "publish", REPO, "--send", "--release"]
        both = [
            subprocess.Popen([*command, str(one)], stderr=subprocess.PIPE, env=os.environ)
            for one in (folder, tmp_path / "other")
        ]
        told = [one.communicate()[1].decode() for one in both]
        codes = [one.returncode for one in both]
        # The loser meets the other's commit, or comes so late that it sees it beforehand.
        assert sorted(codes) in ([0, 2], [0, 3])
        winner, loser = codes.index(0), 1 - codes.index(0)
        assert is_published(hub, (FIRST, OTHER_FIRST)[winner])
        assert "[moved]" in told[loser] or "[tag]" in told[loser]

    def test_of_two_who_tag_at_once_one_is_told(self, hub: LoopbackHub, folder: Path) -> None:
        repo = hub.create(REPO)
        first = repo.head
        hub.faults.append(Fault("POST .*/tag/", lambda: repo.tags.update({"v1.0.0": first})))
        assert codes_of(lambda: publish_release(REPO, folder, send=True), ServiceError) == {"moved"}
        assert repo.tags == {"v1.0.0": first}

    def test_of_two_who_make_the_dataset_at_once_one_is_told(
        self, hub: LoopbackHub, folder: Path
    ) -> None:
        hub.faults.append(Fault("POST .*/create", lambda: hub.create(REPO, SECOND)))
        assert codes_of(lambda: publish_release(REPO, folder, send=True), ServiceError) == {"moved"}
        assert hub.repos[REPO].titles == ["initial commit"]

    def test_the_token_is_in_no_log_no_output_and_no_file(
        self,
        hub: LoopbackHub,
        folder: Path,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        caplog.set_level(logging.DEBUG)
        report = publish_release(REPO, folder, send=True)
        assert "".join(capfd.readouterr()) == ""
        assert TOKEN not in caplog.text + repr(report)
        kept = [path.read_bytes() for path in folder.parent.rglob("*") if path.is_file()]
        kept += [d for commit in hub.repos[REPO].commits.values() for d in commit.values()]
        assert not any(TOKEN.encode() in data for data in kept)


class TestUrls:
    def test_a_release_is_sent_read_back_and_the_same_the_second_time(
        self, place: str, folder: Path
    ) -> None:
        looked = publish_release(place, folder)
        assert (states(looked), Url(place).read()) == ({"added": set(FIRST)}, {})
        report = publish_release(place, folder, send=True)
        assert Url(place).read() == FIRST
        assert list(report.lines())[-1] == f"verify it: sikap verify {place}"
        assert states(publish_release(place, folder, send=True)) == {"same": set(FIRST)}
        assert not verify_release(place).failed

    def test_a_file_url_is_a_folder(self, tmp_path: Path, folder: Path) -> None:
        url = f"file://{tmp_path}/di/sana"
        publish_release(url, folder, send=True)
        assert read_folder(tmp_path / "di/sana") == FIRST

    def test_the_checksums_come_last(
        self, place: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        written = []
        write = Url.write_file

        def noted(url: Url, name: str, data: bytes) -> None:
            written.append(name)
            write(url, name, data)

        monkeypatch.setattr(Url, "write_file", noted)
        (folder / SIGNATURE).write_bytes(b"signature")
        publish_release(place, folder, send=True)
        assert written[-2:] == [SIGNATURE, SUMS]
        assert sorted(written) == sorted({*FIRST, SIGNATURE})

    @pytest.mark.parametrize("written", [0, 1, 14, 27, 28])
    @pytest.mark.parametrize("before", [{}, ZEROTH], ids=["nothing", "another version"])
    def test_a_half_sent_release_never_verifies_and_is_completed_by_the_next_run(
        self,
        place: str,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        before: dict[str, bytes],
        written: int,
    ) -> None:
        for name, data in before.items():
            Url(place).write_file(name, data)
        changed = sum(before.get(name) != data for name, data in FIRST.items())
        count = 0
        write = Url.write_file

        def killed(url: Url, name: str, data: bytes) -> None:
            nonlocal count
            if count == min(written, changed - 1):
                raise KeyboardInterrupt
            count += 1
            write(url, name, data)

        with monkeypatch.context() as patch:
            patch.setattr(Url, "write_file", killed)
            with pytest.raises(KeyboardInterrupt):
                publish_release(place, folder, send=True)
        if count:
            assert verify_release(place).failed
        publish_release(place, folder, send=True)
        assert Url(place).read() == FIRST

    def test_what_a_run_that_broke_off_has_left_of_this_version_is_replaced(
        self, place: str, folder: Path
    ) -> None:
        half = ZEROTH | {"release.json": OTHER_FIRST["release.json"]}
        for name, data in half.items():
            Url(place).write_file(name, data)
        publish_release(place, folder, send=True)
        assert Url(place).read() == FIRST

    def test_files_of_an_earlier_release_are_taken_away_and_no_others(
        self, place: str, folder: Path
    ) -> None:
        stale = ZEROTH | {"data/usang.parquet": b"PAR1"}
        stale[SUMS] += b"0" * 64 + b"  data/usang.parquet\n"
        for name, data in stale.items():
            Url(place).write_file(name, data)
        report = publish_release(place, folder, send=True)
        assert states(report)["deleted"] == {"data/usang.parquet"}
        assert Url(place).read() == FIRST
        Url(place).write_file("catatan.txt", b"milik orang")
        with pytest.raises(InputError, match=r"catatan.txt: \[unknown-file\]"):
            publish_release(place, folder, send=True)
        assert Url(place).read_file("catatan.txt") == b"milik orang"

    def test_what_checksums_of_something_else_list_is_not_ours_to_take_away(
        self, place: str, folder: Path
    ) -> None:
        theirs = {"disk.iso": b"milik orang", SUMS: b"0" * 64 + b"  disk.iso\n"}
        for name, data in theirs.items():
            Url(place).write_file(name, data)
        with pytest.raises(InputError, match=r"disk.iso: \[unknown-file\]"):
            publish_release(place, folder, send=True)
        assert Url(place).read() == theirs

    def test_of_two_at_once_one_is_told(
        self, place: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = Url.write_file

        def with_competitor(url: Url, name: str, data: bytes) -> None:
            write(url, name, data)
            if name == "release.json":
                write(url, SUMS, SECOND[SUMS])

        monkeypatch.setattr(Url, "write_file", with_competitor)
        assert codes_of(lambda: publish_release(place, folder, send=True), ServiceError) == {
            "moved"
        }
        assert Url(place).read_file(SUMS) == SECOND[SUMS]

    def test_what_a_place_gives_back_otherwise_is_noticed(
        self, place: str, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write = Url.write_file
        monkeypatch.setattr(
            Url,
            "write_file",
            lambda self, n, d: write(self, n, d[:-1] if n == "README.md" else d),
        )
        with pytest.raises(ChecksError, match=r"README.md: \[read-back\]"):
            publish_release(place, folder, send=True)

    def test_a_signature_stays_when_the_same_release_comes_without(
        self, place: str, folder: Path
    ) -> None:
        (folder / SIGNATURE).write_bytes(b"signature")
        publish_release(place, folder, send=True)
        (folder / SIGNATURE).unlink()
        publish_release(place, folder, send=True)
        assert Url(place).read_file(SIGNATURE) == b"signature"
        write_folder(folder, SECOND)
        publish_release(place, folder, send=True)
        assert Url(place).read() == SECOND


LOAD = """
import json, sys
from datasets import load_dataset
loaded = load_dataset(sys.argv[1], "stance", revision=sys.argv[2], cache_dir=sys.argv[3])
print(json.dumps({split: rows.to_list() for split, rows in loaded.items()}))
"""


def test_what_is_published_loads_by_its_tag(hub: LoopbackHub, folder: Path, tmp_path: Path) -> None:
    publish_release(REPO, folder, send=True)
    write_folder(tmp_path / "newer", SECOND)
    publish_release(REPO, tmp_path / "newer", send=True)
    hub.requests.clear()
    environment = {**os.environ, "HF_HOME": str(tmp_path / "hf")}

    def load(name: str, revision: str) -> Any:
        ran = subprocess.run(
            [sys.executable, "-c", LOAD, name, revision, str(tmp_path / f"cache-{len(name)}")],
            capture_output=True,
            check=True,
            env=environment,
        )
        return json.loads(ran.stdout)

    there = load(REPO, "v1.0.0")
    assert hub.seen("cdn")
    assert there == load(str(folder), "main")
    assert there["train"]
