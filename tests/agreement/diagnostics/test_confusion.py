from itertools import permutations

import numpy as np
from hypothesis import given

from agreement.simulated import Row, rows, simulated
from sikap.agreement.diagnostics.confusion import confusions
from sikap.agreement.ratings import ratings_of

ROWS = [
    *(("i1", "p", "x"), ("i1", "q", "x"), ("i1", "r", "y")),
    *(("i2", "p", "x"), ("i2", "q", "y")),
    ("i3", "p", "y"),
]


def test_each_pair_of_ratings_counts_from_both_sides() -> None:
    every = confusions(ratings_of("v", ROWS))[0]
    assert every.of is None
    assert every.values == ("x", "y")
    assert every.table == ((2, 3), (3, 0))


def test_rows_are_what_an_annotator_said_and_columns_what_the_others_did() -> None:
    tables = {found.of: found.table for found in confusions(ratings_of("v", ROWS))}
    assert tables["p"] == ((1, 2), (0, 0))
    assert tables["r"] == ((0, 0), (2, 0))


def test_without_a_unit_that_two_rated_there_is_no_table() -> None:
    assert confusions(ratings_of("v", [("i1", "p", "x"), ("i2", "q", "x")])) == ()
    assert confusions(ratings_of("v", [])) == ()


def test_of_a_long_scale_the_values_given_most_often_are_shown() -> None:
    often = [(f"i{value}{turn}", who, value) for value in "ab" for turn in range(3) for who in "pq"]
    once = [(f"j{value}", who, f"v{value}") for value in range(30) for who in "pq"]
    found = confusions(ratings_of("v", [*often, *once]))[0]
    assert found.values == ("a", "b")
    assert found.table == ((6, 0), (0, 6))


def test_values_that_nobody_gave_have_no_row() -> None:
    assert confusions(ratings_of("v", ROWS, values=("x", "y", "z")))[0].values == ("x", "y")


def test_of_very_wide_scales_there_is_no_table() -> None:
    wide = [(f"i{item}", who, str(item)) for item in range(200) for who in "pq"]
    assert confusions(ratings_of("v", wide)) == ()


@given(rows())
def test_tables_are_what_counting_pair_by_pair_gives(made: list[Row]) -> None:
    for found in confusions(ratings_of("v", made, values="012")):
        table = np.zeros((len(found.values), len(found.values)), dtype=int)
        for one, other in permutations(made, 2):
            if one[0] == other[0] and found.of in {None, one[1]}:
                table[found.values.index(one[2]), found.values.index(other[2])] += 1
        assert found.table == tuple(map(tuple, table.tolist()))


def test_tables_of_annotators_add_up_to_the_one_of_all() -> None:
    every, *each = confusions(simulated(np.random.default_rng(3), 50, 4))
    assert (np.asarray(every.table) == sum(np.asarray(one.table) for one in each)).all()
