import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from builders import codes, item, manifest, shipped_scheme, span
from ingest.articles import shared
from sikap.errors import Problem
from sikap.labelling_config import read_scheme
from sikap.records import Annotation, Item
from sikap.rounds.exports import decode_export, scrub
from sikap.rounds.tasks import Pulled, read_export, task_item_id, to_task
from sikap.scheme import Control, Scheme

SCHEME = shipped_scheme()
ITEM = item("Belsara mengecam PT Ombak.")
USERS = {"1": "a1", "dua@contoh.example": "a2", "9": "outsider"}
TEMPLATE = read_scheme(
    b'<View><Labels name="label" toName="t"><Label value="A"/></Labels>'
    b'<Choices name="sentiment" toName="t" choice="multiple"><Choice value="x"/><Choice value="y"/>'
    b'</Choices><Choices name="genre" toName="t"><Choice value="news"/></Choices>'
    b'<Text name="t" value="$text"/></View>',
    "config.xml",
)


def mark(
    start: int, end: int, label: str = "PER", *, id_: str | None = "r", **more: Any
) -> dict[str, Any]:
    value = {"start": start, "end": end, "text": ITEM.text[start:end], "labels": [label], **more}
    result = {"from_name": "entities", "to_name": "text", "type": "labels", "value": value}
    return result if id_ is None else {**result, "id": id_}


def choose(control: str, *values: str, id_: str | None = "r") -> dict[str, Any]:
    result = {"from_name": control, "type": "choices", "value": {"choices": list(values)}}
    return result if id_ is None else {**result, "id": id_}


def write(control: str, *texts: str, id_: str | None = "n") -> dict[str, Any]:
    result = {"from_name": control, "type": "textarea", "value": {"text": list(texts)}}
    return result if id_ is None else {**result, "id": id_}


def with_notes(*names: str) -> Scheme:
    return msgspec.structs.replace(SCHEME, notes=names)


NEUTRAL = choose("stance", "neutral")


def annotated(*results: object, **fields: Any) -> dict[str, Any]:
    return {"id": 5, "completed_by": 1, "result": list(results), "lead_time": 2.50049, **fields}


def task(*annotations: object, of: Item = ITEM, **fields: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "project": 3,
        "annotations": list(annotations),
        **to_task(of, SCHEME),
        **fields,
    }


def read(
    *tasks: object,
    items: Sequence[Item] = (ITEM,),
    users: Mapping[str, str] = USERS,
    scheme: Scheme = SCHEME,
    notes: frozenset[str] = frozenset(),
) -> Pulled:
    return read_export(tasks, manifest(roster=("a1", "a2")), items, scheme, users, notes)


def only(pulled: Pulled) -> Annotation:
    assert pulled.problems == ()
    (annotation,) = pulled.annotations
    return annotation


def set_aside(pulled: Pulled) -> Problem:
    assert pulled.annotations == ()
    (problem,) = pulled.problems
    return problem


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


def test_what_is_written_into_text_areas_is_kept_beside_the_scheme() -> None:
    written = annotated(
        mark(17, 25, "ORG", id_="b"),
        choose("stance", "against", id_="b"),
        choose("holder", "source", id_="b"),
        write("note", "Ragu.", " ", "Sebab dua."),
        write("why", "Sumber mana?", id_="b"),
        write("empty", id_=None),
    )
    pulled = read(task(written), scheme=with_notes("why", "note", "empty"))
    found = only(pulled)
    assert found.spans == (span(17, 25, "ORG", stance="against", holder="source"),)
    assert [(n.control, n.values, n.start, n.end) for n in pulled.notes] == [
        ("why", ("Sumber mana?",), 17, 25),
        ("note", ("Ragu.", "Sebab dua."), None, None),
    ]
    assert {(n.annotation_id, n.item_id, n.annotator) for n in pulled.notes} == {
        (found.annotation_id, ITEM.item_id, "a1")
    }


def test_a_text_area_may_hold_one_text_as_older_versions_write_it() -> None:
    one = write("note")
    one["value"]["text"] = "Ragu."
    (note,) = read(task(annotated(one)), scheme=with_notes("note")).notes
    assert note.values == ("Ragu.",)


def test_choices_that_stand_beside_the_scheme_are_notes_too() -> None:
    raw = task(annotated(mark(0, 7), NEUTRAL, choose("reason", "slip", "gap", id_="x")))
    assert set_aside(read(raw)).code == "unsupported-result"
    pulled = read(raw, notes=frozenset({"reason"}))
    assert only(pulled).choices == {}
    assert [(n.control, n.values) for n in pulled.notes] == [("reason", ("slip", "gap"))]


def test_why_an_item_was_skipped_is_kept() -> None:
    skipped = annotated(mark(0, 99), write("note", "Terpotong."), was_cancelled=True)
    pulled = read(task(skipped), scheme=with_notes("note"))
    assert only(pulled).status == "skipped"
    assert [n.values for n in pulled.notes] == [("Terpotong.",)]


