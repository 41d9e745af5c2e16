"""Plan the round in which somebody decides what the annotators of another saw differently."""

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

import msgspec

from sikap.errors import InputError, Problem
from sikap.labelling_config.scheme import Scheme
from sikap.records import (
    Annotation,
    Annotator,
    Blindness,
    Counts,
    Design,
    Digests,
    Item,
    Purpose,
    Round,
    Versions,
    item_id,
)
from sikap.rounds.adjudication.disagreements import Disputed, shown
from sikap.rounds.settle import open_count, settle
from sikap.storage.files import encode_lines, sha256

What: TypeAlias = Literal["all", "open"]


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """What a lead asks of a round that follows another: its id, place, roster and layout.

    Every item goes to all of ``roster``. ``sampling`` says in words what the round is over.
    """

    round_id: str
    ordinal: int
    purpose: Purpose
    roster: tuple[Annotator, ...]
    seed: int
    blindness: Blindness
    sampling: str


def decided(
    rounds: Iterable[Round],
    items: Iterable[Item],
    annotations: Iterable[Annotation],
    scheme: Scheme,
) -> frozenset[str]:
    """Ids of the sentences that the adjudication rounds among ``rounds`` have decided whole."""
    deciding = [manifest for manifest in rounds if manifest.purpose == "adjudication"]
    ids = {manifest.round_id for manifest in deciding}
    labels = settle(
        deciding,
        (item for item in items if item.round_id in ids),
        (annotation for annotation in annotations if annotation.round_id in ids),
        scheme,
    )
    return frozenset(label.sentence_id for label in labels if not open_count(label))


def unsettled(
    manifest: Round, items: Iterable[Item], annotations: Iterable[Annotation], scheme: Scheme
) -> frozenset[str]:
    """Ids of the sentences of one round on which its majority leaves something open."""
    labels = settle([manifest], items, annotations, scheme)
    return frozenset(label.sentence_id for label in labels if open_count(label))


def adjudication_round(
    follow_up: FollowUp, disputed: Sequence[Disputed], config: str, guidelines: str
) -> tuple[Round, list[Item], list[Versions]]:
    """The manifest, the items and the competing versions of a round over disputed items.

    ``config`` and ``guidelines`` are digests. The same inputs give the same round. Raises
    InputError where nothing is disputed.
    """
    if not disputed:
        found = "there is no disagreement that is not decided already"
        fix = "pull the round first, or settle: there is nothing to adjudicate"
        raise InputError(Problem(code="round-empty", id=follow_up.round_id, found=found, fix=fix))
    items = follow_up_items(follow_up, (one.item for one in disputed))
    versions = [
        shown(one, item.item_id, follow_up.seed) for one, item in zip(disputed, items, strict=True)
    ]
    manifest = follow_up_round(follow_up, items, config, guidelines)
    digests = msgspec.structs.replace(manifest.digests, versions=sha256(encode_lines(versions)))
    return msgspec.structs.replace(manifest, digests=digests), items, versions


def follow_up_items(follow_up: FollowUp, items: Iterable[Item]) -> list[Item]:
    """The items of a round on the same sentences, text and context as they were frozen before."""
    names = tuple(entry.annotator for entry in follow_up.roster)
    return [
        msgspec.structs.replace(
            item,
            item_id=item_id(follow_up.round_id, item.sentence_id, item.pass_),
            round_id=follow_up.round_id,
            annotators=names,
        )
        for item in items
    ]


def follow_up_round(
    follow_up: FollowUp, items: Sequence[Item], config: str, guidelines: str
) -> Round:
    """The manifest of a round over these items, all of which go to the whole roster."""
    return Round(
        round_id=follow_up.round_id,
        ordinal=follow_up.ordinal,
        purpose=follow_up.purpose,
        roster=follow_up.roster,
        design=Design(
            overlap=len(follow_up.roster),
            calibration=0,
            repeats=0,
            gold=0,
            blindness=follow_up.blindness,
            seed=follow_up.seed,
            sampling=follow_up.sampling,
        ),
        digests=Digests(config=config, guidelines=guidelines, items=sha256(encode_lines(items))),
        state="planned",
        counts=Counts(items=len(items), submitted=0, skipped=0, drafts=0, rejected=0),
    )
