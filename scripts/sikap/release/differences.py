"""Hold what a release publishes to what its content gives anew: rows, figures, texts, bytes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sikap.describe import checks
from sikap.describe.baselines import are_of
from sikap.describe.card import card
from sikap.describe.citation import citation
from sikap.describe.content import Content
from sikap.describe.croissant import croissant
from sikap.describe.datasheet import (
    answers_of,
    compose,
    figure_blocks,
    missing_blocks,
    render,
)
from sikap.describe.facts import Facts, facts
from sikap.describe.features import features_of_tables
from sikap.describe.page import page
from sikap.describe.tables import Tables, tables
from sikap.errors import InputError, Problem
from sikap.release.build import (
    CARD,
    CITATION,
    CROISSANT,
    DATASHEET,
    MANIFEST,
    PAGE,
    SUMS,
    build,
    data_files,
    paths,
    sums,
)
from sikap.release.parquet import content_hash
from sikap.release.read import Published
from sikap.store import encode_json


def differences(
    published: Published, content: Content, versions: Mapping[str, str], *, strict: bool
) -> Iterator[Problem]:
    """Yield everything in which a release is not what its content gives.

    Bytes are compared with ``strict`` and where nothing else differs; those of Parquet files only
    where ``versions``, those installed here, are the release's own.
    """
    rebuilt = tables(content)
    differs = [*_rows(published, rebuilt), *_figures(published, content, rebuilt)]
    yield from differs
    if strict and not differs:
        yield from _bytes(published, content, parquet=content.inputs.versions == versions)


def _bytes(published: Published, content: Content, *, parquet: bool) -> Iterator[Problem]:
    """Yield every file that a rebuild gives otherwise; checksums must fit the files there are."""
    there = {name: data for name, data in published.files.items() if name != SUMS}
    for name, data in (build(content) | {SUMS: sums(there)}).items():
        if name == CROISSANT:
            continue  # it was compared to the letter, with the checksums of the files that are here
        if published.files.get(name) != data and (parquet or not name.startswith("data/")):
            yield _problem("not-reproduced", name, "its bytes are not those of a rebuild")


def _rows(published: Published, rebuilt: Tables) -> Iterator[Problem]:
    for config, by_split in rebuilt.items():
        code = "labels" if config == "sentences" else "table"
        found = published.rows.get(config, {})
        for split in sorted({*by_split, *found}):
            yield from checks.same_rows(
                found.get(split, []), by_split.get(split, []), f"{config}/{split}", code
            )


def _figures(published: Published, content: Content, rebuilt: Tables) -> Iterator[Problem]:
    release = published.release
    figures = facts(content, rebuilt)
    yield from _different(release.facts, figures)
    for config in {**release.content_hashes, **rebuilt}:
        rows = (row for _, row in published.all(config))
        if release.content_hashes.get(config) != content_hash(rows):
            yield _problem("content-hash", MANIFEST, f"that of {config} is not that of its rows")
    if release.baselines is not None and not are_of(release.baselines, release.content_hashes):
        yield _problem("figures", MANIFEST, "the baselines are of other rows than these")
    columns = features_of_tables(content.scheme, rebuilt)
    expected = card(content, figures, columns, paths(rebuilt))
    yield from _lines(CARD, published.files[CARD].decode(), expected)
    yield from _page(published.files.get(PAGE, b""), page(content, figures))
    yield from _datasheet(content, figures)
    described = data_files(paths(rebuilt), published.files)
    metadata = encode_json(croissant(content, figures, columns, described)).decode()
    yield from _lines(CROISSANT, published.files[CROISSANT].decode(), metadata, "croissant")
    cited = published.files[CITATION].decode()
    yield from _lines(CITATION, cited, citation(content.meta), "citation")


def _datasheet(content: Content, figures: Facts) -> Iterator[Problem]:
    """Yield where it is not what its own answers and the figures give."""
    text = content.datasheet
    lost = list(missing_blocks(text, DATASHEET))
    yield from lost
    try:
        blocks = figure_blocks(figures, content.rounds)
        filled = render(text, blocks, DATASHEET)
        composed = compose(content.meta.title, answers_of(text), DATASHEET, draft=content.draft)
        expected = filled if lost else render(composed, blocks, DATASHEET)
    except InputError as error:
        yield from error.problems
        return
    yield from _lines(DATASHEET, text, expected)


def _different(claimed: Any, counted: Any) -> Iterator[Problem]:  # noqa: ANN401
    for name in claimed.__struct_fields__:
        one, other = getattr(claimed, name), getattr(counted, name)
        if one != other:
            found = f"{name} is {one}, but the data give {other}"
            yield _problem("figures", MANIFEST, found[:400])


def _page(claimed: bytes, expected: str) -> Iterator[Problem]:
    one, other = claimed.split(b"\n"), expected.encode().split(b"\n")
    if one != other:
        number = next((n for n, (a, b) in enumerate(zip(one, other, strict=False), 1) if a != b), 1)
        yield _problem("page", PAGE, "it is not the page that the data give", line=number)


def _lines(file: str, claimed: str, expected: str, code: str = "figures") -> Iterable[Problem]:
    one, other = claimed.split("\n"), expected.split("\n")
    for number, (left, right) in enumerate(zip(one, other, strict=False), 1):
        if left != right:
            found = f"{left[:200]!r}, but the data give {right[:200]!r}"
            yield _problem(code, file, found, line=number)
    if len(one) != len(other):
        yield _problem(code, file, f"it has {len(one)} lines; the data give {len(other)}")


def _problem(code: str, file: str, found: str, line: int | None = None) -> Problem:
    return Problem(code=code, file=file, found=found, fix=checks.FIX, line=line)
