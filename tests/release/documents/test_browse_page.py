import base64
import hashlib
import re
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from configs import NER_AND_SENTIMENT, REGION, TEXT, choices, labels
from samples import ARTICLES, Answer, Played, content, sample
from sikap.records import Kind, Sentence
from sikap.release.data.content import Content
from sikap.release.data.statistics import facts
from sikap.release.data.tables import tables
from sikap.release.documents import browse_page as module
from sikap.release.documents.browse_page import page
from sikap.rendering.templates import PALETTE

Element = tuple[str, dict[str, str]]


class Reader(HTMLParser):
    """Reads a page: its elements, and the texts of those of some classes, buttons left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.texts: list[str] = []
        self.surfaces: list[str] = []
        self._open: list[str] = []
        self._into: list[str] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.elements.append((tag, given))
        self._open.append(tag)
        kind = {"text": self.texts, "surface": self.surfaces}.get(given.get("class", ""))
        if tag == "p":
            self._into = kind
            if kind is not None:
                kind.append("")

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop() != tag:
            pass
        self._into = None if tag == "p" else self._into

    def handle_data(self, data: str) -> None:
        if self._into is not None and "button" not in self._open:
            self._into[-1] += data

    def of_class(self, name: str) -> list[dict[str, str]]:
        return [given for _, given in self.elements if name in given.get("class", "").split()]


def drawn(of: Content) -> str:
    return page(of, facts(of, tables(of)))


def with_text(text: str) -> Content:
    """The sample with a text where the sentence that nobody annotated stands, and as a title."""
    given = SAMPLE
    place = next(i for i, one in enumerate(given.sentences) if one.article_id == "ujian")
    sentence = msgspec.structs.replace(given.sentences[place], text=text, end=len(text))
    article = msgspec.structs.replace(
        given.articles[-1], text=text, title=text, outlet=text, published=text, language=text
    )
    assert article.article_id == "ujian"
    sentences = (*given.sentences[:place], sentence, *given.sentences[place + 1 :])
    return msgspec.structs.replace(
        given, articles=(*given.articles[:-1], article), sentences=sentences
    )


SAMPLE = content()
FIGURES = facts(SAMPLE, tables(SAMPLE))
PLAIN = Reader(drawn(SAMPLE))
TAGS = [tag for tag, _ in Reader(drawn(with_text("a"))).elements]


def test_every_sentence_is_on_the_page_as_it_is() -> None:
    assert PLAIN.texts == [sentence.text for sentence in content().sentences]


def test_every_span_is_on_the_page_with_its_surface() -> None:
    texts = {sentence.sentence_id: sentence.text for sentence in content().sentences}
    spans = [(span, label) for label in content().labels for span in label.spans]
    surfaces = [texts[label.sentence_id][span.start : span.end] for span, label in spans]
    assert sorted(PLAIN.surfaces) == sorted(surfaces)
    assert len(PLAIN.of_class("chip")) == len(PLAIN.of_class("card")) == len(spans)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_no_text_of_an_article_becomes_a_tag_or_is_lost(text: str) -> None:
    read = Reader(page(with_text(text), FIGURES))
    assert [tag for tag, _ in read.elements] == TAGS
    assert read.texts[-1] == text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "</script></style></p>-->",
        "' onclick='alert(1)",
        "{{ 7 * 7 }} {% raw %}",
        "&lt;b&gt; &amp;amp; &#60;",
        "שלום \u202eevil\u202c 👩🏽\u200d🌾",
    ],
)
def test_hostile_texts_are_shown_literally(text: str) -> None:
    read = Reader(drawn(with_text(text)))
    assert read.texts[-1] == text
    assert {name for _, given in read.elements for name in given if name.startswith("on")} == set()
    assert [tag for tag, _ in read.elements].count("script") == 1


def test_hostile_labels_and_values_are_shown_literally() -> None:
    hostile = "&lt;/style>&lt;script>&quot;"
    config = (
        "<View>"
        + labels("name", (hostile,)).replace("<Label ", '<Label background="red;}*{x:url(//a)" ')
        + choices("tone", (hostile, "b"), REGION)
        + TEXT
        + "</View>"
    )
    value = '</style><script>"'
    text = ARTICLES["banjir"][3][1]
    html = drawn(played(config, {text: [Answer((("Gubernur", value, {"tone": (value,)}),))]}))
    read = Reader(html)
    assert [tag for tag, _ in read.elements].count("script") == 1
    assert "url(" not in html
    assert [given["aria-label"] for given in read.of_class("chip")] == [f"{value}: Gubernur"]


def played(config: str, answers: dict[str, list[Answer]]) -> Content:
    one = Played(
        round_id="satu", purpose="production", annotators={"ani": "expert"}, answers=answers
    )
    return content(sample(config.encode(), [one], span_key=()))


def test_the_policy_lets_through_this_style_and_this_script_only() -> None:
    html = drawn(content())
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.replace("&#39;", "'").split(";"))
    assert rules["default-src"] == "'none'"
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.S)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert rules[f"{tag}-src"] == f"'sha256-{digest}'"


def test_the_page_asks_for_nothing_from_elsewhere() -> None:
    named = [
        given[name] for _, given in PLAIN.elements for name in ("src", "href") if name in given
    ]
    assert {address[0] for address in named} == {"#"}
    assert "@import" not in drawn(content())
    assert "url(" not in drawn(content())


def test_the_same_content_gives_the_same_page() -> None:
    given = content()
    turned = msgspec.structs.replace(
        given, labels=given.labels[::-1], splits=dict(reversed(given.splits.items()))
    )
    assert drawn(turned) == drawn(given)


def test_open_decisions_and_unlabelled_sentences_can_be_told() -> None:
    html = drawn(content())
    assert len(re.findall(r"<b>\d open</b>", html)) == 3
    marked_open = {
        given["data-mark"] for given in PLAIN.of_class("mark") if "open" in given["class"]
    }
    undecided = {g["data-mark"] for g in PLAIN.of_class("mark") if "undecided" in g["class"]}
    assert (len(marked_open), len(undecided)) == (1, 1)
    labelled = {label.sentence_id for label in content().labels}
    nobody = [
        f"s-{s.sentence_id}"
        for s in content().sentences
        if s.kind == "body" and s.sentence_id not in labelled
    ]
    assert [given["id"] for given in PLAIN.of_class("unlabelled")] == nobody


def test_provenance_says_how_many_of_how_many() -> None:
    html = drawn(content())
    mention = '<tr><th scope="row">entities</th><td>ORG</td><td>majority, 2 of 3</td></tr>'
    stance = '<tr><th scope="row">stance</th><td>neutral</td><td>unanimous, 2 of 2</td></tr>'
    assert f"{mention}\n{stance}" in html
    assert "round 3, adjudication" in html


@pytest.mark.parametrize(
    ("kind", "name"), [("heading", "heading"), ("related_link", "related link")]
)
def test_what_is_no_body_text_is_named(kind: Kind, name: str) -> None:
    lines = PLAIN.of_class("line")
    assert sum(kind in given["class"].split() for given in lines) == sum(
        sentence.kind == kind for sentence in content().sentences
    )
    assert f"<span>{name}</span>" in drawn(content())


def test_colours_are_those_of_the_config_or_of_a_palette() -> None:
    assert ".l0 { --c: #1f77b4; }" in drawn(content())
    plain = content(sample(NER_AND_SENTIMENT.encode(), [], span_key=()))
    assert f".l1 {{ --c: {PALETTE[1]}; }}" in drawn(plain)


def test_a_scheme_of_choices_only_has_no_spans_but_choices() -> None:
    config = f"<View>{TEXT}{choices('tone', ('x', 'y'))}</View>"
    text = ARTICLES["banjir"][3][1]
    html = drawn(played(config, {text: [Answer(choices={"tone": ("x",)})]}))
    assert Reader(html).of_class("chip") == []
    (choice,) = re.findall(r'<span class="choice" [^>]*>(.*?)</span>', html)
    assert choice == "tone <b>x</b> <small>single, 1 of 1</small>"


def test_a_scheme_of_labels_only_has_spans_without_underline() -> None:
    config = f"<View>{TEXT}{labels('name', ('A', 'B'))}</View>"
    text = ARTICLES["banjir"][3][1]
    html = drawn(played(config, {text: [Answer((("Gubernur Sari", "B", {}),))]}))
    (chip,) = Reader(html).of_class("chip")
    assert chip["class"] == "chip l1"


def test_a_release_before_the_first_round_has_a_page() -> None:
    read = Reader(drawn(content(sample(played=[]))))
    assert read.of_class("chip") == []
    assert len(read.texts) == len(content().sentences)


def test_a_long_dataset_is_thinned_and_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LIMIT", 6)
    html = drawn(content())
    shown = {given["id"] for given in Reader(html).of_class("line")}
    every_third: list[Sentence] = [
        s for s in content().sentences if s.article_id in {"banjir", "pasar"}
    ]
    assert shown == {f"s-{sentence.sentence_id}" for sentence in every_third}
    assert "one article in 3" in html
    monkeypatch.undo()
    assert "one article in" not in drawn(content())
