"""Exports that older versions of Label Studio wrote, in all their forms."""

import json
from pathlib import Path
from typing import Any

import pytest

from builders import codes, item
from foreign import study
from reference.files import reference_path
from rounds.exported import (
    only,
    read,
    task,
)
from sikap.errors import InputError
from sikap.label_studio.wire.exports import decode_export
from sikap.labelling_config.scheme import Control, Scheme
from sikap.labelling_config.scheme_from_xml import read_scheme

SAMPLES = {
    "humor_dataset_2_annotations.json": ["sentiment"],
    "previous_export.json": ["label"],
    "previous_export_unknown_completed_by.json": ["label"],
    "test_export_csv_csv_test2.json": ["uri_selection"],
}


def exports(folder: Path) -> dict[str, list[Any]]:
    loaded = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in folder.iterdir()}
    return {name: [data] if isinstance(data, dict) else data for name, data in loaded.items()}


def test_real_exports_of_other_projects_are_named_and_never_taken_in() -> None:
    for name, tasks in exports(reference_path("data/labelstudio")).items():
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
    for exported in exports(reference_path("data/labelstudio"))[file]:
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
    (exported,) = decode_export((reference_path("data/labelstudio") / file).read_bytes())
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
        tasks = decode_export((reference_path("data/labelstudio") / file).read_bytes())
        raws = [raw for one in tasks for raw in one["annotations"]]
        results = [{**raw, "completed_by": user} for raw in raws if raw["result"]]
        assert results, file
        pulled = read(task(*results))
        assert set(codes(pulled.problems)) <= {"unsupported-result", "repeated-annotation"}, file
        assert pulled.annotations == (), file


def test_annotations_made_by_hand_belong_to_nobody() -> None:
    tasks = exports(reference_path("data/labelstudio"))["tasks_annotations_predictions.json"]
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
    exported = exports(reference_path("data/labelstudio"))["humor_dataset_2_annotations.json"]
    items = [item(one["data"]["text"]) for one in exported]
    tasks = [
        {**one, "data": {**one["data"], "item_id": of.item_id}}
        for one, of in zip(exported, items, strict=True)
    ]
    users = {"test_suites_user@heartex.com": "a1"}
    pulled = read(*tasks, items=items, users=users, scheme=scheme)
    assert [a.choices for a in pulled.annotations] == [{"sentiment": ("Not Humor",)}] * 2


def test_real_exports_are_read_or_refused_with_a_reason() -> None:
    found = {}
    for path in reference_path("data/labelstudio").iterdir():
        tasks = json.loads(path.read_bytes())
        tasks = tasks if isinstance(tasks, list) else [tasks]
        if path.name in SAMPLES:
            found[path.name] = [one.name for one in study(*tasks).study.variables]
        elif path.name != "offset_issue_facts.json":  # notes, no export
            with pytest.raises(InputError, match="table-empty"):
                study(*tasks)
    assert found == SAMPLES
