"""The pictures in docs/: of the pages of a release and of agreement, and of those who annotate.

They are taken of the real pages, with texts of this repository, on a Label Studio that runs while
they are taken; that of agreement shows synthetic figures. Needs Chromium. Run it after a change to
a page.

Usage: python scripts/pictures.py [FOLDER]
"""

import secrets
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from playwright.sync_api import Browser, FloatRect, Page, ViewportSize, sync_playwright

from sikap import Project, adjudicate_round, open_project, push_round
from sikap.agreement.analyse import analyse
from sikap.agreement.html.report_page import page as agreement_page
from sikap.agreement.study import Options
from sikap.label_studio.client import Client
from sikap.label_studio.pages.instruction import instruction_html
from sikap.label_studio.server import Credentials, create_user, running
from sikap.label_studio.wire.tasks import to_task
from sikap.records import Item
from sikap.steps.project_files import CONFIG, read_round
from synthetic import study

ROOT = Path(__file__).resolve().parent.parent
ROUND = "production-1"
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
LARGE: ViewportSize = {"width": 1280, "height": 900}
WIDE: ViewportSize = {"width": 1180, "height": 560}
TALL: ViewportSize = {"width": 1180, "height": 790}


def tasks() -> Iterator[dict[str, Any]]:
    """Yield a task of a committed round, and one in a script from right to left."""
    lines = (ROOT / f"dataset/rounds/{ROUND}/items.jsonl").read_bytes().splitlines()
    items = [msgspec.json.decode(line, type=Item) for line in lines]
    (item,) = (item for item in items if item.text.startswith(SENTENCE))
    yield to_task(item, open_project(ROOT).scheme())
    yield {"data": RIGHT_TO_LEFT}


def project_of_tasks(client: Client) -> int:
    """Make the project of the annotator's pictures; give back its id."""
    project = open_project(ROOT)
    config = project.config.read_text(encoding="utf-8")
    guidelines = project.guidelines.read_text(encoding="utf-8")
    instruction = instruction_html(config, project.scheme(), guidelines)
    made = client.create_project(f"sikap round {ROUND}", "", config, instruction, 1)
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


def browse(page: Page, folder: Path) -> Iterator[Path]:
    """Take the picture of the page of a release."""
    page.set_viewport_size(LARGE)
    page.goto((ROOT / "dataset/release/browse.html").resolve().as_uri())
    yield shot(page, folder / "browse.png")


def agreement(chromium: Browser, folder: Path) -> Iterator[Path]:
    """Take the pictures of a report of agreement, by day and by night."""
    found = analyse(study(400, seed=7), Options(replicates=300), kind="round")
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "report.html"
        file.write_text(agreement_page(found), encoding="utf-8")
        for name, scheme, part in (
            ("agreement-light", "light", "#summary"),
            ("agreement-dark", "dark", "#v1"),
        ):
            page = chromium.new_page(
                viewport=LARGE, color_scheme="dark" if scheme == "dark" else "light"
            )
            page.goto(file.as_uri())
            page.locator(part).evaluate("(part) => part.scrollIntoView()")
            yield shot(page, folder / f"{name}.png")
            page.close()


def annotate(page: Page, folder: Path, user: Credentials, project: int) -> Iterator[Path]:
    """Take the three pictures of the annotator's page."""
    page.set_viewport_size(TALL)
    browser.log_in(page, user.url, user.email, user.password)
    browser.open_stream(page, user.url, project)
    page.wait_for_timeout(500)
    yield shot(page, folder / "instructions.png", page.locator(WINDOW).bounding_box())
    page.set_viewport_size(WIDE)
    browser.instructions(page)
    mark(page, browser.sentence(page), MARKS)
    yield shot(page, folder / "annotate.png")
    browser.submit(page)
    mark(page, browser.label_next(page, user.url, project), RIGHT_TO_LEFT_MARKS)
    yield shot(page, folder / "right-to-left.png")


def decide(page: Page, folder: Path, lead: Credentials, copy: Project) -> Iterator[Path]:
    """Take the picture of the adjudicator's page: of the item whose versions say most."""
    client = Client(lead.url, lead.token)
    adjudicate_round(copy, ROUND, "picture", annotators=["reader-3"])
    (pushed,) = push_round(copy, "picture", client).projects
    versions = read_round(copy, "picture").versions
    fullest = max(versions, key=lambda one: sum(len(v.spans) for v in one.versions))
    numbers = {data["item_id"]: number for number, data in client.tasks(pushed.project_id)}
    page.set_viewport_size(LARGE)
    browser.log_in(page, lead.url, lead.email, lead.password)
    page.goto(f"{pushed.url}/data?task={numbers[fullest.item_id]}")
    page.get_by_text("Version A", exact=True).wait_for()
    page.wait_for_timeout(2000)
    yield shot(page, folder / "adjudication.png")


def shot(page: Page, file: Path, clip: FloatRect | None = None) -> Path:
    """Take one picture, of all that the window shows or of a part of it."""
    page.screenshot(path=file, clip=clip)
    return file


def copied(folder: Path) -> Project:
    """A project in which the round can be adjudicated, so that nothing is planned here."""
    for part in ("pyproject.toml", "schema", "dataset/sentences.jsonl", f"dataset/rounds/{ROUND}"):
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, folder / part)
    project = open_project(folder)
    # Of the round's own config, whose style may be older than the project's.
    shutil.copy(project.round(ROUND) / CONFIG, project.config)
    return project


folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs"
program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))

with (
    tempfile.TemporaryDirectory() as place,
    running(Path(place) / "studio", port=0) as server,
    sync_playwright() as playwright,
):
    chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
    user = create_user(server, "a1@sikap.local", secrets.token_urlsafe(16))
    project = project_of_tasks(Client(server.url, server.token))
    copy = copied(Path(place) / "project")
    # Each has a page of its own, which nobody is logged in to.
    for picture in (
        *browse(chromium.new_page(), folder),
        *agreement(chromium, folder),
        *annotate(chromium.new_page(), folder, user, project),
        *decide(chromium.new_page(), folder, server, copy),
    ):
        print(picture)
    chromium.close()
