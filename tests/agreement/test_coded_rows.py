import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sikap.agreement.coded_rows import MISSING, Scale, ratings_of, rows_of

SCALE = Scale(level="nominal", values=("x", "y"))
ROWS = rows_of(["s2", "s1", "s2"], ["b", "a", "a"], {"s1": "one"}, [None, 1.0, 2.0])
cells = st.dictionaries(
    st.tuples(st.sampled_from("pqrs"), st.sampled_from("abc")),
    st.sampled_from([MISSING, 0, 1]),
    max_size=10,
)


def test_names_are_sorted_and_columns_are_places_of_them() -> None:
    assert (ROWS.items, ROWS.annotators, ROWS.clusters) == (("s1", "s2"), ("a", "b"), ("one", "s2"))
    assert ROWS.item.tolist() == [1, 0, 1]
    assert ROWS.annotator.tolist() == [1, 0, 0]
    assert ROWS.cluster.tolist() == [0, 1]
    assert np.isnan(ROWS.when[0])


def test_who_and_what_has_no_rating_is_not_in_the_ratings() -> None:
    found = ratings_of(ROWS, "tone", SCALE, [MISSING, 1, MISSING])
    assert (found.items, found.annotators, found.clusters) == (("s1",), ("a",), ("one",))
    assert (found.value.tolist(), found.when.tolist()) == ([1], [1.0])


@given(cells)
def test_every_rating_is_where_it_was(said: dict[tuple[str, str], int]) -> None:
    rows = rows_of(
        [item for item, _ in said],
        [who for _, who in said],
        {"p": "A", "q": "A"},
        [None] * len(said),
    )
    found = ratings_of(rows, "tone", SCALE, list(said.values()))
    triples = zip(found.item.tolist(), found.annotator.tolist(), found.value.tolist(), strict=True)
    assert {(found.items[i], found.annotators[a]): v for i, a, v in triples} == {
        key: value for key, value in said.items() if value != MISSING
    }
    assert [found.clusters[place] for place in found.cluster.tolist()] == [
        {"p": "A", "q": "A"}.get(item, item) for item in found.items
    ]
    assert set(found.clusters) == {{"p": "A", "q": "A"}.get(item, item) for item in found.items}
