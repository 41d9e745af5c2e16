"""How well annotators do on items whose answer is known.

Gold answers score annotators and nothing else: they are no labels, and no vote is weighed by them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sikap.labelling_config.scheme import Scheme
from sikap.records import GOLD, Annotation, Gold, Item, Record, Span

Mention = tuple[int, int, str]
Said = tuple[Gold, Annotation]


class GoldScore(Record, frozen=True, kw_only=True):
    """How well one annotator did: ``score`` from 0 to 1 over ``items`` submitted gold items."""

    annotator: str
    items: int
    score: float


def gold_scores(
    gold: Iterable[Gold],
    items: Iterable[Item],
    annotations: Iterable[Annotation],
    scheme: Scheme,
) -> dict[str, GoldScore]:
    """The score of every annotator who submitted a gold item, by pseudonym in their order.

    The score is the mean of up to three parts, each over all of the annotator's gold items at once:

    - mentions: F1 of exact (start, end, label), 1 where there are none on either side;
    - attributes: of the values of attributes on mentions that both marked, the share that is equal;
    - choices: of the values of choices on sentences, the share that is equal.

    A value counts where either side gives one; a part without anything to count is left out.
    Skipped items do not count.
    """
    known = {answer.sentence_id: answer for answer in gold}
    of_item = {
        item.item_id: known[item.sentence_id]
        for item in items
        if item.pass_ == GOLD and item.sentence_id in known
    }
    said: dict[str, list[Said]] = defaultdict(list)
    for annotation in annotations:
        if annotation.status == "submitted" and annotation.item_id in of_item:
            said[annotation.annotator].append((of_item[annotation.item_id], annotation))
    return {
        name: GoldScore(annotator=name, items=len(said[name]), score=_score(said[name], scheme))
        for name in sorted(said)
    }


def _score(said: Sequence[Said], scheme: Scheme) -> float:
    marked = [(_mentions(gold.spans), _mentions(one.spans)) for gold, one in said]
    both = [(a[mention], b[mention]) for a, b in marked for mention in a.keys() & b.keys()]
    every = sum(len(a) + len(b) for a, b in marked)
    parts: list[float] = []
    if scheme.of_kind("spans"):
        parts.append(2 * len(both) / every if every else 1.0)
    attributes = [control.name for control in scheme.of_kind("attribute")]
    choices = [control.name for control in scheme.of_kind("choice")]
    parts += _equal((_values(a, name), _values(b, name)) for a, b in both for name in attributes)
    parts += _equal(
        (_set(gold.choices, name), _set(one.choices, name))
        for gold, one in said
        for name in choices
    )
    return sum(parts) / len(parts) if parts else 1.0


def _equal(pairs: Iterable[tuple[object, object]]) -> list[float]:
    """The share of pairs that are equal, among those that are not empty; nothing without any."""
    given = [(a, b) for a, b in pairs if a or b]
    return [sum(a == b for a, b in given) / len(given)] if given else []


def _mentions(spans: Iterable[Span]) -> dict[Mention, list[Span]]:
    mentions: dict[Mention, list[Span]] = defaultdict(list)
    for span in spans:
        mentions[span.start, span.end, span.label].append(span)
    return dict(mentions)


def _values(spans: Iterable[Span], name: str) -> list[tuple[str, ...]]:
    """All that is said of a mention with one attribute, where it is marked once or more often."""
    return sorted(filter(None, (_set(span.attributes, name) for span in spans)))


def _set(given: Mapping[str, tuple[str, ...]], name: str) -> tuple[str, ...]:
    return tuple(sorted(given.get(name, ())))
