import io
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel, Features, List
from hypothesis import given
from hypothesis import strategies as st

from examples import FEW
from samples import content, digested, sample
from sikap.records import sentence_id
from sikap.release.data.features import features
from sikap.release.files.build import SUMS, build
from sikap.release.files.canonical_json import content_hash
from sikap.release.files.parquet import from_parquet, to_parquet
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from sikap.storage.files import encode_json, sha256
from tamper import (
    GOOD,
    Files,
    Row,
    codes,
    rows_of,
    sealed,
    table,
    to_table,
    with_json,
    with_rows,
    with_text,
)

Tamper = Callable[[Files], Files]
COPIES = ("pasar", "jalan")
TABLES = [name for name in GOOD if name.startswith("data/")]


def test_a_release_as_built_keeps_every_rule() -> None:
    assert verify(GOOD, versions()) == []


def test_a_release_before_the_first_round_keeps_every_rule() -> None:
    assert verify(build(content(sample(played=[]))), versions()) == []


def test_another_version_of_pyarrow_is_no_fault_of_the_release() -> None:
    assert verify(GOOD, versions() | {"pyarrow": "99"}) == []


def test_copies_in_several_splits_are_found() -> None:
    given = content(sample(played=[]))
    pasar, jalan = (next(a for a in given.articles if a.article_id == n) for n in COPIES)
    copy = msgspec.structs.replace(jalan, article_id="pasar")
    articles = [copy if one == pasar else one for one in given.articles]
    sentences = [
        msgspec.structs.replace(
            one, article_id="pasar", sentence_id=sentence_id("pasar", one.text, 0)
        )
        for one in given.sentences
        if one.article_id == "jalan"
    ]
    sentences += [one for one in given.sentences if one.article_id != "pasar"]
    sentences.sort(key=lambda one: (one.article_id, one.index))
    copied = msgspec.structs.replace(given, articles=tuple(articles), sentences=tuple(sentences))
    (problem,) = verify(build(digested(copied)), versions())
    assert (problem.code, problem.id) == ("split", "jalan, pasar")


@pytest.mark.parametrize("name", GOOD)
def test_one_byte_changed_is_found_and_its_file_named(name: str) -> None:
    data = bytearray(GOOD[name])
    data[len(data) // 2] ^= 1
    problems = verify(GOOD | {name: bytes(data)}, versions())
    assert any(name in f"{problem.file} {problem.found}" for problem in problems)
    assert "checksum" in {problem.code for problem in problems}


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_file_is_named(name: str) -> None:
    rest = {other: data for other, data in GOOD.items() if other != name}
    assert name in {problem.file for problem in verify(rest, versions())}
    if name != SUMS:
        assert verify(sealed(rest), versions())


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("notes.txt", "unknown-file"),
        ("schema/extra.xml", "unknown-file"),
        ("release.py", "unknown-file"),
        ("data/readme.txt", "release-form"),
        ("data/entities/train-00001-of-00002.parquet", "release-form"),
        ("data/other/train-00000-of-00001.parquet", "columns"),
    ],
)
def test_a_file_that_no_release_has_is_named(name: str, code: str) -> None:
    data = GOOD[table("entities")]
    problems = verify(sealed(GOOD | {name: data}), versions())
    assert (code, name) in {(p.code, p.file) for p in problems} or code == "columns"
    assert code in {problem.code for problem in problems}


def on(config: str, change: Callable[[list[Row]], object], split: str = "train") -> Tamper:
    return lambda files: with_rows(files, table(config, split), change)


def rehashed(files: Files) -> Files:
    """Recompute the content hashes too."""
    manifest = msgspec.json.decode(files["release.json"])
    for config in manifest["content_hashes"]:
        splits = manifest["facts"]["rows"][config]
        tables = (from_parquet(files[table(config, split)]) for split in splits)
        manifest["content_hashes"][config] = content_hash(tables)
    return sealed(files | {"release.json": encode_json(manifest)})


