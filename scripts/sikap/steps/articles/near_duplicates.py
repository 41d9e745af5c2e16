"""Clusters of copies among the articles of a file, from kept signatures, in bounded memory."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from sikap.articles.near_duplicates.minhash import (
    Places,
    Signatures,
    alike,
    band_keys,
    bands,
    collisions,
    signatures,
)
from sikap.articles.near_duplicates.pairs import Shingles, shingles, similarity
from sikap.project import Project
from sikap.records import Article
from sikap.settings import Copies
from sikap.steps.articles.minhash_cache import DIGEST, Digests, KeptSignatures
from sikap.steps.parallel import ordered_map
from sikap.storage.files import lock

if TYPE_CHECKING:
    from sikap.steps.report import Progress

BLOCK = 1_000_000
"""Bytes of lines that are worked on at once."""
AT_ONCE = 16
"""Bands whose values are in memory at once."""
REMEMBERED = 500
"""Texts whose shingles are kept while pairs are counted."""


class _Known(msgspec.Struct):
    text_sha256: str


class _Text(msgspec.Struct):
    text: str


class _Id(msgspec.Struct):
    article_id: str


def clusters(
    project: Project, articles_file: Path, processes: int, progress: "Progress"
) -> dict[str, str]:
    """The first id, by code points, of the copies of every article that has copies, by its id.

    Signatures are read from the project's private folder, and kept there where they are missing.
    ``text_sha256`` of an article is believed.
    """
    settings = project.settings.copies
    places, digests = _lines(articles_file)
    _, firsts, which = np.unique(digests, return_index=True, return_inverse=True)
    folder = project.private / "signatures"
    with lock(folder / "lock"), articles_file.open("rb") as file:
        kept = KeptSignatures(folder, settings)
        missing = np.sort(firsts[kept.places(digests[firsts]) < 0])
        if len(missing):
            blocks = list(_blocks(places, missing))
            lines = (
                _read(file, places, block) for block in progress(blocks, "blocks of signatures")
            )
            found = ordered_map(partial(_signed, settings=settings), lines, processes)
            kept.add((digests[b], rows) for b, rows in zip(blocks, found, strict=True))
        rows = kept.places(digests[firsts])
        labels = _Graph(file, places[firsts], rows, kept, settings).labels()
    return _named(articles_file, places, labels[which])


def kept_signatures(project: Project, articles: Sequence[Article]) -> Signatures:
    """The signatures of articles in memory; what is not kept is computed, and nothing written."""
    settings = project.settings.copies
    kept = KeptSignatures(project.private / "signatures", settings)
    digests = np.array([bytes.fromhex(a.text_sha256) for a in articles], dtype=f"S{DIGEST}")
    rows = kept.places(digests)
    missing = np.flatnonzero(rows < 0)
    found = signatures([articles[place].text for place in missing], settings)
    values = np.empty((len(articles), found.shape[1]), dtype=np.uint32)
    values[rows >= 0] = kept.rows(rows[rows >= 0])
    values[missing] = found
    return values


class _Graph:
    """Texts as nodes, joined as soon as a pair of them is counted; a cluster has one label."""

    def __init__(
        self, file: BinaryIO, lines: Places, rows: Places, kept: KeptSignatures, settings: Copies
    ) -> None:
        self._file, self._lines, self._rows, self._kept = file, lines, rows, kept
        self._settings = settings
        self._label: Places = np.arange(len(rows))
        self._refused: Places = np.empty(0, dtype=np.int64)
        self._shingles = lru_cache(REMEMBERED)(self._shingles_of)

    def labels(self) -> Places:
        """The cluster of every text, as a number.

        Pairs inside a cluster add nothing, so they are not counted: what is joined is the same.
        """
        columns = list(bands(self._settings.threshold))
        for at in range(0, len(columns), AT_ONCE):
            some = columns[at : at + AT_ONCE]
            start = some[0].start
            values = self._kept.rows(self._rows, slice(start, some[-1].stop))
            for band in some:
                keys = band_keys(values[:, band.start - start : band.stop - start])
                for left, right in collisions(keys, lambda: self._label):
                    self._take(left, right)
        return self._label

    def _take(self, left: Places, right: Places) -> None:
        count = len(self._rows)
        apart = self._label[left] != self._label[right]
        left, right = left[apart], right[apart]
        fresh = ~np.isin(left * count + right, self._refused)
        left, right = left[fresh], right[fresh]
        if not len(left):
            return
        threshold = self._settings.threshold
        ones, others = (self._kept.rows(self._rows[side]) for side in (left, right))
        hopeful = alike(ones, others, threshold)
        refused, joined = [], dict[int, int]()
        for one, other in zip(left[hopeful].tolist(), right[hopeful].tolist(), strict=True):
            roots = [_root(joined, int(self._label[node])) for node in (one, other)]
            if roots[0] == roots[1]:
                continue
            if similarity(self._shingles(one), self._shingles(other)) >= threshold:
                joined[max(roots)] = min(roots)
            else:
                refused.append(one * count + other)
        if refused:
            self._refused = np.union1d(self._refused, np.array(refused, dtype=np.int64))
        self._join(joined)

    def _join(self, joined: dict[int, int]) -> None:
        if not joined:
            return
        new = np.arange(len(self._label))
        for label in joined:
            new[label] = _root(joined, label)
        self._label = new[self._label]

    def _shingles_of(self, node: int) -> Shingles:
        self._file.seek(int(self._lines[node]))
        line = self._file.readline()
        return shingles(msgspec.json.decode(line, type=_Text).text, self._settings)


def _root(joined: dict[int, int], label: int) -> int:
    while label in joined:
        label = joined[label]
    return label


def _lines(path: Path) -> tuple[Places, Digests]:
    """Where every line begins, with where the last ends, and the digest of its text."""
    decoder = msgspec.json.Decoder(_Known)
    starts, digests = [0], bytearray()
    with path.open("rb") as file:
        for line in file:
            starts.append(starts[-1] + len(line))
            digests += bytes.fromhex(decoder.decode(line).text_sha256)
    return np.array(starts, dtype=np.int64), np.frombuffer(digests, dtype=f"S{DIGEST}")


def _blocks(places: Places, numbers: Places) -> Iterator[NDArray[np.int64]]:
    """Yield numbers of lines in portions of about `BLOCK` bytes."""
    sizes = np.cumsum(places[numbers + 1] - places[numbers])
    ends = np.flatnonzero(np.diff(sizes // BLOCK)) + 1
    yield from np.split(numbers, ends)


def _read(file: BinaryIO, places: Places, numbers: Iterable[int]) -> list[bytes]:
    lines = []
    for number in numbers:
        file.seek(int(places[number]))
        lines.append(file.readline())
    return lines


def _signed(lines: Sequence[bytes], settings: Copies) -> Signatures:
    """The signatures of the texts of some lines."""
    decoder = msgspec.json.Decoder(_Text)
    return signatures([decoder.decode(line).text for line in lines], settings)


def _named(path: Path, places: Places, labels: Places) -> dict[str, str]:
    """The names of articles that share a label with others; labels are by line."""
    shared = np.flatnonzero(np.bincount(labels, minlength=1)[labels] > 1)
    decoder = msgspec.json.Decoder(_Id)
    with path.open("rb") as file:
        lines = _read(file, places, shared.tolist())
    ids = [decoder.decode(line).article_id for line in lines]
    first: dict[int, str] = {}
    for id_, label in zip(ids, labels[shared].tolist(), strict=True):
        first[label] = min(id_, first.get(label, id_))
    return {id_: first[label] for id_, label in zip(ids, labels[shared].tolist(), strict=True)}
