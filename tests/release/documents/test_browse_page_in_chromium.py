"""The page as somebody sees it who opens the file: in a real Chromium, from disk, offline."""

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from playwright.sync_api import Browser, Locator, Page

from opened import CONTRAST, opening
from samples import content
from sikap.records import Sentence
from sikap.release.data.content import Content
from sikap.release.files.build import PAGE, build

pytestmark = pytest.mark.browser

Open = Callable[[Content, Page], Page]
HOSTILE = (
    "<script>document.title = 'ran'</script>"
    "<img src=x onerror=\"document.title='ran'\"></p></script></style>"
    "<a href=\"javascript:document.title='ran'\">&amp;</a> "
    + "panjang" * 40
    + " \u202eاب👩🏽\u200d🌾"
)


@pytest.fixture
def open_page(tmp_path: Path) -> Iterator[Open]:
    """Opens a built page; fails if one has asked for anything but its file, or complained."""
    with opening(tmp_path / PAGE) as opened:
        yield lambda given, page: opened(build(given)[PAGE], page)


def hostile() -> Content:
    """The sample in which one article is hostile in all it says."""
    given = content()
    article = msgspec.structs.replace(
        given.articles[-1], text=HOSTILE, title=HOSTILE, outlet=HOSTILE, published=HOSTILE
    )
    sentences = [
        msgspec.structs.replace(one, text=HOSTILE, end=len(HOSTILE))
        if one.article_id == article.article_id
        else one
        for one in given.sentences
    ]
    return msgspec.structs.replace(
        given, articles=(*given.articles[:-1], article), sentences=tuple(sentences)
    )


def texts(page: Page) -> list[str]:
    """The sentences that can be seen, without the labels in them."""
    seen: list[str] = page.evaluate(
        """() => [...document.querySelectorAll(".line")].filter((line) => line.offsetParent)
             .map((line) => {
               const text = line.querySelector(".text").cloneNode(true);
               text.querySelectorAll("button").forEach((button) => button.remove());
               return text.textContent;
             })"""
    )
    return seen


def said(*fits: Callable[[Sentence], bool]) -> list[str]:
    return [s.text for s in content().sentences if all(fit(s) for fit in fits)]


def pill(page: Page, facet: str, value: str) -> Locator:
    fieldset = page.locator("fieldset", has=page.locator("legend", has_text=facet))
    return fieldset.locator(".pill", has=page.get_by_text(value, exact=True))


def test_filters_hide_and_show(open_page: Open, page: Page) -> None:
    open_page(content(), page)
    everything = texts(page)
    assert everything == said()

    pill(page, "label", "ORG").click()
    assert texts(page) == ["Partai 🌾 Tani mengecam Menteri Adi."]
    assert page.locator("#tally").inner_text() == "1 of 17 sentences, 1 spans"
    pill(page, "stance", "against").click()  # the ORG is neutral, and the PER beside it is no ORG
    assert texts(page) == []
    assert page.get_by_text("No sentence fits.").is_visible()
    pill(page, "label", "PER").click()
    assert len(texts(page)) == 2
    pill(page, "split", "validation").click()
    assert texts(page) == ["Partai 🌾 Tani mengecam Menteri Adi."]
    assert page.locator("article:visible").count() == 1

    page.get_by_role("button", name="Show all").click()
    assert texts(page) == everything


def test_what_is_open_and_who_holds_a_stance_can_be_filtered(open_page: Open, page: Page) -> None:
    open_page(content(), page)
    pill(page, "settled", "open").click()
    assert texts(page) == ["Warga menolak Gubernur Sari.", "Jalan rusak, kata Sari."]
    page.get_by_role("button", name="Show all").click()
    pill(page, "holder", "author").click()
    assert len(texts(page)) == 1
    assert page.locator(".chip.off:visible").count() == 1  # the same mention, for the other holder


def test_search_is_in_the_text_and_not_in_labels(open_page: Open, page: Page) -> None:
    open_page(content(), page)
    page.get_by_role("searchbox").fill("HUJAN")
    assert texts(page) == ["Hujan turun."] * 3
    page.get_by_role("searchbox").fill("AdiPER")
    assert texts(page) == []


def test_a_mention_tells_how_it_was_settled(open_page: Open, page: Page) -> None:
    open_page(content(), page)
    chip = page.get_by_role("button", name="ORG: Partai 🌾 Tani")
    card = page.locator(".card:popover-open")
    assert card.count() == 0
    chip.hover()
    assert "majority, 2 of 3" in card.inner_text()
    page.mouse.move(0, 0)
    assert card.count() == 0
    page.locator(".mark", has_text="Gubernur Sari").first.click()
    assert card.locator(".surface").inner_text() == "Gubernur Sari"
    page.keyboard.press("Tab")
    assert card.locator(".surface").inner_text().startswith("proyek bendungan")
    page.keyboard.press("Escape")
    assert card.count() == 0


def test_a_hostile_article_runs_nothing_and_is_shown(open_page: Open, page: Page) -> None:
    open_page(hostile(), page)
    assert page.title() == "Uji: sikap & nama 1.0.0"
    assert texts(page)[-1] == HOSTILE
    assert page.locator("article h2").last.text_content() == HOSTILE
    assert page.locator("img, article script").count() == 0


@pytest.mark.parametrize("width", [360, 390, 900, 1280])
def test_no_width_needs_scrolling_sideways(open_page: Open, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_page(hostile(), page)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.locator("summary").click() if width < 800 else None
    page.locator(".chip").first.click()
    box = page.locator(".card:popover-open").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_paper_has_the_legend_and_no_controls(open_page: Open, page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    open_page(content(), page)
    assert pill(page, "label", "PER").is_hidden()
    assert page.pdf(path=tmp_path / "page.pdf").startswith(b"%PDF")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert pill(page, "label", "PER").is_visible()
    assert pill(page, "stance", "against").is_visible()
    assert pill(page, "split", "train").is_hidden()
    assert page.get_by_role("searchbox").is_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_reader_and_can_be_read(
    open_page: Open, chromium: Browser, scheme: str
) -> None:
    page = chromium.new_page(color_scheme="dark" if scheme == "dark" else "light")
    open_page(content(), page)
    canvas = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (canvas == "rgb(22, 23, 27)") == (scheme == "dark")
    for selector in (".text", ".mark", ".chip", ".side-note", ".source", ".face", "#tally"):
        assert page.evaluate(CONTRAST, selector) >= 4.5, selector
    page.close()


def test_without_scripts_everything_can_be_read(open_page: Open, chromium: Browser) -> None:
    page = chromium.new_page(java_script_enabled=False)
    open_page(content(), page)
    assert page.locator(".line:visible").count() == len(said())
    assert page.locator("input:visible").count() == 0
    page.get_by_role("button", name="ORG: Partai 🌾 Tani").click()
    assert page.locator(".card", has_text="Partai 🌾 Tani").is_visible()
    page.close()
