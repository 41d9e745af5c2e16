"""Verify a release from its bytes alone.

A release is a fixed point: the content read from its files, with labels settled anew from the
annotation rows, must build the same files. Checks run from the bytes inwards, and each stops only
those that could not be understood without it.

Claims that nothing in the files shows are only held to their form: what people say of dataset and
annotators, the digests of rounds, drafts and annotations set aside, and baselines. Of a stand-off
release what only texts can show stays a claim too: ids of sentences, digests of texts, that nothing
but white space lies between sentences, that tokens end where they do, that copies are in one split,
and what train has too (leakage, and the view by target); so does what the full release is said to
give, and what is said to be missing in a restored one.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from sikap import schemas
from sikap.describe import checks, round_checks
from sikap.describe.card import features_yaml, read_front
from sikap.describe.features import features, features_of_tables, optional_columns
from sikap.describe.rights import unlicensed
from sikap.errors import InputError, Problem
from sikap.release.build import (
    CARD,
    CITATION,
    CROISSANT,
    DATASHEET,
    MANIFEST,
    PAGE,
    RECORD_SCHEMAS,
    SUMS,
)
from sikap.release.differences import differences
from sikap.release.metadata import metadata_problems
from sikap.release.parquet import features_of, has_other_metadata
from sikap.release.read import (
    Published,
    Row,
    read_articles,
    read_release,
    read_sentences,
    to_content,
)
from sikap.store import encode_lines, sha256, uncollected

FIX = checks.FIX
Depth = Literal["structure", "full"]
SAID = ("item_id", "sentence_id", "round", "pass", "annotator", "annotator_kind", "status")
"""Columns of `annotations` that say of each who said it of what."""


def verify(
    files: Mapping[str, bytes], versions: Mapping[str, str], depth: Depth = "full"
) -> list[Problem]:
    """Everything in which a release breaks a rule; an empty list where it keeps them all.

    ``versions`` are those installed here: bytes of Parquet are compared only where they are the
    release's own, those of all other files always. With the depth ``structure`` nothing is settled
    or built anew: what remains are checksums, forms, columns, ids, references and offsets.
    """
    with uncollected():
        return _verify(files, versions, depth)


def _verify(files: Mapping[str, bytes], versions: Mapping[str, str], depth: Depth) -> list[Problem]:
    problems = list(_checksums(files))
    try:
        published = read_release(files)
    except InputError as error:
        return [*problems, *error.problems]
    problems += _parts(published)
    problems += _rights(published)
    problems += _schema_files(published)
    problems += metadata_problems(files, published.release)
    problems += _inputs(published, versions)
    problems += _columns(published)
    if any(problem.code in {"columns", "versions"} for problem in problems):
        return problems
    problems += _records(published)
    broken = list(_structure(published))
    problems += broken
    if any(problem.code in {"reference", "duplicate-id"} for problem in broken):
        return problems
    problems += _texts(published)
    if depth == "full":
        problems += _derived(published, versions, strict=not problems)
    return problems


def _checksums(files: Mapping[str, bytes]) -> Iterator[Problem]:
    if SUMS not in files:
        yield _problem("checksum", SUMS, "it is missing")
        return
    listed: dict[str, str] = {}
    for number, line in enumerate(files[SUMS].decode("utf-8", "replace").splitlines(), 1):
        digest, separator, name = line.partition("  ")
        if not separator or name in listed:
            found = "the line is no digest and name, or a second one for a file"
            yield _problem("checksum", SUMS, found, line=number)
        listed[name] = digest
    for name in sorted({*listed, *files} - {SUMS}):
        if name not in files:
            yield _problem("checksum", name, f"{SUMS} lists it, but it is missing")
        elif name not in listed:
            yield _problem("checksum", name, f"{SUMS} does not list it")
        elif sha256(files[name]) != listed[name]:
            yield _problem("checksum", name, f"its bytes are not those that {SUMS} lists")


def _parts(published: Published) -> Iterator[Problem]:
    release = published.release
    known = {CARD, CITATION, CROISSANT, DATASHEET, MANIFEST, SUMS}
    known |= {PAGE} if release.text == "full" else set()
    known |= {f"schema/{name}" for name in (release.config_file, release.guidelines_file)}
    known |= {f"schema/{name}.schema.json" for name in RECORD_SCHEMAS}
    for name in published.files:
        if name not in known and not name.startswith("data/"):
            yield _problem("unknown-file", name, "it is no part of a release")


def _rights(published: Published) -> Iterator[Problem]:
    """Yield where the release is not clear about whether it holds texts, and whose they are."""
    release = published.release
    standoff = release.text == "standoff"
    if standoff != (release.full is not None):
        found = "a stand-off release, and no other, names the full one that it is of"
        yield _problem("release-form", MANIFEST, found)
    if standoff and release.restored is not None:
        yield _problem("release-form", MANIFEST, "it is restored, and yet stands off from texts")


def _schema_files(published: Published) -> Iterator[Problem]:
    for name in RECORD_SCHEMAS:
        file = f"schema/{name}.schema.json"
        if published.files.get(file) != schemas.schema_bytes(name):
            yield _problem("schema-file", file, "it is not the schema of this version of sikap")
    manifest = msgspec.json.decode(published.files[MANIFEST])
    yield from schemas.check("release", [manifest], MANIFEST)
    release = published.release
    for which, name in (("config", release.config_file), ("guidelines", release.guidelines_file)):
        digest = sha256(published.files[f"schema/{name}"])
        if release.inputs.digests.get(which) != digest:
            found = f"release.json was built from another {which}"
            yield _problem("digest", f"schema/{name}", found)


def _inputs(published: Published, versions: Mapping[str, str]) -> Iterator[Problem]:
    release = published.release
    claimed = {"digests": release.inputs.digests, "versions": release.inputs.versions}
    rounds = {f"round {manifest.round_id}" for manifest in release.rounds}
    due = {"digests": {"config", "guidelines", "articles", "sentences", *rounds}}
    due["versions"] = {*versions}
    for (what, values), code in zip(claimed.items(), ("digest", "versions"), strict=True):
        for name in sorted(values.keys() ^ due[what]):
            trouble = "is not there" if name in due[what] else "has no place there"
            yield _problem(code, MANIFEST, f"inputs.{what}: {name!r} {trouble}")


def _columns(published: Published) -> Iterator[Problem]:
    scheme, text = published.scheme, published.release.text
    expected, optional = features(scheme, text), optional_columns(scheme, text)
    for path, table in published.shards.items():
        config = path.split("/")[1]
        if config not in expected:
            yield _problem("columns", path, "the scheme gives no such config")
            continue
        if not table.schema.equals(expected[config].arrow_schema):
            yield _problem("columns", path, "columns or types are not those of the scheme")
        if features_of(table) != expected[config]:
            found = "the features in the metadata are not those of the scheme"
            yield _problem("features", path, found)
        elif has_other_metadata(table, expected[config]):
            found = "the metadata hold other things than the features of the scheme"
            yield _problem("features", path, found)
        if table.num_rows == 0:
            yield _problem("columns", path, "a table without rows breaks load_dataset")
        yield from checks.complete(table, path, optional[config])
    try:
        front = read_front(published.files[CARD].decode())
    except (ValueError, TypeError) as error:
        yield _problem("features", CARD, str(error))
        return
    present = features_of_tables(scheme, published.tables, text)
    if front.get("dataset_info") != features_yaml(present)["dataset_info"]:
        found = "dataset_info is not what the scheme gives: columns, types or order of labels"
        yield _problem("features", CARD, found)


def _records(published: Published) -> Iterator[Problem]:
    # What a stand-off release leaves out stands for itself; the rest must have its form.
    absent: Row = {}
    if published.release.text == "standoff":
        absent = {"text": "-"}
    sentences = (msgspec.structs.asdict(one) | absent for one in read_sentences(published))
    yield from schemas.check("sentence", sentences, "data/sentences")
    yield from schemas.check("article", _article_rows(published, absent), "data/articles")


def _article_rows(published: Published, absent: Row) -> Iterator[Row]:
    for row in published.rows("articles"):
        yield row | absent | {"title": None, "source": row["source"] or "-"} if absent else row


def _structure(published: Published) -> Iterator[Problem]:
    release = published.release
    sentences = _named(published, "sentences", ("sentence_id", "article_id", "index", "kind"))
    said = _named(published, "annotations", SAID)
    others = {
        config: _named(published, config, ("sentence_id", "article_id"))
        for config in published.tables
        if config not in {"articles", "sentences"}
    }
    articles = published.column("articles", "article_id")
    owners = dict(zip(sentences["sentence_id"], sentences["article_id"], strict=True))
    yield from checks.unique({"article_id": articles}, ["article_id"], "articles")
    yield from checks.unique(sentences, ["sentence_id"], "sentences")
    yield from checks.unique(sentences, ["article_id", "index"], "sentences")
    yield from checks.unique(said, ["item_id", "annotator"], "annotations")
    yield from checks.one_split(published.tables)
    yield from checks.references(articles, owners, others)
    yield from round_checks.rounds_listed(said, release.rounds)
    yield from round_checks.rounds_known(said, release.rounds)
    yield from round_checks.round_counts(said, release.rounds)
    named = {id_ for config in published.tables for id_ in published.column(config, "article_id")}
    yield from round_checks.withdrawn_gone(
        named, said["annotator"], release.rounds, release.withdrawn
    )
    kinds = dict(zip(sentences["sentence_id"], sentences["kind"], strict=True))
    yield from round_checks.only_body(said, kinds)
    rounds = {manifest.ordinal: manifest.round_id for manifest in release.rounds}
    yield from round_checks.item_ids(said, rounds)
    yield from _spans(published)


def _spans(published: Published) -> Iterator[Problem]:
    """Yield every span that is not what its offsets give, or lies outside its sentence."""
    every = list(read_sentences(published))
    texts = {one.sentence_id: one.text for one in every}
    lengths = {one.sentence_id: one.end - one.start for one in every}
    for config in ("sentences", "annotations"):
        for table in published.tables.get(config, {}).values():
            ids, spans = table["sentence_id"].to_pylist(), table["spans"]
            if published.release.text == "full":
                yield from checks.surfaces(ids, spans, config, texts)
            else:
                yield from checks.extents(ids, spans, config, lengths)


def _named(published: Published, config: str, names: Iterable[str]) -> dict[str, list[Any]]:
    return {name: published.column(config, name) for name in names}


def _texts(published: Published) -> Iterator[Problem]:
    """Yield what does not fit between the texts of articles and sentences, and their digests."""
    articles = sorted(read_articles(published), key=lambda one: one.article_id)
    sentences = sorted(read_sentences(published), key=lambda one: (one.article_id, one.index))
    if published.release.text == "standoff":
        yield from checks.borders(sentences)
        return
    yield from checks.offsets(articles, sentences)
    yield from checks.derived_ids(sentences)
    for problem in unlicensed(articles, published.release.dataset.allowed_licences):
        yield msgspec.structs.replace(problem, file="data/articles", fix=FIX)
    for what, records in (("articles", articles), ("sentences", sentences)):
        # A digest that is missing was named before.
        claimed = published.release.inputs.digests.get(what)
        digest = sha256(encode_lines(records))
        if claimed not in {None, digest}:
            yield _problem("digest", MANIFEST, f"inputs.digests: that of {what} is not {digest}")


def _derived(
    published: Published, versions: Mapping[str, str], *, strict: bool
) -> Iterator[Problem]:
    content = to_content(published)
    lengths = {one.sentence_id: one.end - one.start for one in content.sentences}
    if content.text == "full":
        yield from checks.copies_together(content.articles, content.splits)
    yield from checks.quarantine(content.quarantined, content.splits)
    yield from round_checks.skips_are_empty(content.annotations)
    said = map(msgspec.to_builtins, content.annotations)
    yield from schemas.check("annotation", said, "data/annotations")
    broken = list(checks.in_scheme(content.annotations, lengths, content.scheme))
    yield from broken
    if broken:
        return  # labels that the scheme does not have cannot become tables
    yield from differences(published, content, versions, strict=strict)


def _problem(code: str, file: str, found: str, line: int | None = None) -> Problem:
    return Problem(code=code, file=file, found=found, fix=FIX, line=line)
