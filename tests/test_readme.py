"""Every command and snippet of the README, run in order on a copy of the checkout."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

import browser

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sh|python)\n(.*?)^```$", README, re.M | re.S)
# make must not build the environment anew: the tests run in it.
MAKE = "make -o .venv/.installed"

pytestmark = [pytest.mark.studio, pytest.mark.browser]


class Terminal:
    """A folder, and the commands that were run in it; what was started is stopped."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        bin_ = Path(sys.executable).parent
        path = f"{bin_}{os.pathsep}{os.environ['PATH']}"
        self.environment = {**os.environ, "PATH": path, "SIKAP_STUDIO_PORT": str(port)}
        for name in ("LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY"):
            self.environment.pop(name, None)
        self.server: subprocess.Popen[str] | None = None

    def run(self, block: str) -> str:
        """Run a block of shell; later blocks go on in the folder where it ends."""
        done = subprocess.run(
            ["bash", "-euc", f"{block}\npwd"],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{block}\n{done.stdout}\n{done.stderr}"
        self.folder = Path(done.stdout.splitlines()[-1])
        return done.stdout

    def start(self, command: str) -> None:
        """Start the server and wait until it says that it is ready."""
        self.server = subprocess.Popen(
            command.split(),
            cwd=self.folder,
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.server.stdout is not None
        assert any("is ready" in line for line in iter(self.server.stdout.readline, ""))

    def stop(self) -> int:
        """Press Ctrl-C in the server's terminal."""
        assert self.server is not None
        self.server.send_signal(signal.SIGINT)
        code = self.server.wait(60)
        self.server = None
        return code


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """A terminal in a copy of the checkout, which shares its environment."""
    folder = tmp_path / "checkout"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    # What is deleted but not yet committed is listed too.
    for name in filter(lambda name: name and (ROOT / name).exists(), names.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(Path(sys.executable).parent.parent)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    terminal = Terminal(folder, port)
    yield terminal
    if terminal.server is not None:
        terminal.stop()


def test_the_readme_does_what_it_says(terminal: Terminal, page: Page) -> None:
    ran = []
    for language, block in BLOCKS:
        if language == "python":
            subprocess.run([sys.executable, "-c", block], cwd=terminal.folder, check=True)
        elif block == "sikap studio\n":
            terminal.start(block)
        else:
            # `make test` is what runs this.
            lines = [line for line in block.splitlines() if line != "make test"]
            output = terminal.run("\n".join(lines).replace("make ", f"{MAKE} "))
            if "round push" in block:
                annotate_by_hand(page, terminal.folder, output)
        ran.append(block)

    assert len(ran) >= 5
    (annotation,) = (
        json.loads(line)
        for line in (terminal.folder / "dataset/rounds/first/annotations.jsonl").open()
    )
    assert annotation["annotator"] == "a1"
    assert terminal.stop() == 0


def annotate_by_hand(page: Page, project: Path, pushed: str) -> None:
    """What the README asks of a newcomer: log in, mark something, submit."""
    url, project_id = re.findall(r"annotates? at (\S+)/projects/(\d+)", pushed)[0]
    accounts = json.loads((project / ".sikap/accounts.json").read_bytes())
    browser.log_in(page, url, "a1@sikap.local", accounts["a1@sikap.local"])
    sentence = browser.label_next(page, url, int(project_id))
    browser.mark(page, "1", 0, len(sentence.split()[0]))
    page.keyboard.press("e")
    browser.submit(page)
