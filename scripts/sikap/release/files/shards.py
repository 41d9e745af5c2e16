"""Cut the table of a split into files that are not too large, never within an article."""

import re
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

SHARD = re.compile(
    r"data/(?P<config>[^/]+)/(?P<split>[a-z]+)-(?P<shard>[0-9]{5})-of-(?P<of>[0-9]{5})\.parquet"
)
"""The path of a shard."""
MOST = 99_999
"""How many shards a name can count."""


def shards(table: pa.Table, sizes: Sequence[int], limit: int) -> list[pa.Table]:
    """The table in shards of at most ``limit`` bytes, and in one if it is no larger.

    ``sizes`` are those of the rows in canonical form: bytes of Parquet would depend on who wrote
    them. Only an article that is larger by itself makes a larger shard.
    """
    starts = [0]
    filled = 0
    for start, end in _articles(table["article_id"].to_pylist()):
        size = sum(sizes[start:end])
        if filled and filled + size > limit and len(starts) < MOST:
            starts.append(start)
            filled = 0
        filled += size
    ends = [*starts[1:], table.num_rows]
    return [table.slice(start, end - start) for start, end in zip(starts, ends, strict=True)]


def shard_names(config: str, split: str, count: int) -> list[str]:
    """The paths of the shards of a split, as the Hub names them."""
    return [f"data/{config}/{split}-{n:05}-of-{count:05}.parquet" for n in range(count)]


def missing_shards(names: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield a name and what is wrong for every split whose shards are not all there."""
    of_split: dict[tuple[str, str], dict[int, str]] = {}
    for name in sorted(names):
        match = SHARD.fullmatch(name)
        if match is not None:
            of_split.setdefault((match["config"], match["split"]), {})[int(match["shard"])] = name
    for (config, split), found in of_split.items():
        if [*found.values()] != shard_names(config, split, len(found)):
            for name in found.values():
                yield name, f"the shards of {split} are not all there, or of two builds"


def _articles(ids: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the rows of each article as [start, end)."""
    start = 0
    for row in range(1, len(ids) + 1):
        if row == len(ids) or ids[row] != ids[start]:
            yield start, row
            start = row
