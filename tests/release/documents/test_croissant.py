"""croissant.json as its readers take it: validated and loaded by mlcroissant, offline."""

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pyarrow.parquet as pq
import pytest

from samples import content
from scheme_samples import SAMPLES
from sikap.release.data.features import features_of_tables
from sikap.release.data.statistics import facts
from sikap.release.data.tables import tables
from sikap.release.documents.croissant import croissant, unwrapped
from sikap.release.documents.croissant_record_sets import DataFile
from sikap.release.documents.datasheet import compose
from sikap.release.documents.datasheet_questions import IDS, QUESTIONS, TEXTS
from sikap.release.files.build import build, lay_out
from sikap.release.files.parquet import from_parquet
from sikap.release.standoff.stand_off_files import build_stand_off
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from sikap.storage import schemas
from sikap.storage.files import encode_json, sha256
from sikap.storage.folder import write_folder
from tamper import GOOD, Files, sealed, with_json, with_text

RELEASE = Path(__file__).resolve().parents[3] / "dataset" / "release"
# In a process of its own: mlcroissant keeps threads, and would write into the user's cache.
LOAD = """
import json, os, sys
import mlcroissant
dataset = mlcroissant.Dataset(sys.argv[1])
issues = dataset.metadata.ctx.issues
plain = lambda value: value.decode() if isinstance(value, bytes) else value.item()
loaded = {
    one.uuid: [dict(record) for record in dataset.records(one.uuid)]
    for one in dataset.metadata.record_sets
}
for filtered in sys.argv[2:]:
    config, split = filtered.split("=")
    again = mlcroissant.Dataset(sys.argv[1])
    rows = again.records(config, filters={f"{config}/split": split})
    loaded[filtered] = [dict(record) for record in rows]
found = {"issues": [*issues.errors, *issues.warnings], "loaded": loaded}
print(json.dumps(found, default=plain))
sys.stdout.flush()
os._exit(0)
"""
NOWHERE = "http://127.0.0.1:9"
DESCRIBED: dict[str, Any] = json.loads(GOOD["croissant.json"])


