"""Let what was said in rounds follow the sentences of articles that have changed.

``anchors.jsonl`` says what is to follow, with what people decided where nothing else could. It is
held to the sentences as they are: what it does not cover is a problem, never a guess.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

import msgspec

from sikap.errors import Problem
from sikap.records import Annotation, Item, Record, Round, Sentence, item_id
from sikap.rounds.reanchoring.context import Anchor, Place, Reason, Standing, State, words
from sikap.rounds.withdrawal import recounted

RUN = "run 'sikap round reanchor'"
FILE = "dataset/anchors.jsonl"


class Orphan(Record, frozen=True, kw_only=True):
    """An annotation of a sentence that it could not follow; offsets count in ``text``."""

    round_id: str
    sentence_id: str
    article_id: str
    state: State
    reason: Reason
    text: str
    annotation: Annotation


def decided(
    fresh: Sequence[Anchor],
    recorded: Sequence[Anchor],
    decisions: Mapping[str, str],
    standing: Standing,
) -> tuple[list[Anchor], list[Problem]]:
    """The anchors as people decide them or have decided, and what is wrong with ``decisions``.

    Where anything is wrong with them none is taken.

    ``decisions`` map the id of a sentence in rounds to that of the sentence which it is now. An
    earlier decision holds as long as the sentence that it chose stands as it stood then; it gives
    way to a sentence of the round that stands there surely.
    """
    anchors = {anchor.key: anchor for anchor in fresh}
    earlier = {one.key: one.places[0] for one in recorded if one.reason == "decided" and one.places}
    wishes = {
        key: decisions.get(anchor.sentence_id) or earlier[key].sentence_id
        for key, anchor in anchors.items()
        if anchor.state != "kept"
        and (
            anchor.sentence_id in decisions
            or (key in earlier and _stands_as(earlier[key], standing))
        )
    }
    taken = {(one.round_id, one.to) for one in fresh if one.key not in wishes}
    problems = []
    for key, to in wishes.items():
        anchor = anchors[key]
        wrong = _unfit(anchor, to, standing, taken)
        if wrong is not None and anchor.sentence_id in decisions:
            fix = "choose one of those that 'sikap round reanchor' shows"
            problems.append(Problem(code="anchor", id=anchor.sentence_id, found=wrong, fix=fix))
        if wrong is None and to != anchor.to:
            anchors[key] = _by_person(anchor, to, standing)
        elif anchor.to is not None and (anchor.round_id, anchor.to) in taken:
            anchors[key] = msgspec.structs.replace(
                anchor, state="ambiguous", reason="several", to=None
            )
        taken.add((anchor.round_id, anchors[key].to))
    problems.extend(_needless(fresh, decisions))
    if problems:  # then no decision is taken, as each may hang on another
        return decided(fresh, recorded, {}, standing)[0], problems
    return list(anchors.values()), problems


def _needless(fresh: Iterable[Anchor], decisions: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem for each decision on what is kept, or was in no round."""
    known = {anchor.sentence_id for anchor in fresh if anchor.state != "kept"}
    for old in decisions:
        if old not in known:
            found = "every sentence of a round that has this id is kept, or none has it"
            fix = "take the ids from what 'sikap round reanchor' shows"
            yield Problem(code="anchor", id=old, found=found, fix=fix)


def covered(
    fresh: Sequence[Anchor], recorded: Sequence[Anchor], standing: Standing
) -> tuple[list[Anchor], list[Anchor]]:
    """The anchors with what people have decided, and those of them that ``recorded`` do not give.

    What is kept has no record.
    """
    anchors, _ = decided(fresh, recorded, {}, standing)
    known = {one.key: (one.state, one.to) for one in recorded}
    new = [
        one
        for one in anchors
        if known.get(one.key, ("kept", one.sentence_id)) != (one.state, one.to)
    ]
    return anchors, new


def uncovered_problems(anchors: Iterable[Anchor]) -> Iterator[Problem]:
    """Yield a problem for each anchor that no record covers."""
    for one in anchors:
        code, found = "not-anchored", "the sentence has an id or neighbours that it had not"
        if one.state == "kept":
            found = f"{FILE} has a record of the sentence, but it stands as it stood"
        elif one.reason == "other-kind":
            code, found = "not-body", f"the sentence is now of kind {one.places[0].kind}"
        elif one.state == "orphaned":
            code, found = "item-lost", "the sentence is no longer in sentences.jsonl"
        elif one.state == "ambiguous":
            found = "which sentence it is now is not sure"
        fix = f"{RUN}, or restore the text of {one.article_id}"
        place = f"dataset/rounds/{one.round_id}/items.jsonl"
        yield Problem(code=code, file=place, id=one.sentence_id, found=found, fix=fix)


