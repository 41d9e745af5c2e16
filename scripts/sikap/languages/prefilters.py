"""What a text must have for a rule to match: sought first, since that is far cheaper than the rule.

The hints are read off the patterns, so that whoever writes rules need not know of them.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

_TOKEN = re.compile(
    r"(?P<plain>\\[^\w\s]|[^\W_]|[_,:;!%&@#/\"'<>=~-])"
    r"|(?P<group>\()|(?P<closed>\))|(?P<or>\|)|(?P<times>[*+?]|\{[\d,]+\})"
    r"|\\(?:x..|u.{4}|U.{8}|N\{[^}]*\}|[0-7]{1,3}|.)|\[\^?\]?(?:\\.|[^\]\\])*\]|.",
    re.DOTALL,
)


class Hints(msgspec.Struct, frozen=True, kw_only=True):
    """Necessary conditions for some patterns of a language and outlet.

    ``other_end`` has a literal of each of its patterns: one of them is in a text where it matches.
    ``heads`` matches how each of ``link_leads`` begins, ``leads`` has it in small letters, None
    where not all are of ASCII. ``never`` has how each word of that list ends: three letters.
    """

    other_end: tuple[str, ...]
    heads: re.Pattern[str]
    leads: tuple[bytes, ...] | None
    never: frozenset[str]


def hints(other_end: Iterable[str], leads: Iterable[str], never: Iterable[str]) -> Hints:
    """The hints for the patterns and words of these lists."""
    heads = sorted({next(_literals(pattern)).lower() for pattern in leads})
    return Hints(
        other_end=tuple(sorted({max(_literals(pattern), key=len) for pattern in other_end})),
        heads=re.compile("|".join(map(re.escape, heads)) or "(?!)", re.IGNORECASE),
        leads=tuple(map(str.encode, heads)) if all(map(str.isascii, heads)) else None,
        never=frozenset(word[-3:] for word in never),
    )


def _literals(pattern: str) -> Iterator[str]:
    """Yield the runs of plain characters that every match has; the first is where it begins.

    What stands in groups is left out, and all of a pattern that is an alternative.
    """
    runs, depth = [""], 0
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup
        if kind == "or" and depth == 0:
            runs = [""]
            break
        depth += (kind == "group") - (kind == "closed")
        if kind == "plain" and depth == 0:
            runs[-1] += token[0][-1]
        elif kind == "times" and depth == 0:
            runs[-1:] = [runs[-1][:-1], ""]
        else:
            runs.append("")
    yield from runs
