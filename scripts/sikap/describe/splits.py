"""Which split each article goes to; what the ledger says stays for ever.

A group is an article with its copies. Below 100 groups shares are kept as quotas with at least one
group a split; from 100 on, each group goes where the hash of its name falls, so that a growing
corpus moves nothing.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sikap.errors import InputError, Problem
from sikap.records import Record
from sikap.store import sha256

FEW = 100
PRIORITY = ("train", "test", "validation")


class Ledger(Record, frozen=True, kw_only=True):
    """``splits.json``: the salt of the draw and the split of every article ever released."""

    salt: str
    articles: dict[str, str]


def assign(ledger: Ledger, shares: Mapping[str, float], groups: Sequence[Sequence[str]]) -> Ledger:
    """The ledger with every article of ``groups`` in it; each group is one or more article ids.

    Articles that the ledger has keep their split, and new copies follow them. Raises InputError
    where copies of one article stand in different splits already.
    """
    placed = dict(ledger.articles)
    problems = []
    fresh: list[tuple[str, Sequence[str]]] = []
    for group in groups:
        known = sorted({placed[article] for article in group if article in placed})
        if len(known) > 1:
            problems.append(_bridge(group, known))
        elif known:
            placed |= dict.fromkeys(group, known[0])
        else:
            fresh.append((sha256(f"{ledger.salt}\x1f{min(group)}"), group))
    if problems:
        raise InputError(problems)
    kept = [placed[min(group)] for group in groups if min(group) in placed]
    for split, group in _place(sorted(fresh), kept, shares):
        placed |= dict.fromkeys(group, split)
    return msgspec.structs.replace(ledger, articles=dict(sorted(placed.items())))


def _place(
    fresh: Sequence[tuple[str, Sequence[str]]], kept: Sequence[str], shares: Mapping[str, float]
) -> Iterable[tuple[str, Sequence[str]]]:
    total = len(fresh) + len(kept)
    if total >= FEW:
        return [(_bucket(digest, shares), group) for digest, group in fresh]
    filled = {split: kept.count(split) for split in shares}
    wanted = quotas(total, shares)
    placed = []
    for _, group in fresh:
        split = max(_by_priority(shares), key=lambda name: wanted[name] - filled[name])
        filled[split] += 1
        placed.append((split, group))
    return placed


def quotas(total: int, shares: Mapping[str, float]) -> dict[str, int]:
    """How many of ``total`` groups each split gets: one each as far as they go, then by share."""
    order = _by_priority(shares)
    given = {split: 1 if place < total else 0 for place, split in enumerate(order)}
    while sum(given.values()) < total:
        neediest = max(order, key=lambda split: shares[split] * total - given[split])
        given[neediest] += 1
    return given


def _by_priority(shares: Mapping[str, float]) -> list[str]:
    """Splits in the order in which scarce groups fill them: train, test, validation, others."""
    return sorted(shares, key=lambda s: (PRIORITY.index(s) if s in PRIORITY else 9, s))


def _bucket(digest: str, shares: Mapping[str, float]) -> str:
    point = int(digest[:16], 16) / 16**16
    order = _by_priority(shares)
    for split in order:
        point -= shares[split]
        if point < 0:
            return split
    return order[-1]


def _bridge(group: Sequence[str], known: Sequence[str]) -> Problem:
    return Problem(
        code="ledger",
        file="dataset/splits.json",
        id=", ".join(group),
        found=f"copies of one article stand in {' and '.join(known)}",
        fix="take all but one out of raw/, or move them by hand and raise the MAJOR version",
    )
