"""Patterns as files of rules write them, made into regular expressions."""

import re
from collections.abc import Iterable

NEVER = re.compile(r"(?!)")
"""What a pattern of no alternatives is: it matches nowhere."""
# A blank in a pattern stands for any white space with at most one line break in it.
_BLANK = r"(?:[^\S\n]*\n[^\S\n]*|[^\S\n]+)"
_TOKEN = re.compile(r"(\\.|\[\^?\]?(?:\\.|[^\]\\])*\])| +", re.DOTALL)


def with_blanks(pattern: str) -> str:
    """A pattern whose blanks, outside brackets, match white space with one line break at most."""
    return _TOKEN.sub(lambda match: match[1] or _BLANK, pattern)


def any_of(patterns: Iterable[str], form: str = "{0}", flags: int = 0) -> re.Pattern[str]:
    """One of some patterns in place of ``{0}`` in ``form``; `NEVER` where there are none."""
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(form.format(joined), flags) if joined else NEVER


def unusable(pattern: str) -> str:
    """What keeps a pattern from being used; empty where nothing does."""
    try:
        compiled = re.compile(pattern)
    except re.error as error:
        return str(error)
    if compiled.groups:
        return "write (?:…) for (…)"
    return "it matches the empty text" if compiled.match("") else ""
