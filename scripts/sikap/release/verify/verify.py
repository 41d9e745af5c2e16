"""Verify a release from its bytes alone.

A release is a fixed point: the content read from its files, with labels settled anew from the
annotation rows, must build the same files. Checks run from the bytes inwards, and each stops only
those that could not be understood without it.

Claims that nothing in the files shows are only held to their form: what people say of dataset,
annotators and articles, kinds of sentences, seconds, what was withdrawn or is in quarantine, the
digests of rounds, drafts and annotations set aside, settings, and baselines; so is what Parquet
files hold beside rows where they were written by other versions. Whoever changes what the rest
follows from (annotations, texts, splits, guidelines) and writes everything anew leaves no trace;
test_tamper.py shows which lies these are. Of a stand-off release what only texts can
show stays a claim too: ids of sentences, digests of texts, that nothing but white space lies
between sentences, that tokens end where they do, that copies are in one split, and what train has
too (leakage, and the view by target); so does what the full release is said to give, and what is
said to be missing in a restored one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from sikap.errors import InputError, Problem
from sikap.records import Sentence
from sikap.release.documents.required_statements import unlicensed
from sikap.release.files.build import MANIFEST
from sikap.release.files.read import (
    Published,
    read_articles,
    read_release,
    read_sentences,
    to_content,
)
from sikap.release.verify import round_checks, row_checks, structure
from sikap.release.verify.rebuild import differences
from sikap.release.verify.row_checks import FIX, file_problem
from sikap.release.verify.structure import metadata_problems
from sikap.rounds.measurement_levels import level_problems
from sikap.storage import schemas
from sikap.storage.files import encode_lines, sha256, uncollected

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
    problems = list(structure.checksums(files))
    try:
        published = read_release(files)
    except InputError as error:
        return [*problems, *error.problems]
    problems += structure.parts(published)
    problems += structure.rights(published)
    problems += structure.schema_files(published)
    problems += metadata_problems(files, published.release)
    problems += structure.inputs(published, versions)
    problems += structure.columns(published)
    if any(problem.code in {"columns", "versions"} for problem in problems):
        return problems
    sentences = list(read_sentences(published))
    problems += structure.records(published, sentences)
    broken = list(_structure(published, sentences))
    problems += broken
    if any(problem.code in {"reference", "duplicate-id"} for problem in broken):
        return problems
    problems += _texts(published, sentences)
    if depth == "full":
        problems += _derived(published, versions, strict=not problems)
    return problems


def _structure(published: Published, every: Sequence[Sentence]) -> Iterator[Problem]:
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
    yield from row_checks.unique({"article_id": articles}, ["article_id"], "articles")
    yield from row_checks.unique(sentences, ["sentence_id"], "sentences")
    yield from row_checks.unique(sentences, ["article_id", "index"], "sentences")
    yield from row_checks.unique(said, ["item_id", "annotator"], "annotations")
    yield from row_checks.one_split(published.tables)
    yield from row_checks.references(articles, owners, others)
    yield from round_checks.rounds_listed(said, release.rounds)
    yield from round_checks.rounds_known(said, release.rounds)
    yield from round_checks.round_counts(said, release.rounds)
    yield from round_checks.designs_kept(said, release.rounds)
    every_table = (table for parts in published.tables.values() for table in parts.values())
    named = {id_ for table in every_table for id_ in table["article_id"].unique().to_pylist()}
    yield from round_checks.withdrawn_before(release.withdrawn, release.dataset.version)
    yield from round_checks.withdrawn_gone(
        named, said["annotator"], release.rounds, release.withdrawn
    )
    kinds = dict(zip(sentences["sentence_id"], sentences["kind"], strict=True))
    yield from round_checks.only_body(said, kinds)
    rounds = {manifest.ordinal: manifest.round_id for manifest in release.rounds}
    yield from round_checks.item_ids(said, rounds)
    yield from _spans(published, every)


def _spans(published: Published, every: Sequence[Sentence]) -> Iterator[Problem]:
    """Yield every span that is not what its offsets give, or lies outside its sentence."""
    texts = {one.sentence_id: one.text for one in every}
    lengths = {one.sentence_id: one.end - one.start for one in every}
    for config in ("sentences", "annotations"):
        for table in published.tables.get(config, {}).values():
            ids, spans = table["sentence_id"].to_pylist(), table["spans"]
            if published.release.text == "full":
                yield from row_checks.surfaces(ids, spans, config, texts)
            else:
                yield from row_checks.extents(ids, spans, config, lengths)


def _named(published: Published, config: str, names: Iterable[str]) -> dict[str, list[Any]]:
    return {name: published.column(config, name) for name in names}


def _texts(published: Published, every: Iterable[Sentence]) -> Iterator[Problem]:
    """Yield what does not fit between the texts of articles and sentences, and their digests."""
    articles = sorted(read_articles(published), key=lambda one: one.article_id)
    sentences = sorted(every, key=lambda one: (one.article_id, one.index))
    if published.release.text == "standoff":
        yield from row_checks.borders(sentences)
        return
    yield from row_checks.offsets(articles, sentences)
    yield from row_checks.derived_ids(sentences)
    for problem in unlicensed(articles, published.release.dataset.allowed_licences):
        yield msgspec.structs.replace(problem, file="data/articles", fix=FIX)
    for what, records in (("articles", articles), ("sentences", sentences)):
        # A digest that is missing was named before.
        claimed = published.release.inputs.digests.get(what)
        digest = sha256(encode_lines(records))
        if claimed not in {None, digest}:
            yield file_problem(
                "digest", MANIFEST, f"inputs.digests: that of {what} is not {digest}"
            )


def _derived(
    published: Published, versions: Mapping[str, str], *, strict: bool
) -> Iterator[Problem]:
    levels = list(level_problems(published.release.dataset.levels, published.scheme))
    yield from (msgspec.structs.replace(one, file=MANIFEST, fix=FIX) for one in levels)
    if levels:
        return  # no distance of values is known
    content = to_content(published)
    lengths = {one.sentence_id: one.end - one.start for one in content.sentences}
    if content.text == "full":
        yield from row_checks.copies_together(content.articles, content.splits, content.meta.copies)
    whole = content.restored is None
    yield from row_checks.quarantine(content.quarantined, content.splits, whole=whole)
    yield from round_checks.skips_are_empty(content.annotations)
    said = map(msgspec.to_builtins, content.annotations)
    yield from schemas.check("annotation", said, "data/annotations")
    broken = list(row_checks.in_scheme(content.annotations, lengths, content.scheme))
    yield from broken
    if broken:
        return  # labels that the scheme does not have cannot become tables
    yield from differences(published, content, versions, strict=strict)
