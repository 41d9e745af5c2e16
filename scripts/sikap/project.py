"""A dataset project: the folder that holds it, its settings, and where everything lies in it."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.labelling_config import read_scheme
from sikap.records import AnnotatorKind, Level
from sikap.scheme import Scheme
from sikap.store import read_bytes

ROUND_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
LINE = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]+$"
FORMS = {
    "name": (LINE, "write one line, without control characters"),
    "title": (LINE, "write one line, without control characters"),
    "language": (r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", "write a BCP 47 tag, such as id or id-ID"),
    "licence": (r"^[A-Za-z0-9][A-Za-z0-9.+() :-]*$", "write an SPDX identifier, such as CC-BY-4.0"),
    "homepage": (r"^(https?://[^\s]+)?$", "write its address, such as https://example.org"),
    "published": (r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$", "write the day as 2026-03-18"),
    "version": (r"^[0-9]+\.[0-9]+\.[0-9]+$", "write it as 1.2.3"),
}
"""Settings that a release repeats: the patterns of release.schema.json, and what to do."""
COLUMNS = (
    "article_id", "text", "title", "author", "outlet", "published", "licence", "language", "source",
)  # fmt: skip
"""Fields of an article that columns of a table can hold."""


class RosterEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the project says of one annotator; the key beside it is the pseudonym."""

    kind: AnnotatorKind
    qualifications: str = ""


