import stat
from pathlib import Path

import pytest

from builders import codes, project
from sikap import InputError, Project, link_annotator
from sikap.steps.rounds.annotators import read_users


@pytest.fixture
def made(tmp_path: Path) -> Project:
    return project(tmp_path)


def refused(of: Project, annotator: str, user: str) -> InputError:
    before = read_users(of)
    with pytest.raises(InputError) as raised:
        link_annotator(of, annotator, user)
    assert read_users(of) == before
    return raised.value


def test_before_the_first_link_nobody_is_known(made: Project) -> None:
    assert read_users(made) == {}


def test_an_annotator_can_have_several_users(made: Project) -> None:
    link_annotator(made, "a1", "satu@contoh.example")
    report = link_annotator(made, "a1", "12")
    link_annotator(made, "a2", "dua@contoh.example")
    assert (report.annotator, report.users, report.changed) == ("a1", 2, True)
    assert read_users(made) == {
        "12": "a1",
        "dua@contoh.example": "a2",
        "satu@contoh.example": "a1",
    }


def test_linking_twice_changes_nothing(made: Project) -> None:
    link_annotator(made, "a1", "12")
    assert not link_annotator(made, "a1", "12").changed


def test_who_is_behind_a_pseudonym_is_private(made: Project) -> None:
    report = link_annotator(made, "a1", "satu@contoh.example")
    assert stat.S_IMODE(made.users.stat().st_mode) == 0o600
    assert made.users.parent == made.private
    assert "contoh" not in " ".join(report.lines())


def test_a_user_is_one_annotator_only_and_is_not_named(made: Project) -> None:
    link_annotator(made, "a1", "satu@contoh.example")
    error = refused(made, "a2", "satu@contoh.example")
    assert codes(error.problems) == ["user-linked"]
    assert "annotator a1 already" in str(error)
    assert "contoh" not in str(error)


def test_a_pseudonym_must_be_in_the_settings(made: Project, tmp_path: Path) -> None:
    error = refused(made, "a9", "9")
    assert codes(error.problems) == ["round-roster"]
    assert "it has a1, a2, a3" in str(error)
    assert "it has none yet" in str(refused(project(tmp_path / "new", annotators=()), "a1", "1"))


@pytest.mark.parametrize(("data", "code"), [(b"{", "not-json"), (b"[]", "schema")])
def test_a_broken_file_of_users_is_not_overwritten(made: Project, data: bytes, code: str) -> None:
    made.private.mkdir()
    made.users.write_bytes(data)
    with pytest.raises(InputError) as raised:
        link_annotator(made, "a1", "1")
    assert codes(raised.value.problems) == [code]
    assert made.users.read_bytes() == data
