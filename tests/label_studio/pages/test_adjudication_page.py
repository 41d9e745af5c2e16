from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import CONFIG, shipped_scheme, span
from configs import NER_AND_SENTIMENT, TEXT, choices, labels, read
from sikap.label_studio.pages.adjudication import (
    NOTE,
    OUTSIDE,
    REASON,
    REASONS,
    VERSIONS,
    adjudication_config,
    name_of,
    versions_html,
)
from sikap.labelling_config.scheme_from_xml import read_scheme, same_config
from sikap.records import Span, Version

SCHEME = shipped_scheme()
SHIPPED = CONFIG.decode()
EMPTY = Version(spans=(), choices={})


class Seen(HTMLParser):
    """What a browser would see: the text, and every tag with the names of its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.tags: set[str] = set()
        self.feed(html)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(" ".join([tag, *sorted(name for name, _ in attrs)]))


ALLOWED = {"div", "div style", "div dir style", "b", "i", "bdi", "ul style", "li style"} | {
    "span style",
    "small style",
}


def test_the_page_of_the_round_stays_and_more_comes_after_it() -> None:
    config = adjudication_config(SHIPPED, SCHEME)
    root = ElementTree.fromstring(config)
    names = [element.get("name") for element in root.iter() if element.get("name")]
    assert names[-3:] == [VERSIONS, REASON, NOTE]
    for part in list(root)[-2:]:
        root.remove(part)
    assert same_config(ElementTree.tostring(root, encoding="unicode"), SHIPPED)
    assert {REASON, NOTE} == OUTSIDE


def test_it_is_the_same_every_time_and_another_for_another_config() -> None:
    assert adjudication_config(SHIPPED, SCHEME) == adjudication_config(SHIPPED, SCHEME)
    assert not same_config(adjudication_config(SHIPPED, SCHEME), SHIPPED)


def test_the_reason_is_required_and_its_keys_are_no_others() -> None:
    root = ElementTree.fromstring(adjudication_config(SHIPPED, SCHEME))
    [reason] = [element for element in root.iter("Choices") if element.get("name") == REASON]
    assert reason.get("required") == "true"
    assert [one.get("value") for one in reason] == list(REASONS)
    keys = [element.get("hotkey") for element in root.iter() if element.get("hotkey")]
    assert len(set(keys)) == len(keys) == 16


def test_keys_that_the_config_uses_are_left_to_it() -> None:
    taken = "".join(f'<Choice value="v{key}" hotkey="{key.upper()}"/>' for key in "zxcvbnmjklyio")
    config = f'<View><Choices name="c" toName="text">{taken}</Choices>{TEXT}</View>'
    scheme = read_scheme(config.encode(), "config.xml")
    root = ElementTree.fromstring(adjudication_config(config, scheme))
    [reason] = [element for element in root.iter("Choices") if element.get("name") == REASON]
    assert [one.get("hotkey") for one in reason] == ["p", None, None]


def test_keys_that_the_editor_gives_by_itself_are_left_to_it() -> None:
    values = "".join(f'<Choice value="v{number}"/>' for number in range(20))
    config = f'<View><Choices name="c" toName="text">{values}</Choices>{TEXT}</View>'
    scheme = read_scheme(config.encode(), "config.xml")
    root = ElementTree.fromstring(adjudication_config(config, scheme))
    keys = [one.get("hotkey") for one in root.iter("Choice") if one.get("hotkey")]
    assert keys == ["x", "c", "v"]


def test_controls_point_to_the_text_of_the_config_whatever_its_name() -> None:
    config = NER_AND_SENTIMENT.replace('"text"', '"isi"').replace("$text", "$isi")
    scheme = read_scheme(config.encode(), "config.xml")
    root = ElementTree.fromstring(adjudication_config(config, scheme))
    pointing = {element.get("toName") for element in root.iter() if element.get("toName")}
    assert pointing == {"isi"}


def test_every_version_has_a_letter_its_marks_and_what_was_said_of_them() -> None:
    text = "Belsara mengecam PT Ombak."
    marked = (span(0, 7, stance="favor", holder="source"), span(17, 25, "ORG"))
    html = versions_html(text, [Version(spans=marked, choices={}), EMPTY], SCHEME, {})
    seen = Seen(html).text
    assert "Version ABelsara PER mengecam PT Ombak ORG." in seen
    assert "Belsara PER – stance: favor; holder: source" in seen
    assert f"Version B{text}nothing marked" in seen


def test_choices_of_the_sentence_are_told() -> None:
    scheme = read(labels(), choices(more='choice="multiple"'), TEXT)
    version = Version(spans=(), choices={"tone": ("x", "y")})
    assert "nothing markedtone: x, y" in Seen(versions_html("a", [version], scheme, {})).text
    only = read(choices(), TEXT)
    html = versions_html("a", [Version(spans=(), choices={"tone": ("x",)})], only, {})
    assert "nothing marked" not in html


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "A2"), (53, "B3")])
def test_versions_never_run_out_of_names(place: int, name: str) -> None:
    assert name_of(place) == name


def test_colours_are_those_of_the_config() -> None:
    one = Version(spans=(span(0, 1),), choices={})
    assert "background: #aabbcc40" in versions_html("ab", [one], SCHEME, {"PER": "#abc"})


hostile = st.text(
    st.sampled_from(list("<>&'\"/=; \n😀سab")) | st.characters(exclude_categories=["Cs", "Cc"]),
    min_size=1,
)


@given(hostile, hostile, hostile, hostile, st.data())
def test_whatever_texts_labels_and_values_hold_is_text_and_nothing_else(
    text: str, label: str, control: str, value: str, data: st.DataObject
) -> None:
    scheme = read(labels("tag", ("A",)), choices("c", ("x",), 'perRegion="true"'), TEXT)
    renamed = [
        type(one)(
            name=control if one.kind == "attribute" else one.name,
            kind=one.kind,
            values=(value,) if one.kind == "attribute" else (label,),
        )
        for one in scheme.controls
    ]
    scheme = type(scheme)(controls=tuple(renamed), text_name="text", text_variable="text")
    borders = st.integers(0, len(text) - 1)
    starts = data.draw(st.lists(borders, max_size=3))
    spans = [
        Span(
            start=start,
            end=data.draw(st.integers(start + 1, len(text))),
            label=label,
            attributes={control: (value,)},
        )
        for start in starts
    ]
    html = versions_html(text, [Version(spans=tuple(spans), choices={}), EMPTY], scheme, {})
    seen = Seen(html)
    assert seen.tags <= ALLOWED
    assert f"Version B{text}nothing marked" in seen.text
    for one in spans:
        said = f"{text[one.start : one.end]} {label} – {control}: {value}"
        assert said in seen.text
