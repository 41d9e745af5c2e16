"""Build the release folder from the files of the project, or check that it is as it would be."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version as installed
from pathlib import Path
from typing import Literal

import msgspec

from sikap import __version__
from sikap.describe.content import Content, Inputs, Meta, renumber
from sikap.describe.splits import Ledger, assign
from sikap.errors import ChecksError, InputError, Problem, raise_if
from sikap.ingest.duplicates import copies
from sikap.project import Project
from sikap.records import Annotation, Article, Round, Sentence
from sikap.release.build import DATASHEET, MANIFEST, Release, build
from sikap.release.folder import read_folder, write_folder
from sikap.rounds.settle import open_problems
from sikap.segment import check_sentences
from sikap.steps.files import RoundFiles, read_articles, read_rounds, read_sentences
from sikap.steps.report import Report
from sikap.steps.rounds import settled_labels
from sikap.store import (
    decode_json,
    decode_text,
    encode_json,
    encode_lines,
    lock,
    read_bytes,
    sha256,
    write_bytes,
)

ARTICLES, SENTENCES = "dataset/articles.jsonl", "dataset/sentences.jsonl"
DECIDING = ("datasets", "jinja2", "pyarrow", "pyyaml", "sentencex", "tokenizers")
OpenLabels = Literal["refuse", "null"]
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


class ReleaseReport(Report, frozen=True, kw_only=True):
    """What the release holds: rows by config and split."""

    folder: str
    version: str
    rows: dict[str, dict[str, int]]
    open: int
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield the configs with their rows, and how to load one."""
        state = "built" if self.changed else "is as it was"
        yield f"{self.folder} {self.version} {state}; {self.open} decisions are open"
        for config, splits in self.rows.items():
            yield f"  {config:12} " + ", ".join(f"{split} {n}" for split, n in splits.items())
        config = list(self.rows)[-1]
        yield f'load it: load_dataset("{self.folder}", "{config}")'


def versions() -> dict[str, str]:
    """The installed versions that decide the bytes of a release."""
    return {"sikap": __version__, **{name: installed(name) for name in DECIDING}}


def release(
    project: Project,
    *,
    version: str | None = None,
    open_labels: OpenLabels | None = None,
    check: bool = False,
) -> ReleaseReport:
    """Build dataset/release/; with ``check`` build beside it, compare bytes and write nothing.

    Raises InputError where the project's files are wrong or decisions are open and not to be
    shipped as null; ChecksError where ``check`` finds other bytes.
    """
    raise_if(_version_problems(version))
    with lock(project.lock):
        articles = sorted(read_articles(project), key=lambda one: one.article_id)
        sentences = sorted(read_sentences(project), key=lambda one: (one.article_id, one.index))
        raise_if(_border(articles, sentences))
        rounds = read_rounds(project)
        ledger = _ledger(project, articles)
        content = _content(project, version, articles, sentences, rounds, ledger)
        undecided = list(open_problems(content.labels))
        if undecided and (open_labels or project.settings.open_labels) == "refuse":
            raise InputError(undecided)
        files = build(content)
        changed = False
        if check:
            _compare(project, files, ledger)
        else:
            write_bytes(project.ledger, encode_json(ledger))
            write_bytes(project.datasheet, files[DATASHEET])
            changed = write_folder(project.release, files)
    manifest = decode_json(files[MANIFEST], Release, MANIFEST)
    return ReleaseReport(
        folder=project.name(project.release),
        version=manifest.dataset.version,
        rows=manifest.facts.rows,
        open=len(undecided),
        changed=changed,
    )


def _version_problems(version: str | None) -> Iterator[Problem]:
    if version is not None and not VERSION.fullmatch(version):
        yield Problem(code="version", found=f"version {version!r}", fix="write it as 1.2.3")


def _border(articles: Sequence[Article], sentences: Sequence[Sentence]) -> Iterator[Problem]:
    if not articles:
        found, fix = "there is no article", "put articles into dataset/raw/ and run 'sikap ingest'"
        yield Problem(code="release-empty", file=ARTICLES, found=found, fix=fix)
    yield from _repeated((one.article_id for one in articles), ARTICLES)
    yield from _repeated((one.sentence_id for one in sentences), SENTENCES)
    by_article: dict[str, list[Sentence]] = {article.article_id: [] for article in articles}
    for sentence in sentences:
        if sentence.article_id not in by_article:
            found, fix = "its article is not in articles.jsonl", "run 'sikap segment' again"
            id_ = sentence.sentence_id
            yield Problem(code="reference", file=SENTENCES, id=id_, found=found, fix=fix)
        else:
            by_article[sentence.article_id].append(sentence)
    for article in articles:
        if sha256(article.text) != article.text_sha256:
            found, fix = "text_sha256 is not that of the text", "run 'sikap ingest' again"
            id_ = article.article_id
            yield Problem(code="digest", file=ARTICLES, id=id_, found=found, fix=fix)
        for problem in check_sentences(article, by_article[article.article_id]):
            yield msgspec.structs.replace(problem, file=SENTENCES)


