import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from builders import annotation, item, shipped_scheme, span
from sikap.label_studio.pages.adjudication import NOTE, REASON
from sikap.records import Annotation, Item, Note, Span, Version, Versions
from sikap.rounds.adjudication.reasons import NO_REASON, Case, cases, markdown, plain, table

SCHEME = shipped_scheme()
PER, ORG = span(0, 7), span(0, 7, "ORG")
ITEMS = [item("Belsara mengecam PT Ombak.", "d1"), item("Belsara diam.", "d1")]
HOSTILE = (
    "1. <script>alert(1)</script> [x](javascript:y) | `c` *t* _u_ # h\n\n- Belsara &amp; www.x.id"
)


def note(of: Annotation, control: str, value: str) -> Note:
    return Note(
        annotation_id=of.annotation_id,
        item_id=of.item_id,
        sentence_id=of.sentence_id,
        annotator=of.annotator,
        control=control,
        values=(value,),
    )


def shown(of: Item, *versions: tuple[Span, ...]) -> Versions:
    return Versions(
        item_id=of.item_id,
        versions=tuple(Version(spans=spans, choices={}) for spans in versions),
    )


def made(items: list[Item] = ITEMS) -> list[Case]:
    """One ambiguous label and one guideline gap on a mention that one missed."""
    versions = [shown(items[0], (PER,), (ORG,)), shown(items[1], (PER,), ())]
    decisions = [annotation(items[0], "a4", [PER]), annotation(items[1], "a4")]
    notes = [
        note(decisions[0], REASON, "ambiguous"),
        note(decisions[1], REASON, "guideline gap"),
        note(decisions[1], NOTE, "what of | pronouns?"),
    ]
    links = {(items[0].item_id, "a4"): "http://127.0.0.1:8080/projects/1/data?task=2"}
    return cases(items, versions, decisions, notes, SCHEME, links)


def test_a_case_has_its_reason_its_versions_and_what_was_decided() -> None:
    first, other = made()
    assert (first.reason, first.kinds, first.labels) == ("ambiguous", ["label"], ["ORG", "PER"])
    assert (len(first.versions), first.decision.spans) == (2, (PER,))
    assert (other.reason, other.note, other.kinds) == (
        "guideline gap",
        "what of | pronouns?",
        ["missed"],
    )
    assert (first.link != "", other.link) == (True, "")


def test_reasons_are_counted_by_kind_and_by_label() -> None:
    rows = {row.what: row.reasons for row in table(made())}
    gap = {"ambiguous": 0, "guideline gap": 1, "annotator slip": 0}
    ambiguous = {**gap, "ambiguous": 1, "guideline gap": 0}
    assert rows == {
        "all": {"ambiguous": 1, "guideline gap": 1, "annotator slip": 0},
        "kind: label": ambiguous,
        "kind: missed": gap,
        "label: PER": {**gap, "ambiguous": 1},
        "label: ORG": ambiguous,
    }


def test_a_decision_without_a_reason_is_counted_as_that_and_a_skip_is_none() -> None:
    versions = [shown(one, (PER,), ()) for one in ITEMS]
    decisions = [annotation(ITEMS[0], "a4"), annotation(ITEMS[1], "a4", status="skipped")]
    [case] = cases(ITEMS, versions, decisions, [], SCHEME, {})
    assert case.reason == NO_REASON
    assert table([case])[0].reasons[NO_REASON] == 1
    assert table([])[0].reasons == {"ambiguous": 0, "guideline gap": 0, "annotator slip": 0}


def test_the_page_lists_the_cases_of_each_reason() -> None:
    page = markdown("d1", made())
    assert page.index("## ambiguous (1)") < page.index("## guideline gap (1)")
    assert "annotator slip (" not in page
    assert "- Belsara mengecam PT Ombak\\." in page
    assert "  - version A: **Belsara** PER (stance: neutral)" in page
    assert "  - version B: nothing marked" in page
    assert "  - note: what of \\| pronouns\\?" in page
    assert "[the task in Label Studio](<http://127.0.0.1:8080/projects/1/data?task=2>)" in page


def test_hostile_text_stays_text_on_the_page() -> None:
    items = [item(HOSTILE, "d1", article="<b>a</b>"), ITEMS[1]]
    html = (
        MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown("d1", made(items)))
    )
    assert set(re.findall(r"<(\w+)", html)) <= {
        *("h1", "h2", "p", "ul", "li", "strong", "a", "code"),
        *("table", "thead", "tbody", "tr", "th", "td"),
    }
    assert html.count("<a ") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:y) | `c` *t* _u_ # h" in html
    assert "&amp;amp; www.x.id" in html


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    words = "x" + " ".join(text.splitlines()) + "x"
    rendered = MarkdownIt("commonmark", {"html": True}).render(plain(words))
    expected = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert rendered == f"<p>{expected.replace(chr(34), '&quot;')}</p>\n"


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\u2028b", "a\tb"])
def test_a_text_of_several_lines_becomes_one(text: str) -> None:
    assert plain(text) == "a b"
