import json
import shutil
import stat
from pathlib import Path

import pytest

from builders import codes, project
from conftest import Studio
from sikap import InputError, Project, add_annotator, link_annotator
from sikap.steps.rounds.annotators import read_users


@pytest.fixture
def made(tmp_path: Path, studio: Studio, request: pytest.FixtureRequest) -> Project:
    """A project that runs the server; its annotators have names that no other test uses."""
    number = abs(hash(request.node.name)) % 10**6
    made = project(tmp_path, annotators=(f"x{number}", f"y{number}"))
    made.studio.mkdir(parents=True)
    shutil.copy(studio.folder / "credentials.json", made.studio)
    return made


def names(of: Project) -> tuple[str, str]:
    first, second = of.settings.annotators
    return first, second


def test_without_a_server_of_its_own_there_are_no_accounts(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"\[no-credentials\].*sikap studio"):
        add_annotator(project(tmp_path), "a1")


@pytest.mark.studio
class TestAnAccount:
    def test_is_linked_by_address_and_number_and_its_password_is_kept(
        self, made: Project, studio: Studio
    ) -> None:
        name, _ = names(made)
        report = add_annotator(made, name)
        accounts = made.private / "accounts.json"
        password = json.loads(accounts.read_bytes())[f"{name}@sikap.local"]
        assert list(report.lines()) == [
            f"{name} logs in at {studio.credentials.url} as {name}@sikap.local; "
            "the password is in .sikap/accounts.json"
        ]
        assert password not in str(report)
        assert stat.S_IMODE(accounts.stat().st_mode) == 0o600
        (number,) = (n for n, email in studio.client.users().items() if email == report.login)
        assert read_users(made) == {report.login: name, str(number): name}

        before = accounts.read_bytes(), made.users.read_bytes()
        assert not add_annotator(made, name).changed
        assert (accounts.read_bytes(), made.users.read_bytes()) == before

    def test_whose_password_is_lost_gets_no_wrong_one(self, made: Project) -> None:
        name, _ = names(made)
        add_annotator(made, name)
        (made.private / "accounts.json").unlink()
        made.users.unlink()
        with pytest.raises(InputError, match=r"\[user-exists\].*reset.*annotators link"):
            add_annotator(made, name)
        assert not (made.private / "accounts.json").exists()
        assert read_users(made) == {}

    def test_that_was_written_but_not_made_is_made_with_that_password(
        self, made: Project, studio: Studio
    ) -> None:
        name, _ = names(made)
        accounts = made.private / "accounts.json"
        accounts.write_text(json.dumps({f"{name}@sikap.local": "long-enough-1"}), encoding="utf-8")
        assert add_annotator(made, name).changed
        assert f"{name}@sikap.local" in studio.client.users().values()
        assert "long-enough-1" in accounts.read_text(encoding="utf-8")

    def test_whose_number_is_somebody_elses_elsewhere_is_linked_by_address(
        self, made: Project, studio: Studio
    ) -> None:
        name, other = names(made)
        add_annotator(made, name)
        (number,) = (n for n, e in studio.client.users().items() if e == f"{name}@sikap.local")
        made.users.unlink()
        link_annotator(made, other, str(number))
        report = add_annotator(made, name)
        assert codes(report.problems) == ["user-linked"]
        assert read_users(made) == {f"{name}@sikap.local": name, str(number): other}

    def test_is_made_for_annotators_of_the_project_only(
        self, made: Project, studio: Studio
    ) -> None:
        with pytest.raises(InputError, match=r"\[round-roster\]"):
            add_annotator(made, "stranger")
        assert "stranger@sikap.local" not in studio.client.users().values()
