"""Releases as their users load them: by the real `load_dataset`, offline, with a fresh cache."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from samples import ARTICLES, Answer, Played, Sample, content, sample
from sikap.describe.content import Content
from sikap.describe.features import features_of_tables
from sikap.describe.tables import tables
from sikap.release.build import build
from sikap.release.verify import verify
from sikap.steps.assembly import versions
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
FIRST, SECOND = (ARTICLES["banjir"][place][1] for place in (2, 3))
THIRD = ARTICLES["sawah"][0][1]


def view(controls: str) -> bytes:
    return f'<View><Text name="text" value="$text"/>{controls}</View>'.encode()


def choices(name: str, values: str, more: str = "") -> str:
    inside = "".join(f'<Choice value="{value}"/>' for value in values.split())
    return f'<Choices name="{name}" toName="text" {more}>{inside}</Choices>'


LABELS = '<Labels name="names" toName="text"><Label value="no"/><Label value="on"/></Labels>'
HANGING = 'visibleWhen="choice-selected" whenTagName="topic" whenChoiceValue="no"'
MULTIPLE = 'choice="multiple"'


def other(config: bytes, *answers: Answer | None) -> Sample:
    """Three sentences, judged by one and the same annotators, under another config."""
    rounds = Played(
        round_id="satu",
        purpose="production",
        annotators={"ani": "expert", "budi": "rule"},
        answers=dict.fromkeys((FIRST, SECOND, THIRD), answers),
    )
    return sample(config, [rounds], span_key=())


def marked(attributes: dict[str, tuple[str, ...]], label: str = "no") -> Answer:
    return Answer((("me", label, attributes),))


SAMPLES = {
    "stance": sample(),
    "before the first round": sample(played=[]),
    "Choices only": other(
        view(choices("topic", "yes no off")),
        Answer(choices={"topic": ("no",)}),
        Answer(choices={"topic": ("no",)}),
    ),
    "Choices that stay open": other(
        view(choices("topic", "yes no off")),
        Answer(choices={"topic": ("no",)}),
        Answer(choices={"topic": ("yes",)}),
    ),
    "several Choices of a sentence": other(
        view(choices("topics", "yes no off", MULTIPLE) + choices("tone", "1 2")),
        Answer(choices={"topics": ("off", "yes"), "tone": ("1",)}),
        Answer(choices={"topics": ("yes", "off"), "tone": ("2",)}),
    ),
    "a Choice that hangs on another": other(
        view(choices("topic", "yes no off") + choices("why", "a b", HANGING)),
        Answer(choices={"topic": ("no",), "why": ("b",)}),
        Answer(choices={"topic": ("no",), "why": ("b",)}),
    ),
    "Labels only": other(view(LABELS), marked({}), marked({})),
    "several Choices of a region": other(
        view(LABELS + choices("why", "yes no off", f'{MULTIPLE} perRegion="true"')),
        marked({"why": ("off", "no")}),
        marked({"why": ("no", "off")}),
    ),
    "everybody skipped": other(view(LABELS), None, None),
}


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
