"""What a release says of its splits is recomputed from its bytes."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from samples import content
from sikap.release.data.leakage import Leakage
from sikap.release.data.splits import Quarantined
from sikap.release.data.statistics import Facts
from sikap.release.files.build import SUMS, build
from sikap.release.files.read import read_release, to_content
from sikap.release.standoff.restore_texts import in_part, rehydrate
from sikap.release.standoff.stand_off_files import build_stand_off
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from sikap.storage import schemas
from sikap.storage.files import sha256
from sikap.storage.folder import write_folder
from tamper import GOOD, Files, codes, table, with_json, with_rows

replace = msgspec.structs.replace
DAYS = {"jalan": "2026-02-01", "kopi": "2026-01-01"}


@pytest.mark.parametrize(
    ("name", "struct"),
    [("facts", Facts), ("leakage", Leakage), ("quarantined", Quarantined)],
)
def test_the_schema_of_a_release_has_the_fields_of_its_structs(
    name: str, struct: type[msgspec.Struct]
) -> None:
    part = msgspec.json.decode(schemas.schema_bytes("release"))["$defs"][name]
    assert list(part["properties"]) == part["required"] == list(struct.__struct_encode_fields__)


def facts(change: Callable[[Any], object]) -> Files:
    return with_json(GOOD, lambda manifest: change(manifest["facts"]))


FORGED: dict[str, tuple[Files, str]] = {
    "a class in a split": (
        facts(lambda f: f["balance"]["stance"]["test"].update(against=1)),
        "figures",
    ),
    "a view": (facts(lambda f: f["views"]["stance"].update(target=0)), "figures"),
    "what is not known": (facts(lambda f: f["unknown"].update(outlet=0)), "figures"),
    "leakage": (facts(lambda f: f["leakage"][0].update(exact=1)), "figures"),
    "leakage of a split less": (facts(lambda f: f["leakage"].pop()), "figures"),
    "the views of a mention": (
        with_rows(GOOD, table("stance", "test"), lambda rows: rows[-1].update(views=["time"])),
        "table",
    ),
    "the views of a sentence": (
        with_rows(GOOD, table("sentences"), lambda rows: rows[0].update(views=["outlet"])),
        "labels",
    ),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_figure_is_found(what: str) -> None:
    files, code = FORGED[what]
    assert code in codes(files)


QUARANTINED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "an article that is released": (
        {"article_id": "pasar", "bridges": {"test": ["jalan"], "train": ["kopi"]}},
        {"split", "figures"},
    ),
    "a copy of what is in another split": (
        {"article_id": "x", "bridges": {"test": ["kopi"], "train": ["kopi"]}},
        {"split", "figures"},
    ),
    "a copy of what is nowhere": (
        {"article_id": "x", "bridges": {"test": ["jalan"], "train": ["y"]}},
        {"split", "figures"},
    ),
    "a copy of nothing in a split where nothing is held out": (
        {"article_id": "x", "bridges": {"test": ["jalan"], "train": []}},
        {"split", "figures"},
    ),
    "one split alone": (
        {"article_id": "x", "bridges": {"train": ["kopi"]}},
        {"schema", "split", "figures"},
    ),
}


@pytest.mark.parametrize("what", QUARANTINED)
def test_a_quarantine_that_cannot_be_is_found(what: str) -> None:
    entry, expected = QUARANTINED[what]
    assert codes(with_json(GOOD, lambda m: m["quarantined"].append(entry))) == expected


def test_an_article_is_in_quarantine_once() -> None:
    entry = {"article_id": "x", "bridges": {"test": [], "train": ["kopi"]}}
    assert codes(with_json(GOOD, lambda m: m["quarantined"].extend([entry, entry]))) == {
        "split",
        "figures",
    }


def test_what_an_article_in_quarantine_ties_may_be_missing_from_what_was_restored_in_part() -> None:
    given = content()
    tied = Quarantined(article_id="x", bridges={"test": ("jalan",), "train": ("kopi",)})
    off = build_stand_off(replace(given, quarantined=(tied,)))
    copies = {one.article_id: one for one in given.articles if one.article_id != "kopi"}
    done = rehydrate(to_content(read_release(off)), copies)
    assert verify(build(in_part(done, sha256(off[SUMS]))), versions()) == []


def test_a_card_that_hides_the_quarantine_is_found() -> None:
    entry = {"article_id": "x", "bridges": {"test": ["jalan"], "train": ["kopi"]}}
    assert codes(with_json(GOOD, lambda m: m["quarantined"].append(entry))) == {"figures"}


def test_the_snippet_of_the_card_gives_the_rows_of_a_view(tmp_path: Path) -> None:
    given = content()
    articles = tuple(replace(one, published=DAYS.get(one.article_id)) for one in given.articles)
    files = build(replace(given, articles=articles))
    write_folder(tmp_path / "release", files)
    snippets = re.findall(r"^```python\n(.*?)^```$", files["README.md"].decode(), re.M | re.S)
    (snippet,) = (one for one in snippets if "views" in one)
    assert '"target" in row["views"]' in snippet
    done = subprocess.run(
        [sys.executable, "-c", snippet.replace("PATH-OR-NAME", str(tmp_path / "release"))],
        env={**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == "1 of 2 rows\n"
