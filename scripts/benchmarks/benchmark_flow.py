"""How fast articles on disk become sentences on disk, beside pySBD and spaCy's sentencizer.

ARTICLES is JSONL with a `text` in each line; without it, articles are invented. They are repeated
under new ids until there are MEGABYTES million characters. `sikap segment` runs as a process of
its own, alone and with two at work, its start included. Each peer does the same work by
`benchmark_flow_peer.py` on the first articles, and its start is not counted. Printed are characters
a second, and a second of processor time (which other work on the machine changes less), and how
many times those of each peer sikap's one process has.

Usage: python scripts/benchmarks/benchmark_flow.py [--python PYTHON] [--megabytes MEGABYTES]
    [ARTICLES]
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from benchmark_scale import freeze, measure, project_at, texts
from peer_environment import peer_python

HERE = Path(__file__).resolve().parent
ARTICLES = HERE.parents[2] / "shared" / "data" / "news" / "id_articles.jsonl"
PEERS = {"pysbd": 2, "spacy": 8}
"""How many million characters each peer is given."""
RUNS = 3


class Pace(NamedTuple):
    """Million characters a second, and a second of processor time."""

    second: float
    busy: float


def some(file: Path, megabytes: int) -> Iterator[str]:
    """Yield the texts of a file again and again, or invented ones, until there is enough."""
    if not file.exists():
        yield from texts(megabytes)
        return
    lines = file.read_text(encoding="utf-8").splitlines()
    size = 0
    for text in cycle([json.loads(line)["text"] for line in lines]):
        if size >= megabytes * 1_000_000:
            return
        size += len(text)
        yield text


def table(file: Path, articles: Iterator[str]) -> int:
    """Write a table of articles; their characters."""
    size = 0
    with file.open("w", encoding="utf-8") as rows:
        for number, text in enumerate(articles):
            size += len(text)
            rows.write(json.dumps({"id": f"{number:07d}", "text": text}) + "\n")
    return size


def ours(root: Path, articles: Iterator[str], processes: tuple[int, ...]) -> list[Pace]:
    """The pace with each number of processes, in the fastest of some runs."""
    project = project_at(root)
    size = table(root / "table.jsonl", articles)
    freeze(root / "table.jsonl", project.articles)
    command = [sys.executable, "-m", "sikap", "--project", str(root), "segment", "--processes"]
    found = []
    for number in processes:
        seconds, busy = [], []
        for _ in range(RUNS):
            project.sentences.unlink(missing_ok=True)
            before = _busy()
            seconds.append(measure([*command, str(number)]).seconds)
            busy.append(_busy() - before)
        found.append(Pace(size / min(seconds) / 1e6, size / min(busy) / 1e6))
    return found


def _busy() -> float:
    """Seconds that processors have worked for the processes that ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def theirs(folder: Path, python: str, peer: str, articles: Iterator[str]) -> Pace:
    """The pace of a peer."""
    size = table(folder / "table.jsonl", articles)
    freeze(folder / "table.jsonl", folder / "articles.jsonl")
    script = str(HERE / "benchmark_flow_peer.py")
    command = [python, script, peer, "id", str(folder / "articles.jsonl")]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    seconds, busy = map(float, said.split())
    return Pace(size / seconds / 1e6, size / busy / 1e6)


def main() -> None:
    """Measure sikap and the peers in one run."""
    parser = argparse.ArgumentParser(description="Compare the speed from articles to sentences.")
    parser.add_argument("articles", nargs="?", type=Path, default=ARTICLES)
    parser.add_argument("--megabytes", type=int, default=60, help="of articles")
    parser.add_argument("--python", help="a Python that has the peers")
    given = parser.parse_args()
    python = given.python or peer_python("text_peers.lock")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        one, two = ours(folder / "project", some(given.articles, given.megabytes), (1, 2))
        print("million characters a second, and a second of processor time")
        print(f"sikap, one process: {one.second:.2f}, {one.busy:.2f}")
        times = two.second / one.second
        print(f"sikap, two: {two.second:.2f}, {two.busy:.2f}; {times:.2f} times one", flush=True)
        for peer, megabytes in PEERS.items():
            pace = theirs(folder, python, peer, some(given.articles, megabytes))
            times, busy = one.second / pace.second, one.busy / pace.busy
            print(
                f"{peer}: {pace.second:.3f}, {pace.busy:.3f}; sikap {times:.1f}, {busy:.1f} times"
            )


if __name__ == "__main__":
    main()
