"""Exports of any Label Studio project: who said what, in all the forms that there are."""

from collections.abc import Sequence
from typing import Any

import pytest

from builders import codes
from foreign import study
from sikap.agreement.tables.table_study import Tabled
from sikap.errors import InputError
from sikap.records import Span

TEXT = "😀 Ayu pergi ke Bandung"


def result(control: str, kind: str, value: Any, region: str = "", **more: Any) -> dict[str, Any]:
    return {
        "id": region or control,
        "type": kind,
        "from_name": control,
        "to_name": "text",
        "value": {kind: value, **more},
    }


def marked(start: int, end: int, surface: str, label: str = "PER") -> dict[str, Any]:
    at = {"start": start, "end": end, "text": surface}
    return result("ner", "labels", [label], f"{start}", **at)


def task(*said: Any, number: int | None = 1, **data: Any) -> dict[str, Any]:
    """A task with an annotation for each who is given with results."""
    annotations = [
        {"id": place, "completed_by": who, "result": list(results)}
        for place, (who, results) in enumerate(said)
    ]
    return {"id": number, "data": {"text": TEXT, **data}, "annotations": annotations}


def given(found: Tabled, place: int = 0) -> list[tuple[str, str, str]]:
    one = found.study.variables[place]
    return [
        (one.items[item], one.annotators[who], one.values[value])
        for item, who, value in zip(one.item, one.annotator, one.value, strict=True)
    ]


@pytest.mark.parametrize(
    ("user", "name"),
    [
        (7, "user 7"),
        ({"id": 7, "email": "Ani@x.id"}, "user 7"),
        ({"email": "Ani@x.id"}, "person 1"),
        ("ani@x.id", "person 1"),
        ("a1", "a1"),
    ],
)
def test_a_user_has_a_name_in_every_form_and_never_an_address(user: object, name: str) -> None:
    found = study(task((user, [result("c", "choices", ["x"])])))
    assert given(found) == [("1", name, "x")]


def test_an_address_is_the_user_whose_number_is_told_elsewhere() -> None:
    one = task(({"id": 7, "email": "ani@x.id"}, [result("c", "choices", ["x"])]))
    other = task(({"email": "Ani@x.id"}, [result("c", "choices", ["y"])]), number=2)
    assert {who for _, who, _ in given(study(one, other))} == {"user 7"}


def test_who_is_not_named_is_left_out_and_told() -> None:
    said = [result("c", "choices", ["x"])]
    nobody: tuple[Any, ...] = (None, "", {}, " ")
    one = task((1, said), *((user, said) for user in nobody))
    for annotation in one["annotations"]:
        del annotation["id"]
    found = study(one)
    assert len(given(found)) == 1
    assert codes(found.problems) == [*["unknown-annotator"] * 4, "table-empty"]


def test_cancelled_annotations_drafts_and_predictions_do_not_count() -> None:
    one = task((1, [result("c", "choices", ["x"])]), (2, [result("c", "choices", ["y"])]))
    one["annotations"][1]["was_cancelled"] = True
    one |= {"drafts": [{"result": []}], "predictions": [{"result": []}]}
    found = study(one)
    assert given(found) == [("1", "user 1", "x")]
    assert [problem.found[-1] for problem in found.problems if problem.code == "cancelled"] == ["1"]


def test_results_that_are_left_out_are_counted() -> None:
    bare = {**marked(2, 5, "Ayu"), "value": {"start": 2, "end": 5}}
    empty = {**result("c", "choices", ["x"]), "value": None}
    twice = [result("c", "choices", [value]) for value in "xy"]
    found = study(task((1, [marked(2, 5, "Ayu"), bare, *twice, empty])))
    told = [one.found for one in found.problems if one.code == "unsupported-result"]
    assert given(found) == [("1", "user 1", "x")]
    assert len(told) == 3
    assert all(one.startswith("1 results") for one in told)


def test_every_kind_of_judgement_has_its_level() -> None:
    def results(stars: int) -> list[Any]:
        return [
            result("choice", "choices", ["x"]),
            result("many", "choices", ["x", "y"][:stars]),
            result("stars", "rating", stars),
            result("length", "number", stars + 0.5),
            result("tree", "taxonomy", [["A"], ["A", "B"]]),
            result("better", "pairwise", "left") | {"value": {"selected": "left"}},
            result("note", "textarea", ["free text"]),
        ]

    found = study(task((1, results(1)), (2, results(2))))
    levels = {one.name: (one.level, one.values) for one in found.study.variables}
    assert levels == {
        "choice": ("nominal", ("x",)),
        "many": ("masi", ("x", "x|y")),
        "stars": ("ordinal", ("1", "2")),
        "length": ("interval", ("1.5", "2.5")),
        "tree": ("masi", ("A|A / B",)),
        "better": ("nominal", ("left",)),
    }
    assert found.problems == ()


def test_spans_are_code_points_also_where_the_export_counts_utf_16() -> None:
    found = study(task((1, [marked(2, 5, "Ayu")]), (2, [marked(3, 6, "Ayu")])))
    (layer,) = found.study.layers
    ayu = (Span(start=2, end=5, label="PER", attributes={}),)
    assert dict(layer.spans) == {("1", "user 1"): ayu, ("1", "user 2"): ayu}
    assert found.study.texts == {"1": TEXT}


