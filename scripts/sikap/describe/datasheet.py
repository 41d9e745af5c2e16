"""Figures as Markdown tables, and the datasheet: prose by people, figures between markers.

``<!-- sikap:NAME -->`` … ``<!-- sikap:end -->`` encloses a block; only what stands between is ever
rewritten, so that text and figures live in one file and cannot drift apart.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sikap.describe.facts import Facts
from sikap.errors import Problem, raise_if
from sikap.records import Round

MARKER = re.compile(r"<!--\s*sikap:\s*(?P<name>.*?)\s*-->")
END = "end"


def render(text: str, blocks: Mapping[str, str], file: str) -> str:
    """The text with every marked block written anew.

    Raises InputError for names that are not in ``blocks`` and blocks that are not closed: what
    stands before the next marker is somebody's prose.
    """
    markers = list(MARKER.finditer(text))
    raise_if(_misplaced(markers, blocks, file))
    parts, position = [], 0
    for opening, end in zip(markers[::2], markers[1::2], strict=True):
        parts += [text[position : opening.end()], "\n\n", blocks[opening["name"]], "\n"]
        position = end.start()
    return "".join([*parts, text[position:]])


def _misplaced(
    markers: Sequence[re.Match[str]], blocks: Mapping[str, str], file: str
) -> Iterator[Problem]:
    opened = False
    for place, marker in enumerate(markers):
        name = marker["name"]
        line = marker.string.count("\n", 0, marker.start()) + 1
        closing = name == END
        found = fix = ""
        if closing and not opened:
            found, fix = "no block is open that it could end", "delete it"
        elif not closing and name not in blocks:
            found, fix = f"there is no block {name!r}", f"use one of {', '.join(blocks)}"
        following = markers[place + 1]["name"] if place + 1 < len(markers) else ""
        if not closing and following != END:
            found = found or f"the block {name!r} has no end"
            fix = fix or f"write <!-- sikap:{END} --> below it"
        if found:
            yield Problem(code="figures", file=file, line=line, found=found, fix=fix)
        opened = not closing


def figure_blocks(facts: Facts, rounds: Sequence[Round]) -> dict[str, str]:
    """Every block of figures by name, as Markdown ended by a line end."""
    return {
        "counts": _counts(facts),
        "kinds": _table(("kind", "sentences"), facts.kinds.items()),
        "labels": _table(("label", "spans"), facts.labels.items()),
        "values": _table(
            ("choice", "value", "count"),
            (
                (control, value, count)
                for control, values in facts.values.items()
                for value, count in values.items()
            ),
        ),
        "settled": _table(("how presence was settled", "spans"), facts.settled.items()),
        "splits": _splits(facts),
        "rounds": _rounds(rounds),
        "annotators": _table(("kind of annotator", "annotators"), facts.annotators.items()),
    }


def _counts(facts: Facts) -> str:
    return _table(
        ("what", "count"),
        (
            ("articles", facts.articles),
            ("sentences, of all kinds", facts.sentences),
            ("sentences that were annotated", facts.labelled),
            ("of these without any span", facts.empty),
            ("spans in the data", facts.spans),
            ("decisions still open, in the data as null or left out", facts.open),
            ("annotations submitted", facts.annotations.get("submitted", 0)),
            ("annotations that skip the item", facts.annotations.get("skipped", 0)),
            ("spans without a tag of their own: inside a longer one", facts.untagged["overlapped"]),
            ("spans without a tag: borders inside a token", facts.untagged["misaligned"]),
        ),
    )


def _splits(facts: Facts) -> str:
    names = list(dict.fromkeys(split for rows in facts.rows.values() for split in rows))
    body = ((config, *(rows.get(s, 0) for s in names)) for config, rows in facts.rows.items())
    return _table(("config", *names), body)


def _rounds(rounds: Sequence[Round]) -> str:
    heads = ("round", "id", "purpose", "items", "annotators", "overlap", "blindness")
    return _table(
        heads,
        (
            (
                manifest.ordinal,
                manifest.round_id,
                manifest.purpose,
                manifest.counts.items,
                ", ".join(f"{entry.annotator} ({entry.kind})" for entry in manifest.roster),
                manifest.design.overlap,
                manifest.design.blindness,
            )
            for manifest in rounds
        ),
    )


def _table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    # A bar in a label would end its cell.
    cells = ((str(cell).replace("|", r"\|") for cell in line) for line in lines)
    return "".join(f"| {' | '.join(line)} |\n" for line in cells)
