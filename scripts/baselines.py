"""What small models score on the release: train on `train`, score on `test`, in seconds on a CPU.

Writes dataset/baselines.json, which `sikap release` shows on the card while the rows are the same:
`make release`, `make baselines`, `make release`. Nothing is tuned, so `validation` is not used.

Every config with tags or with one class a row is taken, as its features say; no name of a label
stands here. Macro-F1 is over all classes and, as SemEval-2016 Task 6 does for favor and against,
over those that take a side: those that the scheme hangs another choice on (a holder is asked for
exactly when there is a stance), or all but those named by --ignore. Those other choices are never
read, for they would give the label away.

Usage: python scripts/baselines.py [PROJECT] [--ignore CLASS ...]
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # read once, when the libraries below are imported
    os.environ |= {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

import pycrfsuite
from datasets import ClassLabel, DatasetDict, Features, List, load_dataset
from datasets.utils.logging import disable_progress_bar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.pipeline import make_pipeline, make_union

from sikap.errors import InputError, Problem, SikapError
from sikap.labelling_config.scheme import Scheme
from sikap.labelling_config.scheme_from_xml import read_scheme
from sikap.project import Project, open_project
from sikap.release.data.baselines import (
    Baseline,
    Baselines,
    Chunk,
    Metric,
    chunks,
    entity_f1,
    parts,
)
from sikap.release.documents.card import read_front
from sikap.release.files.build import CARD, MANIFEST, Release
from sikap.release.files.canonical_json import content_hash
from sikap.storage.files import decode_json, encode_json, read_bytes, write_bytes

Row = dict[str, Any]
Rows = list[Row]
MASK = "[T]"
FIX = "run 'sikap release' first"


def compute(release: Path, ignore: Sequence[str] = ()) -> Baselines:
    """The figures of every config of a release folder that a model can be trained on.

    Raises InputError where it is no release, or no config has a class named in ``ignore``.
    """
    scheme = _scheme(release)
    known = dict.fromkeys(value for control in scheme.controls for value in control.values)
    unknown = sorted(set(ignore) - set(known))
    if unknown:
        found, fix = f"no class is named {', '.join(unknown)}", f"use one of {', '.join(known)}"
        raise InputError(Problem(code="unknown-value", found=found, fix=fix))
    figures: list[Baseline] = []
    hashes = {}
    card = read_bytes(release / CARD, CARD, FIX).decode()
    for config in [entry["config_name"] for entry in read_front(card)["configs"]]:
        with tempfile.TemporaryDirectory() as cache:  # never rows of an earlier release
            data = load_dataset(str(release), config, cache_dir=cache)
            found_here = list(_of_config(config, data, scheme, ignore))
            if found_here:
                hashes[config] = content_hash(rows.data.table for rows in data.values())
        figures += found_here
    versions = {name: version(name) for name in ("python-crfsuite", "scikit-learn")}
    return Baselines(content_hashes=hashes, versions=versions, figures=tuple(figures))


def _scheme(release: Path) -> Scheme:
    manifest = decode_json(read_bytes(release / MANIFEST, MANIFEST, FIX), Release, MANIFEST)
    file = f"schema/{manifest.config_file}"
    return read_scheme(read_bytes(release / file, file, FIX), file, manifest.span_key)


def _of_config(
    config: str, data: DatasetDict, scheme: Scheme, ignore: Sequence[str]
) -> Iterator[Baseline]:
    features: Features = next(iter(data.values())).features
    column, class_label = _target(features)
    if class_label is None or not {"train", "test"} <= set(data):
        return
    splits = [list(data[split]) for split in ("train", "test")]
    train, test = ([row for row in rows if row[column] is not None] for rows in splits)
    if not train or not test:
        return
    for row in (*train, *test):
        row[column] = class_label.int2str(row[column])
    if column == "ner_tags":
        scores = tagging_scores(train, test, class_label.names)
    else:
        sides = taking_sides(config, class_label.names, scheme, ignore)
        scores = class_scores(train, test, class_label.names, sides)
    for model, metric, classes, value, support in scores:
        yield Baseline(
            config=config,
            model=model,
            metric=metric,
            classes=tuple(classes),
            value=round(float(value), 3),
            support=support,
            train=len(train),
            test=len(test),
            train_null=len(splits[0]) - len(train),
            test_null=len(splits[1]) - len(test),
        )


Score = tuple[str, Metric, Sequence[str], float, int]


def _target(features: Features) -> tuple[str, ClassLabel | None]:
    """The column to predict and its classes; none in a config that has no such column."""
    tags, label = features.get("ner_tags"), features.get("label")
    if isinstance(tags, List) and isinstance(tags.feature, ClassLabel):
        return "ner_tags", tags.feature
    return "label", label if isinstance(label, ClassLabel) else None


# Choices: one class a row


def taking_sides(
    config: str, classes: Sequence[str], scheme: Scheme, ignore: Sequence[str]
) -> list[str]:
    """The classes that macro-F1 is over, in their order; all where nothing tells them apart."""
    if ignore:
        return [name for name in classes if name not in ignore]
    conditions = [c.when for c in scheme.controls if c.when is not None]
    asked = {value for when in conditions if when.control == config for value in when.values}
    return [name for name in classes if name in asked] or list(classes)


def class_scores(
    train: Rows, test: Rows, classes: Sequence[str], sides: Sequence[str]
) -> Iterator[Score]:
    """Yield the scores of every model that the columns allow."""
    gold = [row["label"] for row in test]
    over = [list(names) for names in dict.fromkeys([tuple(sides), tuple(classes)])]
    for model, reads in views("target" in train[0]).items():
        guessed = predict(train, test, classes, reads)
        for names in over:
            value = f1_score(gold, guessed, labels=names, average="macro", zero_division=0)
            yield model, "macro_f1", names, value, sum(label in names for label in gold)
        yield model, "accuracy", (), accuracy_score(gold, guessed), len(gold)


View = Callable[[Row], str]


def views(with_target: bool) -> dict[str, list[View]]:
    """What each model reads; the majority class reads nothing."""
    if not with_target:
        return {"majority": [], "text-only": [sentence]}
    return {
        "majority": [],
        "target-only": [mention],
        "text-only": [sentence],
        "text-and-target": [masked, mention],
    }


def sentence(row: Row) -> str:
    """The sentence."""
    return str(row["text"])


def mention(row: Row) -> str:
    """The mention and its label."""
    return f"{row['target']} [{row['target_label']}]"


def masked(row: Row) -> str:
    """The sentence with the mention masked, so that words beside it make n-grams with it."""
    text = row["text"]
    return f"{text[: row['target_start']]} {MASK} {text[row['target_end'] :]}"


def predict(train: Rows, test: Rows, classes: Sequence[str], reads: Sequence[View]) -> list[str]:
    """The class of every row of ``test``; the first of the most frequent where nothing is read."""
    labels = [row["label"] for row in train]
    counts = Counter(labels)
    if not reads or len(counts) == 1:
        return [max(classes, key=lambda name: counts[name])] * len(test)
    vectors = [
        TfidfVectorizer(preprocessor=view, sublinear_tf=True, **kind)
        for view in reads
        for kind in (
            {"ngram_range": (1, 3), "token_pattern": r"\[\w+\]|\w+"},
            {"ngram_range": (2, 4), "analyzer": "char_wb"},
        )
    ]
    model = LogisticRegression(C=10.0, class_weight="balanced", max_iter=2000, random_state=0)
    fitted = make_pipeline(make_union(*vectors), model).fit(train, labels)
    return [str(name) for name in fitted.predict(test)]


# Labels: a tag for each token


def tagging_scores(train: Rows, test: Rows, tags: Sequence[str]) -> Iterator[Score]:
    """Yield the scores of gazetteer and CRF: over all entities, then by label."""
    labels = list(dict.fromkeys(tag.partition("-")[2] for tag in tags if tag != "O"))
    gold = [chunks(row["ner_tags"]) for row in test]
    entries = gazetteer(train, labels)
    found = {
        "gazetteer": [look_up(entries, row["tokens"]) for row in test],
        "crf": [chunks(tags) for tags in crf(train, test)],
    }
    for model, guessed in found.items():
        yield model, "micro_f1", labels, *entity_f1(gold, guessed, labels)
        for label in labels:
            yield model, "f1", [label], *entity_f1(gold, guessed, [label])


def gazetteer(train: Rows, labels: Sequence[str]) -> dict[tuple[str, ...], str]:
    """The mentions of train as tokens, each with its most frequent label, the first of equals."""
    counts: dict[tuple[str, ...], Counter[str]] = {}
    for row in train:
        for start, end, label in chunks(row["ner_tags"]):
            counts.setdefault(tuple(row["tokens"][start:end]), Counter())[label] += 1
    return {
        surface: max(labels, key=lambda label: count[label]) for surface, count in counts.items()
    }


def look_up(entries: dict[tuple[str, ...], str], tokens: Sequence[str]) -> set[Chunk]:
    """The entries that occur among tokens, from left to right, the longest first."""
    longest = max(map(len, entries), default=0)
    found: set[Chunk] = set()
    place = 0
    while place < len(tokens):
        ends = range(min(place + longest, len(tokens)), place, -1)
        end = next((end for end in ends if tuple(tokens[place:end]) in entries), None)
        if end is not None:
            found.add((place, end, entries[tuple(tokens[place:end])]))
        place = end or place + 1
    return found


def crf(train: Rows, test: Rows) -> list[list[str]]:
    """Tags for the tokens of ``test`` by a CRF trained on ``train``."""
    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": 0.1, "c2": 0.01, "max_iterations": 100})
    trainer.set_params({"feature.possible_transitions": True})
    for row in train:
        trainer.append(word_features(row["tokens"]), row["ner_tags"])
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model")
        trainer.train(path)
        tagger = pycrfsuite.Tagger()
        tagger.open(path)
        tags = [tagger.tag(word_features(row["tokens"])) for row in test]
        tagger.close()
    return tags


def word_features(tokens: Sequence[str]) -> list[list[str]]:
    """What the CRF sees at each token: the token, its form, and those of its neighbours."""
    own = [
        [
            f"word={token.lower()}",
            *(f"start={token[:size].lower()}" for size in (2, 3)),
            *(f"end={token[-size:].lower()}" for size in (2, 3)),
            f"upper={token.isupper()}",
            f"title={token.istitle()}",
            f"alphabetic={token.isalpha()}",
            f"digit={token.isdigit()}",
        ]
        for token in tokens
    ]
    seen = [["bias", *features] for features in own]
    for (left, right), (before, after) in zip(pairwise(own), pairwise(seen), strict=True):
        before += [f"next:{feature}" for feature in right]
        after += [f"previous:{feature}" for feature in left]
    for edge, name in ((0, "first"), (-1, "last")):
        if seen:
            seen[edge].append(name)
    return seen


def run(project: Project, ignore: Sequence[str] = ()) -> Baselines:
    """Compute the figures of a project's release and write them beside it."""
    baselines = compute(project.release, ignore)
    write_bytes(project.baselines, encode_json(baselines))
    return baselines


def show(baselines: Baselines) -> Iterator[str]:
    """Yield the tables as they stand on the card."""
    for part in parts(baselines):
        yield f"{part.config}: {part.size.train} rows of train, {part.size.test} of test"
        yield from ("  " + " | ".join(line) for line in (part.heads, *part.rows))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Score small models on the release of a project.")
    parser.add_argument("project", nargs="?", default=".", type=Path)
    parser.add_argument(
        "--ignore",
        action="append",
        default=[],
        metavar="CLASS",
        help="leave a class out of macro-F1 (default: those no other choice hangs on)",
    )
    arguments = parser.parse_args()
    disable_progress_bar()
    try:
        lines = show(run(open_project(arguments.project), arguments.ignore))
        print(*lines, sep="\n")
    except SikapError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
