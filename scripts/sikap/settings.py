"""What a project says of itself in ``[tool.sikap]`` of pyproject.toml, and how that is checked."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

import msgspec

from sikap import patterns
from sikap.dates import is_day
from sikap.errors import InputError, Problem, raise_if
from sikap.records import AnnotatorKind, Level

FORMS = {
    "name": (patterns.LINE, "write one line, without control characters"),
    "title": (patterns.LINE, "write one line, without control characters"),
    "licence": (patterns.LICENCE, "write an SPDX identifier, such as CC-BY-4.0"),
    "homepage": (patterns.WEB_PAGE, "write its address, such as https://example.org"),
    "published": (patterns.DAY, "write the day as 2026-03-18"),
    "version": (patterns.VERSION, "write it as 1.2.3"),
}
"""Settings that a release repeats: their patterns, and what to do."""
OPTIONAL = frozenset(("homepage", "published"))
"""Those of them that may be empty."""
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


def settings_of(tables: Mapping[str, Any]) -> Settings:
    """The settings in the tables of ``[tool.sikap]``.

    Raises InputError (``settings``) where they have other keys or types than a setting has, or else
    with every value that cannot be used.
    """
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


def wrong_language(language: str) -> Iterator[tuple[str, str]]:
    """Yield that a language is no language tag, and what to write instead."""
    if not patterns.LANGUAGE.fullmatch(language):
        yield f"language {language!r} is no language tag", patterns.suggest_language(language)


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
        if not (pattern.fullmatch(value) or (name in OPTIONAL and not value)):
            yield f"{name} {value!r}", fix
    yield from wrong_language(settings.language)
    for author in settings.authors:
        if not patterns.LINE.fullmatch(author):
            yield f"author {author!r}", FORMS["title"][1]
    day = settings.published
    if patterns.DAY.fullmatch(day) and not is_day(day):
        yield f"published {day!r} is in no calendar", FORMS["published"][1]
    for annotator in settings.annotators:
        if not patterns.ANNOTATOR.fullmatch(annotator):
            yield f"annotator {annotator!r}", "use up to 32 letters, digits, _ and -"
    for licence in filter(None, (settings.text_licence, *settings.allowed_licences)):
        if not patterns.LICENCE.fullmatch(licence):
            yield f"licence {licence!r}", FORMS["licence"][1]


def _wrong_splits(settings: Settings) -> Iterator[tuple[str, str]]:
    shares, held = settings.splits, settings.held_out
    positive = all(share > 0 for share in shares.values())  # nor NaN, which TOML can write
    if "train" not in shares or not positive or abs(sum(shares.values()) - 1) > 1e-9:
        yield f"splits {shares}", "give shares above 0, train among them, sum 1"
    for split in shares:
        if not patterns.SPLIT.fullmatch(split):
            yield f"split {split!r}", "use the letters a-z"
    if held != HeldOut() and "test" not in shares:
        yield "held_out without a test split", "give test a share of splits"
    if held.published_from is not None and not is_day(held.published_from):
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


def _wrong_columns(columns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield every column that is said to hold something else than a field of an article."""
    for field in columns:
        if field not in COLUMNS:
            yield f"columns.{field}: an article has no such field", f"use {', '.join(COLUMNS)}"
