"""From the disagreements of a round to docs/adjudication.png, the picture in the README.

Works on a copy of the project with a Label Studio of its own; needs Chromium. Run it after the page
of adjudicators looks different.

Usage: python scripts/picture_adjudication.py [ROUND [PICTURE]]
"""

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from sikap.project import open_project
from sikap.steps.adjudicate import adjudicate
from sikap.steps.files import read_round
from sikap.steps.push import push
from sikap.studio.client import Client
from sikap.studio.server import running

ROOT = Path(__file__).resolve().parent.parent
defaults = ["production-1", str(ROOT / "docs/adjudication.png")]
round_id, picture = [*sys.argv[1:], *defaults[len(sys.argv) - 1 :]]
program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))

with tempfile.TemporaryDirectory() as name, running(Path(name) / "studio", port=0) as server:
    copy = Path(name) / "project"
    for part in ("pyproject.toml", "schema", f"dataset/rounds/{round_id}"):
        (copy / part).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, copy / part)
    project, client = open_project(copy), Client(server.url, server.token)
    adjudicate(project, round_id, "picture", annotators=["reader-3"])
    (pushed,) = push(project, "picture", client).projects
    versions = read_round(project, "picture").versions
    fullest = max(versions, key=lambda one: sum(len(v.spans) for v in one.versions))
    tasks = {data["item_id"]: number for number, data in client.tasks(pushed.project_id)}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
        page.goto(f"{server.url}/user/login/")
        page.fill("input[name=email]", server.email)
        page.fill("input[name=password]", server.password)
        page.click("button[type=submit]")
        page.wait_for_url(lambda address: "/user/login" not in address)
        page.goto(f"{pushed.url}/data?task={tasks[fullest.item_id]}")
        page.get_by_text("Version A", exact=True).wait_for()
        page.wait_for_timeout(2000)
        page.screenshot(path=picture)
        browser.close()

print(picture)
