"""The command: help everywhere, documented, JSON on request, twice the same."""

import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest

from hub import TOKEN, Fault, LoopbackHub
from keys import allow, make_key
from projects import export, make_project, region, say_everything, sikap, snapshot
from sikap import IngestRequest, RoundRequest, TableRequest
from sikap.agreement.study import Options
from sikap.cli.main import cli
from sikap.cli.output import show_problems, show_stages
from sikap.errors import Problem
from sikap.formats.csv import DELIMITERS
from sikap.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, *path, name)
        else:
            yield (*path, name), command


EVERY = dict(commands(cli))


@pytest.mark.parametrize("path", EVERY, ids=" ".join)
def test_every_command_and_option_has_help_and_is_in_the_readme(path: tuple[str, ...]) -> None:
    command = EVERY[path]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
    assert f"`{' '.join(path)}" in README


@pytest.mark.parametrize(
    ("command", "others", "requests"),
    [
        ("round plan r1", {"round_id", "dry_run"}, [RoundRequest]),
        ("round agree r1", {"round_id"}, [Options]),
        ("ingest raw", {"places", "update", "processes"}, [IngestRequest]),
        ("agreement t.csv", {"table", "output"}, [TableRequest, Options]),
    ],
)
def test_the_options_of_a_command_are_the_fields_of_its_requests(
    command: str, others: set[str], requests: list[type[msgspec.Struct]]
) -> None:
    *path, argument = command.split()
    values = EVERY[tuple(path)].make_context(path[-1], [argument]).params
    options = values.keys() - others - {"as_json"}
    assert sorted(options) == sorted(name for one in requests for name in one.__struct_fields__)
    for request in requests:
        defaults = {name: values[name] for name in request.__struct_fields__}
        assert msgspec.convert(defaults, request) == request()


def test_the_delimiters_of_the_command_are_those_that_csv_is_read_with() -> None:
    (option,) = (one for one in EVERY[("agreement",)].params if one.name == "delimiter")
    assert isinstance(option.type, click.Choice)
    assert list(option.type.choices) == list(DELIMITERS.values())


