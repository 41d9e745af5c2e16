"""Every command that docs/agreement.md and the README show of `sikap agreement`, run on a table."""

import csv
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from projects import sikap

ROOT = Path(__file__).resolve().parent.parent
GUIDE = (ROOT / "docs/agreement.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPTIONS = re.findall(r"(?<=`)--[a-z][^`]*(?=`)", GUIDE.partition("**Formats.**")[0])
COMMANDS = sorted(set(re.findall(r"^sikap agreement ([^#\n]*\S)", README, re.M)))
JQ = re.findall(r"^\$ (jq .*?agreement\.json)$", GUIDE, re.M | re.S)
SCALES = {"stance": ("low", "mid", "high"), "label": ("disagree", "neutral", "agree")}
WIDE = ("a1", "a2", "a3")


def rows(options: Sequence[str]) -> list[dict[str, Any]]:
    """A long table with a column for whatever an option names, and labels of its level."""
    found = [
        row_of(item, who, (item + (who == "a3" and item % 4 == 0)) % 3, options)
        for item in range(8)
        for who in WIDE
    ]
    return [*found, *({**row, "turn": 2} for row in found[:6] if "--pass" in options)]


def row_of(item: int, who: str, place: int, options: Sequence[str]) -> dict[str, Any]:
    """What one annotator says of one item: the value at a place of the scale that is meant."""
    scales = {
        "against,neutral,favor": ("stance", ("against", "neutral", "favor")),
        "--separator": ("label", ("x", "x|y", "y")),
        "--missing": ("label", ("x", "y", "NA")),
        "interval": ("label", (1, 2, 3)),
        "ratio": ("label", (1, 2, 3)),
    }
    chosen = (scale for option, scale in scales.items() if option in options)
    given = {**SCALES, "score": (1, 2, 3), **dict(chosen)}
    return {
        **dict.fromkeys(("item", "id", "sentence_id"), f"i{item}"),
        **dict.fromkeys(("annotator", "coder"), who),
        **{column: scale[place] for column, scale in given.items()},
        "topic": "ab"[item % 2],
        "article": f"d{item // 2}",
        "round": item % 2,
        "turn": 1,
        "start": 0,
        "end": 4 + place,
        "text": "Budi met Siti.",
        "notes": "",
        "submitted_at": f"2026-03-18T09:{item:02}:00Z",
    }


def table(path: Path, options: Sequence[str]) -> Path:
    """Write a table that fits the options: wide, or long, in the format of its name."""
    given = rows(options)
    if "--wide" in options:
        by_item: dict[str, dict[str, Any]] = {}
        for row in given:
            start = {"item": row["item"], "article": row["article"]}
            if "--cluster" not in options:
                del start["article"]
            by_item.setdefault(row["item"], start)[row["annotator"]] = row["label"]
        given = list(by_item.values())
    if path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(given), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in given))
    elif path.suffix == ".json":
        path.write_text(json.dumps(exported(given)))
    else:
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(given[0]))
            writer.writeheader()
            writer.writerows(given)
    return path


def exported(given: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The labels as Label Studio exports them."""
    tasks: dict[str, dict[str, Any]] = {}
    for row in given:
        fresh = {"id": len(tasks) + 1, "data": {"text": row["text"]}, "annotations": []}
        task = tasks.setdefault(row["item"], fresh)
        said = {"from_name": "stance", "to_name": "text", "type": "choices"}
        result = [{**said, "value": {"choices": [row["stance"]]}}]
        who = WIDE.index(row["annotator"]) + 1
        task["annotations"].append({"completed_by": who, "result": result})
    return list(tasks.values())


@pytest.mark.parametrize("said", OPTIONS)
def test_the_guide_names_options_that_do_what_it_says(
    said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = shlex.split(said.replace("\\|", "|"))
    if "--by" in options or said.startswith("--text"):
        options += ["--label", "label"]
    if said.startswith("--text"):
        options += ["--start", "start", "--end", "end"]
    if "stance=ordinal" in options:
        options += ["--label", "stance", "--label", "score"]
    path = table(tmp_path / "ratings.csv", options)
    assert sikap(tmp_path, "agreement", str(path), *options, "--replicates", "20", "--json") == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["annotators"] == list(WIDE)
    assert "table-column" not in told.err


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_readme_run(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    name, *options = shlex.split(command, comments=True)
    table(tmp_path / name, options)
    assert sikap(tmp_path, "agreement", name, *options, "--replicates", "20") == 0
    assert (tmp_path / "report/report.html").exists() == ("--output" in options)


@pytest.mark.parametrize("query", JQ)
def test_queries_of_the_guide_find_figures(query: str, tmp_path: Path) -> None:
    if shutil.which("jq") is None:
        pytest.skip("there is no jq")
    spans = ("--start", "start", "--end", "end") if ".layers" in query else ()
    path = table(tmp_path / "ratings.csv", spans)
    assert sikap(tmp_path, "agreement", str(path), *spans, "--output", str(tmp_path)) == 0
    done = subprocess.run(
        ["bash", "-c", query], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    name, found = done.stdout.split("\n", 1)
    assert name == '"label"'
    assert 0 < json.loads(found)["value"] < 1


@pytest.mark.parametrize(
    ("found", "least"), [(OPTIONS, 12), (COMMANDS, 5), (JQ, 2)], ids=["options", "commands", "jq"]
)
def test_commands_are_found_in_the_documents(found: Sequence[str], least: int) -> None:
    assert len(found) >= least
