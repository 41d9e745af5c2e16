"""A project with an isolated round, its servers, and hands that annotate there."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from conftest import Studio
from projects import make_project, sikap
from sikap import Project, open_project
from sikap.label_studio.server import Credentials
from sikap.steps.rounds.servers import Server, write_servers

ROUND = "dataset/rounds/blind"


def planned(folder: Path, names: Mapping[str, str], blindness: str = "isolated") -> Project:
    """A project whose annotators a1 and a2 have these names, and the round ``blind`` for them.

    User 1, the administrator of every server, is linked to the first of them as on another server.
    """
    make_project(folder)
    shutil.rmtree(folder / "dataset/rounds/first")
    settings = folder / "pyproject.toml"
    text = settings.read_text(encoding="utf-8")
    for old, new in names.items():
        text = re.sub(rf"annotators\.{old}\]", f"annotators.{new}]", text)
    settings.write_text(text, encoding="utf-8")
    (folder / ".sikap/annotators.json").unlink()
    assert sikap(folder, "annotators", "link", names["a1"], "1") == 0
    assert sikap(folder, "round", "plan", "blind", "--blindness", blindness) == 0
    return open_project(folder)


def run_by(project: Project, servers: Mapping[str, Studio]) -> None:
    """Let servers that run be those that ``sikap studio --annotator`` would have started."""
    for name, studio in servers.items():
        folder = project.studios / name
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(studio.folder / "credentials.json", folder)
    registered = {n: Server(s.credentials.url, s.credentials.token) for n, s in servers.items()}
    write_servers(project, registered)


def api(user: Credentials, method: str, path: str, body: Any = None) -> Any:
    """What a server answers to one of its users."""
    headers = {"Authorization": f"Token {user.token}"}
    url = f"{user.url}{path}"
    answer = httpx.request(method, url, json=body, headers=headers, trust_env=False, timeout=60)
    return answer.raise_for_status().json() if answer.content else None


def log_in(url: str, email: str, password: str) -> Credentials:
    """The account of an annotator, with its token, by address and password alone."""
    with httpx.Client(base_url=url, trust_env=False, headers={"Referer": url}) as http:
        form = {"email": email, "password": password}
        form["csrfmiddlewaretoken"] = http.get("/user/login/").cookies["csrftoken"]
        assert http.post("/user/login/", data=form).is_redirect
        token = http.get("/api/current-user/token").raise_for_status().json()["token"]
    return Credentials(url, email, password, token)
