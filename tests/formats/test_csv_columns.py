"""CSV as people write it: what can be read in one way is, the rest is named with its line."""

import csv
import io
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.errors import InputError
from sikap.formats.csv import LONGEST
from sikap.formats.csv_columns import read_delimited
from sikap.formats.table import Table


def cells(table: Table) -> dict[str, list[str]]:
    return {
        name: [column.entries[code] for code in column.codes]
        for name, column in table.columns.items()
    }


def read(data: bytes, file: str = "t.csv", delimiter: str | None = None) -> Table:
    return read_delimited(data, file, list, delimiter)


@pytest.mark.parametrize(
    ("data", "file"),
    [
        (b"a,b\n1,2\n3,4\n", "t.csv"),
        (b"a,b\n1,2\n3,4", "t.csv"),
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n3,4\r\n", "t.csv"),
        (b"a;b\n1;2\n3;4\n", "t.csv"),
        (b"a\tb\n1\t2\n3\t4\n", "t.csv"),
        (b"a|b\n1|2\n3|4\n", "t.csv"),
        (b"a\tb\n1\t2\n3\t4\n", "t.tsv"),
        (b'"a","b"\n"1","2"\n"3","4"\n', "t.csv"),
        (b"a,b\r1,2\r3,4\r", "t.csv"),
    ],
)
def test_the_usual_dialects_are_one_table(data: bytes, file: str) -> None:
    assert cells(read(data, file)) == {"a": ["1", "3"], "b": ["2", "4"]}


def test_a_line_end_in_a_cell_moves_the_lines_of_later_rows() -> None:
    table = read(b'a,b\n"x\ny",1\n"p\r\nq\rr",2\nz,3\n')
    assert cells(table)["a"] == ["x\ny", "p\r\nq\rr", "z"]
    assert table.at.tolist() == [2, 4, 7]


def test_blank_lines_are_no_rows_and_still_count_as_lines() -> None:
    table = read(b"a,b\n1,2\n\n3,4\n\n")
    assert cells(table)["a"] == ["1", "3"]
    assert table.at.tolist() == [2, 4]


def test_what_looks_like_a_formula_or_holds_quotes_stays_as_it_is() -> None:
    table = read(b'a,b\n=1+1,"say ""yes"""\n@x,"a,b"\n')
    assert cells(table) == {"a": ["=1+1", "@x"], "b": ['say "yes"', "a,b"]}


def test_a_cell_of_a_megabyte_is_read() -> None:
    long = b"z" * 1_000_000
    assert cells(read(b'a,b\n1,"' + long + b'"\n'))["b"] == [long.decode()]
    assert cells(read(b"a,b\n1," + long + b"\n"))["b"] == [long.decode()]


def test_the_bound_of_other_readers_is_as_it_was() -> None:
    before = csv.field_size_limit()
    read(b'a,b\n1,"2"\n')
    assert csv.field_size_limit() == before < LONGEST


def test_every_row_of_another_length_is_named_with_its_line() -> None:
    with pytest.raises(InputError) as raised:
        read(b"a,b\n1\n1,2\n1,2,3\n")
    assert [(one.line, one.code) for one in raised.value.problems] == [
        (2, "table-file"),
        (4, "table-file"),
    ]


def test_very_many_wrong_rows_are_told_by_their_number() -> None:
    with pytest.raises(InputError) as raised:
        read(b"a,b\n" + b"1\n" * 1000)
    assert len(raised.value.problems) == 301
    assert "700 more rows" in raised.value.problems[-1].found


@pytest.mark.parametrize(
    ("data", "code", "line", "says"),
    [
        (b"", "table-file", None, "empty"),
        (b"\n\n", "table-file", None, "empty"),
        (b"a,b\n", "table-file", None, "no row"),
        (b'a,b\n1,2\n1,"x\n3,4\n', "table-file", 3, "never closed"),
        (b'a,b\n1,"x"y\n', "table-file", 2, "quotes are wrong"),
        (b"a,b\n1,caf\xe9\n", "not-utf8", 2, "0xe9"),
        ("a,b\n1,2\n".encode("utf-16"), "not-utf8", None, "UTF-16"),
        ("a,b\n1,2\n".encode("utf-32"), "not-utf8", None, "UTF-32"),
        ("a,b\n1,2\n".encode("utf-16-le"), "not-utf8", None, "UTF-16"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place(
    data: bytes, code: str, line: int | None, says: str
) -> None:
    with pytest.raises(InputError) as raised:
        read(data)
    (problem,) = raised.value.problems
    assert (problem.code, problem.line) == (code, line)
    assert says in problem.found


def test_a_header_is_told_as_often_as_a_name_is_there() -> None:
    told: list[str] = []

    def keep(header: Sequence[str]) -> set[str]:
        told.extend(header)
        return {"b"}

    table = read_delimited(b"a,b,a\n1,2,3\n", "t.csv", keep)
    assert told == ["a", "b", "a"]
    assert cells(table) == {"b": ["2"]}


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=6)


@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=20))
def test_the_quick_way_and_the_strict_one_give_the_same(rows: list[tuple[str, str]]) -> None:
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows([("item", "label"), *rows])
    plain = read(written.getvalue().encode())
    quoted = io.StringIO()
    csv.writer(quoted, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(
        [("item", "label"), *rows]
    )
    strict = read(quoted.getvalue().encode())
    assert cells(plain) == cells(strict)
    assert np.array_equal(plain.at, strict.at)
