import json
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from builders import codes, item, span
from rounds.exported import (
    ITEM,
    NEUTRAL,
    SCHEME,
    annotated,
    choose,
    mark,
    only,
    read,
    set_aside,
    task,
)
from sikap.label_studio.wire.exports import scrub
from sikap.label_studio.wire.tasks import task_item_id, to_task
from sikap.labelling_config.scheme_from_xml import read_scheme

TEMPLATE = read_scheme(
    b'<View><Labels name="label" toName="t"><Label value="A"/></Labels>'
    b'<Choices name="sentiment" toName="t" choice="multiple"><Choice value="x"/><Choice value="y"/>'
    b'</Choices><Choices name="genre" toName="t"><Choice value="news"/></Choices>'
    b'<Text name="t" value="$text"/></View>',
    "config.xml",
)


def test_a_task_shows_the_sentence_with_its_context() -> None:
    of = msgspec.structs.replace(ITEM, before="Dulu.", after="Nanti.")
    data = to_task(of, SCHEME)["data"]
    assert data == {
        "item_id": of.item_id,
        "before": "Dulu.",
        "after": "Nanti.",
        "text": of.text,
    }
    assert task_item_id(data) == of.item_id
    assert task_item_id({"item_id": 5}) is None


def test_a_region_and_its_choices_become_one_span() -> None:
    pulled = read(
        task(
            annotated(
                mark(17, 25, "ORG", id_="b"),
                choose("holder", "source", id_="b"),
                choose("stance", "against", id_="b"),
                NEUTRAL,
                mark(0, 7),
                created_at="2024-05-01T08:00:00Z",
            )
        )
    )
    found = only(pulled)
    assert found.spans == (span(0, 7), span(17, 25, "ORG", stance="against", holder="source"))
    assert list(found.spans[1].attributes) == ["stance", "holder"]
    assert (found.annotation_id, found.annotator, found.status) == ("3-5", "a1", "submitted")
    assert (found.seconds, found.created_at) == (2.5, "2024-05-01T08:00:00Z")


def test_choices_on_the_sentence_need_no_region_and_come_in_the_order_of_the_config() -> None:
    given_ = [choose("genre", "news", id_=None), choose("sentiment", "y", "x", id_=None)]
    found = only(read(task(annotated(*given_)), scheme=TEMPLATE))
    assert found.spans == ()
    assert list(found.choices.items()) == [("sentiment", ("x", "y")), ("genre", ("news",))]


@pytest.mark.parametrize(
    ("completed_by", "annotator"),
    [
        (1, "a1"),
        ("1", "a1"),
        ({"id": 1}, "a1"),
        ({"id": 1, "email": "lain@contoh.example", "first_name": ""}, "a1"),
        ({"email": "dua@contoh.example"}, "a2"),
        ({"id": 77, "email": "dua@contoh.example"}, "a2"),
        ("dua@contoh.example", "a2"),
    ],
)
def test_an_annotator_is_known_in_every_form(completed_by: object, annotator: str) -> None:
    assert only(read(task(annotated(completed_by=completed_by)))).annotator == annotator


def test_an_annotator_of_another_round_is_named() -> None:
    problem = set_aside(read(task(annotated(completed_by="m1"))))
    assert problem.code == "unknown-annotator"
    assert problem.found == "it is by m1, who is not on the roster of the round"


@pytest.mark.parametrize(
    ("completed_by", "named"),
    [
        (99, "user 99 "),
        (9, "user 9 "),
        ({"id": 99, "email": "rahasia@contoh.example"}, "user 99 "),
        ({"email": "rahasia@contoh.example"}, "without a number"),
        ("rahasia@contoh.example", "without a number"),
        (None, "without a number"),
    ],
)
def test_an_unknown_user_is_named_without_the_address(completed_by: object, named: str) -> None:
    problem = set_aside(read(task(annotated(completed_by=completed_by))))
    assert problem.code == "unknown-annotator"
    assert named in problem.found
    assert "rahasia" not in str(problem)


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([mark(0, 7, text="Belsari"), NEUTRAL], "span-text"),
        ([mark(0, 99), NEUTRAL], "span-outside"),
        ([mark(0, 7, labels=["PER", "ORG"]), NEUTRAL], "several-labels"),
        ([mark(0, 7, labels=[]), NEUTRAL], "several-labels"),
        ([mark(0, 7, "CAT"), NEUTRAL], "unknown-label"),
        ([mark(0, 7)], "required"),
        ([mark(0, 7), choose("stance", "favor")], "required"),
        ([mark(0, 7), NEUTRAL, choose("holder", "author")], "condition"),
        ([mark(0, 7), choose("stance", "favour")], "unknown-value"),
        ([mark(0, 7), choose("stance", "neutral", "neutral")], "several-values"),
        ([mark(0, 7), NEUTRAL, NEUTRAL], "repeated-result"),
        ([mark(0, 7), mark(8, 16), NEUTRAL], "repeated-result"),
        (
            [mark(0, 7), NEUTRAL, mark(0, 7, id_="b"), choose("stance", "neutral", id_="b")],
            "repeated-key",
        ),
        ([NEUTRAL], "unsupported-result"),
        ([mark(0, 7), choose("stance", "neutral", id_="other")], "unsupported-result"),
        ([mark(0, 7, id_=None), choose("stance", "neutral", id_=None)], "unsupported-result"),
        ([choose("mood", "good")], "unsupported-result"),
        (
            [{"type": "relation", "from_id": "r", "to_id": "q", "direction": "right"}],
            "unsupported-result",
        ),
        (
            [{"id": "r", "from_name": "note", "type": "textarea", "value": {"text": ["x"]}}],
            "unsupported-result",
        ),
        ([{**mark(0, 7), "type": "hypertextlabels"}], "unsupported-result"),
    ],
)
def test_an_annotation_that_breaks_the_scheme_is_set_aside_and_named(
    results: list[object], code: str
) -> None:
    problem = set_aside(read(task(annotated(*results))))
    assert problem.code == code
    assert problem.id == f"annotation 5 of item {ITEM.item_id}"


