"""The step from articles to sentences."""

from collections import Counter
from collections.abc import Iterator

from sikap.errors import Problem, raise_if
from sikap.languages import RuleBook
from sikap.project import Project
from sikap.records import Sentence
from sikap.rounds.withdrawn import withdrawn
from sikap.segment import check_sentences, segment
from sikap.steps.files import read_articles, read_tombstones
from sikap.steps.ingest import Progress, check_digests, silent
from sikap.steps.report import Report
from sikap.store import encode_lines, lock, write_bytes


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


def segment_articles(project: Project, progress: Progress = silent) -> SegmentReport:
    """Write sentences.jsonl, in the order of articles.jsonl and of the text.

    Raises InputError where an article is not as it was frozen, or a rules file cannot be used.
    """
    with lock(project.lock):
        gone = withdrawn(read_tombstones(project)).articles
        articles = [one for one in read_articles(project) if one.article_id not in gone]
        raise_if(check_digests(articles, project.name(project.articles)))
        book = RuleBook(project.outlets)
        sentences: list[Sentence] = []
        problems: list[Problem] = []
        for article in progress(articles, "articles"):
            found = segment(article, book.rules(article.language, article.outlet))
            problems += check_sentences(article, found)
            sentences += found
        raise_if(problems)
        changed = write_bytes(project.sentences, encode_lines(sentences))
    kinds = Counter(sentence.kind for sentence in sentences)
    return SegmentReport(
        articles=len(articles),
        sentences=len(sentences),
        kinds={kind: kinds[kind] for kind in sorted(kinds)},
        changed=changed,
    )
