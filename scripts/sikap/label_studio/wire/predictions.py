"""Predictions of a model, as Label Studio fills in the editor with them beforehand.

A line of their file is an object: ``item_id``, or ``sentence_id`` for every item of the sentence;
``spans`` and ``choices`` as annotations have them, where a span may also have its ``text``, which
is compared; ``model``, one name in the whole file; and maybe ``score``, 0 to 1. The server checks
labels and offsets badly or not at all, so all of it is checked here, before anything is sent.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

import msgspec

from sikap.errors import Problem, raise_if
from sikap.labelling_config.scheme import Scheme
from sikap.records import Item, Span

Score = Annotated[float, msgspec.Meta(ge=0, le=1)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class PredictedSpan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A span as an annotation has it, and maybe the text that it is meant to mark."""

    start: int
    end: int
    label: str
    attributes: dict[str, tuple[str, ...]] = {}
    text: str | None = None


class Prediction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a model says of one item, or of all items of one sentence."""

    item_id: str | None = None
    sentence_id: str | None = None
    spans: tuple[PredictedSpan, ...]
    choices: dict[str, tuple[str, ...]]
    model: Name
    score: Score | None = None


class Predictions(msgspec.Struct, frozen=True, kw_only=True):
    """What is added to the task of each item that has a prediction, by item, and whose it is."""

    model: str
    of: dict[str, dict[str, Any]]


def read_predictions(
    predictions: Sequence[Prediction], items: Iterable[Item], scheme: Scheme, file: str
) -> Predictions:
    """Predictions as parts of tasks; raises InputError with everything that is wrong with them.

    ``predictions`` are the lines of ``file``, in its order.
    """
    by_item: dict[str, Item] = {}
    by_sentence: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_item[item.item_id] = item
        by_sentence[item.sentence_id].append(item)
    of: dict[str, dict[str, Any]] = {}
    problems: list[Problem] = []
    for line, one in enumerate(predictions, 1):
        meant = [by_item[one.item_id]] if one.item_id in by_item else []
        meant = by_sentence.get(one.sentence_id or "", []) if one.item_id is None else meant
        found = [*_misplaced(one, meant, of)]
        found += (problem for item in meant[:1] for problem in _wrong(one, item, scheme))
        name = one.item_id or one.sentence_id or ""
        problems += (msgspec.structs.replace(p, file=file, line=line, id=name) for p in found)
        of.update({item.item_id: _task_part(one, item, scheme) for item in meant})
    models = sorted({one.model for one in predictions})
    if len(models) != 1:
        found_models = f"it has predictions of {len(models)} models: {', '.join(models) or 'none'}"
        fix = "give those of one: an annotator is shown the predictions of one"
        problems.append(Problem(code="prediction", file=file, found=found_models, fix=fix))
    raise_if(problems)
    return Predictions(model=models[0], of=of)


def _misplaced(
    one: Prediction, meant: Sequence[Item], taken: Mapping[str, object]
) -> Iterator[Problem]:
    if (one.item_id is None) == (one.sentence_id is None):
        fix = "give each line one of the two"
        found = "it has neither item_id nor sentence_id, or both"
        yield Problem(code="prediction", found=found, fix=fix)
    elif not meant:
        fix = "give predictions for items of this round only"
        yield Problem(code="unknown-item", found="the round has no such item", fix=fix)
    if any(item.item_id in taken for item in meant):
        fix = "give each item one prediction"
        found = "a line before this one has a prediction for the same item"
        yield Problem(code="prediction", found=found, fix=fix)


def _wrong(one: Prediction, item: Item, scheme: Scheme) -> Iterator[Problem]:
    """Yield what the scheme and the text of its sentence have against a prediction."""
    for problem in scheme.problems(map(_plain, one.spans), one.choices, len(item.text)):
        yield msgspec.structs.replace(problem, fix="correct it in the file")
    for span in one.spans:
        inside = 0 <= span.start < span.end <= len(item.text)
        if inside and span.text not in {None, item.text[span.start : span.end]}:
            found = f"span {span.start}-{span.end} is {item.text[span.start : span.end]!r} there, "
            found += f"not {span.text!r}"
            fix = "count offsets in code points of the sentence's text"
            yield Problem(code="span-text", found=found, fix=fix)


def _plain(span: PredictedSpan) -> Span:
    return Span(start=span.start, end=span.end, label=span.label, attributes=span.attributes)


def _task_part(one: Prediction, item: Item, scheme: Scheme) -> dict[str, Any]:
    results = [*_results(one, item, scheme)]
    score = {} if one.score is None else {"score": one.score}
    return {"predictions": [{"model_version": one.model, "result": results, **score}]}


def _results(one: Prediction, item: Item, scheme: Scheme) -> Iterator[dict[str, Any]]:
    """Yield the entries of a Label Studio result; those of one region share its id."""
    for number, span in enumerate(one.spans, 1):
        region = f"{item.item_id}-{number}"
        marked = {"start": span.start, "end": span.end, "text": item.text[span.start : span.end]}
        holders = (c.name for c in scheme.of_kind("spans") if span.label in c.values)
        labels = {**marked, "labels": [span.label]}
        yield {"id": region, **_entry(next(holders, ""), "labels", labels, scheme)}
        for name, values in span.attributes.items():
            chosen = {**marked, "choices": list(values)}
            yield {"id": region, **_entry(name, "choices", chosen, scheme)}
    for number, (name, values) in enumerate(one.choices.items(), 1):
        entry = _entry(name, "choices", {"choices": list(values)}, scheme)
        yield {"id": f"{item.item_id}-c{number}", **entry}


def _entry(control: str, kind: str, value: dict[str, Any], scheme: Scheme) -> dict[str, Any]:
    return {"from_name": control, "to_name": scheme.text_name, "type": kind, "value": value}
