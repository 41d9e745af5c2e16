"""The page of a report as somebody sees it who opens the file: in a real Chromium, offline."""

import time
from collections.abc import Callable, Iterator
from logging import getLogger
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

import reports
from opened import CONTRAST, opening
from sikap.agreement.analyse import analyse
from sikap.agreement.html.report_page import page as drawn
from sikap.agreement.report import AgreementReport
from sikap.agreement.study import Options
from synthetic import study

pytestmark = pytest.mark.browser

Open = Callable[[AgreementReport, Page], Page]
EVERY = [reports.report, reports.empty, reports.undefined, reports.hostile, reports.crowded]
ITEMS = 20_000
LARGEST, SLOWEST = 5_000_000, 2.0


@pytest.fixture
def open_page(tmp_path: Path) -> Iterator[Open]:
    """Opens a report; fails if it has asked for anything but its file, or complained."""
    with opening(tmp_path / "report.html") as opened:
        yield lambda given, page: opened(drawn(given).encode(), page)


@pytest.mark.parametrize("made", EVERY)
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_no_width_needs_scrolling_sideways(
    open_page: Open, page: Page, made: Callable[[], AgreementReport], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    open_page(made(), page)
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_wide_table_scrolls_in_its_own_box(open_page: Open, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    open_page(reports.crowded(), page)
    page.locator("summary").first.click()
    box = page.locator("details .wide").first
    assert box.evaluate("(one) => one.scrollWidth > one.clientWidth")


def test_charts_are_wholly_in_the_page_of_a_phone(open_page: Open, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    open_page(reports.report(), page)
    outside = page.locator("svg").evaluate_all(
        """(charts) => charts.flatMap((chart) => {
          const frame = chart.getBoundingClientRect();
          return [...chart.querySelectorAll("text, g > path, use")]
            .map((one) => one.getBoundingClientRect())
            .filter((box) => box.left < frame.left - 2 || box.right > frame.right + 2
                          || box.top < frame.top - 2 || box.bottom > frame.bottom + 2);
        })"""
    )
    assert outside == []


def test_hostile_texts_run_nothing_and_are_shown(open_page: Open, page: Page) -> None:
    open_page(reports.hostile(), page)
    assert page.title().startswith("Agreement: <script>")
    assert page.locator("img, script").count() == 0
    shown = page.locator("#contested .item > .text").inner_text()
    assert shown.startswith("<script>document.title='ran'</script><img src=x")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_follow_the_reader_and_can_be_read(
    open_page: Open, chromium: Browser, scheme: str
) -> None:
    page = chromium.new_page(color_scheme="dark" if scheme == "dark" else "light")
    open_page(reports.report(), page)
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    canvas = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (canvas == "rgb(22, 23, 27)") == (scheme == "dark")
    texts = ("h1", "p", "small", "td", "th", "summary", ".chip", ".key", ".mark", "dd", ".below")
    for selector in texts:
        assert page.evaluate(CONTRAST, selector) >= 4.5, selector
    # Of words in a chart the ground is drawn: the canvas, or the step of a scale that they lie on.
    page.evaluate(
        """() => {
          for (const step of Array(10).keys()) {
            const word = document.createElement("p");
            word.className = "trial"; word.textContent = "0";
            const cell = document.querySelector(`.scale .h${step}`);
            const ink = document.createElementNS("http://www.w3.org/2000/svg", "text");
            ink.setAttribute("class", `f-on${step}`);
            document.querySelector("svg").append(ink);
            word.style.setProperty("color", getComputedStyle(ink).fill);
            word.style.setProperty("background-color", getComputedStyle(cell).backgroundColor);
            document.body.append(word);
          }
        }"""
    )
    assert page.evaluate(CONTRAST, ".trial") >= 4.5
    page.close()


def test_a_chart_in_the_dark_is_another_picture(open_page: Open, chromium: Browser) -> None:
    pictures = set()
    for scheme in ("light", "dark"):
        page = chromium.new_page(color_scheme="dark" if scheme == "dark" else "light")
        open_page(reports.report(), page)
        charts = page.locator("svg")
        pictures |= {charts.nth(place).screenshot() for place in range(charts.count())}
        page.close()
    assert len(pictures) > charts_of(reports.report())


def charts_of(report: AgreementReport) -> int:
    return drawn(report).count("<svg ")


def test_folded_tables_open_by_hand_and_on_paper(
    open_page: Open, page: Page, tmp_path: Path
) -> None:
    open_page(reports.report(), page)
    table = page.locator("details table").first
    assert not table.is_visible()
    page.locator("summary").first.click()
    assert table.is_visible()
    page.locator("summary").first.click()
    page.emulate_media(media="print")
    heights = page.locator("details table").evaluate_all(
        "(all) => all.map((one) => one.checkVisibility({contentVisibilityAuto: true}))"
    )
    assert heights
    assert all(heights)
    pdf = page.pdf(path=tmp_path / "report.pdf")
    assert pdf.count(b"/Type /Page\n") >= 3


def test_links_lead_to_definitions(open_page: Open, page: Page) -> None:
    open_page(reports.report(), page)
    page.locator("#v1").get_by_role("link", name="Krippendorff's α").click()
    assert page.locator(":target").get_attribute("id") == "d-krippendorff-alpha"


def test_every_chart_has_a_name_for_those_who_cannot_see_it(open_page: Open, page: Page) -> None:
    open_page(reports.report(), page)
    named = page.get_by_role("img")
    assert named.count() == page.locator("svg").count() == charts_of(reports.report())
    assert "stance 0.690 (0.630 to 0.750)" in (named.first.get_attribute("aria-label") or "")


@pytest.mark.scale
def test_a_report_of_20_000_items_is_small_and_opens_at_once(
    open_page: Open, page: Page, tmp_path: Path
) -> None:
    report = analyse(study(ITEMS), Options(replicates=50), kind="round")
    start = time.process_time()
    html = drawn(report).encode()
    built = time.process_time() - start
    file = tmp_path / "report.html"
    file.write_bytes(html)
    times = []
    for _ in range(3):
        start = time.perf_counter()
        page.goto(file.as_uri())
        page.screenshot()
        times.append(time.perf_counter() - start)
    getLogger(__name__).info(
        "report of %d items: %.2f MB, built in %.1f s of a processor, painted in %.2f s (of 3: %s)",
        ITEMS, len(html) / 1e6, built, min(times), ", ".join(f"{one:.2f}" for one in times),
    )  # fmt: skip
    open_page(report, page)
    assert len(html) < LARGEST
    assert min(times) < SLOWEST
