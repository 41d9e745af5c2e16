"""How fast, and how well, sikap finds copies, against datasketch on the same texts.

Invented articles with the words of an outlet's formula, and planted copies of some with 3 % or 10 %
of the words replaced, deleted, inserted or moved. Both sides go from texts on disk to clusters, at
word 3-grams and a Jaccard index of one half, each in processes of its own. datasketch is used the
usual way: MinHash of 128 permutations by `update_batch`, MinHashLSH, query then insert, union.
Precision is that of pairs, by the exact index.

Usage: python scripts/benchmark_copies.py [ARTICLES] [--processes N] [--peer PYTHON]
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
LOCK = HERE / "text_peers.lock"
WORDS, SHARE = 3, 0.5
CHANGES = (0.03, 0.1)


def corpus(count: int, seed: int = 0) -> tuple[list[str], list[tuple[int, int, float]]]:
    """Texts, of which a tenth are planted copies, and (original, copy, share of words changed)."""
    draw = random.Random(seed)  # noqa: S311 - a corpus to measure with, no secret
    words = [
        "".join(draw.choices("abdegiklmnoprstu", k=draw.randint(2, 10))) for _ in range(30_000)
    ]
    weights = [1 / (rank + 5) for rank in range(len(words))]
    formulas = [draw.choices(words, k=25) for _ in range(8)]
    originals = count - count // 10
    pieces = [
        draw.choices(words, weights, k=draw.randint(120, 500)) + formulas[number % 8]
        for number in range(originals)
    ]
    planted = []
    for number in range(originals, count):
        of, share = draw.randrange(originals), CHANGES[number % 2]
        pieces.append(changed(pieces[of], share, words, draw))
        planted.append((of, number, share))
    return [" ".join(piece) for piece in pieces], planted


def changed(
    piece: Sequence[str], share: float, words: Sequence[str], draw: random.Random
) -> list[str]:
    """The words with a share of them replaced, deleted, inserted or moved."""
    text = list(piece)
    for _ in range(max(1, round(share * len(text)))):
        at, what = draw.randrange(len(text)), draw.randrange(4)
        if what == 0:
            text[at] = draw.choice(words)
        elif what == 1:
            del text[at]
        elif what == 2:
            text.insert(at, draw.choice(words))
        else:
            text.insert(draw.randrange(len(text)), text.pop(at))
    return text


def ours(path: Path, processes: int) -> dict[str, str]:
    """The clusters that sikap finds."""
    from sikap.project import Project  # noqa: PLC0415
    from sikap.settings import Settings  # noqa: PLC0415
    from sikap.steps.copies import clusters  # noqa: PLC0415
    from sikap.steps.progress import silent  # noqa: PLC0415

    said = dict.fromkeys(("name", "title", "summary", "language", "licence", "version"), "x")
    project = Project(path.parent / "project", Settings(**said))  # type: ignore[arg-type]
    return clusters(project, path, processes, silent)


def peer(path: Path) -> dict[str, str]:
    """The clusters that datasketch finds; runs where sikap is not installed."""
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found] # noqa: PLC0415

    index, parent = MinHashLSH(threshold=SHARE, num_perm=128), dict[str, str]()

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    with path.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            name, text = article["article_id"], re.findall(r"\w+", article["text"].casefold())
            sketch = MinHash(num_perm=128)
            starts = range(max(1, len(text) - WORDS + 1))
            sketch.update_batch({" ".join(text[at : at + WORDS]).encode() for at in starts})
            parent[name] = name
            for other in index.query(sketch):
                one, first = root(name), root(other)
                parent[max(one, first)] = min(one, first)
            index.insert(name, sketch)
    return {name: root(name) for name in parent}


def measured(side: str, path: Path, processes: int) -> dict[str, Any]:
    """Clusters, seconds and the peak memory of the process that leads, in MB."""
    start = time.perf_counter()
    found = ours(path, processes) if side == "ours" else peer(path)
    took = time.perf_counter() - start
    # Not ru_maxrss: Linux hands the peak of the process that started this one down to it.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    peak = int(re.findall(r"VmHWM:\s+(\d+)", status)[0])
    return {"clusters": found, "seconds": took, "mb": peak / 1024}


def judged(
    found: dict[str, str], texts: Sequence[str], planted: Sequence[tuple[int, int, float]]
) -> dict[str, float]:
    """Recall of planted copies by share of words changed, and precision of clusters by pairs.

    A member of a cluster is right where it reaches the threshold with another member.
    """
    name = "{:07}".format
    recall: dict[str, float] = {}
    for share in CHANGES:
        some = [(a, b) for a, b, of in planted if of == share]
        same = [name(b) in found and found.get(name(a)) == found[name(b)] for a, b in some]
        recall[f"recall {share:.0%}"] = sum(same) / max(1, len(same))
    groups: dict[str, list[int]] = {}
    for id_, first in found.items():
        groups.setdefault(first, []).append(int(id_))
    right = wrong = 0
    for members in groups.values():
        if len(members) > 1:
            sets = [shingled(texts[member]) for member in members]
            for place, one in enumerate(sets):
                best = max(len(one & b) / len(one | b) for n, b in enumerate(sets) if n != place)
                right, wrong = right + (best >= SHARE), wrong + (best < SHARE)
    return recall | {"precision": right / max(1, right + wrong), "in clusters": right + wrong}


def shingled(text: str) -> set[str]:
    """The word 3-grams of a text of this corpus."""
    words = text.split()
    return {" ".join(words[at : at + WORDS]) for at in range(len(words) - WORDS + 1)}


def environment(folder: Path) -> str:
    """The Python of a new environment with the peers of the lock."""
    python = folder / "peers" / "bin" / "python"
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", str(folder / "peers")], check=True)
    install = ["pip", "install", "--quiet", "--require-hashes", "--python", str(python)]
    subprocess.run([*uv, *install, "-r", str(LOCK)], check=True)
    return str(python)


def main() -> None:
    """Measure both sides, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("articles", nargs="?", type=int, default=10_000)
    parser.add_argument("--processes", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--peer", help="a Python that has datasketch; else one is made of the lock")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        side, path, processes = asked.one
        print(json.dumps(measured(side, Path(path), int(processes))))
        return
    from sikap.store import sha256  # noqa: PLC0415

    texts, planted = corpus(asked.articles)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        apart = asked.peer or environment(folder)
        path = folder / "articles.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for number, text in enumerate(texts):
                row = {"article_id": f"{number:07}", "text": text, "text_sha256": sha256(text)}
                file.write(json.dumps(row) + "\n")
        runs = [(f"sikap, processes {n}", sys.executable, "ours", n) for n in asked.processes]
        for what, python, side, processes in (*runs, ("datasketch", apart, "peer", 1)):
            home = folder / f"{side}{processes}"
            home.mkdir()
            (home / path.name).hardlink_to(path)
            command = [python, __file__, "--one", side, str(home / path.name), str(processes)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            said = json.loads(done.stdout)
            figures = judged(said["clusters"], texts, planted)
            shown = ", ".join(f"{key} {value:.4f}" for key, value in figures.items())
            print(f"{what}: {said['seconds']:.1f} s, {said['mb']:.0f} MB; {shown}", flush=True)


if __name__ == "__main__":
    main()
