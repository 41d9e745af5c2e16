"""Count how processes end that read a release with `load_dataset`.

A thread of pyarrow can ask for Python's lock while Python ends; the process then dies with signal
6, although it has read every row (see docs/streaming.md). The rate depends on
how busy the machine is, so this script counts exit codes and claims nothing.

Usage: python scripts/benchmarks/benchmark_streaming.py [--runs N] [--jobs N] [--busy]
    [RELEASE] [WAY ...]
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

RELEASE = Path(__file__).resolve().parents[2] / "dataset" / "release"
START = """
import sys, time
from datasets import get_dataset_config_names, load_dataset
folder = sys.argv[1]
"""
STREAM = 'load_dataset(folder, "stance", split="train", streaming=True)'
EVERY_CONFIG = """
for config in get_dataset_config_names(folder):
    splits = load_dataset(folder, config, streaming=True)
    rows = {split: list(stream) for split, stream in splits.items()}
"""
WAYS: Mapping[str, str] = {
    "every-config": EVERY_CONFIG,
    "first-row": f"next(iter({STREAM}))",
    "take": f"list({STREAM}.take(3))",
    "every-config-wait": f"{EVERY_CONFIG}\ntime.sleep(1)",
    "first-row-wait": f"next(iter({STREAM}))\ntime.sleep(1)",
    "whole": 'load_dataset(folder, "stance", split="train")[0]',
    "whole-iterable": (
        'next(iter(load_dataset(folder, "stance", split="train").to_iterable_dataset()))'
    ),
}
"""What a process does, by name."""


def run_process(release: Path, way: str) -> int:
    """Run one way in a process with an empty cache, offline. Returns its exit code."""
    with tempfile.TemporaryDirectory() as home:
        return subprocess.run(
            [sys.executable, "-c", START + WAYS[way], str(release)],
            env=os.environ | {"HF_HOME": home, "HF_HUB_OFFLINE": "1"},
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode


def count_exit_codes(release: Path, way: str, runs: int, jobs: int) -> Counter[int]:
    """Count the exit codes of ``runs`` processes, ``jobs`` at a time."""
    with ThreadPoolExecutor(jobs) as pool:
        return Counter(pool.map(lambda _: run_process(release, way), range(runs)))


@contextmanager
def keep_core_busy(busy: bool) -> Iterator[None]:
    """Keep one core busy with an endless loop, if ``busy``."""
    if not busy:
        yield
        return
    loop = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        loop.kill()
        loop.wait()


def main() -> None:
    """Count the exit codes of each way, and print them."""
    parser = argparse.ArgumentParser(description="Count how processes end that read a release.")
    parser.add_argument("release", nargs="?", type=Path, default=RELEASE)
    parser.add_argument("ways", nargs="*", metavar="way", help=", ".join(WAYS))
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--busy", action="store_true", help="keep one core busy meanwhile")
    options = parser.parse_args()
    with keep_core_busy(options.busy):
        for way in options.ways or WAYS:
            start = time.monotonic()
            counts = count_exit_codes(options.release, way, options.runs, options.jobs)
            codes = ", ".join(f"exit {code}: {count}" for code, count in sorted(counts.items()))
            print(f"{way}: {codes} ({time.monotonic() - start:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