def moved(files: Files) -> Files:
    taken: list[Row] = []
    files = with_rows(files, table("sentences"), lambda rows: taken.append(rows.pop()))
    return with_rows(files, table("sentences", "test"), lambda rows: rows.extend(taken))


def other_order(files: Files) -> Files:
    """Swap two classes in the metadata of one table; the stored numbers stay."""
    name = table("stance")
    columns = Features(features(sample().scheme)["stance"])
    names = columns["label"].names
    columns["label"] = ClassLabel(names=[names[1], names[0], *names[2:]])
    return sealed(files | {name: to_parquet(to_table(rows_of(files, name), columns))})


def edited_article(files: Files) -> Files:
    def edit(rows: list[Row]) -> None:
        rows[0]["text"] = rows[0]["text"].replace("Warga", "Wargi")
        rows[0]["text_sha256"] = sha256(rows[0]["text"])

    return rehashed(with_rows(files, table("articles"), edit))


def annotated(place: int, change: Callable[[Row], object]) -> Tamper:
    return on("annotations", lambda rows: change(rows[place]))


def spanned(config: str, change: Callable[[Row], object]) -> Tamper:
    def edit(rows: list[Row]) -> None:
        change(next(row for row in reversed(rows) if row["spans"])["spans"][0])

    return on(config, edit)


def edited_sentence(files: Files) -> Files:
    """Change a sentence wherever its text stands, and every digest but the sentence's id."""

    def edit(rows: list[Row]) -> None:
        for row in rows:
            for field in ("text", "title"):
                if row.get(field):
                    row[field] = row[field].replace("Banjir di", "Banjir pd")
            if "text_sha256" in row:
                row["text_sha256"] = sha256(row["text"])

    return rehashed(with_rows(with_rows(files, table("articles"), edit), table("sentences"), edit))


