"""The two outside parts of the tests: a real Label Studio server and a real Chromium.

A test that needs one is skipped where it is not to be had, but fails under CI.

Tests run in two processes: those on the shared server in one, so that it starts once, and each
other module in either.
"""

import functools
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pytest
from huggingface_hub import close_session, constants
from hypothesis import settings
from playwright.sync_api import Browser, Page, sync_playwright
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from hub import TOKEN, LoopbackHub, loopback_hub
from sikap.errors import ServiceError
from sikap.label_studio.client import Client
from sikap.label_studio.server import Credentials, create_user, running
from sikap.label_studio.server_environment import prepare

# How long an example takes says nothing; `make trials` tries many more of them.
settings.register_profile("run", parent=settings(), deadline=None, max_examples=40)
settings.register_profile("trials", parent=settings(), deadline=None, max_examples=400)
settings.load_profile("run")

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Studio:
    """A running server: its folder, its administrator, and a client of the latter."""

    folder: Path
    credentials: Credentials
    client: Client

    def add_user(self, name: str) -> Credentials:
        """Make an account ``<name>@sikap.local`` with a password of its own."""
        return create_user(self.credentials, f"{name}@sikap.local", secrets.token_urlsafe(16))


@pytest.fixture(scope="session")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One real Label Studio for the whole session, on a free port."""
    try:
        prepare()
    except ServiceError as error:
        absent(f"Label Studio cannot be installed: {error}")
    folder = tmp_path_factory.mktemp("studio")
    with running(folder, port=0) as credentials:
        yield Studio(folder, credentials, Client(credentials.url, credentials.token))


@pytest.fixture(scope="session")
def other_studio(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A second server beside the first, as isolated rounds have."""
    assert studio
    folder = tmp_path_factory.mktemp("other-studio")
    with running(folder, port=0) as credentials:
        yield Studio(folder, credentials, Client(credentials.url, credentials.token))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium; every ``new_page`` of it is a stranger.

    It ends with its module: Playwright's event loop would be in the way of others' loops.
    """
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        program = next(filter(None, map(shutil.which, (*CHROMIUM, own))), None)
        if program is None:
            absent("there is no Chromium")
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page without history or cookies, wide enough for the editor."""
    page = chromium.new_page(viewport={"width": 1400, "height": 900})
    page.set_default_timeout(60_000)
    yield page
    page.close()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackHub]:
    """A Hub on the loopback, which the environment names, and a client that does not wait."""
    # Large files go the way that the loopback speaks; it is read at import otherwise.
    monkeypatch.setattr(constants, "HF_HUB_DISABLE_XET", True)
    monkeypatch.setattr("time.sleep", lambda _: None)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    close_session()
    with loopback_hub() as running_hub:
        monkeypatch.setenv("HF_ENDPOINT", running_hub.url)
        yield running_hub
    close_session()


def absent(reason: str) -> NoReturn:
    """Skip the test for want of a part, or fail it where all parts must be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


class Schedule(LoadScopeScheduling):  # type: ignore[misc]
    """Modules for two processes; those that share the server go to the same one.

    The marks that pytest-xdist has for this need an attribute that pytest 9.2 ignores.
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.partition("::")[0]
        return "studio" if shares_server(module) else module


@functools.cache
def shares_server(module: str) -> bool:
    """Whether the tests of a module run on the server that is started once."""
    return "import Studio" in (ROOT / module).read_text(encoding="utf-8")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Schedule:
    """Give pytest-xdist the schedule of this repository."""
    return Schedule(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests on a server, which take longest, start first."""
    items.sort(key=lambda item: item.get_closest_marker("studio") is None)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were skipped and why, in one line a reason."""
    reports = terminalreporter.getreports("skipped")
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in reports)
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count} skipped: {reason}")
