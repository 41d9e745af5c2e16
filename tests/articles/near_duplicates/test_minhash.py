import hashlib
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.articles.near_duplicates.minhash import (
    MISSED,
    VALUES,
    band_keys,
    band_rows,
    bands,
    collisions,
    hopeless,
    missed,
    signatures,
)
from sikap.articles.near_duplicates.pairs import shingles, similarity
from sikap.settings import Copies

COPIES = Copies()
THRESHOLDS = st.floats(0.2, 1)


@given(THRESHOLDS)
def test_a_pair_at_the_threshold_is_hardly_ever_missed(threshold: float) -> None:
    rows = band_rows(threshold)
    assert missed(threshold, rows) <= MISSED
    columns = list(bands(threshold))
    assert columns[0].start == 0
    assert columns[-1].stop <= VALUES
    assert {one.stop - one.start for one in columns} == {rows}
    assert hopeless(threshold) <= threshold


def test_at_one_half_there_are_128_bands_of_4() -> None:
    assert band_rows(0.5) == 4
    assert len(list(bands(0.5))) == 128
    assert band_rows(0.8) > 4 > band_rows(0.35)


def test_a_signature_tells_how_alike_two_texts_are() -> None:
    words = [f"kata{number}" for number in range(400)]
    texts = [" ".join(words), " ".join(words[100:]), " ".join(words[250:])]
    rows = signatures(texts, COPIES)
    for one, other in combinations(range(3), 2):
        exact = similarity(shingles(texts[one], COPIES), shingles(texts[other], COPIES))
        assert (rows[one] == rows[other]).mean() == pytest.approx(exact, abs=0.1)


def test_signatures_are_of_words_and_of_the_length_of_shingles() -> None:
    text = "satu dua tiga empat lima enam"
    one, other, longer = (
        signatures([given], copies)[0]
        for given, copies in (
            (text, COPIES),
            ("Satu, dua; TIGA empat lima enam", COPIES),
            (text, Copies(words=4)),
        )
    )
    assert (one == other).all()
    assert (one != longer).any()


@given(st.lists(st.text(max_size=30), max_size=5))
def test_any_text_has_a_signature_that_its_neighbours_leave_alone(texts: list[str]) -> None:
    rows = signatures(texts, COPIES)
    assert rows.shape == (len(texts), VALUES)
    for row, text in zip(rows, texts, strict=True):
        assert (row == signatures([text], COPIES)[0]).all()


@given(st.lists(st.integers(0, 4), max_size=12))
def test_collisions_are_all_pairs_of_equal_keys(given_keys: list[int]) -> None:
    found = [
        (int(one), int(other))
        for left, right in collisions(np.array(given_keys, dtype=np.uint64))
        for one, other in zip(left, right, strict=True)
    ]
    pairs = combinations(range(len(given_keys)), 2)
    expected = [(one, other) for one, other in pairs if given_keys[one] == given_keys[other]]
    assert sorted(found) == expected


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=16))
def test_collisions_leave_no_pair_of_two_labels_out(nodes: list[tuple[int, int]]) -> None:
    keys = np.array([key for key, _ in nodes], dtype=np.uint64)
    labels = np.array([label for _, label in nodes], dtype=np.int64)
    found = {
        (int(one), int(other))
        for left, right in collisions(keys, lambda: labels)
        for one, other in zip(left, right, strict=True)
    }
    pairs = combinations(range(len(nodes)), 2)
    assert found >= {
        (one, other)
        for one, other in pairs
        if keys[one] == keys[other] and labels[one] != labels[other]
    }


def test_collisions_of_one_cluster_are_not_all_looked_at() -> None:
    keys, labels = np.zeros(3_000, dtype=np.uint64), np.zeros(3_000, dtype=np.int64)
    assert sum(len(left) for left, _ in collisions(keys, lambda: labels)) < 2 * len(keys)


def test_a_key_of_a_band_is_that_of_its_values_in_their_order() -> None:
    values = np.array([[1, 2], [2, 1], [1, 2], [0, 0]], dtype=np.uint32)
    keys = band_keys(values).tolist()
    assert keys[0] == keys[2]
    assert len(set(keys)) == 3


def test_signatures_are_those_of_the_pinned_version() -> None:
    """Other signatures would find other pairs, in releases that were verified before."""
    texts = ["satu dua tiga empat", " ".join(f"kata {number}" for number in range(900)), "", "北京"]
    digest = hashlib.sha256(signatures(texts, COPIES).tobytes()).hexdigest()
    assert digest == "f4b58742bc3f22e3610e4341ebfb5c7dc74c857b6cdbda0bb599826edd59f99a"
