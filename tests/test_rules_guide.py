"""The guide to rules does what it says: its files are written, its commands run."""

import json
import re
import shlex
from pathlib import Path

import pytest

from projects import sikap
from sikap.languages import Lines

GUIDE = (Path(__file__).resolve().parents[1] / "docs/rules.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"```\w+ file=(\S+)\n(.*?)```", GUIDE, re.DOTALL))
COMMANDS = [
    line
    for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL)
    for line in block.splitlines()
]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    assert sikap(tmp_path, "init", str(tmp_path), "--licence", "CC0-1.0") == 0
    for name in ("dataset/raw/pasar.txt", "dataset/raw/pasar.json"):
        (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    return tmp_path


def explained(project: Path, capsys: pytest.CaptureFixture[str]) -> list[tuple[str, str, bool]]:
    """What each piece is, its words, and whether a rule of the outlet's file decided."""
    capsys.readouterr()
    assert sikap(project, "segment", "--explain", "--json") == 0
    pieces = json.loads(capsys.readouterr().out)["pieces"]
    return [
        (
            piece["reason"]["kind"],
            piece["words"],
            piece["reason"]["file"] == "schema/outlets/wartakita.toml",
        )
        for piece in pieces
    ]


def test_the_outlet_of_the_guide_is_learnt(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sikap(project, "ingest") == 0
    assert explained(project, capsys) == [
        ("heading", "Dukung Warta Kita dengan secangkir kopi", False),
        ("other", "Juru potret Warta Kita melihat dari dekat", False),
    ]
    outlet = project / "schema/outlets/wartakita.toml"
    outlet.parent.mkdir(exist_ok=True)
    outlet.write_text(FILES["schema/outlets/wartakita.toml"], encoding="utf-8")
    assert explained(project, capsys) == [
        ("dateline", "WARTA KITA >>", True),
        ("other", "Dukung Warta Kita dengan secangkir kopi", True),
        ("caption", "Juru potret Warta Kita melihat dari dekat", True),
    ]


def test_every_command_of_the_guide_works(project: Path) -> None:
    assert len(COMMANDS) >= 5
    for command in COMMANDS:
        name, *arguments = shlex.split(command)
        assert name == "sikap"
        assert sikap(project, *arguments) == 0


def test_every_key_has_its_row() -> None:
    rows = "".join(re.findall(r"(?m)^\| (`[^|]*) \|", GUIDE))
    assert set(Lines.__struct_fields__) <= set(re.findall(r"`(\w+)`", rows))
