import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.errors import InputError
from sikap.label_studio.wire.exports import decode_export, encode_export, scrub

USERS = {"7": "a1", "dewi@example.org": "a2"}
ADDRESS = "Dewi@example.org"
TASK = {
    "id": 1,
    "project": 3,
    "data": {"item_id": "0" * 16, "text": "Hujan."},
    "updated_by": [{"email": ADDRESS}],
    "comment_authors": [ADDRESS],
    "drafts": [{"user": ADDRESS, "result": []}],
    "annotations": [
        {"id": 5, "completed_by": 7, "result": [], "lead_time": 2.0, "unique_id": "x"},
        {"id": 6, "completed_by": {"id": 9, "email": ADDRESS}, "result": [], "was_cancelled": True},
        {"id": 8, "completed_by": {"id": 11, "email": "stranger@example.org"}, "result": []},
        {"id": 9, "completed_by": "stranger@example.org", "result": []},
        {"id": 9, "completed_by": {"id": "stranger@example.org"}, "result": []},
    ],
}


def test_users_become_pseudonyms_and_strangers_numbers() -> None:
    (task,) = scrub([TASK], USERS)
    assert [a["completed_by"] for a in task["annotations"]] == ["a1", "a2", 11, None, None]
    assert b"example.org" not in encode_export([task]).lower()


def test_what_reading_needs_is_kept() -> None:
    (task,) = scrub([TASK], USERS)
    assert (task["id"], task["project"], task["data"]) == (1, 3, TASK["data"])
    assert len(task["drafts"]) == 1
    assert task["annotations"][0]["lead_time"] == 2.0
    assert task["annotations"][1]["was_cancelled"]


def test_scrubbing_twice_changes_nothing() -> None:
    once = scrub([TASK, "no task", {"annotations": "none"}], USERS)
    names = {name: name for name in USERS.values()}
    assert scrub(once, names) == once


@given(st.lists(st.dictionaries(st.text(max_size=3), st.integers() | st.text()), max_size=4))
def test_an_export_is_json_with_a_task_a_line(tasks: list[dict[str, object]]) -> None:
    data = encode_export(tasks)
    assert json.loads(data) == tasks
    assert data.count(b"\n") == max(len(tasks), 1)


def test_a_single_task_is_a_list_of_one() -> None:
    assert decode_export(json.dumps(TASK).encode()) == [TASK]


def test_a_byte_order_mark_does_no_harm() -> None:
    assert decode_export(b"\xef\xbb\xbf[]") == []


def test_completions_of_old_versions_are_annotations() -> None:
    made = {"id": 5, "result": [], "created_at": 1600000000, "lead_time": 2.0}
    skipped = {"id": 6, "result": [], "skipped": True}
    (task,) = decode_export(json.dumps({"data": {}, "completions": [made, skipped, 5]}).encode())
    first, second, third = task["annotations"]
    assert (first["id"], first["created_at"], first["was_cancelled"]) == (
        5,
        "2020-09-13T12:26:40Z",
        False,
    )
    assert second["was_cancelled"]
    assert third == 5


@pytest.mark.parametrize(
    ("data", "form"),
    [
        (b'[{"id": 1, "text": "x", "annotator": 1, "annotation_id": 5}]', "JSON-MIN"),
        (b'annotation_id,annotator,text\n1,2,"x"\n', "CSV"),
        (b'"id","text","annotator"\r\n', "CSV"),
        (b"\xef\xbb\xbfid\ttext\tannotator\n", "TSV"),
        (b"PK\x03\x04rest", "ZIP"),
        (b"  <html>", "web page"),
        (b"-DOCSTART- -X- O\n", "CoNLL"),
        (b"nonsense", "not JSON"),
    ],
)
def test_another_form_is_called_by_its_name_with_what_to_export_instead(
    data: bytes, form: str
) -> None:
    with pytest.raises(InputError, match=rf"{form}.*export the project as JSON"):
        decode_export(data)


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"id,text", b"\xff", b"5", b'"x"', b"null"),
        *(b"[" * 200_000, b"[" * 500 + b"]" * 500, b'{"a":' * 300 + b"1" + b"}" * 300),
    ],
    ids=lambda data: str(data[:8]),
)
def test_what_is_no_export_is_named(data: bytes) -> None:
    with pytest.raises(InputError, match=r"\[export\].*as JSON"):
        decode_export(data)
