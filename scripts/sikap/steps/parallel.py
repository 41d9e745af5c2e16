"""Pure functions on many processes, with results in the order of what went in."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from multiprocessing.connection import wait
from typing import Any, TypeVar

from sikap.errors import Problem, ServiceError

A = TypeVar("A")
B = TypeVar("B")
WAITING = 2
"""How many pieces of work each process has, at work or before it or done and not yet taken."""
FEW = 4
"""So many pieces, of about a megabyte, are done sooner than a second process has started."""

_work: Callable[[Any], Any]


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ordered_map(
    work: Callable[[A], B], pieces: Iterable[A], processes: int, few: int = FEW
) -> Generator[B, None, None]:
    """Yield the results of a function in the order of its pieces; few of them wait at any time.

    Pieces, results and function are pickled, the function once a process; so it stands at the head
    of a module, or is an object of a class that does. With one process, or up to ``few`` pieces,
    all is done in this process. Errors of the function are raised here; ServiceError
    (``worker-killed``) where the system ends a process.
    """
    rest = iter(pieces)
    first = list(islice(rest, few + 1)) if processes > 1 else []
    if len(first) <= few:
        yield from map(work, first)
        yield from map(work, rest)
        return
    # Not a fork: threads of Arrow and polars would be copied in the middle of something.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(
        processes, mp_context=context, initializer=_begin, initargs=(work, os.getpid())
    )
    waiting: deque[Future[B]] = deque()
    try:
        while first:
            waiting.append(pool.submit(_do, first.pop(0)))
        for piece in rest:
            waiting.append(pool.submit(_do, piece))
            while len(waiting) >= WAITING * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        found = "a process was killed, perhaps because memory ran out; nothing was written"
        fix = "run again, with fewer --processes where memory is short"
        raise ServiceError(Problem(code="worker-killed", found=found, fix=fix)) from error
    finally:
        waiting.clear()
        pool.shutdown(cancel_futures=True)


def _begin(work: Callable[[Any], Any], parent: int) -> None:
    """Make a process ready: Ctrl-C is for the first process alone, and it ends when that does."""
    global _work  # noqa: PLW0603 - what a process does is said once, not with each piece
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work = work
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _do(piece: Any) -> Any:  # noqa: ANN401 - whatever the work takes and gives
    return _work(piece)


def _leave_with(parent: int) -> None:
    # A pool's process waits for work for ever when the first one was killed.
    process = multiprocessing.parent_process()
    if process is not None and os.getppid() == parent:
        wait([process.sentinel])
    os._exit(1)
