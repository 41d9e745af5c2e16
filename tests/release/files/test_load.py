"""Releases as their users load them: by the real `load_dataset`, offline, with a fresh cache."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from samples import content
from scheme_samples import SAMPLES
from sikap.release.data.content import Content
from sikap.release.data.features import features_of_tables
from sikap.release.data.tables import tables
from sikap.release.files.build import build
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from sikap.storage.folder import write_folder

LOAD = """
import json, sys
from datasets import get_dataset_config_names, load_dataset
folder, cache = sys.argv[1:]
loaded = {}
for config in get_dataset_config_names(folder):
    splits = load_dataset(folder, config, cache_dir=cache)
    loaded[config] = {
        split: {"features": rows.features.to_dict(), "rows": rows.to_list()}
        for split, rows in splits.items()
    }
print(json.dumps(loaded))
"""


def load(given: Content, folder: Path) -> dict[str, Any]:
    write_folder(folder / "release", build(given))
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(folder / "home")}
    done = subprocess.run(
        [sys.executable, "-c", LOAD, str(folder / "release"), str(folder / "cache")],
        env=os.environ | offline,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded: dict[str, Any] = json.loads(done.stdout)
    return loaded


@pytest.mark.parametrize("which", SAMPLES)
def test_every_config_and_split_loads_as_it_was_built(which: str, tmp_path: Path) -> None:
    given = content(SAMPLES[which])
    assert verify(build(given), versions()) == []
    loaded, rows = load(given, tmp_path), tables(given)
    columns = features_of_tables(given.scheme, rows)
    assert set(loaded) == set(rows)
    for config, by_split in rows.items():
        assert list(loaded[config]) == list(by_split)
        for split, expected in by_split.items():
            found = loaded[config][split]
            assert found["rows"] == expected.to_pylist()
            assert found["features"] == json.loads(json.dumps(columns[config].to_dict()))


def test_a_choice_that_hangs_on_another_is_a_column_of_it() -> None:
    rows = tables(content(SAMPLES["a Choice that hangs on another"]))
    assert set(rows) == {"sentences", "annotations", "articles", "topic"}
    assert [(row["label"], row["why"]) for row in rows["topic"]["train"].to_pylist()] == [
        (1, "b")
    ] * 2


def test_the_sample_has_every_case(tmp_path: Path) -> None:
    loaded = load(content(), tmp_path)
    sentences = [row for split in loaded["sentences"].values() for row in split["rows"]]
    stances = [row for split in loaded["stance"].values() for row in split["rows"]]
    tags = [row["ner_tags"] for split in loaded["entities"].values() for row in split["rows"]]
    assert set(loaded["sentences"]) == {"train", "validation", "test"}
    assert {row["labelled"] for row in sentences} == {True, False}
    assert any(row["labelled"] and row["spans"] == [] for row in sentences)
    assert all(row["spans"] is None for row in sentences if not row["labelled"])
    assert any(row["open"] for row in sentences)
    assert None in tags
    assert None in [row["label"] for row in stances]
    assert {row["holder"] for row in stances} == {None, "author", "source"}
    names = loaded["stance"]["train"]["features"]["label"]["names"]
    assert names == ["favor", "against", "neutral"]
    for row in stances:
        assert row["text"][row["target_start"] : row["target_end"]] == row["target"]
    targets = [(row["sentence_id"], row["target_start"]) for row in stances]
    assert len(set(targets)) < len(targets), "one mention has two holders"
    hows = {span["provenance"]["how"] for row in sentences for span in row["spans"] or ()}
    assert hows == {"unanimous", "majority", "adjudicated"}
