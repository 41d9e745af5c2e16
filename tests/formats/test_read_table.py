"""JSON and Parquet to the columns that CSV gives; nothing is guessed from first rows."""

import io
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sikap.errors import InputError
from sikap.formats.read_table import entries_of, format_of, is_export, read_table
from sikap.formats.table import Table, scalar


def read(data: bytes, file: str) -> Table:
    entries = entries_of(data, file) if format_of(data, file) == "json" else None
    return read_table(data, file, list, None, entries)


def cells(table: Table) -> dict[str, list[str]]:
    return {
        name: [column.entries[code] for code in column.codes]
        for name, column in table.columns.items()
    }


def parquet(**columns: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def test_a_value_is_one_text_in_every_format() -> None:
    rows = [{"a": "x", "b": 1}, {"a": None, "b": 2.5}, {"b": 3.0}, {"a": "", "b": True}]
    lines = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    wanted = {"a": ["x", "", "", ""], "b": ["1", "2.5", "3", "true"]}
    assert cells(read(lines, "t.jsonl")) == wanted
    assert cells(read(msgspec.json.encode(rows), "t.json")) == wanted
    assert cells(read(lines, "t.json")) == wanted
    assert cells(read(lines, "unnamed")) == wanted


def test_parquet_says_its_types_and_none_is_guessed() -> None:
    data = parquet(
        text=["1", None, "1.0"],
        whole=[1, 2, None],
        real=[1.0, float("nan"), 2.5],
        yes=[True, False, None],
        coded=pa.array(["b", None, "a"]).dictionary_encode(),
        when=pa.array([0, None, 1], pa.timestamp("s")),
        nothing=pa.nulls(3),
    )
    found = cells(read(data, "t.parquet"))
    assert found["text"] == ["1", "", "1.0"]
    assert found["whole"] == ["1", "2", ""]
    assert found["real"] == ["1", "", "2.5"]
    assert found["yes"] == ["true", "false", ""]
    assert found["coded"] == ["b", "", "a"]
    assert found["when"] == ["1970-01-01 00:00:00.000", "", "1970-01-01 00:00:01.000"]
    assert found["nothing"] == ["", "", ""]


def test_lists_are_sets_in_json_and_parquet() -> None:
    rows = [{"a": ["y", "x", "y"]}, {"a": []}, {"a": {"choices": ["x"]}}]
    lines = b"".join(msgspec.json.encode(row) + b"\n" for row in rows)
    of_json = read(lines, "t.jsonl").columns["a"]
    of_parquet = read(parquet(a=[["y", "x", "y"], [], ["x"]]), "t.parquet").columns["a"]
    for column in (of_json, of_parquet):
        sets = [column.sets[column.entries[code]] for code in column.codes]
        assert sets == [{"x", "y"}, set(), {"x"}]


def test_columns_that_come_late_are_empty_before() -> None:
    assert cells(read(b'{"a":1}\n{"b":2}\n', "t.jsonl")) == {"a": ["1", ""], "b": ["", "2"]}


def test_lines_that_are_no_objects_are_named_all_at_once() -> None:
    with pytest.raises(InputError) as raised:
        read(b'{"a":1}\nnot\n\n[1]\n{"a":"\\ud800"}\n', "t.jsonl")
    assert [one.line for one in raised.value.problems] == [2, 4, 5]


@pytest.mark.parametrize(
    ("data", "file", "code"),
    [
        (b"", "t.jsonl", "table-file"),
        (b"[]", "t.json", "table-file"),
        (b"[1]", "t.json", "table-file"),
        (b"3", "t.json", "table-file"),
        (b'[{"a":', "t.json", "not-json"),
        (b"[" * 100_000, "t.json", "not-json"),
        (b'{"a":' * 100_000 + b"\n", "t.jsonl", "not-json"),
        (b"PAR1", "t.parquet", "table-file"),
        (b"a,b\n1,2\n", "t.parquet", "table-file"),
    ],
)
def test_what_cannot_be_read_is_named(data: bytes, file: str, code: str) -> None:
    with pytest.raises(InputError) as raised:
        read(data, file)
    assert {one.code for one in raised.value.problems} == {code}


def test_a_parquet_file_without_rows_or_with_too_many_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(InputError, match="no row"):
        read(parquet(a=pa.array([], pa.string())), "t.parquet")
    monkeypatch.setattr("sikap.formats.parquet.MOST_ROWS", 2)
    with pytest.raises(InputError, match="3 rows"):
        read(parquet(a=["x", "y", "z"]), "t.parquet")


def test_a_damaged_parquet_file_is_named() -> None:
    data = bytearray(parquet(a=["x", "y"] * 1000))
    data[10:40] = bytes(30)
    with pytest.raises(InputError, match="Parquet"):
        read(bytes(data), "t.parquet")


def once(entry: str | bytes, times: int) -> pa.DictionaryArray:
    """A column that holds a text once, and so many cells that mean it."""
    return pa.DictionaryArray.from_arrays(np.zeros(times, dtype=np.int32), pa.array([entry]))


def test_lists_that_are_small_in_the_file_and_large_in_memory_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = pa.ListArray.from_arrays(pa.array([0, 3_000], pa.int32()), once("x", 3_000))
    large = pa.ListArray.from_arrays(np.arange(3_001, dtype=np.int32), once("x" * 10_000, 3_000))
    monkeypatch.setattr("sikap.formats.parquet.MOST_ROWS", 2_999)
    with pytest.raises(InputError, match="2999 members"):
        read(parquet(a=many), "t.parquet")
    monkeypatch.setattr("sikap.formats.parquet.MOST_ROWS", 3_000)
    monkeypatch.setattr("sikap.formats.parquet.MOST_BYTES", 20_000_000)
    with pytest.raises(InputError, match="unpacks to more"):
        read(parquet(a=large), "t.parquet")


@pytest.mark.parametrize("entry", ["x" * 100_000, b"x" * 100_000])
def test_a_text_that_stands_once_in_the_file_stands_once_in_memory(entry: str | bytes) -> None:
    sink = io.BytesIO()
    pq.write_table(pa.table({"a": once(entry, 10_000)}), sink, store_schema=False)
    found = read(sink.getvalue(), "t.parquet").columns["a"]
    assert (len(set(found.codes)), len(found.codes)) == (1, 10_000)
    assert pa.default_memory_pool().max_memory() < 10_000 * len(entry)


def test_an_export_is_told_from_a_table() -> None:
    assert is_export([{"id": 1, "annotations": []}])
    assert is_export([{"completions": []}])
    assert not is_export([{"item": 1, "annotator": "a", "label": "x"}])
    assert not is_export(None)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (1, "1"),
        (1.0, "1"),
        (-0.0, "0"),
        (2.5, "2.5"),
        (1e300, "1e+300"),
    ],
)
def test_a_single_value_is_written_in_one_way(value: object, text: str) -> None:
    assert scalar(value) == text
