"""What annotators of one item see differently, told by kind.

    border     overlapping spans with the same label begin or end elsewhere
    label      spans on the same or overlapping words have other labels
    missed     one marked something where the other has nothing like it
    attribute  a mention that both marked has other values of a control
    choice     the sentence has other values of a control

Annotators are compared two by two, each by what the other does not have. Only first passes that
were submitted count; where all agree there is no disagreement, and where but one judged there is
nothing to compare.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, product
from typing import Literal, TypeAlias

import msgspec

from sikap.labelling_config.scheme import Control, Scheme
from sikap.records import FIRST, Annotation, Item, Span, Version, Versions, short_id

Kind = Literal["border", "label", "missed", "attribute", "choice"]
Mention: TypeAlias = tuple[int, int, str]
"""Start, end and label."""
Values: TypeAlias = tuple[str, ...]


class Disagreement(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is seen differently: the mentions that it is about, in the order of the text.

    ``control`` is that of an attribute or choice, empty for spans. A choice is about no mention.
    """

    kind: Kind
    control: str = ""
    mentions: tuple[Mention, ...] = ()

    @property
    def what(self) -> str:
        """The kind, and the control where there is one."""
        return f"{self.kind} {self.control}".rstrip()


class Disputed(msgspec.Struct, frozen=True, kw_only=True):
    """An item on which annotators disagree: in what, and what was said, each version once."""

    item: Item
    disagreements: tuple[Disagreement, ...]
    versions: tuple[Version, ...]


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """The items of a round: disputed ones in its order, and how many others there are.

    On ``agreed`` items all say the same; ``alone`` counts those that one annotator judged,
    ``unjudged`` those that nobody did.
    """

    disputed: tuple[Disputed, ...]
    agreed: int
    alone: int
    unjudged: int


def compare(items: Iterable[Item], annotations: Iterable[Annotation], scheme: Scheme) -> Compared:
    """Compare what the annotators of each item submitted in the first pass."""
    said: dict[str, list[Version]] = defaultdict(list)
    for annotation in annotations:
        if annotation.status == "submitted":
            said[annotation.item_id].append(version(annotation.spans, annotation.choices, scheme))
    disputed: list[Disputed] = []
    outcomes: Counter[int] = Counter()
    for item in items:
        if item.pass_ != FIRST:
            continue
        versions = distinct(said[item.item_id])
        if len(versions) > 1:
            found = tuple(disagreements(versions, scheme))
            disputed.append(Disputed(item=item, disagreements=found, versions=versions))
        else:
            outcomes[min(len(said[item.item_id]), 2)] += 1
    return Compared(
        disputed=tuple(disputed), agreed=outcomes[2], alone=outcomes[1], unjudged=outcomes[0]
    )


def version(spans: Iterable[Span], choices: Mapping[str, Values], scheme: Scheme) -> Version:
    """What was said in one form: spans in the order of the text, values in that of the config."""
    ordered = [
        msgspec.structs.replace(
            one, attributes=_in_order(one.attributes, scheme.of_kind("attribute"))
        )
        for one in spans
    ]
    ordered.sort(key=lambda span: span.order)
    return Version(spans=tuple(ordered), choices=_in_order(choices, scheme.of_kind("choice")))


def distinct(versions: Iterable[Version]) -> tuple[Version, ...]:
    """Each version once, in an order that hangs on nothing but what they say."""
    by_bytes = {msgspec.json.encode(one): one for one in versions}
    return tuple(by_bytes[key] for key in sorted(by_bytes))


def shown(disputed: Disputed, item_id: str, seed: int) -> Versions:
    """The versions as an adjudicator is shown them of the item ``item_id`` of another round.

    They are shuffled by a hash of seed and item, so that no place tells whose a version is.
    """
    versions = sorted(
        disputed.versions,
        key=lambda one: short_id(seed, item_id, msgspec.json.encode(one).decode()),
    )
    return Versions(item_id=item_id, versions=tuple(versions))


def disagreements(versions: Sequence[Version], scheme: Scheme) -> Iterator[Disagreement]:
    """Yield, each once, in what the versions of one item differ; nothing where they are equal."""
    found: dict[Disagreement, None] = {}
    for one, other in combinations(versions, 2):
        found.update(dict.fromkeys(_of_pair(one, other, scheme)))
    yield from found


def _of_pair(one: Version, other: Version, scheme: Scheme) -> Iterator[Disagreement]:
    ours, theirs = _mentions(one), _mentions(other)
    only_ours, only_theirs = (
        [mention for mention in ours if mention not in theirs],
        [mention for mention in theirs if mention not in ours],
    )
    yield from _of_spans(only_ours, only_theirs)
    for mention in sorted(ours.keys() & theirs.keys()):
        for name in _differing(ours[mention], theirs[mention], scheme):
            yield Disagreement(kind="attribute", control=name, mentions=(mention,))
    for control in scheme.of_kind("choice"):
        if one.choices.get(control.name, ()) != other.choices.get(control.name, ()):
            yield Disagreement(kind="choice", control=control.name)


def _of_spans(ours: Sequence[Mention], theirs: Sequence[Mention]) -> Iterator[Disagreement]:
    """Yield how mentions that only one of two has go together, and which have no counterpart.

    One with a counterpart of its own label differs in borders; what else lies on its words then
    says nothing of its label.
    """
    beside = [pair for pair in product(ours, theirs) if _overlap(*pair)]
    matched = {mention for pair in beside if pair[0][2] == pair[1][2] for mention in pair}
    paired = set(matched)
    for one, other in beside:
        same = one[2] == other[2]
        if same or not {one, other} <= matched:
            kind: Kind = "border" if same else "label"
            paired.update((one, other))
            yield Disagreement(kind=kind, mentions=tuple(sorted((one, other))))
    for mention in (*ours, *theirs):
        if mention not in paired:
            yield Disagreement(kind="missed", mentions=(mention,))


def _overlap(one: Mention, other: Mention) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _differing(ours: Sequence[Span], theirs: Sequence[Span], scheme: Scheme) -> list[str]:
    """The controls in which two annotators differ on one mention.

    Who marked a mention for two holders may differ in nothing but which stance goes with which:
    then it is all controls that have several values.
    """

    def values(spans: Sequence[Span], name: str) -> list[Values]:
        return sorted(one.attributes.get(name, ()) for one in spans)

    names = [control.name for control in scheme.of_kind("attribute")]
    found = [name for name in names if values(ours, name) != values(theirs, name)]
    if found or _said(ours) == _said(theirs):
        return found
    return [name for name in names if len(set(values(ours, name))) > 1]


def _said(spans: Sequence[Span]) -> list[list[tuple[str, Values]]]:
    return sorted(sorted(one.attributes.items()) for one in spans)


def _mentions(of: Version) -> dict[Mention, list[Span]]:
    mentions: dict[Mention, list[Span]] = {}
    for span in of.spans:
        mentions.setdefault((span.start, span.end, span.label), []).append(span)
    return mentions


def _in_order(given: Mapping[str, Values], controls: Iterable[Control]) -> dict[str, Values]:
    return {
        control.name: tuple(value for value in control.values if value in given[control.name])
        for control in controls
        if given.get(control.name)
    }
