"""A real Ray cluster of two nodes on the loopback: each is a raylet of its own."""

import logging
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import ray
from ray._private import ray_constants
from ray.cluster_utils import Cluster

from distributed.corpora import frozen, invented, plain, sources_of, with_step
from sikap.distributed.executors import RayExecutor
from sikap.steps.articles.distributed import (
    Work,
    ingest_work,
    merge_ingested,
    merge_segments,
    segment_work,
)
from sikap.steps.articles.ingest import ingest_articles
from witness import Witness, begun, runs

TESTS = Path(__file__).resolve().parents[1]
STORE = 100_000_000


@pytest.fixture
def cluster(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A head and a second node, one processor each."""
    for name, value in {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
        "RAY_memory_monitor_refresh_ms": "0",
        "PYTHONPATH": os.pathsep.join([str(TESTS), str(TESTS.parent / "scripts")]),
    }.items():
        monkeypatch.setenv(name, value)
    # Read at import: without it Ray takes another address of the machine for the loopback's.
    monkeypatch.setattr(ray_constants, "ENABLE_RAY_CLUSTER", False)
    # The paths of sockets may have 107 bytes, and those of pytest are long.
    folder = Path(tempfile.mkdtemp(prefix="r", dir="/tmp"))
    (folder / "ray").mkdir()
    monkeypatch.setenv("RAY_TMPDIR", str(folder))
    node: dict[str, Any] = {
        "num_cpus": 1,
        "object_store_memory": STORE,
        "memory": 1_000_000_000,
        "node_ip_address": "127.0.0.1",
    }
    running: Any = Cluster()
    try:
        running.add_node(**node, include_dashboard=False, dashboard_agent_listen_port=0)
        running.second = running.add_node(**node)
        ray.init(running.address, log_to_driver=False, logging_level=logging.ERROR)
        yield running
    finally:
        ray.shutdown()
        running.shutdown()
        shutil.rmtree(folder, ignore_errors=True)


def run_there(work: Work, seen: Path, workers: int = 2) -> None:
    RayExecutor(
        with_step(work, Witness(seen)),
        tasks=work.tasks,
        workers=workers,
        logging_dir=work.logs,
        mem_per_cpu_gb=0.1,
    ).run()


def test_two_nodes_give_the_bytes_of_the_plain_command(tmp_path: Path, cluster: Any) -> None:
    project, seen = invented(tmp_path / "project"), tmp_path / "seen"
    expected = plain(project)
    seen.mkdir()
    (seen / "hold-0").touch()
    work = segment_work(project, 3)
    run = threading.Thread(target=run_there, args=(work, seen))
    run.start()
    begun(seen, 0)
    begun(seen, 1)
    begun(seen, 2)
    (seen / "hold-0").unlink()
    run.join(300)
    nodes = {node["NodeID"] for node in ray.nodes() if node["Alive"]}
    assert len(nodes) == 2
    assert {node for rank in range(3) for node, _, _ in runs(seen, rank)} == nodes
    merge_segments(project, work)
    assert project.sentences.read_bytes() == expected


@pytest.mark.scale
def test_two_nodes_ingest_as_the_plain_command_does(tmp_path: Path, cluster: Any) -> None:
    project, seen = sources_of(tmp_path / "project"), tmp_path / "seen"
    seen.mkdir()
    work = ingest_work(project, 3)
    run_there(work, seen)
    assert all(runs(seen, rank) for rank in range(3))
    there = merge_ingested(project, work), frozen(project)
    for file in (project.articles, project.rejects, project.warnings):
        file.unlink()
    assert (ingest_articles(project), frozen(project)) == there


@pytest.mark.scale
@pytest.mark.parametrize("which", ["worker", "actor", "node"])
def test_what_is_killed_is_run_again(tmp_path: Path, cluster: Any, which: str) -> None:
    project, seen = invented(tmp_path / "project"), tmp_path / "seen"
    expected = plain(project)
    seen.mkdir()
    for rank in range(4):
        (seen / f"hold-{rank}").touch()
    work = segment_work(project, 4)
    run = threading.Thread(target=run_there, args=(work, seen))
    run.start()
    begun(seen, 0)
    begun(seen, 1)
    second = ray_id(cluster)
    victim = next(rank for rank in (0, 1) if runs(seen, rank)[0][0] == second)
    other = 1 - victim
    (seen / f"hold-{other}").unlink()
    begun(seen, 2)
    _, worker, actor = runs(seen, victim)[0]
    kill: dict[str, Callable[[], None]] = {
        "worker": lambda: os.kill(worker, signal.SIGKILL),
        "actor": lambda: os.kill(actor, signal.SIGKILL),
        "node": lambda: cluster.remove_node(cluster.second, allow_graceful=False),
    }
    kill[which]()
    for rank in (2, 3):
        (seen / f"hold-{rank}").unlink()
    begun(seen, victim, times=2, seconds=90)
    (seen / f"hold-{victim}").unlink()
    run.join(300)
    assert not run.is_alive()
    assert len(runs(seen, other)) == 1
    merge_segments(project, work)
    assert project.sentences.read_bytes() == expected


def ray_id(cluster: Any) -> str:
    return str(cluster.second.node_id)
