"""Why the blocks of a text are what they are: which rule matched, or which shape decided.

Blocks are split as always, by all patterns together; afterwards each pattern is asked by itself,
so that splitting need not remember anything.
"""

from collections.abc import Iterator, Sequence

import msgspec

from sikap.languages import KINDS, Rule, Rules
from sikap.records import Kind
from sikap.segmentation.blocks import Block, split_blocks
from sikap.text.unicode import trim

_LOOK_BACK = 160
SHAPES = {
    "heading": "a short line without an end mark, or glued text whose words have capitals",
    "related_link": "what follows words that announce links",
    "other": "a short line behind the last paragraph, a byline or a table of contents",
    "break": "a line that the rest of a sentence follows",
    "body": "what no rule and no other shape took",
}
"""What decides where no pattern does, by kind of block; ``break`` is a soft line break."""


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """What decided about ``[start, end)`` of a text: a rule, or with ``file`` null a shape.

    ``kind`` is the kind that was given, ``body`` for a line break that lies inside a sentence.
    """

    file: str | None
    key: str
    number: int
    pattern: str
    kind: Kind
    start: int
    end: int


def reasons(
    text: str, rules: Rules, each: Sequence[Rule], *, body: bool = False
) -> Iterator[Reason]:
    """Yield what decided about each block that is not body, and each soft line break, in order.

    ``each`` are the patterns of which ``rules`` are made; with ``body`` the blocks of body come
    too, each before the line breaks in it.
    """
    for block in split_blocks(text, rules):
        if block.kind == "body":
            if body:
                yield _reason(None, "body", "body", block.start, block.end)
            yield from _breaks(text, block, each)
        else:
            rule = next((one for one in each if _explains(text, block, one)), None)
            yield _reason(rule, block.kind, block.kind, block.start, block.end)


def _explains(text: str, block: Block, rule: Rule) -> bool:
    if rule.key in KINDS:
        match = rule.compiled.match(text, block.start) if rule.key == block.kind else None
        return match is not None and trim(text, block.start, match.end())[1] == block.end
    if rule.key == "dateline":
        match = rule.compiled.match(text, block.start) if block.kind == "dateline" else None
        return match is not None and trim(text, block.start, match.end())[1] == block.end
    if rule.key in {"byline_end", "other_end"}:
        wanted = rule.key == f"{block.kind}_end"
        return wanted and rule.compiled.match(text, block.start, block.end) is not None
    kinds = {"link_leads": "related_link", "contents": "other"}
    return (
        kinds.get(rule.key) == block.kind
        and rule.compiled.match(text, block.start, block.end) is not None
    )


def _breaks(text: str, block: Block, each: Sequence[Rule]) -> Iterator[Reason]:
    unfinished = [rule for rule in each if rule.key == "unfinished"]
    position = text.find("\n", block.start, block.end)
    while position >= 0:
        start, end = trim(text, max(block.start, position - _LOOK_BACK), position)
        line = max(start, text.rfind("\n", start, end) + 1)
        rule = next((one for one in unfinished if one.compiled.search(text, line, end)), None)
        yield _reason(rule, "break", "body", line, end)
        # Lines without a letter between are part of one break.
        after = trim(text, position, block.end)[0]
        position = text.find("\n", max(after, position + 1), block.end)


def _reason(rule: Rule | None, shape: str, kind: Kind, start: int, end: int) -> Reason:
    if rule is None:
        pattern = SHAPES.get(shape, "")
        return Reason(
            file=None, key=shape, number=0, pattern=pattern, kind=kind, start=start, end=end
        )
    return Reason(
        file=rule.file,
        key=rule.key,
        number=rule.number,
        pattern=rule.pattern,
        kind=kind,
        start=start,
        end=end,
    )
