"""Build the release folder from the files of the project, or check that it is as it would be."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, Literal

import msgspec

from sikap import __version__
from sikap.describe.content import Content, Inputs, Meta
from sikap.describe.datasheet import compose, missing_blocks
from sikap.describe.questions import IDS, unanswered
from sikap.describe.rights import unlicensed
from sikap.describe.splits import Ledger, assign
from sikap.errors import ChecksError, InputError, Problem, raise_if
from sikap.ingest.duplicates import copies
from sikap.project import Project
from sikap.records import Annotation, Article, Round
from sikap.release.build import DATASHEET, MANIFEST, Release, build
from sikap.release.folder import read_folder, write_folder
from sikap.release.standoff import build_stand_off
from sikap.rounds.settle import open_problems
from sikap.steps.border import border_problems
from sikap.steps.files import RoundFiles, read_baselines
from sikap.steps.inputs import Records, read_inputs
from sikap.steps.report import Report, from_here
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

DECIDING = ("datasets", "jinja2", "polars", "pyarrow", "pyyaml", "sentencex", "tokenizers")
OpenLabels = Literal["refuse", "null"]
VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


class ReleaseReport(Report, frozen=True, kw_only=True):
    """What the release holds: rows by config and split; what its datasheet leaves unanswered."""

    folder: str
    version: str
    rows: dict[str, dict[str, int]]
    open: int
    unanswered: tuple[str, ...]
    changed: bool
    same_version: bool
    stale_baselines: bool

    def lines(self) -> Iterator[str]:
        """Yield the configs with their rows, and how to load one."""
        state = "built" if self.changed else "is as it was"
        yield f"{self.folder} {self.version} {state}; {self.open} decisions are open"
        for config, splits in self.rows.items():
            yield f"  {config:12} " + ", ".join(f"{split} {n}" for split, n in splits.items())
        if self.unanswered:
            yield f"{len(self.unanswered)} of the {len(IDS)} questions of the datasheet are open"
        if self.same_version:
            yield f"its rows differ from those of the last {self.version}: raise the version, for"
            yield "whoever has loaded them would go on getting the old rows from a cache"
        if self.stale_baselines:
            yield "baselines.json is of other rows and left out: run 'make baselines', then this"
        config = [name for name, splits in self.rows.items() if any(splits.values())][-1]
        yield f'load it: load_dataset("{self.folder}", "{config}")'


class _Last(msgspec.Struct):
    """What must be known of the release that is there, whatever form it has otherwise."""

    dataset: dict[str, Any]
    content_hashes: dict[str, str]


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

    Where the settings say ``standoff`` it holds no text of an article, and with ``drop_urls`` no
    address of one. Raises InputError where the project's files are wrong, decisions are open and
    not to be shipped as null, or an article's licence does not allow it to be given on;
    ChecksError where ``check`` finds other bytes, or a stand-off release would hold a text.
    """
    raise_if(_version_problems(version))
    with lock(project.lock):
        records = read_inputs(project)
        articles = records.articles
        raise_if(border_problems(articles, records.sentences, records.rounds))
        full = project.settings.text == "full"
        if full:
            raise_if(unlicensed(articles, project.settings.allowed_licences))
        ledger = _ledger(project, articles)
        answers = _answers(project)
        content = _content(project, version, records, ledger, answers)
        raise_if(missing_blocks(content.datasheet, project.name(project.datasheet)))
        undecided = list(open_problems(content.labels))
        if undecided and (open_labels or project.settings.open_labels) == "refuse":
            raise InputError(undecided)
        drop_urls = project.settings.drop_urls
        files = build(content) if full else build_stand_off(content, drop_urls=drop_urls)
        manifest = decode_json(files[MANIFEST], Release, MANIFEST)
        same_version = _same_version(project, manifest)
        changed = False
        if check:
            _compare(project, files, ledger)
        else:
            write_bytes(project.ledger, encode_json(ledger))
            write_bytes(project.datasheet, files[DATASHEET])
            changed = write_folder(project.release, files)
    return ReleaseReport(
        folder=from_here(project.release),
        version=manifest.dataset.version,
        rows=manifest.facts.rows,
        open=len(undecided),
        unanswered=unanswered(answers),
        changed=changed,
        same_version=same_version,
        stale_baselines=content.baselines is not None and manifest.baselines is None,
    )


def _same_version(project: Project, manifest: Release) -> bool:
    """Whether the release that is there has this version and other rows."""
    last = project.release / MANIFEST
    if not last.is_file():
        return False
    try:
        old = msgspec.json.decode(last.read_bytes(), type=_Last)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return False  # it is damaged, and about to be replaced
    same = old.dataset.get("version") == manifest.dataset.version
    return same and old.content_hashes != manifest.content_hashes


def _version_problems(version: str | None) -> Iterator[Problem]:
    if version is not None and not VERSION.fullmatch(version):
        yield Problem(code="version", found=f"version {version!r}", fix="write it as 1.2.3")


def _answers(project: Project) -> Mapping[str, Any]:
    name = project.name(project.answers)
    fix = "write it: 'sikap init' puts one with every question into a new project"
    text = decode_text(read_bytes(project.answers, name, fix), name)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = f"it is not TOML: {error}"
        problem = Problem(code="answers", file=name, found=found, fix="correct it")
        raise InputError(problem) from error


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
    records: Records,
    ledger: Ledger,
    answers: Mapping[str, Any],
) -> Content:
    articles, sentences, names = records.articles, records.sentences, records.names
    rounds = [files for files in records.rounds if files.annotations]
    labels, _ = settled_labels(rounds, sentences, project)
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
        inputs=Inputs(digests=_digests(project, records, rounds), versions=versions()),
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
        withdrawn=records.withdrawn,
        datasheet=compose(settings.title, answers, project.name(project.answers)),
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


def _digests(project: Project, records: Records, rounds: Sequence[RoundFiles]) -> dict[str, str]:
    paths = {"config": project.config, "guidelines": project.guidelines}
    digests = {what: sha256(path.read_bytes()) for what, path in paths.items()}
    # Of the records, not of the files: so they can be had from the published rows again.
    digests |= {"articles": sha256(encode_lines(records.articles))}
    digests |= {"sentences": sha256(encode_lines(records.sentences))}
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
