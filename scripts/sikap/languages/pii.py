"""What looks like data of private persons: ``[private]`` of a language's file, made usable."""

import re
from collections.abc import Iterator

import msgspec

from sikap.languages.regexes import unusable


class PrivateTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[private]`` of a file.

    ``regions`` are countries (ISO 3166) whose telephone numbers stand without a country code;
    ``identity`` maps names of identity numbers to patterns; ``offices`` are what addresses of
    offices have before the @; ``not_phones`` are words before a number that is no telephone's.
    """

    regions: tuple[str, ...] = ()
    identity: dict[str, str] = {}
    offices: tuple[str, ...] = ()
    not_phones: tuple[str, ...] = ()

    def wrong(self) -> Iterator[tuple[str, str]]:
        """Yield each key that cannot be used, and why."""
        for region in self.regions:
            if not re.fullmatch(r"[A-Z]{2}", region):
                yield "regions", f"{region!r} is no country code such as ID"
        for name, pattern in self.identity.items():
            if reason := unusable(pattern):
                yield f"identity.{name}", f"{pattern!r} is no usable pattern: {reason}"
        for key in ("offices", "not_phones"):
            if any(not word.strip() for word in getattr(self, key)):
                yield key, "a word is empty"


class Private(msgspec.Struct, frozen=True, kw_only=True):
    """The compiled ``[private]`` of a language.

    ``identity`` has a named group ``n0``, ``n1``… for each of ``names``; ``offices`` matches what
    stands before the @ of an office's address, ``not_phones`` what ends before a number that is no
    telephone's.
    """

    regions: tuple[str, ...]
    names: tuple[str, ...]
    identity: re.Pattern[str]
    offices: re.Pattern[str]
    not_phones: re.Pattern[str]


def compiled(table: PrivateTable) -> Private:
    """The patterns of a table; one without words never matches."""
    names = tuple(sorted(table.identity))
    kinds = "|".join(f"(?P<n{n}>{table.identity[name]})" for n, name in enumerate(names))
    offices = "|".join(map(re.escape, table.offices)) or "(?!)"
    words = "|".join(map(re.escape, table.not_phones)) or "(?!)"
    return Private(
        regions=table.regions,
        names=names,
        # Not inside a longer number, nor in one that goes on behind a mark.
        identity=re.compile(rf"(?<![\w])(?<!\d[-./ ])(?:{kinds or '(?!)'})(?![\w])(?![-./]\d)"),
        offices=re.compile(rf"(?:{offices})(?:[._-]?\w*)?\Z", re.IGNORECASE),
        not_phones=re.compile(rf"\b(?:{words})\W{{0,3}}(?:\w+\W{{1,3}}){{0,3}}\Z", re.IGNORECASE),
    )
