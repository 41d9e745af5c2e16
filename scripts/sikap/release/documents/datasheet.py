"""The datasheet: answers by people, figures as Markdown tables between markers.

`compose` asks the questions, puts the answers below them and leaves blocks for the figures.
``<!-- sikap:NAME -->`` … ``<!-- sikap:end -->`` encloses a block; `render` rewrites only what is
between them, so that text and figures live in one file and cannot drift apart.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sikap.errors import Problem, raise_if
from sikap.records import Round
from sikap.release.data.statistics import Facts
from sikap.release.data.views import VIEWS
from sikap.release.documents.agreement_tables import agreement_blocks
from sikap.release.documents.croissant_provenance import BLIND, designed
from sikap.release.documents.datasheet_questions import IDS, QUESTIONS, Question
from sikap.rendering.templates import table

MARKER = re.compile(r"<!--\s*sikap:\s*(?P<name>.*?)\s*-->")
END = "end"
NEEDED = ("counts", "splits", "rounds")
UNANSWERED = "*Not answered.*"
HEAD = """\
The sections and questions follow *Datasheets for Datasets* (Gebru et al., 2021), in other words.
The answers are by the makers of the dataset; tables between markers are counted from its data."""
HEADINGS = frozenset(
    line
    for section in QUESTIONS.sections
    for line in (f"## {section.title}", *(f"### {question.text}" for question in section.questions))
)
"""Lines by which `answers_of` finds its way."""
DRAFT = """\
**This is a draft and not to be published:** what only people can say is not yet said in full."""


def compose(title: str, answers: Mapping[str, Any], file: str, *, draft: bool = False) -> str:
    """The Markdown of a datasheet, with empty blocks where `render` puts figures.

    ``answers`` maps ids of questions to Markdown, as read from ``file``. Raises InputError for ids
    that no question has and for answers that are no text or hold markers of blocks or headings of
    the datasheet.
    """
    raise_if(_unusable(answers, file))
    parts = [f"# Datasheet: {title}", *([DRAFT] if draft else []), HEAD]
    for section in QUESTIONS.sections:
        parts.append(f"## {section.title}")
        for question in section.questions:
            answer = answers.get(question.id, "").strip()
            parts += [f"### {question.text}", answer or UNANSWERED]
            parts += [_block(name) for name in question.blocks]
    return "\n\n".join(parts) + "\n"


def answers_of(text: str) -> dict[str, str]:
    """The answers in the text of a datasheet, with or without figures, by id of the question.

    It undoes `compose`: what is not answered is left out, and blanks around an answer are gone.
    From a text that `compose` did not write it takes what it can find.
    """
    headings = [f"\n\n### {question.text}\n\n" for question in _questions()]
    answers, position = {}, 0
    for question, following in zip(_questions(), [*headings[1:], ""], strict=True):
        start = text.find(f"\n\n### {question.text}\n\n", position)
        if start < 0:
            continue
        position = start + len(f"\n\n### {question.text}\n")
        end = text.find(following, position) if following else len(text)
        body = text[position : end if end >= 0 else len(text)]
        answer = _without_furniture(body).strip()
        if answer != UNANSWERED:
            answers[question.id] = answer
    return answers


def _without_furniture(body: str) -> str:
    """What stands below a heading without the blocks of figures and the title of a section."""
    for section in QUESTIONS.sections:
        body = body.removesuffix(f"\n\n## {section.title}")
    marker = MARKER.search(body)
    if marker is None:
        return body
    body = body[: marker.start()].rstrip("\n")
    caption = next((c for c in QUESTIONS.captions.values() if body.endswith(f"\n\n{c}")), "")
    return body.removesuffix(caption)


def _questions() -> Iterator[Question]:
    return (question for section in QUESTIONS.sections for question in section.questions)


def _block(name: str) -> str:
    return f"{QUESTIONS.captions[name]}\n\n<!-- sikap:{name} -->\n<!-- sikap:{END} -->"


def _unusable(answers: Mapping[str, Any], file: str) -> Iterator[Problem]:
    for id_, answer in answers.items():
        found = fix = ""
        if id_ not in IDS:
            found, fix = "no question has this id", "take one that 'sikap init' writes"
        elif not isinstance(answer, str):
            found = f"the answer is no text but of type {type(answer).__name__}"
            fix = "write it between quotes"
        elif MARKER.search(answer):
            found, fix = "the answer holds a marker", "delete it: figures stand below the answers"
        elif HEADINGS & set(answer.split("\n")):
            found, fix = "the answer holds a heading of the datasheet", "write it otherwise"
        if found:
            yield Problem(code="answers", file=file, id=id_, found=found, fix=fix)


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


def missing_blocks(text: str, file: str) -> Iterator[Problem]:
    """Yield every block that no datasheet may lack and this one does."""
    present = {marker["name"] for marker in MARKER.finditer(text)}
    for name in NEEDED:
        if name not in present:
            found, fix = f"it has no block {name!r}", f"put <!-- sikap:{name} --> back, and its end"
            yield Problem(code="figures", file=file, found=found, fix=fix)


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
        "kinds": table(("kind", "sentences"), facts.kinds.items()),
        "licences": table(
            ("licence of the text", "articles"),
            ((licence or "not stated", n) for licence, n in facts.licences.items()),
        ),
        "labels": table(("label", "spans"), facts.labels.items()),
        "values": table(
            ("choice", "value", "count"),
            (
                (control, value, count)
                for control, values in facts.values.items()
                for value, count in values.items()
            ),
        ),
        "settled": table(("how presence was settled", "spans"), facts.settled.items()),
        "splits": _splits(facts),
        "balance": _balance(facts),
        "views": _views(facts),
        "leakage": _leakage(facts),
        "rounds": _rounds(rounds),
        "annotators": table(("kind of annotator", "annotators"), facts.annotators.items()),
        **agreement_blocks(facts.agreement, rounds),
    }


def _counts(facts: Facts) -> str:
    return table(
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
    return table(("config", *names), body)


def _balance(facts: Facts) -> str:
    splits = list(facts.rows.get("articles", {}))
    rows = (
        (config, value, *(by_split[split][value] for split in splits))
        for config, by_split in facts.balance.items()
        for value in next(iter(by_split.values()), {})
    )
    return table(("config", "class", *splits), rows)


def _views(facts: Facts) -> str:
    rows = ((config, *(counts.get(v, "") for v in VIEWS)) for config, counts in facts.views.items())
    return table(("config", *VIEWS), rows)


def _leakage(facts: Facts) -> str:
    heads = ("sentences", "split", "of these", "exact", "normalised", "near")
    rows = ((f.which, f.split, f.of, f.exact, f.normalised, f.near) for f in facts.leakage)
    return table(heads, rows)


def _rounds(rounds: Sequence[Round]) -> str:
    heads = ("round", "id", "purpose", "items", "annotators", "overlap", "blindness", "guidelines")
    listed = table(
        heads,
        (
            (
                manifest.ordinal,
                manifest.round_id,
                manifest.purpose,
                manifest.counts.items,
                ", ".join(f"{entry.annotator} ({entry.kind})" for entry in manifest.roster),
                manifest.design.overlap,
                BLIND[manifest.design.blindness],
                manifest.digests.guidelines[:8],
            )
            for manifest in rounds
        ),
    )
    said = (sentence for manifest in rounds for sentence in designed(manifest))
    return listed + "".join(f"\n{sentence}\n" for sentence in said)
