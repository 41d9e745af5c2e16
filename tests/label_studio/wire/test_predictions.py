import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import codes, item, manifest, shipped_scheme
from sikap.errors import InputError
from sikap.label_studio.wire.predictions import (
    PredictedSpan,
    Prediction,
    Predictions,
    read_predictions,
)
from sikap.label_studio.wire.tasks import read_export, to_task
from sikap.records import Span

SCHEME = shipped_scheme()
TEXT = "Belsara 😀 mengecam PT Ombak."
ITEM = item(TEXT)
OTHER = item("Rapat ditunda.")


def span(start: int, end: int, label: str = "PER", text: str | None = None) -> PredictedSpan:
    stance: dict[str, tuple[str, ...]] = {"stance": ("neutral",)}
    return PredictedSpan(start=start, end=end, label=label, attributes=stance, text=text)


def prediction(**fields: Any) -> Prediction:
    given_fields = {"item_id": ITEM.item_id, "spans": (span(0, 7),), "choices": {}, "model": "m"}
    return Prediction(**{**given_fields, **fields})


def read(*lines: Prediction) -> Predictions:
    return read_predictions(lines, [ITEM, OTHER], SCHEME, "p.jsonl")


def refused(*lines: Prediction) -> InputError:
    with pytest.raises(InputError) as raised:
        read(*lines)
    return raised.value


spans = st.sets(st.sampled_from([(0, 7), (8, 9), (19, 28), (19, 21), (0, 28)])).flatmap(
    lambda places: st.tuples(
        *(
            st.builds(
                Span,
                start=st.just(start),
                end=st.just(end),
                label=st.sampled_from(SCHEME.labels),
                attributes=st.builds(
                    lambda stance, holder: {"stance": (stance,), "holder": (holder,)},
                    st.sampled_from(["favor", "against"]),
                    st.sampled_from(["author", "source"]),
                ),
            )
            for start, end in sorted(places)
        )
    )
)


@given(spans)
def test_what_an_annotator_submits_unchanged_is_what_the_model_said(said: tuple[Span, ...]) -> None:
    predicted = msgspec.convert(msgspec.to_builtins(said), tuple[PredictedSpan, ...])
    part = read(prediction(spans=predicted)).of[ITEM.item_id]
    [given_to_editor] = json.loads(json.dumps(part["predictions"]))
    submitted = {"id": 1, "completed_by": 1, "result": given_to_editor["result"]}
    task = {"id": 1, "project": 1, **to_task(ITEM, SCHEME), "annotations": [submitted]}
    pulled = read_export([task], manifest(), [ITEM], SCHEME, {"1": "a1"})
    assert [one.spans for one in pulled.annotations] == [said]


def test_model_and_score_go_with_it() -> None:
    [part] = read(prediction(score=0.5)).of[ITEM.item_id]["predictions"]
    assert (part["model_version"], part["score"]) == ("m", 0.5)
    [part] = read(prediction()).of[ITEM.item_id]["predictions"]
    assert "score" not in part


def test_a_sentence_stands_for_all_its_items() -> None:
    again = item(TEXT, pass_=2)
    line = prediction(item_id=None, sentence_id=ITEM.sentence_id)
    of = read_predictions([line], [ITEM, again, OTHER], SCHEME, "p.jsonl").of
    assert of.keys() == {ITEM.item_id, again.item_id}


def test_an_empty_prediction_is_one() -> None:
    [part] = read(prediction(spans=())).of[ITEM.item_id]["predictions"]
    assert part["result"] == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (prediction(item_id=None), "prediction"),
        (prediction(sentence_id=ITEM.sentence_id), "prediction"),
        (prediction(item_id="0" * 16), "unknown-item"),
        (prediction(item_id=None, sentence_id="0" * 16), "unknown-item"),
        (prediction(spans=(span(0, 99),)), "span-outside"),
        (prediction(spans=(span(0, 7, "CAT"),)), "unknown-label"),
        (prediction(spans=(span(0, 7, text="Belsar"),)), "span-text"),
        (prediction(spans=(span(0, 7), span(0, 7))), "repeated-key"),
        (prediction(choices={"suasana": ("baik",)}), "unknown-control"),
    ],
)
def test_a_line_that_is_wrong_is_named(line: Prediction, code: str) -> None:
    [problem] = refused(line).problems
    assert (problem.code, problem.file, problem.line) == (code, "p.jsonl", 1)


def test_offsets_count_code_points() -> None:
    assert read(prediction(spans=(span(19, 28, "ORG", text="PT Ombak."),))).model == "m"


def test_all_problems_are_told_at_once() -> None:
    other = prediction(item_id=OTHER.item_id, model="n", spans=(span(0, 99),))
    error = refused(prediction(), prediction(), other)
    assert codes(error.problems) == ["prediction", "span-outside", "prediction"]
    assert "2 models: m, n" in str(error)


def test_a_file_without_predictions_is_refused() -> None:
    assert "0 models: none" in str(refused())
