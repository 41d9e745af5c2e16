"""A step of datatrove that tells where and by whom it ran, and that waits where it is told to."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import ray
from datatrove.data import Document
from datatrove.pipeline.base import PipelineStep


class Witness(PipelineStep):
    """Leave a line of rank, Ray node and process in ``folder``, outside the output.

    While there is a file ``hold-<rank>`` there, it waits before the first document.
    """

    name = "witness"
    type = "TEST"

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def run(
        self, data: Iterator[Document] | None, rank: int = 0, world_size: int = 1
    ) -> Iterator[Document]:
        """Pass on what comes."""
        node = ray.get_runtime_context().get_node_id() if ray.is_initialized() else "here"
        with (self.folder / f"rank-{rank}").open("a", encoding="utf-8") as file:
            file.write(f"{node} {os.getpid()} {os.getppid()}\n")
        while (self.folder / f"hold-{rank}").exists():
            time.sleep(0.05)
        yield from data or ()


def runs(folder: Path, rank: int) -> list[tuple[str, int, int]]:
    """The node, process and process above of every time that a task was begun."""
    path = folder / f"rank-{rank}"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [(node, int(pid), int(above)) for node, pid, above in map(str.split, lines)]


def begun(folder: Path, rank: int, times: int = 1, seconds: float = 300) -> tuple[str, int, int]:
    """Wait until a task was begun so often; its last beginning."""
    until = time.monotonic() + seconds
    while len(runs(folder, rank)) < times:
        assert time.monotonic() < until, f"task {rank} was not begun {times} times"
        time.sleep(0.05)
    return runs(folder, rank)[-1]
