"""Which split each article goes to; what the ledger says stays for ever.

A group is an article with its copies. Below 100 groups shares are kept as quotas with at least one
group a split; from 100 on, each group goes where the hash of its name falls, so that a growing
corpus moves nothing. A new article that would tie two splits together is left out for as long as
it does so: it is in quarantine.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import msgspec

from sikap.articles.near_duplicates.pairs import Pair, components
from sikap.errors import InputError, Problem
from sikap.records import Article, Record
from sikap.storage.files import sha256

FEW = 100
TRAIN, VALIDATION, TEST = "train", "validation", "test"
PRIORITY = (TRAIN, TEST, VALIDATION)
HELD_OUT = TEST
FILE = "dataset/splits.json"


class Ledger(Record, frozen=True, kw_only=True):
    """``splits.json``: the salt of the draw and the split of every article ever released."""

    salt: str
    articles: dict[str, str]


class Quarantined(Record, frozen=True, kw_only=True):
    """A new article that is left out because it would tie splits together.

    ``bridges`` maps each of these splits to the articles of the ledger in its group: its copies,
    or copies of its new copies. None are named for ``test`` where the group belongs there only
    because it is held out.
    """

    article_id: str
    bridges: dict[str, tuple[str, ...]]


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger with every article that can be released, and those that cannot, by id."""

    ledger: Ledger
    quarantined: tuple[Quarantined, ...]


class _Graph(msgspec.Struct, frozen=True, kw_only=True):
    """Copies as a graph. New articles with the same shingles are one node, named by the first."""

    members: dict[str, tuple[str, ...]]
    edges: list[Pair]
    placed: Mapping[str, str]
    held: Collection[str]

    def demands(self, node: str) -> set[str]:
        """The split in which the node must be, if there is one."""
        if node in self.placed:
            return {self.placed[node]}
        return {HELD_OUT} if any(one in self.held for one in self.members[node]) else set()


def assign(
    ledger: Ledger,
    shares: Mapping[str, float],
    articles: Iterable[str],
    pairs: Iterable[Pair],
    held: Collection[str] = (),
) -> Assignment:
    """The split of every article; ``pairs`` are the copies among them, ``held`` are held out.

    Articles that the ledger has keep their split, and new copies follow them; new articles that
    are held out go to ``test`` with their copies. Raises InputError where articles that the ledger
    has are copies of each other in different splits, or are held out and yet in another split.
    """
    ids, pairs = sorted(articles), sorted(pairs)
    graph = _graph(ids, pairs, ledger.articles, held)
    problems = [*_leaks(graph), *_misplaced(graph)]
    if problems:
        raise InputError(problems)
    quarantined = _quarantined(graph)
    placed = dict(ledger.articles)
    fresh: list[tuple[str, Sequence[str]]] = []
    kept = []
    for nodes in _components(graph, [node for node in graph.members if node not in quarantined]):
        group = sorted(one for node in nodes for one in graph.members[node])
        split = next((split for node in nodes for split in graph.demands(node)), None)
        if split is None:
            fresh.append((sha256(f"{ledger.salt}\x1f{group[0]}"), group))
        else:
            placed |= dict.fromkeys(group, split)
            kept.append(split)
    for split, drawn in _place(sorted(fresh), kept, shares):
        placed |= dict.fromkeys(drawn, split)
    return Assignment(
        ledger=msgspec.structs.replace(ledger, articles=dict(sorted(placed.items()))),
        # Seen from the ledger as it is now, so that the next run says the same.
        quarantined=_left_out(_graph(ids, pairs, placed, held)),
    )


def _left_out(graph: _Graph) -> tuple[Quarantined, ...]:
    found = [
        Quarantined(article_id=one, bridges=bridges)
        for node, bridges in _quarantined(graph).items()
        for one in graph.members[node]
    ]
    return tuple(sorted(found, key=lambda one: one.article_id))


