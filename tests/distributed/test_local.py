import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.filters import LambdaFilter

from distributed.corpora import invented, plain, run_here
from sikap.errors import InputError
from sikap.steps.articles.distributed import merge_segments, segment_work
from witness import Witness, begun, runs

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "on_many.py"


def test_two_processes_give_the_bytes_of_the_plain_command(tmp_path: Path) -> None:
    project = invented(tmp_path)
    expected = plain(project)
    work = segment_work(project, 5)
    run_here(work, 2)
    report = merge_segments(project, work)
    assert project.sentences.read_bytes() == expected
    assert report.changed
    assert report.articles == 40
    assert not merge_segments(project, work).changed


@pytest.mark.scale
@pytest.mark.parametrize("tasks", [1, 2, 5])
def test_the_executor_of_datatrove_itself_gives_the_same_bytes(tmp_path: Path, tasks: int) -> None:
    project = invented(tmp_path)
    expected = plain(project)
    work = segment_work(project, tasks)
    pipeline = list(work.pipeline)
    LocalPipelineExecutor(pipeline, tasks=tasks, workers=tasks, logging_dir=work.logs).run()
    merge_segments(project, work)
    assert project.sentences.read_bytes() == expected


def test_a_killed_worker_is_noticed_and_what_was_done_is_not_done_again(tmp_path: Path) -> None:
    project, seen = invented(tmp_path / "project"), tmp_path / "seen"
    expected = plain(project)
    seen.mkdir()
    hold = seen / "hold-2"
    hold.touch()
    work = segment_work(project, 3)
    run = threading.Thread(target=run_here, args=(work, 1, Witness(seen)))
    run.start()
    _, worker, _ = begun(seen, 2)
    hold.unlink()
    with contextlib.suppress(ProcessLookupError):
        os.kill(worker, signal.SIGSTOP)
        os.kill(worker, signal.SIGKILL)
    run.join(300)
    assert [len(runs(seen, rank)) for rank in range(3)] == [1, 1, 2]
    merge_segments(project, work)
    assert project.sentences.read_bytes() == expected


def test_what_is_not_done_is_not_merged(tmp_path: Path) -> None:
    project = invented(tmp_path)
    work = segment_work(project, 2)
    with pytest.raises(InputError) as caught:
        merge_segments(project, work)
    assert {problem.code for problem in caught.value.problems} == {"shard"}
    assert not project.sentences.exists()


def test_shards_of_other_articles_are_not_merged(tmp_path: Path) -> None:
    project = invented(tmp_path)
    work = segment_work(project, 2)
    run_here(work, 1)
    project.articles.write_bytes(project.articles.read_bytes().replace(b"Bu Wati", b"Bu Tina"))
    assert segment_work(project, 2).folder != work.folder
    with pytest.raises(InputError, match="other articles"):
        merge_segments(project, work)


def test_a_damaged_shard_is_not_merged(tmp_path: Path) -> None:
    project = invented(tmp_path)
    work = segment_work(project, 2)
    run_here(work, 1)
    shard = Path(work.folder, "sentences", "00001-of-00002.jsonl")
    shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(InputError, match="other bytes"):
        merge_segments(project, work)


def test_problems_of_all_tasks_come_with_their_lines(tmp_path: Path) -> None:
    project = invented(tmp_path)
    lines = project.articles.read_bytes().splitlines(keepends=True)
    for number in (3, 38):
        lines[number] = lines[number].replace(b"Bu Wati", b"Bu Tina")
    project.articles.write_bytes(b"".join(lines))
    work = segment_work(project, 4)
    run_here(work, 1)
    with pytest.raises(InputError) as caught:
        merge_segments(project, work)
    problems = [(one.code, one.line, one.id) for one in caught.value.problems]
    assert problems == [("digest", 4, "a003"), ("digest", 39, "a038")]


def test_a_filter_of_datatrove_can_stand_between(tmp_path: Path) -> None:
    project = invented(tmp_path)
    work = segment_work(project, 2)
    run_here(work, 1, LambdaFilter(lambda document: document.id < "a010"))
    assert merge_segments(project, work).articles == 10


def test_the_recipe_says_what_it_made(tmp_path: Path) -> None:
    project = invented(tmp_path)
    settings = '[tool.sikap]\nname="u"\ntitle="U"\nsummary=""\nlanguage="id"\n'
    settings += 'licence="CC-BY-4.0"\nversion="1.0.0"\n'
    (tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    expected = plain(project)
    command = [sys.executable, str(SCRIPT), "segment", str(tmp_path), "--tasks", "3"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "in 40 articles" in ran.stdout
    assert ran.stderr == ""
    assert project.sentences.read_bytes() == expected


def test_without_datatrove_the_room_says_what_to_install() -> None:
    code = "import sys; sys.modules['datatrove'] = None\nimport importlib.util as u\n"
    code += "u.find_spec = lambda name: None\nimport sikap; print('fine')\nimport sikap.distributed"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout == "fine\n"
    assert "[package-missing] datatrove is not installed" in ran.stderr
