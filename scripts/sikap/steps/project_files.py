"""Read the files of a project, each checked against its JSON Schema."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.project import Project, once
from sikap.records import (
    Annotation,
    Article,
    Gold,
    Item,
    Note,
    Round,
    Sentence,
    Tombstone,
    Versions,
)
from sikap.release.data.baselines import Baselines
from sikap.rounds.reanchoring.context import Anchor
from sikap.rounds.withdrawal import Withdrawn, remaining, withdrawn
from sikap.storage import schemas
from sikap.storage.files import decode_json, decode_lines, read_bytes, sha256

T = TypeVar("T")

ITEMS = "items.jsonl"
# Copies of what the annotators of a round were given, in its folder.
CONFIG = "labelling_config.xml"
GUIDELINES = "guidelines.md"
VERSIONS = "versions.jsonl"
# What annotators said beside the scheme: no part of a release, as free text may name people.
NOTES = "notes.jsonl"
GOLD = "gold.jsonl"
PLANNED = (CONFIG, GUIDELINES, GOLD, VERSIONS)
# How far they agree, for programs and for people: made anew at any time.
AGREEMENT = "agreement.json"
PAGE = "report.html"


class RoundFiles(msgspec.Struct, frozen=True, kw_only=True):
    """A round as it lies on disk; no annotations before the first pull, gold where it has some.

    ``copies`` are the config and guidelines of its annotators by file name, where it has them.
    """

    manifest: Round
    items: tuple[Item, ...]
    annotations: tuple[Annotation, ...]
    versions: tuple[Versions, ...] = ()
    gold: tuple[Gold, ...] = ()
    copies: dict[str, bytes] = {}


def read_records(
    project: Project, path: Path, name: str, type_: type[T], fix: str, data: bytes | None = None
) -> list[T]:
    """The records of a JSONL file; raises InputError with all that is wrong with it.

    ``data`` are the bytes of the file, where they have been read.
    """
    file = project.name(path)
    data = read_bytes(path, file, fix) if data is None else data
    records = decode_lines(data, type_, file)
    raise_if(schemas.check(name, map(msgspec.to_builtins, records), file))
    return records


@once
def read_articles(project: Project) -> list[Article]:
    """The frozen articles of the project."""
    fix = "run 'sikap ingest' first"
    return read_records(project, project.articles, "article", Article, fix)


@once
def read_sentences(project: Project) -> list[Sentence]:
    """The sentences of the project."""
    fix = "run 'sikap segment' first"
    return read_records(project, project.sentences, "sentence", Sentence, fix)


def read_baselines(project: Project) -> Baselines | None:
    """The figures of baseline models, where they were computed."""
    if not project.baselines.is_file():
        return None
    name = project.name(project.baselines)
    baselines = decode_json(read_bytes(project.baselines, name, ""), Baselines, name)
    raise_if(schemas.check("baselines", [msgspec.to_builtins(baselines)], name))
    return baselines


@once
def read_tombstones(project: Project) -> list[Tombstone]:
    """What was withdrawn from the project; nothing where there is no such file."""
    if not project.withdrawn.exists():
        return []
    return read_records(project, project.withdrawn, "tombstone", Tombstone, "")


def read_anchors(project: Project) -> list[Anchor]:
    """What became of the sentences of rounds, as recorded; nothing where all are kept."""
    if not project.anchors.exists():
        return []
    fix = "run 'sikap round reanchor' again, or restore the file from git"
    return read_records(project, project.anchors, "anchor", Anchor, fix)


def remaining_rounds(project: Project, rounds: Sequence[RoundFiles]) -> list[RoundFiles]:
    """The rounds without the articles and annotators that were withdrawn."""
    gone = withdrawn(read_tombstones(project))
    return [_remaining(one, gone) for one in rounds]


def _remaining(files: RoundFiles, gone: Withdrawn) -> RoundFiles:
    manifest, items, annotations = remaining(files.manifest, files.items, files.annotations, gone)
    left = {item.sentence_id for item in items}
    gold = tuple(answer for answer in files.gold if answer.sentence_id in left)
    return msgspec.structs.replace(
        files, manifest=manifest, items=items, annotations=annotations, gold=gold
    )


@once
def read_round(project: Project, round_id: str) -> RoundFiles:
    """One round; raises InputError where it is missing or its items are not the planned ones."""
    folder, manifest = project.round(round_id), _read_manifest(project, round_id)
    fix = "restore it from git: a round cannot be changed once it is planned"
    path = folder / ITEMS
    data = {ITEMS: read_bytes(path, project.name(path), fix)}
    items = read_records(project, path, "item", Item, fix, data[ITEMS])
    data |= {name: (folder / name).read_bytes() for name in PLANNED if (folder / name).exists()}
    raise_if(_not_as_planned(project, folder, manifest, data, fix))
    versions = []
    if manifest.digests.versions is not None:
        path = folder / VERSIONS
        versions = read_records(project, path, "versions", Versions, fix, data.get(VERSIONS))
    path = folder / "annotations.jsonl"
    annotations = []
    if path.exists():
        fix = f"run 'sikap round pull {round_id}' again"
        annotations = read_records(project, path, "annotation", Annotation, fix)
    gold = []
    if manifest.digests.gold is not None:
        path, fix = folder / GOLD, f"restore {GOLD} from git"
        gold = read_records(project, path, "gold", Gold, fix, data.get(GOLD))
    return RoundFiles(
        manifest=manifest,
        items=tuple(items),
        annotations=tuple(annotations),
        versions=tuple(versions),
        gold=tuple(gold),
        copies={name: data[name] for name in (CONFIG, GUIDELINES) if name in data},
    )


def _read_manifest(project: Project, round_id: str) -> Round:
    path = project.round(round_id) / "round.json"
    if not path.is_file():
        known = ", ".join(_round_ids(project)) or "none yet"
        found, fix = f"there is no round {round_id!r}", f"plan it first; rounds: {known}"
        raise InputError(Problem(code="round-missing", id=round_id, found=found, fix=fix))
    name = project.name(path)
    manifest = decode_json(read_bytes(path, name, ""), Round, name)
    raise_if(schemas.check("round", [msgspec.to_builtins(manifest)], name))
    return manifest


@once
def read_remaining(project: Project, round_id: str) -> RoundFiles:
    """One round without the articles and annotators that were withdrawn."""
    (files,) = remaining_rounds(project, [read_round(project, round_id)])
    return files


def read_notes(project: Project, round_id: str) -> list[Note]:
    """What the annotators of a round said beside the scheme; nothing where there is no file."""
    path = project.round(round_id) / NOTES
    if not path.exists():
        return []
    return read_records(project, path, "note", Note, f"run 'sikap round pull {round_id}' again")


def _not_as_planned(
    project: Project, folder: Path, manifest: Round, data: Mapping[str, bytes], fix: str
) -> Iterator[Problem]:
    digests = manifest.digests
    # Lines of withdrawn articles may be deleted.
    purged = (one.items.get(manifest.round_id) for one in read_tombstones(project))
    allowed: dict[str, set[str | None]] = {
        ITEMS: {digests.items, *purged},
        CONFIG: {digests.config},
        GUIDELINES: {digests.guidelines},
        GOLD: {digests.gold},
        VERSIONS: {digests.versions},
    }
    for name, content in data.items():
        if sha256(content) not in allowed[name]:
            file, found = project.name(folder / name), "it is not as it was planned"
            yield Problem(code="digest", file=file, found=found, fix=fix)


def read_rounds(project: Project) -> list[RoundFiles]:
    """Every round of the project in the order of ordinals."""
    rounds = [read_round(project, round_id) for round_id in _round_ids(project)]
    return sorted(rounds, key=lambda files: files.manifest.ordinal)


def _round_ids(project: Project) -> list[str]:
    return sorted(path.parent.name for path in project.rounds.glob("*/round.json"))
