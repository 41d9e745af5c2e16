from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import article, sentence
from sikap.errors import InputError
from sikap.records import Sentence
from sikap.rounds.planning.request import RoundRequest
from sikap.rounds.planning.sample import SamplingFrame, allocate, drawn

# Three outlets with 60, 30 and 10 sentences, and one that is not known with 20.
SIZES = {"Harian": 6, "Kabar": 3, "Pos": 1, None: 2}


ARTICLES = {
    f"{outlet}-{n}": article(f"{outlet}-{n}", f"{outlet}-{n}", outlet=outlet)
    for outlet, count in SIZES.items()
    for n in range(count)
}
SENTENCES = [sentence(f"Kalimat {n}.", name, index=n) for name in ARTICLES for n in range(10)]
BY_ID = {one.sentence_id: one for one in SENTENCES}


FRAME = SamplingFrame(sentences=SENTENCES, articles=ARTICLES)


def draw(size: int | None, **how: Any) -> tuple[list[Sentence], str]:
    request = RoundRequest(sample=size, **how)
    ids, words = drawn(SENTENCES, "new sentences", request, FRAME)
    return [BY_ID[id_] for id_ in ids], words


def test_strata_share_the_sample_in_proportion() -> None:
    chosen, words = draw(24, stratify="outlet")
    outlets = Counter(ARTICLES[one.article_id].outlet for one in chosen)
    assert outlets == {"Harian": 12, "Kabar": 6, "Pos": 2, None: 4}
    assert words == "24 of 120 new sentences, at random in proportion to outlet"


def test_a_field_of_sentences_gives_strata_too() -> None:
    chosen, _ = draw(12, stratify="index")
    assert set(Counter(one.index for one in chosen).values()) <= {1, 2}
    assert len({one.index for one in chosen}) == 10


def test_whole_articles_are_drawn() -> None:
    chosen, words = draw(3, draw="articles")
    assert set(Counter(one.article_id for one in chosen).values()) == {10}
    assert len(chosen) == 30
    assert words == "all new sentences of 3 of 12 articles, at random"


@pytest.mark.parametrize("how", [{}, {"stratify": "outlet"}, {"draw": "articles"}])
def test_a_sample_as_large_as_all_is_all(how: dict[str, object]) -> None:
    assert draw(None, **how) == draw(500, **how)
    assert draw(None, **how)[1] == "all new sentences"


def test_a_larger_sample_holds_the_smaller() -> None:
    few, more = ({one.sentence_id for one in draw(size)[0]} for size in (10, 40))
    assert few < more


def test_equally_covered_sentences_are_drawn_at_random() -> None:
    first, other = (
        {one.sentence_id for one in draw(20, draw="least-covered", seed=seed)[0]} for seed in (1, 2)
    )
    assert len(first) == len(other) == 20
    assert first != other


def test_an_unknown_field_is_refused_even_where_all_are_drawn() -> None:
    with pytest.raises(InputError, match=r"have a field 'warna'.*outlet"):
        draw(None, stratify="warna")


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 50), min_size=1), st.data())
def test_allocation_is_exact_and_within_one_of_the_proportion(
    sizes: dict[str, int], data: st.DataObject
) -> None:
    total = sum(sizes.values())
    sample = data.draw(st.integers(0, total))
    shares = allocate(sizes, sample)
    assert sum(shares.values()) == sample
    for name, share in shares.items():
        assert abs(share - sample * sizes[name] / total) < 1
        assert share <= sizes[name]


def test_the_largest_remainder_gets_what_is_left() -> None:
    assert allocate({"a": 5, "b": 3, "c": 1}, 4) == {"a": 2, "b": 1, "c": 1}
