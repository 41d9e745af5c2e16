"""Rules as data: what is peculiar to a language or an outlet, read from TOML files.

``<language>.toml`` beside this module holds the rules of a language, ``default.toml`` those of
every language that has none of its own. ``outlets/<outlet>.toml``, here or in a project's
``schema/outlets/``, adds what an outlet always prints; a project's file replaces a shipped one of
the same name. The head of each file says what its keys mean.
"""

import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.languages import calendars, privacy
from sikap.languages.calendars import Calendar, CalendarTable
from sikap.languages.hints import Hints, hints
from sikap.languages.privacy import Private, PrivateTable
from sikap.languages.stops import StopRules, Stops, compiled

HERE = Path(__file__).resolve().parent
DEFAULT = "default"
MACHINES = "en"
"""The language of the months in what machines write, such as the dates of mails."""
KINDS = ("other", "related_link", "byline", "caption", "heading")

# A blank in a pattern stands for any white space with at most one line break in it.
_BLANK = r"(?:[^\S\n]*\n[^\S\n]*|[^\S\n]+)"
_TOKEN = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])| +", re.DOTALL)
_NEVER = re.compile(r"(?!)")


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


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """The compiled rules for one language and outlet; a pattern without rules never matches.

    ``lines`` has a named group for each of ``KINDS`` and matches up to a line end; ``dateline``
    matches at the beginning of a line, ``byline_end`` and ``other_end`` at the end of one;
    ``never`` matches a text that ends in the full stop of an abbreviation which ends no sentence;
    ``stops`` is all that is known of the ends of sentences.
    ``calendar`` says how days are written, ``private`` what looks like data of private persons.
    ``hints`` say cheaply where some of these patterns cannot match.
    """

    heading_words: int
    lines: re.Pattern[str]
    dateline: re.Pattern[str]
    byline_end: re.Pattern[str]
    other_end: re.Pattern[str]
    link_lead: re.Pattern[str]
    contents: re.Pattern[str]
    unfinished: re.Pattern[str]
    small: re.Pattern[str]
    never: re.Pattern[str]
    stops: StopRules
    calendar: Calendar
    private: Private
    hints: Hints


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One pattern of ``[lines]`` by itself, with where it stands: file, key and number from 1.

    ``compiled`` matches what the pattern alone matches of those that ``Rules`` has together.
    """

    file: str
    key: str
    number: int
    pattern: str
    compiled: re.Pattern[str]


AnyFile = TypeVar("AnyFile", LanguageFile, OutletFile)


class RuleBook:
    """All rules that a project can use.

    ``outlets`` is the project's own folder of outlet files; it need not exist. Raises InputError
    (``rules``) with every file and key that cannot be used.
    """

    def __init__(self, outlets: Path | None = None) -> None:
        shipped, problems = _read_folder(HERE / "outlets", "languages/outlets")
        own, more = _read_folder(outlets, "schema/outlets") if outlets else ({}, [])
        raise_if(problems + more)
        self._outlets = {
            name.casefold(): rules
            for stem, rules in (shipped | own).items()
            for name in (stem, *rules.names)
        }
        self._files = {
            stem: f"{'schema' if stem in own else 'languages'}/outlets/{stem}.toml"
            for stem in shipped | own
        }
        self._stems = {
            name.casefold(): stem
            for stem, rules in (shipped | own).items()
            for name in (stem, *rules.names)
        }
        self._compiled: dict[tuple[str, str], Rules] = {}

    def rules(self, language: str, outlet: str | None = None) -> Rules:
        """The rules for an article; a language or outlet that is not known adds none."""
        key = language.partition("-")[0].casefold(), self._known(outlet)
        if key not in self._compiled:
            lines = self._outlets[key[1]].lines if key[1] in self._outlets else Lines()
            self._compiled[key] = _compile(key[0], lines)
        return self._compiled[key]

    def each(self, language: str, outlet: str | None = None) -> tuple[Rule, ...]:
        """The patterns of ``[lines]`` one by one, in the order in which they are tried."""
        code, name = language.partition("-")[0].casefold(), self._known(outlet)
        stem, own = _own_lines(code)
        files = [(f"languages/{stem}.toml", own)]
        if name in self._outlets:
            files.insert(0, (self._files[self._stems[name]], self._outlets[name].lines))
        return tuple(
            Rule(
                file=file,
                key=key,
                number=number,
                pattern=pattern,
                compiled=_alone(key, pattern),
            )
            for key in Lines.__struct_fields__
            for file, lines in files
            for number, pattern in enumerate(getattr(lines, key), 1)
        )

    def _known(self, outlet: str | None) -> str:
        """The name by which rules of an outlet are known: of a host its own or a domain above."""
        name = (outlet or "").casefold()
        while name not in self._outlets and "." in name:
            name = name.partition(".")[2]
            if "." not in name:
                return ""
        return name if name in self._outlets else ""


def known_languages() -> list[str]:
    """The languages that have rules of their own."""
    return sorted(path.stem for path in HERE.glob("*.toml") if path.stem != DEFAULT)


@functools.cache
def _language(language: str) -> LanguageFile:
    stem = language if language in known_languages() else DEFAULT
    path = HERE / f"{stem}.toml"
    rules, problems = _read(path, f"languages/{path.name}", LanguageFile)
    raise_if(problems)
    if rules is None:
        raise InputError(_problem(path.name, "", "it is empty"))
    return rules


def _read_folder(folder: Path, name: str) -> tuple[dict[str, OutletFile], list[Problem]]:
    files, problems = {}, []
    for path in sorted(folder.glob("*.toml")):
        rules, found = _read(path, f"{name}/{path.name}", OutletFile)
        problems += found
        if rules is not None:
            files[path.stem] = rules
    return files, problems


def _read(path: Path, file: str, type_: type[AnyFile]) -> tuple[AnyFile | None, list[Problem]]:
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
        if (reason := _unusable(pattern))
    ]
    if isinstance(rules, LanguageFile):
        for name, part in (("calendar", rules.calendar), ("private", rules.private)):
            problems += [_problem(file, f"{name}.{key}", found) for key, found in part.wrong()]
    return rules, problems


def _unusable(pattern: str) -> str:
    try:
        compiled = re.compile(_with_blanks(pattern))
    except re.error as error:
        return str(error)
    if compiled.groups:
        return "write (?:…) for (…)"
    return "it matches the empty text" if compiled.match("") else ""


def _problem(file: str, key: str, found: str) -> Problem:
    fix = "correct it: the head of the shipped files says what each key means"
    return Problem(code="rules", file=file, id=key, found=found, fix=fix)


def _with_blanks(pattern: str) -> str:
    return _TOKEN.sub(lambda match: match[1] or _BLANK, pattern)


def _any(patterns: Iterable[str], form: str, flags: int = 0) -> re.Pattern[str]:
    joined = "|".join(f"(?:{_with_blanks(pattern)})" for pattern in patterns)
    return re.compile(form.format(joined), flags) if joined else _NEVER


_LINE_END = r"[^\S\n]*(?=\n|\Z)"
_FORMS: Mapping[str, tuple[str, int]] = {
    "dateline": ("(?:{0})", 0),
    "byline_end": (r"(?:{0})\s*\Z", 0),
    "other_end": (r"(?:{0})\s*\Z", 0),
    "link_leads": (r"(?:{0})[^\S\n]*(?P<colon>:?)[^\S\n]*", re.IGNORECASE),
    "contents": (r"(?:{0})[^\S\n]*:?[^\S\n]*(?=\n|\Z)", re.IGNORECASE),
    "unfinished": (r"(?:^|(?<=\W))(?:{0})\Z", re.IGNORECASE),
    "small": (r"(?:{0})\b", 0),
}


@functools.cache
def _alone(key: str, pattern: str) -> re.Pattern[str]:
    form, flags = _FORMS.get(key, ("(?:{0})" + _LINE_END, 0))
    return _any([pattern], form, flags)


def _own_lines(code: str) -> tuple[str, Lines]:
    """The ``[lines]`` that hold for a language, with the stem of the file that has them."""
    lines = _language(code).lines if code in known_languages() else Lines()
    return (code, lines) if lines != Lines() else (DEFAULT, _language(DEFAULT).lines)


def _compile(code: str, outlet: Lines) -> Rules:
    language = _language(code)
    own = _own_lines(code)[1]
    lines: Mapping[str, tuple[str, ...]] = {
        key: getattr(outlet, key) + getattr(own, key) for key in Lines.__struct_fields__
    }
    kinds = [
        f"(?P<{kind}>{'|'.join(f'(?:{_with_blanks(one)})' for one in lines[kind])})"
        for kind in KINDS
        if lines[kind]
    ]
    machines = _language(MACHINES).calendar
    together = {key: _any(lines[key], *form) for key, form in _FORMS.items()}
    return Rules(
        heading_words=language.heading_words,
        lines=re.compile(rf"(?:{'|'.join(kinds)}){_LINE_END}") if kinds else _NEVER,
        dateline=together["dateline"],
        byline_end=together["byline_end"],
        other_end=together["other_end"],
        link_lead=together["link_leads"],
        contents=together["contents"],
        unfinished=together["unfinished"],
        small=together["small"],
        never=_any(map(re.escape, language.stops.never), r"(?:^|(?<=[\W_]))(?:{0})\.\Z"),
        stops=compiled(language.stops, language.segmenter or code),
        calendar=calendars.compiled(language.calendar, machines),
        private=privacy.compiled(language.private),
        hints=hints(lines["other_end"], lines["link_leads"], language.stops.never),
    )
