"""The command for everybody: any table in, the same figures out, and what is wrong said at once."""

import csv
import io
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from projects import sikap


def measured(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """The report that the command prints."""
    capsys.readouterr()
    assert sikap(Path(), "agreement", *arguments, "--json") == 0
    return json.loads(capsys.readouterr().out)


ROWS = [
    {"item": item, "annotator": who, "label": label, "score": score, "note": "x"}
    for item, who, label, score in [
        ("i1", "a", "yes", 1),
        ("i1", "b", "yes", 2),
        ("i2", "a", "no", 3),
        ("i2", "b", "yes", 3),
        ("i3", "a", "no", 2),
        ("i3", "b", "no", None),
        ("i4", "a", None, 1),
        ("i4", "b", "no", 1),
    ]
]


def text(rows: Sequence[dict[str, Any]], **form: Any) -> bytes:
    written = io.StringIO()
    writer = csv.DictWriter(written, list(rows[0]), lineterminator="\n", **form)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode()


def lines(rows: Sequence[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def parquet(rows: Sequence[dict[str, Any]]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), sink)
    return sink.getvalue()


def real_numbers(rows: Sequence[dict[str, Any]]) -> bytes:
    """Parquet as pandas writes it: numbers with a hole are floats."""
    table = pa.Table.from_pylist(list(rows))
    place = table.schema.get_field_index("score")
    sink = io.BytesIO()
    pq.write_table(table.set_column(place, "score", table["score"].cast(pa.float64())), sink)
    return sink.getvalue()


FORMS: dict[str, tuple[str, Callable[[Sequence[dict[str, Any]]], bytes]]] = {
    "csv": ("t.csv", text),
    "csv with all quoted": ("t.csv", lambda rows: text(rows, quoting=csv.QUOTE_ALL)),
    "csv with BOM": ("t.csv", lambda rows: b"\xef\xbb\xbf" + text(rows)),
    "csv with semicolons": ("t.csv", lambda rows: text(rows, delimiter=";")),
    "csv with line ends of Windows": ("t.csv", lambda rows: text(rows).replace(b"\n", b"\r\n")),
    "tsv": ("t.tsv", lambda rows: text(rows, delimiter="\t")),
    "jsonl": ("t.jsonl", lines),
    "json": ("t.json", lambda rows: json.dumps(rows).encode()),
    "parquet": ("t.parquet", parquet),
    "parquet with floats": ("t.parquet", real_numbers),
    "csv with floats": ("t.csv", lambda rows: re.sub(rb",(\d),x", rb",\1.0,x", text(rows))),
    "csv in another order": ("t.csv", lambda rows: text(rows[::-1])),
    "columns in another order": (
        "t.csv",
        lambda rows: text([dict(reversed(row.items())) for row in rows]),
    ),
}
BOTH = ("--label", "label", "--label", "score", "--level", "score=ordinal")


def written(folder: Path, name: str, data: bytes, *options: str) -> bytes:
    """The bytes of agreement.json of a table, but for the name of its file."""
    folder.mkdir()
    (folder / name).write_bytes(data)
    assert sikap(folder, "agreement", str(folder / name), *options, "--output", str(folder)) == 0
    found = (folder / "agreement.json").read_bytes()
    return found.replace(f'"source": "{name}"'.encode(), b'"source": "t"')


@pytest.mark.parametrize("form", FORMS)
def test_a_table_gives_the_same_bytes_in_every_form(form: str, tmp_path: Path) -> None:
    name, write = FORMS[form]
    other = written(tmp_path / "other", name, write(ROWS), *BOTH)
    assert other == written(tmp_path / "csv", "t.csv", text(ROWS), *BOTH)


def test_a_wide_table_gives_the_same_bytes_as_the_long_one(tmp_path: Path) -> None:
    wide: dict[object, dict[str, Any]] = {}
    for row in ROWS:
        wide.setdefault(row["item"], {"item": row["item"]})[str(row["annotator"])] = row["label"]
    other = written(tmp_path / "wide", "t.csv", text(list(wide.values())), "--wide")
    assert other == written(tmp_path / "long", "t.csv", text(ROWS))


def test_a_second_run_changes_nothing_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_bytes(text(ROWS))
    for state in ("written", "nothing changed"):
        command = ("agreement", str(tmp_path / "t.csv"), "--output", str(tmp_path / "out"))
        assert sikap(tmp_path, *command) == 0
        assert f"report.html: {state}" in capsys.readouterr().out
    assert b"<html" in (tmp_path / "out/report.html").read_bytes()[:200]


def test_json_is_what_agreement_json_holds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_bytes(text(ROWS))
    printed = measured(capsys, str(tmp_path / "t.csv"), "--output", str(tmp_path))
    assert printed == json.loads((tmp_path / "agreement.json").read_bytes())


def test_people_read_each_figure_with_its_interval_and_basis_or_why_it_has_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    same = [{"item": n, "annotator": who, "label": "yes"} for n in range(6) for who in "ab"]
    (tmp_path / "t.csv").write_bytes(text(same))
    assert sikap(tmp_path, "agreement", str(tmp_path / "t.csv")) == 0
    said = capsys.readouterr().out
    assert said.startswith("t.csv: 6 items, 2 annotators\n")
    assert re.search(r"Percent agreement +1\.0000 +1\.0000 to 1\.0000 +6 units, 12 ratings", said)
    assert re.search(r"Krippendorff's α.* +– +undefined, because .* chance", said)
    assert "next: --output DIR" in said


def test_people_read_where_agreement_is_lowest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {"a": "xyzxyz", "b": "xyzxyz", "c": "xyyxyy"}
    rows = [
        {"item": place, "annotator": who, "label": label}
        for who, labels in given.items()
        for place, label in enumerate(labels)
    ]
    (tmp_path / "t.csv").write_bytes(text(rows))
    assert sikap(tmp_path, "agreement", str(tmp_path / "t.csv")) == 0
    said = capsys.readouterr().out
    assert "lowest: label = z: " in said
    assert "lowest pair: label: a and c: " in said
    assert "most contested: 2 (" in said


@pytest.mark.parametrize(("cluster", "drawn"), [((), "items"), (("--cluster", "doc"), "clusters")])
def test_what_is_drawn_for_the_intervals_is_named(
    cluster: tuple[str, ...], drawn: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_bytes(text([{**row, "doc": "d"} for row in ROWS]))
    options = (*cluster, "--output", str(tmp_path))
    assert sikap(tmp_path, "agreement", str(tmp_path / "t.csv"), *options) == 0
    assert f"from 1000 draws of {drawn}" in capsys.readouterr().out
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"1,000 replicates by {drawn[:-1]}" in page


def test_of_an_export_that_one_person_made_no_option_for_columns_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    choice = {"from_name": "tone", "to_name": "t", "type": "choices", "value": {"choices": ["x"]}}
    task = {"id": 1, "data": {"t": "T"}, "annotations": [{"completed_by": 1, "result": [choice]}]}
    (tmp_path / "export.json").write_text(json.dumps([task]))
    assert sikap(tmp_path, "agreement", str(tmp_path / "export.json")) == 0
    (told,) = capsys.readouterr().err.splitlines()
    assert "tone: no item was rated by two annotators; export tasks that two people" in told


def test_warnings_do_not_fail(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dirty = [*ROWS, {**ROWS[0], "item": "i5", "label": "Yes "}]
    (tmp_path / "t.csv").write_bytes(text(dirty))
    assert sikap(tmp_path, "agreement", str(tmp_path / "t.csv")) == 0
    told = capsys.readouterr().err
    assert "[dirty] label: 'yes' (3 cells), 'Yes ' (1 cell) differ in spaces and case" in told


def test_what_a_cell_holds_steers_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    red = "\x1b[2Jred"
    rows = [{**row, "label": red if row["label"] == "no" else "yes", "note": red} for row in ROWS]
    (tmp_path / "t.csv").write_bytes(text(rows))
    assert sikap(tmp_path, "agreement", str(tmp_path / "t.csv"), "--by", "note") == 0
    shown = capsys.readouterr()
    assert "\x1b" not in shown.out + shown.err


HEAD = b"item,annotator,label\n"
BAD: dict[str, tuple[bytes, list[str], list[str]]] = {
    "an empty file": (b"", [], ["table-file"]),
    "a header alone": (HEAD, [], ["table-file"]),
    "another header": (b"Item,rater,rating\n1,a,x\n", [], ["table-column"] * 3),
    "a name twice in the header": (
        b"item,annotator,label,label\n1,a,x,y\n",
        [],
        ["table-column"],
    ),
    "a column for two things": (HEAD + b"1,a,x\n", ["--cluster", "item"], ["table-column"]),
    "rows too short and too long": (HEAD + b"1,a\n2,b,x,y\n", [], ["table-file"] * 2),
    "a quote that never ends": (HEAD + b'1,a,"x\n2,b,y\n', [], ["table-file"]),
    "another encoding": (HEAD + b"1,a,caf\xe9\n", [], ["not-utf8"]),
    "UTF-16": ((HEAD + b"1,a,x\n").decode().encode("utf-16"), [], ["not-utf8"]),
    "no item and no annotator": (HEAD + b",a,x\n1,,x\n", [], ["table-value"] * 2),
    "no rating at all": (HEAD + b"1,a,\n1,b,\n", [], ["table-empty"]),
    "words on an interval scale": (
        HEAD + b"1,a,1\n1,b,one\n2,a,two\n",
        ["--level", "interval"],
        ["table-value"] * 2,
    ),
    "numbers whose squares no number holds": (
        HEAD + b"1,a,1e200\n1,b,1e-200\n1,c,1e999\n1,d,0\n",
        ["--level", "interval"],
        ["table-value"] * 3,
    ),
    "a confidence beyond which all is certain": (
        HEAD + b"1,a,x\n1,b,x\n",
        ["--confidence", "0.9999999999999999", "--width", "1e-300", "--replicates", "100001"],
        ["table-option"] * 3,
    ),
    "below zero on a ratio scale": (
        HEAD + b"1,a,1\n1,b,-1\n",
        ["--level", "ratio"],
        ["table-value"],
    ),
    "words without an order": (
        HEAD + b"1,a,low\n1,b,high\n",
        ["--level", "ordinal"],
        ["table-option"],
    ),
    "a word beside the order": (
        HEAD + b"1,a,low\n1,b,hihg\n",
        ["--level", "ordinal", "--values", "low,high"],
        ["table-value"],
    ),
    "a level that is none": (HEAD + b"1,a,x\n1,b,x\n", ["--level", "metric"], ["table-option"]),
    "a level of a column that is none": (
        HEAD + b"1,a,x\n1,b,x\n",
        ["--level", "labl=ordinal"],
        ["table-option"],
    ),
    "a start without an end": (
        HEAD + b"1,a,x\n",
        ["--start", "label"],
        ["table-option", "table-column"],
    ),
    "spans that cannot be": (
        b"item,annotator,label,s,e\n1,a,x,3,1\n1,b,x,a,2\n1,c,x,,2\n",
        ["--start", "s", "--end", "e"],
        ["span-outside", "span-outside", "table-value"],
    ),
    "a wide table with one annotator": (b"item,a\n1,x\n", ["--wide"], ["table-column"]),
    "texts instead of labels": (
        HEAD + b"".join(b"%d,a,text %d\n" % (n, n) for n in range(1001)),
        [],
        ["table-value"],
    ),
    "an item in two clusters": (
        b"item,annotator,label,doc\n1,a,x,p\n1,b,x,q\n",
        ["--cluster", "doc"],
        ["table-value"],
    ),
    "a time that is none": (
        b"item,annotator,label,at\n1,a,x,noon\n",
        ["--time", "at"],
        ["table-value"],
    ),
    "a request that cannot be": (
        HEAD + b"1,a,x\n",
        ["--delimiter", "tab"],
        ["table-column"] * 3,
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_refused_with_all_that_is_wrong_and_nothing_is_written(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, options, codes = BAD[what]
    (tmp_path / "t.csv").write_bytes(data)
    command = ("agreement", str(tmp_path / "t.csv"), *options, "--output", str(tmp_path / "out"))
    assert sikap(tmp_path, *command, "--json") == 2
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert [one["code"] for one in problems] == codes
    assert all(one["fix"] for one in problems)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("name", "code"), [("gone.csv", "file-missing"), (".", "disk")])
def test_what_is_no_file_is_refused(
    name: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sikap(tmp_path, "agreement", str(tmp_path / name), "--json") == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == code


def test_a_missing_column_is_answered_with_what_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "t.csv").write_bytes(b"item_id,Annotator,stance\n1,a,x\n")
    assert sikap(tmp_path, "agreement", str(tmp_path / "t.csv")) == 2
    told = capsys.readouterr().err
    assert "there are 'item_id', 'Annotator', 'stance'" in told
    assert "say --item 'item_id'" in told
    assert "say --annotator 'Annotator'" in told
    assert "say --label COLUMN" in told
