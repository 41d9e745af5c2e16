"""Withdraw an article, or the work of an annotator: a tombstone stays, and no text."""

import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from sikap.errors import InputError, Problem
from sikap.project import Project
from sikap.records import Tombstone, Withdrawable
from sikap.release.data.content import renumber
from sikap.release.files.build import MANIFEST
from sikap.release.files.manifest_claims import Claims
from sikap.release.files.parquet import from_parquet
from sikap.rounds.withdrawal import purged_digest, withdrawn
from sikap.steps.project_files import (
    AGREEMENT,
    GOLD,
    ITEMS,
    PAGE,
    VERSIONS,
    RoundFiles,
    read_articles,
    read_rounds,
    read_sentences,
    read_tombstones,
)
from sikap.steps.report import Report
from sikap.storage.files import decode_json, encode_lines, lock, write_bytes


class WithdrawReport(Report, frozen=True, kw_only=True):
    """What was withdrawn, the last version that had it, and the files that still hold it.

    ``released`` is its id in releases; null where no release had it.
    """

    what: Withdrawable
    id: str
    since: str | None
    released: str | None
    changed: bool
    held_by: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield what was done, what still holds it, and what only people can do."""
        state = "withdrawn" if self.changed else "was withdrawn before, nothing changed"
        known = f"; {self.since} was the last release that had it" if self.since else ""
        if self.released:
            known = f"; release {self.since} has it, as {self.released}"
        yield f"{self.what} {self.id}: {state}{known}"
        yield "next: sikap ingest, segment, round settle, release; the version must be MAJOR"
        if self.held_by:
            yield "these files hold it or name it; delete there what must not be kept:"
        for name in self.held_by:
            yield f"  {name}"
        for round_id in dict.fromkeys(map(_agreement_of, self.held_by)):
            if round_id:
                yield f"sikap round agree {round_id} writes {AGREEMENT} and {PAGE} without it"
        yield "git keeps what was ever committed, and so do clones, servers and those who have a"
        yield "release: to clear these is up to you, and sikap does nothing about them"


class _Known(msgspec.Struct, frozen=True, kw_only=True):
    """What the files of the project say of articles and rounds."""

    articles: frozenset[str]
    rounds: tuple[RoundFiles, ...]
    sentences: dict[str, str]


def withdraw(
    project: Project, name: str, *, what: Withdrawable | None = None, reason: str = ""
) -> WithdrawReport:
    """Write a tombstone for an article id or a pseudonym of the project; twice changes nothing.

    Ingest, segment, plan, settle and release leave out what has one. Raises InputError where
    nothing has that name, or both an article and an annotator have it and ``what`` does not say.
    """
    project = project.snapshot()
    with lock(project.lock):
        known = _known(project)
        tombstones = read_tombstones(project)
        what = what or _what(project, name, known, tombstones)
        _check(project, name, what, known, tombstones)
        old = next((one for one in tombstones if (one.what, one.id) == (what, name)), None)
        claims = _claims(project)
        released = _released_as(project, name, what, known, claims) if claims else None
        tombstone = old or Tombstone(
            what=what,
            id=name,
            since=claims.version if claims and released else None,
            reason=reason,
            items=_purged(name, known, tombstones) if what == "article" else {},
        )
        every = sorted({*map(_key, tombstones), _key(tombstone)})
        by_key = {_key(one): one for one in (*tombstones, tombstone)}
        lines = encode_lines(by_key[key] for key in every)
        changed = write_bytes(project.withdrawn, lines)
    return WithdrawReport(
        what=what,
        id=name,
        since=tombstone.since,
        released=released,
        changed=changed,
        held_by=tuple(_held_by(project, name, what, known, in_release=released is not None)),
    )


def _key(tombstone: Tombstone) -> tuple[str, str]:
    return tombstone.what, tombstone.id


def _known(project: Project) -> _Known:
    articles = read_articles(project) if project.articles.exists() else []
    sentences = read_sentences(project) if project.sentences.exists() else []
    rounds = tuple(read_rounds(project))
    ids = {article.article_id for article in articles}
    ids |= {item.article_id for files in rounds for item in files.items}
    ids |= {_raw_id(project, path) for path in _raw(project)}
    return _Known(
        articles=frozenset(ids),
        rounds=rounds,
        sentences={one.sentence_id: one.article_id for one in sentences},
    )


def _what(
    project: Project, name: str, known: _Known, tombstones: Iterable[Tombstone]
) -> Withdrawable:
    kinds: list[Withdrawable] = [one.what for one in tombstones if one.id == name]
    if name in known.articles:
        kinds.append("article")
    if name in _annotators(project, known):
        kinds.append("annotator")
    if len(set(kinds)) > 1:
        found = "both an article and an annotator have this name"
        fix = "say which: --article or --annotator"
        raise InputError(Problem(code="duplicate-id", id=name, found=found, fix=fix))
    return kinds[0] if kinds else "article"


def _check(
    project: Project,
    name: str,
    what: Withdrawable,
    known: _Known,
    tombstones: Iterable[Tombstone],
) -> None:
    names = known.articles if what == "article" else _annotators(project, known)
    if name not in names and (what, name) not in map(_key, tombstones):
        found = "the project has no such article or annotator"
        fix = "name an article_id of articles.jsonl, or an annotator of [tool.sikap.annotators]"
        raise InputError(Problem(code="reference", id=name, found=found, fix=fix))


def _annotators(project: Project, known: _Known) -> set[str]:
    named = {entry.annotator for files in known.rounds for entry in files.manifest.roster}
    return named | set(project.settings.annotators)


def _purged(name: str, known: _Known, tombstones: Sequence[Tombstone]) -> dict[str, str]:
    gone = withdrawn(tombstones).articles | {name}
    return {
        files.manifest.round_id: purged_digest(files.items, gone)
        for files in known.rounds
        if any(item.article_id == name for item in files.items)
    }


def _released_as(
    project: Project, name: str, what: Withdrawable, known: _Known, claims: Claims
) -> str | None:
    """The id in the release that is there; None where it does not have it."""
    if what == "article":
        tables = sorted((project.release / "data" / "articles").glob("*.parquet"))
        ids = (from_parquet(path.read_bytes())["article_id"].to_pylist() for path in tables)
        return name if any(name in column for column in ids) else None
    names = renumber(tuple(files.manifest for files in known.rounds if files.annotations))
    there = {entry["annotator"] for one in claims.rounds for entry in one.get("roster", ())}
    return names[name] if names.get(name) in there else None


def _claims(project: Project) -> Claims | None:
    """What the release that is there says of itself; None where there is none."""
    path = project.release / MANIFEST
    if not path.is_file():
        return None
    return decode_json(path.read_bytes(), Claims, project.name(path))


def _held_by(
    project: Project, name: str, what: Withdrawable, known: _Known, *, in_release: bool
) -> Iterator[str]:
    """Yield every file of the project that still holds the text or work, or names it."""
    needles = [json.dumps(name), json.dumps(name, ensure_ascii=False)]
    if what == "article":
        yield from (project.name(p) for p in _raw(project) if _raw_id(project, p) == name)
        items = (item for files in known.rounds for item in files.items)
        needles += [item.item_id for item in items if item.article_id == name]
        needles += [one for one, article in known.sentences.items() if article == name]
    searched = [needle.encode() for needle in dict.fromkeys(needles)]
    for path in _files(project):
        data = path.read_bytes()
        # A roster stays, as releases number annotators by it, and so does who got which item.
        # Known answers hold no text and name nobody.
        plans = {"round.json", GOLD, VERSIONS} | ({ITEMS} if what == "annotator" else set())
        if path.name in plans:
            continue
        named = path.name == PAGE and _is_named(name, data)
        if named or any(needle in data for needle in searched):
            yield project.name(path)
    if in_release:
        yield f"{project.name(project.release)}/"


def _is_named(name: str, page: bytes) -> bool:
    """Whether a page has a name as a word: in HTML it does not stand between quotes."""
    word = re.escape(html.escape(name).encode())
    return re.search(rb"(?<![\w-])" + word + rb"(?![\w-])", page) is not None


def _agreement_of(name: str) -> str:
    """The round whose agreement a file tells; empty for any other file."""
    path = Path(name)
    return path.parent.name if path.name in {AGREEMENT, PAGE} else ""


def _files(project: Project) -> Iterator[Path]:
    """Yield the files that are searched: not those that are kept for ever, nor the release."""
    kept = {project.ledger, project.withdrawn, project.baselines}
    for path in sorted(project.dataset.rglob("*")):
        below = path.is_relative_to(project.raw) or path.is_relative_to(project.release)
        if path.is_file() and path not in kept and not below:
            yield path
    yield from (path for path in sorted(project.private.glob("*.json")) if path.is_file())


def _raw(project: Project) -> list[Path]:
    return sorted(path for path in project.raw.rglob("*") if path.is_file())


def _raw_id(project: Project, path: Path) -> str:
    return path.relative_to(project.raw).with_suffix("").as_posix()
