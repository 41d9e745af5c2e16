"""Raw agreement between the annotators of a round, as counts that anybody can recount.

Over every pair of annotators and every item that both submitted (first pass only). Coefficients
that correct for chance need more than this module; these figures claim no more than they count.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from sikap.records import Annotation, Record, Round, Span
from sikap.scheme import Scheme

Mention = tuple[int, int, str]


class Agreement(Record, frozen=True, kw_only=True):
    """One figure: ``same`` of ``of``.

    ``what`` is ``spans`` (twice the mentions with the same start, end and label, of all that both
    annotators marked: exact-match F1) or a control (equal values, of the mentions that both marked
    once, or of the sentences).
    """

    round: int
    what: str
    same: int
    of: int


def agreement(
    rounds: Iterable[Round],
    annotations: Iterable[Annotation],
    passes: Mapping[str, int],
    scheme: Scheme,
) -> tuple[Agreement, ...]:
    """The figures of every round with two annotators or more, in the order of ordinals."""
    of_round: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        if annotation.status == "submitted" and passes[annotation.item_id] == 1:
            of_round[annotation.round_id].append(annotation)
    return tuple(
        figure
        for manifest in sorted(rounds, key=lambda manifest: manifest.ordinal)
        for figure in _of_round(manifest.ordinal, of_round[manifest.round_id], scheme)
        if figure.of
    )


def _of_round(
    ordinal: int, annotations: Sequence[Annotation], scheme: Scheme
) -> Iterator[Agreement]:
    pairs = list(_pairs(annotations))
    if scheme.of_kind("spans"):
        marked = [(_mentions(one), _mentions(other)) for one, other in pairs]
        every = sum(len(one) + len(other) for one, other in marked)
        shared = [(one[m], other[m]) for one, other in marked for m in one.keys() & other.keys()]
        both = 2 * len(shared)
        yield Agreement(round=ordinal, what="spans", same=both, of=every)
        for control in scheme.of_kind("attribute"):
            values = [
                (one[0].attributes.get(control.name), other[0].attributes.get(control.name))
                for one, other in shared
                if len(one) == len(other) == 1
            ]
            yield _equal(ordinal, control.name, [pair for pair in values if any(pair)])
    for control in scheme.of_kind("choice"):
        given = [
            (one.choices.get(control.name), other.choices.get(control.name)) for one, other in pairs
        ]
        yield _equal(ordinal, control.name, [pair for pair in given if any(pair)])


def _equal(ordinal: int, what: str, pairs: Sequence[tuple[object, object]]) -> Agreement:
    same = sum(1 for one, other in pairs if one == other)
    return Agreement(round=ordinal, what=what, same=same, of=len(pairs))


def _pairs(annotations: Iterable[Annotation]) -> Iterator[tuple[Annotation, Annotation]]:
    of_item: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        of_item[annotation.item_id].append(annotation)
    for several in of_item.values():
        yield from combinations(several, 2)


def _mentions(annotation: Annotation) -> dict[Mention, list[Span]]:
    mentions: dict[Mention, list[Span]] = {}
    for span in annotation.spans:
        mentions.setdefault((span.start, span.end, span.label), []).append(span)
    return mentions
