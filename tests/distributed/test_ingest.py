import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from datatrove.pipeline.base import PipelineStep
from datatrove.pipeline.filters import LambdaFilter
from datatrove.pipeline.formatters import SymbolLinesFormatter

from distributed.corpora import SETTINGS, TEXT, frozen, run_here, sources_of, with_step, write
from sikap import IngestRequest
from sikap.errors import InputError
from sikap.project import Project
from sikap.steps.articles.distributed import Work, ingest_work, merge_ingested
from sikap.steps.articles.ingest import ingest_articles
from witness import Witness, begun, runs

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "on_many.py"


def beside(project: Project, name: str) -> Project:
    """The same project in another place, where the plain command works."""
    root = project.root.with_name(name)
    shutil.copytree(project.root, root)
    return Project(root, SETTINGS)


def changed(project: Project) -> None:
    """Documents that are new, gone, mended, or say something else than before."""
    write(project, "isi/dua.txt", "Isi baru sama sekali.")
    write(project, "isi/rusak.txt", TEXT.format(77))
    (project.raw / "isi" / "sama.txt").unlink()
    write(project, "lain.jsonl", '{"article_id": "j99", "text": "Rabu (23/11/2026) hujan."}\n')


def alone(work: Work, rank: int, step: PipelineStep | None = None) -> None:
    """Do a task in this process, as executors do it in others."""
    documents = None
    for one in with_step(work, step) if step else work.pipeline:
        documents = one.run(documents, rank, work.tasks)
    assert list(documents or ())


@pytest.mark.parametrize("tasks", [1, 3])
@pytest.mark.parametrize("update", [False, True])
def test_tasks_give_the_bytes_of_the_plain_command(
    tmp_path: Path, tasks: int, *, update: bool
) -> None:
    project = sources_of(tmp_path / "many")
    plain = beside(project, "plain")
    for change in (lambda _: None, changed):
        for one in (project, plain):
            change(one)
        work = ingest_work(project, tasks)
        for rank in range(tasks):
            alone(work, rank)
        report = merge_ingested(project, work, update=update, processes=1)
        assert report == ingest_articles(plain, update=update, processes=1)
        assert frozen(project) == frozen(plain)
        assert report.rejected
        assert report.warnings


def test_processes_give_the_bytes_of_the_plain_command(tmp_path: Path) -> None:
    project = sources_of(tmp_path / "many")
    plain = beside(project, "plain")
    work = ingest_work(project, 3)
    run_here(work, 2)
    assert merge_ingested(project, work) == ingest_articles(plain)
    assert frozen(project) == frozen(plain)


@pytest.mark.scale
def test_a_killed_worker_is_noticed_and_what_was_done_is_not_done_again(tmp_path: Path) -> None:
    project, seen = sources_of(tmp_path / "many"), tmp_path / "seen"
    plain = beside(project, "plain")
    seen.mkdir()
    hold = seen / "hold-2"
    hold.touch()
    work = ingest_work(project, 3)
    run = threading.Thread(target=run_here, args=(work, 1, Witness(seen)))
    run.start()
    _, worker, _ = begun(seen, 2)
    hold.unlink()
    with contextlib.suppress(ProcessLookupError):
        os.kill(worker, signal.SIGSTOP)
        os.kill(worker, signal.SIGKILL)
    run.join(300)
    assert [len(runs(seen, rank)) for rank in range(3)] == [1, 1, 2]
    assert merge_ingested(project, work) == ingest_articles(plain)
    assert frozen(project) == frozen(plain)


def test_what_is_not_done_is_not_merged(tmp_path: Path) -> None:
    project = sources_of(tmp_path)
    work = ingest_work(project, 2)
    alone(work, 0)
    with pytest.raises(InputError) as caught:
        merge_ingested(project, work)
    assert [(one.code, one.file) for one in caught.value.problems] == [
        ("shard", "rejects/00001-of-00002.jsonl")
    ]
    assert not project.articles.exists()


def test_a_task_that_finds_other_sources_does_not_come_to_its_end(tmp_path: Path) -> None:
    project = sources_of(tmp_path)
    work = ingest_work(project, 1)
    write(project, "isi/dua.txt", "Isi lain.")
    with pytest.raises(InputError, match="other ones than when the run was planned"):
        alone(work, 0)
    assert not list(Path(work.folder).rglob("*.json*"))
    assert ingest_work(project, 1).folder != work.folder


@pytest.mark.parametrize("shard", ["rejects/00000-of-00001.jsonl", "documents/00000-of-00001.run"])
def test_a_damaged_shard_is_not_merged(tmp_path: Path, shard: str) -> None:
    project = sources_of(tmp_path)
    work = ingest_work(project, 1)
    alone(work, 0)
    path = Path(work.folder, shard)
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(InputError, match="other bytes"):
        merge_ingested(project, work)
    assert not project.articles.exists()


def test_a_filter_of_datatrove_can_stand_between(tmp_path: Path) -> None:
    project = sources_of(tmp_path)
    work = ingest_work(project, 1)
    alone(work, 0, LambdaFilter(lambda document: document.id.startswith("c")))
    report = merge_ingested(project, work)
    assert report.articles == 30
    assert report.rejected


def test_a_step_that_changes_texts_is_found_out(tmp_path: Path) -> None:
    project = sources_of(tmp_path)
    write(project, "isi/garis.txt", "Hujan turun.\n|\nJalan licin.")
    work = ingest_work(project, 1)
    alone(work, 0, SymbolLinesFormatter(symbols_to_remove=["|"]))
    with pytest.raises(InputError) as caught:
        merge_ingested(project, work)
    assert [(one.code, one.id) for one in caught.value.problems] == [("digest", "isi/garis")]


def test_standard_input_is_for_one_process(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one process only"):
        ingest_work(sources_of(tmp_path), 2, places=["-"])


def test_a_place_without_articles_is_told_at_once(tmp_path: Path) -> None:
    project = sources_of(tmp_path)
    shutil.rmtree(project.raw)
    project.raw.mkdir()
    with pytest.raises(InputError, match="no file of articles"):
        ingest_work(project, 2)


def test_the_recipe_says_what_the_command_says(tmp_path: Path) -> None:
    settings = '[tool.sikap]\nname="u"\ntitle="U"\nsummary=""\nlanguage="id"\n'
    settings += 'licence="CC-BY-4.0"\nversion="1.0.0"\n'
    project = sources_of(tmp_path / "many")
    (project.root / "pyproject.toml").write_text(settings, encoding="utf-8")
    plain = beside(project, "plain")
    asked = ["--from", "dataset/raw/tabel.csv", "--column", "text=isi"]
    command = [sys.executable, str(SCRIPT), "ingest", ".", "--tasks", "1", *asked]
    ran = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=True)
    request = IngestRequest(columns={"text": "isi"})
    report = ingest_articles(plain, [plain.raw / "tabel.csv"], request=request)
    assert ran.stdout.splitlines() == [*map(str, report.problems), *report.lines()]
    assert ran.stderr == ""
    assert frozen(project) == frozen(plain)