def test_regions_without_id_are_all_kept() -> None:
    marks = [
        {**mark(start, end, id_=None), "from_name": "label"} for start, end in ((0, 7), (8, 16))
    ]
    for one in marks:
        one["value"] = {**one["value"], "labels": ["A"]}
    found = only(read(task(annotated(*marks)), scheme=TEMPLATE))
    assert [(s.start, s.end) for s in found.spans] == [(0, 7), (8, 16)]


@pytest.mark.parametrize(
    "raw",
    [
        5,
        None,
        [],
        annotated(5),
        annotated({"value": "x"}),
        {**annotated(), "result": "x"},
        annotated(lead_time="slow"),
        annotated(lead_time=-1),
        annotated(created_at=5),
        annotated(completed_by=[1]),
        annotated(completed_by={"id": [1]}),
        annotated(mark(0, 7, labels=5)),
        annotated(mark(0, 7, labels="PER")),
        annotated(mark(0, 7), {**NEUTRAL, "value": {"choices": 5}}),
        annotated(mark(0, 7), {**NEUTRAL, "value": {"choices": [["neutral"]]}}),
        annotated(mark(0, 7), {**NEUTRAL, "value": {"choices": "neutral"}}),
    ],
)
def test_an_annotation_of_another_form_is_set_aside(raw: object) -> None:
    assert set_aside(read(task(raw))).code == "export"


def test_a_good_annotation_stands_beside_a_bad_one() -> None:
    bad = annotated(NEUTRAL, id=6, completed_by={"email": "dua@contoh.example"})
    pulled = read(task(annotated(mark(0, 7), NEUTRAL), bad))
    assert [a.annotator for a in pulled.annotations] == ["a1"]
    assert codes(pulled.problems) == ["unsupported-result"]


def test_a_skipped_item_has_no_spans_whatever_was_marked_before() -> None:
    found = only(read(task(annotated(mark(0, 99), was_cancelled=True))))
    assert (found.status, found.spans, found.choices) == ("skipped", (), {})


def test_drafts_are_counted_only() -> None:
    pulled = read(task(annotated(), drafts=[{"result": []}, {"result": []}]))
    assert pulled.drafts == 2
    assert only(pulled).status == "submitted"


def test_of_two_annotations_by_one_annotator_the_last_stands_and_both_are_named() -> None:
    early = annotated(mark(0, 7), NEUTRAL, id=9, created_at="2024-05-01T08:00:00Z")
    late = annotated(id=8, created_at="2024-05-02T08:00:00Z")
    for order in ((early, late), (late, early)):
        pulled = read(task(*order))
        assert [a.annotation_id for a in pulled.annotations] == ["3-8"]
        assert codes(pulled.problems) == ["repeated-annotation"]
        assert "3-9" in pulled.problems[0].id
        assert "3-8" in pulled.problems[0].found


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (task(annotated(), data={"text": ITEM.text}), "unknown-item"),
        (task(annotated(), data={"item_id": 5, "text": ITEM.text}), "unknown-item"),
        (task(annotated(), of=item("Lain.")), "unknown-item"),
        (task(annotated(), data={"item_id": ITEM.item_id, "text": "Lain."}), "item-text"),
        (task(annotated(), data={"item_id": ITEM.item_id}), "item-text"),
        ({"text": "Lain."}, "export"),
        ({"id": 1, "text": ITEM.text, "entities": []}, "export"),
        ("task", "export"),
        (task(annotated(), drafts=5), "export"),
        (task(annotations=5), "export"),
        (task(annotated(), id=[1]), "export"),
    ],
)
def test_a_task_that_is_not_the_item_is_named(wrong: object, code: str) -> None:
    assert set_aside(read(wrong)).code == code


def test_a_relation_sets_its_annotation_aside() -> None:
    relation = {"type": "relation", "from_id": "a", "to_id": "b", "direction": "right"}
    marks = [mark(0, 7, id_="a"), {**NEUTRAL, "id": "a"}, relation]
    assert set_aside(read(task(annotated(*marks)))).code == "unsupported-result"