def _repeated(ids: Iterable[str], file: str) -> Iterator[Problem]:
    for id_, count in Counter(ids).items():
        if count > 1:
            found, fix = f"{count} records have this id", "make the file again"
            yield Problem(code="duplicate-id", file=file, id=id_, found=found, fix=fix)


def _ledger(project: Project, articles: Sequence[Article]) -> Ledger:
    name = project.name(project.ledger)
    if project.ledger.is_file():
        ledger = decode_json(read_bytes(project.ledger, name, ""), Ledger, name)
    else:
        ledger = Ledger(salt=project.settings.name, articles={})
    unknown = sorted(set(ledger.articles.values()) - set(project.settings.splits))
    if unknown:
        found = f"it has splits {', '.join(unknown)} that the settings do not have"
        fix = "name them in [tool.sikap.splits]: the ledger holds for ever"
        raise InputError(Problem(code="ledger", file=name, found=found, fix=fix))
    groups = copies(articles)
    copied = {article for group in groups for article in group}
    groups += [(a.article_id,) for a in articles if a.article_id not in copied]
    return assign(ledger, project.settings.splits, sorted(groups))


def _content(
    project: Project,
    version: str | None,
    articles: Sequence[Article],
    sentences: Sequence[Sentence],
    rounds: Sequence[RoundFiles],
    ledger: Ledger,
) -> Content:
    rounds = [files for files in rounds if files.annotations]
    labels, lost = settled_labels(rounds, sentences, project)
    raise_if([*lost, *_lost(rounds, sentences, {problem.id for problem in lost})])
    names = renumber(tuple(files.manifest for files in rounds))
    annotations = [
        msgspec.structs.replace(annotation, annotator=names[annotation.annotator])
        for files in rounds
        for annotation in files.annotations
    ]
    settings = project.settings
    shared = {name: getattr(settings, name) for name in Meta.__struct_fields__}
    schema = {
        path.name: read_bytes(path, project.name(path), "restore it") for path in _texts(project)
    }
    ids = {article.article_id for article in articles}
    return Content(
        meta=Meta(**shared | ({"version": version} if version else {})),
        inputs=Inputs(digests=_digests(project, rounds), versions=versions()),
        scheme=project.scheme(),
        config_file=project.config.name,
        guidelines_file=project.guidelines.name,
        files=schema,
        articles=tuple(articles),
        sentences=tuple(sentences),
        rounds=tuple(_published(files.manifest, names) for files in rounds),
        annotations=tuple(annotations),
        passes={item.item_id: item.pass_ for files in rounds for item in files.items},
        labels=tuple(labels),
        splits={article: split for article, split in ledger.articles.items() if article in ids},
        datasheet=decode_text(
            read_bytes(project.datasheet, DATASHEET, "write a datasheet"), DATASHEET
        ),
    )


def _lost(
    rounds: Sequence[RoundFiles], sentences: Sequence[Sentence], named: set[str]
) -> Iterator[Problem]:
    """Yield the skipped sentences that are no longer there; those with labels are ``named``."""
    said = {one.sentence_id: one.round_id for files in rounds for one in files.annotations}
    for id_ in sorted(set(said) - {sentence.sentence_id for sentence in sentences} - named):
        file = f"dataset/rounds/{said[id_]}/annotations.jsonl"
        found = "the annotated sentence is no longer in sentences.jsonl"
        fix = "restore the text of its article"
        yield Problem(code="item-lost", file=file, id=id_, found=found, fix=fix)


def _published(manifest: Round, names: dict[str, str]) -> Round:
    """The manifest as a release shows it: new pseudonyms, no projects of a server."""
    roster = tuple(
        msgspec.structs.replace(entry, annotator=names[entry.annotator])
        for entry in manifest.roster
    )
    return msgspec.structs.replace(manifest, roster=roster, projects=())


def _texts(project: Project) -> tuple[Path, Path]:
    return project.config, project.guidelines


def _digests(project: Project, rounds: Sequence[RoundFiles]) -> dict[str, str]:
    paths = {"config": project.config, "guidelines": project.guidelines}
    paths |= {"articles": project.articles, "sentences": project.sentences}
    digests = {what: sha256(path.read_bytes()) for what, path in paths.items()}
    for files in rounds:
        annotations: Sequence[Annotation] = files.annotations
        digests[f"round {files.manifest.round_id}"] = sha256(encode_lines(annotations))
    return digests


def _compare(project: Project, files: dict[str, bytes], ledger: Ledger) -> None:
    folder = project.name(project.release)
    there = {f"{folder}/{name}": data for name, data in read_folder(project.release).items()}
    given = {f"{folder}/{name}": data for name, data in files.items()}
    given[project.name(project.ledger)] = encode_json(ledger)
    given[project.name(project.datasheet)] = files[DATASHEET]
    for path in (project.ledger, project.datasheet):
        there[project.name(path)] = path.read_bytes() if path.is_file() else b""
    differing = [n for n in sorted({*there, *given}) if there.get(n) != given.get(n)]
    if differing:
        fix = "build the release again, or find out who changed it"
        raise ChecksError(
            Problem(
                code="not-reproduced",
                file=name,
                found="it is not what the project's files give",
                fix=fix,
            )
            for name in differing
        )
