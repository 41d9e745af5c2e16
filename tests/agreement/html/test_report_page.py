"""The page of a report: everything that the report says, and no text of others as anything else."""

import base64
import functools
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reports
from examples import FEW
from sikap.agreement.figures import Figure
from sikap.agreement.html.report_page import MOST_CONTESTED, page
from sikap.agreement.report import AgreementReport, ByValue, Pair, Said, Use
from sikap.agreement.study import Options
from sikap.records import Span

EVERY = [reports.report, reports.empty, reports.undefined, reports.hostile, reports.crowded]
VOID = {"meta", "link", "br", "img", "input"}


class Reader(HTMLParser):
    """Reads a page: elements, their attributes, and the text of each element with a class."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[str, list[str]] = {}
        self.wrong: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(html)
        self.close()
        self.wrong += [tag for tag, _ in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if tag not in VOID:
            self._open.append((tag, attributes.get("class", "")))
            self.texts.setdefault(attributes.get("class", ""), []).append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop()[0] != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        classes = {name for _, name in self._open}
        for name in classes - {"chip"} if not any("chip" in name for name in classes) else ():
            self.texts[name][-1] += data

    def tags(self) -> list[str]:
        return [tag for tag, _ in self.elements]


@functools.cache
def page_of(made: Callable[[], AgreementReport]) -> str:
    """The page of a report, drawn once."""
    return page(made())


@pytest.fixture
def html() -> str:
    return page_of(reports.report)


@pytest.mark.parametrize("made", EVERY)
def test_a_page_is_well_formed_and_ids_are_there_once(made: Callable[[], AgreementReport]) -> None:
    read = Reader(page_of(made))
    assert read.wrong == []
    ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {
        attributes["href"].removeprefix("#")
        for _, attributes in read.elements
        if "href" in attributes
    }
    assert targets <= set(ids)


@pytest.mark.parametrize("made", EVERY)
def test_every_image_has_a_name_and_no_style_of_its_own(
    made: Callable[[], AgreementReport],
) -> None:
    for tag, attributes in Reader(page_of(made)).elements:
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        if tag == "svg":
            assert attributes["role"] == "img"
            assert len(attributes["aria-label"]) > 10


def test_every_figure_of_a_variable_is_on_the_page(html: str) -> None:
    for one in reports.variable().figures:
        shown = "undefined, because" if one.value is None else f"{one.value:.3f}"
        assert f'<a href="#d-{one.coefficient}">' in html
        assert shown in html


def test_what_is_undefined_says_why_and_is_no_number() -> None:
    html = page_of(reports.undefined)
    assert "undefined, because no unit has two ratings" in html
    assert not re.search(r"\bnan\b|\bNone\b|inf\b", html)


@pytest.mark.parametrize("made", [reports.report, reports.undefined, reports.crowded])
def test_nothing_of_the_code_shows_through(made: Callable[[], AgreementReport]) -> None:
    assert not re.search(r"\bNone\b|\bNaN\b|\bnan\b|Markup|&amp;lt;", page_of(made))


def test_every_coefficient_has_its_definition_and_source(html: str) -> None:
    for key, one in reports.report().definitions.items():
        assert re.search(rf'id="d-{key}".*?{re.escape(one.source)}', html, re.DOTALL)


def test_problems_are_named(html: str) -> None:
    assert "the value &#39;Favor &#39; beside &#39;favor&#39;" in html


def test_the_summary_says_how_an_alpha_is_to_be_taken() -> None:
    def said(value: float, apart: float) -> str:
        one = msgspec.structs.replace(
            reports.variable(), figures=(reports.fig("krippendorff-alpha", value, apart),)
        )
        return page(reports.report((one,), ()))

    assert "At or above the 0.800" in said(0.9, 0.05)
    assert "but not all its interval is" in said(0.82, 0.05)
    assert "tentative conclusions only" in said(0.7, 0.01)
    assert "advises to conclude nothing; the interval reaches above it" in said(0.65, 0.05)
    assert "advises to conclude nothing." in said(0.3, 0.05)


def test_the_summary_names_the_weakest_value_pair_and_confusion() -> None:
    read = Reader(page(reports.report((reports.variable(),), ())))
    (card,) = read.texts["verdict"]
    assert "Weakest value: neutral, 0.490 (0.430 to 0.550)." in card
    assert "Lowest pair: budi and citra" in card
    assert "Most often confused: against with neutral" in card


def test_biases_are_named_where_they_are_larger_than_counts_vary() -> None:
    def using(much: int) -> str:
        use = Use(annotator="ani", counts={"favor": much}, expected={"favor": 100.0}, figures=())
        one = msgspec.structs.replace(reports.variable(), annotators=(use,))
        return page(reports.report((one,), ()))

    sentence = "<bdi>ani</bdi> gives <bdi>favor</bdi> 131 times; by the others on the same units"
    assert sentence in using(131)
    assert "gives <bdi>favor</bdi>" not in using(130)


def test_the_weakest_is_told_by_the_coefficient_that_all_are_compared_by() -> None:
    def at(name: str, value: float) -> ByValue:
        return ByValue(value=name, count=1, figures=(reports.fig("gwet-ac1", value),))

    one = msgspec.structs.replace(reports.variable(), by_value=(at("a", 0.4), at("b", -0.1)))
    assert "Weakest value: <bdi>b</bdi>, −0.100" in page(reports.report((one,), ()))


def test_texts_of_contested_items_are_there_as_they_are(html: str) -> None:
    texts = [text for text in Reader(html).texts["text"] if text.startswith("Partai")]
    assert set(texts) == {reports.TEXT}


def test_annotators_who_said_the_same_stand_together() -> None:
    read = Reader(page(reports.report((), (), [reports.contested()])))
    assert read.texts["who"] == ["ani, citra", "budi", "dewi", "eka"]
    assert len(read.texts["nothing"]) == 1


def test_nested_and_crossing_spans_cover_what_they_should() -> None:
    item = reports.contested()
    html = page(reports.report((), (reports.layer(),), [item]))
    crossing = html[html.index("<bdi>eka</bdi>") :]
    text = crossing[crossing.index('<p class="text"') : crossing.index("</p>", 200)]
    covered = {"l0": "", "l1": "", "l2": ""}
    depth: list[str] = []
    for tag, name, words in re.findall(r'<(/?span)(?: class="([^"]*)")?[^>]*>([^<]*)', text):
        depth = [*depth, name] if tag == "span" else depth[:-1]
        for label in covered:
            if any(label in one.split() for one in depth) and "chip" not in depth[-1:][0:1]:
                covered[label] += words if not any("chip" in one for one in depth) else ""
    assert covered["l1"] == "Partai 🌾 TaniPasar Baru"
    assert covered["l2"] == "Baru Kota"


def test_spans_that_do_not_fit_the_text_are_listed() -> None:
    said = Said(
        annotator="ani",
        values={},
        spans={"entities": (Span(start=5, end=999, label="PER", attributes={}),)},
    )
    item = msgspec.structs.replace(reports.contested(), said=(said,))
    html = page(reports.report((), (), [item]))
    assert "5–999" in html
    assert 'class="mark ' not in html


def test_items_without_text_list_their_spans() -> None:
    html = page(reports.report((), (), [reports.contested(text=None)]))
    assert "38–58" in html
    assert '<p class="text"' not in html


def test_a_page_shows_so_many_contested_items_and_no_more() -> None:
    many = [reports.contested(f"i{n}") for n in range(MOST_CONTESTED + 5)]
    assert page(reports.report((), (), many)).count('<article class="item">') == MOST_CONTESTED


def named(name: str) -> AgreementReport:
    """A report whose source, variable, values and annotators have one name."""
    one = reports.variable(name, (name, name + "2"), (name, name + "2"))
    small = msgspec.structs.replace(one, course=(), consistency=(), pairs=(), needed=())
    return msgspec.structs.replace(reports.report((small,), (), (), name), between=())


TAGS = Reader(page(named("a"))).tags()


@FEW
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_no_name_becomes_a_tag(name: str) -> None:
    assert Reader(page(named(name))).tags() == TAGS


def test_hostile_texts_are_shown_literally() -> None:
    html = page_of(reports.hostile)
    read = Reader(html)
    assert {"script", "img"}.isdisjoint(read.tags())
    assert "&lt;script&gt;document.title=&#39;ran&#39;&lt;/script&gt;" in html
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", html)
    assert "␀␛[31m⟨U+0085⟩" in html


def test_names_turn_no_direction_and_texts_are_isolated() -> None:
    html = page_of(reports.hostile)
    outside = re.sub(r'<p class="text" dir="auto">.*?</p>', "", html, flags=re.DOTALL)
    assert "\u202e" in html
    assert "\u202e" not in outside


def test_the_policy_lets_through_this_style_and_nothing_else(html: str) -> None:
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.replace("&#39;", "'").split(";"))
    assert rules["default-src"] == "'none'"
    assert "script-src" not in rules
    (inside,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
    assert rules["style-src"] == f"'sha256-{digest}'"
    assert "url(" not in html
    assert "@import" not in html


def test_the_same_report_gives_the_same_bytes(html: str) -> None:
    again = msgspec.json.decode(msgspec.json.encode(reports.report()), type=AgreementReport)
    assert page(again) == html


def test_a_crowd_is_shown_by_the_spread_of_its_pairs() -> None:
    html = page_of(reports.crowded)
    assert "Pairs of 100 annotators are too many for a map" in html
    assert "4,750 more rows are in agreement.json" in html
    assert len(html.encode()) < 2_500_000


def test_a_table_says_clusters_where_a_round_says_articles() -> None:
    html = page(msgspec.structs.replace(reports.report(), kind="table"))
    assert "in 40 clusters" in html
    assert "articles" not in html


def test_figures_without_a_definition_stand_by_their_key() -> None:
    one = msgspec.structs.replace(
        reports.variable(),
        figures=(Figure(coefficient="new-one", value=0.5, basis=reports.BASIS),),
        pairs=(Pair(one="a", other="b", figures=()),),
    )
    assert "new-one" in page(reports.report((one,), ()))


def test_options_are_said() -> None:
    report = msgspec.structs.replace(
        reports.report(), options=Options(seed=7, replicates=200, confidence=0.9, unused="ignore")
    )
    html = page(report)
    assert "90% intervals of 200 replicates by article, seed 7" in html
    assert "values of a scale that nobody gave do not count" in html
