from pathlib import Path

import pytest

from builders import shipped_scheme
from sikap import InputError, init_project, open_project


def test_a_new_project_opens_and_has_the_shipped_scheme(tmp_path: Path) -> None:
    report = init_project(tmp_path / "berita", "CC0-1.0")
    made = open_project(tmp_path / "berita")
    assert made.scheme() == shipped_scheme()
    assert made.raw.is_dir()
    assert made.guidelines.read_text(encoding="utf-8").startswith("#")
    assert made.answers.is_file()
    assert all((made.root / name).is_file() for name in report.files)


def test_what_is_private_is_ignored_from_the_start(tmp_path: Path) -> None:
    init_project(tmp_path, "CC0-1.0")
    ignored = (tmp_path / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"{open_project(tmp_path).private.name}/" in ignored


@pytest.mark.parametrize(
    ("folder", "name"),
    [("Berita Pagi", "berita-pagi"), ("a_b.c", "a-b-c"), ("新闻", "dataset"), ("-x-", "x")],
)
def test_a_project_is_named_after_its_folder(tmp_path: Path, folder: str, name: str) -> None:
    init_project(tmp_path / folder, "CC0-1.0")
    assert open_project(tmp_path / folder).settings.name == name


def test_no_placeholder_is_left(tmp_path: Path) -> None:
    for name in init_project(tmp_path, "CC0-1.0").files:
        assert "PROJECT-" not in (tmp_path / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(("licence", "allowed"), [("CC0-1.0", ("CC0-1.0",)), ("unknown", ())])
def test_texts_may_be_given_on_under_the_licence_of_the_dataset(
    tmp_path: Path, licence: str, allowed: tuple[str, ...]
) -> None:
    init_project(tmp_path, licence)
    assert open_project(tmp_path).settings.allowed_licences == allowed


def test_a_second_init_refuses_and_changes_nothing(tmp_path: Path) -> None:
    init_project(tmp_path, "CC0-1.0")
    guidelines = tmp_path / "schema" / "guidelines.md"
    guidelines.write_text("# Punya kami\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"file-exists.*pyproject\.toml"):
        init_project(tmp_path, "CC0-1.0")
    assert guidelines.read_text(encoding="utf-8") == "# Punya kami\n"


def test_one_file_that_is_there_stops_it_before_anything_is_written(tmp_path: Path) -> None:
    (tmp_path / "datasheet.toml").touch()
    with pytest.raises(InputError, match=r"file-exists.*datasheet\.toml exists"):
        init_project(tmp_path, "CC0-1.0")
    assert [path.name for path in tmp_path.iterdir()] == ["datasheet.toml"]


def test_a_project_cannot_be_made_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "f").touch()
    with pytest.raises(InputError, match="disk"):
        init_project(tmp_path / "f", "CC0-1.0")


def test_a_licence_that_nobody_named_is_called_unknown(tmp_path: Path) -> None:
    init_project(tmp_path)
    assert open_project(tmp_path).settings.licence == "unknown"
