"""Releases that somebody forged with care: a whole rebuild of other content, or claims alone."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from samples import ARTICLES, Played, content, digested, said, sample
from sikap.records import Annotator, StudioProject
from sikap.release.data.content import Content
from sikap.release.files import parquet
from sikap.release.files.build import build
from sikap.release.files.parquet import from_parquet
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from tamper import GOOD, Files, sealed, table, with_checksum, with_json, with_text

Found = set[tuple[str, str]]
OTHER = versions() | {"pyarrow": "99"}
replace = msgspec.structs.replace


def found(files: Files, installed: Mapping[str, str] | None = None) -> Found:
    return {(p.code, p.file) for p in verify(files, installed or versions())}


def inputs(change: Callable[[dict[str, str]], object], which: str = "digests") -> Files:
    return with_json(GOOD, lambda manifest: change(manifest["inputs"][which]))


NAMES = [
    *("config", "guidelines", "articles", "sentences"),
    *("round coba", "round utama", "round putusan"),
]


def test_the_digests_are_of_what_a_release_is_built_from() -> None:
    assert sorted(content().inputs.digests) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_digest_that_is_missing_is_named(name: str) -> None:
    problems = verify(inputs(lambda digests: digests.pop(name)), versions())
    assert any(p.code == "digest" and repr(name) in p.found for p in problems)


@pytest.mark.parametrize("name", ["round ghost", "labels", ""])
def test_a_digest_of_nothing_is_named(name: str) -> None:
    problems = verify(inputs(lambda digests: digests.update({name: "0" * 64})), versions())
    assert any(p.code == "digest" and repr(name) in p.found for p in problems)


@pytest.mark.parametrize("name", ["articles", "sentences"])
def test_a_digest_of_other_records_is_named(name: str) -> None:
    problems = verify(inputs(lambda digests: digests.update({name: "0" * 64})), versions())
    assert [(p.code, p.file) for p in problems] == [("digest", "release.json")]
    assert name in problems[0].found


@pytest.mark.parametrize("digest", ["", "0" * 63, "F" * 64, "0" * 64 + "\n", "call 555"])
def test_a_digest_of_a_round_has_the_form_of_one(digest: str) -> None:
    files = inputs(lambda digests: digests.update({"round coba": digest}))
    assert ("schema", "release.json") in found(files)


VERSIONS: Mapping[str, Callable[[dict[str, str]], object]] = {
    "one more": lambda given: given.update(emacs="29"),
    "one less": lambda given: given.pop("pyarrow"),
    "none": lambda given: given.clear(),
}


@pytest.mark.parametrize("what", VERSIONS)
def test_other_versions_than_those_that_decide_bytes_are_named(what: str) -> None:
    assert ("versions", "release.json") in found(inputs(VERSIONS[what], "versions"))


def test_a_version_has_the_form_of_one() -> None:
    files = inputs(lambda given: given.update(pyarrow="call 555"), "versions")
    assert ("schema", "release.json") in found(files)


def spaced(files: Files) -> Files:
    return with_text(files, "release.json", '"format": 5', '"format":  5')


def repeated_key(files: Files) -> Files:
    return with_text(files, "release.json", '{\n  "format": 5', '{\n  "format": 5, "format": 5')


def carriage_return(files: Files) -> Files:
    sums = files["SHA256SUMS"].decode().replace("\n", "\r\n", 1)
    return files | {"SHA256SUMS": sums.encode()}


@pytest.mark.parametrize(
    ("forge", "code", "name"),
    [
        (spaced, "not-reproduced", "release.json"),
        (repeated_key, "not-reproduced", "release.json"),
        (carriage_return, "not-reproduced", "SHA256SUMS"),
        (lambda f: with_text(f, "README.md", ".\n", ". \n"), "figures", "README.md"),
        (lambda f: with_text(f, "browse.html", "</body>", " </body>"), "page", "browse.html"),
    ],
)
def test_bytes_of_other_files_than_parquet_count_under_any_version(
    forge: Callable[[Files], Files], code: str, name: str
) -> None:
    for installed in (versions(), OTHER):
        assert found(forge(GOOD), installed) == {(code, name)}


def rewritten(files: Files, name: str, **options: Any) -> Files:
    sink = io.BytesIO()
    pq.write_table(from_parquet(files[name]), sink, **options)
    return with_checksum(files, name, sink.getvalue())


def test_bytes_of_parquet_count_only_under_the_same_versions() -> None:
    name = table("stance")
    files = rewritten(GOOD, name, compression="gzip")
    assert found(files) == {("not-reproduced", name)}
    assert found(files, OTHER) == set()


def with_key(columns: bool) -> Files:
    """A table with metadata of its own, in the schema or in one of its columns."""
    name = table("stance")
    given = from_parquet(GOOD[name])
    metadata = {b"note": b"call 555"}
    if columns:
        given = given.cast(given.schema.set(0, given.schema.field(0).with_metadata(metadata)))
    else:
        given = given.replace_schema_metadata(given.schema.metadata | metadata)
    sink = io.BytesIO()
    pq.write_table(given, sink)
    return sealed(GOOD | {name: sink.getvalue()})


@pytest.mark.parametrize("columns", [False, True])
def test_foreign_metadata_in_a_table_are_found_under_any_version(columns: bool) -> None:
    for installed in (versions(), OTHER):
        assert ("features", table("stance")) in found(with_key(columns), installed)


def in_round(place: int, **changes: Any) -> Content:
    given = content()
    rounds = list(given.rounds)
    rounds[place] = replace(rounds[place], **changes)
    return replace(given, rounds=tuple(rounds))


def counted(place: int, **changes: int) -> Content:
    return in_round(place, counts=replace(content().rounds[place].counts, **changes))


def designed(place: int, overlap: int) -> Content:
    return in_round(place, design=replace(content().rounds[place].design, overlap=overlap))


def ghost() -> Content:
    """A round that nobody ever worked in, with counts that fit."""
    given = content()
    last = given.rounds[-1]
    counts = replace(last.counts, submitted=0, skipped=0)
    other = replace(last, round_id="hantu", ordinal=9, counts=counts)
    digests = given.inputs.digests | {"round hantu": "0" * 64}
    rounds = (*given.rounds, other)
    return replace(given, rounds=rounds, inputs=replace(given.inputs, digests=digests))


def retyped() -> Content:
    """An annotated sentence that is now a heading."""
    given = content()
    annotated = given.annotations[0].sentence_id
    sentences = tuple(
        replace(one, kind="heading") if one.sentence_id == annotated else one
        for one in given.sentences
    )
    return digested(replace(given, sentences=sentences))


def talking_skip() -> Content:
    """A skip that keeps the spans of another annotation."""
    given = content()
    spans = {one.sentence_id: one.spans for one in given.annotations if one.spans}
    annotations = list(given.annotations)
    place = next(
        n
        for n, one in enumerate(annotations)
        if one.status == "skipped" and one.sentence_id in spans
    )
    skip = annotations[place]
    annotations[place] = replace(skip, spans=spans[skip.sentence_id])
    return replace(given, annotations=tuple(annotations))


def meta(**changes: str) -> Content:
    return replace(content(), meta=replace(content().meta, **changes))


PROJECT = StudioProject(project_id=1, title="call 555")
FORGED: Mapping[str, tuple[Callable[[], Content], str]] = {
    "a round that was not pulled": (lambda: in_round(0, state="pushed"), "round-form"),
    "a round that was only planned": (lambda: in_round(2, state="planned"), "round-form"),
    "projects of a server": (lambda: in_round(1, projects=(PROJECT,)), "round-form"),
    "a round without rows": (ghost, "reference"),
    "a round in the place of another": (lambda: in_round(2, ordinal=1), "duplicate-id"),
    "fewer items than were annotated": (lambda: counted(1, items=8), "figures"),
    "no items": (lambda: counted(0, items=0), "figures"),
    "more overlap than annotators": (lambda: designed(1, 4), "figures"),
    "less overlap than annotators": (lambda: designed(0, 1), "figures"),
    "an annotated heading": (retyped, "not-body"),
    "a skip with spans": (talking_skip, "skipped"),
    "a title of two lines": (lambda: meta(title="Uji\n# Lain"), "schema"),
    "a title that ends in a line break": (lambda: meta(title="Uji\n"), "schema"),
    "a title with a line separator": (lambda: meta(title="Uji\u2028Lain"), "schema"),
    "a title without a letter": (lambda: meta(title=""), "schema"),
    "a name with a control character": (lambda: meta(name="uji\x1b[2J"), "schema"),
    "a name of two lines": (lambda: meta(name="uji\r\nlain"), "schema"),
    "a language that is no tag": (lambda: meta(language="Bahasa Indonesia"), "schema"),
    "no language": (lambda: meta(language=""), "schema"),
    "a language that ends in a line break": (lambda: meta(language="id\n"), "schema"),
    "no licence": (lambda: meta(licence=""), "schema"),
    "a licence of blanks": (lambda: meta(licence="  "), "schema"),
    "a licence of two lines": (lambda: meta(licence="MIT\nlain"), "schema"),
    "digits that are not ASCII": (lambda: meta(version="١.0.0"), "schema"),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_release_built_whole_of_wrong_content_breaks_a_rule(what: str) -> None:
    make, code = FORGED[what]
    problems = verify(build(make()), versions())
    assert code in {problem.code for problem in problems}
    assert all(problem.found and problem.fix for problem in problems)


def test_two_rounds_of_one_name_are_named() -> None:
    files = with_json(GOOD, lambda manifest: manifest["rounds"][0].update(round_id="utama"))
    assert ("duplicate-id", "release.json") in found(files)


def test_the_items_of_a_round_can_be_more_than_were_annotated() -> None:
    assert verify(build(counted(1, items=99)), versions()) == []


@pytest.mark.parametrize("block", ["counts", "splits", "rounds"])
def test_a_datasheet_without_a_block_that_it_needs_is_named(block: str) -> None:
    for name in ("kinds", ""):
        text = content().datasheet
        marker = f"<!-- sikap:{block} -->"
        end = f"{marker}\n<!-- sikap:end -->"
        assert end in text
        other = end.replace(block, name) if name else ""
        forged = replace(content(), datasheet=text.replace(end, other))
        problems = verify(build(forged), versions())
        assert [(p.code, p.file) for p in problems] == [("figures", "DATASHEET.md")]
        assert repr(block) in problems[0].found


def test_annotators_without_a_row_are_in_the_roster_but_not_in_the_figures() -> None:
    given = content()
    idle = Annotator(annotator="a9", kind="rule", qualifications="")
    first = given.rounds[0]
    design = replace(first.design, overlap=3)
    listed = replace(first, roster=(*first.roster, idle), design=design)
    files = build(replace(given, rounds=(listed, *given.rounds[1:])))
    assert verify(files, versions()) == []
    manifest = msgspec.json.decode(files["release.json"])
    assert "a9" in {entry["annotator"] for entry in manifest["rounds"][0]["roster"]}
    assert manifest["facts"]["annotators"] == {"crowd": 1, "expert": 1, "model": 1}


def test_a_model_that_said_nothing_makes_no_labels() -> None:
    """Only people have rows: the card must not call their labels machine-generated."""
    people = Played(
        round_id="orang",
        purpose="production",
        annotators={"ani": "expert"},
        answers={ARTICLES["pasar"][0][1]: [said(("Pasar Baru", "FAC", "neutral"))]},
    )
    given = content(sample(played=[people]))
    first = given.rounds[0]
    idle = Annotator(annotator="a9", kind="model", qualifications="")
    design = replace(first.design, overlap=len(first.roster) + 1)
    listed = replace(first, roster=(*first.roster, idle), design=design)
    files = build(replace(given, rounds=(listed, *given.rounds[1:])))
    assert verify(files, versions()) == []
    card = files["README.md"].decode()
    front = card.split("language_creators", 1)[0]
    assert "expert-generated" in front
    assert "machine-generated" not in front
    assert "Labels are machine-generated" not in card


def with_column(values: pa.Array) -> Files:
    given = from_parquet(GOOD[table("stance")])
    return sealed(GOOD | {table("stance"): written(given.append_column("lain", values))})


def written(given: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(given, sink)
    return sink.getvalue()


COUNT = from_parquet(GOOD[table("stance")]).num_rows
STRANGE: Mapping[str, pa.Array] = {
    "a day that no calendar has": pa.array([2**62] * COUNT, pa.timestamp("us")),
    "a time zone that is none": pa.array([None] * COUNT, pa.timestamp("us", tz="Mars/Phobos")),
    "nothing": pa.nulls(COUNT),
    "half numbers": pa.array([None] * COUNT, pa.float16()),
    "maps": pa.array([[("a", 1)]] * COUNT, pa.map_(pa.string(), pa.int32())),
    "JSON": pa.array(["{}"] * COUNT, pa.json_()),
}


@pytest.mark.parametrize("what", STRANGE)
def test_a_column_of_another_type_is_named_whatever_it_holds(what: str) -> None:
    assert ("columns", table("stance")) in found(with_column(STRANGE[what]))


def test_a_small_file_of_very_many_rows_is_not_unpacked() -> None:
    bomb = written(pa.table({"label": pa.repeat(pa.scalar(False), 5_000_000)}))
    assert len(bomb) < 50_000
    problems = verify(sealed(GOOD | {table("stance"): bomb}), versions())
    assert [(p.code, p.file) for p in problems] == [("release-form", table("stance"))]
    assert "5000000 rows" in problems[0].found


def test_a_small_file_that_unpacks_to_very_much_is_not_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parquet, "SIZE", 1 << 20)
    bomb = io.BytesIO()
    values = pa.array(["a" * 8_000_000])
    pq.write_table(pa.table({"text": values}), bomb, compression="zstd", use_dictionary=False)
    problems = verify(sealed(GOOD | {table("stance"): bomb.getvalue()}), versions())
    assert [(p.code, p.file) for p in problems] == [("release-form", table("stance"))]
    assert "unpack" in problems[0].found


def test_a_column_that_stands_twice_is_named() -> None:
    twice = from_parquet(GOOD[table("stance")])["label"].combine_chunks()
    given = from_parquet(GOOD[table("stance")]).append_column("label", twice)
    files = sealed(GOOD | {table("stance"): written(given)})
    assert ("columns", table("stance")) in found(files)


DEEP = b'{"a":' * 3_000 + b"1" + b"}" * 3_000


@pytest.mark.parametrize(
    "features", [DEEP, b"[" * 9_000, b'{"label": []}', b'{"label": {"_type": 1}}']
)
def test_features_that_cannot_be_read_are_named(features: bytes) -> None:
    given = from_parquet(GOOD[table("stance")])
    metadata = {b"huggingface": b'{"info": {"features": ' + features + b"}}"}
    files = sealed(GOOD | {table("stance"): written(given.replace_schema_metadata(metadata))})
    assert ("features", table("stance")) in found(files)


@pytest.mark.parametrize("metadata", [b"[]", b"null", b"{}", b"\xff"])
def test_a_type_of_its_own_that_cannot_be_made_is_named(metadata: bytes) -> None:
    given = from_parquet(GOOD[table("stance")])
    place = given.schema.get_field_index("label")
    name = b"datasets.features.features.Array2DExtensionType"
    kind = {b"ARROW:extension:name": name, b"ARROW:extension:metadata": metadata}
    schema = given.schema.set(place, given.schema.field(place).with_metadata(kind))
    files = sealed(GOOD | {table("stance"): written(pa.table(given.columns, schema=schema))})
    assert ("release-form", table("stance")) in found(files)


LAUGHS = b"a0: &a0 [x, x]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b", ".join([b"*a%d" % (n - 1)] * 10)) for n in range(1, 30)
)


@pytest.mark.parametrize(
    "text", [LAUGHS, b"a: &a [*a]\ntitle: *a\n", b"1: b\n", b"title: !!set {a, b}\n"]
)
def test_a_citation_with_more_than_json_can_say_is_named(text: bytes) -> None:
    files = sealed(GOOD | {"CITATION.cff": text})
    assert ("citation", "CITATION.cff") in found(files)


def test_a_card_with_aliases_is_named() -> None:
    card = b"---\n" + LAUGHS + b"dataset_info: *a29\n---\n"
    assert ("features", "README.md") in found(sealed(GOOD | {"README.md": card}))