SEMANTIC: Mapping[str, tuple[Tamper, str]] = {
    "label order in the card": (
        lambda f: with_text(
            f,
            "README.md",
            "'0': favor\n          '1': against",
            "'0': against\n          '1': favor",
        ),
        "features",
    ),
    "label order in the metadata": (other_order, "features"),
    "a row in another split": (moved, "split"),
    "votes": (spanned("sentences", lambda span: span["provenance"].update(votes=9)), "labels"),
    "how": (spanned("sentences", lambda span: span["provenance"].update(how="single")), "labels"),
    "a published label": (spanned("sentences", lambda span: span.update(label="ORG")), "labels"),
    "a published stance": (
        spanned("sentences", lambda span: span.update(stance="favor")),
        "labels",
    ),
    "an offset": (spanned("sentences", lambda span: span.update(start=1)), "span-text"),
    "an annotator's offset": (
        spanned("annotations", lambda span: span.update(end=span["end"] + 1)),
        "span-text",
    ),
    "a surface": (spanned("sentences", lambda span: span.update(text="Sari")), "span-text"),
    "a sentence": (on("sentences", lambda rows: rows[0].update(text="Banjir")), "span-text"),
    "a sentence and its article": (edited_sentence, "digest"),
    "an article and its digest": (edited_article, "span-text"),
    "an index": (on("sentences", lambda rows: rows[0].update(index=90)), "digest"),
    "an annotation less": (on("annotations", lambda rows: rows.pop()), "labels"),
    "an annotation less of a round that decided nothing": (
        lambda f: rehashed(with_rows(f, table("annotations"), lambda rows: rows.pop(0))),
        "figures",
    ),
    "an annotator's label": (
        spanned("annotations", lambda span: span.update(label="ORG")),
        "labels",
    ),
    "an unknown label": (
        spanned("annotations", lambda span: span.update(label="XXX")),
        "unknown-label",
    ),
    "a skip made an answer": (
        lambda f: with_rows(
            f,
            table("annotations"),
            lambda rows: [row.update(status="submitted") for row in rows],
        ),
        "figures",
    ),
    "an unknown status": (annotated(0, lambda row: row.update(status="gone")), "schema"),
    "an unknown annotator": (annotated(0, lambda row: row.update(annotator="a9")), "reference"),
    "the kind of an annotator": (
        annotated(0, lambda row: row.update(annotator_kind="model")),
        "reference",
    ),
    "an unknown sentence": (
        annotated(0, lambda row: row.update(sentence_id="0" * 16)),
        "reference",
    ),
    "an item id": (annotated(0, lambda row: row.update(item_id="0" * 16)), "digest"),
    "a row twice": (on("annotations", lambda rows: rows.append(rows[-1])), "duplicate-id"),
    "rows in another order": (on("sentences", lambda rows: rows.reverse()), "labels"),
    "a tag": (on("entities", lambda rows: rows[0]["ner_tags"].__setitem__(0, 3)), "table"),
    "a class": (on("stance", lambda rows: rows[0].update(label=0)), "table"),
    "a figure in the card": (
        lambda f: with_text(f, "README.md", "| articles | 6 |", "| articles | 7 |"),
        "figures",
    ),
    "words of the card": (
        lambda f: with_text(f, "README.md", "**Labels are machine-generated", "**Labels are"),
        "figures",
    ),
    "line ends of the card": (lambda f: with_text(f, "README.md", ".\n", ".\r\n"), "figures"),
    "a figure in the datasheet": (
        lambda f: with_text(f, "DATASHEET.md", "| articles | 6 |", "| articles | 7 |"),
        "figures",
    ),
    "a block of the datasheet": (
        lambda f: with_text(f, "DATASHEET.md", "sikap:counts", "sikap:tebak"),
        "figures",
    ),
    "a word of the page": (
        lambda f: with_text(f, "browse.html", "Hujan turun.", "Hujan reda."),
        "page",
    ),
    "a script of the page": (
        lambda f: with_text(f, "browse.html", "</body>", "<script>1</script></body>"),
        "page",
    ),
    "a count in release.json": (
        lambda f: with_json(f, lambda manifest: manifest["facts"].update(spans=99)),
        "figures",
    ),
    "a content hash": (
        lambda f: with_json(f, lambda m: m["content_hashes"].update(stance="0" * 64)),
        "content-hash",
    ),
    "a version that is none": (
        lambda f: with_json(f, lambda manifest: manifest["dataset"].update(version="neu")),
        "schema",
    ),
    "a round less": (lambda f: with_json(f, lambda m: m["rounds"].pop(1)), "reference"),
    "the purpose of a round": (
        lambda f: with_json(f, lambda m: m["rounds"][2].update(purpose="calibration")),
        "labels",
    ),
    "a schema": (
        lambda f: with_text(f, "schema/label.schema.json", "Label", "Libel"),
        "schema-file",
    ),
    "the guidelines": (
        lambda f: with_text(f, "schema/guidelines.md", "setiap", "tiap"),
        "digest",
    ),
    "the labelling config": (
        lambda f: with_text(f, "schema/config.xml", 'hotkey="1"', 'hotkey="0"'),
        "digest",
    ),
    "a seconds that is no number": (
        annotated(0, lambda row: row.update(seconds=float("nan"))),
        "columns",
    ),
}


@pytest.mark.parametrize("what", SEMANTIC)
def test_a_change_with_fitting_checksums_breaks_the_rule(what: str) -> None:
    tamper, code = SEMANTIC[what]
    tampered = tamper(GOOD)
    assert tampered != GOOD
    found = codes(tampered)
    assert code in found
    assert "checksum" not in found


def as_parquet(value: pa.Table) -> bytes:
    sink = io.BytesIO()
    pq.write_table(value, sink)
    return sink.getvalue()