class HeldOut(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[tool.sikap.held_out]``: new articles that go to test always, with their copies.

    They are those of some outlets, and those published on a day, as 2026-06-01, or later.
    """

    outlets: tuple[str, ...] = ()
    published_from: str | None = None


class Copies(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[tool.sikap.copies]``: how much two articles must share to be copies of each other.

    They are where the Jaccard index of their shingles, runs of so many words (of characters in a
    script without spaces), is ``threshold`` or more.
    """

    words: Annotated[int, msgspec.Meta(ge=1, le=20)] = 3
    characters: Annotated[int, msgspec.Meta(ge=1, le=40)] = 6
    threshold: Annotated[float, msgspec.Meta(ge=0.2, le=1)] = 0.5


class Threshold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[[tool.sikap.thresholds]]``: what the agreement in a round must reach, or be told.

    ``of`` is a control, or ``spans`` for all marked mentions; ``value`` one value of it against all
    others, or one span label. ``figure`` is a key of `agreement.definitions`. Where ``bound`` is
    ``low`` it is the lower end of the interval that must reach ``at_least``.
    """

    of: str
    value: str | None = None
    figure: str
    at_least: Annotated[float, msgspec.Meta(gt=0, le=1)]
    bound: Literal["value", "low"] = "value"
    below: Literal["refuse", "warn"] = "refuse"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``[tool.sikap]`` of the project's pyproject.toml; every key is documented in the README."""

    name: str
    title: str
    summary: str
    language: str
    licence: str
    version: str
    homepage: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    uses: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    task_ids: tuple[str, ...] = ()
    text_origin: Literal["found", "machine-generated", "expert-generated", "crowdsourced"] = "found"
    text: Literal["full", "standoff"] = "full"
    drop_urls: bool = False
    text_licence: str = ""
    allowed_licences: tuple[str, ...] = ()
    config: str = "schema/stance_entities.xml"
    guidelines: str = "schema/guidelines.md"
    span_key: tuple[str, ...] = ()
    open_labels: Literal["refuse", "null"] = "refuse"
    splits: dict[str, float] = msgspec.field(
        default_factory=lambda: {"train": 0.8, "validation": 0.1, "test": 0.1}
    )
    shard_bytes: Annotated[int, msgspec.Meta(ge=1)] = 500_000_000
    held_out: HeldOut = HeldOut()
    columns: dict[str, str] = {}
    copies: Copies = Copies()
    private: Literal["keep", "exclude"] = "keep"
    leakage: Literal["report", "refuse"] = "report"
    gold_bar: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.8
    levels: dict[str, Level] = {}
    thresholds: tuple[Threshold, ...] = ()
    annotators: dict[str, RosterEntry] = {}


class Project:
    """The folders and files of one dataset project.

    ``root`` is the folder whose pyproject.toml has ``[tool.sikap]``. Raises InputError where a
    setting leads out of it.
    """

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root = root.resolve()
        self.settings = settings
        self.dataset = self.root / "dataset"
        self.raw = self.dataset / "raw"
        self.articles = self.dataset / "articles.jsonl"
        self.warnings = self.dataset / "warnings.jsonl"
        self.rejects = self.dataset / "rejects.jsonl"
        self.sentences = self.dataset / "sentences.jsonl"
        self.rounds = self.dataset / "rounds"
        self.labels = self.dataset / "labels.jsonl"
        self.withdrawn = self.dataset / "withdrawn.jsonl"
        self.anchors = self.dataset / "anchors.jsonl"
        self.orphans = self.dataset / "orphans.jsonl"
        self.ledger = self.dataset / "splits.json"
        self.baselines = self.dataset / "baselines.json"
        self.release = self.dataset / "release"
        self.answers = self.root / "datasheet.toml"
        self.datasheet = self.root / "DATASHEET.md"
        self.config = self.inside(settings.config)
        self.guidelines = self.inside(settings.guidelines)
        self.outlets = self.root / "schema" / "outlets"
        self.private = self.root / ".sikap"
        self.lock = self.private / "lock"
        self.users = self.private / "annotators.json"
        self.studio = self.private / "studio"
        self.studios = self.private / "studios"
        self.servers = self.private / "servers.json"
        self.journals = self.private / "journals"

    def with_texts(
        self, text: Literal["full", "standoff"] | None = None, *, drop_urls: bool | None = None
    ) -> "Project":
        """The project with other settings of the same names; None leaves a setting as it is."""
        wishes = {"text": text, "drop_urls": drop_urls}
        changes = {name: wish for name, wish in wishes.items() if wish is not None}
        return Project(self.root, msgspec.structs.replace(self.settings, **changes))

    def inside(self, path: str) -> Path:
        """A path of the settings, resolved; raises InputError where it leaves the project."""
        resolved = (self.root / path).resolve()
        if not resolved.is_relative_to(self.root):
            found, fix = f"{path!r} leaves the project", "name a path inside the project"
            problem = Problem(code="outside-project", file="pyproject.toml", found=found, fix=fix)
            raise InputError(problem)
        return resolved

    def name(self, path: Path) -> str:
        """A path as people see it: relative to the project where it lies inside."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )

    def round(self, round_id: str) -> Path:
        """The folder of a round; raises InputError for an id that is no plain file name."""
        if not ROUND_ID.fullmatch(round_id):
            found = f"{round_id!r} cannot name a round"
            fix = "use up to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit"
            raise InputError(Problem(code="round-id", id=round_id[:80], found=found, fix=fix))
        return self.rounds / round_id

    def journal(self, round_id: str) -> Path:
        """The file with what push has sent of a round."""
        return self.journals / f"{self.round(round_id).name}.jsonl"

    def scheme(self) -> Scheme:
        """The scheme in the project's labelling config."""
        file = self.name(self.config)
        data = read_bytes(self.config, file, "write a Label Studio config there")
        return read_scheme(data, file, self.settings.span_key)


def open_project(start: Path) -> Project:
    """The project at ``start`` or the nearest folder upwards that has one.

    Raises InputError where there is none or its settings are wrong.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        tables = _tables(folder / "pyproject.toml")
        if tables is not None:
            return Project(folder, _settings(tables))
    found = f"neither {start} nor a folder above it holds a sikap project"
    fix = "go to one, name one with --project, or make one with 'sikap init DIR'"
    raise InputError(Problem(code="no-project", found=found, fix=fix))


def _tables(path: Path) -> Mapping[str, Any] | None:
    if not path.is_file():
        return None
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        found, fix = f"it is not TOML: {error}", "correct it"
        raise InputError(Problem(code="settings", file=path.name, found=found, fix=fix)) from error
    tool = content.get("tool")
    tables: Mapping[str, Any] | None = tool.get("sikap") if isinstance(tool, dict) else None
    return tables


def _settings(tables: Mapping[str, Any]) -> Settings:
    try:
        settings = msgspec.convert(tables, Settings)
    except msgspec.ValidationError as error:
        problem = Problem(
            code="settings",
            file="pyproject.toml",
            id="tool.sikap",
            found=str(error),
            fix="correct it: the README lists every setting",
        )
        raise InputError(problem) from error
    _check(settings)
    return settings


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _check(settings: Settings) -> None:
    """Raise InputError with everything that is wrong with the values of settings."""
    found = [*_wrong_words(settings), *_wrong_splits(settings), *_wrong_thresholds(settings)]
    found += _wrong_columns(settings.columns)
    raise_if(
        Problem(code="settings", file="pyproject.toml", id="tool.sikap", found=what, fix=fix)
        for what, fix in found
    )


def _wrong_words(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield what a setting is that has no place on a card, and what to write instead."""
    for name, (pattern, fix) in FORMS.items():
        value = getattr(settings, name)
        if not re.fullmatch(pattern, value):
            yield f"{name} {value!r}", fix
    for author in settings.authors:
        if not re.fullmatch(LINE, author):
            yield f"author {author!r}", FORMS["title"][1]
    day, (pattern, fix) = settings.published, FORMS["published"]
    if day and re.fullmatch(pattern, day) and not _is_day(day):
        yield f"published {day!r} is in no calendar", fix
    for annotator in settings.annotators:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,32}", annotator):
            yield f"annotator {annotator!r}", "use up to 32 letters, digits, _ and -"
    pattern, fix = FORMS["licence"]
    for licence in filter(None, (settings.text_licence, *settings.allowed_licences)):
        if not re.fullmatch(pattern, licence):
            yield f"licence {licence!r}", fix


