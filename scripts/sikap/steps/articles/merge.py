"""Documents that were read meet the articles that are there, id by id, from disk to disk."""

from collections import Counter
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import cast

import msgspec

from sikap.articles.integrity import read_block
from sikap.articles.merge import Document, Known, Outcome, key_of, known, meet, unpack
from sikap.errors import InputError, Problem
from sikap.project import Project
from sikap.records import Article
from sikap.steps.articles.rejects_and_warnings import Findings
from sikap.steps.parallel import ordered_map
from sikap.storage.blocks import BLOCK, Block, blocks
from sikap.storage.external_sort import Entry
from sikap.storage.files import encode_line, uncollected

MOST_PROBLEMS = 1_000
"""Problems of a file that are told at once: more say nothing new, and would fill memory."""
_OLD, _NEW, _WARNING = range(3)


class Checker:
    """Reads blocks of articles.jsonl: what is known, and what is wrong with it."""

    def __init__(self, file: str) -> None:
        self._file = file

    def __call__(self, block: Block) -> tuple[list[Known], list[Problem]]:
        """The articles of a block in its order, and its problems."""
        found: list[Known] = []
        with uncollected():
            problems = list(
                read_block(
                    block, self._file, lambda article, line: found.append(known(article, line))
                )
            )
        return found, problems


class Meetings:
    """Writes the articles that there are now, and counts what became of the documents.

    ``clusters`` holds what the lines written say of copies; ``changes`` counts ids by what
    became of them.
    """

    def __init__(
        self, project: Project, gone: frozenset[str], findings: Findings, *, update: bool
    ) -> None:
        self._project = project
        self._gone = {key_of(article_id) for article_id in gone}
        self._findings = findings
        self._update = update
        self.changes: Counter[str] = Counter()
        self.clusters: dict[str, str] = {}
        self.articles = 0
        self.repeated = 0

    def hold(
        self, documents: Iterable[Entry], warnings: Iterable[Entry], new: Path, processes: int
    ) -> None:
        """Write ``new`` in the order of ids; ``warnings`` are those of earlier runs, by id.

        Raises InputError with what is wrong with articles.jsonl, up to 1,000 problems.
        """
        streams: tuple[Iterator[tuple[bytes, int, object]], ...] = (
            ((known.key, _OLD, known) for known in self._known(processes)),
            ((key, _NEW, value) for key, value in documents),
            ((key, _WARNING, value) for key, value in warnings),
        )
        together = merge(*streams, key=itemgetter(0, 1))
        with new.open("wb", buffering=BLOCK) as file:
            for key, of_id in groupby(together, key=itemgetter(0)):
                outcome, rest = self._meet(of_id)
                self._count(key, outcome)
                if outcome.line is not None:
                    file.write(outcome.line)
                    self._findings.warn(rest if outcome.warnings is None else outcome.warnings)

    def _meet(self, of_id: Iterator[tuple[bytes, int, object]]) -> tuple[Outcome, list[bytes]]:
        """Settle one id; with it the warnings of earlier runs, which come last."""
        old: Known | None = None
        warnings: list[bytes] = []
        first = next(of_id, None)
        if first is not None and first[1] == _OLD:
            old, first = cast("Known", first[2]), next(of_id, None)

        def documents() -> Iterator[Document]:
            entry = first
            while entry is not None and entry[1] == _NEW:
                yield unpack(cast("bytes", entry[2]))
                entry = next(of_id, None)
            if entry is not None:
                warnings.append(cast("bytes", entry[2]))

        outcome = meet(old, documents(), update=self._update)
        warnings += [cast("bytes", value) for _, _, value in of_id]
        return outcome, warnings

    def _count(self, key: bytes, outcome: Outcome) -> None:
        self.changes[outcome.change] += 1
        self.repeated += outcome.repeated
        self.articles += outcome.line is not None
        if outcome.cluster is not None:
            self.clusters[key.decode()] = outcome.cluster
        for problem in outcome.problems:
            self._findings.reject(problem)

    def _known(self, processes: int) -> Iterator[Known]:
        """The articles of earlier runs that were not withdrawn, checked as they come."""
        path, file = self._project.articles, self._project.name(self._project.articles)
        if not path.exists():
            return
        problems: list[Problem] = []
        last = b""
        for found, wrong in ordered_map(Checker(file), blocks(path, file, ""), processes):
            problems += wrong
            if len(problems) >= MOST_PROBLEMS:
                break
            for article in found:
                if article.key <= last:
                    problems.append(_unordered(article, file))
                last = article.key
                if not problems and article.key not in self._gone:
                    yield article
        if problems:
            raise InputError(problems[:MOST_PROBLEMS])


def _unordered(known: Known, file: str) -> Problem:
    found = "the article does not come after the one before it in the order of ids"
    fix = "restore the file from git, or delete it and ingest again"
    return Problem(code="line-order", file=file, id=known.key.decode(), found=found, fix=fix)


class _Mark(msgspec.Struct):
    article_id: str
    cluster: str | None


def mark(articles: Path, marked: Path, clusters: dict[str, str]) -> None:
    """Write articles once more, each with the cluster it is in; other lines stay as they are."""
    look = msgspec.json.Decoder(_Mark).decode
    with articles.open("rb", buffering=BLOCK) as lines, marked.open("wb", buffering=BLOCK) as file:
        for line in lines:
            seen = look(line)
            cluster = clusters.get(seen.article_id)
            if cluster == seen.cluster:
                file.write(line)
            else:
                article = msgspec.json.decode(line, type=Article)
                file.write(encode_line(msgspec.structs.replace(article, cluster=cluster)))
