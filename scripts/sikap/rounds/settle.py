"""Settle annotations into labels, with provenance for every span, attribute and choice.

The rule, sentence by sentence:

1. One round decides the whole sentence: adjudication before production before calibration, and of
   one purpose the later before the earlier. A round takes part where somebody submitted the
   sentence in the first pass; who skipped it, judged it again (pass 2) or was being tested on it
   (pass 0) has no say.
2. Within that round every annotator has one vote on each mention (start, end and label), on each
   attribute of a mention among those who marked it, and on each choice. More than half decide; a
   tie stays open, also between adjudicators. What most did not mark is no mention.
3. Each of these keeps how it was settled: the votes, of how many, in which round, and whether it
   was unanimous, by majority, by one annotator alone (single), adjudicated, or is open.

So more adjudication never changes a sentence that was adjudicated, unless it is adjudicated again
by a later round; and nothing of an earlier round is mixed into what a later one decides.
"""

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sikap.errors import Problem
from sikap.labelling_config.scheme import Control, Scheme
from sikap.records import (
    Annotation,
    How,
    Item,
    Label,
    Provenance,
    Purpose,
    Round,
    SettledChoice,
    SettledSpan,
    Span,
)

RANK = {"calibration": 0, "production": 1, "adjudication": 2}
Values = tuple[str, ...]
MANY = 10_000
"""Outcomes of votes to remember: few kinds of them come again and again."""


def settle(
    rounds: Iterable[Round],
    items: Iterable[Item],
    annotations: Iterable[Annotation],
    scheme: Scheme,
) -> list[Label]:
    """The label of every sentence that somebody annotated, in the order of the items.

    Skips have no vote, nor have hidden repeats (``pass`` 2). A sentence that everybody skipped
    stays unlabelled.
    """
    manifests = {manifest.round_id: manifest for manifest in rounds}
    first_pass = {item.item_id: item for item in items if item.pass_ == 1}
    votes: dict[str, dict[str, list[Annotation]]] = defaultdict(lambda: defaultdict(list))
    for annotation in annotations:
        if annotation.status == "submitted" and annotation.item_id in first_pass:
            votes[annotation.sentence_id][annotation.round_id].append(annotation)
    labels = {}
    for item in first_pass.values():
        if item.sentence_id in votes and item.sentence_id not in labels:
            of_rounds = votes[item.sentence_id]
            winner = max(of_rounds, key=lambda id_: rank(manifests[id_]))
            labels[item.sentence_id] = _label(item, manifests[winner], of_rounds[winner], scheme)
    return list(labels.values())


def open_problems(labels: Iterable[Label]) -> Iterator[Problem]:
    """Yield one problem for everything that is still open."""
    for label in labels:
        for found in _open_in(label):
            yield Problem(
                code="open",
                id=label.sentence_id,
                file=label.article_id,
                found=found,
                fix="decide it in an adjudication round",
            )


def open_count(label: Label) -> int:
    """How many decisions of a label are open."""
    count = sum(is_open(choice.provenance) for choice in label.choices.values())
    for span in label.spans:
        if is_open(span.provenance):
            count += 1
        else:
            count += sum(is_open(choice.provenance) for choice in span.attributes.values())
    return count


def is_open(provenance: Provenance) -> bool:
    """Whether nobody has decided yet."""
    return provenance.how == "open"


def _open_in(label: Label) -> Iterator[str]:
    for span in label.spans:
        where = f"span {span.start}-{span.end} {span.label}"
        if is_open(span.provenance):
            yield f"{where} was marked by {span.provenance.votes} of {span.provenance.of}"
        else:
            for name, choice in span.attributes.items():
                if is_open(choice.provenance):
                    yield f"{name} of {where} has {choice.provenance.of} votes and no majority"
    for name, choice in label.choices.items():
        if is_open(choice.provenance):
            yield f"{name} has {choice.provenance.of} votes and no majority"


