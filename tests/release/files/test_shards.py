import msgspec
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples import content
from sikap.release.files.build import build
from sikap.release.files.read import read_release
from sikap.release.files.shards import SHARD, shard_names, shards
from sikap.release.verify.verify import verify
from sikap.steps.releases.assemble import versions
from tamper import sealed

SMALL = build(msgspec.structs.replace(content(), shard_bytes=1))
ARTICLES = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 50)), min_size=1, max_size=8)


@given(ARTICLES, st.integers(1, 200))
def test_shards_hold_every_row_and_split_no_article(
    articles: list[tuple[int, int]], limit: int
) -> None:
    ids = [f"{n}" for n, (rows, _) in enumerate(articles) for _ in range(rows)]
    sizes = [size for rows, size in articles for _ in range(rows)]
    table = pa.table({"article_id": ids, "row": range(len(ids))})
    parts = shards(table, sizes, limit)
    assert pa.concat_tables(parts).equals(table)
    seen = [set(part["article_id"].to_pylist()) for part in parts]
    assert sum(map(len, seen)) == len(articles)


@given(ARTICLES, st.integers(1, 200))
def test_a_shard_is_larger_than_asked_only_for_a_single_article(
    articles: list[tuple[int, int]], limit: int
) -> None:
    ids = [f"{n}" for n, (rows, _) in enumerate(articles) for _ in range(rows)]
    table = pa.table({"article_id": ids, "size": [s for rows, s in articles for _ in range(rows)]})
    parts = shards(table, table["size"].to_pylist(), limit)
    totals = [sum(part["size"].to_pylist()) for part in parts]
    assert all(
        total <= limit or len(part["article_id"].unique()) == 1
        for part, total in zip(parts, totals, strict=True)
    )
    # None could have been put to the one before it.
    first = [part["article_id"][0] for part in parts]
    for part, total, head in zip(parts[1:], totals, first[1:], strict=False):
        opening = [s for s, i in zip(part["size"], part["article_id"], strict=True) if i == head]
        assert total + sum(size.as_py() for size in opening) > limit


def test_a_release_of_many_shards_keeps_every_rule() -> None:
    names = [name for name in SMALL if SHARD.fullmatch(name)]
    assert shard_names("sentences", "train", 4) == [n for n in names if "sentences/train" in n]
    assert verify(SMALL, versions()) == []


def test_shards_hold_the_rows_of_one_file() -> None:
    one, many = read_release(build(content())), read_release(SMALL)
    assert one.tables == many.tables
    assert one.release.content_hashes == many.release.content_hashes


@pytest.mark.parametrize("change", ["gone", "renumbered", "cut elsewhere"])
def test_shards_that_do_not_belong_together_are_named(change: str) -> None:
    names = shard_names("articles", "train", 4)
    files = {name: data for name, data in SMALL.items() if name not in names}
    given_ = [SMALL[name] for name in names]
    if change == "gone":
        files |= dict(zip(names[:3], given_, strict=False))
    elif change == "renumbered":
        files |= dict(zip(shard_names("articles", "train", 5)[:4], given_, strict=True))
    else:
        files |= dict(zip(names, [given_[1], given_[0], *given_[2:]], strict=True))
    problems = verify(sealed(files), versions())
    assert {problem.code for problem in problems} & {"release-form", "table", "not-reproduced"}
