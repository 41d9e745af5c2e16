"""The step from articles to sentences, block by block."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from sikap.articles.integrity import read_block
from sikap.errors import InputError, Problem
from sikap.languages import RuleBook
from sikap.project import Project
from sikap.records import Article
from sikap.rounds.withdrawal import withdrawn
from sikap.segmentation.sentences import check_sentences, segment
from sikap.steps.articles.merge import MOST_PROBLEMS
from sikap.steps.parallel import cores, ordered_map
from sikap.steps.project_files import read_tombstones
from sikap.steps.report import Progress, Report, silent
from sikap.storage.blocks import BLOCK, Block, blocks, put, workshop
from sikap.storage.files import encode_lines, lock, uncollected


class SegmentReport(Report, frozen=True, kw_only=True):
    """How many sentence records there are, by kind; ``changed`` is False where nothing was new."""

    articles: int
    sentences: int
    kinds: dict[str, int]
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield one line with the figures, and the next step."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.kinds.items()) or "none"
        state = "" if self.changed else "; nothing changed"
        yield f"{self.sentences} sentence records in {self.articles} articles: {kinds}{state}"
        if self.changed:
            yield "next: sikap round plan ID; where there are rounds, sikap round reanchor first"


class Segmented(NamedTuple):
    """The sentences of a block of articles as lines, how many of each kind, or its problems."""

    articles: int
    kinds: dict[str, int]
    lines: bytes
    problems: list[Problem]


class Segmenter:
    """Cuts blocks of articles.jsonl, in any process; withdrawn articles are left out."""

    def __init__(self, book: RuleBook, gone: frozenset[str], file: str) -> None:
        self._book = book
        self._gone = gone
        self._file = file

    def __call__(self, block: Block) -> Segmented:
        """The sentences of a block, in the order of its articles and of their texts."""
        lines: list[bytes] = []
        kinds: Counter[str] = Counter()
        problems: list[Problem] = []

        def cut(article: Article, _line: bytes) -> None:
            if article.article_id in self._gone:
                return
            found = segment(article, self._book.rules(article.language, article.outlet))
            problems.extend(check_sentences(article, found))
            lines.append(encode_lines(found))
            kinds.update([sentence.kind for sentence in found])

        with uncollected():
            wrong = list(read_block(block, self._file, cut))
        return Segmented(len(lines), dict(kinds), b"".join(lines), wrong + problems)


def segment_articles(
    project: Project, progress: Progress = silent, processes: int | None = None
) -> SegmentReport:
    """Write sentences.jsonl, in the order of articles.jsonl and of the text.

    Works on ``processes`` (all processors), with the same bytes for any number. Raises InputError,
    with up to 1,000 problems, where an article is not as it was frozen, or a rules file cannot be
    used; nothing is written then.
    """
    file = project.name(project.articles)
    with lock(project.lock), workshop(project.dataset, "segment") as folder:
        gone = frozenset(withdrawn(read_tombstones(project)).articles)
        work = Segmenter(RuleBook(project.outlets), gone, file)
        pieces = blocks(project.articles, file, "run 'sikap ingest' first")
        made = folder / "sentences.jsonl"
        kinds: Counter[str] = Counter()
        done = _written(ordered_map(work, pieces, processes or cores()), made, kinds)
        articles = sum(1 for _ in progress(done, "articles"))
        changed = put(made, project.sentences)
    return SegmentReport(
        articles=articles,
        sentences=kinds.total(),
        kinds={kind: kinds[kind] for kind in sorted(kinds)},
        changed=changed,
    )


def _written(done: Iterator[Segmented], made: Path, kinds: Counter[str]) -> Iterator[int]:
    """Write and count what comes; yield something for each article. Raises all problems at once."""
    problems: list[Problem] = []
    with made.open("wb", buffering=BLOCK) as file:
        for part in done:
            problems += part.problems
            if len(problems) >= MOST_PROBLEMS:
                break
            file.write(part.lines)
            kinds.update(part.kinds)
            yield from range(part.articles)
    if problems:
        raise InputError(problems[:MOST_PROBLEMS])
