from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.errors import InputError
from sikap.label_studio.push_journal import Journal, Sent

URL = "http://127.0.0.1:1"
LINES = [Sent(URL, 1, "i1", 11), Sent(URL, 1, "i2", 12), Sent(URL, 1, "i1", 15)]


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "journals" / "r1.jsonl")


def test_what_was_appended_is_read_by_server_and_project(journal: Journal) -> None:
    elsewhere = [Sent(URL, 2, "i1", 21), Sent("http://other", 1, "i1", 31)]
    journal.append(LINES)
    journal.append(elsewhere)
    assert journal.read(URL, 1) == {"i1": [11, 15], "i2": [12]}
    assert journal.read(URL, 2) == {"i1": [21]}


def test_a_journal_that_was_never_written_is_empty(journal: Journal) -> None:
    assert journal.read(URL, 1) == {}


def test_a_line_names_server_project_item_and_task(journal: Journal) -> None:
    journal.append(LINES[:1])
    line = f'{{"url":"{URL}","project_id":1,"item_id":"i1","task_id":11}}\n'
    assert journal.path.read_text(encoding="utf-8") == line


@given(st.integers(min_value=0))
def test_wherever_its_writer_was_killed_whole_lines_stay_and_new_ones_follow(
    tmp_path_factory: pytest.TempPathFactory, cut: int
) -> None:
    journal = Journal(tmp_path_factory.mktemp("cut") / "r1.jsonl")
    journal.append(LINES)
    whole = journal.path.read_bytes()
    left = whole[: cut % (len(whole) + 1)]
    journal.path.write_bytes(left)
    kept = [one.task_id for one in LINES[: left.count(b"\n")]]
    journal.append([Sent(URL, 1, "i9", 19)])
    read = journal.read(URL, 1)
    assert sorted(task for tasks in read.values() for task in tasks) == sorted([*kept, 19])


def test_what_somebody_else_wrote_into_it_is_passed_over(journal: Journal) -> None:
    journal.append(LINES)
    journal.path.write_bytes(b'\xff\n{"url": 3}\n\n' + journal.path.read_bytes())
    assert journal.read(URL, 1) == {"i1": [11, 15], "i2": [12]}


def test_a_disk_that_refuses_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "journals").write_text("a file where a folder should be")
    with pytest.raises(InputError, match=r"\[disk\].*nothing is sent twice"):
        Journal(tmp_path / "journals" / "r1.jsonl").append(LINES)
