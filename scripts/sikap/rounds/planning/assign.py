"""Which annotators judge which item: every item by k of n, loads and pairs as even as can be.

What is wanted is a nearly balanced incomplete block design: items are the blocks, annotators the
treatments (John & Mitchell 1977, "Optimal incomplete block designs", JRSS B 39). It is made in two
steps. All k-subsets of the annotators, each once, are balanced perfectly: as many whole copies of
that as fit come first. The items that are left are given out greedily, and mended by interchange
(Jones & Eccleston 1980, "Exchange and interchange procedures to search for optimal designs",
JRSS B 42): two items swap annotators, or one item passes from an annotator with more to one with
fewer, wherever the sum of the squared pair counts does not grow.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import comb
from random import Random

from sikap.records import short_id

Pair = tuple[str, str]
MOST_SUBSETS = 10_000
"""Of more k-subsets than this no whole copy is made: only large rosters have so many."""
AIM = 1.5
"""How far a pair count may be from the mean before it is mended; 2 is what is promised."""
MOVES = 20_000
"""After so many attempts to mend a design it stays as it is: some cannot come nearer to the aim."""
BETWEEN = 50
"""Attempts between two looks at the aim."""


def assign(
    items: Iterable[str], annotators: Sequence[str], overlap: int, seed: int
) -> dict[str, tuple[str, ...]]:
    """The ``overlap`` annotators of every item, in the order of ``annotators``.

    Numbers of items differ by one at most between annotators, and how many items two of them share
    is within two of the mean over all pairs. Which annotator gets which items hangs on ``seed``
    and the ids of the items alone, whatever order these come in. Raises ValueError where overlap
    is not from 1 to the number of annotators.
    """
    if not 1 <= overlap <= len(annotators):
        raise ValueError(f"overlap must be from 1 to {len(annotators)} (got {overlap})")
    ids = sorted(items, key=lambda id_: short_id(seed, "item", id_))
    order = sorted(annotators, key=lambda name: short_id(seed, "annotator", name))
    places = {name: place for place, name in enumerate(annotators)}
    chosen = _blocks(len(ids), len(order), overlap, seed)
    return {
        id_: tuple(sorted((order[number] for number in block), key=places.__getitem__))
        for id_, block in zip(ids, chosen, strict=True)
    }


def loads(given: Iterable[Sequence[str]], annotators: Iterable[str]) -> dict[str, int]:
    """How many items each annotator has, where each item has the annotators given."""
    counts = Counter(name for names in given for name in names)
    return {name: counts[name] for name in annotators}


def pairs(given: Iterable[Sequence[str]], annotators: Sequence[str]) -> dict[Pair, int]:
    """How many items every two annotators share, both in the order of the roster."""
    places = {name: place for place, name in enumerate(annotators)}
    counts = Counter(
        pair for names in given for pair in combinations(sorted(names, key=places.__getitem__), 2)
    )
    return {pair: counts[pair] for pair in combinations(annotators, 2)}


def _blocks(items: int, annotators: int, overlap: int, seed: int) -> Iterator[Iterable[int]]:
    """The annotators of each item as numbers: whole copies first, then what is left."""
    subsets = comb(annotators, overlap)
    copies, left = divmod(items, subsets) if subsets <= MOST_SUBSETS else (0, items)
    for _ in range(copies):
        yield from combinations(range(annotators), overlap)
    design = _Design(annotators, overlap)
    for _ in range(left):
        design.add()
    design.mend(seed)
    yield from design.blocks


class _Design:
    """Blocks of annotators, with the loads and pair counts that they add up to."""

    def __init__(self, annotators: int, overlap: int) -> None:
        self.annotators = annotators
        self.overlap = overlap
        self.blocks: list[set[int]] = []
        self.loads = [0] * annotators
        self.shared = [[0] * annotators for _ in range(annotators)]

    def add(self) -> None:
        """One more block: those with the least to do, then those who have met the least."""
        free = list(range(self.annotators))
        met = [0] * self.annotators
        for _ in range(self.overlap):
            one = min(free, key=lambda number: (self.loads[number], met[number]))
            free.remove(one)
            met = [a + b for a, b in zip(met, self.shared[one], strict=True)]
        block = set(range(self.annotators)).difference(free)
        for one in block:
            self.loads[one] += 1
            for other in block - {one}:
                self.shared[one][other] += 1
        self.blocks.append(block)

    def mend(self, seed: int) -> None:
        """Try moves until every pair count is near the mean, or for as long as is of any use."""
        if not self.blocks or self.overlap in {1, self.annotators}:
            return
        # Of the generator only random() is used: its sequence is promised not to change.
        draw = Random(seed).random  # noqa: S311
        for _ in range(MOVES // BETWEEN):
            if self._far() <= AIM:
                return
            for _ in range(BETWEEN):
                self._move(draw(), draw(), draw(), draw())

    def _far(self) -> float:
        counts = [self.shared[a][b] for a, b in combinations(range(self.annotators), 2)]
        mean = sum(counts) / len(counts)
        return max(max(counts) - mean, mean - min(counts))

    def _move(self, here: float, from_: float, to: float, there: float) -> None:
        """Give a block to another annotator, and one of theirs back unless that evens the loads.

        The arguments, from 0 to 1, say which: the block, who gives, who takes, what is given back.
        It is done where the sum of the squared pair counts does not grow.
        """
        block = self.blocks[int(here * len(self.blocks))]
        one = sorted(block)[int(from_ * len(block))]
        others = [number for number in range(self.annotators) if number not in block]
        other = others[int(to * len(others))]
        lost, won = block - {one}, set[int]()
        back = None
        if self.loads[one] <= self.loads[other]:
            back = self.blocks[int(there * len(self.blocks))]
            if other not in back or one in back:
                return
            won = back - {other}
            lost, won = lost - won, won - lost
        ones, theirs = self.shared[one], self.shared[other]
        grows = len(lost) + len(won) + sum(theirs[n] - ones[n] for n in lost)
        if grows + sum(ones[n] - theirs[n] for n in won) > 0:
            return
        self._meet(one, lost, -1)
        self._meet(other, lost, 1)
        self._meet(one, won, 1)
        self._meet(other, won, -1)
        block.symmetric_difference_update((one, other))
        if back is not None:
            back.symmetric_difference_update((one, other))
        else:
            self.loads[one] -= 1
            self.loads[other] += 1

    def _meet(self, one: int, others: Iterable[int], times: int) -> None:
        for other in others:
            self.shared[one][other] += times
            self.shared[other][one] += times
