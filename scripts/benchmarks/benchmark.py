"""How fast sikap is, as ratios against named peers measured in the same run.

Releases of up to a million sentences are measured by benchmark_release.py.

Usage: python scripts/benchmarks/benchmark.py
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sentencex import segment as sentencex_alone

from sikap.languages import RuleBook
from sikap.records import Article
from sikap.release.data.tables import tables
from sikap.segmentation.sentences import segment
from sikap.storage.files import sha256, uncollected
from sikap.text.tokens import TOKENIZER, tokenize
from synthetic import synthetic

RUNS = 9
ROOT = Path(__file__).resolve().parents[2]


def median_seconds(work: Callable[[], object]) -> float:
    """Median wall time of several runs after a warm-up."""
    work()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def process(*arguments: str) -> Callable[[], object]:
    """Run Python with arguments as a whole process."""
    return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)


def corpus(copies: int) -> list[Article]:
    """The articles of this repository, many times over."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("dataset/raw/*.txt"))]
    return [
        Article(
            article_id=f"{number}",
            text=text,
            text_sha256=sha256(text),
            raw_sha256=sha256(text),
            source=f"{number}.txt",
            language="id",
            encoding="utf-8",
            normalised=(),
        )
        for number, text in enumerate(texts * copies)
    ]


def row(what: str, ours: float, peer: str, theirs: float) -> None:
    """Print one comparison."""
    print(
        f"{what}: {ours * 1000:.1f} ms; {peer}: {theirs * 1000:.1f} ms; {ours / theirs:.2f} times"
    )


bare = median_seconds(process("-c", "pass"))
row("sikap --help", median_seconds(process("-m", "sikap", "--help")), "python -c pass", bare)

articles, rules = corpus(200), RuleBook().rules("id")
ours = median_seconds(lambda: [segment(article, rules) for article in articles])
alone = median_seconds(lambda: [sentencex_alone("id", article.text) for article in articles])
row(f"segment {len(articles)} articles", ours, "sentencex alone", alone)

content = synthetic(20_000)
texts = [sentence.text for sentence in content.sentences]
ours = median_seconds(lambda: [tokenize(text) for text in texts])
alone = median_seconds(lambda: [TOKENIZER.pre_tokenize_str(text) for text in texts])
row(f"tokenize {len(texts)} sentences", ours, "tokenizers alone", alone)

with uncollected():
    ours = median_seconds(lambda: tables(content))
row("make tables of them", ours, "with the collector", median_seconds(lambda: tables(content)))
