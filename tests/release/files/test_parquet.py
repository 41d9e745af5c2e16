"""Tables read from Parquet bytes."""

import subprocess
import sys
from pathlib import Path

import pytest

from tamper import GOOD, table

TASKS = Path("/proc/self/task")
READ = """
import sys
from pathlib import Path

from sikap.release.files.parquet import from_parquet

tasks, data = Path("/proc/self/task"), sys.stdin.buffer.read()
before = {one.name for one in tasks.iterdir()}
from_parquet(data)
print(len({one.name for one in tasks.iterdir()} - before))
"""


@pytest.mark.skipif(not TASKS.is_dir(), reason="threads are listed in /proc only")
def test_reading_starts_no_thread_that_could_outlive_the_interpreter() -> None:
    command = [sys.executable, "-c", READ]
    run = subprocess.run(command, input=GOOD[table("sentences")], capture_output=True, check=True)
    assert run.stdout == b"0\n"