def test_judgements_of_a_region_are_its_attributes_and_no_variables() -> None:
    stance = result("stance", "choices", ["for"], "2", start=2, end=5)
    found = study(task((1, [marked(2, 5, "Ayu"), stance]), (2, [])))
    (layer,) = found.study.layers
    assert [one.name for one in layer.attributes] == ["stance"]
    assert layer.spans["1", "user 1"][0].attributes == {"stance": ("for",)}
    assert found.study.variables == ()


def test_who_submitted_without_marking_looked_and_marked_nothing() -> None:
    found = study(task((1, [marked(2, 5, "Ayu")]), (2, [])))
    assert found.study.layers[0].spans["1", "user 2"] == ()


def test_regions_that_cannot_be_read_leave_only_their_annotation_of_the_layer_out() -> None:
    good, bad = marked(2, 5, "Ayu"), marked(2, 5, "Budi")
    found = study(task((1, [good]), (2, [bad, result("c", "choices", ["x"])])))
    assert codes(found.problems) == ["span-text", "table-empty", "table-empty"]
    assert list(found.study.layers[0].spans) == [("1", "user 1")]
    assert given(found) == [("1", "user 2", "x")]


def test_a_region_with_two_labels_is_two_spans() -> None:
    both = result("ner", "labels", ["PER", "GPE"], "r", start=2, end=5, text="Ayu")
    found = study(task((1, [both]), (2, [])))
    assert [span.label for span in found.study.layers[0].spans["1", "user 1"]] == ["GPE", "PER"]


def test_the_text_is_found_whatever_it_is_called() -> None:
    one = task((1, [marked(3, 7, "Tono")]), (2, []), title="Halo", isi="Si Tono")
    assert study(one).study.texts == {"1": "Si Tono"}


def test_what_is_not_compared_is_told_once_for_each_control() -> None:
    box = result("box", "rectanglelabels", ["Car"], "r", x=1, y=2, width=3, height=4)
    inside = result("kind", "choices", ["big"], "r", x=1, y=2)
    tasks = [task((1, [box, inside, result("c", "choices", ["x"])]), number=n) for n in (1, 2)]
    found = study(*tasks)
    told = [one for one in found.problems if one.code == "unsupported-result"]
    assert ["2 results" in one.found for one in told] == [True, True]
    assert [one.name for one in found.study.variables] == ["c"]


def test_items_clusters_and_parts_can_be_keys_of_the_data() -> None:
    said = [(who, [result("c", "choices", ["x"])]) for who in (1, 2)]
    tasks = [
        task(said[0], number=1, key="k1", doc="d", turn=1),
        task(said[1], number=2, key="k1", doc="d", turn=1),
        task(*said, number=3, key="k2", doc="d", turn=2),
    ]
    found = study(*tasks, item="key", cluster="doc", by="turn")
    (variable,) = found.study.variables
    assert variable.items == ("k1", "k2")
    assert variable.clusters == ("d",)
    assert [part.name for part in found.parts] == ["turn 1", "turn 2"]


def test_an_annotator_with_two_annotations_of_a_task_is_told() -> None:
    one = task(
        (1, [result("c", "choices", ["x"])]),
        (1, [result("c", "choices", ["y"])]),
        (2, [result("c", "choices", ["y"])]),
    )
    found = study(one)
    assert codes(found.problems) == ["table-repeat", "table-empty"]
    assert found.problems[0].id == "task 1"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"wide": True}, "table-option"),
        ({"start": "s", "end": "e"}, "table-option"),
        ({"label": ("d",)}, "table-column"),
        ({"cluster": "doc"}, "table-column"),
        ({"level": ("c=metric",)}, "table-option"),
    ],
)
def test_requests_that_an_export_cannot_fulfil_are_refused(
    options: dict[str, Any], code: str
) -> None:
    with pytest.raises(InputError) as raised:
        study(task((1, [result("c", "choices", ["x"])])), **options)
    assert set(codes(raised.value.problems)) == {code}


@pytest.mark.parametrize(
    "tasks",
    [
        [{"id": 1}],
        [{"data": 3, "annotations": []}],
        [{"data": {}, "annotations": [3]}],
        [{"data": {}, "annotations": [{"completed_by": [], "result": []}]}],
        [{"data": {}, "annotations": [{"completed_by": 1, "result": [3]}]}],
        [{"data": {}, "annotations": [{"completed_by": 1, "result": [{"value": 3}]}]}],
        [task((1, [result("stars", "rating", [])]))],
        [{"data": {}, "annotations": [{"completed_by": 1, "result": None}]}],
        [{"data": {}, "annotations": [{"completed_by": 1, "result": [{"to_name": {}}]}]}],
        [None],
    ],
)
def test_what_has_another_form_is_named_and_never_a_traceback(tasks: Sequence[Any]) -> None:
    with pytest.raises(InputError):
        study(*tasks)