def test_a_span_with_several_labels_sets_its_annotation_aside() -> None:
    assert set_aside(read(task(annotated(mark(0, 7, labels=["PER", "ORG"]))))).code == (
        "several-labels"
    )


def test_overlapping_spans_are_all_kept() -> None:
    results = [
        result
        for name, (start, end) in {"a": (0, 16), "b": (8, 25), "c": (8, 16), "d": (0, 25)}.items()
        for result in (mark(start, end, id_=name), {**NEUTRAL, "id": name})
    ]
    found = only(read(task(annotated(*results))))
    assert [(s.start, s.end) for s in found.spans] == [(0, 16), (0, 25), (8, 16), (8, 25)]


def test_an_empty_annotation_says_that_there_is_nothing_to_mark() -> None:
    found = only(read(task(annotated())))
    assert (found.status, found.spans, found.choices) == ("submitted", (), {})


def test_labels_of_another_config_set_their_annotation_aside() -> None:
    gone = [mark(0, 7, "VEHICLE"), NEUTRAL]
    assert set_aside(read(task(annotated(*gone)))).code == "unknown-label"
    older = {**mark(0, 7), "from_name": "ner"}
    assert set_aside(read(task(annotated(older)))).code == "unsupported-result"


def test_an_annotation_in_the_project_of_another_is_set_aside() -> None:
    assert set_aside(read(task(annotated(), owner="a2"))).code == "foreign-annotation"
    assert only(read(task(annotated(), owner="a1"))).annotator == "a1"


def test_an_item_pushed_twice_is_named_and_what_was_said_of_both_tasks_is_read() -> None:
    other = annotated(completed_by="dua@contoh.example", id=6)
    pulled = read(task(annotated()), task(other, id=8))
    assert [a.annotator for a in pulled.annotations] == ["a1", "a2"]
    assert codes(pulled.problems) == ["duplicate-task"]
    assert "2 times" in pulled.problems[0].found


def test_an_item_in_the_projects_of_two_annotators_was_not_pushed_twice() -> None:
    two = annotated(completed_by="dua@contoh.example")
    assert read(task(annotated()), task(two, project=4)).problems == ()


@pytest.mark.parametrize(
    ("more", "copied", "predicted"),
    [
        ({}, 0, 0),
        ({"parent_annotation": 3, "parent_prediction": None}, 1, 0),
        ({"parent_prediction": 4}, 0, 1),
        ({"result": [{**mark(0, 7), "origin": "prediction"}, NEUTRAL]}, 0, 1),
        ({"result": [{**mark(0, 7), "origin": "prediction-changed"}, NEUTRAL]}, 0, 1),
        ({"result": [{**mark(0, 7), "origin": "manual"}, NEUTRAL]}, 0, 0),
    ],
)
def test_what_began_as_a_copy_or_a_prediction_stands_and_is_counted(
    more: dict[str, Any], copied: int, predicted: int
) -> None:
    pulled = read(task(annotated(**more)))
    assert only(pulled).status == "submitted"
    assert (pulled.copied, pulled.predicted) == (copied, predicted)
    # What is kept of an export says the same.
    users = {"1": "a1", "a1": "a1"}
    again = read(*scrub([task(annotated(**more))], users), users=users)
    assert again == pulled


def test_ground_truth_is_an_annotation_like_any_other() -> None:
    assert read(task(annotated(ground_truth=True))) == read(task(annotated()))


def test_what_was_put_off_is_a_draft() -> None:
    assert read(task(drafts=[{"was_postponed": True, "result": []}])).drafts == 1


def test_tasks_added_by_hand_are_counted_and_where_somebody_annotated_them_named() -> None:
    added = {"id": 1, "data": {"text": "Lain."}, "drafts": [{}]}
    pulled = read(added, {**added, "annotations": []}, task())
    assert pulled == msgspec.structs.replace(read(task()), strangers=2)
    assert set_aside(read({**added, "annotations": [annotated()]})).code == "unknown-item"


def test_annotations_come_in_the_order_of_items_and_pseudonyms() -> None:
    items = [item(text) for text in ("Satu.", "Dua.")]
    two = annotated(completed_by="dua@contoh.example", id=1)
    tasks = [task(two, annotated(id=2), of=of) for of in reversed(items)]
    found = [(a.item_id, a.annotator) for a in read(*tasks, items=items).annotations]
    assert found == [(of.item_id, name) for of in items for name in ("a1", "a2")]


@st.composite
def sentences_with_span(draw: st.DrawFn) -> tuple[str, int, int]:
    letters = st.characters(exclude_categories=["Cs"]) | st.sampled_from("a \n\u00a0😀\u0301")
    text = draw(st.text(letters, min_size=1))
    start = draw(st.integers(0, len(text) - 1))
    end = draw(st.integers(start + 1, len(text)))
    assume(not text[start:end].isspace())
    return text, start, end


@given(sentences_with_span())
def test_any_span_comes_back_through_json(marked: tuple[str, int, int]) -> None:
    text, start, end = marked
    of = item(text)
    exported = task(annotated(mark(start, end, text=text[start:end]), NEUTRAL), of=of)
    assert only(read(json.loads(json.dumps(exported)), items=[of])).spans == (span(start, end),)
