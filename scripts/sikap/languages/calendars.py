"""How a language writes days: ``[calendar]`` of its file, made into patterns."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import msgspec

Names = tuple[str, ...]
TIME = r"(?:[01]?\d|2[0-4])[.:][0-5]\d(?:[.:][0-5]\d)?"
# Bounded: gaps that follow each other would be tried in every way over a long run of blanks.
_GAP = r"\s{1,4}"
_MAYBE = r"\s{0,4}"
_COMMA = rf"{_MAYBE},?{_MAYBE}"


class CalendarTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[calendar]`` of a file: names as they are written, each month's and weekday's a list.

    Weekdays begin with Monday. ``order`` is that of a day written in numbers, empty where that
    differs from place to place.
    """

    order: Literal["dmy", "mdy", ""] = ""
    months: Annotated[tuple[Names, ...], msgspec.Meta(max_length=12)] = ()
    weekdays: Annotated[tuple[Names, ...], msgspec.Meta(max_length=7)] = ()
    weekdays_short: Annotated[tuple[Names, ...], msgspec.Meta(max_length=7)] = ()
    beside: Names = ()
    eves: Names = ()
    clocks: Names = ()
    zones: Names = ()
    published: Names = ()

    def wrong(self) -> Iterator[tuple[str, str]]:
        """Yield each key that cannot be used, and why."""
        for key, size in (("months", 12), ("weekdays", 7), ("weekdays_short", 7)):
            lists = getattr(self, key)
            if lists and (len(lists) != size or not all(lists)):
                yield key, f"it has {len(lists)} lists, some of them empty: write {size} with names"
        for key, value in msgspec.structs.asdict(self).items():
            names = value if key != "order" else ()
            flat = [one for name in names for one in ((name,) if isinstance(name, str) else name)]
            if any(not name.strip() for name in flat):
                yield key, "a name is empty"


class Calendar(msgspec.Struct, frozen=True, kw_only=True):
    """The compiled calendar of a language.

    ``months`` and ``weekdays`` map casefolded names to numbers, from 1 for January and 0 for
    Monday; ``in_text`` are the weekdays as they stand in a text. ``day`` finds a day with its
    year, ``weekday`` matches a weekday with the day beside it, which needs no year:
    `sikap.articles.publication_date` reads their groups. ``unsure`` matches the end of what
    stands before a weekday that is not of the day beside it. ``stamp`` matches a line that is a
    weekday, a day and a time alone, ``head`` the place and the day of a dateline.
    """

    order: str
    months: dict[str, int]
    weekdays: dict[str, int]
    in_text: Names
    day: re.Pattern[str]
    weekday: re.Pattern[str]
    unsure: re.Pattern[str]
    stamp: re.Pattern[str]
    head: re.Pattern[str]


def compiled(table: CalendarTable, others: CalendarTable) -> Calendar:
    """The calendar of a table; ``others`` gives the names of months that machines write."""
    months = _numbers(others.months, 1) | _numbers(table.months, 1)
    day, word = _day(months), r"(?![a-z])[^\W\d_][\w.'’-]*"
    return Calendar(
        order=table.order,
        months=months,
        weekdays=_numbers(table.weekdays, 0),
        in_text=_in_text(table),
        day=re.compile(day, re.IGNORECASE),
        weekday=_weekday(table, months),
        unsure=_unsure(table),
        stamp=re.compile(_stamp(table, day), re.IGNORECASE),
        head=re.compile(
            rf"\s*{word}(?:[^\S\n]+{word}){{0,4}}[^\S\n]*(?:,\s*|\(){_case(day)}\)?"
            r"[^\S\n]*(?:\([^()\n]{1,30}\)[^\S\n]*)?(?:--+|[–—]|-)"
        ),
    )


def _case(pattern: str) -> str:
    return f"(?i:{pattern})"


def _stamp(table: CalendarTable, day: str) -> str:
    weekday = _names(
        (one for names in (*table.weekdays, *table.weekdays_short) for one in names), letters=True
    )
    zone = rf"(?:{_names(table.zones)}|UTC|GMT|[+-]\d\d:?\d\d|[()]|{_GAP})"
    clock = rf"(?:[,|/–—-]|{_names(table.clocks)}|{_GAP})"
    time = rf"(?:{clock}{{1,8}}{TIME}(?:{_GAP}?[ap]\.?m\.?)?{zone}{{0,6}})?"
    lead = rf"(?P<lead>{_names(table.published, letters=True)})(?:\s*:|\s+\w{{2,4}}\b)?"
    outlet = r"(?:\w+\.){1,3}(?:com|co|id|net|tv|org|news|info|media)"
    gap = r"[\s,|/–—-]"
    return (
        rf"{gap}{{0,4}}(?:(?:{lead}|{outlet}){gap}{{0,4}})?(?:{weekday}{gap}{{0,4}})?"
        rf"\(?{day}\)?{time}\s*\Z"
    )


