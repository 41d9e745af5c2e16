import numpy as np

from agreement.simulated import simulated
from sikap.agreement.categorical.variable import headline
from sikap.agreement.diagnostics.drift import LEAST, course, course_of_marks
from sikap.agreement.diagnostics.subsets import part
from sikap.agreement.figures import Basis, Figure
from sikap.agreement.ratings import Ratings, ratings_of
from sikap.agreement.study import Key, Marks, Options
from sikap.records import Span

FEW = Options(replicates=30)


def timed(units: int, **known: float) -> Ratings:
    """Two annotators rate units in the order of their numbers; only the first half is alike."""
    given, when = [], []
    for unit in range(units):
        for place, who in enumerate("pq"):
            alike = unit < units // 2 or not place
            given.append((f"i{unit:03}", who, "xy"[unit % 2] if alike else "xy"[1 - unit % 2]))
            when.append(known.get(f"i{unit:03}", 1000.0 * unit + place))
    return ratings_of("v", given, when=when)


def agreement(figures: tuple[Figure, ...]) -> float | None:
    return next(one.value for one in figures if one.coefficient == "percent-agreement")


def test_stretches_follow_the_order_of_work() -> None:
    found = course(timed(80), FEW, headline)
    assert [(one.start, one.end) for one in found] == [(0, 40), (40, 80)]
    assert [agreement(one.figures) for one in found] == [1, 0]


def test_a_stretch_says_when_its_units_were_done() -> None:
    first = course(timed(80), FEW, headline)[0]
    # The last rating of the first and of the fortieth unit.
    assert first.since == "1970-01-01T00:00:01Z"
    assert first.until == "1970-01-01T10:50:01Z"


def test_figures_are_those_of_the_units_of_the_stretch_alone() -> None:
    ratings = timed(80)
    alone = part(ratings, ratings.item >= 40)
    assert course(ratings, FEW, headline)[1].figures == headline(alone, FEW)


def test_there_are_ten_stretches_at_most_and_none_is_short() -> None:
    assert len(course(timed(1000), FEW, headline)) == 10
    sizes = [one.end - one.start for one in course(timed(299), FEW, headline)]
    assert sum(sizes) == 299
    assert max(sizes) - min(sizes) <= 1
    assert min(sizes) >= LEAST


def test_too_few_units_have_no_course() -> None:
    assert course(timed(2 * LEAST - 1), FEW, headline) == ()
    assert course(ratings_of("v", []), FEW, headline) == ()


def test_where_no_moment_is_known_there_is_no_course() -> None:
    assert course(simulated(np.random.default_rng(1), 100, 2), FEW, headline) == ()


def test_units_with_an_unknown_moment_are_left_out() -> None:
    found = course(timed(81, i000=float("nan")), FEW, headline)
    assert found[-1].end == 80


def test_units_that_one_annotator_rated_are_left_out() -> None:
    ratings = timed(90)
    once = (ratings.item >= 20) | (ratings.annotator == 0)
    assert course(part(ratings, once), FEW, headline)[-1].end == 70


def test_a_layer_has_a_course_of_items() -> None:
    spans: dict[Key, tuple[Span, ...]] = {
        (f"i{item:03}", who): (Span(start=0, end=1, label="L", attributes={}),)
        for item in range(70)
        for who in "pq"
    }
    spans["alone", "p"] = ()
    when = {key: 100.0 * int(key[0][1:]) for key in spans if key[0] != "alone"}
    marks = Marks(name="m", labels=("L",), spans=spans, clusters={}, when=when)

    def items(seen: Marks, _: Options) -> tuple[Figure, ...]:
        several = len({item for item, _ in seen.spans})
        basis = Basis(units=several, ratings=0, annotators=2, clusters=several)
        return (Figure(coefficient="items", value=several, basis=basis),)

    found = course_of_marks(marks, FEW, items)
    assert [(one.start, one.end, one.figures[0].value) for one in found] == [
        (0, 35, 35),
        (35, 70, 35),
    ]
    assert found[1].since == "1970-01-01T00:58:20Z"
    untimed = Marks(name="m", labels=("L",), spans=spans, clusters={})
    assert course_of_marks(untimed, FEW, items) == ()