def _wrong_splits(settings: Settings) -> Iterator[tuple[str, str]]:
    shares, held = settings.splits, settings.held_out
    positive = all(share > 0 for share in shares.values())  # nor NaN, which TOML can write
    if "train" not in shares or not positive or abs(sum(shares.values()) - 1) > 1e-9:
        yield f"splits {shares}", "give shares above 0, train among them, sum 1"
    for split in shares:
        if not re.fullmatch(r"[a-z]+", split):
            yield f"split {split!r}", "use the letters a-z"
    if held != HeldOut() and "test" not in shares:
        yield "held_out without a test split", "give test a share of splits"
    if held.published_from is not None and not _is_day(held.published_from):
        found = f"held_out.published_from {held.published_from!r}"
        yield found, "write a day as 2026-06-01, between quotes"


def _wrong_thresholds(settings: Settings) -> Iterator[tuple[str, str]]:
    """Yield every threshold that says the same as another, with another number or the same."""
    seen = set()
    for one in settings.thresholds:
        what = f"{one.of} = {one.value}" if one.value is not None else one.of
        key = (one.of, one.value, one.figure, one.bound, one.below)
        if key in seen:
            yield f"two thresholds for {one.figure} of {what} that {one.below}", "delete one"
        seen.add(key)


def columns_of(options: Iterable[str]) -> dict[str, str]:
    """What options such as ``text=isi`` say; raises InputError where one does not say it so."""
    parts = [option.partition("=") for option in options]
    columns = {field.strip(): name for field, _, name in parts}
    wrong = [*_wrong_columns(columns)]
    wrong += [
        (f"--column {field!r}", "write it as FIELD=NAME, such as text=isi")
        for field, equals, _ in parts
        if not equals and field.strip() in COLUMNS
    ]
    raise_if(Problem(code="settings", found=what, fix=fix) for what, fix in wrong)
    return columns


def _wrong_columns(columns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield every column that is said to hold something else than a field of an article."""
    for field in columns:
        if field not in COLUMNS:
            yield f"columns.{field}: an article has no such field", f"use {', '.join(COLUMNS)}"
