"""All rules that hold for a language and an outlet, compiled from their files."""

import functools
import re
from collections.abc import Mapping

import msgspec

from sikap.languages import calendars, pii, sentence_ends
from sikap.languages.calendars import Calendar
from sikap.languages.load import DEFAULT, Lines, known_languages, language_file
from sikap.languages.pii import Private
from sikap.languages.prefilters import Hints, hints
from sikap.languages.regexes import NEVER, any_of, with_blanks
from sikap.languages.sentence_ends import StopRules

MACHINES = "en"
"""The language of the months in what machines write, such as the dates of mails."""
KINDS = ("other", "related_link", "byline", "caption", "heading")
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


def compiled(code: str, outlet: Lines) -> Rules:
    """The rules of a language with those of an outlet before them; raises InputError."""
    language = language_file(code)
    own = own_lines(code)[1]
    lines: Mapping[str, tuple[str, ...]] = {
        key: getattr(outlet, key) + getattr(own, key) for key in Lines.__struct_fields__
    }
    kinds = [
        f"(?P<{kind}>{'|'.join(f'(?:{with_blanks(one)})' for one in lines[kind])})"
        for kind in KINDS
        if lines[kind]
    ]
    machines = language_file(MACHINES).calendar
    together = {key: any_of(map(with_blanks, lines[key]), *form) for key, form in _FORMS.items()}
    never = [with_blanks(re.escape(word)) for word in language.stops.never]
    return Rules(
        heading_words=language.heading_words,
        lines=re.compile(rf"(?:{'|'.join(kinds)}){_LINE_END}") if kinds else NEVER,
        dateline=together["dateline"],
        byline_end=together["byline_end"],
        other_end=together["other_end"],
        link_lead=together["link_leads"],
        contents=together["contents"],
        unfinished=together["unfinished"],
        small=together["small"],
        never=any_of(never, r"(?:^|(?<=[\W_]))(?:{0})\.\Z"),
        stops=sentence_ends.compiled(language.stops, language.segmenter or code),
        calendar=calendars.compiled(language.calendar, machines),
        private=pii.compiled(language.private),
        hints=hints(lines["other_end"], lines["link_leads"], language.stops.never),
    )


@functools.cache
def alone(key: str, pattern: str) -> re.Pattern[str]:
    """One pattern of a key of ``[lines]``, matching what it matches among all of that key."""
    form, flags = _FORMS.get(key, ("(?:{0})" + _LINE_END, 0))
    return any_of([with_blanks(pattern)], form, flags)


def own_lines(code: str) -> tuple[str, Lines]:
    """The ``[lines]`` that hold for a language, with the stem of the file that has them."""
    lines = language_file(code).lines if code in known_languages() else Lines()
    return (code, lines) if lines != Lines() else (DEFAULT, language_file(DEFAULT).lines)
