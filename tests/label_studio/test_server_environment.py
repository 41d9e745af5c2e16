"""The environment that the embedded Label Studio runs in."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from sikap.errors import ServiceError
from sikap.label_studio import server_environment

LOCK = files("sikap.label_studio").joinpath("label-studio.lock").read_text(encoding="utf-8")


def test_the_lock_pins_the_version_that_is_asked_for() -> None:
    asked = (
        files("sikap.label_studio").joinpath("label-studio.in").read_text(encoding="utf-8").strip()
    )
    assert re.fullmatch(r"label-studio==[\d.]+", asked)
    assert f"\n{asked} \\\n" in LOCK


def test_every_package_of_the_lock_has_a_hash() -> None:
    packages = re.findall(r"^(\S+==\S+.*?)(?=^\S|\Z)", LOCK, re.MULTILINE | re.DOTALL)
    assert len(packages) > 100
    assert [package for package in packages if "--hash=sha256:" not in package] == []


def test_the_lock_names_no_machine_and_no_index() -> None:
    assert not re.search(r"https?://|--index|--find-links|\s/\w+/", LOCK)


def test_an_environment_that_cannot_be_built_is_an_error_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = tmp_path / "uv"
    uv.write_text("#!/bin/sh\necho no such index >&2\nexit 7\n")
    uv.chmod(0o755)
    monkeypatch.setattr("uv.find_uv_bin", lambda: str(uv))
    with pytest.raises(ServiceError, match=r"\[server-start\].*no such index"):
        server_environment.prepare(tmp_path / "cache")
    assert [path for path in (tmp_path / "cache").iterdir() if path.is_dir()] == []


def test_an_environment_that_is_there_is_not_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_environment, "_build", stand_in)
    first = server_environment.prepare(tmp_path)
    monkeypatch.setattr(server_environment, "_build", None)
    assert server_environment.prepare(tmp_path) == first
    assert re.fullmatch(r"label-studio-[\d.]+-[0-9a-f]{12}", first.name)


def test_an_environment_whose_python_is_gone_is_built_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_environment, "_build", stand_in)
    folder = server_environment.prepare(tmp_path)
    program = Path(server_environment.python(folder))
    program.unlink()
    program.symlink_to(tmp_path / "gone")
    built: list[Path] = []
    monkeypatch.setattr(server_environment, "_build", lambda folder, _: built.append(folder))
    assert server_environment.prepare(tmp_path) == folder
    assert built == [folder]


def test_the_users_variables_stay_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "a-secret")
    monkeypatch.setenv("DATABASE_NAME", "elsewhere")
    variables = server_environment.variables(tmp_path)
    assert "a-secret" not in variables.values()
    assert "DATABASE_NAME" not in variables
    assert variables["LABEL_STUDIO_BASE_DATA_DIR"] == str(tmp_path)


def stand_in(folder: Path, _: bytes) -> None:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    (folder / server_environment.DATABASE).touch()
