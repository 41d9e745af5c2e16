"""What a new export does to the annotations of the last pull; nothing goes without a trace."""

from collections.abc import Iterable

import msgspec

from sikap.records import Annotation, History, Item, Note
from sikap.rounds.tasks import Pulled


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """The present annotations with their notes, what happened to earlier ones, how many were kept.

    ``kept`` counts annotations of items that the export does not hold: an export of a part of a
    project says nothing of the rest.
    """

    annotations: tuple[Annotation, ...]
    notes: tuple[Note, ...]
    events: tuple[History, ...]
    kept: int


def merge(
    earlier: Iterable[Annotation],
    pulled: Pulled,
    items: Iterable[Item],
    notes: Iterable[Note] = (),
) -> Merged:
    """Merge an export into the annotations and ``notes`` of the last pull, in the items' order.

    An earlier annotation is as it was, ``changed``, ``rejected`` (still there, but no longer good)
    or ``deleted``. Those of items that were deleted from the round, being of a withdrawn article,
    go with them.
    """
    order = {item.item_id: place for place, item in enumerate(items)}
    now = {annotation.annotation_id: annotation for annotation in pulled.annotations}
    kept, events = [], []
    for old in (one for one in earlier if one.item_id in order):
        if not {(old.item_id, old.annotator), (old.item_id, None)} & pulled.held:
            kept.append(old)
        elif old.annotation_id not in now:
            there = old.annotation_id in pulled.seen
            events.append(History(event="rejected" if there else "deleted", annotation=old))
        elif now[old.annotation_id] != old:
            events.append(History(event="changed", annotation=old))
    annotations = sorted(
        [*pulled.annotations, *kept], key=lambda one: (order[one.item_id], one.annotator)
    )
    of = {one.annotation_id for one in kept}
    remain = [*pulled.notes, *(note for note in notes if note.annotation_id in of)]
    remain.sort(key=lambda note: (order[note.item_id], note.annotator))
    return Merged(
        annotations=tuple(annotations), notes=tuple(remain), events=tuple(events), kept=len(kept)
    )
