"""How fast, and how well, sikap finds copies, against datasketch on the same texts.

Invented articles with the words of an outlet's formula, and planted copies of some with 3 % or 10 %
of the words replaced, deleted, inserted or moved. All sides go from texts on disk to clusters, at
word 3-grams and a Jaccard index of one half, each in a process of its own, `benchmark_copies_side`.
Recall is that of planted copies: the copy is in one cluster with its original. Precision is that of
members of clusters: one is right where it reaches the threshold with another, by the exact index.

datasketch runs in an environment of its own, which is made from `text_peers.lock` in the user's
cache folder; `--python` names another that has it.

Usage: python scripts/benchmarks/benchmark_copies.py [ARTICLES] [--processes N ...]
    [--python PYTHON]
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmark_copies_side import SHARE, WORDS
from peer_environment import peer_python
from sikap.storage.files import sha256
from synthetic import invented_words

HERE = Path(__file__).resolve().parent
CHANGES = (0.03, 0.1)


def corpus(count: int, seed: int = 0) -> tuple[list[str], list[tuple[int, int, float]]]:
    """Texts, of which a tenth are planted copies, and (original, copy, share of words changed)."""
    draw = random.Random(seed)  # noqa: S311 - a corpus to measure with, no secret
    words = invented_words(30_000, draw)
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


def judged(
    found: dict[str, str], texts: Sequence[str], planted: Sequence[tuple[int, int, float]]
) -> dict[str, float]:
    """Recall of planted copies by share of words changed, precision of members, and their number.

    ``found`` maps the id of each article in a cluster, its place in ``texts`` with seven digits, to
    the name of the cluster; clusters of one count for nothing.
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


def measured(python: str, side: str, path: Path, processes: int) -> dict[str, Any]:
    """What `benchmark_copies_side.py` prints of a side, in a process of its own."""
    program = str(HERE / "benchmark_copies_side.py")
    command = [python, program, side, str(path), str(processes)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def main() -> None:
    """Measure all sides, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("articles", nargs="?", type=int, default=10_000)
    parser.add_argument("--processes", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--python", help="a Python that has datasketch")
    asked = parser.parse_args()
    python = asked.python or peer_python("text_peers.lock")
    texts, planted = corpus(asked.articles)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "articles.jsonl"
        with path.open("w", encoding="utf-8") as file:
            for number, text in enumerate(texts):
                row = {"article_id": f"{number:07}", "text": text, "text_sha256": sha256(text)}
                file.write(json.dumps(row) + "\n")
        runs = [(sys.executable, "sikap", count) for count in asked.processes]
        for own, side, processes in (*runs, (python, "datasketch", 1)):
            home = folder / f"{side}{processes}"
            home.mkdir()
            (home / path.name).hardlink_to(path)
            said = measured(own, side, home / path.name, processes)
            figures = judged(said["clusters"], texts, planted)
            shown = ", ".join(f"{key} {value:.4f}" for key, value in figures.items())
            print(
                f"{side}, processes {processes}: {said['seconds']:.1f} s, "
                f"{said['mebibytes']:.0f} MiB; {shown}",
                flush=True,
            )


if __name__ == "__main__":
    main()
