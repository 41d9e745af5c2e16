"""Build the release folder from the files of the project, or check that it is as it would be."""

import re
from collections.abc import Iterator, Sequence
from importlib.metadata import version as installed
from pathlib import Path
from typing import Literal

import msgspec

from sikap import __version__
from sikap.describe.balance import missing_classes
from sikap.describe.content import Content, Inputs, Meta, renumber
from sikap.describe.datasheet import answers_of, missing_blocks
from sikap.describe.splits import Ledger, Quarantined
from sikap.describe.statements import unsaid, unsaid_problems
from sikap.errors import ChecksError, InputError, Problem, raise_if
from sikap.project import Project
from sikap.records import Annotation, Article, Round, Sentence
from sikap.release.build import DATASHEET, MANIFEST, Release, build
from sikap.release.folder import read_folder, write_folder
from sikap.rounds.settle import open_problems
from sikap.steps.answers import composed, read_answers
from sikap.steps.border import border_problems
from sikap.steps.files import (
    RoundFiles,
    read_articles,
    read_baselines,
    read_rounds,
    read_sentences,
)
from sikap.steps.last_release import judge_next, refused
from sikap.steps.report import Report, from_here
from sikap.steps.rounds import settled_labels
from sikap.steps.splits import draw, sentence_leaks, tied, without_articles
from sikap.store import (
    decode_json,
    encode_json,
    encode_lines,
    lock,
    read_bytes,
    sha256,
    write_bytes,
)

DECIDING = (
    *("datasets", "jinja2", "polars", "pyarrow", "pyyaml", "rensa", "sentencex"),
    "tokenizers",
)
OpenLabels = Literal["refuse", "null"]
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


class ReleaseReport(Report, frozen=True, kw_only=True):
    """What the release holds: rows by config and split; what people have left unsaid in a draft.

    ``calls_for`` is the version that it should have if the release before it was published; null
    where its own is high enough.
    ``problems`` are warnings: classes that a split lacks.
    """

    folder: str
    version: str
    rows: dict[str, dict[str, int]]
    open: int
    draft: bool
    unanswered: tuple[str, ...]
    changed: bool
    calls_for: str | None
    stale_baselines: bool
    quarantined: tuple[Quarantined, ...]

    def lines(self) -> Iterator[str]:
        """Yield the configs with their rows, and how to load one."""
        state = "built" if self.changed else "is as it was"
        yield f"{self.folder} {self.version} {state}; {self.open} decisions are open"
        for config, splits in self.rows.items():
            yield f"  {config:12} " + ", ".join(f"{split} {n}" for split, n in splits.items())
        if self.draft:
            yield f"a draft, not to be published; {len(self.unanswered)} statements are missing"
        if self.calls_for:
            yield f"what changed beside the rows calls for {self.calls_for} if this number is out"
        if self.stale_baselines:
            yield "baselines.json is of other rows and left out: run 'make baselines', then this"
        for one in self.quarantined:
            yield f"{one.article_id} is in quarantine, left out: it would tie {tied(one)} together"
        config = [name for name, splits in self.rows.items() if any(splits.values())][-1]
        yield f'load it: load_dataset("{self.folder}", "{config}")'


def versions() -> dict[str, str]:
    """The installed versions that decide the bytes of a release."""
    return {"sikap": __version__, **{name: installed(name) for name in DECIDING}}


