from collections.abc import Iterable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import annotation, item, manifest
from sikap.dates import moment_of
from sikap.records import Annotation, Item
from sikap.rounds.progress import BREAK, ENOUGH, Progress, pace, progress

START = 1773820800.0  # 2026-03-18T08:00:00Z
ITEMS = [item(f"Kalimat {number}.", annotators=("a1", "a2")) for number in range(30)]


def at(minutes: float) -> float:
    return START + 60 * minutes


def done(
    of: Item, minutes: float | None, seconds: float | None = None, who: str = "a1"
) -> Annotation:
    when = None if minutes is None else moment_of(at(minutes))
    return msgspec.structs.replace(annotation(of, who), created_at=when, seconds=seconds)


def of_first(
    annotations: Iterable[Annotation],
    begun: dict[str | None, int] | None = None,
    gold: dict[str, float] | None = None,
) -> Progress:
    roster = manifest(roster=("a1", "a2"))
    first, _ = progress(roster, ITEMS, annotations, begun or {}, gold or {}, at(600))
    return first


def test_pace_is_how_often_one_item_follows_another() -> None:
    assert pace([at(2 * number) for number in range(ENOUGH + 1)]) == pytest.approx(30)


def test_a_break_is_left_out() -> None:
    morning, evening = range(8), range(500, 508)
    assert pace([at(m) for m in (*morning, *evening)]) == pytest.approx(60)


@given(st.lists(st.integers(1, 29), min_size=ENOUGH, max_size=30), st.randoms())
def test_pace_hangs_on_the_gaps_alone_in_whatever_order_they_come(
    gaps: list[int], shuffle: object
) -> None:
    times = [at(sum(gaps[:number])) for number in range(len(gaps) + 1)]
    expected = len(gaps) / (sum(gaps) / 60)
    later = [times[-1] + BREAK + 60 + (time - START) for time in times]
    assert pace(times) == pytest.approx(expected)
    assert pace([*reversed(later), *times]) == pytest.approx(expected)


@pytest.mark.parametrize(
    "minutes",
    [[], [0], list(range(ENOUGH)), [0] * 100, [40 * number for number in range(20)]],
    ids=["nothing", "one", "too few", "imported at once", "breaks only"],
)
def test_too_little_says_nothing_of_a_pace(minutes: list[int]) -> None:
    assert pace([at(minute) for minute in minutes]) is None


def test_finish_is_the_rest_at_that_pace() -> None:
    one = of_first([done(of, 2 * number) for number, of in enumerate(ITEMS[:20])])
    assert (one.submitted, one.left, one.pace) == (20, 10, 30.0)
    assert one.finish == "2026-03-18T18:20:00Z"


def test_who_has_nothing_left_has_no_finish() -> None:
    one = of_first([done(of, number) for number, of in enumerate(ITEMS)])
    assert (one.left, one.finish) == (0, None)


def test_without_usable_times_there_is_no_pace() -> None:
    said = [done(of, None) for of in ITEMS[:15]]
    said += [msgspec.structs.replace(done(of, 0), created_at="soon") for of in ITEMS[15:]]
    assert of_first(said).pace is None


def test_times_with_and_without_a_zone_are_compared() -> None:
    said = [done(of, number) for number, of in enumerate(ITEMS[:20])]
    said[3] = msgspec.structs.replace(said[3], created_at="2026-03-18T08:03:00")
    assert of_first(said).pace == 60.0


def test_seconds_are_the_median_of_what_was_measured() -> None:
    said = [done(of, None, seconds) for of, seconds in zip(ITEMS, (1, 2, 90, None), strict=False)]
    assert of_first(said).seconds == 2.0
    assert of_first([]).seconds is None


def test_what_is_submitted_skipped_and_left_make_up_what_is_planned() -> None:
    skipped = annotation(ITEMS[0], "a1", status="skipped")
    others = [annotation(ITEMS[2], "a2"), annotation(item("Lain."), "a1")]
    one = of_first([skipped, annotation(ITEMS[1], "a1"), *others])
    assert (one.planned, one.submitted, one.skipped, one.left) == (30, 1, 1, 28)


def test_drafts_are_known_of_projects_that_have_an_owner() -> None:
    assert of_first([], {"a1": 2, "a2": 1}).drafts == 2
    assert of_first([], {"a2": 1}).drafts == 0
    assert of_first([], {None: 3}).drafts is None


def test_gold_is_shown_where_there_is_a_score() -> None:
    assert of_first([], gold={"a1": 0.91234}).gold == 0.912
    assert of_first([], gold={"a2": 1.0}).gold is None
