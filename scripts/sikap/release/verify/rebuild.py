"""Hold what a release publishes to what its content gives anew: rows, figures, texts, bytes."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sikap.errors import InputError, Problem
from sikap.release.data.baselines import are_of
from sikap.release.data.content import Content
from sikap.release.data.statistics import Facts, facts
from sikap.release.data.tables import Tables, tables
from sikap.release.documents.datasheet import (
    answers_of,
    compose,
    figure_blocks,
    missing_blocks,
    render,
)
from sikap.release.files.build import (
    CARD,
    CITATION,
    CROISSANT,
    DATASHEET,
    MANIFEST,
    PAGE,
    SUMS,
    Layout,
    data_files,
    hashes_of_rows,
    lay_out,
    sums,
    texts,
)
from sikap.release.files.canonical_json import content_hash
from sikap.release.files.parquet import to_parquet
from sikap.release.files.read import Published
from sikap.release.verify.row_checks import file_problem, same_rows


def differences(
    published: Published, content: Content, versions: Mapping[str, str], *, strict: bool
) -> Iterator[Problem]:
    """Yield everything in which a release is not what its content gives.

    Bytes are compared with ``strict`` and where nothing else differs; those of Parquet files only
    where ``versions``, those installed here, are the release's own.
    """
    rebuilt = tables(content)
    layout = lay_out(rebuilt, content.shard_bytes)
    figures = facts(content, rebuilt)
    differs = [
        *_rows(published, rebuilt),
        *_shards(published, layout),
        *_hashes(published, rebuilt, layout),
        *_different(published.release.facts, figures),
        *_datasheet(content, figures),
    ]
    yield from differs
    try:
        files = texts(content, figures, layout, data_files(layout.paths, published.files))
    except InputError:
        return  # the blocks of the datasheet are none, as was said
    unlike = list(_texts(published, files))
    yield from unlike
    if strict and not differs and not unlike:
        if content.inputs.versions == versions:
            files |= {path: to_parquet(table) for path, table in layout.tables.items()}
        yield from _bytes(published, files)


def _bytes(published: Published, rebuilt: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield every file that a rebuild gives otherwise; checksums must fit the files there are."""
    there = {name: data for name, data in published.files.items() if name != SUMS}
    for name, data in {**rebuilt, SUMS: sums(there)}.items():
        if published.files.get(name) != data:
            yield file_problem("not-reproduced", name, "its bytes are not those of a rebuild")


def _rows(published: Published, rebuilt: Tables) -> Iterator[Problem]:
    for config, by_split in rebuilt.items():
        code = "labels" if config == "sentences" else "table"
        found = published.tables.get(config, {})
        for split in sorted({*by_split, *found}):
            place = f"{config}/{split}"
            yield from same_rows(found.get(split), by_split.get(split), place, code)


def _shards(published: Published, layout: Layout) -> Iterator[Problem]:
    """Yield every shard that begins or ends at other rows than its size asks for."""
    rows = {path: table.num_rows for path, table in published.shards.items()}
    for path, table in layout.tables.items():
        if rows.get(path) not in {None, table.num_rows}:
            found = f"it has {rows[path]} rows; by the size of the rows it gets {table.num_rows}"
            yield file_problem("table", path, found)


def _hashes(published: Published, rebuilt: Tables, layout: Layout) -> Iterator[Problem]:
    """Yield every content hash that is not of the rows, and baselines that are of others."""
    release = published.release
    for config in {**release.content_hashes, **rebuilt}:
        found = published.tables.get(config, {})
        same = found == rebuilt.get(config)
        given = layout.content_hashes[config] if same else content_hash(found.values())
        if release.content_hashes.get(config) != given:
            yield file_problem(
                "content-hash", MANIFEST, f"that of {config} is not that of its rows"
            )
    hashes = hashes_of_rows(release.content_hashes, release.full)
    if release.baselines is not None and not are_of(release.baselines, hashes):
        yield file_problem("figures", MANIFEST, "the baselines are of other rows than these")


def _texts(published: Published, rebuilt: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield every line of what people and programs read that the data give otherwise."""
    for name, code in ((CARD, "figures"), (CROISSANT, "croissant"), (CITATION, "citation")):
        yield from _lines(name, published.files[name].decode(), rebuilt[name].decode(), code)
    if PAGE in rebuilt:
        yield from _page(published.files.get(PAGE, b""), rebuilt[PAGE])


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
            yield file_problem("figures", MANIFEST, found[:400])


def _page(claimed: bytes, expected: bytes) -> Iterator[Problem]:
    one, other = claimed.split(b"\n"), expected.split(b"\n")
    if one != other:
        number = next((n for n, (a, b) in enumerate(zip(one, other, strict=False), 1) if a != b), 1)
        yield file_problem("page", PAGE, "it is not the page that the data give", line=number)


def _lines(file: str, claimed: str, expected: str, code: str = "figures") -> Iterable[Problem]:
    """Yield a problem for every line that differs; not for all that follow a line too many."""
    one, other = claimed.split("\n"), expected.split("\n")
    start = _shared(one, other)
    rest = _shared(one[start:][::-1], other[start:][::-1])
    ours, theirs = one[start : len(one) - rest], other[start : len(other) - rest]
    for number, (left, right) in enumerate(zip(ours, theirs, strict=False), start + 1):
        if left != right:
            found = f"{left[:200]!r}, but the data give {right[:200]!r}"
            yield file_problem(code, file, found, line=number)
    if len(one) != len(other):
        line = start + min(len(ours), len(theirs)) + 1
        found = f"it has {len(one)} lines; the data give {len(other)}"
        yield file_problem(code, file, found, line=line)


def _shared(one: list[str], other: list[str]) -> int:
    """How many lines two texts begin with alike."""
    pairs = enumerate(zip(one, other, strict=False))
    unlike = (place for place, (left, right) in pairs if left != right)
    return next(unlike, min(len(one), len(other)))
