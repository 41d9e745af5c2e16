"""Hold what a release publishes to what its content gives anew: rows, figures, texts, bytes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sikap.describe import checks
from sikap.describe.baselines import are_of
from sikap.describe.card import card
from sikap.describe.content import Content
from sikap.describe.datasheet import figure_blocks, missing_blocks, render
from sikap.describe.facts import facts
from sikap.describe.features import features_of_tables
from sikap.describe.page import page
from sikap.describe.tables import Tables, tables
from sikap.errors import InputError, Problem
from sikap.release.build import (
    CARD,
    DATASHEET,
    MANIFEST,
    PAGE,
    SUMS,
    Layout,
    assemble,
    hashes_of_rows,
    lay_out,
    sums,
)
from sikap.release.canonical import content_hash
from sikap.release.read import Published


def differences(
    published: Published, content: Content, versions: Mapping[str, str], *, strict: bool
) -> Iterator[Problem]:
    """Yield everything in which a release is not what its content gives.

    Bytes are compared with ``strict`` and where nothing else differs; those of Parquet files only
    where ``versions``, those installed here, are the release's own.
    """
    rebuilt = tables(content)
    layout = lay_out(rebuilt, content.shard_bytes)
    differs = [
        *_rows(published, rebuilt),
        *_shards(published, layout),
        *_figures(published, content, rebuilt, layout),
    ]
    yield from differs
    if strict and not differs:
        files = assemble(content, rebuilt, layout)
        yield from _bytes(published, files, parquet=content.inputs.versions == versions)


def _bytes(
    published: Published, rebuilt: Mapping[str, bytes], *, parquet: bool
) -> Iterator[Problem]:
    """Yield every file that a rebuild gives otherwise; checksums must fit the files there are."""
    there = {name: data for name, data in published.files.items() if name != SUMS}
    for name, data in {**rebuilt, SUMS: sums(there)}.items():
        if published.files.get(name) != data and (parquet or not name.startswith("data/")):
            yield _problem("not-reproduced", name, "its bytes are not those of a rebuild")


def _rows(published: Published, rebuilt: Tables) -> Iterator[Problem]:
    for config, by_split in rebuilt.items():
        code = "labels" if config == "sentences" else "table"
        found = published.tables.get(config, {})
        for split in sorted({*by_split, *found}):
            place = f"{config}/{split}"
            yield from checks.same_rows(found.get(split), by_split.get(split), place, code)


def _shards(published: Published, layout: Layout) -> Iterator[Problem]:
    """Yield every shard that begins or ends at other rows than its size asks for."""
    rows = {path: table.num_rows for path, table in published.shards.items()}
    for path, table in layout.tables.items():
        if rows.get(path) not in {None, table.num_rows}:
            found = f"it has {rows[path]} rows; by the size of the rows it gets {table.num_rows}"
            yield _problem("table", path, found)


def _figures(
    published: Published, content: Content, rebuilt: Tables, layout: Layout
) -> Iterator[Problem]:
    release = published.release
    figures = facts(content, rebuilt)
    yield from _different(release.facts, figures)
    for config in {**release.content_hashes, **rebuilt}:
        tables_ = published.tables.get(config, {})
        same = tables_ == rebuilt.get(config)
        given = layout.content_hashes[config] if same else content_hash(tables_.values())
        if release.content_hashes.get(config) != given:
            yield _problem("content-hash", MANIFEST, f"that of {config} is not that of its rows")
    if release.baselines is not None and not are_of(
        release.baselines, hashes_of_rows(content, release.content_hashes)
    ):
        yield _problem("figures", MANIFEST, "the baselines are of other rows than these")
    columns = features_of_tables(content.scheme, rebuilt, content.text)
    expected = card(content, figures, columns, layout.paths)
    yield from _lines(CARD, published.files[CARD].decode(), expected)
    if content.text == "full":
        yield from _page(published.files.get(PAGE, b""), page(content, figures))
    yield from missing_blocks(content.datasheet, DATASHEET)
    blocks = figure_blocks(figures, release.rounds)
    try:
        expected = render(content.datasheet, blocks, DATASHEET)
    except InputError as error:
        yield from error.problems
        return
    yield from _lines(DATASHEET, content.datasheet, expected)


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


def _lines(file: str, claimed: str, expected: str) -> Iterable[Problem]:
    one, other = claimed.split("\n"), expected.split("\n")
    for number, (left, right) in enumerate(zip(one, other, strict=False), 1):
        if left != right:
            yield _problem("figures", file, f"{left!r}, but the data give {right!r}", line=number)
    if len(one) != len(other):
        yield _problem("figures", file, f"it has {len(one)} lines; the data give {len(other)}")


def _problem(code: str, file: str, found: str, line: int | None = None) -> Problem:
    return Problem(code=code, file=file, found=found, fix=checks.FIX, line=line)
