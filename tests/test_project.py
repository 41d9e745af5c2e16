import json
from pathlib import Path
from typing import Any

import pytest

from builders import SETTINGS, codes, project
from sikap.errors import InputError
from sikap.project import Project, open_project
from sikap.settings import FORMS, Settings, columns_of
from sikap.storage import schemas

MINIMAL = """
[tool.sikap]
name = "uji"
title = "Uji"
summary = "Kalimat uji."
language = "id"
licence = "CC-BY-4.0"
version = "1.0.0"
"""


def threshold(more: str) -> str:
    of = 'of = "stance"\nfigure = "krippendorff-alpha"'
    return f"[[tool.sikap.thresholds]]\n{of}\n{more}\n"


def refused(folder: Path, settings: str) -> InputError:
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(InputError) as raised:
        open_project(folder)
    return raised.value


def test_a_project_is_found_upwards_past_other_python_projects(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(MINIMAL, encoding="utf-8")
    below = tmp_path / "tools" / "inner"
    below.mkdir(parents=True)
    for other in ('[project]\nname = "x"\n', "tool = 1\n", ""):
        (tmp_path / "tools" / "pyproject.toml").write_text(other, encoding="utf-8")
        assert open_project(below).root == tmp_path.resolve()


def test_settings_have_defaults(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(MINIMAL, encoding="utf-8")
    settings = open_project(tmp_path).settings
    assert settings.splits == {"train": 0.8, "validation": 0.1, "test": 0.1}
    assert settings.open_labels == "refuse"
    assert settings.annotators == {}


def test_a_threshold_refuses_by_the_value_unless_told_otherwise(tmp_path: Path) -> None:
    text = MINIMAL + threshold("at_least = 0.667") + threshold('at_least = 0.8\nbelow = "warn"')
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    first, second = open_project(tmp_path).settings.thresholds
    assert (first.bound, first.below, first.at_least) == ("value", "refuse", 0.667)
    assert (second.bound, second.below, second.at_least) == ("value", "warn", 0.8)


def test_where_there_is_no_project_the_command_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no-project.*sikap init"):
        open_project(tmp_path)


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ("licence = ", "not TOML"),
        ("colour = 1", "unknown field `colour`"),
        ("homepage = 1", "Expected `str`"),
        ('open_labels = "drop"', "Invalid enum value 'drop'"),
        ('text_origin = "stolen"', "Invalid enum value 'stolen'"),
        ("splits = {}", "splits {}"),
        ("splits = {test = 1.0}", "splits"),
        ("splits = {train = 0.9}", "splits"),
        ("splits = {train = 1.0, test = 0.0}", "splits"),
        ("splits = {train = 1.5, test = -0.5}", "splits"),
        ("splits = {train = nan}", "splits"),
        ("splits = {train = 0.5, Test = 0.5}", "split 'Test'"),
        ('leakage = "hide"', "Invalid enum value 'hide'"),
        ('[tool.sikap.held_out]\npublished = "2026-06-01"', "unknown field `published`"),
        ('[tool.sikap.held_out]\npublished_from = "June"', "published_from 'June'"),
        ('[tool.sikap.held_out]\npublished_from = "2026-02-30"', "published_from '2026-02-30'"),
        ('[tool.sikap.held_out]\npublished_from = "20260601"', "published_from '20260601'"),
        (
            'splits = {train = 0.5, dev = 0.5}\n[tool.sikap.held_out]\noutlets = ["Kabar"]',
            "held_out without a test split",
        ),
        ('levels = {stance = "cardinal"}', "Invalid enum value 'cardinal'"),
        (threshold("at_least = 0.0"), "Expected `float` > 0.0"),
        (threshold("at_least = 1.01"), "Expected `float` <= 1.0"),
        (threshold("at_least = nan"), "Expected `float` > 0.0"),
        (threshold("at_most = 0.5"), "unknown field `at_most`"),
        (threshold('at_least = 0.5\nbound = "high"'), "Invalid enum value 'high'"),
        (threshold('at_least = 0.5\nbelow = "ignore"'), "Invalid enum value 'ignore'"),
        (
            threshold("at_least = 0.5") + threshold("at_least = 0.6"),
            "two thresholds for krippendorff-alpha of stance that refuse",
        ),
        ('[tool.sikap.annotators.a1]\nkind = "oracle"', "Invalid enum value 'oracle'"),
        ('[tool.sikap.annotators."a b"]\nkind = "expert"', "annotator 'a b'"),
        ('[tool.sikap.annotators."a@b.example"]\nkind = "expert"', "annotator 'a@b.example'"),
    ],
)
def test_a_wrong_setting_is_refused(tmp_path: Path, more: str, found: str) -> None:
    error = refused(tmp_path, MINIMAL + more)
    assert codes(error.problems) == ["settings"]
    assert found in str(error)


