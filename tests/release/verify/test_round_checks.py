from collections.abc import Sequence
from typing import Any

import msgspec
import pytest

from builders import codes, manifest
from sikap.records import FIRST, GOLD, REPEAT, Round
from sikap.release.verify.round_checks import designs_kept

Rows = Sequence[tuple[str, str, int]]


def designed(**design: int) -> Round:
    one = manifest("r1", ("a1", "a2", "a3"))
    return msgspec.structs.replace(one, design=msgspec.structs.replace(one.design, **design))


def columns(rows: Rows) -> dict[str, list[Any]]:
    items, names, passes = (list(column) for column in zip(*rows, strict=True))
    return {"item_id": items, "round": [1] * len(rows), "annotator": names, "pass": passes}


def by_all(item: str, pass_: int) -> Rows:
    return [(item, name, pass_) for name in ("a1", "a2", "a3")]


HONEST = [
    *by_all("calibration", FIRST),
    ("x", "a1", FIRST),
    ("x", "a2", FIRST),
    *by_all("gold", GOLD),
    ("x again", "a1", REPEAT),
    ("calibration again", "a2", REPEAT),
]


@pytest.mark.parametrize("left_out", [(), ("a3",), ("a1", "a2")])
def test_what_its_design_has_a_round_may_have_and_less(left_out: Sequence[str]) -> None:
    rows = [row for row in HONEST if row[1] not in left_out]
    one = designed(overlap=2, calibration=1, repeats=1, gold=1)
    assert list(designs_kept(columns(rows), [one])) == []


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (by_all("x", FIRST), "2 items with more annotators than its overlap"),
        (by_all("more", GOLD), "2 items whose answer is known"),
        ([("more again", "a1", REPEAT)], "2 repeats by one annotator"),
    ],
)
def test_more_than_its_design_has_is_named(rows: Rows, found: str) -> None:
    one = designed(overlap=2, calibration=1, repeats=1, gold=1)
    every = list(dict.fromkeys([*HONEST, *rows]))
    problems = list(designs_kept(columns(every), [one]))
    assert codes(problems) == ["figures"]
    assert found in problems[0].found
