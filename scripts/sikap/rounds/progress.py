"""How far each annotator of a round is, how fast, and when that may come to an end."""

import itertools
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sikap.dates import moment_of, seconds_of
from sikap.records import Annotation, Item, Round

HOUR = 3600.0
BREAK = HOUR / 2
ENOUGH = 10  # items that followed another without a break; fewer say nothing of a pace
SHORTEST = 60.0  # seconds; what is made faster was imported, not annotated


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far one annotator is; what cannot be said, or not yet, is null.

    ``drafts`` were begun and not submitted; in a project that all share it is not known by whom.
    ``pace`` is in items an hour of active time, ``seconds`` the median of an item as Label Studio
    measured it, ``finish`` when the rest would be done by somebody who works on without a break.
    ``gold`` is the score on items whose answer is known.
    """

    annotator: str
    planned: int
    submitted: int
    skipped: int
    drafts: int | None
    left: int
    pace: float | None
    seconds: float | None
    finish: str | None
    gold: float | None


def progress(
    manifest: Round,
    items: Iterable[Item],
    annotations: Iterable[Annotation],
    begun: Mapping[str | None, int],
    gold: Mapping[str, float],
    now: float,
) -> tuple[Progress, ...]:
    """How far each of the roster is with ``items``; annotations of others are passed over.

    ``now`` is in seconds since 1970; ``begun`` counts drafts by the owner of their project;
    ``gold`` are scores by annotator.
    """
    items = list(items)
    known = {item.item_id for item in items}
    planned = Counter(name for item in items for name in item.annotators)
    said: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in annotations:
        if annotation.item_id in known:
            said[annotation.annotator].append(annotation)
    return tuple(
        _of(entry.annotator, planned[entry.annotator], said[entry.annotator], begun, gold, now)
        for entry in manifest.roster
    )


def pace(times: Iterable[float]) -> float | None:
    """Items an hour of active time: how often one followed another with no break in between.

    ``times`` are seconds since 1970. A break is more than half an hour without a submitted or
    skipped item, and no time of work. None where too few items, or too little time, stand behind
    it.
    """
    gaps = [later - earlier for earlier, later in itertools.pairwise(sorted(times))]
    worked = [gap for gap in gaps if gap <= BREAK]
    spent = sum(worked)
    if len(worked) < ENOUGH or spent < SHORTEST:
        return None
    return len(worked) / spent * HOUR


def _of(
    name: str,
    planned: int,
    said: Sequence[Annotation],
    begun: Mapping[str | None, int],
    gold: Mapping[str, float],
    now: float,
) -> Progress:
    count = Counter(one.status for one in said)
    left = planned - count["submitted"] - count["skipped"]
    speed = pace(time for one in said if (time := seconds_of(one.created_at)) is not None)
    seconds = [one.seconds for one in said if one.seconds is not None]
    finish = moment_of(now + left / speed * HOUR) if speed is not None and left > 0 else None
    return Progress(
        annotator=name,
        planned=planned,
        submitted=count["submitted"],
        skipped=count["skipped"],
        # Drafts in a project of one annotator are that annotator's.
        drafts=None if None in begun else begun.get(name, 0),
        left=left,
        pace=round(speed, 1) if speed is not None else None,
        seconds=round(statistics.median(seconds), 1) if seconds else None,
        finish=finish,
        gold=round(gold[name], 3) if name in gold else None,
    )