def successors(
    anchors: Iterable[Anchor], standing: Standing
) -> dict[str, dict[str, Sentence | None]]:
    """By round and old id the sentence that takes its place, None where there is none.

    Sentences that are kept, and at the same offsets, are not in it.
    """
    follow: dict[str, dict[str, Sentence | None]] = {}
    for one in anchors:
        now = standing.by_id[one.to] if one.to is not None else None
        if one.state != "kept" or now is None or now.start != one.start:
            follow.setdefault(one.round_id, {})[one.sentence_id] = now
    return follow


def reanchored(
    manifest: Round,
    items: Sequence[Item],
    annotations: Sequence[Annotation],
    follow: Mapping[str, Sentence | None],
    standing: Standing,
) -> tuple[Round, tuple[Item, ...], tuple[Annotation, ...]]:
    """A round with its sentences as they are now; without those that are None in ``follow``.

    Items and annotations get the ids that they would have, had the round been planned now.
    """
    if not follow:
        return manifest, tuple(items), tuple(annotations)
    now: dict[str, Item | None] = {}
    for item in items:
        to = follow.get(item.sentence_id) if item.sentence_id in follow else item
        now[item.item_id] = _item(item, to, standing) if isinstance(to, Sentence) else to
    left = tuple(item for item in now.values() if item is not None)
    said = tuple(_said(annotations, {item.item_id: item for item in items}, now))
    if len(left) < len(items):
        manifest = recounted(manifest, len(left), said)
    return manifest, left, said


def orphans(anchors: Iterable[Anchor], annotations: Iterable[Annotation]) -> list[Orphan]:
    """What was said of sentences that are ambiguous or orphaned, in the order of both."""
    left_out = {one.key: one for one in anchors if one.to is None}
    return [
        Orphan(
            round_id=one.round_id,
            sentence_id=one.sentence_id,
            article_id=anchor.article_id,
            state=anchor.state,
            reason=anchor.reason,
            text=anchor.text,
            annotation=one,
        )
        for one in annotations
        if (anchor := left_out.get((one.round_id, one.sentence_id))) is not None
    ]


def _stands_as(place: Place, standing: Standing) -> bool:
    now = standing.by_id.get(place.sentence_id)
    return (
        now is not None
        and now.text == place.text
        and standing.context(now) == (place.before, place.after)
    )


def _unfit(
    anchor: Anchor, to: str, standing: Standing, taken: Container[tuple[str, str | None]]
) -> str | None:
    now = standing.by_id.get(to)
    if now is None or now.article_id != anchor.article_id:
        return f"article {anchor.article_id} has no body sentence {to}"
    if words(now.text) != words(anchor.text):
        return f"sentence {to} has another text: {now.text[:60]!r}, not {anchor.text[:60]!r}"
    if (anchor.round_id, to) in taken:
        return f"another sentence of round {anchor.round_id} is {to} now"
    return None


def _by_person(anchor: Anchor, to: str, standing: Standing) -> Anchor:
    place = standing.place(standing.by_id[to], anchor)
    return msgspec.structs.replace(anchor, state="moved", reason="decided", to=to, places=(place,))


def _item(item: Item, now: Sentence, standing: Standing) -> Item:
    before, after = standing.context(now)
    return msgspec.structs.replace(
        item,
        item_id=item_id(item.round_id, now.sentence_id, item.pass_),
        sentence_id=now.sentence_id,
        start=now.start,
        end=now.end,
        text=now.text,
        before=before,
        after=after,
    )


def _said(
    annotations: Iterable[Annotation], old: Mapping[str, Item], now: Mapping[str, Item | None]
) -> Iterator[Annotation]:
    for one in annotations:
        was = old.get(one.item_id)
        if was is None or was.sentence_id != one.sentence_id:
            yield one  # it speaks of no item of the round, which is named where labels are settled
            continue
        item = now[one.item_id]
        if item is not None and item is not was:
            yield msgspec.structs.replace(one, item_id=item.item_id, sentence_id=item.sentence_id)
        elif item is not None:
            yield one
