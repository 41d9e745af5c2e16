"""The rows of every config, from the content of a release."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sikap.describe.content import Content
from sikap.describe.features import beside, bio_names, choice_configs
from sikap.describe.tokens import tag, tokenize
from sikap.describe.views import Views, views_of
from sikap.records import Annotation, Label, Provenance, Sentence, SettledChoice, SettledSpan
from sikap.rounds.settle import is_open, open_count
from sikap.scheme import Control

Row = dict[str, Any]
Tables = dict[str, dict[str, list[Row]]]


def tables(content: Content) -> Tables:
    """Rows by config and split, in (article_id, index) order; splits in the order of the ledger.

    A split without rows is left out, for an empty Parquet file breaks `load_dataset`; so is a
    config without any.
    """
    configs = {
        "sentences": _sentence_rows(content),
        "annotations": _annotation_rows(content),
        "articles": _article_rows(content),
    }
    for control in content.scheme.of_kind("spans"):
        configs[control.name] = _tagged_rows(content, control)
    for control in choice_configs(content.scheme):
        rows = _attribute_rows if control.kind == "attribute" else _choice_rows
        configs[control.name] = rows(content, control)
    views = views_of(content)
    for config in configs.keys() - {"annotations", "articles"}:
        configs[config] = _viewed(configs[config], views)
    by_config = {name: _by_split(rows, content.splits) for name, rows in configs.items()}
    return {name: by_split for name, by_split in by_config.items() if by_split}


def _viewed(rows: Iterable[Row], views: Views) -> Iterator[Row]:
    return (row | {"views": views.of(row["article_id"], row.get("target"))} for row in rows)


def settled_spans(label: Label) -> Iterator[SettledSpan]:
    """Yield the spans of a label whose presence is decided."""
    return (span for span in label.spans if not is_open(span.provenance))


def _by_split(rows: Iterable[Row], splits: Mapping[str, str]) -> dict[str, list[Row]]:
    by_split: dict[str, list[Row]] = {split: [] for split in dict.fromkeys(splits.values())}
    for row in rows:
        by_split[splits[row["article_id"]]].append(row)
    order = ["train", "validation", "test"]
    names = sorted(by_split, key=lambda s: (order.index(s) if s in order else len(order), s))
    return {split: by_split[split] for split in names if by_split[split]}


def _article_rows(content: Content) -> Iterator[Row]:
    for article in content.articles:
        fields = {name: getattr(article, name) for name in article.__struct_fields__}
        yield {**fields, "normalised": list(article.normalised)}


def _sentence_rows(content: Content) -> Iterator[Row]:
    labels = {label.sentence_id: label for label in content.labels}
    ordinals = _ordinals(content)
    for sentence in content.sentences:
        label = labels.get(sentence.sentence_id)
        row = {name: getattr(sentence, name) for name in sentence.__struct_fields__}
        row |= {"labelled": label is not None, "annotators": None, "round": None, "open": None}
        row |= {"spans": None}
        choices: Mapping[str, SettledChoice] = {}
        if label is not None:
            row |= {"annotators": label.annotators, "round": ordinals[label.round_id]}
            row |= {"open": open_count(label), "spans": _spans(label, sentence.text, content)}
            choices = label.choices
        yield row | _settled(content.scheme.of_kind("choice"), choices)


def _spans(label: Label, text: str, content: Content) -> list[Row]:
    attributes = content.scheme.of_kind("attribute")
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


def _settled(controls: Iterable[Control], choices: Mapping[str, SettledChoice]) -> Row:
    row: Row = {}
    for control in controls:
        choice = choices.get(control.name)
        row[control.name] = _value(control, choice.values if choice else ())
        row[f"{control.name}_provenance"] = _provenance(choice.provenance) if choice else None
    return row


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


def _provenance(provenance: Provenance) -> Row:
    return {"how": provenance.how, "votes": provenance.votes, "of": provenance.of}


def _ordinals(content: Content) -> dict[str, int]:
    return {manifest.round_id: manifest.ordinal for manifest in content.rounds}


def _annotation_rows(content: Content) -> Iterator[Row]:
    sentences = {sentence.sentence_id: sentence for sentence in content.sentences}
    kinds = {
        (manifest.round_id, entry.annotator): entry.kind
        for manifest in content.rounds
        for entry in manifest.roster
    }
    ordinals = _ordinals(content)

    def place(annotation: Annotation) -> tuple[str, int, int, int, str]:
        sentence = sentences[annotation.sentence_id]
        ordinal, pass_ = ordinals[annotation.round_id], content.passes[annotation.item_id]
        return sentence.article_id, sentence.index, ordinal, pass_, annotation.annotator

    for annotation in sorted(content.annotations, key=place):
        sentence = sentences[annotation.sentence_id]
        yield {
            "item_id": annotation.item_id,
            "sentence_id": annotation.sentence_id,
            "article_id": sentence.article_id,
            "round": ordinals[annotation.round_id],
            "pass": content.passes[annotation.item_id],
            "annotator": annotation.annotator,
            "annotator_kind": kinds[annotation.round_id, annotation.annotator],
            "status": annotation.status,
            "spans": _annotated_spans(annotation, sentence, content),
            **{
                control.name: _value(control, annotation.choices.get(control.name, ()))
                for control in content.scheme.of_kind("choice")
            },
            "seconds": annotation.seconds,
        }


def _annotated_spans(annotation: Annotation, sentence: Sentence, content: Content) -> list[Row]:
    return [
        {
            "start": span.start,
            "end": span.end,
            "text": sentence.text[span.start : span.end],
            "label": span.label,
            **{
                control.name: _value(control, span.attributes.get(control.name, ()))
                for control in content.scheme.of_kind("attribute")
            },
        }
        for span in annotation.spans
    ]


def _labelled(content: Content) -> Iterator[tuple[Sentence, Label]]:
    labels = {label.sentence_id: label for label in content.labels}
    for sentence in content.sentences:
        if sentence.sentence_id in labels:
            yield sentence, labels[sentence.sentence_id]


def _tagged_rows(content: Content, control: Control) -> Iterator[Row]:
    places = {name: place for place, name in enumerate(bio_names(control))}
    for sentence, label in _labelled(content):
        tokens = tokenize(sentence.text)
        spans = [span for span in label.spans if span.label in control.values]
        mentions = [(span.start, span.end, span.label) for span in spans]
        undecided = any(is_open(span.provenance) for span in spans)
        yield {
            "sentence_id": sentence.sentence_id,
            "article_id": sentence.article_id,
            "tokens": [sentence.text[start:end] for start, end in tokens],
            "ner_tags": None if undecided else [places[t] for t in tag(tokens, mentions).tags],
            "token_starts": [start for start, _ in tokens],
            "token_ends": [end for _, end in tokens],
        }


def _attribute_rows(content: Content, control: Control) -> Iterator[Row]:
    others = beside(control, content.scheme)
    for sentence, label in _labelled(content):
        for span in settled_spans(label):
            if control.name not in span.attributes:
                continue
            given = {name: choice.values for name, choice in span.attributes.items()}
            yield {
                "sentence_id": sentence.sentence_id,
                "article_id": sentence.article_id,
                "text": sentence.text,
                "target": sentence.text[span.start : span.end],
                "target_start": span.start,
                "target_end": span.end,
                "target_label": span.label,
                "label": _class(control, given[control.name]),
                **{other.name: _value(other, given.get(other.name, ())) for other in others},
            }


def _choice_rows(content: Content, control: Control) -> Iterator[Row]:
    others = beside(control, content.scheme)
    for sentence, label in _labelled(content):
        if control.name in label.choices:
            given = {name: choice.values for name, choice in label.choices.items()}
            yield {
                "sentence_id": sentence.sentence_id,
                "article_id": sentence.article_id,
                "text": sentence.text,
                "label": _class(control, given[control.name]),
                **{other.name: _value(other, given.get(other.name, ())) for other in others},
            }
