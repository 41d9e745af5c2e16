"""Folders, datasets and URLs as places of a release."""

from collections.abc import Callable
from pathlib import Path

import fsspec
import fsspec.exceptions
import pytest
from fsspec.implementations.memory import MemoryFileSystem
from fsspec.registry import known_implementations

from hub import LoopbackHub
from sikap.errors import InputError, ServiceError, SikapError
from sikap.release.publish.locations import SIGNATURE, hub_name, is_folder, read_place
from sikap.storage.urls import Url, check_name, shown

FILES = {"README.md": b"# Uji\n", "data/a/b.parquet": b"PAR1"}
URL = "memory://uji/rilis"


@pytest.fixture
def memory() -> fsspec.AbstractFileSystem:
    """The file system in memory, empty."""
    files = fsspec.filesystem("memory")
    for path in files.find("/"):
        files.rm_file(path)
    return files


def write(folder: Path) -> Path:
    for name, data in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def code_of(action: Callable[[], object], kind: type[SikapError]) -> str:
    with pytest.raises(kind) as caught:
        action()
    (problem,) = caught.value.problems
    return problem.code


class TestWhatAPlaceIs:
    @pytest.mark.parametrize("place", ["penguji/uji", "penguji/uji@v1.0.0", "a/b@refs/pr/1"])
    def test_two_words_and_a_slash_name_a_dataset(self, place: str) -> None:
        assert not is_folder(place)

    @pytest.mark.parametrize("place", [".", "..", "dataset", "a/b/c", "/a/b", "./a/b/", "~/a b"])
    def test_anything_else_is_a_folder(self, place: str) -> None:
        assert is_folder(place)

    def test_a_folder_that_exists_wins_over_a_dataset(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(tmp_path / "penguji" / "uji")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
        assert read_place("penguji/uji").files == FILES

    def test_what_stands_after_the_at_is_a_revision(self) -> None:
        assert hub_name("penguji/uji@refs/pr/1") == ("penguji/uji", "refs/pr/1")
        assert hub_name("penguji/uji") == ("penguji/uji", None)
        with pytest.raises(InputError, match=r"\[place\]"):
            hub_name("penguji")


class TestReading:
    def test_a_signature_is_no_file_of_the_release(self, tmp_path: Path) -> None:
        (write(tmp_path) / SIGNATURE).write_bytes(b"tanda")
        placed = read_place(str(tmp_path))
        assert (placed.files, placed.signature, placed.commit) == (FILES, b"tanda", None)

    def test_a_dataset_is_read_by_one_commit_while_it_moves(self, hub: LoopbackHub) -> None:
        repo = hub.create("penguji/uji", FILES)
        first = repo.tags["v1.0.0"] = repo.head
        repo.add({"lain": b""}, "second")
        placed = read_place("penguji/uji@v1.0.0")
        assert (placed.files, placed.commit) == (FILES, first)
        assert read_place("penguji/uji").commit == repo.head

    def test_a_url_gives_its_files(self, memory: fsspec.AbstractFileSystem, tmp_path: Path) -> None:
        for name, data in FILES.items():
            memory.pipe_file(f"/uji/rilis/{name}", data)
        memory.pipe_file("/uji/rilis-lain/x", b"")
        write(tmp_path / "sini")
        for url in (URL, f"{URL}/", f"file://{tmp_path}/sini", f"local://{tmp_path}/sini"):
            assert read_place(url).files == FILES

    def test_a_link_behind_a_file_url_is_refused(self, tmp_path: Path) -> None:
        (write(tmp_path) / "tautan").symlink_to("/etc/hostname")
        with pytest.raises(InputError, match=r"\[outside-project\]"):
            read_place(f"file://{tmp_path}")


class TestFailing:
    @pytest.mark.parametrize(
        ("url", "code"),
        [
            (URL, "place-missing"),
            ("file:///tidak/ada/di/sini", "place-missing"),
            ("tidakada://x/y", "place"),
            ("hf://datasets/penguji/uji", "place"),
        ],
    )
    @pytest.mark.usefixtures("memory")
    def test_what_is_no_place_is_bad_input(self, url: str, code: str) -> None:
        assert code_of(lambda: read_place(url), InputError) == code

    def test_a_protocol_whose_package_is_missing_says_which(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        missing = {"class": "no_such_package.X", "err": "install no-such-package"}
        monkeypatch.setitem(known_implementations, "sikapuji", missing)
        with pytest.raises(InputError, match=r"\[package-missing\].*no-such-package"):
            read_place("sikapuji://x/y")

    @pytest.mark.parametrize(
        "name", ["../x", "a/../x", "/x", "a//x", ".", "", "a\\x", "c:/x", "a\n", "a/."]
    )
    def test_a_name_that_leads_out_is_refused(self, name: str, hub: LoopbackHub) -> None:
        with pytest.raises(InputError, match=r"\[outside-project\]"):
            check_name(name)
        hub.create("penguji/uji", {name: b"x"})
        with pytest.raises(InputError, match=r"\[outside-project\]"):
            read_place("penguji/uji")
        assert hub.seen("resolve") == 0

    @pytest.mark.parametrize(
        "kind",
        [
            fsspec.exceptions.BlocksizeMismatchError,
            fsspec.exceptions.FSTimeoutError,
            KeyError,
            PermissionError,
            TimeoutError,
            OSError,
            ValueError,
            RuntimeError,
        ],
    )
    def test_whatever_a_file_system_raises_comes_out_as_ours(
        self,
        kind: type[Exception],
        memory: fsspec.AbstractFileSystem,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise kind("budi:rahasia@ was refused")

        url = Url("memory://budi:rahasia@uji/rilis")
        for method in ("cat_file", "pipe_file", "rm_file", "isdir"):
            monkeypatch.setattr(type(memory), method, broken)
        for action in (
            url.read,
            lambda: url.read_file("x"),
            lambda: url.write_file("x", b""),
            lambda: url.remove_file("x"),
        ):
            with pytest.raises(ServiceError, match=r"\[no-server\]") as caught:
                action()
            assert "rahasia" not in str(caught.value) + url.url

    @pytest.mark.usefixtures("memory")
    def test_a_file_that_is_gone_already_is_removed(self) -> None:
        Url(URL).remove_file("tidak/ada")
        assert Url(URL).read_file("tidak/ada") is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://warta.example/@sari/x", "http://warta.example/@sari/x"),
        ("http://warta.example:8080/@sari", "http://warta.example:8080/@sari"),
        ("http://sari:raha@warta.example/x", "http://warta.example/x"),
        ("ftp://sari:12/ra@ha@warta.example/x", "ftp://warta.example/x"),
        ("sari:raha@warta.example:8080/x", "warta.example:8080/x"),
        ("zip::sari@rumah.zip", "zip::sari@rumah.zip"),
        ("zip::https://sari@warta.example/x", "zip::https://warta.example/x"),
        (
            "https://warta.example/x?id=4&X-Amz-Signature=raha&sig=raha&hal=2",
            "https://warta.example/x?id=4&X-Amz-Signature=…&sig=…&hal=2",
        ),
    ],
)
def test_of_a_url_everything_is_shown_but_its_secrets(url: str, expected: str) -> None:
    assert shown(url) == expected


def test_a_password_that_an_error_repeats_alone_is_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = Url("memory://budi:rahasia@uji/rilis")

    def broken(*_: object, **__: object) -> None:
        raise ValueError("the password rahasia was refused")

    monkeypatch.setattr(MemoryFileSystem, "cat_file", broken)
    with pytest.raises(ServiceError) as caught:
        url.read_file("x")
    assert "rahasia" not in str(caught.value)
