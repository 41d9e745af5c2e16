"""How long another package takes from articles on disk to sentences on disk.

`benchmark_flow.py` runs this in the environment of the peers. ARTICLES is JSONL of
`{article_id, text, …}`; beside it comes a file with a JSON line for each sentence: article, start,
end, text. Packages and rules are loaded before the clock starts. Prints the seconds, and
those of the processor.

Usage: python scripts/benchmarks/benchmark_flow_peer.py PEER LANGUAGE ARTICLES
"""

import json
import sys
import time
from pathlib import Path

from benchmark_segmentation_peer import PEERS


def main(peer: str, language: str, file: str) -> None:
    """Cut the articles of a file by a peer."""
    articles = Path(file)
    cut, offsets = PEERS[peer](language)
    start, busy = time.perf_counter(), time.process_time()
    made = articles.with_suffix(".sentences")
    with articles.open(encoding="utf-8") as rows, made.open("w", encoding="utf-8") as out:
        for row in rows:
            article = json.loads(row)
            text, begin = article["text"], 0
            for end in offsets(text, cut(text)):
                one = {"article_id": article["article_id"], "start": begin, "end": end}
                out.write(json.dumps(one | {"text": text[begin:end]}, ensure_ascii=False) + "\n")
                begin = end
    print(time.perf_counter() - start, time.process_time() - busy)


if __name__ == "__main__":
    main(*sys.argv[1:4])
