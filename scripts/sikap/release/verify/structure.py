"""The form of a release: checksums, files, schemas, columns and records, each by itself.

Whether they fit each other is for `verify`.

It also checks what programs read (Croissant, CITATION.cff) and what people must have said.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from sikap.errors import Problem
from sikap.records import UNPUBLISHED, Sentence
from sikap.release.data.features import features, features_of_tables, optional_columns
from sikap.release.documents.card import features_yaml, read_front
from sikap.release.documents.citation import read_citation
from sikap.release.documents.datasheet import answers_of
from sikap.release.documents.required_statements import unsaid, unsaid_problems
from sikap.release.files.build import (
    CARD,
    CITATION,
    CROISSANT,
    DATASHEET,
    MANIFEST,
    PAGE,
    RECORD_SCHEMAS,
    SUMS,
    Release,
    read_sums,
)
from sikap.release.files.parquet import features_of, has_other_metadata
from sikap.release.files.read import Published, Row
from sikap.release.verify.row_checks import complete, file_problem
from sikap.storage import schemas
from sikap.storage.files import sha256


def checksums(files: Mapping[str, bytes]) -> Iterator[Problem]:
    """Yield every file that is not as SHA256SUMS lists it, or not listed there."""
    if SUMS not in files:
        yield file_problem("checksum", SUMS, "it is missing")
        return
    listed: dict[str, str] = {}
    for number, (digest, name) in enumerate(read_sums(files[SUMS]), 1):
        if not name or name in listed:
            found = "the line is no digest and name, or a second one for a file"
            yield file_problem("checksum", SUMS, found, line=number)
        listed[name] = digest
    for name in sorted({*listed, *files} - {SUMS}):
        if name not in files:
            yield file_problem("checksum", name, f"{SUMS} lists it, but it is missing")
        elif name not in listed:
            yield file_problem("checksum", name, f"{SUMS} does not list it")
        elif sha256(files[name]) != listed[name]:
            yield file_problem("checksum", name, f"its bytes are not those that {SUMS} lists")


def parts(published: Published) -> Iterator[Problem]:
    """Yield every file that is no part of a release."""
    release = published.release
    known = {CARD, CITATION, CROISSANT, DATASHEET, MANIFEST, SUMS}
    known |= {PAGE} if release.text == "full" else set()
    known |= {f"schema/{name}" for name in (release.config_file, release.guidelines_file)}
    known |= {f"schema/{name}.schema.json" for name in RECORD_SCHEMAS}
    for name in published.files:
        if name not in known and not name.startswith("data/"):
            yield file_problem("unknown-file", name, "it is no part of a release")


def rights(published: Published) -> Iterator[Problem]:
    """Yield where the release is not clear about whether it holds texts, and whose they are."""
    release = published.release
    standoff = release.text == "standoff"
    if standoff != (release.full is not None):
        found = "a stand-off release, and no other, names the full one that it is of"
        yield file_problem("release-form", MANIFEST, found)
    if standoff and release.restored is not None:
        yield file_problem(
            "release-form", MANIFEST, "it is restored, and yet stands off from texts"
        )


def schema_files(published: Published) -> Iterator[Problem]:
    """Yield every schema that is not the tool's, and what release.json has of no form."""
    for name in RECORD_SCHEMAS:
        file = f"schema/{name}.schema.json"
        if published.files.get(file) != schemas.schema_bytes(name):
            yield file_problem("schema-file", file, "it is not the schema of this version of sikap")
    manifest = msgspec.json.decode(published.files[MANIFEST])
    yield from schemas.check("release", [manifest], MANIFEST)
    release = published.release
    for which, name in (("config", release.config_file), ("guidelines", release.guidelines_file)):
        digest = sha256(published.files[f"schema/{name}"])
        if release.inputs.digests.get(which) != digest:
            found = f"release.json was built from another {which}"
            yield file_problem("digest", f"schema/{name}", found)


