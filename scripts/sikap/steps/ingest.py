"""The step from raw documents to frozen articles."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol, TypeVar

import msgspec

from sikap import sources
from sikap.errors import InputError, Problem, raise_if
from sikap.ingest.duplicates import copies
from sikap.ingest.pieces import Piece, Reading
from sikap.ingest.readers import read, taken
from sikap.project import Project
from sikap.records import Article
from sikap.rounds.withdrawn import withdrawn
from sikap.steps.files import read_articles, read_tombstones
from sikap.steps.report import Report
from sikap.store import decode_lines, encode_lines, lock, read_bytes, sha256, write_bytes

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

    ``others`` counts files of kinds that are not read; ``columns`` says of tables which columns
    were taken for which fields, each choice with the first file that it was made for; ``copies``
    holds groups of ids with the same words.
    """

    articles: int
    added: int
    updated: int
    unchanged: int
    others: int
    copies: tuple[tuple[str, ...], ...]
    columns: dict[str, str] = msgspec.field(default_factory=dict)

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
            yield f"{self.others} files passed over: they are none of {sources.KINDS}"
        for choice, file in self.columns.items():
            yield f"{file}: {choice}"
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
    places: Sequence[Path | str] = (),
    language: str | None = None,
    *,
    wishes: sources.Wishes | None = None,
    update: bool = False,
    progress: Progress = silent,
) -> IngestReport:
    """Freeze the documents and tables in ``places`` (the project's raw/) into articles.jsonl.

    Articles of earlier runs stay; one that has another text or other metadata now is rejected,
    unless ``update`` says to take it over. What is rejected goes to rejects.jsonl. Raises
    InputError where there is no document at all.
    """
    wishes = wishes or sources.Wishes()
    where = tuple(map(str, places)) or (str(project.raw),)
    with lock(project.lock):
        gone = withdrawn(read_tombstones(project)).articles
        known = {a.article_id: a for a in _known(project) if a.article_id not in gone}
        settings = project.settings
        columns = settings.columns | wishes.columns
        reading = Reading(
            language=language or settings.language,
            licence=settings.text_licence or None,
            columns=columns,
        )
        wishes = msgspec.structs.replace(wishes, columns=columns)
        seen, choices = sources.Seen(), dict[str, str]()
        found = list(sources.pieces(where, project.raw, project.name, wishes, seen))
        if not found:
            raise InputError(_nothing(project, where))
        problems, articles = [], []
        for piece in progress(found, "pieces"):
            for article in _read(piece, reading, choices):
                if isinstance(article, Problem):
                    problems.append(article)
                elif article.article_id in gone:
                    problems.append(_withdrawn(article, piece.file))
                else:
                    articles.append((piece.file, article))
        once = list(_once(articles, problems))
        report = _merge(known, once, problems, update=update)
        ordered = [known[article_id] for article_id in sorted(known)]
        write_bytes(project.articles, encode_lines(ordered))
        rejects = _rejects(project, where, report.problems)
        write_bytes(project.rejects, encode_lines(rejects))
    return msgspec.structs.replace(
        report, others=seen.others, columns=choices, copies=tuple(copies(ordered))
    )


def _read(
    piece: Piece | Problem, reading: Reading, choices: dict[str, str]
) -> Iterable[Article | Problem]:
    """What is in a piece; ``choices`` takes which columns of a table were taken."""
    if isinstance(piece, Problem):
        return [piece]
    if columns := taken(piece, reading):
        choice = ", ".join(f"{field} from {name!r}" for field, name in columns.items())
        choices.setdefault(choice, piece.file)
    return read(piece, reading)


def _once(
    articles: Sequence[tuple[str, Article]], problems: list[Problem]
) -> Iterator[tuple[str, Article]]:
    """The articles whose id no other has, or only the very same; of the others a problem each."""
    files: dict[str, dict[str, list[str]]] = {}
    for file, article in articles:
        files.setdefault(article.article_id, {}).setdefault(article.text, []).append(file)
    given = set()
    for file, article in articles:
        texts = files[article.article_id]
        if len(texts) > 1:
            names = ", ".join(sorted({one for some in texts.values() for one in some}))
            found, fix = f"one id for several texts, in {names}", "give each an id of its own"
            id_ = article.article_id
            problems.append(Problem(code="duplicate-id", file=file, id=id_, found=found, fix=fix))
        elif article.article_id not in given:
            given.add(article.article_id)
            yield file, article


def _known(project: Project) -> list[Article]:
    if not project.articles.exists():
        return []
    articles = read_articles(project)
    raise_if(check_digests(articles, project.name(project.articles)))
    return articles


def check_digests(articles: Iterable[Article], file: str) -> Iterator[Problem]:
    """Yield a problem for every article whose text is not the one that was frozen."""
    for line, article in enumerate(articles, 1):
        if sha256(article.text) != article.text_sha256:
            yield Problem(
                code="digest",
                file=file,
                line=line,
                id=article.article_id,
                found="the text was changed after it was frozen",
                fix="restore the file from git, or delete it and ingest again",
            )


def _withdrawn(article: Article, file: str) -> Problem:
    found = "the article was withdrawn"
    fix = "delete the document, or take its line out of dataset/withdrawn.jsonl"
    return Problem(code="withdrawn", file=file, id=article.article_id, found=found, fix=fix)


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
        articles=len(known),
        added=counts["added"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        problems=tuple(rejected),
        others=0,
        copies=(),
    )


def _conflict(old: Article, new: Article, file: str) -> Problem | None:
    if old.text != new.text:
        code, found = "text-changed", "it has another text than when it was ingested"
    else:
        names = ("language", "title", "author", "outlet", "published", "licence", "source")
        changed = [name for name in names if getattr(old, name) != getattr(new, name)]
        if not changed:
            return None
        code, found = "metadata", f"it was ingested with another {' and '.join(changed)}"
    fix = "run again with --update to take it over, or restore the document"
    return Problem(code=code, file=file, id=new.article_id, found=found, fix=fix)


def _rejects(project: Project, places: Iterable[str], new: Iterable[Problem]) -> list[Problem]:
    """The new rejects, and the old ones of documents that this run did not look at."""
    if not project.rejects.exists():
        return sorted(new, key=_order)
    file = project.name(project.rejects)
    old = decode_lines(read_bytes(project.rejects, file, ""), Problem, file)
    seen = [_name(project, place) for place in places]
    kept = [problem for problem in old if not any(_below(problem.file, name) for name in seen)]
    return sorted({*kept, *new}, key=_order)


def _below(file: str, name: str) -> bool:
    # The metadata file of a document that was named is looked at as well.
    return file == name or file.startswith((f"{name}/", f"{Path(name).with_suffix('')}."))


def _order(problem: Problem) -> tuple[str, int, str, str, str]:
    return problem.file, problem.line or 0, problem.code, problem.id, problem.found


def _name(project: Project, place: str) -> str:
    return place if sources.is_url(place) else project.name(Path(place).resolve())


def _nothing(project: Project, places: Iterable[str]) -> list[Problem]:
    fix = "put articles there, or name a folder that has some"
    found = f"there is no file of articles: none of {sources.KINDS}"
    return [
        Problem(code="file-missing", file=_name(project, place), found=found, fix=fix)
        for place in places
    ]
