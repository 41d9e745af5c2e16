"""The files of rules, read and checked: one a language, one an outlet."""

import functools
import tomllib
from pathlib import Path
from typing import TypeVar

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.languages.calendars import CalendarTable
from sikap.languages.pii import PrivateTable
from sikap.languages.regexes import unusable, with_blanks
from sikap.languages.sentence_ends import Stops

HERE = Path(__file__).resolve().parent
DEFAULT = "default"


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Lines(_Table, frozen=True):
    """``[lines]`` of a file: what the pieces of an article look like, as regular expressions."""

    dateline: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    byline_end: tuple[str, ...] = ()
    other_end: tuple[str, ...] = ()
    caption: tuple[str, ...] = ()
    heading: tuple[str, ...] = ()
    related_link: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    link_leads: tuple[str, ...] = ()
    contents: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    small: tuple[str, ...] = ()


class LanguageFile(_Table, frozen=True):
    """A language's file; ``segmenter`` is the language code that the segmenter is given.

    Without one it is given that of the article.
    """

    segmenter: str = ""
    heading_words: int = 14
    lines: Lines = Lines()
    stops: Stops = Stops()
    calendar: CalendarTable = CalendarTable()
    private: PrivateTable = PrivateTable()


class OutletFile(_Table, frozen=True):
    """An outlet's file; ``names`` are the outlets that select it, a domain all hosts below."""

    names: tuple[str, ...] = ()
    lines: Lines = Lines()


AnyFile = TypeVar("AnyFile", LanguageFile, OutletFile)


def known_languages() -> list[str]:
    """The languages that have rules of their own."""
    return sorted(path.stem for path in HERE.glob("*.toml") if path.stem != DEFAULT)


@functools.cache
def language_file(language: str) -> LanguageFile:
    """The file of a language, else the one of all others; raises InputError (``rules``)."""
    stem = language if language in known_languages() else DEFAULT
    path = HERE / f"{stem}.toml"
    rules, problems = read_file(path, f"languages/{path.name}", LanguageFile)
    raise_if(problems)
    if rules is None:
        raise InputError(_problem(path.name, "", "it is empty"))
    return rules


def outlet_files(folder: Path, name: str) -> tuple[dict[str, OutletFile], list[Problem]]:
    """The outlets' files in a folder by stem, and what is wrong with the others.

    ``name`` is the folder as people see it.
    """
    files, problems = {}, []
    for path in sorted(folder.glob("*.toml")):
        rules, found = read_file(path, f"{name}/{path.name}", OutletFile)
        problems += found
        if rules is not None:
            files[path.stem] = rules
    return files, problems


def read_file(path: Path, file: str, type_: type[AnyFile]) -> tuple[AnyFile | None, list[Problem]]:
    """One file of rules, or None where it is none, and every key of it that cannot be used."""
    try:
        rules = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), type_)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        return None, [_problem(file, "", f"it is not TOML in UTF-8: {error}")]
    except msgspec.ValidationError as error:
        return None, [_problem(file, "", str(error))]
    tables = {f"lines.{key}": one for key, one in msgspec.structs.asdict(rules.lines).items()}
    if isinstance(rules, LanguageFile):
        tables |= {"stops.always": rules.stops.always, "stops.goes_on": rules.stops.goes_on}
    problems = [
        _problem(file, key, f"{pattern!r} is no usable pattern: {reason}")
        for key, patterns in tables.items()
        for pattern in patterns
        if (reason := unusable(with_blanks(pattern)))
    ]
    if isinstance(rules, LanguageFile):
        for name, part in (("calendar", rules.calendar), ("private", rules.private)):
            problems += [_problem(file, f"{name}.{key}", found) for key, found in part.wrong()]
    return rules, problems


def _problem(file: str, key: str, found: str) -> Problem:
    fix = "correct it: the head of the shipped files says what each key means"
    return Problem(code="rules", file=file, id=key, found=found, fix=fix)
