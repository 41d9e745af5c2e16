"""The labelling config in the real editor: what an annotator sees, can do and cannot do."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page

import browser
from builders import shipped_scheme
from configs import TEXT
from conftest import Studio
from sikap.label_studio.client import ProjectInfo
from sikap.label_studio.pages.instruction import instruction_html
from sikap.label_studio.server import Credentials
from sikap.labelling_config.hotkeys_and_colours import hotkeys

FILE = Path(__file__).parents[2] / "schema" / "stance_entities.xml"
CONFIG = FILE.read_text(encoding="utf-8")
EMOJI = "😀 Presiden Rina Belsar memuji 🇮🇩 NATO."
MARKUP = "<b>x</b> &amp; y  Belsara\nbaris dua"
CONTEXT = "Kalimat sebelum ini."
GUIDELINES = "Read **the guide**. Read <b>the guide</b>."
# At which side of its block the text of each element stands.
SIDES = """
elements => elements.map(element => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const [text, block] = [range.getBoundingClientRect(), element.getBoundingClientRect()];
  return text.left - block.left > block.right - text.right ? "right" : "left";
})
"""

pytestmark = [pytest.mark.studio, pytest.mark.browser]


@pytest.fixture(scope="module")
def annotator(studio: Studio) -> Credentials:
    return studio.add_user("annotator")


@pytest.fixture
def project(
    studio: Studio, page: Page, annotator: Credentials, request: pytest.FixtureRequest
) -> ProjectInfo:
    """A project of three tasks, and the page logged in to label it."""
    title = request.node.name[:50]
    instruction = instruction_html(CONFIG, shipped_scheme(), GUIDELINES)
    made = studio.client.create_project(title, "", CONFIG, instruction, 1)
    texts = ((EMOJI, CONTEXT, ""), (MARKUP, "", ""), ("a b c d e f g h", "", ""))
    tasks = [
        {"data": {"item_id": f"i{number}", "text": text, "before": before, "after": after}}
        for number, (text, before, after) in enumerate(texts)
    ]
    studio.client.import_tasks(made.project_id, tasks)
    browser.log_in(page, annotator.url, annotator.email, annotator.password)
    return made


def mark(page: Page, text: str, hotkey: str, words: str) -> None:
    browser.mark(page, hotkey, text.index(words), text.index(words) + len(words))


def stored(studio: Studio, project: ProjectInfo, task: int) -> list[tuple[int, int, list[str]]]:
    """Start, end and values of every result of the one annotation of a task."""
    [annotation] = list(studio.client.export(project.project_id))[task]["annotations"]
    return [read(result["value"]) for result in annotation["result"]]


def read(value: dict[str, Any]) -> tuple[int, int, list[str]]:
    return value["start"], value["end"], value.get("labels") or value["choices"]


def test_instructions_come_first_and_tasks_in_order(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    browser.open_stream(page, studio.credentials.url, project.project_id)
    assert "Read the guide." in browser.instructions(page)
    assert browser.sentence(page) == EMOJI


def test_a_span_after_emoji_is_stored_in_code_points_with_stance_and_holder(
    studio: Studio, page: Page, project: ProjectInfo, annotator: Credentials
) -> None:
    browser.label_next(page, studio.credentials.url, project.project_id)
    mark(page, EMOJI, "1", "Rina Belsar")
    browser.choose(page, "favor")
    browser.choose(page, "author")
    mark(page, EMOJI, "2", "NATO")
    browser.choose(page, "neutral")
    browser.submit(page)
    assert [EMOJI[11:22], EMOJI[33:37]] == ["Rina Belsar", "NATO"]
    assert stored(studio, project, 0) == [
        (11, 22, ["PER"]),
        (11, 22, ["favor"]),
        (11, 22, ["author"]),
        (33, 37, ["ORG"]),
        (33, 37, ["neutral"]),
    ]
    [annotation] = next(iter(studio.client.export(project.project_id)))["annotations"]
    assert studio.client.users()[annotation["completed_by"]] == annotator.email


def test_a_mention_without_stance_cannot_be_submitted(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    browser.label_next(page, studio.credentials.url, project.project_id)
    mark(page, EMOJI, "1", "Rina Belsar")
    assert "needs a stance" in browser.refusal(page)
    browser.choose(page, "neutral")
    browser.submit(page)
    assert stored(studio, project, 0) == [(11, 22, ["PER"]), (11, 22, ["neutral"])]


def test_the_holder_is_asked_for_exactly_where_the_selected_mention_has_a_stance(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    asked, reminder = browser.choice(page, "author"), page.locator(".sikap-missing")
    browser.label_next(page, studio.credentials.url, project.project_id)
    mark(page, EMOJI, "1", "Rina Belsar")
    asked.wait_for(state="hidden")
    browser.choose(page, "against")
    asked.wait_for()
    reminder.wait_for()
    browser.choose(page, "source")
    reminder.wait_for(state="hidden")
    mark(page, EMOJI, "2", "NATO")
    browser.choose(page, "neutral")
    asked.wait_for(state="hidden")
    reminder.wait_for(state="hidden")
    browser.select(page, 0)
    asked.wait_for()


def test_a_holder_goes_when_its_stance_becomes_neutral(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    browser.label_next(page, studio.credentials.url, project.project_id)
    mark(page, EMOJI, "1", "Rina Belsar")
    for value in ("favor", "source", "neutral"):
        browser.choose(page, value)
    browser.submit(page)
    assert stored(studio, project, 0) == [(11, 22, ["PER"]), (11, 22, ["neutral"])]


def test_what_was_begun_is_a_draft_until_it_is_submitted(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    browser.label_next(page, studio.credentials.url, project.project_id)
    with page.expect_response(lambda response: "/drafts" in response.url):
        mark(page, EMOJI, "1", "Rina Belsar")
        browser.choose(page, "neutral")
    begun = next(iter(studio.client.export(project.project_id)))
    assert (len(begun["annotations"]), len(begun["drafts"])) == (0, 1)
    browser.submit(page)
    done = next(iter(studio.client.export(project.project_id)))
    assert (len(done["annotations"]), len(done["drafts"])) == (1, 0)


def test_markup_is_shown_as_it_is_and_lines_keep_their_offsets(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    task = list(studio.client.tasks(project.project_id))[1][0]
    shown = browser.open_task(page, studio.credentials.url, project.project_id, task)
    assert shown == MARKUP
    for words in ("<b>", "&amp;", "Belsara", "baris"):
        mark(page, MARKUP, "8", words)
        browser.choose(page, "neutral")
    browser.submit(page)
    spans = [(start, end) for start, end, values in stored(studio, project, 1) if "TOPIC" in values]
    assert [MARKUP[start:end] for start, end in spans] == ["<b>", "&amp;", "Belsara", "baris"]


def test_the_context_is_shown_but_cannot_be_marked(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    browser.label_next(page, studio.credentials.url, project.project_id)
    context = page.get_by_text(CONTEXT)
    box = context.bounding_box()
    assert box is not None
    page.keyboard.press("1")
    page.mouse.move(box["x"] + 12, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()
    page.wait_for_timeout(500)
    assert page.locator(browser.REGIONS).count() == 0
    page.keyboard.press("1")
    mark(page, EMOJI, "1", "NATO")
    assert page.locator(browser.REGIONS).count() == 1


def test_a_key_a_drag_and_a_key_give_a_mention_and_its_stance(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    browser.label_next(page, studio.credentials.url, project.project_id)
    browser.select_new_regions(page)
    browser.draw(page, "1", 11, 22)
    page.locator(browser.SELECTED).wait_for()
    page.keyboard.press("e")
    page.locator("input[name=neutral]:checked").wait_for()
    browser.submit(page, by_key=True)
    assert stored(studio, project, 0) == [(11, 22, ["PER"]), (11, 22, ["neutral"])]


def test_what_was_submitted_can_be_gone_back_to(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    browser.label_next(page, studio.credentials.url, project.project_id)
    browser.submit(page)
    page.locator(browser.POSITION, has_text="2 of 2").wait_for()
    page.get_by_test_id("prev-task").click()
    page.locator(browser.POSITION, has_text="1 of 2").wait_for()
    assert browser.sentence(page) == EMOJI


def test_the_setting_to_select_new_mentions_outlives_the_page(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    browser.label_next(page, studio.credentials.url, project.project_id)
    browser.select_new_regions(page)
    browser.label_next(page, studio.credentials.url, project.project_id)
    browser.draw(page, "1", 11, 22)
    page.locator(browser.SELECTED).wait_for()


def test_a_right_to_left_text_and_its_context_start_at_the_right(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    words = ("قالت", "Kawi", "300")
    text = "قالت الوزيرة إن شركة Kawi ستدفع 300 دولار."
    task = {"data": {"item_id": "i9", "text": text, "before": "جملة سابقة.", "after": "Kata."}}
    [added] = studio.client.import_tasks(project.project_id, [task])
    browser.open_task(page, studio.credentials.url, project.project_id, added)
    lines = page.locator(".lsf-richtext__container").evaluate_all(SIDES)
    assert lines == ["right", "right", "left"]
    first, latin, number = (
        browser.edges(page, text.index(word), text.index(word) + len(word))[0] for word in words
    )
    assert first > latin > number


def test_instructions_can_be_read_again_and_fit_their_window(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    browser.label_next(page, studio.credentials.url, project.project_id)
    page.get_by_role("button", name="Instructions").click()
    window = page.locator(browser.INSTRUCTIONS)
    window.locator("th", has_text="keys").wait_for()
    wide = window.locator(".sikap-help").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert wide[0] <= wide[1]
    assert "Read <b>the guide</b>." in browser.instructions(page)


def test_all_is_in_sight_on_a_small_screen(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    browser.label_next(page, studio.credentials.url, project.project_id)
    mark(page, EMOJI, "1", "Rina Belsar")
    browser.choose(page, "favor")
    seen = [page.locator(browser.SENTENCE), page.locator(browser.SUBMIT)]
    seen += [
        page.get_by_text(CONTEXT),
        browser.choice(page, "author"),
        browser.choice(page, "source"),
    ]
    seen += [page.get_by_test_id("bottombar-skip-button"), page.locator(".lsf-label").last]
    for each in seen:
        box = each.bounding_box()
        assert box is not None
        assert 0 <= box["x"] < box["x"] + box["width"] <= 1024
        assert 0 <= box["y"] < box["y"] + box["height"] <= 768


def test_the_editor_gives_keys_as_we_say_that_it_does(
    studio: Studio, page: Page, annotator: Credentials
) -> None:
    config = f"""<View>
      <Labels name="kind" toName="text">
        <Label value="A"/><Label value="B" hotkey="1"/><Label value="C" hotkey="Q"/>
      </Labels><View className="sikap-sentence">{TEXT}</View>
      <Choices name="tone" toName="text"><Choice value="x"/><Choice value="y"/></Choices>
    </View>"""
    made = studio.client.create_project("keys of its own", "", config, "", 1)
    data = {"item_id": "i0", "text": "a b c"}
    [task] = studio.client.import_tasks(made.project_id, [{"data": data}])
    browser.log_in(page, annotator.url, annotator.email, annotator.password)
    browser.open_task(page, annotator.url, made.project_id, task)
    keys = {one.shown: one.key or "" for one in hotkeys(config.encode(), "config")}
    assert keys == {"A": "2", "B": "1", "C": "q", "x": "3", "y": "4"}
    labels, values = page.locator(".lsf-label"), page.locator(".lsf-choice__item")
    assert [text.split("\n") for text in labels.all_inner_texts()] == [
        [shown, keys[shown].upper() if shown == "C" else keys[shown]] for shown in "ABC"
    ]
    assert [text.replace("\n", "") for text in values.all_inner_texts()] == ["x[3]", "y[4]"]


def test_every_label_and_value_has_its_key(
    studio: Studio, page: Page, project: ProjectInfo
) -> None:
    task = list(studio.client.tasks(project.project_id))[2][0]
    root = ElementTree.fromstring(CONFIG)
    labels = [(each.get("value"), each.get("hotkey", "")) for each in root.iter("Label")]
    stances = {each.get("value"): each.get("hotkey", "") for each in root.iter("Choice")}
    browser.open_task(page, studio.credentials.url, project.project_id, task)
    for number, (_, hotkey) in enumerate(labels):
        browser.mark(page, hotkey, 2 * number, 2 * number + 1)
        page.keyboard.press(stances["neutral"])
    for number, pair in enumerate((("favor", "author"), ("against", "source"))):
        browser.select(page, number)
        for value in pair:
            page.keyboard.press(stances[value])
            page.locator(f"input[name={value}]:checked").wait_for()
    browser.submit(page)
    of: dict[int, list[str]] = {}
    for start, _, values in stored(studio, project, 2):
        of.setdefault(start // 2, []).extend(values)
    assert [values[0] for values in of.values()] == [label for label, _ in labels]
    assert of[0][1:] == ["favor", "author"]
    assert of[1][1:] == ["against", "source"]
    assert of[7][1:] == ["neutral"]
