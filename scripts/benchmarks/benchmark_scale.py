"""How fast and in how much memory articles become sentence records, at any size.

    python scripts/benchmarks/benchmark_scale.py [MEGABYTES] [PROCESSES ...]

Makes articles of invented sentences, runs `sikap ingest` and `sikap segment` as processes of their
own, and prints seconds, millions of characters a second, and the peak memory of processes in MiB.
"""

import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from peak_memory import peak_mebibytes
from sikap.project import Project, open_project
from sikap.records import Article
from sikap.storage.files import encode_line, sha256
from synthetic import invented_words

EVERY = 0.05
"""Seconds between looks at the memory of processes."""
DATELINES = ("KOTA LAMA - ", "Muara Baru, Warta Kita -- ", "")
SETTINGS = """[tool.sikap]
name = "scale"
title = "Scale"
summary = ""
language = "id"
licence = "CC0-1.0"
version = "1.0.0"
"""


class Measured(NamedTuple):
    """One run of a command: seconds, and the peak memory, in MiB, of its first process.

    ``largest_other`` is the peak of the largest that this one started, 0 where there was none.
    """

    seconds: float
    first: float
    largest_other: float


def texts(megabytes: int, seed: int = 0) -> Iterator[str]:
    """Yield articles of about 3,000 characters until there are so many million of them."""
    draw = random.Random(seed)  # noqa: S311 - a corpus to measure with, no secret
    words = invented_words(20_000, draw)
    size = 0
    while size < megabytes * 1_000_000:
        text = draw.choice(DATELINES) + "\n".join(
            " ".join(_sentence(draw, words) for _ in range(draw.randint(1, 4))) for _ in range(10)
        )
        size += len(text)
        yield text


def _sentence(draw: random.Random, words: Sequence[str]) -> str:
    chosen = draw.choices(words, k=draw.randint(6, 28))
    if draw.random() < 0.3:
        chosen[len(chosen) // 2] = draw.choice(
            ("Rp 1.500", "(12/3/2031),", "PT.", "Dr. Anu", "3,5")
        )
    end = draw.choices((".", "?", '," kata Anu.'), (18, 1, 3))[0]
    return f"{chosen[0].capitalize()} {' '.join(chosen[1:])}{end}"


def measure(command: Sequence[str]) -> Measured:
    """Run a command to its end, looking at the memory of its processes meanwhile."""
    start = time.perf_counter()
    peaks: dict[int, float] = {}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            for pid in _family(process.pid):
                peaks[pid] = max(peaks.get(pid, 0), peak_mebibytes(pid))
            time.sleep(EVERY)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} failed")
    first = peaks.pop(process.pid, 0)
    return Measured(seconds, first, max(peaks.values(), default=0))


def _family(pid: int) -> Iterator[int]:
    """Yield a process and all that it started, at any depth."""
    yield pid
    for thread in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _text(thread).split():
            yield from _family(int(child))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:  # it has ended meanwhile
        return ""


def project_at(root: Path) -> Project:
    """A new project without articles."""
    (root / "dataset" / "raw").mkdir(parents=True)
    (root / "pyproject.toml").write_text(SETTINGS, encoding="utf-8")
    return open_project(root)


def _table(path: Path, megabytes: int) -> int:
    """Write articles as a table in an order that is not that of their ids; their characters."""
    characters = 0
    with path.open("w", encoding="utf-8") as file:
        for number, text in enumerate(texts(megabytes)):
            characters += len(text)
            key = f"{number * 7_919 % 1_000_003:07d}-{number}"
            file.write(json.dumps({"id": key, "text": text}) + "\n")
    return characters


def freeze(table: Path, articles: Path) -> None:
    """Make articles.jsonl of a table, as ingest does, for a run of segment alone."""
    with table.open(encoding="utf-8") as rows, articles.open("wb") as file:
        for row in rows:
            value = json.loads(row)
            digest = sha256(value["text"])
            article = Article(
                article_id=value["id"],
                text=value["text"],
                text_sha256=digest,
                raw_sha256=digest,
                source=table.name,
                language="id",
                encoding="utf-8",
                normalised=(),
            )
            file.write(encode_line(article))


def main() -> None:
    """Measure ingest, ingest again, and segment on each number of processes."""
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    counts = [int(one) for one in sys.argv[2:]] or [1, 2]
    with tempfile.TemporaryDirectory() as folder:
        project = project_at(Path(folder, "project"))
        table = Path(folder, "articles.jsonl")
        characters = _table(table, megabytes)
        sikap = [sys.executable, "-m", "sikap", "--project", str(project.root)]
        for count in counts:
            project.articles.unlink(missing_ok=True)
            runs = {
                "ingest": [*sikap, "ingest", str(table), "--processes", str(count)],
                "ingest again": [*sikap, "ingest", str(table), "--processes", str(count)],
                "segment": [*sikap, "segment", "--processes", str(count)],
            }
            for what, command in runs.items():
                found = measure(command)
                print(
                    f"{what}, {megabytes} MB, {count} processes: {found.seconds:.1f} s, "
                    f"{characters / found.seconds / 1e6:.1f} million characters a second, "
                    f"peak {found.first:.0f} MiB, others up to {found.largest_other:.0f} MiB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
