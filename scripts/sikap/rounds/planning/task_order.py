"""Which items of a round an annotator gets, and in which order."""

from collections.abc import Iterable, Iterator, Sequence

from sikap.records import FIRST, GOLD, REPEAT, Item, Round, short_id

ENOUGH = 5  # items; two orders of fewer are too often the same by chance


def items_for(annotator: str | None, manifest: Round, items: Iterable[Item]) -> list[Item]:
    """The items of one annotator in an order of that annotator's own; None stands for everybody.

    The order is that of a hash of seed, annotator and item, so it is the same at every push and
    another one for every annotator. What everybody shares stays in the order of the round. Gold
    items are spread over the list, the first of them in its first tenth. A repeat comes after its
    first, by a third of all items but gold or more.
    """
    seed = manifest.design.seed
    own = [item for item in items if annotator is None or annotator in item.annotators]
    mixed = sorted(own, key=lambda item: short_id(seed, annotator, item.item_id))
    ordinary = [item for item in mixed if item.pass_ != GOLD]
    if annotator is None:
        ordinary = [item for item in own if item.pass_ != GOLD]
    spaced = _spaced(ordinary, seed, annotator)
    return _spread([item for item in mixed if item.pass_ == GOLD], spaced, seed, annotator)


def in_order_of(made: Sequence[str], manifest: Round, items: Iterable[Item]) -> frozenset[str]:
    """The annotators in whose order these items are: as a rule the one whose project they are of.

    ``made`` are ids of items, all those of a project or some. Nobody is, where too few of them say
    anything, or a task was deleted and sent again.
    """
    if len(made) < ENOUGH:
        return frozenset()
    items, there = list(items), set(made)
    return frozenset(
        entry.annotator
        for entry in manifest.roster
        if [
            item.item_id
            for item in items_for(entry.annotator, manifest, items)
            if item.item_id in there
        ]
        == list(made)
    )


def _spaced(items: Sequence[Item], seed: int, annotator: str | None) -> list[Item]:
    """The items with every repeat a third of them, or more, after its first.

    Repeats stand spread over the second half, their firsts anywhere early enough. The other items
    keep their order. A repeat without its first is an item like others.
    """
    again = {item.sentence_id: item for item in items if item.pass_ == REPEAT}
    firsts = [item for item in items if item.pass_ == FIRST and item.sentence_id in again]
    count, repeats = len(items), len(firsts)
    if not repeats:
        return list(items)
    repeated = {item.item_id for one in firsts for item in (one, again[one.sentence_id])}
    half, gap = count // 2, -(-count // 3)
    slots = [count - half + number * half // repeats for number in range(repeats)]
    # There are never more firsts to place than free places before the next repeat: by its gap the
    # n-th repeat has n or more.
    free = sorted(set(range(count)) - set(slots))
    placed: dict[int, Item] = {}
    for number, (slot, first) in enumerate(zip(slots, firsts, strict=True)):
        early = [place for place in free if place <= slot - gap]
        place = early[_number(seed, annotator, "first", number) % len(early)]
        free.remove(place)
        placed[place], placed[slot] = first, again[first.sentence_id]
    others = (item for item in items if item.item_id not in repeated)
    placed.update(zip(free, others, strict=True))
    return [placed[place] for place in range(count)]


def _spread(
    gold: Sequence[Item], others: Sequence[Item], seed: int, annotator: str | None
) -> list[Item]:
    """The other items in their order, with gold at regular places that are not told by counting."""
    count = len(gold) + len(others)
    places = set(_places(len(gold), count, seed, annotator))
    known, rest = iter(gold), iter(others)
    return [next(known if place in places else rest) for place in range(count)]


def _places(gold: int, count: int, seed: int, annotator: str | None) -> Iterator[int]:
    for number in range(gold):
        room = count // gold // 2 if number else min(count // gold // 2, count // 10)
        moved = _number(seed, annotator, "gold", number) % room if room else 0
        yield number * count // gold + moved


def _number(*parts: object) -> int:
    return int(short_id(*parts), 16)