def inputs(published: Published, versions: Mapping[str, str]) -> Iterator[Problem]:
    """Yield every digest or version that is missing in release.json, or has no place there."""
    release = published.release
    claimed = {"digests": release.inputs.digests, "versions": release.inputs.versions}
    rounds = {f"round {manifest.round_id}" for manifest in release.rounds}
    due = {"digests": {"config", "guidelines", "articles", "sentences", *rounds}}
    due["versions"] = {*versions}
    for (what, values), code in zip(claimed.items(), ("digest", "versions"), strict=True):
        for name in sorted(values.keys() ^ due[what]):
            trouble = "is not there" if name in due[what] else "has no place there"
            yield file_problem(code, MANIFEST, f"inputs.{what}: {name!r} {trouble}")


def columns(published: Published) -> Iterator[Problem]:
    """Yield every table whose columns, types, features or nulls are not those of the scheme."""
    scheme, text = published.scheme, published.release.text
    expected, optional = features(scheme, text), optional_columns(scheme, text)
    for path, table in published.shards.items():
        config = path.split("/")[1]
        if config not in expected:
            yield file_problem("columns", path, "the scheme gives no such config")
            continue
        if not table.schema.equals(expected[config].arrow_schema):
            yield file_problem("columns", path, "columns or types are not those of the scheme")
            continue  # other types can hold what has no value in Python
        if features_of(table) != expected[config]:
            found = "the features in the metadata are not those of the scheme"
            yield file_problem("features", path, found)
        elif has_other_metadata(table, expected[config]):
            found = "the metadata hold other things than the features of the scheme"
            yield file_problem("features", path, found)
        if table.num_rows == 0:
            yield file_problem("columns", path, "a table without rows breaks load_dataset")
        yield from complete(table, path.removeprefix("data/"), optional[config])
    try:
        front = read_front(published.files[CARD].decode())
    except (ValueError, TypeError) as error:
        yield file_problem("features", CARD, str(error))
        return
    present = features_of_tables(scheme, published.tables, text)
    if front.get("dataset_info") != features_yaml(present)["dataset_info"]:
        found = "dataset_info is not what the scheme gives: columns, types or order of labels"
        yield file_problem("features", CARD, found)


def records(published: Published, every: Iterable[Sentence]) -> Iterator[Problem]:
    """Yield every sentence and article that its JSON Schema refuses; ``every`` sentence is read."""
    # What a stand-off release leaves out stands for itself; the rest must have its form.
    absent: Row = {}
    if published.release.text == "standoff":
        absent = {"text": "-"}
    sentences = (msgspec.structs.asdict(one) | absent for one in every)
    yield from schemas.check("sentence", sentences, "data/sentences")
    yield from schemas.check("article", _article_rows(published, absent), "data/articles")


def _article_rows(published: Published, absent: Row) -> Iterator[Row]:
    unsaid = dict.fromkeys(UNPUBLISHED)
    for row in published.rows("articles"):
        given = row | absent | {"title": None, "source": row["source"] or "-"} if absent else row
        yield given | unsaid


def metadata_problems(files: Mapping[str, bytes], release: Release) -> Iterator[Problem]:
    """Yield what Croissant and CITATION.cff lack, and what people left unsaid in a full release.

    Whether they say what the data give is another check.
    """
    yield from _shaped("croissant", CROISSANT, files, _read_json)
    yield from _shaped("citation", CITATION, files, read_citation)
    if not release.draft:
        names = unsaid(release.dataset, answers_of(files[DATASHEET].decode()))
        yield from unsaid_problems(names, MANIFEST, DATASHEET)


def _shaped(
    name: str, file: str, files: Mapping[str, bytes], read: Callable[[bytes], Any]
) -> Iterator[Problem]:
    try:
        value = read(files[file])
    except ValueError as error:
        yield file_problem(name, file, f"it cannot be read: {error}")
    else:
        try:
            yield from schemas.check(name, [value], file)
        except (ValueError, TypeError, RecursionError) as error:  # YAML holds more than JSON
            yield file_problem(name, file, f"it is no JSON: {error}")


def _read_json(data: bytes) -> Any:  # noqa: ANN401
    try:
        return msgspec.json.decode(data)
    except RecursionError as error:
        raise ValueError(str(error)) from error
