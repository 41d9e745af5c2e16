"""Which items of a round an annotator gets, and in which order."""

from collections.abc import Iterable

from sikap.records import Item, Round, short_id


def items_for(annotator: str | None, manifest: Round, items: Iterable[Item]) -> list[Item]:
    """The items of one annotator in an order of that annotator's own; None stands for everybody.

    The order is that of a hash of seed, annotator and item, so it is the same at every push and
    another one for every annotator. What everybody shares stays in the order of the round.
    """
    if annotator is None:
        return list(items)
    seed = manifest.design.seed
    own = [item for item in items if annotator in item.annotators]
    return sorted(own, key=lambda item: short_id(seed, annotator, item.item_id))
