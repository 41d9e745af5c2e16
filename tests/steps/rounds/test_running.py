"""Several local servers that one program runs, for real."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from projects import make_project, sikap
from sikap import InputError, Project, ServiceError, open_project
from sikap.label_studio.client import Client
from sikap.steps.rounds.servers import run_servers


class Program:
    """``sikap studio`` in a terminal of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sikap", "--project", str(folder), "studio", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )

    def until(self, words: str) -> str:
        """What it says up to the line that holds these words."""
        assert self.process.stdout is not None
        said = ""
        for line in iter(self.process.stdout.readline, ""):
            said += line
            if words in line:
                return said
        raise AssertionError(said)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return open_project(make_project(tmp_path / "project"))


@pytest.fixture
def port() -> int:
    """A port that is free, as is the one after it."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            number: int = first.getsockname()[1]
            try:
                second.bind(("127.0.0.1", number + 1))
            except (OSError, OverflowError):
                continue
            return number


@pytest.fixture
def program(project: Project, port: int) -> Iterator[Program]:
    both = ("--annotator", "a1", "--annotator", "a2")
    program = Program(project.root, *both, "--port", str(port))
    yield program
    program.process.terminate()
    program.process.wait(60)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/health", trust_env=False).status_code == httpx.codes.OK
    except httpx.HTTPError:
        return False


@pytest.mark.studio
def test_there_is_one_for_each_annotator_until_all_are_stopped(
    project: Project, port: int, program: Program
) -> None:
    said = program.until("stop them all")
    servers = json.loads(project.servers.read_bytes())
    urls = {name: server["url"] for name, server in servers.items()}
    assert urls == {"a1": f"http://127.0.0.1:{port}", "a2": f"http://127.0.0.1:{port + 1}"}
    assert all(
        f"the Label Studio of {name} is ready at {url}" in said for name, url in urls.items()
    )
    assert stat.S_IMODE(project.servers.stat().st_mode) == 0o600
    assert servers["a1"]["token"] != servers["a2"]["token"]
    assert all(server["token"] not in said for server in servers.values())
    marks = {Client(server["url"], server["token"]).mark() for server in servers.values()}
    assert len(marks) == 2

    assert sikap(project.root, "annotators", "add", "a1", "--isolated") == 0
    assert sikap(project.root, "annotators", "add", "a1") == 2  # the project's own never ran
    accounts = Client(urls["a1"], servers["a1"]["token"]).users().values()
    assert "a1@sikap.local" in accounts
    assert "a1@sikap.local" not in Client(urls["a2"], servers["a2"]["token"]).users().values()

    # One that dies is named, its folder can be used again, and the other goes on.
    victim = int((project.studios / "a2/lock").read_text().split()[0])
    os.killpg(victim, signal.SIGKILL)
    assert "the Label Studio of a2 has ended by itself (code -9)" in program.until("has ended")
    assert answers(urls["a1"])
    again = Program(project.root, "--annotator", "a2", "--port", str(port + 1))
    again.until("stop it with Ctrl-C")
    assert answers(urls["a2"])
    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(60) == 0
    assert not answers(urls["a2"])

    program.process.send_signal(signal.SIGTERM)
    assert program.process.wait(60) == 128 + signal.SIGTERM
    assert not answers(urls["a1"])


@pytest.mark.studio
def test_the_last_that_dies_ends_the_program(project: Project) -> None:
    lines = run_servers(project, 0)
    for line in lines:
        if "Ctrl-C" in line:
            break
    victim = int((project.studio / "lock").read_text().split()[0])
    os.killpg(victim, signal.SIGKILL)
    assert "Label Studio has ended by itself (code -9)" in next(lines)
    with pytest.raises(ServiceError, match=r"\[server-start\] no Label Studio is left"):
        next(lines)


@pytest.mark.studio
def test_where_one_cannot_start_none_is_left(project: Project, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        with pytest.raises(ServiceError, match=rf"port {port + 1} cannot be had"):
            list(run_servers(project, port, ["a1", "a2"]))
    assert not answers(f"http://127.0.0.1:{port}")
    assert not project.servers.exists()


def test_there_is_none_for_somebody_whom_the_project_does_not_have(project: Project) -> None:
    with pytest.raises(InputError, match=r"\[round-roster\].*'a9'"):
        list(run_servers(project, 0, ["a1", "a9"]))
    assert not project.studios.exists()
