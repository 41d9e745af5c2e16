"""The clusters of copies that sikap or datasketch finds among articles, and what it takes.

`benchmark_copies.py` runs this in processes of their own, for datasketch with another Python than
that of the project. FILE is an articles.jsonl. datasketch is used the usual way: MinHash of 128
permutations by `update_batch`, MinHashLSH, query then insert, union. Prints JSON: the cluster of
each article by its id, the seconds, and the peak memory of the process that leads, in MiB.

Usage: python scripts/benchmarks/benchmark_copies_side.py SIDE FILE PROCESSES
"""

import importlib
import json
import re
import sys
import time
from pathlib import Path

from peak_memory import peak_mebibytes

WORDS, SHARE = 3, 0.5


def sikap(path: Path, processes: int) -> dict[str, str]:
    """What sikap finds by the settings that a project has unless it says otherwise."""
    project = importlib.import_module("sikap.project").Project
    settings = importlib.import_module("sikap.settings").Settings
    clusters = importlib.import_module("sikap.steps.articles.near_duplicates").clusters
    silent = importlib.import_module("sikap.steps.report").silent
    needed = ("name", "title", "summary", "language", "licence", "version")
    own = project(path.parent / "project", settings(**dict.fromkeys(needed, "x")))
    found: dict[str, str] = clusters(own, path, processes, silent)
    return found


def datasketch(path: Path, _: int) -> dict[str, str]:
    """What datasketch finds; every article has a cluster, of itself alone perhaps."""
    module = importlib.import_module("datasketch")
    index, parent = module.MinHashLSH(threshold=SHARE, num_perm=128), dict[str, str]()

    def root(name: str) -> str:
        while parent[name] != name:
            name = parent[name]
        return name

    with path.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            name, text = article["article_id"], re.findall(r"\w+", article["text"].casefold())
            sketch = module.MinHash(num_perm=128)
            starts = range(max(1, len(text) - WORDS + 1))
            sketch.update_batch({" ".join(text[at : at + WORDS]).encode() for at in starts})
            parent[name] = name
            for other in index.query(sketch):
                one, first = root(name), root(other)
                parent[max(one, first)] = min(one, first)
            index.insert(name, sketch)
    return {name: root(name) for name in parent}


SIDES = {"sikap": sikap, "datasketch": datasketch}


def main(side: str, file: str, processes: str) -> None:
    """Print what a side finds."""
    start = time.perf_counter()
    found = SIDES[side](Path(file), int(processes))
    took = time.perf_counter() - start
    said = {"clusters": found, "seconds": took, "mebibytes": peak_mebibytes()}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:4])
