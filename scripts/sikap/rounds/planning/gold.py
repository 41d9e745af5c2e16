"""How well annotators do on items whose answer is known.

Gold answers score annotators and nothing else: they are no labels, and no vote is weighed by them.

Known answers as people hand them in: a JSONL file of answers, or of settled labels.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.labelling_config.scheme import Scheme
from sikap.records import GOLD, Annotation, Gold, Item, Label, Record, Sentence, SettledChoice, Span
from sikap.rounds.settle import open_count
from sikap.storage import schemas
from sikap.storage.files import decode_lines


def read_gold(
    data: bytes, file: str, sentences: Iterable[Sentence], scheme: Scheme
) -> tuple[Gold, ...]:
    """The answers in a file, in the order of the sentences.

    A line is an answer (``sentence_id``, ``spans``, ``choices``) or a line of labels.jsonl, whose
    provenance is left out. Raises InputError with all problems at once: lines that are neither,
    sentences that are unknown or named twice, decisions that are open, answers that break the
    scheme or leave the sentence, or a file without any.
    """
    order = {one.sentence_id: place for place, one in enumerate(sentences)}
    texts = {one.sentence_id: one for one in sentences}
    answers: dict[str, Gold] = {}
    problems: list[Problem] = []
    for number, line in enumerate(data.splitlines(), 1):
        if not line.strip():
            continue
        try:
            answer = _answer(line, file)
            raise_if(_wrong(answer, texts.get(answer.sentence_id), answers, scheme))
            answers[answer.sentence_id] = answer
        except InputError as error:
            for problem in error.problems:
                problems.append(msgspec.structs.replace(problem, file=file, line=number))
    if not answers and not problems:
        found, fix = "it holds no answer", "write one a line, or plan without --gold"
        problems.append(Problem(code="gold", file=file, found=found, fix=fix))
    raise_if(problems)
    return tuple(sorted(answers.values(), key=lambda answer: order[answer.sentence_id]))


def _answer(line: bytes, file: str) -> Gold:
    (row,) = decode_lines(line + b"\n", dict[str, Any], file)
    # Only labels say who settled them.
    settled = "annotators" in row
    raise_if(schemas.check("label" if settled else "gold", [row], file))
    if not settled:
        answer = msgspec.convert(row, Gold)
        return msgspec.structs.replace(answer, spans=_in_order(answer.spans))
    label = msgspec.convert(row, Label)
    if open_count(label):
        found = f"{open_count(label)} decisions on the sentence are open"
        fix = "decide them first: what is open is no known answer"
        raise InputError(Problem(code="gold", id=label.sentence_id, found=found, fix=fix))
    spans = (
        Span(start=s.start, end=s.end, label=s.label, attributes=_settled_values(s.attributes))
        for s in label.spans
    )
    return Gold(
        sentence_id=label.sentence_id,
        spans=_in_order(spans),
        choices=_settled_values(label.choices),
    )


def _settled_values(settled: Mapping[str, SettledChoice]) -> dict[str, tuple[str, ...]]:
    return {name: choice.values for name, choice in settled.items()}


def _in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(spans, key=lambda span: span.order))


def _wrong(
    answer: Gold, sentence: Sentence | None, earlier: Mapping[str, Gold], scheme: Scheme
) -> Iterator[Problem]:
    if sentence is None or sentence.kind != "body":
        found = "no body sentence of the project has such an id"
        fix = "take it out, or correct it: only body sentences are annotated"
        yield Problem(code="gold", id=answer.sentence_id, found=found, fix=fix)
    else:
        for problem in scheme.problems(answer.spans, answer.choices, len(sentence.text)):
            fix = "correct the answer"
            yield msgspec.structs.replace(problem, id=answer.sentence_id, fix=fix)
    if answer.sentence_id in earlier:
        found, fix = "the sentence has an answer further up", "keep one of the two"
        yield Problem(code="gold", id=answer.sentence_id, found=found, fix=fix)


Mention = tuple[int, int, str]
Said = tuple[Gold, Annotation]


class GoldScore(Record, frozen=True, kw_only=True):
    """How well one annotator did: ``score`` from 0 to 1 over ``items`` submitted gold items."""

    annotator: str
    items: int
    score: float


def gold_scores(
    gold: Iterable[Gold],
    items: Iterable[Item],
    annotations: Iterable[Annotation],
    scheme: Scheme,
) -> dict[str, GoldScore]:
    """The score of every annotator who submitted a gold item, by pseudonym in their order.

    The score is the mean of up to three parts, each over all of the annotator's gold items at once:

    - mentions: F1 of exact (start, end, label), 1 where there are none on either side;
    - attributes: of the values of attributes on mentions that both marked, the share that is equal;
    - choices: of the values of choices on sentences, the share that is equal.

    A value counts where either side gives one; a part without anything to count is left out.
    Skipped items do not count.
    """
    known = {answer.sentence_id: answer for answer in gold}
    of_item = {
        item.item_id: known[item.sentence_id]
        for item in items
        if item.pass_ == GOLD and item.sentence_id in known
    }
    said: dict[str, list[Said]] = defaultdict(list)
    for annotation in annotations:
        if annotation.status == "submitted" and annotation.item_id in of_item:
            said[annotation.annotator].append((of_item[annotation.item_id], annotation))
    return {
        name: GoldScore(annotator=name, items=len(said[name]), score=_score(said[name], scheme))
        for name in sorted(said)
    }


def _score(said: Sequence[Said], scheme: Scheme) -> float:
    marked = [(_mentions(gold.spans), _mentions(one.spans)) for gold, one in said]
    both = [(a[mention], b[mention]) for a, b in marked for mention in a.keys() & b.keys()]
    every = sum(len(a) + len(b) for a, b in marked)
    parts: list[float] = []
    if scheme.of_kind("spans"):
        parts.append(2 * len(both) / every if every else 1.0)
    attributes = [control.name for control in scheme.of_kind("attribute")]
    choices = [control.name for control in scheme.of_kind("choice")]
    parts += _equal(
        (_attribute_values(a, name), _attribute_values(b, name))
        for a, b in both
        for name in attributes
    )
    parts += _equal(
        (_set(gold.choices, name), _set(one.choices, name))
        for gold, one in said
        for name in choices
    )
    return sum(parts) / len(parts) if parts else 1.0


def _equal(pairs: Iterable[tuple[object, object]]) -> list[float]:
    """The share of pairs that are equal, among those that are not empty; nothing without any."""
    given = [(a, b) for a, b in pairs if a or b]
    return [sum(a == b for a, b in given) / len(given)] if given else []


def _mentions(spans: Iterable[Span]) -> dict[Mention, list[Span]]:
    mentions: dict[Mention, list[Span]] = defaultdict(list)
    for span in spans:
        mentions[span.start, span.end, span.label].append(span)
    return dict(mentions)


def _attribute_values(spans: Iterable[Span], name: str) -> list[tuple[str, ...]]:
    """All that is said of a mention with one attribute, where it is marked once or more often."""
    return sorted(filter(None, (_set(span.attributes, name) for span in spans)))


def _set(given: Mapping[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    return tuple(sorted(given.get(name, ())))
