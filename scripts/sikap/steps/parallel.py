"""Pure functions on many processes, with results in the order of what went in."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from typing import TypeVar

A = TypeVar("A")
B = TypeVar("B")
WAITING = 3
"""How many pieces of work each process has, at work or before it or done and not yet taken."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def ordered_map(work: Callable[[A], B], pieces: Iterable[A], processes: int) -> Iterator[B]:
    """Yield the results of a function in the order of its pieces; few of them wait at any time.

    Pieces, results and function are pickled, so the function stands at the head of a module. With
    one process, or one piece, all is done in this process. Errors of the function are raised here.
    """
    rest = iter(pieces)
    first = list(islice(rest, 2))
    if processes < 2 or len(first) < 2:
        yield from map(work, first)
        yield from map(work, rest)
        return
    # Not a fork: threads of Arrow and polars would be copied in the middle of something.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        waiting: deque[Future[B]] = deque(pool.submit(work, piece) for piece in first)
        try:
            for piece in rest:
                waiting.append(pool.submit(work, piece))
                if len(waiting) >= WAITING * processes:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)