def load(folder: Path, cache: Path, *filters: str) -> tuple[dict[str, Any], str]:
    """What mlcroissant makes of a release, and what it writes on standard error."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(folder / "croissant.json"), *filters],
        env=os.environ | {"CROISSANT_CACHE": str(cache), "no_proxy": "", "https_proxy": NOWHERE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded, done.stderr


def flat(config: str, row: Mapping[str, Any], split: str) -> dict[str, Any]:
    """A row of a table as mlcroissant gives it: ids for names, leaves for nested structs."""
    found: dict[str, Any] = {f"{config}/split": split}
    for name, value in row.items():
        id_ = f"{config}/{name}"
        if isinstance(value, dict):
            found[id_] = dict(leaves(id_, value))
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            found[id_] = [dict(leaves(id_, one)) for one in value]
        else:
            found[id_] = value
    return found


def leaves(id_: str, struct: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in struct.items():
        if isinstance(value, dict):
            yield from leaves(f"{id_}/{name}", value)
        else:
            yield f"{id_}/{name}", value


def without_nulls(value: Any) -> Any:
    """The value without what is null at any depth.

    To mlcroissant a null list or struct is one whose fields are all null, so only this compares.
    """
    if isinstance(value, dict):
        inner = {key: without_nulls(one) for key, one in value.items()}
        return {key: one for key, one in inner.items() if one is not None} or None
    if isinstance(value, list):
        # A list of one thing that is all null stands for a list that is null itself.
        inner_list = [without_nulls(one) for one in value]
        return None if inner_list == [None] else inner_list
    return value


def published(folder: Path) -> dict[str, dict[str, list[dict[str, Any]]]]:
    """The rows of every Parquet file, by config and split."""
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for path in sorted((folder / "data").rglob("*.parquet")):
        split = path.name.partition("-")[0]
        table = from_parquet(path.read_bytes()).to_pylist()
        rows.setdefault(path.parent.name, {}).setdefault(split, []).extend(table)
    return rows


def same(folder: Path, cache: Path) -> None:
    """Every record set is every row of its config, and nothing else; so is each split alone."""
    rows = published(folder)
    filters = [f"{config}={split}" for config, by_split in rows.items() for split in by_split]
    found, said = load(folder, cache, *filters)
    assert found["issues"] == []
    assert [line for line in said.splitlines() if "WARNING" in line or "Could not" in line] == []
    names = {one["@id"] for one in json.loads((folder / "croissant.json").read_text())["recordSet"]}
    assert names == set(found["loaded"]) - set(filters)
    assert set(rows) <= names
    for config, by_split in rows.items():
        for split, expected in by_split.items():
            flattened = [without_nulls(flat(config, row, split)) for row in expected]
            records = found["loaded"][config]
            of_split = [one for one in records if one[f"{config}/split"] == split]
            assert [without_nulls(one) for one in of_split] == flattened
            alone = found["loaded"][f"{config}={split}"]
            assert [without_nulls(one) for one in alone] == flattened
        assert len(found["loaded"][config]) == sum(map(len, by_split.values()))


@pytest.mark.parametrize("which", SAMPLES)
def test_every_record_set_loads_as_the_rows_of_the_parquet_files(
    which: str, tmp_path: Path
) -> None:
    write_folder(tmp_path / "release", build(content(SAMPLES[which])))
    same(tmp_path / "release", tmp_path / "cache")


def test_a_stand_off_release_loads_as_its_rows(tmp_path: Path) -> None:
    write_folder(tmp_path / "release", build_stand_off(content()))
    same(tmp_path / "release", tmp_path / "cache")


def test_every_record_set_of_the_committed_release_loads_as_its_rows(tmp_path: Path) -> None:
    same(RELEASE, tmp_path)


def test_the_readme_loads_the_committed_release_in_this_way(tmp_path: Path) -> None:
    readme = (RELEASE.parents[1] / "README.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"^```py\n(.*?)^```$", readme, re.M | re.S)
    done = subprocess.run(
        [sys.executable, "-c", f"{snippet}\nimport os, sys\nsys.stdout.flush()\nos._exit(0)"],
        cwd=RELEASE.parents[1],
        env=os.environ | {"CROISSANT_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    rows = published(RELEASE)["stance"]["train"]
    assert done.stdout.splitlines() == [str(row["target"].encode()) for row in rows]


def test_the_values_of_labels_and_the_names_of_splits_load_too(tmp_path: Path) -> None:
    write_folder(tmp_path / "release", build(content()))
    loaded = load(tmp_path / "release", tmp_path / "cache")[0]["loaded"]
    values = [
        (one["stance.label/value"], one["stance.label/name"]) for one in loaded["stance.label"]
    ]
    assert values == [(0, "favor"), (1, "against"), (2, "neutral")]
    names = {one["split.names/name"] for one in loaded["split.names"]}
    assert names == {"train", "validation", "test"}


def test_shards_of_a_split_are_one_file_set_and_load_as_one_split(tmp_path: Path) -> None:
    """Also where a release has several files for a split."""
    given, rows = content(), tables(content())
    files = build(given)
    described: dict[str, dict[str, list[DataFile]]] = {}
    for config, by_split in rows.items():
        for split in by_split:
            old = f"data/{config}/{split}-00000-of-00001.parquet"
            table, data = from_parquet(files[old]), files.pop(old)
            parts = [data] if table.num_rows < 2 else halves(table)
            for number, part in enumerate(parts):
                name = f"data/{config}/{split}-{number:05}-of-{len(parts):05}.parquet"
                files[name] = part
                file = DataFile(path=name, size=len(part), sha256=sha256(part))
                described.setdefault(config, {}).setdefault(split, []).append(file)
    columns = features_of_tables(given.scheme, rows)
    node = croissant(given, facts(given, rows), columns, described)
    write_folder(tmp_path / "release", files | {"croissant.json": encode_json(node)})
    assert any(len(parts) > 1 for by in described.values() for parts in by.values())
    same(tmp_path / "release", tmp_path / "cache")


def halves(table: Any) -> list[bytes]:
    parts = []
    for piece in (table.slice(0, table.num_rows // 2), table.slice(table.num_rows // 2)):
        sink = io.BytesIO()
        pq.write_table(piece, sink)
        parts.append(sink.getvalue())
    return parts


def test_files_have_the_checksums_and_sizes_of_the_release() -> None:
    parts = [one for one in DESCRIBED["distribution"] if one["@type"] == "cr:FileObject"]
    assert {one["contentUrl"] for one in parts} == {name for name in GOOD if "parquet" in name}
    for one in parts:
        data = GOOD[one["contentUrl"]]
        assert (one["sha256"], one["contentSize"]) == (sha256(data), f"{len(data)} B")


def test_fields_are_the_columns_of_the_tables_in_their_order() -> None:
    sets = {one["@id"]: one for one in DESCRIBED["recordSet"]}
    columns = features_of_tables(content().scheme, tables(content()))
    for config, features in columns.items():
        names = [field["name"] for field in sets[config]["field"]]
        assert names == ["split", *features]
        assert all(field["description"] for field in sets[config]["field"])
    spans = next(one for one in sets["sentences"]["field"] if one["name"] == "spans")
    parts = {one["name"]: one["description"] for one in spans["subField"]}
    assert parts["spans/start"] == "first code point of the span in the sentence"
    assert parts["spans/stance_provenance/votes"] == (
        "stance_provenance: how many annotators said so"
    )


def test_no_place_and_no_time_of_the_build_is_in_it() -> None:
    text = GOOD["croissant.json"].decode()
    assert str(Path.cwd()) not in text
    assert "file:" not in text


def test_people_and_groups_are_told_apart() -> None:
    assert DESCRIBED["creator"] == [
        {"@type": "sc:Organization", "name": "Kelompok Uji"},
        {
            "@type": "sc:Person",
            "name": "Sri Rahayu",
            "familyName": "Rahayu",
            "givenName": "Sri",
        },
    ]


# What people and data say in it


def test_every_rai_field_asks_questions_that_there_are() -> None:
    asked = [id_ for field in QUESTIONS.rai.values() for id_ in field.questions]
    assert set(asked) <= set(IDS)
    neurips = {
        *("dataLimitations", "dataBiases", "personalSensitiveInformation"),
        *("dataUseCases", "dataSocialImpact"),
    }
    assert neurips <= set(QUESTIONS.rai)
    assert all(field.questions for field in QUESTIONS.rai.values())


def test_answers_and_settings_are_in_the_rai_fields_to_the_letter() -> None:
    def answer(id_: str) -> str:
        return f"{TEXTS[id_]} Jawaban atas {id_}."

    sensitive = ("confidential", "identification", "sensitive")
    assert DESCRIBED["rai:personalSensitiveInformation"] == [
        answer(f"composition-{name}") for name in sensitive
    ]
    assert DESCRIBED["rai:dataUseCases"] == ["Untuk mencoba.", answer("uses-possible")]
    assert DESCRIBED["rai:dataLimitations"][0] == "Hanya contoh."
    assert DESCRIBED["rai:dataSocialImpact"] == "\n\n".join(
        (answer("uses-consequences"), answer("collection-impact"))
    )


def test_data_are_synthetic_where_a_machine_wrote_or_labelled_them() -> None:
    given, rows = content(), tables(content())
    figures = facts(given, rows)
    people = msgspec.structs.replace(figures, annotators={"expert": 1})
    found = given.meta.text_origin, "found"
    for origin, counted, synthetic in (
        (found[0], people, True),
        (found[1], figures, True),
        (found[1], people, False),
    ):
        meta = msgspec.structs.replace(given.meta, text_origin=origin)
        of = msgspec.structs.replace(given, meta=meta)
        assert croissant(of, counted, {}, {})["rai:hasSyntheticData"] is synthetic


def test_every_round_is_an_activity_with_its_annotators() -> None:
    rounds = [one for one in DESCRIBED["prov:wasGeneratedBy"] if one["prov:type"] == "Annotation"]
    assert [one["prov:label"] for one in rounds] == [
        "Annotation round 1: calibration",
        "Annotation round 2: production",
        "Annotation round 3: adjudication",
    ]
    agents = [(one["@type"], one["prov:label"]) for one in rounds[1]["prov:wasAssociatedWith"]]
    assert agents == [
        ("prov:Person", "a1 (expert)"),
        ("prov:Person", "a2 (crowd)"),
        ("prov:SoftwareAgent", "a3 (model)"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Satu\ndua.\n\nTiga\n empat.", "Satu dua.\n\nTiga empat."),
        ("Ini:\n\n- satu\n- dua", "Ini:\n\n- satu\n- dua"),
        ("| a |\n| b |", "| a |\n| b |"),
        ("1. satu\n2. dua", "1. satu\n2. dua"),
        ("Pada\n2026 saja.", "Pada 2026 saja."),
        ("```\na\n\nb\nc\n```", "```\na\n\nb\nc\n```"),
        ("    kode\n    lagi", "    kode\n    lagi"),
        ("**Tebal** atau\n*miring*", "**Tebal** atau *miring*"),
    ],
)
def test_paragraphs_are_on_one_line_and_the_rest_is_as_written(text: str, line: str) -> None:
    assert unwrapped(text) == line


# Our schema, and verify


def accepted(described: Any) -> bool:
    return not list(schemas.check("croissant", [described], "croissant.json"))


REQUIRED = json.loads(schemas.schema_bytes("croissant"))["required"]


def test_a_release_and_a_draft_have_the_form_of_the_schema() -> None:
    draft = msgspec.structs.replace(
        content(),
        draft=True,
        datasheet=compose(content().meta.title, {}, "f", draft=True),
        meta=msgspec.structs.replace(content().meta, authors=(), published="", summary=""),
    )
    files = build(draft)
    assert accepted(json.loads(files["croissant.json"]))
    assert verify(files, versions()) == []


@pytest.mark.parametrize("key", [*REQUIRED, "datePublished"])
@pytest.mark.parametrize("value", ["none", "", [], None, [""]])
def test_a_required_key_that_is_missing_or_empty_is_found(key: str, value: Any) -> None:
    described = dict(DESCRIBED)
    del described[key]
    assert accepted(described) is False
    if value != "none":
        assert accepted(DESCRIBED | {key: value}) is False


@pytest.mark.parametrize("key", ["sha256", "contentUrl", "contentSize", "encodingFormat"])
def test_a_file_without_a_checksum_or_address_is_found(key: str) -> None:
    described = json.loads(GOOD["croissant.json"])
    del described["distribution"][0][key]
    assert not accepted(described)


def test_a_field_without_a_type_is_found() -> None:
    described = json.loads(GOOD["croissant.json"])
    del described["recordSet"][1]["field"][1]["dataType"]
    assert not accepted(described)


def found(files: Files) -> set[tuple[str, str]]:
    return {(problem.code, problem.file) for problem in verify(files, versions())}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Jawaban atas uses-possible.", "Apa saja."),
        ("6 articles", "7 articles"),
        ("Hanya contoh.", "Tanpa batas."),
        ('"rai:hasSyntheticData": true', '"rai:hasSyntheticData": false'),
        ("id of the article", "id of an article"),
        ('"sc:Integer"', '"sc:Text"'),
        ('"creativeWorkStatus": "Published"', '"creativeWorkStatus": "Draft"'),
        ('"datePublished": "2026-03-18"', '"datePublished": "2025-03-18"'),
        ("2026-03-18", "2025-03-18"),
    ],
)
def test_a_changed_word_or_number_is_found(old: str, new: str) -> None:
    files = with_text(GOOD, "croissant.json", old, new)
    assert ("croissant", "croissant.json") in found(files)


def test_a_checksum_that_is_not_that_of_the_file_is_found() -> None:
    digest = next(one["sha256"] for one in DESCRIBED["distribution"])
    files = with_text(GOOD, "croissant.json", digest, "0" * 64)
    assert found(files) == {("croissant", "croissant.json")}


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"[" * 99_000, b"\xff"])
def test_a_croissant_that_cannot_be_read_is_named(data: bytes) -> None:
    assert any(
        file == "croissant.json" for _, file in found(sealed(GOOD | {"croissant.json": data}))
    )


def test_a_release_that_drops_the_word_draft_must_have_said_everything() -> None:
    meta = msgspec.structs.replace(content().meta, authors=())
    silent = msgspec.structs.replace(
        content(), meta=meta, datasheet=compose(content().meta.title, {}, "f")
    )
    files = build(silent)
    problems = [one for one in verify(files, versions()) if one.code == "unanswered"]
    assert [one.id for one in problems] == ["authors", *IDS]
    assert {one.file for one in problems} == {"release.json", "DATASHEET.md"}


def test_a_draft_cannot_pass_for_a_release_by_its_manifest_alone() -> None:
    draft = msgspec.structs.replace(
        content(),
        draft=True,
        datasheet=compose(content().meta.title, dict.fromkeys(IDS, "Ya."), "f", draft=True),
    )
    files = with_json(build(draft), lambda manifest: manifest.update(draft=False))
    assert {("figures", "README.md"), ("croissant", "croissant.json")} <= found(files)


def test_words_of_the_datasheet_that_no_answer_holds_are_found() -> None:
    files = with_text(GOOD, "DATASHEET.md", "in other words.", "to the letter.")
    assert ("figures", "DATASHEET.md") in found(files)


def test_an_answer_changed_in_the_datasheet_alone_no_longer_fits_croissant() -> None:
    files = with_text(GOOD, "DATASHEET.md", "Jawaban atas uses-possible.", "Apa saja.")
    assert found(files) == {("croissant", "croissant.json")}


def test_the_hashes_do_not_hang_on_what_people_say() -> None:
    """So that a better answer is no new version of the data."""
    other = msgspec.structs.replace(content(), datasheet=compose("Lain", {}, "f"), draft=True)
    hashes = [lay_out(tables(one), 1).content_hashes for one in (other, content())]
    assert hashes[0] == hashes[1]