def held_out(
    articles: Iterable[Article], outlets: Collection[str], published_from: str | None
) -> frozenset[str]:
    """Ids of the articles of some outlets, and of those published on a day or later."""
    return frozenset(
        article.article_id
        for article in articles
        if article.outlet in outlets
        or (published_from and article.published and article.published >= published_from)
    )


def _graph(
    ids: Sequence[str], pairs: Sequence[Pair], placed: Mapping[str, str], held: Collection[str]
) -> _Graph:
    same = components(ids, ((pair.one, pair.other) for pair in pairs if pair.similarity == 1))
    members: dict[str, tuple[str, ...]] = {}
    heads: dict[str, str] = {}
    edges = []
    for alike in same:
        known = [one for one in alike if one in placed]
        head = known[0] if known else alike[0]
        members |= {one: (one,) for one in alike} if known else {head: alike}
        heads |= dict.fromkeys(alike, head)
        edges += [Pair(head, one, 1.0) for one in alike if known and one != head]
    for pair in pairs:
        one, other = heads[pair.one], heads[pair.other]
        if one != other:
            edges.append(Pair(one, other, pair.similarity))
    return _Graph(members=members, edges=edges, placed=placed, held=held)


def _components(graph: _Graph, nodes: Iterable[str]) -> list[tuple[str, ...]]:
    """The connected components among some of the nodes."""
    chosen = dict.fromkeys(nodes)
    edges = ((e.one, e.other) for e in graph.edges if e.one in chosen and e.other in chosen)
    return components(chosen, edges)


def _quarantined(graph: _Graph) -> dict[str, dict[str, tuple[str, ...]]]:
    """The nodes that tie splits together, each with what it ties.

    First those that do so by themselves; then all new nodes of the groups that, without the first,
    still do.
    """
    placed: dict[str, set[str]] = defaultdict(set)
    for edge in graph.edges:
        for one, other in ((edge.one, edge.other), (edge.other, edge.one)):
            if one not in graph.placed and other in graph.placed:
                placed[one].add(other)
    new = [node for node in graph.members if node not in graph.placed]
    alone = _tying(graph, [(node,) for node in new], placed)
    rest = [node for node in new if node not in alone]
    return alone | _tying(graph, _components(graph, rest), placed)


def _tying(
    graph: _Graph, groups: Iterable[tuple[str, ...]], placed: Mapping[str, set[str]]
) -> dict[str, dict[str, tuple[str, ...]]]:
    tied = {group: _tied(graph, group, placed) for group in groups}
    return {node: found for group, found in tied.items() if len(found) > 1 for node in group}


def _tied(
    graph: _Graph, group: Iterable[str], placed: Mapping[str, set[str]]
) -> dict[str, tuple[str, ...]]:
    """The splits that a group of new nodes touches, with the articles of the ledger there."""
    touched: dict[str, set[str]] = defaultdict(set)
    for node in group:
        for split in graph.demands(node):
            touched[split] |= set()
        for one in placed.get(node, ()):
            touched[graph.placed[one]].add(one)
    return {split: tuple(sorted(those)) for split, those in sorted(touched.items())}


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


def _leaks(graph: _Graph) -> Iterator[Problem]:
    for one, other, similarity in sorted(graph.edges):
        here, there = graph.placed.get(one), graph.placed.get(other)
        if here is not None and there is not None and here != there:
            found = (
                f"they are copies ({similarity:.2f} alike), the one in {here}, the other in {there}"
            )
            fix = "move one to the split of the other by hand and raise the MAJOR version"
            yield Problem(code="leak", file=FILE, id=f"{one}, {other}", found=found, fix=fix)


def _misplaced(graph: _Graph) -> Iterator[Problem]:
    for node in sorted(graph.members):
        split = graph.placed.get(node)
        if split not in {None, HELD_OUT} and node in graph.held:
            found = f"the settings hold it out, but it stands in {split}"
            fix = "hold out less, or move it to test by hand and raise the MAJOR version"
            yield Problem(code="held-out", file=FILE, id=node, found=found, fix=fix)
