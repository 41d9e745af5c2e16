import json
from pathlib import Path
from typing import Any

import click
import pytest

from model import Model, begun
from sikap import Problem, ServiceError, read_status
from sikap.cli.output import watch
from sikap.records import Blindness
from sikap.steps.report import Report
from sikap.steps.rounds.status import StatusReport


def seen(folder: Path, blindness: Blindness, *actions: tuple[str, int, int, int]) -> StatusReport:
    of = begun(folder, blindness)
    model = Model(of)
    for action in actions:
        model.do(action)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    report = read_status(of, "r1", model.client)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    return report


def test_every_annotator_of_separated_rounds_has_a_project_with_drafts(tmp_path: Path) -> None:
    deeds = [("create", 0, 1, 1), ("draft", 1, 1, 0), ("create", 3, 2, 0), ("cancel", 3, 2, 0)]
    report = seen(tmp_path, "separated", *deeds)
    one, two = report.annotators
    assert (one.submitted, one.skipped, one.drafts, one.left) == (1, 0, 1, 2)
    assert (two.submitted, two.skipped, two.drafts, two.left) == (0, 1, 0, 2)
    assert list(report.lines()) == [
        "round r1: 3 items, 1 drafts",
        "a1: 1 of 3 submitted, 0 skipped, 1 drafts, 2 left",
        "  at http://model.invalid/projects/1",
        "a2: 0 of 3 submitted, 1 skipped, 0 drafts, 2 left",
        "  at http://model.invalid/projects/2",
    ]


def test_a_shared_round_has_one_project_and_drafts_of_nobody_known(tmp_path: Path) -> None:
    report = seen(tmp_path, "shared", ("draft", 0, 1, 0))
    assert list(report.lines())[:3] == [
        "round r1: 3 items, 1 drafts",
        "all annotate at http://model.invalid/projects/1",
        "a1: 0 of 3 submitted, 0 skipped, 3 left",
    ]


def test_what_cannot_be_used_is_named(tmp_path: Path) -> None:
    report = seen(tmp_path, "separated", ("create", 0, 2, 1), ("create", 0, 9, 1))
    assert [problem.code for problem in report.problems] == [
        "foreign-annotation",
        "unknown-annotator",
    ]


class Looked(Report, frozen=True, kw_only=True):
    """A report that says how often somebody has looked."""

    times: int

    def lines(self) -> Any:
        yield f"looked {self.times}"


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was slept; the third time somebody presses Ctrl-C."""
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", sleep)
    return slept


def test_a_live_view_prints_lines_where_there_is_no_terminal(
    naps: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    watch(lambda: Looked(times=len(naps)), 5, as_json=False)
    assert capsys.readouterr().out == "looked 0\nlooked 1\nlooked 2\n"
    assert naps == [5, 5, 5]


def test_a_live_view_redraws_a_terminal(
    naps: list[float], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setattr(click, "clear", lambda: click.echo("(cleared)"))
    watch(lambda: Looked(times=len(naps)), 1, as_json=False)
    assert capsys.readouterr().out.split("(cleared)\n")[1:] == [
        f"looked {number}\n" for number in range(3)
    ]


def test_a_live_view_outlives_a_server_that_fails_for_a_while(
    naps: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    def look() -> Report:
        if len(naps) == 1:
            raise ServiceError(Problem(code="no-server", found="away", fix="wait"))
        return Looked(times=len(naps))

    watch(look, 1, as_json=True)
    captured = capsys.readouterr()
    assert [json.loads(part + "}")["times"] for part in captured.out.split("}\n")[:-1]] == [0, 2]
    assert "[no-server] away" in captured.err