def rank(manifest: Round) -> tuple[int, int]:
    """Which of two rounds decides: the one that ranks higher."""
    return RANK[manifest.purpose], manifest.ordinal


def _label(item: Item, manifest: Round, annotations: Sequence[Annotation], scheme: Scheme) -> Label:
    return Label(
        sentence_id=item.sentence_id,
        article_id=item.article_id,
        round_id=manifest.round_id,
        annotators=len(annotations),
        spans=tuple(_spans(manifest, annotations, scheme)),
        choices=_choices(
            scheme.of_kind("choice"), [annotation.choices for annotation in annotations], manifest
        ),
    )


def _spans(
    manifest: Round, annotations: Sequence[Annotation], scheme: Scheme
) -> Iterator[SettledSpan]:
    """Settle presence mention by mention, then the attributes of those who marked it.

    Votes on a mention (start, end, label) are one: that one annotator sees a stance in it and
    another does not must not put the mention itself in doubt. Only where somebody marked it more
    than once, for several holders, the regions are told apart by their whole key.
    """
    mentions: dict[tuple[int, int, str], list[list[Span]]] = defaultdict(list)
    for annotation in annotations:
        of_one: dict[tuple[int, int, str], list[Span]] = defaultdict(list)
        for span in annotation.spans:
            of_one[span.start, span.end, span.label].append(span)
        for mention, spans in of_one.items():
            mentions[mention].append(spans)
    for mention in sorted(mentions):
        for spans in _regions(mentions[mention], scheme):
            provenance = _provenance(
                len(spans), len(annotations), manifest.purpose, manifest.round_id
            )
            if 2 * len(spans) < len(annotations):
                continue  # most annotators did not mark it: that is a decision, not a tie
            start, end, label = mention
            given = [span.attributes for span in spans]
            attributes = _choices(scheme.of_kind("attribute"), given, manifest)
            yield SettledSpan(
                start=start, end=end, label=label, attributes=attributes, provenance=provenance
            )


def _regions(marked: Sequence[Sequence[Span]], scheme: Scheme) -> list[list[Span]]:
    """The regions on one mention, each with one span of every annotator who marked it."""
    if all(len(spans) == 1 for spans in marked):
        return [[spans[0] for spans in marked]]
    by_key: dict[str, list[Span]] = defaultdict(list)
    for spans in marked:
        for span in spans:
            by_key[str(scheme.key(span))].append(span)
    return [by_key[key] for key in sorted(by_key)]


def _choices(
    controls: Iterable[Control], given: Sequence[Mapping[str, Values]], manifest: Round
) -> dict[str, SettledChoice]:
    settled = {}
    for control in controls:
        votes = tuple(one.get(control.name, ()) for one in given)
        choice = _choice(control.values, votes, manifest.purpose, manifest.round_id)
        if choice is not None:
            settled[control.name] = choice
    return settled


@functools.lru_cache(maxsize=MANY)
def _choice(
    order: Values, given: tuple[Values, ...], purpose: Purpose, round_id: str
) -> SettledChoice | None:
    """What the votes decide, values in ``order``; None where that is to give no value."""
    tally = Counter(tuple(sorted(values)) for values in given)
    # Of equal counts none has the majority: which of them comes first decides nothing.
    ((values, votes),) = tally.most_common(1)
    provenance = _provenance(votes, len(given), purpose, round_id)
    if is_open(provenance):
        return SettledChoice(values=(), provenance=provenance)
    in_order = tuple(value for value in order if value in values)
    return SettledChoice(values=in_order, provenance=provenance) if values else None


@functools.lru_cache(maxsize=MANY)
def _provenance(votes: int, of: int, purpose: Purpose, round_id: str) -> Provenance:
    how: How
    if 2 * votes <= of:
        how = "open"
    elif purpose == "adjudication":
        how = "adjudicated"
    elif of == 1:
        how = "single"
    else:
        how = "unanimous" if votes == of else "majority"
    return Provenance(how=how, votes=votes, of=of, round_id=round_id)
