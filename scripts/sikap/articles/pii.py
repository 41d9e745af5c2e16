"""Data of private persons in a text: telephone numbers, e-mail addresses, identity numbers.

What belongs to everybody is left out: hotlines, freephone and company numbers, and addresses such
as info@. Whose a number is no rule can tell: what is found is for a person to look at.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec
from phonenumbers import (
    Leniency,
    PhoneNumberMatch,
    PhoneNumberMatcher,
    PhoneNumberType,
    number_type,
)

from sikap.languages import Rules
from sikap.languages.pii import Private
from sikap.records import Sentence

Kind = Literal["phone", "email", "identity-number"]

_PUBLIC = {
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.UAN,
    PhoneNumberType.VOICEMAIL,
}
_LOCAL, _LABEL = r"[\w.+%-]{1,64}+", r"[^\W_](?:[\w-]{0,61}[^\W_])?"
# Names of accounts have dots too, and stand behind an @; so only what ends as domains do.
_TOP = (
    "(?:[a-z][a-z]|com|net|org|edu|gov|mil|int|info|biz|name|pro|app|dev|xyz|asia|online|site|store"
    "|shop|tech|news|media|blog|cloud|email|club|live|life|world|today|group|agency|studio|academy"
    "|work|space|website|law|mobi|travel|jobs|museum|aero|coop|icu|top|vip|link|digital)"
)
_EMAIL = re.compile(
    rf"(?<![\w.+%@/-])(?P<local>{_LOCAL})(?:@|\s?(?:\[at\]|\(at\))\s?)"
    rf"(?:{_LABEL}\.){{1,6}}(?:{_TOP}|{_TOP.upper()})(?![a-z0-9_-]|\.[a-z0-9])"
)
_AT = ("@", "[at]", "(at)")
# Eight digits or more, with what stands between those of a telephone number.
_DIGITS = re.compile(
    r"(?<!\w)(?<!\d[.,:])[+(]?\d(?:[ \u00a0().\u2010-\u2013/-]{0,3}\d){7,40}(?!\w)"
)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"“”]+")
_CALLS = re.compile(r"(?:wa\.me/|whatsapp\.com/send/?\?phone=|tel:)\+?\Z")
# Times, days, sums and shares have separators of their own; a coordinate begins with 0. or 0,
_OTHER = re.compile(
    r"\d{1,2}[.:]\d\d\s*[-–]\s*\d{1,2}[.:]\d\d\Z|\d{1,3}(?:\.\d{3})+(?:[-–]\d{1,3}(?:\.\d{3})+)?\Z"
    r"|0[.,]|(?:19|20)\d\d[-–/](?:19|20)\d\d\Z|\d{1,4}[-/.]\d{1,2}[-/.]\d{2,4}\b"
)
# The number of a decree goes on with letters: 021/PUU-XX/2022, 0812/Pdt.G/2025.
_BEHIND = re.compile(r"/[A-Z]{2}|/[^\W\d]+[./-]\w|[,.:]\d|%")
_WINDOW = 40
_GROUPS = re.compile(r"\d+")
_MOST_GROUPS = 10


class Found(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Something at ``text[start:end]``; ``name`` says which identity number it is, else empty."""

    start: int
    end: int
    kind: Kind
    name: str = ""


def private_data(text: str, rules: Rules) -> list[Found]:
    """What looks like data of private persons, in order; nothing overlaps."""
    found = [*_emails(text, rules.private), *_numbers(text, rules.private)]
    return sorted(found)


def not_to_show(sentences: Iterable[Sentence], found: Iterable[Found]) -> set[str]:
    """The ids of those body sentences of one article that would show what was found in it.

    They hold it, or stand beside one that does, which annotators see between its neighbours.
    """
    spans = list(found)
    body = sorted((one for one in sentences if one.kind == "body"), key=lambda one: one.start)
    holds = [any(span.start < one.end and one.start < span.end for span in spans) for one in body]
    near = zip(body, [False, *holds], holds, [*holds[1:], False], strict=False)
    return {one.sentence_id for one, *shows in near if any(shows)}


def masked(text: str) -> str:
    """The two first and last characters of something private, never more than half of it."""
    shown = min(2, len(text) // 4)
    return f"{text[:shown]}…{text[len(text) - shown :]}"


def _emails(text: str, private: Private) -> Iterator[Found]:
    if not any(mark in text for mark in _AT):
        return
    for match in _EMAIL.finditer(text):
        if not private.offices.match(match["local"]):
            yield Found(start=match.start(), end=match.end(), kind="email")


def _numbers(text: str, private: Private) -> Iterator[Found]:
    """Identity numbers first: what is one is no telephone number."""
    candidates = list(_DIGITS.finditer(text))
    identities = list(_identities(text, private, digits=bool(candidates)))
    yield from identities
    if not candidates:
        return
    addresses = _Spans([match.span() for match in _URL.finditer(text)])
    taken = _Spans([(one.start, one.end) for one in identities])
    for candidate in candidates:
        start, end = candidate.span()
        if taken.overlap(start, end) or not _may_call(text, start, end, addresses, private):
            continue
        for match in _calls(candidate[0], private.regions):
            yield Found(start=start + match.start, end=start + match.end, kind="phone")


def _identities(text: str, private: Private, *, digits: bool) -> Iterator[Found]:
    if not (private.names and digits):
        return
    for match in private.identity.finditer(text):
        name = private.names[int((match.lastgroup or "n0")[1:])]
        yield Found(start=match.start(), end=match.end(), kind="identity-number", name=name)


def _may_call(text: str, start: int, end: int, addresses: "_Spans", private: Private) -> bool:
    """Whether what stands around a run of digits lets it be a telephone number."""
    before = text[max(0, start - _WINDOW) : start]
    if _CALLS.search(before):
        return True
    # A table of small numbers has many groups; two numbers beside each other have six or eight.
    if sum(1 for _ in _GROUPS.finditer(text, start, end)) > _MOST_GROUPS:
        return False
    if addresses.overlap(start, end) or _OTHER.match(text, start, end):
        return False
    return not (private.not_phones.search(before) or _BEHIND.match(text, end))


def _calls(digits: str, regions: Iterable[str]) -> Iterator[PhoneNumberMatch]:
    """The telephone numbers in a run of digits, by the rules of the first region that knows any."""
    for region in regions or (None,):
        matches = [
            match
            for match in PhoneNumberMatcher(digits, region, leniency=Leniency.VALID)
            if number_type(match.number) not in _PUBLIC
        ]
        if matches:
            yield from matches
            return


class _Spans:
    """Places in order that do not overlap each other."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = spans

    def overlap(self, start: int, end: int) -> bool:
        """Whether one of them does with ``[start, end)``."""
        at = bisect_left(self._spans, (end,))
        return at > 0 and start < self._spans[at - 1][1]
