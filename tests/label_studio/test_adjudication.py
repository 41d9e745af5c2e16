"""The page of an adjudicator in the real editor: versions are shown, and nothing in them runs."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

import browser
from builders import annotation, project, span
from conftest import Studio
from planned import annotate, items, planned
from sikap.label_studio.pages.adjudication import NOTE, REASON
from sikap.project import Project
from sikap.records import Label
from sikap.steps.project_files import read_notes, read_round
from sikap.steps.rounds.adjudicate import adjudicate_round
from sikap.steps.rounds.annotators import link_annotator
from sikap.steps.rounds.pull import pull_round
from sikap.steps.rounds.push import push_round
from sikap.steps.rounds.reasons import export_reasons
from sikap.steps.rounds.settle import settle_rounds
from sikap.storage.files import decode_lines

HOSTILE = (
    "<script>window.hit=1</script> <img src=x onerror='window.hit=1'> &amp; \"q\" "
    "<a href='javascript:hit=1'>😀</a> Belsara\tdiam"
)
RIGHT_TO_LEFT = "قال بلسارا إنّ NATO <b>لن</b> تأتي غدًا."
SHOWN = ".lsf-richtext__container:has-text('Version A')"
WORDS = "Belsara"

pytestmark = [pytest.mark.studio, pytest.mark.browser]


@pytest.fixture
def made(studio: Studio, page: Page, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A round on which two disagree, the round that decides pushed, and a3 in its page."""
    monkeypatch.setenv("LABEL_STUDIO_URL", studio.credentials.url)
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", studio.credentials.token)
    of = planned(project(tmp_path), (HOSTILE, RIGHT_TO_LEFT), "a1", "a2")
    of_text = {item.text: item for item in items(of)}
    at = HOSTILE.index(WORDS)
    stance = {"stance": "favor", "holder": "source"}
    said = [
        annotation(of_text[HOSTILE], "a1", [span(0, 8), span(0, 31, "ORG"), span(at, at + 7)]),
        annotation(of_text[HOSTILE], "a2"),
        annotation(of_text[RIGHT_TO_LEFT], "a1", [span(4, 10, **stance)]),
        annotation(of_text[RIGHT_TO_LEFT], "a2", [span(4, 10), span(15, 19, "ORG")]),
    ]
    annotate(of, said)
    adjudicate_round(of, "r1", "d1", annotators=["a3"])
    user = studio.add_user(f"judge{tmp_path.name}")
    link_annotator(of, "a3", user.email)
    push_round(of, "d1")
    browser.log_in(page, user.url, user.email, user.password)
    return of


def open_item(made: Project, studio: Studio, page: Page, text: str) -> None:
    [where] = read_round(made, "d1").manifest.projects
    tasks = studio.client.tasks(where.project_id)
    [task] = [number for number, data in tasks if data["text"] == text]
    assert browser.open_task(page, studio.credentials.url, where.project_id, task) == text
    page.locator(SHOWN).wait_for()


def test_hostile_text_is_shown_as_text_and_runs_nothing(
    studio: Studio, page: Page, made: Project
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_item(made, studio, page, HOSTILE)
    shown = page.locator(SHOWN)
    assert shown.locator("script, img, a, iframe").count() == 0
    words = shown.inner_text()
    assert "<script>window.hit=1</script> <" in words
    assert "<img src=x onerror='window.hit=1'> &amp; \"q\" <a href=" in words
    assert ("Version B" in words, "Version C" in words) == (True, False)
    assert "nothing marked" in words
    assert not {"a1", "a2"} & set(words.split())
    page.wait_for_timeout(500)
    assert [frame.evaluate("window.hit") for frame in page.frames] == [None] * len(page.frames)
    assert [url for url in asked if url.endswith("/x")] == []


def test_text_from_right_to_left_runs_so_in_every_version(
    studio: Studio, page: Page, made: Project
) -> None:
    open_item(made, studio, page, RIGHT_TO_LEFT)
    directions = page.locator(f"{SHOWN} [dir=auto]").evaluate_all(
        "all => all.map(one => getComputedStyle(one).direction)"
    )
    assert directions == ["rtl", "rtl"]


def test_versions_cannot_be_marked_but_the_sentence_can_and_nothing_is_filled_in(
    studio: Studio, page: Page, made: Project
) -> None:
    open_item(made, studio, page, HOSTILE)
    assert page.locator(browser.REGIONS).count() == 0
    assert page.locator(".lsf-choice__checkbox input:checked").count() == 0
    box = page.locator(f"{SHOWN} [dir=auto]").first.bounding_box()
    assert box is not None
    page.keyboard.press("1")
    page.mouse.move(box["x"] + 4, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    page.wait_for_timeout(500)
    assert page.locator(browser.REGIONS).count() == 0
    page.keyboard.press("1")
    at = HOSTILE.index(WORDS)
    browser.mark(page, "1", at, at + len(WORDS))
    assert page.locator(browser.REGIONS).count() == 1


def test_a_decision_comes_back_with_its_reason_and_note(
    studio: Studio, page: Page, made: Project, tmp_path: Path
) -> None:
    open_item(made, studio, page, HOSTILE)
    at = HOSTILE.index(WORDS)
    browser.mark(page, "1", at, at + len(WORDS))
    page.keyboard.press("e")
    assert "Why did they differ?" in browser.refusal(page)
    page.keyboard.press("x")
    page.locator("input[name='guideline gap']:checked").wait_for()
    page.get_by_placeholder("A note").fill("apakah <b>tag</b> disebut?")
    browser.submit(page)
    report = pull_round(made, "d1")
    assert (report.counts.submitted, report.problems) == (1, ())
    [said] = read_round(made, "d1").annotations
    assert [HOSTILE[s.start : s.end] for s in said.spans] == [WORDS]
    assert said.choices == {}
    notes = {note.control: note.values for note in read_notes(made, "d1")}
    assert notes == {REASON: ("guideline gap",), NOTE: ("apakah <b>tag</b> disebut?",)}
    summed = export_reasons(made, "d1", tmp_path / "reasons.md")
    [case] = summed.cases
    assert (case.reason, case.note) == ("guideline gap", "apakah <b>tag</b> disebut?")
    page.goto(case.link)
    page.locator(browser.SUBMIT).or_(page.get_by_text("Update")).first.wait_for()
    assert browser.sentence(page) == HOSTILE
    settle_rounds(made)
    [label] = [
        one
        for one in decode_lines(made.labels.read_bytes(), Label, "labels.jsonl")
        if one.round_id == "d1"
    ]
    assert [(s.label, s.provenance.how) for s in label.spans] == [("PER", "adjudicated")]
