"""Figures of baseline models: how a release keeps them, and what its card says of them.

The models are trained outside the package, by `scripts/baselines.py`; here are only values. They
are claims: nothing can recompute them from the bytes of a release. They do name the rows that they
were computed on, by content hash, and are shown with no others.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from sikap.records import Record

Metric = Literal["accuracy", "macro_f1", "micro_f1", "f1"]
Chunk = tuple[int, int, str]

MODELS = {
    "majority": "always the class that most rows of `train` have",
    "target-only": "reads the mention and its label, never the sentence",
    "text-only": "reads the sentence, but not which mention is meant",
    "text-and-target": "reads the sentence with the mention masked, and the mention",
    "gazetteer": "looks up the mentions of `train`, the longest match first",
    "crf": "a linear-chain conditional random field over words, affixes, shapes and neighbours",
}
"""What each model is; `text` ones are logistic regressions over TF-IDF of words and characters."""

METRICS: dict[Metric, tuple[str, str]] = {
    "macro_f1": (
        "macro-F1",
        "the plain mean of the F1 of the classes in brackets; over the two sides of a stance, the"
        " measure of SemEval-2016 Task 6",
    ),
    "accuracy": ("accuracy", "the share of rows whose class is right"),
    "micro_f1": (
        "micro-F1",
        "F1 over whole entities of all labels, where label and both borders must be right, as"
        " seqeval counts them",
    ),
    "f1": ("F1", "the same for the label in brackets; 0 where there was nothing to find"),
}
"""How each metric is called on the card, and what it is."""


class Baseline(Record, frozen=True, kw_only=True):
    """One figure: ``value`` of a metric of a model, from 0 to 1, rounded to three decimals.

    ``classes`` are those that the metric is over, none for accuracy; ``support`` counts what there
    was to find of them in test: entities, or rows. ``train`` and ``test`` count rows with labels,
    ``train_null`` and ``test_null`` those that were left out because their label is null.
    """

    config: str
    model: str
    metric: Metric
    classes: tuple[str, ...]
    value: float
    support: int
    train: int
    test: int
    train_null: int
    test_null: int


class Baselines(Record, frozen=True, kw_only=True):
    """``baselines.json``: figures, what computed them, and the hashes of the rows they are of."""

    content_hashes: dict[str, str]
    versions: dict[str, str]
    figures: tuple[Baseline, ...]


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """What the card shows of one config: a table with a row for each model, all of one ``size``."""

    config: str
    size: Baseline
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def are_of(baselines: Baselines, content_hashes: Mapping[str, str]) -> bool:
    """Whether every figure is of a config with these very rows."""
    hashes = baselines.content_hashes
    known = {config for config in hashes if hashes[config] == content_hashes.get(config)}
    return known == set(hashes) and known >= {figure.config for figure in baselines.figures}


def chunks(tags: Iterable[str]) -> set[Chunk]:
    """The entities in BIO tags as [start, end) and label, where seqeval sees them by default.

    An I that continues nothing of its label begins an entity.
    """
    found = set()
    start, open_label = 0, ""
    for place, tag in enumerate([*tags, "O"]):
        prefix, _, label = tag.partition("-")
        if open_label and (prefix != "I" or label != open_label):
            found.add((start, place, open_label))
            open_label = ""
        if label and not open_label:
            start, open_label = place, label
    return found


def entity_f1(
    gold: Iterable[set[Chunk]], guessed: Iterable[set[Chunk]], labels: Sequence[str]
) -> tuple[float, int]:
    """F1 of entities with both borders and label right, and how many there were to find."""
    pairs = [
        ({chunk for chunk in one if chunk[2] in labels} for one in pair)
        for pair in zip(gold, guessed, strict=True)
    ]
    counted = [(len(right & left), len(right), len(left)) for right, left in pairs]
    hits, real, claimed = (sum(column) for column in zip(*counted, strict=True))
    return (2 * hits / (real + claimed) if real + claimed else 0.0), real


def parts(baselines: Baselines | None) -> Iterator[Part]:
    """Yield the tables of the card; none where nothing was computed."""
    figures = baselines.figures if baselines else ()
    for config in dict.fromkeys(figure.config for figure in figures):
        of = [figure for figure in figures if figure.config == config]
        columns = {(figure.metric, figure.classes): figure.support for figure in of}
        values = {(figure.model, figure.metric, figure.classes): figure.value for figure in of}
        rows = [
            (f"`{model}`", *(_value(values.get((model, *column))) for column in columns))
            for model in dict.fromkeys(figure.model for figure in of)
        ]
        counts = ("in `test`", *map(str, columns.values()))
        heads = ("model", *(_head(metric, classes) for metric, classes in columns))
        yield Part(config=config, size=of[0], heads=heads, rows=(*rows, counts))


def glossary(baselines: Baselines | None) -> dict[str, str]:
    """What the models and metrics that occur are, by their names on the card."""
    figures = baselines.figures if baselines else ()
    models = dict.fromkeys(figure.model for figure in figures)
    metrics = dict.fromkeys(figure.metric for figure in figures)
    known = {f"`{model}`": MODELS[model] for model in models if model in MODELS}
    return known | dict(METRICS[metric] for metric in metrics)


def _head(metric: Metric, classes: tuple[str, ...]) -> str:
    name = METRICS[metric][0]
    return f"{name} ({', '.join(classes)})" if classes and metric != "micro_f1" else name


def _value(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
