import json
from pathlib import Path
from typing import Any

import pytest

from builders import codes
from projects import make_project, read_lines, sikap
from sikap import InputError, Project, RoundRequest, open_project, plan_round
from sikap.label_studio import sync
from sikap.label_studio.client import Client, ProjectInfo
from sikap.label_studio.sync import Place
from sikap.records import Round
from sikap.steps.project_files import read_round
from sikap.steps.rounds.push import prefilled
from sikap.storage.files import encode_lines, sha256

PLACE = Place(annotator="a1", client=Client("http://127.0.0.1:9", "x"))


@pytest.fixture
def made(tmp_path: Path) -> Project:
    return open_project(make_project(tmp_path / "project"))


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no server hold anything yet."""
    there(monkeypatch, None)


def there(monkeypatch: pytest.MonkeyPatch, tasks: int | None) -> None:
    """Let the server hold a project with so many tasks; None for no project."""
    project = None if tasks is None else ProjectInfo(1, "t", "", "", tasks)
    monkeypatch.setattr(sync, "find", lambda *_: project)


def lines(of: Project, **fields: Any) -> bytes:
    """A prediction without marks for every item."""
    items = read_round(of, "first").items
    empty_one = {"spans": [], "choices": {}, "model": "m"}
    return encode_lines({"item_id": one.item_id, **empty_one, **fields} for one in items)


def asked(of: Project, data: bytes | None, **changes: Any) -> Round:
    files = read_round(of, "first")
    manifest = changes.pop("manifest", files.manifest)
    return prefilled(manifest, data, files.items, of.scheme(), [PLACE], "p.jsonl")[0]


def refused(of: Project, data: bytes | None, **changes: Any) -> InputError:
    with pytest.raises(InputError) as raised:
        asked(of, data, **changes)
    return raised.value


def test_the_manifest_remembers_the_file(made: Project) -> None:
    data = lines(made)
    manifest = asked(made, data)
    assert manifest.digests.predictions == sha256(data)
    assert asked(made, data, manifest=manifest) == manifest


def test_a_round_without_predictions_stays_as_it_is(made: Project) -> None:
    assert asked(made, None) == read_round(made, "first").manifest


@pytest.mark.parametrize("other", [None, b'{"spans": [], "choices": {}, "model": "n"}\n'])
def test_another_file_or_none_is_refused_later(made: Project, other: bytes | None) -> None:
    manifest = asked(made, lines(made))
    error = refused(made, other, manifest=manifest)
    assert codes(error.problems) == ["predictions"]
    assert "the same file" in str(error)


def test_what_was_sent_without_predictions_gets_none_later(
    made: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    there(monkeypatch, 3)
    assert "sent without predictions" in str(refused(made, lines(made)))
    there(monkeypatch, 0)
    assert asked(made, lines(made)).digests.predictions


def test_an_adjudicator_finds_nothing_filled_in(made: Project) -> None:
    plan_round(made, "decide", RoundRequest(purpose="adjudication", among="all"))
    manifest = read_round(made, "decide").manifest
    assert "an adjudicator decides" in str(refused(made, lines(made), manifest=manifest))


def test_wrong_lines_are_named_and_nothing_is_written_or_sent(
    made: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "p.jsonl"
    file.write_bytes(lines(made, spans=[{"start": 0, "end": 9999, "label": "PER"}]))
    before = (made.round("first") / "round.json").read_bytes()
    monkey = {"LABEL_STUDIO_URL": "http://127.0.0.1:9", "LABEL_STUDIO_API_KEY": "x"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in monkey.items():
            patch.setenv(name, value)
        code = sikap(made.root, "round", "push", "first", "--predictions", str(file))
    items = read_lines(made.round("first") / "items.jsonl")
    told = capsys.readouterr().err
    assert code == 2
    assert told.count("[span-outside]") == len(items)
    assert f"p.jsonl:{len(items)} ({items[-1]['item_id']})" in told
    assert (made.round("first") / "round.json").read_bytes() == before


@pytest.mark.parametrize(
    "line", [b'{"spans": []}\n', b"no\n", b'{"item_id": "a"', b'{"spans": [], "model": ""}\n']
)
def test_lines_of_another_form_are_refused(made: Project, line: bytes) -> None:
    assert codes(refused(made, line).problems)[0] in {"schema", "not-json", "unfinished-line"}


def test_a_round_with_predictions_is_still_the_one_that_was_planned(made: Project) -> None:
    manifest = asked(made, lines(made))
    path = made.round("first") / "round.json"
    text = json.loads(path.read_bytes())
    text["digests"]["predictions"] = manifest.digests.predictions
    path.write_text(json.dumps(text), encoding="utf-8")
    assert not plan_round(made, "first").changed
