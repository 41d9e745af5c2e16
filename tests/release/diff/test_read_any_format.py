import contextlib
from collections.abc import Callable
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.errors import InputError
from sikap.release.diff.diff import diff
from sikap.release.diff.read_any_format import Tables, read_edition
from sikap.release.diff.semantic_version import verdict
from sikap.release.files.parquet import from_parquet
from tamper import GOOD, Row, sealed, table, with_json, with_rows, with_text


def test_a_release_is_read_as_it_is() -> None:
    edition = read_edition(GOOD)
    assert edition.version == "1.0.0"
    configs = {name.split("/")[1] for name in GOOD if name.startswith("data/")}
    assert set(edition.packed) == set(edition.tables) == configs
    assert len(edition.tables) == 5
    assert {split: one.num_rows for split, one in edition.tables["sentences"].items()} == {
        "train": 13,
        "validation": 2,
        "test": 2,
    }
    assert not any(name.startswith("data/") for name in edition.files)


def test_a_manifest_of_another_format_can_be_read() -> None:
    files = with_json(GOOD, lambda m: m.update(format=9, novel=[1]))
    assert read_edition(files).manifest["novel"] == [1]


def test_figures_of_the_datasheet_are_no_prose() -> None:
    prose = read_edition(GOOD).datasheet
    assert "Ditulis orang, 100 %." in prose
    assert "| articles |" not in prose
    figures = with_text(GOOD, "DATASHEET.md", "| articles | 6 |", "| articles | 7 |")
    assert read_edition(figures).datasheet == prose
    answered = with_text(GOOD, "DATASHEET.md", "Ditulis orang", "Ditulis mesin")
    assert read_edition(answered).datasheet != prose


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("release.json", None, "release-form"),
        ("release.json", b"[]", "schema"),
        ("release.json", b"{", "not-json"),
        ("schema/config.xml", None, "release-form"),
        ("schema/config.xml", b"<View>", "scheme-xml"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(
    name: str, data: bytes | None, code: str
) -> None:
    files = {n: d for n, d in GOOD.items() if n != name} | ({name: data} if data else {})
    with pytest.raises(InputError) as caught:
        read_edition(files, "old/")
    assert [(p.code, p.file) for p in caught.value.problems] == [(code, f"old/{name}")]


def test_a_version_that_is_none_is_named() -> None:
    with pytest.raises(InputError, match=r"\[version\] version 'neu'"):
        read_edition(with_json(GOOD, lambda m: m["dataset"].update(version="neu")))


@pytest.mark.parametrize("data", [b"", b"PAR1", b"x" * 99])
def test_a_table_is_read_when_it_is_asked_for_and_named_if_it_is_none(data: bytes) -> None:
    edition = read_edition(sealed(GOOD | {table("stance"): data}), "old/")
    assert edition.tables["sentences"]
    with pytest.raises(InputError, match=f"old/{table('stance')}: .release-form"):
        edition.tables["stance"]


def test_splits_and_shards_of_one_config_must_have_the_same_columns() -> None:
    articles = GOOD[table("articles")]
    for name in (table("stance", "test"), "data/stance/train-00001-of-00002.parquet"):
        with pytest.raises(InputError, match="unlike columns"):
            Tables(GOOD | {name: articles})["stance"]


@given(st.data())
def test_no_bytes_of_a_manifest_are_too_odd(data: st.DataObject) -> None:
    old = GOOD["release.json"]
    start = data.draw(st.integers(0, len(old) - 1))
    new = old[:start] + data.draw(st.binary(max_size=9)) + old[start + 9 :]
    with contextlib.suppress(InputError):
        edition = read_edition(GOOD | {"release.json": new})
        same = msgspec.json.decode(new) == msgspec.json.decode(old)
        assert diff(read_edition(GOOD), edition).is_empty or not same


def null_everywhere(column: str) -> Callable[[list[Row]], object]:
    return lambda rows: [row.update({column: None}) for row in rows]


def odd_span(**fields: Any) -> Callable[[list[Row]], object]:
    return lambda rows: [span.update(fields) for row in rows for span in row["spans"] or ()]


@pytest.mark.parametrize(
    ("config", "change"),
    [
        *(("sentences", null_everywhere(name)) for name in ("sentence_id", "labelled", "spans")),
        *(("annotations", null_everywhere(name)) for name in ("item_id", "annotator", "spans")),
        ("stance", null_everywhere("target_start")),
        ("stance", null_everywhere("label")),
        ("sentences", odd_span(label=None)),
        ("sentences", odd_span(start=None)),
        ("sentences", odd_span(provenance=None)),
        ("sentences", lambda rows: [row.update(spans=[None, None]) for row in rows]),
        ("sentences", lambda rows: rows.extend(rows * 2)),
        ("annotations", lambda rows: rows.extend(rows * 2)),
    ],
)
def test_no_rows_are_too_odd_to_be_compared(
    config: str, change: Callable[[list[Row]], object]
) -> None:
    good, odd = read_edition(GOOD), read_edition(with_rows(GOOD, table(config), change))
    for found in (diff(good, odd), diff(odd, good)):
        assert [one.config for one in found.configs] == [config]
        assert verdict(found).bump in {"minor", "major"}


@pytest.mark.parametrize("column", ["labelled", "spans", "sentence_id", "article_id"])
def test_no_columns_are_too_odd_to_be_compared(column: str) -> None:
    others = GOOD
    for split in ("train", "validation", "test"):
        sink = pa.BufferOutputStream()
        given = from_parquet(GOOD[table("sentences", split)]).drop_columns([column])
        pq.write_table(given.append_column(f"{column}_", [list(range(given.num_rows))]), sink)
        others = others | {table("sentences", split): sink.getvalue().to_pybytes()}
    good, odd = read_edition(GOOD), read_edition(others)
    (change,) = diff(good, odd).configs
    assert (change.columns_added, change.columns_removed) == ((f"{column}_",), (column,))
    assert verdict(diff(odd, good)).bump == "major"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)


@given(key=st.sampled_from(sorted(msgspec.json.decode(GOOD["release.json"]))), value=JSON)
def test_no_part_of_a_manifest_is_too_odd(key: str, value: object) -> None:
    files = with_json(GOOD, lambda manifest: manifest.update({key: value}))
    with contextlib.suppress(InputError):
        found = diff(read_edition(GOOD), read_edition(files))
        assert verdict(found).bump in {"none", "patch", "major"}
