"""The step from raw documents to frozen articles."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from sikap import sources
from sikap.errors import InputError, Problem, raise_if
from sikap.ingest.duplicates import copies
from sikap.ingest.frozen import digest_problem
from sikap.ingest.readers import read_text
from sikap.project import Project
from sikap.records import Article
from sikap.rounds.withdrawn import withdrawn
from sikap.steps.files import read_articles, read_tombstones
from sikap.steps.report import Report
from sikap.store import decode_lines, encode_lines, lock, read_bytes, write_bytes

T = TypeVar("T")


class Progress(Protocol):
    """Passes items on and shows how far the work is; ``what`` names the items."""

    def __call__(self, items: Sequence[T], what: str, /) -> Iterable[T]:
        """Give back the items, one by one."""


def silent(items: Sequence[T], what: str, /) -> Iterable[T]:  # noqa: ARG001
    """Show nothing."""
    return items


class IngestReport(Report, frozen=True, kw_only=True):
    """How many articles there are, and what became of the documents; problems were set aside.

    ``others`` counts files of kinds that are not read; ``copies`` holds groups of ids with the
    same words.
    """

    articles: int
    added: int
    updated: int
    unchanged: int
    others: int
    copies: tuple[tuple[str, ...], ...]

    @property
    def rejected(self) -> int:
        """How many documents were set aside."""
        return len(self.problems)

    def lines(self) -> Iterator[str]:
        """Yield the figures, one line for each group of copies, and the next step."""
        yield (
            f"{self.articles} articles: {self.added} added, {self.updated} updated, "
            f"{self.unchanged} unchanged; {self.rejected} rejected"
        )
        if self.others:
            yield f"{self.others} files passed over: they are not {sources.TEXT} files"
        for group in self.copies:
            yield f"copies of one article: {', '.join(group)}"
        if self.added or self.updated:
            yield "next: sikap segment"

    @property
    def failed(self) -> bool:
        """A rejected document does not stop the work, unless nothing is left."""
        return bool(self.problems) and not (self.added or self.updated or self.unchanged)


def ingest(
    project: Project,
    paths: Sequence[Path] = (),
    language: str | None = None,
    *,
    update: bool = False,
    progress: Progress = silent,
) -> IngestReport:
    """Freeze the documents below ``paths`` (the project's raw/) into articles.jsonl.

    Articles of earlier runs stay; one that has another text or other metadata now is rejected,
    unless ``update`` says to take it over. What is rejected goes to rejects.jsonl. Raises
    InputError where there is no document at all.
    """
    paths = tuple(paths) or (project.raw,)
    with lock(project.lock):
        gone = withdrawn(read_tombstones(project)).articles
        known = {a.article_id: a for a in _known(project) if a.article_id not in gone}
        found = sources.find(paths, project.raw, project.name)
        if not (found.found or found.problems):
            raise InputError(_nothing(project, paths))
        problems, articles = list(found.problems), []
        for document in progress(found.found, "documents"):
            if document.article_id in gone:
                problems.append(_withdrawn(document))
                continue
            article = _read(document, language or project.settings.language, project)
            if isinstance(article, Problem):
                problems.append(article)
            else:
                articles.append((document.file, article))
        report = _merge(known, articles, problems, update=update)
        ordered = [known[article_id] for article_id in sorted(known)]
        write_bytes(project.articles, encode_lines(ordered))
        rejects = _rejects(project, paths, report.problems)
        write_bytes(project.rejects, encode_lines(rejects))
    return msgspec.structs.replace(report, others=found.others, copies=tuple(copies(ordered)))


def _known(project: Project) -> list[Article]:
    if not project.articles.exists():
        return []
    articles = read_articles(project)
    raise_if(check_digests(articles, project.name(project.articles)))
    return articles


def check_digests(articles: Iterable[Article], file: str) -> Iterator[Problem]:
    """Yield a problem for every article whose text is not the one that was frozen."""
    for line, article in enumerate(articles, 1):
        problem = digest_problem(article, file, line)
        if problem is not None:
            yield problem


def _read(document: sources.Found, language: str, project: Project) -> Article | Problem:
    try:
        article = read_text(document.open(), language)
    except InputError as error:
        return msgspec.structs.replace(error.problems[0], id=document.article_id)
    if isinstance(article, Article) and article.licence is None:
        licence = project.settings.text_licence or None
        return msgspec.structs.replace(article, licence=licence)
    return article


def _withdrawn(document: sources.Found) -> Problem:
    found = "the article was withdrawn"
    fix = "delete the document, or take its line out of dataset/withdrawn.jsonl"
    return Problem(
        code="withdrawn", file=document.file, id=document.article_id, found=found, fix=fix
    )


def _merge(
    known: dict[str, Article],
    articles: Iterable[tuple[str, Article]],
    problems: Iterable[Problem],
    *,
    update: bool,
) -> IngestReport:
    """Take the articles into ``known``, as far as they do not contradict it."""
    rejected, counts = list(problems), {"added": 0, "updated": 0, "unchanged": 0}
    for file, article in articles:
        old = known.get(article.article_id)
        conflict = None if old is None else _conflict(old, article, file)
        if old is not None and conflict is None:
            counts["unchanged"] += 1
        elif conflict is None or update:
            counts["added" if old is None else "updated"] += 1
            known[article.article_id] = article
        else:
            rejected.append(conflict)
    rejected.sort(key=_order)
    return IngestReport(
        articles=len(known), **counts, problems=tuple(rejected), others=0, copies=()
    )


def _conflict(old: Article, new: Article, file: str) -> Problem | None:
    if old.text != new.text:
        code, found = "text-changed", "it has another text than when it was ingested"
    else:
        names = ("language", "title", "outlet", "published", "licence", "source")
        changed = [name for name in names if getattr(old, name) != getattr(new, name)]
        if not changed:
            return None
        code, found = "metadata", f"it was ingested with another {' and '.join(changed)}"
    fix = "run again with --update to take it over, or restore the document"
    return Problem(code=code, file=file, id=new.article_id, found=found, fix=fix)


def _rejects(project: Project, paths: Iterable[Path], new: Iterable[Problem]) -> list[Problem]:
    """The new rejects, and the old ones of documents that this run did not look at."""
    if not project.rejects.exists():
        return sorted(new, key=_order)
    file = project.name(project.rejects)
    old = decode_lines(read_bytes(project.rejects, file, ""), Problem, file)
    seen = [project.name(path.resolve()) for path in paths]
    kept = [problem for problem in old if not any(_below(problem.file, name) for name in seen)]
    return sorted({*kept, *new}, key=_order)


def _below(file: str, name: str) -> bool:
    # The metadata file of a document that was named is looked at as well.
    return file == name or file.startswith((f"{name}/", f"{Path(name).with_suffix('')}."))


def _order(problem: Problem) -> tuple[str, int, str, str, str]:
    return problem.file, problem.line or 0, problem.code, problem.id, problem.found


def _nothing(project: Project, paths: Iterable[Path]) -> list[Problem]:
    fix = f"put articles there as {sources.TEXT} files, or name a folder that has some"
    found = f"there is no {sources.TEXT} file"
    return [
        Problem(code="file-missing", file=project.name(path.resolve()), found=found, fix=fix)
        for path in paths
    ]
