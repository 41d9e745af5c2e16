"""The page of an adjudicator in the real editor: versions are shown, and nothing in them runs."""

from typing import Any

import pytest
from playwright.sync_api import Page

import browser
from builders import CONFIG, shipped_scheme, span
from conftest import Studio
from sikap.labelling_config import backgrounds
from sikap.records import Version
from sikap.rounds.adjudication_page import (
    NOTE,
    REASON,
    VERSIONS,
    adjudication_config,
    versions_html,
)
from sikap.studio.client import ProjectInfo
from sikap.studio.server import Credentials

HOSTILE = (
    "<script>window.hit=1</script> <img src=x onerror='window.hit=1'> &amp; \"q\" "
    "سلام 😀 <b>Belsara</b>"
)
SHOWN = "xpath=//*[contains(text(),'What annotators said')]/ancestor::*[3]"
SCHEME = shipped_scheme()
WORDS = "Belsara"

pytestmark = [pytest.mark.studio, pytest.mark.browser]


def versions(text: str) -> tuple[Version, ...]:
    at = text.index(WORDS)
    marked = span(at, at + len(WORDS), stance="favor", holder="source")
    return (
        Version(spans=(span(0, 8), span(0, 31, "ORG"), marked), choices={}),
        Version(spans=(), choices={}),
        Version(spans=(span(at - 3, at + len(WORDS) + 4, "ORG"),), choices={}),
    )


@pytest.fixture
def project(studio: Studio, page: Page) -> ProjectInfo:
    user = studio.add_user("judge")
    config = adjudication_config(CONFIG.decode(), SCHEME)
    made = studio.client.create_project("adjudication", "", config, "<p>Baca.</p>", 1)
    colours = backgrounds(CONFIG, "config")
    data = {"item_id": "i", "text": HOSTILE, "before": "", "after": ""}
    data[VERSIONS] = versions_html(HOSTILE, versions(HOSTILE), SCHEME, colours)
    studio.client.import_tasks(made.project_id, [{"data": data}])
    browser.log_in(page, user.url, user.email, user.password)
    return made


def test_try(studio: Studio, page: Page, project: ProjectInfo) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: print("CONSOLE", m.text[:300]))
    browser.label_next(page, studio.credentials.url, project.project_id)
    page.screenshot(path="/tmp/adj1.png", full_page=True)
    at = HOSTILE.index(WORDS)
    browser.mark(page, "1", at, at + len(WORDS))
    browser.choose(page, "neutral")
    print("REFUSAL", browser.refusal(page))
    page.keyboard.press("x")
    page.locator(f'input[name="guideline gap"]:checked').wait_for()
    page.get_by_placeholder("A note").fill("catatan <b>x</b>")
    page.screenshot(path="/tmp/adj2.png", full_page=True)
    print(page.content()[:0])
    print("HIT", page.evaluate("window.hit"))
    frames = page.frames
    print("FRAMES", [f.url for f in frames], [f.evaluate("window.hit") for f in frames])
    print(page.locator(".lsf-richtext__container").all_inner_texts())
    print(
        page.locator(".lsf-richtext__container").nth(3).inner_html()
        if page.locator(".lsf-richtext__container").count() > 3
        else ""
    )
    browser.submit(page)
    import json

    print(
        json.dumps(
            studio.client.export(project.project_id)[0]["annotations"][0]["result"], indent=1
        )
    )
    print([u for u in asked if u.endswith("/x")])
    assert 0
