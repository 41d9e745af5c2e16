"""What is said of the design of a round beside its overlap."""

import msgspec

from builders import manifest
from sikap.records import Round
from sikap.release.documents.croissant_provenance import designed


def of_design(**changes: int) -> Round:
    plain = manifest()
    return msgspec.structs.replace(plain, design=msgspec.structs.replace(plain.design, **changes))


def test_of_a_plain_round_there_is_nothing_to_say() -> None:
    assert list(designed(manifest())) == []


def test_calibration_repeats_and_gold_are_told_in_one_sentence() -> None:
    assert list(designed(of_design(calibration=10, repeats=5, gold=6))) == [
        "Round 1: all of the roster judged 10 of its items; each annotator had 5 items a second "
        "time, untold; the answers of 6 items were known beforehand."
    ]
    assert list(designed(of_design(repeats=2))) == [
        "Round 1: each annotator had 2 items a second time, untold."
    ]


def test_predictions_that_annotators_saw_are_told() -> None:
    plain = manifest()
    digests = msgspec.structs.replace(plain.digests, predictions="ab" * 32)
    (sentence,) = designed(msgspec.structs.replace(plain, digests=digests))
    assert "was pre-filled" in sentence
    assert "(file abababab)" in sentence
