"""The pictures in the README: docs/browse.png, and of the annotator's page the other three.

They are taken of the real pages, with texts of this repository. Needs Chromium, and for the
annotator's page a Label Studio, which runs while they are taken. Run it after a change to a page.

Usage: python scripts/picture.py [FOLDER]
"""

import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Page, ViewportSize, sync_playwright

from sikap.project import open_project
from sikap.records import Item
from sikap.rounds.instruction import instruction_html
from sikap.rounds.tasks import to_task
from sikap.studio.client import Client
from sikap.studio.server import Credentials, create_user, running

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests"))
import browser  # noqa: E402 -- the tests drive the same page

SENTENCE = "Juru bicara Fraksi POK, Tonggo Silahore, menolak Pasal 14"
MARKS = (
    ("Fraksi POK", "2", "e"),
    ("Tonggo Silahore", "1", "e"),
    ("Handaru", "1", "e"),
    ("Pasal 14", "8", "ws"),
)
RIGHT_TO_LEFT = {
    "item_id": "right-to-left",
    "before": "اجتمع مجلس مدينة سورفا يوم الثلاثاء (3/3).",
    "text": "رفضت رئيسة المجلس ليلى بلسارا مشروع Menara Kawi الذي يكلف 300 مليون، ووصفته بأنه خطأ.",
    "after": "وستعقد الجلسة التالية الأسبوع المقبل.",
}
RIGHT_TO_LEFT_MARKS = (("ليلى بلسارا", "1", "e"), ("Menara Kawi", "8", "ws"))

WINDOW = "*:has(> .lsf-modal-ls__body)"
WIDE: ViewportSize = {"width": 1180, "height": 560}
TALL: ViewportSize = {"width": 1180, "height": 790}


def tasks() -> Iterator[dict[str, Any]]:
    """Yield a task of a committed round, and one in a script from right to left."""
    lines = (ROOT / "dataset/rounds/production-1/items.jsonl").read_bytes().splitlines()
    items = [msgspec.json.decode(line, type=Item) for line in lines]
    (item,) = (item for item in items if item.text.startswith(SENTENCE))
    yield to_task(item, open_project(ROOT).scheme())
    yield {"data": RIGHT_TO_LEFT}


def push(credentials: Credentials) -> int:
    """Make the project that is photographed; give back its id."""
    project = open_project(ROOT)
    config = project.config.read_text(encoding="utf-8")
    guidelines = project.guidelines.read_text(encoding="utf-8")
    instruction = instruction_html(config, project.scheme(), guidelines)
    client = Client(credentials.url, credentials.token)
    made = client.create_project("sikap round production-1", "", config, instruction, 1)
    client.import_tasks(made.project_id, list(tasks()))
    return made.project_id


def mark(page: Page, text: str, marks: tuple[tuple[str, str, str], ...]) -> None:
    """Mark words of the text that is shown: each by the key of its label, a drag and more keys."""
    for words, label, values in marks:
        start = text.index(words)
        browser.mark(page, label, start, start + len(words))
        for value in values:
            page.keyboard.press(value)
    page.mouse.move(600, 500)  # nothing is explained there
    page.wait_for_timeout(500)


def photograph(page: Page, user: Credentials, project: int, files: Mapping[str, Path]) -> None:
    """Take the three pictures of the annotator's page."""
    browser.log_in(page, user.url, user.email, user.password)
    browser.open_stream(page, user.url, project)
    page.wait_for_timeout(500)
    page.screenshot(path=files["instructions"], clip=page.locator(WINDOW).bounding_box())
    page.set_viewport_size(WIDE)
    browser.instructions(page)
    mark(page, browser.sentence(page), MARKS)
    page.screenshot(path=files["annotate"])
    browser.submit(page)
    mark(page, browser.label_next(page, user.url, project), RIGHT_TO_LEFT_MARKS)
    page.screenshot(path=files["right-to-left"])


folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
names = ("browse", "annotate", "instructions", "right-to-left")
pictures = {name: folder / f"{name}.png" for name in names}
program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))

with (
    tempfile.TemporaryDirectory() as place,
    running(Path(place), port=0) as server,
    sync_playwright() as playwright,
):
    chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    view = chromium.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
    view.goto((ROOT / "dataset/release/browse.html").resolve().as_uri())
    view.screenshot(path=pictures["browse"])
    view.set_viewport_size(TALL)
    annotator = create_user(server, "a1@sikap.local", secrets.token_urlsafe(16))
    photograph(view, annotator, push(server), pictures)
    chromium.close()

for picture in pictures.values():
    print(picture)
