"""Rows of CSV, whoever reads on: one guess of the delimiter, one reading of quotes."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.errors import InputError
from sikap.formats.csv import DELIMITERS, NEVER_CLOSED, delimiter_of, split_rows
from sikap.formats.csv_columns import read_delimited

CELLS = st.text("ab \"',;|\n", min_size=1, max_size=5).filter(str.strip)


@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_the_delimiter_is_what_the_header_has_most_of_outside_quotes(delimiter: str) -> None:
    others = "".join(one for one in DELIMITERS if one != delimiter)
    assert delimiter_of(f'a{delimiter}"{others * 3}"{delimiter}b\n{others * 9}', False) == delimiter
    assert delimiter_of(f"a{others}b", True) == "\t"


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=2, max_size=6))
def test_rows_and_columns_are_the_same_cells(rows: list[list[str]]) -> None:
    text = io.StringIO()
    table = [["x", "y"], *rows]
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(table)
    assert [list(row.cells) for row in split_rows(text.getvalue(), ",")] == table
    columns = read_delimited(text.getvalue().encode(), "t.csv", list).columns
    read = [[column.entries[code] for code in column.codes] for column in columns.values()]
    assert [list(row) for row in zip(*read, strict=True)] == rows


def test_a_broken_quote_costs_articles_a_line_and_a_table_of_ratings_all() -> None:
    text = 'a,b\n1,"x"y\n3,4\n5,"open\n7,8\n'
    rows = split_rows(text, ",")
    assert [row.before for row in rows if row.broken] == [1, 3]
    assert [row.cells for row in rows if not row.broken] == [("a", "b"), ("3", "4"), ("7", "8")]
    assert rows[3].broken == NEVER_CLOSED
    assert rows[3].open
    with pytest.raises(InputError, match="its quotes are wrong"):
        read_delimited(text.encode(), "t.csv", list)
