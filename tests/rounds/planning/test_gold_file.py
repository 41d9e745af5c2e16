from typing import Any

import msgspec
import pytest

from builders import annotation, codes, item, manifest, sentence, shipped_scheme, span
from sikap.errors import InputError
from sikap.records import Gold, Label
from sikap.rounds.planning.gold import read_gold
from sikap.rounds.settle import settle
from sikap.storage.files import encode_line, encode_lines

TEXTS = ("Belsara mengecam PT Ombak.", "Rapat ditunda.")
FIRST, OTHER = SENTENCES = [sentence(text, index=n) for n, text in enumerate(TEXTS)]
HEADING = sentence("Judul", kind="heading")
PER, ORG = span(0, 7, stance="against", holder="source"), span(17, 25, "ORG")
ANSWER = Gold(sentence_id=FIRST.sentence_id, spans=(PER, ORG), choices={})
EMPTY = Gold(sentence_id=OTHER.sentence_id, spans=(), choices={})


def read(data: bytes) -> tuple[Gold, ...]:
    return read_gold(data, "gold.jsonl", [HEADING, *SENTENCES], shipped_scheme())


def label(*spans: Any, voters: int = 1) -> Label:
    of = item(TEXTS[0])
    said = [annotation(of, f"a{n}", spans if n == 0 else ()) for n in range(voters)]
    (settled,) = settle([manifest()], [of], said, shipped_scheme())
    return settled


def test_answers_come_in_the_order_of_the_sentences_and_their_spans() -> None:
    turned = msgspec.structs.replace(ANSWER, spans=(ORG, PER))
    assert read(encode_lines([EMPTY, turned])) == (ANSWER, EMPTY)


def test_empty_lines_and_a_missing_line_end_are_no_matter() -> None:
    assert read(b"\n" + encode_line(ANSWER).rstrip()) == (ANSWER,)


def test_a_settled_label_is_an_answer_without_its_provenance() -> None:
    assert read(encode_line(label(PER, ORG))) == (ANSWER,)


def test_a_label_with_something_open_is_refused() -> None:
    with pytest.raises(InputError, match="1 decisions on the sentence are open"):
        read(encode_line(label(PER, voters=2)))


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"{\n", "not-json"),
        (b"[]\n", "schema"),
        (encode_line({"sentence_id": "x", "spans": [], "choices": {}}), "schema"),
        (encode_line({**msgspec.to_builtins(label(PER)), "spans": 1}), "schema"),
        (encode_line(Gold(sentence_id="0" * 16, spans=(), choices={})), "gold"),
        (encode_line(Gold(sentence_id=HEADING.sentence_id, spans=(), choices={})), "gold"),
        (encode_lines([EMPTY, EMPTY]), "gold"),
        (b"", "gold"),
        (encode_line(msgspec.structs.replace(EMPTY, spans=(span(0, 99),))), "span-outside"),
        (encode_line(msgspec.structs.replace(EMPTY, spans=(span(0, 5, "CAT"),))), "unknown-label"),
        (encode_line(msgspec.structs.replace(EMPTY, choices={"tone": ("x",)})), "unknown-control"),
    ],
)
def test_an_answer_that_cannot_be_used_is_refused(line: bytes, code: str) -> None:
    with pytest.raises(InputError) as raised:
        read(line)
    assert codes(raised.value.problems) == [code]
    assert raised.value.problems[0].file == "gold.jsonl"


def test_all_that_is_wrong_is_named_at_once_with_its_line() -> None:
    outside = msgspec.structs.replace(ANSWER, spans=(span(0, 99, "CAT"),))
    unknown = Gold(sentence_id="0" * 16, spans=(), choices={})
    with pytest.raises(InputError) as raised:
        read(b"{\n" + encode_lines([EMPTY, outside, unknown, EMPTY]))
    found = [(problem.line, problem.code) for problem in raised.value.problems]
    assert found == [
        *((1, "not-json"), (3, "span-outside"), (3, "unknown-label"), (4, "gold"), (5, "gold")),
    ]
