"""MinHash signatures of texts, and which of them fall into one band (Broder 1997).

A signature has 512 values of 32 bits: 2,048 bytes, however long the text. It hangs on the text and
on the lengths of shingles alone, not on the threshold, so that it can be kept. How many values make
a band follows from the threshold (Leskovec, Rajaraman and Ullman, *Mining of Massive Datasets*,
chapter 3): as many as still miss a pair at exactly the threshold with a probability of at most
`MISSED`.
"""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import rensa
from numpy.typing import NDArray

from sikap.settings import Copies
from sikap.text.words import units_of

VALUES = 512
"""Of 32 bits, in a signature."""
SEED = 1
MISSED = 3e-4
"""How probable it may be that a pair at exactly the threshold shares no band."""
ERRORS = 7
"""Standard errors under the threshold below which nothing is counted."""
CHUNK = 500
"""Texts that are signed at once."""
SLICE = 20_000
"""Pairs of places in a portion."""
MULTIPLIER = 0x9E3779B97F4A7C15
Signatures = NDArray[np.uint32]
"""A row of `VALUES`, or of some of them, for each text."""
Keys = NDArray[np.uint64]
Places = NDArray[np.int64]


def signatures(texts: Sequence[str], copies: Copies) -> Signatures:
    """A signature a text, as rows of `VALUES`; equal for equal sets of shingles."""
    rows = np.empty((len(texts), VALUES), dtype=np.uint32)
    for start in range(0, len(texts), CHUNK):
        some = texts[start : start + CHUNK]
        rows[start : start + len(some)] = _digests(some, copies)
    return rows


def band_rows(threshold: float) -> int:
    """How many values make a band: the most that miss few enough pairs at the threshold."""
    return max(rows for rows in range(1, 17) if rows == 1 or missed(threshold, rows) <= MISSED)


def missed(similarity: float, rows: int) -> float:
    """How probable it is that a pair so similar shares none of the bands of so many values."""
    return float((1 - similarity**rows) ** (VALUES // rows))


def hopeless(threshold: float) -> float:
    """The estimated similarity below which a pair is not counted."""
    return threshold - ERRORS * math.sqrt(threshold * (1 - threshold) / VALUES)


def bands(threshold: float) -> Iterator[slice]:
    """Yield the columns of each band."""
    rows = band_rows(threshold)
    for band in range(VALUES // rows):
        yield slice(band * rows, (band + 1) * rows)


def band_keys(values: Signatures) -> Keys:
    """One number a row of the values of a band, the same for the same values.

    Two bands of other values have one number as good as never, and then are counted for nothing.
    """
    keys: Keys = np.zeros(len(values), dtype=np.uint64)
    for column in values.T:
        keys = _mixed(keys * np.uint64(MULTIPLIER) + column.astype(np.uint64) + np.uint64(1))
    return keys


def collisions(
    keys: Keys, labels: Callable[[], Places] | None = None
) -> Iterator[tuple[Places, Places]]:
    """Yield pairs of places with one key, in portions, the smaller place first.

    The first portions tie together all places of a key. All pairs come, but of keys whose places
    have one label by then: nobody need look at half a hundred million pairs of one cluster.
    """
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    starts: Places = np.arange(len(order) - 1)
    distance = 1
    while len(starts):
        starts = starts[starts + distance < len(order)]
        starts = starts[ranked[starts] == ranked[starts + distance]]
        for at in range(0, len(starts), SLICE):
            some = starts[at : at + SLICE]
            one, other = order[some], order[some + distance]
            yield np.minimum(one, other), np.maximum(one, other)
        distance += 1
        if labels and len(starts) and distance & (distance - 1) == 0:
            starts = starts[_mixed_runs(ranked, labels()[order])[starts]]


def _mixed_runs(ranked: Keys, labels: Places) -> NDArray[np.bool_]:
    """Which places of sorted keys have a key whose places have more than one label."""
    begins = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    several = np.minimum.reduceat(labels, begins) != np.maximum.reduceat(labels, begins)
    return np.repeat(several, np.diff(np.append(begins, len(ranked))))


def alike(one: Signatures, other: Signatures, threshold: float) -> NDArray[np.bool_]:
    """Which pairs of rows agree in enough values to be worth an exact count."""
    agreeing = (one == other).sum(axis=1)
    return np.asarray(agreeing >= hopeless(threshold) * VALUES, dtype=np.bool_)


def _digests(texts: Sequence[str], copies: Copies) -> Signatures:
    given = [units_of(text) for text in texts]
    hashes = rensa.RMinHash.hash_token_sets([one for one, _ in given])
    grams = [
        _hashed(
            np.fromiter(words, np.uint64, len(words)),
            copies.characters if unspaced else copies.words,
        )
        for words, (_, unspaced) in zip(hashes, given, strict=True)
    ]
    ends = np.cumsum([0, *map(len, grams)]).astype(np.uint64)
    matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(
        np.concatenate(grams), ends, VALUES, SEED
    )
    return np.array(matrix.to_rows(), dtype=np.uint32)


def _hashed(words: Keys, size: int) -> Keys:
    """A number for every run of ``size`` units, from the numbers of these."""
    size = min(size, len(words))
    runs: Keys = np.zeros(len(words) - size + 1, dtype=np.uint64)
    for place in range(size):
        runs = runs * np.uint64(MULTIPLIER) + words[place : len(words) - size + 1 + place]
    return _mixed(runs)


def _mixed(numbers: Keys) -> Keys:
    """The finaliser of SplitMix64 (Steele, Lea and Flood 2014), which spreads all bits."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return numbers ^ (numbers >> np.uint64(31))
