"""Known answers as people hand them in: a JSONL file of answers, or of settled labels."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.labelling_config.scheme import Scheme
from sikap.records import Gold, Label, Sentence, SettledChoice, Span
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
        Span(start=s.start, end=s.end, label=s.label, attributes=_values(s.attributes))
        for s in label.spans
    )
    return Gold(
        sentence_id=label.sentence_id, spans=_in_order(spans), choices=_values(label.choices)
    )


def _values(settled: Mapping[str, SettledChoice]) -> dict[str, tuple[str, ...]]:
    return {name: choice.values for name, choice in settled.items()}


def _in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(
        sorted(spans, key=lambda s: (s.start, s.end, s.label, sorted(s.attributes.items())))
    )


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