BROKEN: Mapping[str, tuple[str, bytes, str]] = {
    "a card that is no UTF-8": ("README.md", b"---\n\xff\n---\n", "not-utf8"),
    "a datasheet that is no UTF-8": ("DATASHEET.md", b"\xff", "not-utf8"),
    "a card without YAML": ("README.md", b"# Uji\n", "features"),
    "a card with broken YAML": ("README.md", b"---\n{\n---\n", "features"),
    "a card with a list": ("README.md", b"---\n- a\n---\n", "features"),
    "a card of deep brackets": ("README.md", b"---\n" + b"[" * 9000 + b"\n---\n", "features"),
    "release.json that is a list": ("release.json", b"[]", "schema"),
    "release.json that is empty": ("release.json", b"", "not-json"),
    "release.json of deep brackets": ("release.json", b"[" * 99_000, "schema"),
    "a config that is no XML": ("schema/config.xml", b"<View>", "scheme-xml"),
    "a config without controls": ("schema/config.xml", b"<View/>", "scheme-controls"),
    "a table that is no Parquet": (table("stance"), b"PAR1", "release-form"),
    "a table without rows": (
        table("stance", "test"),
        to_parquet(to_table([], features(sample().scheme)["stance"])),
        "columns",
    ),
    "a table of other columns": (table("stance"), as_parquet(pa.table({"a": [1]})), "columns"),
    "a table of dates beyond all": (
        table("stance"),
        as_parquet(pa.table({"a": pa.array([2**62], pa.timestamp("us"))})),
        "columns",
    ),
    "a table with metadata of another form": (
        table("stance"),
        as_parquet(pa.table({"a": [1]}).replace_schema_metadata({"huggingface": '{"info": 5}'})),
        "columns",
    ),
    "checksums that are no text": (SUMS, b"\xff\xfe\n\n", "checksum"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_cannot_be_read_is_a_problem(what: str) -> None:
    name, data, code = BROKEN[what]
    files = GOOD | {name: data}
    problems = verify(files if name == SUMS else sealed(files), versions())
    assert code in {problem.code for problem in problems}
    assert all(problem.found and problem.fix for problem in problems)


@pytest.mark.parametrize("config", ["sentences", "annotations", "articles", "entities", "stance"])
def test_a_config_without_its_folder_is_a_problem(config: str) -> None:
    rest = {n: data for n, data in GOOD.items() if not n.startswith(f"data/{config}/")}
    assert codes(sealed(rest)) - {"checksum"}


REQUIRED = [
    (config, column)
    for config, columns in features(sample().scheme).items()
    for column in columns
    if column
    not in {"title", "outlet", "published", "licence", "seconds", "holder", "ner_tags", "label"}
    and (config, column) not in {("sentences", n) for n in ("annotators", "round", "open", "spans")}
]


@pytest.mark.parametrize(("config", "column"), REQUIRED)
def test_a_null_where_a_value_must_be_is_a_problem(config: str, column: str) -> None:
    files = with_rows(GOOD, table(config), lambda rows: rows[0].update({column: None}))
    found = verify(files, versions())
    assert any(p.code == "columns" and column in p.found for p in found)


@pytest.mark.parametrize("field", ["start", "end", "text", "label"])
@pytest.mark.parametrize("config", ["sentences", "annotations"])
def test_a_null_in_a_span_is_a_problem(config: str, field: str) -> None:
    files = spanned(config, lambda span: span.update({field: None}))(GOOD)
    assert any(p.code == "columns" and field in p.found for p in verify(files, versions()))


def test_a_null_for_a_span_is_a_problem() -> None:
    def edit(rows: list[Row]) -> None:
        rows[0]["spans"] = [None]

    assert "columns" in codes(with_rows(GOOD, table("annotations"), edit))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = list(value.items() if isinstance(value, dict) else enumerate(value))
    deeper = [p for k, v in inner if isinstance(v, dict | list) for p in places(v, (*path, k))]
    return [*((*path, key) for key, _ in inner), *deeper]


def put(value: Any, path: tuple[Any, ...], new: Any) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = new


@FEW
@given(data=st.data())
def test_no_value_in_release_json_is_too_odd(data: st.DataObject) -> None:
    manifest = msgspec.json.decode(GOOD["release.json"])
    path = data.draw(st.sampled_from(places(manifest)))
    put(manifest, path, data.draw(JSON))
    problems = verify(sealed(GOOD | {"release.json": encode_json(manifest)}), versions())
    # The rest is what people claim, such as the qualifications of an annotator.
    counted = path[0] in {"format", "facts", "content_hashes"}
    assert problems or not counted or manifest == msgspec.json.decode(GOOD["release.json"])


def mutate(data: st.DataObject, column: Any, value: Any) -> Any:
    """Another value of the column's type, somewhere inside it; null too."""
    if isinstance(column, List) and value and data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(value) - 1))
        return [*value[:place], mutate(data, column.feature, value[place]), *value[place + 1 :]]
    if isinstance(column, List):
        return data.draw(st.sampled_from([None, [], (value or []) * 2]))
    if isinstance(column, dict) and value:
        name = data.draw(st.sampled_from(sorted(column)))
        return value | {name: mutate(data, column[name], value[name])}
    if isinstance(column, dict):
        return None
    if isinstance(column, ClassLabel):
        return data.draw(st.none() | st.integers(0, len(column.names) - 1))
    kinds = {
        "string": st.text(max_size=9) | st.sampled_from(["a1", "model", "submitted", "body"]),
        "bool": st.booleans(),
        "float64": st.floats(),
    }
    return data.draw(st.none() | kinds.get(column.dtype, st.integers(-9, 99)))


