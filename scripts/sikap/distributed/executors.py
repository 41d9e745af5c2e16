"""datatrove's executors, with two things put right: they are quiet, and see a worker killed.

datatrove runs each task in a pool of processes. Such a pool waits for ever for the task of a
process that was killed, as by the system when memory is short.
"""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress

import dill
from datatrove.executor import LocalPipelineExecutor, RayPipelineExecutor
from datatrove.executor import SlurmPipelineExecutor as SlurmExecutor
from datatrove.utils.stats import PipelineStats

__all__ = ["LocalExecutor", "RayExecutor", "SlurmExecutor"]

ATTEMPTS = 3
"""How often tasks are tried in which workers are killed, and none comes to its end."""
_LOOK = 0.2


class LocalExecutor(LocalPipelineExecutor):
    """Tasks on the processes of this machine; where one was killed, what is left is run again.

    Raises BrokenProcessPool where that happens again and again. It depends on no other executor.
    """

    def run(self) -> None:
        """Run all tasks that have not come to their end in an earlier run."""
        attempts, left = 0, self._left()
        if left:
            self.save_executor_as_json()
        while left:
            try:
                self._run_all(left)
            except BrokenProcessPool:
                now = self._left()
                attempts = attempts + 1 if now == left else 1
                if attempts == ATTEMPTS:
                    raise
            left = self._left()

    def _left(self) -> list[int]:
        first = self.local_rank_offset
        return list(self.get_incomplete_ranks(range(first, first + self.local_tasks)))

    def _run_all(self, ranks: list[int]) -> None:
        # Not a fork: threads of Arrow and polars would be copied in the middle of something.
        pickled = dill.dumps(self)  # as datatrove does: steps may hold a lambda
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(self.workers, len(ranks)), mp_context=context) as pool:
            waiting = [pool.submit(_run, pickled, rank) for rank in ranks]
            try:
                for done in as_completed(waiting):
                    done.result()
            finally:
                pool.shutdown(cancel_futures=True)


class RayExecutor(RayPipelineExecutor):
    """Tasks on the nodes of a Ray cluster; what is killed there is run again, up to three times.

    Ray notices where an actor or its node is gone. Where the process below the actor is killed that
    does a task, a watcher ends the actor too.
    """

    def _run_for_rank(self, rank: int, local_rank: int = 0, node_rank: int = -1) -> PipelineStats:
        with _watched():
            return super()._run_for_rank(rank, local_rank, node_rank)


def _run(pickled: bytes, rank: int) -> None:
    executor: LocalExecutor = dill.loads(pickled)  # noqa: S301 -- our own
    # To datatrove the first of the processes of a machine is 0, and tells everything on a terminal.
    executor._run_for_rank(rank, local_rank=1)


@contextmanager
def _watched() -> Iterator[None]:
    """Have this process and the actor above it end together: each is killed where the other was.

    A process that outlives its actor holds the actor's connections, so that Ray does not notice.
    """
    worker, actor = os.getpid(), os.getppid()
    watcher = os.fork()
    if not watcher:
        while os.getppid() == worker:
            time.sleep(_LOOK)
        with suppress(ProcessLookupError):
            os.kill(actor, signal.SIGKILL)
        os._exit(0)
    done = threading.Event()
    threading.Thread(target=_end_with, args=(actor, done), daemon=True).start()
    try:
        yield
    finally:
        done.set()
        os.kill(watcher, signal.SIGKILL)
        os.waitpid(watcher, 0)


def _end_with(actor: int, done: threading.Event) -> None:
    while not done.wait(_LOOK):
        if os.getppid() != actor:
            os._exit(1)