def release(
    project: Project,
    *,
    version: str | None = None,
    open_labels: OpenLabels | None = None,
    draft: bool = False,
    check: bool = False,
    replace: bool = False,
) -> ReleaseReport:
    """Build dataset/release/; with ``check`` build beside it, compare bytes and write nothing.

    ``replace`` says that the release there was never published, so that its number binds nobody.
    Raises InputError where the project's files are wrong, decisions are open and not to be shipped
    as null, people have not said all that they must and no ``draft`` is asked for, or the version
    is too small for what changed since the release that is there; ChecksError where ``check`` finds
    other bytes.
    """
    raise_if(_version_problems(version))
    with lock(project.lock):
        articles = sorted(read_articles(project), key=lambda one: one.article_id)
        sentences = sorted(read_sentences(project), key=lambda one: (one.article_id, one.index))
        rounds = read_rounds(project)
        raise_if(border_problems(articles, sentences, rounds))
        drawn = draw(project, articles)
        gone = {one.article_id for one in drawn.quarantined}
        rounds = without_articles(rounds, sentences, gone)
        articles = [one for one in articles if one.article_id not in gone]
        sentences = [one for one in sentences if one.article_id not in gone]
        ledger = drawn.ledger
        answers = read_answers(project)
        content = _content(project, version, articles, sentences, rounds, ledger)
        content = msgspec.structs.replace(content, quarantined=drawn.quarantined)
        raise_if(sentence_leaks(project, content))
        content = composed(project, content, answers, draft=draft)
        missing = unsaid(content.meta, answers_of(content.datasheet))
        if not draft:
            raise_if(unsaid_problems(missing, "pyproject.toml", project.name(project.answers)))
        raise_if(missing_blocks(content.datasheet, project.name(project.datasheet)))
        undecided = list(open_problems(content.labels))
        if undecided and (open_labels or project.settings.open_labels) == "refuse":
            raise InputError(undecided)
        files = build(content)
        manifest = decode_json(files[MANIFEST], Release, MANIFEST)
        changed, judged = False, None
        if check:
            _compare(project, files, ledger)
        else:
            judged = None if replace else judge_next(project.release, files)
            if judged is not None:
                raise_if(refused(judged, project.name(project.release), named=version is not None))
            write_bytes(project.ledger, encode_json(ledger))
            write_bytes(project.datasheet, files[DATASHEET])
            changed = write_folder(project.release, files)
    return ReleaseReport(
        folder=from_here(project.release),
        version=manifest.dataset.version,
        rows=manifest.facts.rows,
        open=len(undecided),
        draft=draft,
        unanswered=missing,
        changed=changed,
        calls_for=judged.needed if judged is not None and not judged.suffices else None,
        stale_baselines=content.baselines is not None and manifest.baselines is None,
        quarantined=content.quarantined,
        problems=tuple(missing_classes(manifest.facts.balance)),
    )


def _version_problems(version: str | None) -> Iterator[Problem]:
    if version is not None and not VERSION.fullmatch(version):
        yield Problem(code="version", found=f"version {version!r}", fix="write it as 1.2.3")


def _content(
    project: Project,
    version: str | None,
    articles: Sequence[Article],
    sentences: Sequence[Sentence],
    rounds: Sequence[RoundFiles],
    ledger: Ledger,
) -> Content:
    rounds = [files for files in rounds if files.annotations]
    labels, _ = settled_labels(rounds, sentences, project)
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
        inputs=Inputs(digests=_digests(project, articles, sentences, rounds), versions=versions()),
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
        baselines=read_baselines(project),
        shard_bytes=settings.shard_bytes,
        datasheet="",
    )


def _published(manifest: Round, names: dict[str, str]) -> Round:
    """The manifest as a release shows it: new pseudonyms, no projects of a server."""
    roster = tuple(
        msgspec.structs.replace(entry, annotator=names[entry.annotator])
        for entry in manifest.roster
    )
    return msgspec.structs.replace(manifest, roster=roster, projects=())


def _texts(project: Project) -> tuple[Path, Path]:
    return project.config, project.guidelines


def _digests(
    project: Project,
    articles: Sequence[Article],
    sentences: Sequence[Sentence],
    rounds: Sequence[RoundFiles],
) -> dict[str, str]:
    paths = {"config": project.config, "guidelines": project.guidelines}
    digests = {what: sha256(path.read_bytes()) for what, path in paths.items()}
    # Of the records, not of the files: so they can be had from the published rows again.
    digests |= {"articles": sha256(encode_lines(articles))}
    digests |= {"sentences": sha256(encode_lines(sentences))}
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
