import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sikap import InputError, Problem, ServiceError
from sikap.steps.parallel import cores, ordered_map


def square(number: int) -> int:
    time.sleep(0.02 if number % 3 == 0 else 0)
    return number * number


def where(_: int) -> int:
    return os.getpid()


def refuse(number: int) -> int:
    if number == 7:
        raise InputError(Problem(code="empty", found="seven", fix="take another"))
    return number


def die(number: int) -> int:
    if number == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_results_come_in_the_order_of_pieces(processes: int) -> None:
    assert list(ordered_map(square, range(30), processes)) == [n * n for n in range(30)]


def test_few_pieces_are_done_here() -> None:
    assert set(ordered_map(where, range(4), 2)) == {os.getpid()}
    assert os.getpid() not in set(ordered_map(where, range(5), 2))


def test_pieces_are_taken_as_results_are() -> None:
    taken = []

    def pieces() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    results = ordered_map(square, pieces(), 2)
    next(results)
    assert len(taken) <= 10
    results.close()


def test_an_error_keeps_its_problems_on_the_way_back() -> None:
    with pytest.raises(InputError) as caught:
        list(ordered_map(refuse, range(20), 2))
    assert [problem.found for problem in caught.value.problems] == ["seven"]


def test_a_killed_process_is_a_named_error() -> None:
    with pytest.raises(ServiceError) as caught:
        list(ordered_map(die, range(20), 2))
    assert [problem.code for problem in caught.value.problems] == ["worker-killed"]


SCRIPT = """
import sys, time
from sikap.steps.parallel import ordered_map
from steps.test_parallel import where
if __name__ == "__main__":
    results = ordered_map(where, iter(range(10**9)), 2)
    print(next(results), flush=True)
    time.sleep(60)
"""


def test_processes_end_when_the_first_one_is_killed(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    tests = Path(__file__).parents[1]
    paths = os.pathsep.join([str(tests), str(tests.parent / "scripts")])
    with subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:
        assert process.stdout is not None
        worker = int(process.stdout.readline())
        process.kill()
    end = time.monotonic() + 60
    while Path(f"/proc/{worker}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}").exists() or _is_dead(worker)


def _is_dead(process: int) -> bool:
    return "State:\tZ" in Path(f"/proc/{process}/status").read_text(encoding="utf-8")


def test_there_is_a_processor() -> None:
    assert cores() >= 1