@pytest.mark.parametrize("group", [(), ("round",), ("annotators",)], ids=" ".join)
def test_no_summary_of_a_command_is_cut_off_in_a_terminal(
    group: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sikap(tmp_path, *group, "--help") == 0
    _, _, listed = capsys.readouterr().out.partition("Commands:")
    assert listed
    assert "..." not in listed


def test_every_setting_is_in_the_readme() -> None:
    table = README.partition("## Settings")[2].partition("## Rights")[0]
    named = set(re.findall(r"`([a-z_]+)", table))
    assert {field.name for field in msgspec.structs.fields(Settings)} <= named


def test_wrong_usage_is_exit_2_without_a_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    assert sikap(Path(), "ingest", "--no-such-option") == 2
    assert "Traceback" not in capfd.readouterr().err


def test_a_file_cannot_steer_the_terminal(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = make_project(tmp_path / "project")
    (folder / "dataset/raw/\x1b[2Jx.txt").write_bytes(b"")
    sikap(folder, "ingest")
    assert "\x1b" not in capfd.readouterr().err


def test_neither_can_a_release_whose_problems_are_json(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    name = "\x9b2J\u202ex\U000e0041"
    (tmp_path / "release" / name).mkdir(parents=True)
    (tmp_path / "release" / name / "x").write_bytes(b"")
    (tmp_path / "release" / "SHA256SUMS").touch()
    assert sikap(tmp_path, "verify", str(tmp_path / "release"), "--json") == 1
    shown = capfd.readouterr().out
    assert all(character.isprintable() or character == "\n" for character in shown)
    assert f"{name}/x" in {problem["file"] for problem in json.loads(shown)["problems"]}


def test_the_whole_flow_twice_changes_nothing_the_second_time(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = make_project(tmp_path / "project")
    exported = tmp_path / "export.json"
    warga = region("Warga mendukung Belsara", "Belsara", "PER", "favor", "source")
    exported.write_bytes(export(folder, {1: {"Warga": warga}, 2: {"Warga": warga}}))
    flow = [
        ["ingest"],
        ["segment"],
        ["round", "plan", "first"],
        ["annotators", "link", "a1", "1"],
        ["round", "pull", "first", "--export", str(exported)],
        ["round", "settle"],
        ["release", "--draft"],
    ]
    states = []
    for _ in range(2):
        for command in flow:
            assert sikap(folder, *command) == 0
        states.append({path: (folder / path).stat().st_mtime_ns for path in snapshot(folder)})
    assert states[0] == states[1]

    capfd.readouterr()
    assert sikap(folder, "verify", str(folder / "dataset/release"), "--json") == 0
    assert json.loads(capfd.readouterr().out)["problems"] == []
    assert sikap(folder, "release", "--draft", "--check") == 0


def test_settle_exits_with_1_while_something_is_open(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = make_project(tmp_path / "project")
    exported = tmp_path / "export.json"
    one = region("Warga mendukung Belsara", "Belsara", "PER", "favor", "source")
    exported.write_bytes(export(folder, {1: {"Warga": one}, 2: {}}))
    assert sikap(folder, "round", "pull", "first", "--export", str(exported)) == 0

    assert sikap(folder, "round", "settle") == 1
    assert "[open]" in capfd.readouterr().err
    assert sikap(folder, "release", "--draft") == 2
    assert sikap(folder, "release", "--draft", "--open", "null") == 0
    assert sikap(folder, "verify", str(folder / "dataset/release")) == 0


def test_publish_shows_sends_and_verify_finds_it_there(
    tmp_path: Path, hub: LoopbackHub, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = make_project(tmp_path / "project")
    exported = tmp_path / "export.json"
    warga = region("Warga mendukung Belsara", "Belsara", "PER", "favor", "source")
    exported.write_bytes(export(folder, {1: {"Warga": warga}, 2: {"Warga": warga}}))
    assert sikap(folder, "round", "pull", "first", "--export", str(exported)) == 0
    assert sikap(folder, "round", "settle") == 0
    say_everything(folder)
    assert sikap(folder, "release") == 0
    assert sikap(folder, "sign", str(make_key(tmp_path, "ani"))) == 0
    capfd.readouterr()
    assert sikap(folder, "publish", "penguji/uji") == 0
    assert capfd.readouterr().out.endswith("nothing was sent: run it with --send\n")
    assert hub.repos == {}
    assert sikap(folder, "publish", "penguji/uji", "--send", "--json") == 0
    sent = json.loads(capfd.readouterr().out)
    assert sent["commit"] == hub.repos["penguji/uji"].head

    signers = str(allow(tmp_path, tmp_path / "ani"))
    given = ["--rebuild", "--signers", signers, "--identity", "ani@example.org"]
    assert sikap(folder, "verify", "penguji/uji", *given, "--json") == 0
    found = json.loads(capfd.readouterr().out)
    assert found["commit"] == sent["commit"]
    assert (found["signature"], found["rebuilt"], found["problems"]) == ("good", True, [])

    hub.faults.append(Fault(".", 500, times=99))
    assert sikap(folder, "verify", "penguji/uji") == 3
    (folder / "dataset/release/README.md").write_bytes(b"")
    assert sikap(folder, "publish", "penguji/uji", "--send") == 1
    assert sikap(folder, "publish", "penguji") == 1
    shown = capfd.readouterr()
    assert "[server-error]" in shown.err
    assert TOKEN not in shown.out + shown.err


def test_verify_and_release_speak_of_the_projects_release_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = make_project(tmp_path / "project")
    exported = tmp_path / "export.json"
    exported.write_bytes(export(folder, {1: {}, 2: {}}))
    assert sikap(folder, "round", "pull", "first", "--export", str(exported)) == 0
    assert sikap(folder, "round", "settle") == 0
    (tmp_path / "elsewhere").mkdir()
    for working, shown in [
        (folder, "dataset/release"),
        (tmp_path, "project/dataset/release"),
        (tmp_path / "elsewhere", str(folder / "dataset/release")),
    ]:
        monkeypatch.chdir(working)
        capfd.readouterr()
        assert sikap(folder, "release", "--draft") == 0
        # Nobody marked anything, so that the config of mentions has no rows to load.
        assert f'load_dataset("{shown}", "entities")' in capfd.readouterr().out
        assert sikap(folder, "verify") == 0
        assert capfd.readouterr().out.startswith(f"{shown}: ")
        assert Path(shown).is_dir()


def test_the_second_of_two_commands_at_once_is_told(tmp_path: Path) -> None:
    folder = make_project(tmp_path / "project")
    hold = "import sys, pathlib, sikap.storage.files as s\nwith s.lock(pathlib.Path(sys.argv[1])):"
    hold += "\n print('held', flush=True)\n sys.stdin.read()"
    holder = subprocess.Popen(
        [sys.executable, "-c", hold, str(folder / ".sikap/lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ,
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        assert sikap(folder, "round", "settle") == 2
    finally:
        holder.communicate()
    assert sikap(folder, "round", "settle") == 0


def test_stages_are_shown_at_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    stages = logging.getLogger("sikap.stages")
    monkeypatch.setattr(stages, "handlers", [])
    show_stages()
    assert stages.handlers == []
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    show_stages()
    show_stages()
    (handler,) = stages.handlers
    assert handler.format(logging.makeLogRecord({"msg": "reading"})) == "reading …"


def shown(capsys: pytest.CaptureFixture[str], *problems: Problem) -> list[str]:
    show_problems(problems)
    return capsys.readouterr().err.splitlines()


def test_problems_that_say_the_same_are_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    same = [Problem(code="open", id=f"s{n}", found="seri", fix="putuskan") for n in range(9)]
    other = Problem(code="open", id="lain", found="lain", fix="putuskan")
    lines = shown(capsys, *same[:4], other, *same[4:])
    assert lines == [*map(str, same[:3]), "… and 6 more like it (--json shows all)", str(other)]
    assert shown(capsys, *same[:4]) == [*map(str, same[:4])]


def test_of_very_many_problems_the_first_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    many = [Problem(code="open", found=str(n), fix="putuskan") for n in range(53)]
    assert shown(capsys, *many) == [*map(str, many[:50]), "… and 3 more (--json shows all)"]
    assert shown(capsys, *many[:50]) == [*map(str, many[:50])]
    same = [Problem(code="open", found="seri", fix="putuskan")] * 9
    lines = shown(capsys, *many[:49], *same, *many[49:])
    assert lines[49:] == [str(same[0]), "… and 12 more (--json shows all)"]
