"""The tables of every config, from the content of a release.

They are made column by column and in batches, since a dictionary for every row of a large corpus
would cost most of the time and the memory of a build.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

import pyarrow as pa

from sikap.labelling_config.scheme import Control
from sikap.records import (
    UNPUBLISHED,
    Annotation,
    Article,
    Label,
    Provenance,
    Sentence,
    SettledChoice,
    SettledSpan,
)
from sikap.release.data.content import Content
from sikap.release.data.features import beside, bio_names, choice_configs, features
from sikap.release.data.sentence_lookup import Judgements
from sikap.release.data.splits import TEST, TRAIN, VALIDATION
from sikap.rounds.settle import is_open, open_count
from sikap.text.tokens import tag

Columns = dict[str, list[Any]]
BySplit = Mapping[str, Sequence[Any]]
Give = Callable[[Sequence[Any]], Columns]
Tables = dict[str, dict[str, pa.Table]]
BATCH = 10_000
"""Records of one batch: enough to work on columns, few enough to hold twice."""


def tables(content: Content, wanted: Container[str] | None = None) -> Tables:
    """Tables by config and split, in (article_id, index) order; splits in the order of use.

    Those of all configs, or of the ``wanted`` ones. A split without rows is left out, for an empty
    Parquet file breaks `load_dataset`; so is a config without any.
    """
    splits, columns, made = _splits(content), features(content.scheme, content.text), Tables()
    for config, (records, give) in _configs(content).items():
        if wanted is not None and config not in wanted:
            continue
        schema = columns[config].arrow_schema
        by_split = {split: _table(records.get(split, ()), give, schema) for split in splits}
        kept = {split: table for split, table in by_split.items() if table.num_rows}
        if kept:
            made[config] = kept
    return made


def settled_spans(label: Label) -> Iterator[SettledSpan]:
    """Yield the spans of a label whose presence is decided."""
    return (span for span in label.spans if not is_open(span.provenance))


def column(by_split: Mapping[str, pa.Table], name: str) -> list[Any]:
    """The values of one column over all splits of a config."""
    return [value for table in by_split.values() for value in table[name].to_pylist()]


def _configs(content: Content) -> dict[str, tuple[BySplit, Give]]:
    """For each config the records of its rows, by split, and what makes columns of them."""
    judged = Judgements(content)
    articles = _by_split(content, content.articles)
    sentences = _by_split(content, content.sentences)
    labelled = {
        split: [one for one in those if one.sentence_id in judged.labels]
        for split, those in sentences.items()
    }
    configs: dict[str, tuple[BySplit, Give]] = {
        "sentences": (sentences, partial(_sentences, judged)),
        "annotations": (sentences, partial(_annotations, judged)),
        "articles": (articles, _articles),
    }
    for control in content.scheme.of_kind("spans"):
        configs[control.name] = labelled, partial(_tagged, judged, control)
    for control in choice_configs(content.scheme):
        give = _attributes if control.kind == "attribute" else _choices
        configs[control.name] = labelled, partial(give, judged, control)
    return configs


def _splits(content: Content) -> list[str]:
    order = [TRAIN, VALIDATION, TEST]
    names = set(content.splits.values())
    return sorted(names, key=lambda s: (order.index(s) if s in order else len(order), s))


def _by_split(content: Content, records: Iterable[Article | Sentence]) -> BySplit:
    by_split: dict[str, list[Any]] = {}
    for record in records:
        by_split.setdefault(content.splits[record.article_id], []).append(record)
    return by_split


def _table(records: Sequence[Any], give: Give, schema: pa.Schema) -> pa.Table:
    rest = iter(records)
    batches = [
        pa.RecordBatch.from_pydict(give(batch), schema=schema)
        for batch in iter(lambda: list(islice(rest, BATCH)), [])
    ]
    return pa.Table.from_batches(batches, schema=schema).combine_chunks()


def _fields(records: Sequence[Any], names: Iterable[str]) -> Columns:
    return {name: [getattr(record, name) for record in records] for name in names}


def _articles(articles: Sequence[Article]) -> Columns:
    names = [name for name in Article.__struct_fields__ if name not in UNPUBLISHED]
    columns = _fields(articles, names)
    # A source that a stand-off release does not give is empty in its content.
    return columns | {"source": [source or None for source in columns["source"]]}


def _sentences(judged: Judgements, sentences: Sequence[Sentence]) -> Columns:
    labels = [judged.labels.get(sentence.sentence_id) for sentence in sentences]
    columns = _fields(sentences, Sentence.__struct_fields__)
    columns |= {
        "labelled": [label is not None for label in labels],
        "annotators": [label.annotators if label else None for label in labels],
        "round": [judged.ordinals[label.round_id] if label else None for label in labels],
        "open": [open_count(label) if label else None for label in labels],
        "spans": [
            _spans(judged, label, sentence.text) if label else None
            for label, sentence in zip(labels, sentences, strict=True)
        ],
    }
    for control in judged.scheme.of_kind("choice"):
        given = [label.choices.get(control.name) if label else None for label in labels]
        columns[control.name] = [_value(control, one.values if one else ()) for one in given]
        columns[f"{control.name}_provenance"] = [
            _provenance(one.provenance) if one else None for one in given
        ]
    return columns | _views(judged, sentences)


def _views(judged: Judgements, sentences: Sequence[Sentence]) -> Columns:
    return {"views": [judged.views.of(sentence.article_id) for sentence in sentences]}


def _spans(judged: Judgements, label: Label, text: str) -> list[dict[str, Any]]:
    attributes = judged.scheme.of_kind("attribute")
    return [
        {
            "start": span.start,
            "end": span.end,
            "text": text[span.start : span.end],
            "label": span.label,
            "provenance": _provenance(span.provenance),
            **_settled(attributes, span.attributes),
        }
        for span in settled_spans(label)
    ]


def _settled(controls: Iterable[Control], choices: Mapping[str, SettledChoice]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for control in controls:
        choice = choices.get(control.name)
        values[control.name] = _value(control, choice.values if choice else ())
        values[f"{control.name}_provenance"] = _provenance(choice.provenance) if choice else None
    return values


def _value(control: Control, values: tuple[str, ...]) -> str | list[str] | None:
    """One value, or all of a control that takes several; null where nothing is settled."""
    if control.multiple:
        return list(values) or None
    return values[0] if values else None


def _class(control: Control, values: tuple[str, ...]) -> int | list[int] | None:
    """Values as a ClassLabel stores them: their places in the config's order."""
    places = [control.values.index(value) for value in values]
    if control.multiple:
        return places or None
    return places[0] if places else None


