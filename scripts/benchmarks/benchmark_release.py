"""How fast a release is built and verified, against `Dataset.to_parquet` on the very same rows.

Building, verifying and the peer run in processes of their own, so that peaks of memory are theirs
too; releases are read from disk before the clock starts. The corpus is
synthetic (see synthetic.py). Seconds are of a processor, over all threads, so that what else a
machine does counts little: of the fastest of three runs below 100,000 sentences and of one run
above.

Usage: python scripts/benchmarks/benchmark_release.py [SENTENCES ...]
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from datasets import Dataset, disable_progress_bars

from peak_memory import peak_mebibytes
from sikap.errors import Problem
from sikap.release.data.content import Content
from sikap.release.data.features import features
from sikap.release.data.leakage import leakage
from sikap.release.data.statistics import sentences_of
from sikap.release.data.tables import Tables, tables
from sikap.release.files.build import assemble, lay_out
from sikap.release.files.canonical_json import content_hash
from sikap.release.files.parquet import to_parquet
from sikap.release.verify.verify import Depth, verify
from sikap.steps.releases.assemble import versions
from sikap.storage.files import uncollected
from sikap.storage.folder import read_folder, write_folder
from synthetic import synthetic

SIZES = (10_000, 100_000, 1_000_000)
FEW = 100_000
DEPTHS: tuple[Depth, ...] = ("structure", "full")


def seconds(work: Callable[[], object], count: int) -> float:
    """Processor time, of all threads, of the fastest run."""
    times = []
    for _ in range(3 if count < FEW else 1):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def peak() -> float:
    """Peak memory of this process in GiB."""
    return peak_mebibytes() / 1024


def ours(content: Content, count: int, folder: Path) -> dict[str, Any]:
    """Seconds of every stage of a build; writes the release to a folder."""
    measured: dict[str, Any] = {}
    with uncollected():
        measured["sentences"] = seconds(lambda: write(tables(content, {"sentences"})), count)
        measured["every config"] = seconds(lambda: write(tables(content)), count)
        made = tables(content)
        measured["content hashes"] = seconds(
            lambda: [content_hash(by_split.values()) for by_split in made.values()], count
        )
        columns = sentences_of(content)
        measured["leakage"] = seconds(lambda: leakage(columns), count)
        measured["whole release"] = seconds(
            lambda: assemble(content, made, lay_out(made, content.shard_bytes)), count
        )
        measured["whole release"] += seconds(lambda: tables(content), count)
        files = assemble(content, made, lay_out(made, content.shard_bytes))
    write_folder(folder, files)
    return measured | {"peak of the build": peak()}


def verified(depth: Depth, count: int, folder: Path) -> dict[str, Any]:
    """Seconds that verify takes, to a depth, for the release in a folder."""
    files = read_folder(folder)
    problems: list[Problem] = []

    def run() -> None:
        problems.extend(verify(files, versions(), depth))

    measured = {f"verify, {depth}": seconds(run, count), f"peak of {depth}": peak()}
    if problems:
        sys.exit(f"the release breaks a rule: {problems[0]}")
    return measured


def write(made: Tables) -> list[bytes]:
    """Every table as Parquet."""
    return [to_parquet(table) for by_split in made.values() for table in by_split.values()]


def peer(content: Content, count: int) -> dict[str, Any]:
    """Seconds that `Dataset.from_generator(…).to_parquet` takes for each config."""
    disable_progress_bars()
    made, columns, measured = tables(content), features(content.scheme), {}
    for config in made:
        rows = [row for table in made[config].values() for row in table.to_pylist()]

        def run(config: str = config, rows: list[dict[str, Any]] = rows) -> None:
            with tempfile.TemporaryDirectory() as folder:
                # A given fingerprint saves it from hashing the rows.
                data = Dataset.from_generator(
                    lambda: iter(rows),
                    features=columns[config],
                    cache_dir=folder,
                    fingerprint=f"{config}-{count}",
                )
                data.to_parquet(f"{folder}/{config}.parquet")

        measured[config] = seconds(run, count)
        del rows
    return measured | {"peak": peak()}


def child(*arguments: str) -> dict[str, Any]:
    """Run one part in a process of its own."""
    command = [sys.executable, __file__, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def show(count: int) -> None:
    """Measure one size and print it."""
    with tempfile.TemporaryDirectory() as folder:
        us = child("ours", str(count), f"{folder}/release")
        for depth in DEPTHS:
            us |= child("verify", str(count), f"{folder}/release", depth)
    them = child("peer", str(count))
    every = sum(value for name, value in them.items() if name != "peak")
    print(f"{count:,} sentences")
    for name, value in us.items():
        unit = f"{value:.2f} GiB" if "peak" in name else f"{value:.2f} s, {count / value:,.0f}/s"
        print(f"  {name:20} {unit}")
    print(f"  Dataset.to_parquet   sentences {them['sentences']:.2f} s, every config {every:.2f} s")
    print(f"  its peak             {them['peak']:.2f} GiB")
    print(f"  sentences: {them['sentences'] / us['sentences']:.2f} times its rate")
    print(f"  every config: {every / us['every config']:.2f} times its rate on the same configs,")
    print(f"  {them['sentences'] / us['every config']:.2f} times its rate on sentences alone")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["ours", number, folder]:
            print(json.dumps(ours(synthetic(int(number)), int(number), Path(folder))))
        case ["verify", number, folder, depth]:
            which = next(one for one in DEPTHS if one == depth)
            print(json.dumps(verified(which, int(number), Path(folder))))
        case ["peer", number]:
            print(json.dumps(peer(synthetic(int(number)), int(number))))
        case numbers:
            for size in map(int, numbers or SIZES):
                show(size)
