"""The embedded Label Studio server, for real where it matters and with stand-ins for its death."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from conftest import Studio
from sikap.errors import InputError, ServiceError
from sikap.label_studio import server
from sikap.label_studio.server import Credentials, create_user, read_credentials, running

PROGRAM = """
import pathlib, sys, time
from sikap.label_studio.server import running
with running(pathlib.Path(sys.argv[1]), port=0) as credentials:
    print(credentials.url, flush=True)
    time.sleep(300)
"""


@pytest.mark.studio
@pytest.mark.usefixtures("studio")
class TestARunningServer:
    def test_is_reached_from_this_machine_only(self, studio: Studio) -> None:
        port = httpx.URL(studio.credentials.url).port
        assert port is not None
        if not Path("/proc/net/tcp").exists():
            pytest.skip("the system does not show who listens")
        assert listening(port) == {("tcp", "0100007F")}

    def test_shows_its_secrets_to_nobody(self, studio: Studio) -> None:
        seen = subprocess.run(
            ["ps", "-ww", "-eo", "args"], capture_output=True, text=True, check=True
        ).stdout + (studio.folder / "label-studio.log").read_text(encoding="utf-8")
        assert "label_studio.server" in seen
        assert studio.credentials.password not in seen
        assert studio.credentials.token not in seen
        assert studio.credentials.password not in repr(studio.credentials)
        assert studio.credentials.token not in repr(studio.credentials)

    def test_keeps_its_files_from_other_users(self, studio: Studio) -> None:
        assert studio.folder.stat().st_mode & 0o777 == 0o700
        assert (studio.folder / "credentials.json").stat().st_mode & 0o777 == 0o600
        assert read_credentials(studio.folder) == studio.credentials

    def test_answers_to_its_own_name_only(self, studio: Studio) -> None:
        headers = {"Host": "elsewhere.example"}
        answer = httpx.get(studio.credentials.url, headers=headers, trust_env=False)
        assert answer.status_code == httpx.codes.BAD_REQUEST

    def test_lets_nobody_sign_up_without_invitation(self, studio: Studio) -> None:
        with httpx.Client(base_url=studio.credentials.url, trust_env=False) as http:
            token = http.get("/user/signup/").cookies["csrftoken"]
            form = {"email": "x@sikap.local", "password": "long-enough-1"}
            form["csrfmiddlewaretoken"] = token
            headers = {"Referer": studio.credentials.url}
            answer = http.post("/user/signup/", data=form, headers=headers)
        assert answer.status_code == httpx.codes.FORBIDDEN

    def test_takes_no_second_one_beside_it(self, studio: Studio) -> None:
        with pytest.raises(InputError, match=r"\[busy\].*process \d+"), running(studio.folder, 0):
            pass

    def test_makes_accounts_that_can_work(self, studio: Studio) -> None:
        made = studio.add_user("rini")
        headers = {"Authorization": f"Token {made.token}"}
        answer = httpx.get(f"{made.url}/api/projects", headers=headers, trust_env=False)
        assert answer.status_code == httpx.codes.OK
        assert made.email in studio.client.users().values()

    def test_makes_no_account_twice(self, studio: Studio) -> None:
        made = studio.add_user("dewi")
        with pytest.raises(InputError, match=r"\[user-exists\].*dewi@sikap.local"):
            create_user(studio.credentials, made.email, made.password)

    def test_says_why_it_makes_no_account(self, studio: Studio) -> None:
        with pytest.raises(InputError, match="8–128 characters"):
            create_user(studio.credentials, "budi@sikap.local", "short")

    def test_makes_no_account_for_a_stranger(self, studio: Studio) -> None:
        stranger = Credentials(studio.credentials.url, "", "", "0" * 40)
        with pytest.raises(ServiceError, match=r"\[server-error\]"):
            create_user(stranger, "sari@sikap.local", "long-enough-1")

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
    def test_ends_with_its_program(self, tmp_path: Path, number: signal.Signals) -> None:
        program, url = start(tmp_path)
        assert answers(url)
        program.send_signal(number)
        assert program.wait(60) != 0
        assert not answers(url)

    def test_keeps_its_credentials(self, tmp_path: Path) -> None:
        with running(tmp_path, 0) as first:
            pass
        assert not answers(first.url)
        with running(tmp_path, 0) as again:
            assert (again.password, again.token) == (first.password, first.token)
            assert answers(again.url)

    def test_that_outlives_its_killed_program_keeps_the_folder(self, tmp_path: Path) -> None:
        program, url = start(tmp_path)
        program.kill()
        program.wait()
        assert answers(url)
        with pytest.raises(InputError) as caught, running(tmp_path, 0):
            pass
        process = re.search(r"process (\d+).*stop it with 'kill \1'", str(caught.value))
        assert process is not None
        os.kill(int(process.group(1)), signal.SIGTERM)
        wait_until_silent(url)

    def test_refuses_a_database_of_other_credentials(self, tmp_path: Path) -> None:
        with running(tmp_path, 0):
            pass
        (tmp_path / "credentials.json").unlink()
        with pytest.raises(ServiceError, match=r"\[token\]"), running(tmp_path, 0):
            pass


class TestAServerThatDoesNotStart:
    def test_because_the_port_is_taken(self, tmp_path: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with (
                pytest.raises(ServiceError, match=rf"\[server-start\] port {port}"),
                running(tmp_path, port),
            ):
                pass

    def test_because_there_is_no_such_port(self, tmp_path: Path) -> None:
        with (
            pytest.raises(ServiceError, match=r"\[server-start\] port 99999"),
            running(tmp_path, 99999),
        ):
            pass

    def test_because_it_dies(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        stand_in(tmp_path, monkeypatch, "echo the disk is full; exit 3")
        with (
            pytest.raises(ServiceError, match=r"(?s)ended while.*the disk is full"),
            running(tmp_path / "studio", 0),
        ):
            pass

    def test_because_it_takes_too_long(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stand_in(tmp_path, monkeypatch, "echo $$; trap '' TERM; while :; do sleep 0.1; done")
        monkeypatch.setattr(server, "START_SECONDS", 1.0)
        monkeypatch.setattr(server, "STOP_SECONDS", 0.5)
        with pytest.raises(ServiceError, match="not get ready"), running(tmp_path / "studio", 0):
            pass
        process = int((tmp_path / "studio" / "label-studio.log").read_text())
        with pytest.raises(ProcessLookupError):
            os.kill(process, 0)


def test_a_folder_that_never_had_a_server_has_no_credentials(tmp_path: Path) -> None:
    assert read_credentials(tmp_path) is None


def test_credentials_that_cannot_be_read_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "credentials.json").write_text('{"url": 3}')
    with pytest.raises(InputError, match=r"\[schema\]"):
        read_credentials(tmp_path)


def listening(port: int) -> set[tuple[str, str]]:
    """The addresses, in the system's hexadecimal, at which somebody listens on a port."""
    found = set()
    for table in ("tcp", "tcp6"):
        for line in (Path("/proc/net") / table).read_text().splitlines()[1:]:
            address, number = line.split()[1].split(":")
            if int(number, 16) == port and line.split()[3] == "0A":
                found.add((table, address))
    return found


def start(folder: Path) -> tuple[subprocess.Popen[str], str]:
    """Run a server in a program of its own; give both the program and the server's URL."""
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    return program, program.stdout.readline().strip()


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


def wait_until_silent(url: str) -> None:
    end = time.monotonic() + 60
    while answers(url):
        assert time.monotonic() < end
        time.sleep(0.1)


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let a shell script play Label Studio."""
    program = folder / "bin" / "python"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    (folder / "label_studio.sqlite3").touch()
    monkeypatch.setattr(server, "prepare", lambda: folder)
