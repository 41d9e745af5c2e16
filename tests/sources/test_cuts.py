import csv
import io
import json
import time
import unicodedata
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.articles.chunks import Piece, ReadOptions
from sikap.articles.readers.read import read
from sikap.errors import Problem
from sikap.records import Article
from sikap.sources.decompress import BLOCK
from sikap.sources.read import read_sources

OPTIONS = ReadOptions(language="id")
LONG = "Harga beras naik, kata “Sari”.\nIa menunggu. " * 40


def articles(folder: Path) -> tuple[list[Piece], list[Article], list[Problem]]:
    cut, found = [], list[Article | Problem]()
    for piece in read_sources([str(folder)], folder, lambda path: path.name):
        if isinstance(piece, Problem):
            found.append(piece)
        else:
            cut.append(piece)
            found.extend(read(piece, OPTIONS))
    return (
        cut,
        [one for one in found if isinstance(one, Article)],
        [one for one in found if isinstance(one, Problem)],
    )


def rows(count: int) -> list[dict[str, str]]:
    return [{"id": f"a{n}", "text": f"{LONG}{n}", "lain": 'x "y", z'} for n in range(count)]


def write(folder: Path, name: str, table: list[dict[str, str]]) -> None:
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(table), folder / name)
    elif name.endswith(".csv"):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(table[0]))
            writer.writeheader()
            writer.writerows(table)
    elif name.endswith(".jsonl"):
        text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in table)
        (folder / name).write_text(text, encoding="utf-8")
    else:
        (folder / name).write_text(json.dumps(table, indent=2), encoding="utf-8")


@pytest.mark.parametrize("name", ["x.jsonl", "x.csv", "x.parquet", "x.json"])
def test_a_long_table_is_cut_and_nothing_is_lost(tmp_path: Path, name: str) -> None:
    table = rows(3000)
    write(tmp_path, name, table)
    cut, found, problems = articles(tmp_path)
    assert len(cut) > 3
    assert max(len(piece.data) for piece in cut) < 3 * BLOCK
    assert problems == []
    assert [one.article_id for one in found] == [row["id"] for row in table]
    assert [one.text for one in found] == [row["text"] for row in table]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "cp1252", "utf-32"])
def test_a_table_has_one_encoding_which_is_recorded(tmp_path: Path, encoding: str) -> None:
    write(tmp_path, "x.csv", rows(2000))
    text = (tmp_path / "x.csv").read_text(encoding="utf-8")
    (tmp_path / "x.csv").write_bytes(text.encode(encoding))
    _, found, problems = articles(tmp_path)
    assert problems == []
    assert len(found) == 2000
    assert found[0].text == found[-1].text.replace("1999", "0")
    assert len({one.encoding for one in found}) == 1


def test_a_line_in_another_encoding_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    lines = [f'{{"text": "Café {number}"}}'.encode() for number in range(20)]
    lines[7] = lines[7].decode().encode("latin-1")
    (tmp_path / "x.jsonl").write_bytes(b"\n".join(lines))
    _, found, problems = articles(tmp_path)
    assert len(found) == 19
    assert [(one.code, one.line) for one in problems] == [("encoding", 8)]


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path) -> None:
    lines = ["id,text", *(f"a{number},Halo {number}" for number in range(50_000))]
    lines[5] = 'a4,"Halo'
    (tmp_path / "x.csv").write_text("\n".join(lines), encoding="utf-8")
    _, found, problems = articles(tmp_path)
    assert len(found) == 49_999
    assert [(one.code, one.line) for one in problems] == [("schema", 6)]


def test_a_table_without_a_text_is_named_once(tmp_path: Path) -> None:
    for name in ("x.csv", "y.parquet"):
        write(tmp_path, name, [{"id": "a", "judul": "b"}] * 100)
    _, found, problems = articles(tmp_path)
    assert found == []
    assert [one.code for one in problems] == ["table-column"] * 2


def test_a_list_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    text = json.dumps(rows(2000))
    (tmp_path / "x.json").write_text(text[: len(text) // 2], encoding="utf-8")
    _, found, problems = articles(tmp_path)
    assert 900 < len(found) < 1100
    assert [(one.code, one.line) for one in problems] == [("source", len(found) + 1)]


def test_a_parquet_bomb_is_read_row_by_row(tmp_path: Path) -> None:
    big = "a" * (8 << 20)
    table = pa.table({"text": [big] * 40})
    pq.write_table(table, tmp_path / "x.parquet", compression="zstd")
    cut, found, problems = articles(tmp_path)
    assert (len(found), problems) == (40, [])
    assert max(len(piece.data) for piece in cut) < 2 * len(big)


LETTERS = st.characters(exclude_categories=["Cc", "Cs"]) | st.sampled_from('",\n')
CELLS = st.text(LETTERS, max_size=9)


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_any_csv_gives_its_cells_back(table: list[tuple[str, str]]) -> None:
    sheet = io.StringIO(newline="")
    writer = csv.writer(sheet, quoting=csv.QUOTE_ALL)
    writer.writerows([("judul", "text"), *table])
    data = sheet.getvalue().encode()
    piece = Piece(format="csv", file="x.csv", source="x.csv", data=data, article_id="x", line=2)
    found = list(read(piece, OPTIONS))
    assert len(found) == len(table)
    for (_, text), one in zip(table, found, strict=True):
        assert isinstance(one, Problem) or one.text == unicodedata.normalize("NFC", text)
        assert isinstance(one, Article) or one.code in {"empty", "metadata"}


def test_the_accounting_of_half_a_list_is_by_its_entries(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('[{"text": "a"}, {"text": "b"}, x]', encoding="utf-8")
    _, found, problems = articles(tmp_path)
    assert [one.text for one in found] == ["a", "b"]
    assert [(one.code, one.line) for one in problems] == [("source", 3)]


def test_a_list_of_many_small_entries_is_cut_in_no_time(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(f"[{'{},' * 1_000_000}{{}}]", encoding="utf-8")
    started = time.process_time()
    cut = list(read_sources([str(tmp_path)], tmp_path, str))
    assert time.process_time() - started < 5
    assert sum(one.data.count(b"\n") for one in cut if isinstance(one, Piece)) == 1_000_001