def _provenance(provenance: Provenance) -> dict[str, Any]:
    return {"how": provenance.how, "votes": provenance.votes, "of": provenance.of}


def _annotations(judged: Judgements, sentences: Sequence[Sentence]) -> Columns:
    pairs = [(one, said) for one in sentences for said in judged.annotations[one.sentence_id]]
    every = [said for _, said in pairs]
    columns = _fields(every, ("item_id", "sentence_id"))
    columns |= {
        "article_id": [sentence.article_id for sentence, _ in pairs],
        "round": [judged.ordinals[said.round_id] for said in every],
        "pass": [judged.passes[said.item_id] for said in every],
        "annotator": [said.annotator for said in every],
        "annotator_kind": [judged.kinds[said.round_id, said.annotator] for said in every],
        "status": [said.status for said in every],
        "spans": [_marked(judged, said, sentence.text) for sentence, said in pairs],
        "seconds": [said.seconds for said in every],
    }
    for control in judged.scheme.of_kind("choice"):
        columns[control.name] = [
            _value(control, said.choices.get(control.name, ())) for said in every
        ]
    return columns


def _marked(judged: Judgements, said: Annotation, text: str) -> list[dict[str, Any]]:
    attributes = judged.scheme.of_kind("attribute")
    return [
        {
            "start": span.start,
            "end": span.end,
            "text": text[span.start : span.end],
            "label": span.label,
            **{c.name: _value(c, span.attributes.get(c.name, ())) for c in attributes},
        }
        for span in said.spans
    ]


def _tagged(judged: Judgements, control: Control, sentences: Sequence[Sentence]) -> Columns:
    place_of = {name: place for place, name in enumerate(bio_names(control))}.__getitem__
    tokens = [judged.tokens(sentence) for sentence in sentences]
    tags = []
    for sentence, those in zip(sentences, tokens, strict=True):
        label = judged.labels[sentence.sentence_id]
        spans = [span for span in label.spans if span.label in control.values]
        mentions = [(span.start, span.end, span.label) for span in spans]
        undecided = any(is_open(span.provenance) for span in spans)
        tags.append(None if undecided else [*map(place_of, tag(those, mentions).tags)])
    return {
        **_fields(sentences, ("sentence_id", "article_id")),
        "tokens": [those.texts for those in tokens],
        "ner_tags": tags,
        "token_starts": [those.starts for those in tokens],
        "token_ends": [those.ends for those in tokens],
        **_views(judged, sentences),
    }


def _attributes(judged: Judgements, control: Control, sentences: Sequence[Sentence]) -> Columns:
    pairs = [
        (sentence, span)
        for sentence in sentences
        for span in settled_spans(judged.labels[sentence.sentence_id])
        if control.name in span.attributes
    ]
    columns = _fields([sentence for sentence, _ in pairs], ("sentence_id", "article_id", "text"))
    columns |= {
        "target": [sentence.text[span.start : span.end] for sentence, span in pairs],
        "target_start": [span.start for _, span in pairs],
        "target_end": [span.end for _, span in pairs],
        "target_label": [span.label for _, span in pairs],
    }
    given = [span.attributes for _, span in pairs]
    votes = [judged.span_votes(sentence.sentence_id, span, control) for sentence, span in pairs]
    columns |= _judged(judged, control, given, votes)
    return columns | {"views": [judged.views_of(sentence, span) for sentence, span in pairs]}


def _choices(judged: Judgements, control: Control, sentences: Sequence[Sentence]) -> Columns:
    pairs = [(one, judged.labels[one.sentence_id].choices) for one in sentences]
    pairs = [pair for pair in pairs if control.name in pair[1]]
    columns = _fields([sentence for sentence, _ in pairs], ("sentence_id", "article_id", "text"))
    votes = [judged.choice_votes(sentence.sentence_id, control) for sentence, _ in pairs]
    columns |= _judged(judged, control, [choices for _, choices in pairs], votes)
    return columns | _views(judged, [sentence for sentence, _ in pairs])


def _judged(
    judged: Judgements,
    control: Control,
    given: Sequence[Mapping[str, SettledChoice]],
    votes: list[list[int]],
) -> Columns:
    columns: Columns = {
        "label": [_class(control, choices[control.name].values) for choices in given],
        "label_votes": votes,
    }
    for other in beside(control, judged.scheme):
        settled = [choices.get(other.name) for choices in given]
        columns[other.name] = [_value(other, one.values if one else ()) for one in settled]
    return columns
