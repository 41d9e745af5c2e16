"""Trials: releases that were damaged by chance, and forged by people who cover their traces.

What no release can prove stands in `UNPROVABLE`: a forger who changes that, and writes everything
else anew, leaves a release that keeps every rule. It is what people said and what they were given
(annotations, times, kinds of annotators, answers, guidelines, texts and what is known of them) and
which split an article was drawn for. `sikap verify --help` and the README say so; against it help a
signature, the inputs, and a content hash recorded elsewhere.
"""

import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from samples import content, digested
from sikap.records import sentence_id
from sikap.release.data.content import Content
from sikap.release.files.build import SUMS, build
from sikap.release.files.read import read_release
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from sikap.storage.files import sha256
from tamper import (
    GOOD,
    Files,
    Forge,
    claimed,
    covered,
    in_round,
    replace,
    table,
    with_rows,
    with_text,
)

SEED = 20_260
FLIPS = 500
AT_LEAST = 4
"""Changes of one bit, and how many of them at least hit each file."""


def codes(files: Files) -> set[str]:
    return {problem.code for problem in verify(files, versions())}


# One bit, anywhere


def flips() -> list[tuple[str, int]]:
    """Files and bits in them: each file a few times, the rest by their size."""
    draw = random.Random(SEED)
    names = [name for name in GOOD for _ in range(AT_LEAST)]
    sizes = [len(GOOD[name]) for name in GOOD]
    names += draw.choices(list(GOOD), sizes, k=FLIPS - len(names))
    return [(name, draw.randrange(8 * len(GOOD[name]))) for name in names]


def is_named(name: str, bit: int) -> bool:
    """Whether the damage is found, and one finding at least names the file or the checksums."""
    data = bytearray(GOOD[name])
    data[bit // 8] ^= 1 << bit % 8
    problems = verify(GOOD | {name: bytes(data)}, versions())
    return any(
        problem.code == "checksum" and (name in {SUMS, problem.file}) for problem in problems
    )


@pytest.mark.parametrize("name", GOOD)
def test_a_bit_changed_in_a_file_is_found_and_its_file_named(name: str) -> None:
    name_and_bit = [flip for flip in flips() if flip[0] == name][:2]
    assert [is_named(*flip) for flip in name_and_bit] == [True, True]


@pytest.mark.scale
def test_each_of_five_hundred_changes_of_a_bit_is_found_and_its_file_named() -> None:
    every = flips()
    assert len(every) == FLIPS
    assert [flip for flip in every if not is_named(*flip)] == []


# What cannot be proven


def other_annotations(change: Callable[[Any], Any]) -> Forge:
    """Annotations that say other things, and labels that follow from them."""

    def forge() -> Files:
        given = content()
        said = tuple(one for one in map(change, given.annotations) if one is not None)
        return build(relabelled(replace(given, annotations=said)))

    return forge


def relabelled(given: Content) -> Content:
    """The content as it is when read from its own release, with counts that fit."""
    return claimed(read_release(build(given)))


UNPROVABLE: Mapping[str, Forge] = {
    "what an annotator said": other_annotations(
        lambda one: replace(one, spans=()) if one.annotator == "a3" else one
    ),
    "that an annotation was left out": other_annotations(
        lambda one: None if one == content().annotations[0] else one
    ),
    "how long an annotator took": other_annotations(lambda one: replace(one, seconds=1.5)),
    "what a round was for, where others decide": lambda: in_round(0, purpose="production"),
    "of what kind an annotator is": lambda: build(promoted()),
    "in which split an article was put": lambda: build(
        replace(content(), splits=content().splits | {"ujian": "test"})
    ),
    "what an article says, and what of": lambda: build(other_texts()),
    "the licence of an article": lambda: build(described(licence="CC0-1.0")),
    "when an article was published": lambda: build(described(published="2020-01-01")),
    "the file that an article came from": lambda: build(described(raw_sha256="0" * 64)),
    "the guidelines": lambda: covered(
        with_text(GOOD, "schema/guidelines.md", "setiap nama", "apa saja")
    ),
    "an answer of the datasheet": lambda: covered(
        with_text(GOOD, "DATASHEET.md", "Jawaban atas uses-possible.", "Apa saja.")
    ),
    "who the authors are": lambda: build(
        replace(content(), meta=replace(content().meta, authors=("Orang Lain",)))
    ),
}


def promoted() -> Content:
    """The model among the annotators passes for an expert."""
    given = content()
    rounds = tuple(
        replace(one, roster=tuple(replace(entry, kind="expert") for entry in one.roster))
        for one in given.rounds
    )
    made: Content = replace(given, rounds=rounds)
    return made


def described(**changes: str) -> Content:
    """Other things said of every article."""
    given = content()
    return digested(
        replace(given, articles=tuple(replace(one, **changes) for one in given.articles))
    )


def other_texts() -> Content:
    """A sentence that nobody annotated says something else."""
    given = content()
    old, new = "Belum ada yang membaca ini.", "Belum ada yang membaca itu."
    articles = tuple(
        replace(one, text=new, text_sha256=sha256(new)) if one.text == old else one
        for one in given.articles
    )
    sentences = tuple(
        replace(one, text=new, sentence_id=sentence_id(one.article_id, new, 0))
        if one.text == old
        else one
        for one in given.sentences
    )
    return digested(replace(given, articles=articles, sentences=sentences))


@pytest.mark.parametrize("what", UNPROVABLE)
def test_what_people_said_and_were_given_cannot_be_proven_by_bytes(what: str) -> None:
    """Should one of these be found one day, the help and the README promise too little."""
    files = UNPROVABLE[what]()
    assert files != GOOD
    assert verify(files, versions()) == []


def test_a_time_that_was_changed_alone_is_found_by_its_content_hash() -> None:
    files = with_rows(GOOD, table("annotations"), lambda rows: rows[0].update(seconds=99.5))
    assert "content-hash" in codes(files)


@pytest.mark.parametrize(
    "column", ["licence", "language", "source", "raw_sha256", "published", "outlet", "title"]
)
def test_what_is_known_of_an_article_is_found_by_its_digest_when_changed_alone(column: str) -> None:
    value = {"raw_sha256": "0" * 64, "published": "2020-01-01", "language": "ms"}
    files = with_rows(
        GOOD, table("articles"), lambda rows: rows[0].update({column: value.get(column, "MIT")})
    )
    assert {"digest", "content-hash"} <= codes(files)