@pytest.mark.parametrize("version", ["1", "1.0", "1.0.0-rc1", "v1.0.0", "１.0.0", ""])
def test_a_version_has_three_numbers(tmp_path: Path, version: str) -> None:
    error = refused(tmp_path, MINIMAL.replace("1.0.0", version))
    assert codes(error.problems) == ["settings"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("title", value) for value in ("", "Uji\\nLain", "Uji\\n", "Uji\\u2028", "\\u001b[2J")),
        *(("name", value) for value in ("", "uji\\r", "uji\\u0085")),
        *(("language", value) for value in ("", "i", "english", "id_ID", "id-", "id\\n")),
        *(("homepage", value) for value in ("example.org", "https://", "https://a b", "file:///x")),
        *(("published", value) for value in ("2026", "18-03-2026", "2026-02-30", "2026-3-8")),
        *(("licence", value) for value in ("", " ", "MIT\\nlain", "MIT\\n", "<b>")),
    ],
)
def test_what_a_release_could_not_repeat_is_refused(tmp_path: Path, name: str, value: str) -> None:
    lines = [line for line in MINIMAL.splitlines() if not line.startswith(f"{name} =")]
    error = refused(tmp_path, "\n".join([*lines, f'{name} = "{value}"\n']))
    assert codes(error.problems) == ["settings"]
    assert error.problems[0].found.startswith(f"{name} ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Uji: “sikap” & nama 🌾 — १"),
        ("language", "zh-Hant-TW"),
        ("language", "fil"),
        ("licence", "MIT OR (Apache-2.0 AND LicenseRef-x)"),
    ],
)
def test_titles_tags_and_licences_of_the_world_pass(tmp_path: Path, name: str, value: str) -> None:
    lines = [line for line in MINIMAL.splitlines() if not line.startswith(f"{name} =")]
    text = "\n".join([*lines, f'{name} = "{value}"\n'])
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    assert getattr(open_project(tmp_path).settings, name) == value


def test_settings_that_a_schema_of_a_release_holds_to_a_form_are_checked() -> None:
    meta = json.loads(schemas.schema_bytes("release"))["$defs"]["meta"]["properties"]
    held = {name for name, part in meta.items() if "pattern" in part}
    assert held == {*FORMS, "language"}


def test_a_missing_setting_and_another_encoding_are_refused(tmp_path: Path) -> None:
    assert "missing required field `title`" in str(
        refused(tmp_path, MINIMAL.replace("title", "homepage"))
    )
    (tmp_path / "pyproject.toml").write_bytes(MINIMAL.replace("Uji", "Façade").encode("latin-1"))
    with pytest.raises(InputError, match=r"pyproject\.toml.*settings.*not TOML"):
        open_project(tmp_path)


def test_all_wrong_values_are_named_at_once(tmp_path: Path) -> None:
    more = 'splits = {A = 1.0}\n[tool.sikap.annotators."?"]\nkind = "expert"\n'
    error = refused(tmp_path, MINIMAL.replace("1.0.0", "1") + more)
    assert len(error.problems) == 4


@pytest.mark.parametrize("key", ["config", "guidelines"])
@pytest.mark.parametrize("path", ["../x.xml", "schema/../../x.xml", "/etc/hostname"])
def test_a_setting_cannot_lead_out_of_the_project(tmp_path: Path, key: str, path: str) -> None:
    error = refused(tmp_path, f'{MINIMAL}{key} = "{path}"')
    assert codes(error.problems) == ["outside-project"]


def test_a_link_cannot_lead_out_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "schema").symlink_to(tmp_path / "outside")
    assert codes(refused(tmp_path / "inside", MINIMAL).problems) == ["outside-project"]


@pytest.mark.parametrize(
    "round_id", ["", ".", "..", "../x", "a/b", "A", "-a", ".a", "é", "a b", "a\n", "x" * 65]
)
def test_a_round_id_is_a_plain_file_name(tmp_path: Path, round_id: str) -> None:
    with pytest.raises(InputError, match="round-id"):
        project(tmp_path).round(round_id)


@pytest.mark.parametrize("round_id", ["a", "1", "2024-01.pilot_b", "x" * 64])
def test_the_folder_of_a_round_is_named_after_it(tmp_path: Path, round_id: str) -> None:
    made = project(tmp_path)
    assert made.round(round_id) == made.root / "dataset" / "rounds" / round_id


def test_paths_are_shown_relative_to_the_project(tmp_path: Path) -> None:
    made = project(tmp_path)
    assert made.name(made.labels) == "dataset/labels.jsonl"
    assert made.name(made.root.parent) == str(made.root.parent)


def test_the_scheme_is_read_from_the_config_with_the_span_key(tmp_path: Path) -> None:
    made = project(tmp_path)
    assert made.scheme().span_key == ("holder",)
    made.config.unlink()
    with pytest.raises(InputError, match=r"schema/stance_entities\.xml: \[file-missing\]"):
        made.scheme()


def test_what_is_private_lies_in_one_ignored_folder(tmp_path: Path) -> None:
    settings: dict[str, Any] = {k: v for k, v in SETTINGS.items() if k != "span_key"}
    made = Project(tmp_path, Settings(**settings))
    assert {made.lock.parent, made.users.parent, made.studio.parent} == {made.private}


def test_columns_are_of_fields_that_an_article_has(tmp_path: Path) -> None:
    error = refused(tmp_path, MINIMAL + '[tool.sikap.columns]\nisi = "text"\n')
    assert "columns.isi" in error.problems[0].found
    assert "article_id" in error.problems[0].fix


def test_columns_can_be_said_by_option() -> None:
    assert columns_of(["text=isi", "source="]) == {"text": "isi", "source": ""}
    with pytest.raises(InputError) as caught:
        columns_of(["isi=text", "text"])
    assert len(caught.value.problems) == 2
