"""A round with predictions in the real editor: they are there, and can be changed."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

import browser
from builders import CONFIG, item, manifest, shipped_scheme
from conftest import Studio
from sikap.label_studio.push_journal import Journal
from sikap.label_studio.sync import Given, Place, Pushed, push
from sikap.label_studio.wire.predictions import PredictedSpan, Prediction, read_predictions
from sikap.label_studio.wire.tasks import read_export, to_task
from sikap.records import Round

pytestmark = [pytest.mark.studio, pytest.mark.browser]
SCHEME = shipped_scheme()
TEXT = "😀 Belsara mengecam PT Ombak."
ITEM = item(TEXT, annotators=("a1",))
SAID = (
    PredictedSpan(start=2, end=9, label="PER", attributes={"stance": ("neutral",)}),
    PredictedSpan(
        start=19, end=27, label="ORG", attributes={"stance": ("against",), "holder": ("source",)}
    ),
)


def pushed_with_predictions(studio: Studio, folder: Path, name: str) -> Pushed:
    said = Prediction(item_id=ITEM.item_id, spans=SAID, choices={}, model="tagger 1")
    predicted = read_predictions([said], [ITEM], SCHEME, "p.jsonl")
    return push(
        Place(annotator="a1", client=studio.client),
        manifest(name, ["a1"]),
        {ITEM.item_id: to_task(ITEM, SCHEME) | predicted.of[ITEM.item_id]},
        Given(config=CONFIG.decode(), instruction="<p>x</p>", model=predicted.model),
        Journal(folder / "j.jsonl"),
    )


def test_an_annotator_finds_what_the_model_said_and_submits_it(
    studio: Studio, page: Page, tmp_path: Path
) -> None:
    pushed = pushed_with_predictions(studio, tmp_path, "prefilled")
    number = pushed.project.project_id
    annotator = studio.add_user("prefilled")
    browser.log_in(page, annotator.url, annotator.email, annotator.password)
    assert browser.label_next(page, studio.credentials.url, number) == TEXT
    page.locator(browser.REGIONS).nth(1).wait_for()
    assert page.locator(browser.REGIONS).count() == len(SAID)
    browser.submit(page)
    exported = list(studio.client.export(number))
    [user] = {one["completed_by"] for task in exported for one in task["annotations"]}
    pulled = read_export(exported, pushed_manifest(), [ITEM], SCHEME, {str(user): "a1"})
    [annotation] = pulled.annotations
    found = {(s.start, s.end, s.label, *s.attributes.items()) for s in annotation.spans}
    assert found == {(s.start, s.end, s.label, *s.attributes.items()) for s in SAID}


def pushed_manifest() -> Round:
    return manifest("prefilled", ["a1"])
