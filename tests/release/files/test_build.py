import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import yaml
from datasets import Features

from samples import META, content
from sikap.records import Gone
from sikap.release.data.splits import Quarantined
from sikap.release.documents.card import read_front
from sikap.release.files.build import SUMS, build
from sikap.release.files.parquet import features_of, from_parquet, to_parquet
from sikap.storage.files import sha256
from tamper import GOOD, codes, rows_of, table, to_table

TESTS = Path(__file__).resolve().parents[2]
PRINT = """
import os, sys
os.umask(int(sys.argv[1], 8))
from samples import content
from sikap.release.files.build import SUMS, build
sys.stdout.buffer.write(build(content())[SUMS])
"""
WORLDS = [
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C", "umask": "022"},
    {"PYTHONHASHSEED": "1", "TZ": "Asia/Jakarta", "LC_ALL": "C.UTF-8", "umask": "077"},
    {"PYTHONHASHSEED": "77", "TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "umask": "000"},
]


def test_two_builds_give_the_same_bytes() -> None:
    assert build(content()) == GOOD


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world["TZ"])
def test_the_world_around_changes_no_byte(world: dict[str, str], tmp_path: Path) -> None:
    path = os.pathsep.join([str(TESTS), str(TESTS.parent / "scripts")])
    done = subprocess.run(
        [sys.executable, "-c", PRINT, world["umask"]],
        env=os.environ | world | {"PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    assert done.stdout == GOOD[SUMS]


def test_the_order_of_annotations_changes_no_byte() -> None:
    given = content()
    turned = msgspec.structs.replace(
        given,
        annotations=given.annotations[::-1],
        labels=given.labels[::-1],
        splits=dict(reversed(given.splits.items())),
        passes=dict(reversed(given.passes.items())),
    )
    assert build(turned) == GOOD


def test_the_checksums_are_those_of_every_other_file() -> None:
    lines = GOOD[SUMS].decode().splitlines()
    assert lines == [f"{sha256(GOOD[name])}  {name}" for name in sorted(GOOD) if name != SUMS]


def test_the_card_and_the_tables_have_the_same_features() -> None:
    front = read_front(GOOD["README.md"].decode())
    infos = {info["config_name"]: info["features"] for info in front["dataset_info"]}
    configs = {config["config_name"]: config for config in front["configs"]}
    assert set(infos) == set(configs) == {name.split("/")[1] for name in GOOD if "data/" in name}
    listed = []
    for name, config in configs.items():
        assert config["version"] == "1.0.0"
        for files in config["data_files"]:
            (path,) = files["path"]
            listed.append(path)
            columns = features_of(from_parquet(GOOD[path]))
            assert columns is not None
            assert Features._from_yaml_list(infos[name]) == columns
    assert sorted(listed) == sorted(name for name in GOOD if name.startswith("data/"))
    assert [name for name, config in configs.items() if config.get("default")] == ["sentences"]


def test_the_front_of_the_card_says_what_it_is() -> None:
    text = GOOD["README.md"].decode()
    front = yaml.safe_load(text.split("---\n")[1])
    assert front["pretty_name"] == "Uji: sikap & nama"
    assert front["license"] == "cc-by-4.0"
    kinds = ["crowdsourced", "expert-generated", "machine-generated"]
    assert front["annotations_creators"] == kinds
    assert front["task_categories"] == ["token-classification", "text-classification"]
    assert "**The texts are machine-generated:**" in text
    assert "**Labels are machine-generated, in whole or in part:**" in text


def test_the_card_counts_licences_of_articles_however_they_are_spelt() -> None:
    text = GOOD["README.md"].decode()
    assert "| CC-BY-4.0 | 5 |\n| CC0-1.0 | 1 |\n" in text


def test_the_release_names_nobody_by_the_name_of_the_team() -> None:
    for name, data in GOOD.items():
        for person in (b'"ani"', b'"budi"', b'"citra"', b"| ani", b"(ani", b"ani ("):
            assert person not in data, name
    annotators = {row["annotator"] for row in rows_of(GOOD, table("annotations"))}
    assert annotators == {"a1", "a2", "a3"}


@pytest.mark.parametrize("config", ["sentences", "annotations", "articles", "entities", "stance"])
def test_rows_survive_parquet(config: str) -> None:
    data = GOOD[table(config)]
    columns = features_of(from_parquet(data))
    assert columns is not None
    assert to_parquet(to_table(rows_of(GOOD, table(config)), columns)) == data


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" * 9, b"\x00" * 99])
def test_what_is_no_parquet_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        from_parquet(data)


def test_names_that_a_release_leaves_out_break_neither_table_nor_list() -> None:
    """Ids are whatever a file is called, and a licence whatever somebody wrote."""
    name = "a`|\n\n# Lain\r\n<b>"
    gone = Gone(what="article", id=name, since="1.0.0")
    out = Quarantined(article_id=name, bridges={"test": (name,), "train": ("kopi",)})
    given = content()
    articles = tuple(
        msgspec.structs.replace(one, licence="MIT |\n# Lain") for one in given.articles
    )
    files = build(
        msgspec.structs.replace(given, articles=articles, withdrawn=(gone,), quarantined=(out,))
    )
    for text in (files["README.md"].decode(), files["DATASHEET.md"].decode()):
        assert "\n# Lain" not in text
    card = files["README.md"].decode()
    shown = "`a'\\\\| # Lain <b>`".replace("\\\\", chr(92))
    assert f"| {shown} | test ({shown}), train (`kopi`) |\n" in card
    assert f"- Article {shown}, last in version 1.0.0.\n" in card


def test_no_part_of_the_card_that_is_left_out_leaves_an_empty_place() -> None:
    meta = msgspec.structs.replace(META, summary="")
    text = build(msgspec.structs.replace(content(), meta=meta))["README.md"].decode()
    assert "\n\n\n" not in text


def test_a_round_that_was_pre_filled_is_told_wherever_rounds_are() -> None:
    given = content()
    first, *others = given.rounds
    digests = msgspec.structs.replace(first.digests, predictions="ab" * 32)
    filled_in = msgspec.structs.replace(first, digests=digests)
    files = build(msgspec.structs.replace(given, rounds=(filled_in, *others)))
    for name in ("README.md", "DATASHEET.md", "croissant.json"):
        assert b"was pre-filled" in files[name], name
        assert b"was pre-filled" not in GOOD[name], name
    assert codes(files) == set()
