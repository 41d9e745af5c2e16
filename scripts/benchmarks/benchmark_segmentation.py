"""How well sentences are found, and how fast, beside named peers measured in the same run.

Every file of a folder is JSONL of `{doc_id, text, sentences: [[start, end), …]}` in code points;
its name begins with its language, as `en_news.jsonl`. Compared are the ends of sentences without
white space, the last of a document not counted; F1 and recall are over all documents of a file.
sikap cuts whole articles (blocks, sentences, records); the peers are given the same texts.

pySBD, blingfire and spaCy run in an environment of their own, which is made from `text_peers.lock`
in the user's cache folder; `--python` names another that has them.

Usage: python scripts/benchmarks/benchmark_segmentation.py [--python PYTHON] [--json] [FOLDER]
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from peer_environment import peer_python
from sikap.languages import RuleBook
from sikap.records import Article
from sikap.segmentation.sentences import segment

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parents[2] / "shared" / "data" / "segmentation"
PEERS = ("sentencex", "pysbd", "blingfire", "spacy")
RUNS = 3


@dataclass(frozen=True)
class Score:
    """How one segmenter did on one file."""

    file: str
    by: str
    f1: float
    recall: float
    right: int
    wrong: int
    missed: int
    mchar_per_second: float


def score(
    file: str, by: str, rows: list[dict[str, Any]], found: Sequence[Any], took: float
) -> Score:
    """Compare the ends that were found with those of the file."""
    right = wrong = missed = 0
    for row, ends in zip(rows, found, strict=True):
        text = row["text"]
        last = len(text.rstrip())
        gold = {len(text[:end].rstrip()) for _, end in row["sentences"]} - {last}
        mine = {len(text[:end].rstrip()) for end in ends} - {last, 0}
        right += len(gold & mine)
        wrong += len(mine - gold)
        missed += len(gold - mine)
    length = sum(len(row["text"]) for row in rows)
    return Score(
        file=file,
        by=by,
        f1=2 * right / max(1, 2 * right + wrong + missed),
        recall=right / max(1, right + missed),
        right=right,
        wrong=wrong,
        missed=missed,
        mchar_per_second=length / took / 1e6,
    )


def ours(texts: list[str], language: str) -> tuple[list[list[int]], float]:
    """The ends that sikap finds, and the seconds of the fastest run."""
    rules = RuleBook().rules(language)
    articles = [
        Article(
            article_id=str(number),
            text=text,
            text_sha256="",
            raw_sha256="",
            source="",
            language=language,
            encoding="utf-8",
            normalised=(),
        )
        for number, text in enumerate(texts)
    ]
    found, times = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        found = [segment(article, rules) for article in articles]
        times.append(time.perf_counter() - start)
    return [[one.end for one in sentences] for sentences in found], min(times)


def theirs(peer: str, python: str, texts: Path, language: str) -> tuple[list[list[int]], float]:
    """The ends that a peer finds, in a process of its own."""
    program = str(HERE / "benchmark_segmentation_peer.py")
    command = [python, program, peer, language, str(texts)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    said = json.loads(done.stdout)
    return said["ends"], said["seconds"]


def scores(file: Path, python: str) -> list[Score]:
    """How all did on a file."""
    language = file.stem.partition("_")[0]
    lines = file.read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    texts = [row["text"] for row in rows]
    found = [score(file.stem, "sikap", rows, *ours(texts, language))]
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder) / "texts.json"
        given.write_text(json.dumps(texts), encoding="utf-8")
        for peer in PEERS:
            own = sys.executable if peer == "sentencex" else python
            found.append(score(file.stem, peer, rows, *theirs(peer, own, given, language)))
    return found


def main(arguments: Sequence[str]) -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="of JSONL files")
    parser.add_argument("--python", help="a Python that has pySBD, blingfire and spaCy")
    parser.add_argument("--json", action="store_true", help="print JSON, a line for each score")
    asked = parser.parse_args(arguments)
    python = asked.python or peer_python("text_peers.lock")
    if not asked.json:
        print(
            f"{'file':<28}{'by':<12}{'F1':>7}{'recall':>8}{'right':>7}{'wrong':>7}{'missed':>8}"
            f"{'Mchar/s':>9}"
        )
    for file in sorted(asked.folder.glob("*.jsonl")):
        for one in scores(file, python):
            if asked.json:
                print(json.dumps(asdict(one)))
                continue
            print(
                f"{one.file:<28}{one.by:<12}{one.f1:>7.4f}{one.recall:>8.4f}{one.right:>7}"
                f"{one.wrong:>7}{one.missed:>8}{one.mchar_per_second:>9.2f}"
            )


if __name__ == "__main__":
    main(sys.argv[1:])
