"""What users install: the wheel holds the schemas, the rules and the templates."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def run(unpacked: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "sikap", *arguments],
        cwd=folder,
        # Before the checkout, which is on the path of the environment that runs the tests.
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_runs_the_flow_without_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    where = "import sikap, sikap.storage.schemas as s; print(sikap.__file__); print(s.folder())"
    shown = subprocess.run(
        [sys.executable, "-P", "-c", where],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert all(line.startswith(str(unpacked)) for line in shown.splitlines())

    run(unpacked, tmp_path, "init", "project", "--licence", "CC0-1.0")
    project = tmp_path / "project"
    (project / "dataset/raw/one.txt").write_text("Hujan turun. Warga senang.\n", encoding="utf-8")
    (project / "dataset/raw/one.json").write_bytes(b'{"licence": "CC0-1.0"}')
    for command in (["ingest"], ["segment"], ["round", "plan", "first"], ["release", "--draft"]):
        run(unpacked, project, *command)
    assert "keep every rule" in run(unpacked, project, "verify", "dataset/release")


def test_the_wheel_holds_no_file_of_the_dataset_project(unpacked: Path) -> None:
    names = {path.name for path in unpacked.rglob("*") if path.is_file()}
    assert "label-studio.lock" in names
    assert "card.md.jinja" in names
    assert not any(name.endswith((".parquet", ".jsonl")) for name in names)