def _day(months: Iterable[str]) -> str:
    """A pattern for a day with its year.

    Its groups begin with y, m and d, with n for the name of a month, or with a and b where the
    language says which of the two is the day.
    """
    named = _names(months, letters=True)
    comma = r"[-\s,]{1,3}"
    forms = (
        r"(?<!\d)(?P<y1>\d{4})(?P<s1>[-/.])(?P<m1>\d{1,2})(?P=s1)(?P<d1>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<y2>\d{4})\s?年\s?(?P<m2>\d{1,2})\s?月\s?(?P<d2>\d{1,2})\s?日",
        r"(?<![\d/.-])(?P<a3>\d{1,2})(?P<s3>[-/.])(?P<b3>\d{1,2})(?P=s3)(?P<y3>\d{4})(?![\d/-])",
        rf"(?<![\d/.-])(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?[-\s.]{{1,3}}(?P<n4>{named})\.?{comma}"
        r"(?P<y4>\d{4})(?!\d)",
        rf"(?P<n5>{named})\.?\s{{1,3}}(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?{comma}(?P<y5>\d{{4}})(?!\d)",
        # As C writes it: Thu Nov 23 10:15:00 2023 has its year last.
        rf"(?P<n6>{named})\s{{1,3}}(?P<d6>\d{{1,2}})\s{{1,3}}{TIME}\s{{1,3}}"
        r"(?:(?:[+-]\d{4}|[A-Z]{2,5})\s{1,3})?(?P<y6>\d{4})(?!\d)",
    )
    return f"(?:{'|'.join(forms)})"


def _weekday(table: CalendarTable, months: Iterable[str]) -> re.Pattern[str]:
    """A whole weekday, words such as "malam", and the day; the year may be missing."""
    beside = rf"(?:{_GAP}(?i:{_names(table.beside)}))" if table.beside else "(?!)"
    named = rf"(?i:{_names(months, letters=True)})"
    day = r"(?:st|nd|rd|th)?"
    forms = (
        r"(?P<a1>\d{1,2})(?P<s1>[/.-])(?P<b1>\d{1,2})(?P=s1)(?P<y1>\d{4})(?![\d/-])",
        r"(?P<a2>\d{1,2})(?P<s2>[/-])(?P<b2>\d{1,2})(?P=s2)(?P<y2>\d\d)(?![\d/-])",
        r"(?P<a3>\d{1,2})/(?P<b3>\d{1,2})(?![\d/-])",
        rf"(?P<d4>\d{{1,2}}){day}{_GAP}(?P<n4>{named})\.?{_year('y4')}",
        rf"(?P<n5>{named})\.?{_GAP}(?P<d5>\d{{1,2}}){day}(?![\d:.-]+\d){_year('y5')}",
        r"(?P<y6>\d{4})(?P<s6>[-/])(?P<m6>\d{1,2})(?P=s6)(?P<d6>\d{1,2})(?!\d)",
    )
    names = _names(_in_text(table), letters=True)
    return re.compile(
        rf"(?P<weekday>{names}){beside}{{0,3}}{_COMMA}\(?{_MAYBE}(?:{'|'.join(forms)})"
    )


def _year(group: str) -> str:
    return rf"(?:,?{_GAP}(?P<{group}>\d{{4}})(?!\d)|(?!,?{_GAP}\d{{4}}))"


def _in_text(table: CalendarTable) -> Names:
    """Weekdays as they stand in a text: in small letters they can be another word, as "minggu"."""
    names = [name for names in table.weekdays for name in names]
    return tuple(sorted({*names, *(name.upper() for name in names)}))


def _unsure(table: CalendarTable) -> re.Pattern[str]:
    """What before a weekday says that the day is not its own: another weekday, or an eve."""
    names = _names((name for names in table.weekdays for name in names), letters=True)
    return re.compile(
        rf"(?:{names}\W{{1,4}}(?:\w+\W{{1,3}})?|{_names(table.eves)}\s+)\Z", re.IGNORECASE
    )


def _numbers(lists: tuple[Names, ...], first: int) -> dict[str, int]:
    return {name.casefold(): n for n, names in enumerate(lists, first) for name in names}


def _names(names: Iterable[str], *, letters: bool = False) -> str:
    """An alternation of names, the longest first; with ``letters`` no letter stands beside it."""
    ordered = sorted(set(names), key=lambda name: (-len(name), name))
    joined = "|".join(r"\s+".join(map(re.escape, name.split())) for name in ordered)
    if not joined:
        return "(?!)"
    return rf"(?<![^\W\d_])(?:{joined})(?![^\W\d_])" if letters else rf"(?:{joined})"
