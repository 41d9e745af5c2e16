"""Where another package ends the sentences of texts, and how long it takes.

`benchmark_segmentation.py` runs this in processes of their own, for pySBD, blingfire and spaCy with
another Python than that of the project. TEXTS is a JSON list of texts. Models and rules are loaded
before the clock starts. Prints JSON: the ends of every text as offsets in code points, and the
seconds of the fastest run over all texts. What a package returns becomes offsets so:

- sentencex says them; an end may include the white space that follows.
- pySBD returns pieces of text, which are looked for one after the other.
- blingfire counts bytes, and its package for Python makes code points of them.
- spaCy says them of its spans.

Usage: python scripts/benchmarks/benchmark_segmentation_peer.py PEER LANGUAGE TEXTS
"""

import importlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

RUNS = 3

Peer = tuple[Callable[[str], Any], Callable[[str, Any], list[int]]]
"""What is timed, and what makes offsets of its answer."""


def sentencex(language: str) -> Peer:
    """The segmenter that sikap asks, by itself."""
    boundaries = importlib.import_module("sentencex").get_sentence_boundaries
    return (
        lambda text: list(boundaries(language, text)),
        lambda _, found: [one["end_index"] for one in found],
    )


def pysbd(language: str) -> Peer:
    """Its rules of the language, else those of English."""
    known = importlib.import_module("pysbd.languages").LANGUAGE_CODES
    code = language if language in known else "en"
    segmenter = importlib.import_module("pysbd").Segmenter(language=code, clean=False)

    def offsets(text: str, pieces: list[str]) -> list[int]:
        ends, position = [], 0
        for piece in map(str.strip, pieces):
            start = text.find(piece, position)
            if piece and start >= 0:
                position = start + len(piece)
                ends.append(position)
        return ends

    return segmenter.segment, offsets


def blingfire(_: str) -> Peer:
    """Its one model for all languages."""
    sentences = importlib.import_module("blingfire").text_to_sentences_and_offsets

    return sentences, lambda _, found: [end for _, end in found[1]]


def spacy(language: str) -> Peer:
    """A blank pipeline of the language, else of many, with the sentencizer."""
    module = importlib.import_module("spacy")
    try:
        pipeline = module.blank(language)
    except ImportError:
        pipeline = module.blank("xx")
    pipeline.add_pipe("sentencizer")
    pipeline.max_length = 10**8
    return pipeline, lambda _, found: [span.end_char for span in found.sents]


PEERS = {"sentencex": sentencex, "pysbd": pysbd, "blingfire": blingfire, "spacy": spacy}


def main(peer: str, language: str, file: str) -> None:
    """Print what a peer says of the texts."""
    texts = json.loads(Path(file).read_text(encoding="utf-8"))
    work, offsets = PEERS[peer](language)
    found, times = [], []
    for _ in range(RUNS):
        start = time.perf_counter()
        found = [work(text) for text in texts]
        times.append(time.perf_counter() - start)
    ends = [offsets(text, one) for text, one in zip(texts, found, strict=True)]
    json.dump({"ends": ends, "seconds": min(times)}, sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:4])