@FEW
@given(data=st.data())
def test_no_value_in_a_table_goes_unseen(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(TABLES))
    columns = features(sample().scheme)[name.split("/")[1]]
    column = data.draw(st.sampled_from(sorted(columns)))

    def edit(rows: list[Row]) -> None:
        row = data.draw(st.sampled_from(rows))
        row[column] = mutate(data, columns[column], row[column])

    changed = with_rows(GOOD, name, edit)
    assert verify(changed, versions()) or rows_of(changed, name) == rows_of(GOOD, name)


@FEW
@given(data=st.data())
def test_no_bytes_in_a_file_are_too_odd(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from([name for name in GOOD if name != SUMS]))
    claims = {"DATASHEET.md", "release.json"}
    old = GOOD[name]
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start, min(len(old), start + 40)))
    new = old[:start] + data.draw(st.binary(max_size=20)) + old[end:]
    problems = verify(sealed(GOOD | {name: new}), versions())
    assert problems or new == old or name in claims


@pytest.mark.parametrize(("what", "id_"), [("article", "kopi"), ("annotator", "a2")])
def test_a_release_that_still_holds_what_was_withdrawn_is_found(what: str, id_: str) -> None:
    gone = {"what": what, "id": id_, "since": "0.9.0"}
    forged = with_json(GOOD, lambda manifest: manifest["withdrawn"].append(gone))
    problems = [one for one in verify(forged, versions()) if one.code == "withdrawn"]
    assert [problem.id for problem in problems] == [id_]


X = {"what": "article", "id": "x", "since": "0.9.0"}
LATER = {"what": "annotator", "id": "a9", "since": "99.0.0"}


@pytest.mark.parametrize(("told", "ids"), [([X], []), ([X, X], ["x"]), ([X, LATER], ["a9"])])
def test_a_withdrawal_after_this_version_or_told_twice_is_found(
    told: list[dict[str, str]], ids: list[str]
) -> None:
    forged = with_json(GOOD, lambda manifest: manifest["withdrawn"].extend(told))
    problems = [one for one in verify(forged, versions()) if one.code == "withdrawn"]
    assert [problem.id for problem in problems] == ids
