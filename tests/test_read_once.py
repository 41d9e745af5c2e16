"""A command opens a file of the project once, and the next command opens it again."""

from pathlib import Path

import pytest

from projects import export, make_project, region, say_everything, sikap
from reads import count_reads
from sikap import InputError, open_project, settle_rounds

CONFIG = "schema/stance_entities.xml"
ROUND = "dataset/rounds/first"
READ = {CONFIG, f"{ROUND}/items.jsonl", f"{ROUND}/annotations.jsonl", "dataset/withdrawn.jsonl"}
SENTENCES = {"dataset/sentences.jsonl"}
COMMANDS = {
    "round pull first --export {export}": READ | {f"{ROUND}/export.json"},
    "round adjudicate first second --annotator a1": READ | SENTENCES,
    "round settle": READ | SENTENCES,
    "round agree first": READ | SENTENCES,
    "round votes first {votes}": READ,
    "round reasons second": READ - {f"{ROUND}/items.jsonl", f"{ROUND}/annotations.jsonl"},
    "round reanchor": (READ | SENTENCES) - {CONFIG},
    "round plan third --among open --dry-run": READ | SENTENCES,
    "release --open null --draft": READ | SENTENCES | {"dataset/articles.jsonl"},
}
"""Commands, and files that each must read: a count of nothing would prove nothing."""

REPLACED = {
    "pull": [f"{ROUND}/{name}" for name in ("annotations.jsonl", "export.json", "history.jsonl")]
    + [f"{ROUND}/round.json"],
    "release": ["dataset/splits.json"],
}
"""What a command reads and then writes: it opens the old file again to compare the bytes."""
MAPPED = ".sikap/signatures/"
"""A cache that is mapped for a few rows at a time, so that memory does not grow with it."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a pulled round on whose mention two annotators differ, and a withdrawal."""
    made = make_project(tmp_path / "project")
    say_everything(made)
    text = "Warga mendukung Belsara 😀 dengan spanduk besar."
    said = {
        user: {text: region(text, "Belsara", label, "favor", "author")}
        for user, label in ((1, "PER"), (2, "ORG"))
    }
    (tmp_path / "export.json").write_bytes(export(made, said))
    pull = ("round", "pull", "first", "--export", str(tmp_path / "export.json"))
    for command in (pull, ("withdraw", "other", "--article"), ("segment",)):
        assert sikap(made, *command) == 0
    return made


def test_a_command_opens_each_file_once(folder: Path, tmp_path: Path) -> None:
    files = {"export": str(tmp_path / "export.json"), "votes": str(tmp_path / "votes.csv")}
    commands = [[word.format(**files) for word in command.split()] for command in COMMANDS]
    counted = dict(zip(COMMANDS, count_reads(folder, *commands), strict=True))
    for command, reads in counted.items():
        assert set(reads) >= COMMANDS[command], command
        compared = next((REPLACED[word] for word in command.split() if word in REPLACED), [])
        twice = {
            name: number
            for name, number in reads.items()
            if number > 1 and not name.startswith(MAPPED)
        }
        assert set(twice) <= set(compared), (command, twice)
        assert set(twice.values()) <= {2}, (command, twice)


def test_the_next_command_sees_what_changed(folder: Path) -> None:
    project = open_project(folder)
    settle_rounds(project)
    text = project.config.read_text(encoding="utf-8")
    project.config.write_text(text.replace('"ORG"', '"FIRM"'), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        settle_rounds(project)
    assert {problem.code for problem in raised.value.problems} == {"unknown-label"}


def test_a_snapshot_keeps_what_it_read(folder: Path) -> None:
    project = open_project(folder)
    snapshot, scheme = project.snapshot(), project.scheme()
    assert snapshot.scheme() == scheme
    project.config.write_bytes(b"<View/>")
    assert snapshot.scheme() is snapshot.scheme()
    with pytest.raises(InputError):
        project.scheme()
    with pytest.raises(InputError):
        project.snapshot().scheme()
