"""What push says to the lead, and whom it sends nothing to; the server is left out."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from builders import codes
from projects import make_project
from sikap import Project, open_project, push_round, withdraw
from sikap.label_studio import sync
from sikap.label_studio.client import Client, ProjectInfo
from sikap.label_studio.sync import Place
from sikap.label_studio.upload import Filled
from sikap.steps.rounds.push import PushReport


@pytest.fixture
def made(tmp_path: Path) -> Project:
    return open_project(make_project(tmp_path / "project"))


@pytest.fixture
def sent_to(monkeypatch: pytest.MonkeyPatch) -> Sequence[str | None]:
    """Whose projects were filled, on a server that takes everything."""
    owners: list[str | None] = []

    def take(place: Place, _round: object, tasks: dict[str, object], *_: object) -> sync.Pushed:
        owners.append(place.annotator)
        filled = Filled(sent=len(tasks), present=0, removed=0, problems=())
        project = ProjectInfo(len(owners), "t", "", "")
        return sync.Pushed(project=project, filled=filled, problems=())

    monkeypatch.setattr(sync, "push", take)
    return owners


def pushed(of: Project) -> PushReport:
    return push_round(of, "first", Client("http://127.0.0.1:9", "x"))


def test_who_is_linked_needs_no_word(made: Project, sent_to: Sequence[str]) -> None:
    report = pushed(made)
    assert (report.problems, list(sent_to)) == ((), ["a1", "a2"])
    assert list(report.lines())[-1] == "next: sikap round status first, and sikap round pull first"


def test_who_is_not_linked_is_named_and_gets_the_items(
    made: Project, sent_to: Sequence[str]
) -> None:
    made.users.unlink()
    report = pushed(made)
    assert [(one.code, one.id) for one in report.problems] == [
        ("not-linked", "a1"),
        ("not-linked", "a2"),
    ]
    assert "sikap annotators add a1'" in report.problems[0].fix
    assert not report.failed
    assert list(sent_to) == ["a1", "a2"]


def test_who_withdrew_gets_no_project(made: Project, sent_to: Sequence[str]) -> None:
    made.users.unlink()
    withdraw(made, "a2")
    report = pushed(made)
    assert list(sent_to) == ["a1"]
    assert codes(report.problems) == ["not-linked"]