def test_notes_go_with_an_annotation_that_is_set_aside() -> None:
    pulled = read(task(annotated(NEUTRAL, write("note", "x"))), scheme=with_notes("note"))
    assert set_aside(pulled).code == "unsupported-result"
    assert pulled.notes == ()


@pytest.mark.parametrize("text", [5, [5], {"a": 1}])
def test_a_text_area_of_another_form_sets_its_annotation_aside(text: object) -> None:
    odd = write("note")
    odd["value"]["text"] = text
    pulled = read(task(annotated(odd)), scheme=with_notes("note"))
    assert set_aside(pulled).code == "unsupported-result"


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


def exports(folder: Path) -> dict[str, list[Any]]:
    loaded = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.iterdir()}
    return {name: [data] if isinstance(data, dict) else data for name, data in loaded.items()}


def test_real_exports_of_other_projects_are_named_and_never_taken_in() -> None:
    for name, tasks in exports(shared("data/labelstudio")).items():
        pulled = read(*tasks, users={"1": "a1", "42": "a2", "99999": "a1"})
        assert pulled.annotations == (), name
        expected = sum(bool(one.get("annotations") or not one.get("data")) for one in tasks)
        assert len(pulled.problems) == expected, name
        assert set(codes(pulled.problems)) <= {"unknown-item", "export"}, name


@pytest.mark.parametrize(
    ("file", "user", "annotator"),
    [
        ("previous_export.json", "42", "a1"),
        ("previous_export.json", "annotator_from_past@project.com", "a2"),
        ("previous_export_unknown_completed_by.json", "99999", "a1"),
        ("humor_dataset_2_annotations.json", "test_suites_user@heartex.com", "a2"),
        ("test_export_json_min_chat_data.json", "22798", "a1"),
        ("test_export_json_min_data.json", "1", "a1"),
    ],
)
def test_users_are_read_from_real_exports(file: str, user: str, annotator: str) -> None:
    for exported in exports(shared("data/labelstudio"))[file]:
        skipped = [{**one, "was_cancelled": True} for one in exported["annotations"]]
        pulled = read({**task(), "annotations": skipped}, users={user: annotator})
        assert only(pulled).annotator == annotator


@pytest.mark.parametrize(
    "file", ["previous_export.json", "previous_export_unknown_completed_by.json"]
)
def test_a_previous_export_is_read_with_a_config_of_its_own(file: str) -> None:
    # Its control has the name of a column, which no config of a round may have.
    label = Control(name="label", kind="choice", values=("Cat",))
    scheme = Scheme(controls=(label,), text_name="image", text_variable="image")
    (exported,) = decode_export((shared("data/labelstudio") / file).read_bytes())
    of = item(exported["data"]["image"])
    exported["data"]["item_id"] = of.item_id
    found = only(read(exported, items=[of], users={"42": "a1", "99999": "a1"}, scheme=scheme))
    assert (found.annotation_id, found.choices) == ("49-5678", {"label": ("Cat",)})
    assert found.created_at == "2021-07-06T06:06:25.927570Z"


def test_regions_of_pictures_and_chats_have_no_place_in_a_scheme_of_texts() -> None:
    files = {
        "test_export_csv_csv_test.json": 1,
        "test_export_json_min_chat_data.json": 1,
        "test_export_json_min_data_repeater.json": 1,
    }
    for file, user in files.items():
        tasks = decode_export((shared("data/labelstudio") / file).read_bytes())
        raws = [raw for one in tasks for raw in one["annotations"]]
        results = [{**raw, "completed_by": user} for raw in raws if raw["result"]]
        assert results, file
        pulled = read(task(*results))
        assert set(codes(pulled.problems)) <= {"unsupported-result", "repeated-annotation"}, file
        assert pulled.annotations == (), file


def test_annotations_made_by_hand_belong_to_nobody() -> None:
    tasks = exports(shared("data/labelstudio"))["tasks_annotations_predictions.json"]
    made = [raw for one in tasks for raw in one.get("annotations", ())]
    pulled = read(task(*made), users={"1": "a1", "None": "a1", "": "a1"})
    assert made
    assert codes(pulled.problems) == ["unknown-annotator"] * len(made)


def test_choices_of_real_exports_are_read_with_a_scheme_of_theirs() -> None:
    scheme = read_scheme(
        b'<View><Choices name="sentiment" toName="text"><Choice value="Humor"/>'
        b'<Choice value="Not Humor"/></Choices><Text name="text" value="$text"/></View>',
        "config.xml",
    )
    exported = exports(shared("data/labelstudio"))["humor_dataset_2_annotations.json"]
    items = [item(one["data"]["text"]) for one in exported]
    tasks = [
        {**one, "data": {**one["data"], "item_id": of.item_id}}
        for one, of in zip(exported, items, strict=True)
    ]
    users = {"test_suites_user@heartex.com": "a1"}
    pulled = read(*tasks, items=items, users=users, scheme=scheme)
    assert [a.choices for a in pulled.annotations] == [{"sentiment": ("Not Humor",)}] * 2
