"""Days of publication, however a source writes them, and days that contradict their weekday.

How a language writes days is data, ``[calendar]`` of its rules. No clock is read and no day moved
to another zone: a day is the one that stands there.
"""

import calendar
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

import msgspec

from sikap.dates import moment_of
from sikap.languages import RuleBook, Rules
from sikap.languages.calendars import Calendar

Day = tuple[int, int, int]
"""Year, month and day of the month."""

LONGEST = 200
"""Code points of the longest value that is taken for a day."""
HEAD_LINES, FOOT_LINES, LINE = 8, 5, 120
FIRST_YEAR = 1900
"""Before it weekdays are not checked: countries changed their calendars until then."""
_WINDOW = 40
_FAR = 10**15
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{6})?")
_SECONDS = re.compile(r"-?\d{9,10}(?:\.\d+)?")
_MILLISECONDS = re.compile(r"\d{12,13}(?:\.\d+)?")
_ENDED = re.compile(r"[.!?]['\"”’)]*\Z")


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """A weekday and the day beside it at ``[start, end)``, which do not fit.

    ``day`` is the day that is meant, as 2023-11-23, and ``weekday`` its number, 0 for Monday; both
    are None where the month has no such day.
    """

    start: int
    end: int
    day: str | None
    weekday: int | None


def iso_day(value: str | int | float, language: str) -> str | None:
    """The day that a value names, as 2023-11-23; None where it names none, or more than one.

    A text may hold whatever else it likes. A day in a zone stays as it is written there. Numbers,
    and texts of digits alone, are 20231123 or seconds or milliseconds since 1970, whose day is that
    of UTC, for they name no zone. Where the language does not say whether 9/11 begins with the day,
    it is none; neither is a day that there is not, nor one that needs another order.
    """
    if isinstance(value, bool) or (not isinstance(value, str) and not abs(value) < _FAR):
        return None  # nor what is no number at all
    text = str(value).strip() if isinstance(value, str) else _digits(value)
    if not text or len(text) > LONGEST:
        return None
    if compact := _COMPACT.fullmatch(text):
        return _iso(_real(*map(int, compact.groups())))
    if _SECONDS.fullmatch(text):
        return (moment_of(float(text)) or "")[:10] or None
    if _MILLISECONDS.fullmatch(text):
        return (moment_of(float(text) / 1000) or "")[:10] or None
    rules = _rules(language).calendar
    days = {_day(match, rules) for match in rules.day.finditer(text)}
    return _iso(days.pop()) if len(days) == 1 else None


def published_in(text: str, rules: Rules) -> str | None:
    """The day on which a text says that it was published; None where it does not, or says two.

    It says so in a dateline with a whole day, in a line of its head that is a day, with its weekday
    and time or without, or in a line of head or foot such as "Published: June 9, 2025".
    """
    table = rules.calendar
    lines = [line for line in islice(_lines(text), HEAD_LINES + 1) if line.strip()]
    announced: set[Day | None] = set()
    stamped: set[Day | None] = set()
    for line in lines:
        if len(line) > LINE or _ENDED.search(line.strip()):
            break
        if stamp := table.stamp.match(line):
            (announced if stamp["lead"] else stamped).add(_day(stamp, table))
    for line in text[-LINE * FOOT_LINES :].split("\n")[-FOOT_LINES:]:
        if len(line) <= LINE and (stamp := table.stamp.match(line)) and stamp["lead"]:
            announced.add(_day(stamp, table))
    days = announced or stamped
    if not days:
        heads = (table.head.match(line[: LINE + LINE]) for line in lines[:3])
        days = {_day(head, table) for head in heads if head}
    return _iso(days.pop()) if len(days) == 1 else None


def contradictions(text: str, rules: Rules, published: str | None) -> Iterator[Contradiction]:
    """Yield the weekdays of a text that contradict the day beside them, in order.

    A day without a year is the nearest such day to ``published``, and says nothing without it.
    """
    table = rules.calendar
    places = sorted({place for name in table.in_text for place in _found(text, name)})
    end = 0
    for place in places:
        match = table.weekday.match(text, place) if place >= end else None
        if match is None or table.unsure.search(text[max(0, place - _WINDOW) : place]):
            continue
        end = match.end()
        meant = list(_meant(_parts(match), table, published))
        written = table.weekdays[_plain(match["weekday"])]
        if not meant or any(_weekday(day) in (None, written) for day in meant if day):
            continue
        day = next((day for day in meant if day), None)
        yield Contradiction(
            start=place, end=end, day=_iso(day), weekday=_weekday(day) if day else None
        )


def _digits(number: float) -> str:
    return str(number) if isinstance(number, int) else f"{number:.3f}".rstrip("0").rstrip(".")


@cache
def _book() -> RuleBook:
    return RuleBook()


def _rules(language: str) -> Rules:
    return _book().rules(language)


def _lines(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield text[start:end]
        start = end + 1


def _found(text: str, name: str) -> Iterator[int]:
    place = text.find(name)
    while place >= 0:
        yield place
        place = text.find(name, place + len(name))


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _parts(match: re.Match[str]) -> dict[str, str]:
    """The groups of the form that matched, by the first letters of their names."""
    return {name[0]: value for name, value in match.groupdict().items() if value is not None}


def _day(match: re.Match[str], table: Calendar) -> Day | None:
    parts = _parts(match)
    days = list(_orders(parts, table, int(parts["y"])))
    return days[0] if len(days) == 1 else None


def _orders(parts: dict[str, str], table: Calendar, year: int) -> Iterator[Day | None]:
    """What a day can be: one, or two where its numbers may stand in either order.

    None stands for a day that there is not.
    """
    if "n" in parts:
        yield _real(year, table.months[_plain(parts["n"])], int(parts["d"]))
    elif "m" in parts:
        yield _real(year, int(parts["m"]), int(parts["d"]))
    elif table.order:
        day, month = (parts["a"], parts["b"])[:: 1 if table.order == "dmy" else -1]
        yield _real(year, int(month), int(day))
    else:
        one, other = int(parts["a"]), int(parts["b"])
        yield from {_real(year, one, other), _real(year, other, one)} - {None} or {None}


def _meant(parts: dict[str, str], table: Calendar, published: str | None) -> Iterator[Day | None]:
    """The days that a day in a text can be; None for one that its month does not have."""
    if "y" in parts:
        year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
        yield from _orders(parts, table, year)
        return
    if published is None:
        return
    around = int(published[:4]), int(published[5:7]), int(published[8:])
    years = [around[0] + step for step in (0, -1, 1) if 0 < around[0] + step < 10_000]
    orders = [list(_orders(parts, table, year)) for year in years]
    for same in zip(*orders, strict=False) if len({*map(len, orders)}) == 1 else ():
        days = [day for day in same if day]
        yield min(days, key=lambda day: abs(_ordinal(day) - _ordinal(around))) if days else None


def _real(year: int, month: int, day: int) -> Day | None:
    """A day, if there is one; of the years that ISO 8601 writes with four digits."""
    if not (0 < year < 10_000 and 1 <= month <= 12):
        return None
    return (year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _iso(day: Day | None) -> str | None:
    return f"{day[0]:04}-{day[1]:02}-{day[2]:02}" if day else None


def _weekday(day: Day) -> int | None:
    return calendar.weekday(*day) if day[0] >= FIRST_YEAR else None


def _ordinal(day: Day) -> int:
    """Days since some day, to reckon with: February is the last month of such a year."""
    year, month = (day[0], day[1]) if day[1] > 2 else (day[0] - 1, day[1] + 12)
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month - 457) // 5 + day[2]
