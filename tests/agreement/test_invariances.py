"""What does not matter: order of rows, names, batches; figures stay the same to the last digit."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.agreement.categorical.coefficients import of_level
from sikap.agreement.categorical.variable import figures, headline, variable
from sikap.agreement.figures import Figure
from sikap.agreement.ratings import Level, Ratings, joined, of_value, ratings_of
from sikap.agreement.report import Variable
from sikap.agreement.study import Options

OPTIONS = Options(replicates=25)
SCALE = ("1", "2", "3", "4")
Row = tuple[str, str, str]


@st.composite
def studied(draw: st.DrawFn) -> tuple[list[Row], dict[str, str]]:
    """Rows in some order, and the clusters of their items."""
    table = draw(
        st.lists(st.lists(st.sampled_from("·1124"), min_size=3, max_size=3), min_size=1, max_size=9)
    )
    rows = [
        (f"u{unit}", f"a{who}", value)
        for unit, said in enumerate(table)
        for who, value in enumerate(said)
        if value != "·"
    ]
    articles = draw(st.integers(1, 9))
    clusters = {f"u{unit}": f"c{unit % articles}" for unit in range(len(table))}
    return draw(st.permutations(rows)), clusters


def found(rows: list[Row], clusters: dict[str, str], level: Level = "interval") -> Variable:
    return variable(ratings_of("x", rows, level=level, values=SCALE, clusters=clusters), OPTIONS)


def pairs_of(one: Variable, names: dict[str, str]) -> dict[frozenset[str], tuple[Figure, ...]]:
    """The figures of each pair, whoever of the two comes first."""
    return {
        frozenset((names.get(pair.one, pair.one), names.get(pair.other, pair.other))): pair.figures
        for pair in one.pairs
    }


@given(data=studied(), random=st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    data: tuple[list[Row], dict[str, str]], random: Any
) -> None:
    rows, clusters = data
    shuffled = random.sample(rows, len(rows))
    assert found(rows, clusters) == found(shuffled, clusters)


@given(data=studied(), names=st.permutations(["a0", "a1", "a2"]))
def test_the_names_of_annotators_do_not_matter(
    data: tuple[list[Row], dict[str, str]], names: list[str]
) -> None:
    rows, clusters = data
    renamed = dict(zip(("a0", "a1", "a2"), names, strict=True))
    before = found(rows, clusters)
    after = found([(item, renamed[who], value) for item, who, value in rows], clusters)
    assert after.figures == before.figures
    assert after.by_value == before.by_value
    assert pairs_of(after, {}) == pairs_of(before, renamed)


@given(data=studied(), names=st.permutations(SCALE))
def test_the_names_of_labels_do_not_matter_where_these_are_only_names(
    data: tuple[list[Row], dict[str, str]], names: list[str]
) -> None:
    rows, clusters = data
    renamed = dict(zip(SCALE, names, strict=True))
    before = found(rows, clusters, "nominal")
    after = found([(item, who, renamed[value]) for item, who, value in rows], clusters, "nominal")
    assert after.figures == before.figures
    assert after.pairs == before.pairs
    by_value = {one.value: one for one in after.by_value}
    for one in before.by_value:
        assert msgspec.structs.replace(by_value[renamed[one.value]], value=one.value) == one


@given(data=studied(), offset=st.integers(-5, 5))
def test_where_an_interval_scale_begins_does_not_matter(
    data: tuple[list[Row], dict[str, str]], offset: int
) -> None:
    rows, clusters = data
    before = found(rows, clusters)
    moved = [(item, who, str(int(value) + offset)) for item, who, value in rows]
    scale = [str(int(value) + offset) for value in SCALE]
    ratings = ratings_of("x", moved, level="interval", values=scale, clusters=clusters)
    after = variable(ratings, OPTIONS)
    assert after.figures == before.figures
    assert after.pairs == before.pairs


@given(data=studied(), cut=st.integers(0, 27))
def test_batches_that_are_joined_give_the_figures_of_the_whole(
    data: tuple[list[Row], dict[str, str]], cut: int
) -> None:
    rows, clusters = data
    parts = [
        ratings_of("x", part, level="interval", values=SCALE, clusters=clusters)
        for part in (rows[:cut], rows[cut:])
    ]
    assert variable(joined(parts), OPTIONS) == found(rows, clusters)


@given(data=studied())
def test_names_of_clusters_do_not_matter_to_values(
    data: tuple[list[Row], dict[str, str]],
) -> None:
    rows, clusters = data
    before = found(rows, clusters)
    # in the same order the same ones are drawn; in another order others, as with another seed
    prefixed = found(rows, {item: f"article {name}" for item, name in clusters.items()})
    assert prefixed == before
    turned = found(rows, {item: f"c{9 - int(name[1:])}" for item, name in clusters.items()})
    assert [one.value for one in turned.figures] == [one.value for one in before.figures]
    assert [one.basis for one in turned.figures] == [one.basis for one in before.figures]


@given(data=studied())
def test_a_value_against_the_rest_is_a_variable_of_its_own(
    data: tuple[list[Row], dict[str, str]],
) -> None:
    rows, clusters = data
    ratings = ratings_of("x", rows, values=SCALE, clusters=clusters)
    for one in variable(ratings, OPTIONS).by_value:
        alone = headline(of_value(ratings, one.value), OPTIONS)
        assert [(x.coefficient, x.value, x.low, x.high, x.unsure) for x in alone] == [
            (x.coefficient, x.value, x.low, x.high, x.unsure) for x in one.figures[:2]
        ]


@given(data=studied(), level=st.sampled_from(["nominal", "ordinal", "ratio"]))
def test_figures_asked_for_alone_are_those_of_the_whole(
    data: tuple[list[Row], dict[str, str]], level: Level
) -> None:
    rows, clusters = data
    ratings = ratings_of("x", rows, level=level, values=SCALE, clusters=clusters)
    whole = variable(ratings, OPTIONS).figures
    assert figures(ratings, OPTIONS, of_level(level)) == whole[:-2]
    assert headline(ratings, OPTIONS) == whole[:2]


def many(values: str, raters: int, units: int) -> Ratings:
    rows = [
        (f"u{unit:03}", f"a{who}", values[(unit * 7 + who * unit) % len(values)])
        for unit in range(units)
        for who in range(raters)
        if (unit + who) % 4
    ]
    return ratings_of("x", rows, level="ordinal", values=sorted(set(values)))


@pytest.mark.parametrize("raters", [4, 12])
def test_ratings_of_other_variables_cannot_be_joined(raters: int) -> None:
    one = many("1223", raters, 10)
    with pytest.raises(ValueError, match="not of one variable"):
        joined([one, msgspec.structs.replace(one, name="y")])
