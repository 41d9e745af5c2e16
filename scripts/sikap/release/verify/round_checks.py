"""What must hold of the rounds in release.json and of their rows; pure checks.

``said`` are the columns of the config ``annotations``.

What the rows do not show cannot be checked: how many items nobody judged, how many annotations
were set aside or left as drafts, how the items were drawn, and the digests of what a round gave
its annotators.
"""

import contextlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sikap.errors import Problem
from sikap.patterns import version_numbers
from sikap.records import FIRST, GOLD, REPEAT, Annotation, Gone, Round, item_id
from sikap.release.verify.row_checks import FIX, Columns


def item_ids(said: Columns, rounds: Mapping[int, str]) -> Iterator[Problem]:
    """Yield every item id that is not as derived; ``rounds`` maps ordinals to ids."""
    names = ("item_id", "round", "sentence_id", "pass")
    items = dict.fromkeys(zip(*(said[name] for name in names), strict=True))
    for id_, ordinal, sentence, pass_ in items:
        if ordinal in rounds and id_ != item_id(rounds[ordinal], sentence, pass_):
            yield _row("digest", id_, "its item_id is not that of round, sentence and pass")


def rounds_listed(said: Columns, rounds: Sequence[Round]) -> Iterator[Problem]:
    """Yield every round that stands twice, has no row, was not pulled or names its projects."""
    present = set(said["round"])
    ids = Counter(manifest.round_id for manifest in rounds)
    ordinals = Counter(manifest.ordinal for manifest in rounds)
    for manifest in rounds:
        name = manifest.round_id
        if ids[name] > 1 or ordinals[manifest.ordinal] > 1:
            yield _claim("duplicate-id", name, "its id or ordinal is that of another round too")
        if manifest.ordinal not in present:
            yield _claim("reference", name, "no row is of this round")
        if manifest.state != "pulled":
            yield _claim("round-form", name, f"its state is {manifest.state!r}, not 'pulled'")
        if manifest.projects:
            yield _claim("round-form", name, "it names projects of a server")


def rounds_known(said: Columns, rounds: Sequence[Round]) -> Iterator[Problem]:
    """Yield every annotation of a round or by an annotator that release.json does not list."""
    known = {
        (manifest.ordinal, entry.annotator, entry.kind)
        for manifest in rounds
        for entry in manifest.roster
    }
    who = list(zip(said["round"], said["annotator"], said["annotator_kind"], strict=True))
    if known.issuperset(who):
        return
    for id_, one in zip(said["item_id"], who, strict=True):
        if one not in known:
            found = f"round {one[0]} has no {one[2]} {one[1]!r}"
            yield _row("reference", id_, found)


def round_counts(said: Columns, rounds: Sequence[Round]) -> Iterator[Problem]:
    """Yield every round whose counts or overlap are not those of its rows and roster.

    Of ``items`` only the least number shows, as nobody need have judged an item; ``rejected`` and
    ``drafts`` are in no row and stay claims.
    """
    found = Counter(zip(said["round"], said["status"], strict=True))
    items = Counter(round_ for round_, _ in set(zip(said["round"], said["item_id"], strict=True)))
    for manifest in rounds:
        claimed = manifest.counts.submitted, manifest.counts.skipped
        there = tuple(found[manifest.ordinal, status] for status in ("submitted", "skipped"))
        if claimed != there:
            text = f"{there[0]} rows are submitted, {there[1]} skipped; the round had {claimed}"
            yield _row("figures", manifest.round_id, text)
        if manifest.counts.items < items[manifest.ordinal]:
            text = f"it has {manifest.counts.items} items, its rows {items[manifest.ordinal]}"
            yield _claim("figures", manifest.round_id, text)
        names = {entry.annotator for entry in manifest.roster}
        if not manifest.design.overlap <= len(names) == len(manifest.roster):
            text = f"its overlap is {manifest.design.overlap}; its roster has {len(names)}"
            yield _claim("figures", manifest.round_id, text)


def designs_kept(said: Columns, rounds: Sequence[Round]) -> Iterator[Problem]:
    """Yield every round with more annotators of items, repeats or gold than its design has.

    Fewer there may be: nobody need have judged an item.
    """
    passes = dict(zip(said["item_id"], said["pass"], strict=True))
    ordinals = dict(zip(said["item_id"], said["round"], strict=True))
    judged = Counter(said["item_id"])
    again = Counter(
        (ordinal, annotator)
        for ordinal, annotator, pass_ in zip(
            said["round"], said["annotator"], said["pass"], strict=True
        )
        if pass_ == REPEAT
    )
    for manifest in rounds:
        design = manifest.design
        items = [id_ for id_, ordinal in ordinals.items() if ordinal == manifest.ordinal]
        wide = sum(passes[id_] == FIRST and judged[id_] > design.overlap for id_ in items)
        gold = sum(passes[id_] == GOLD for id_ in items)
        most = max((n for (o, _), n in again.items() if o == manifest.ordinal), default=0)
        for what, found, planned in (
            ("items with more annotators than its overlap", wide, design.calibration),
            ("items whose answer is known", gold, design.gold),
            ("repeats by one annotator", most, design.repeats),
        ):
            if found > planned:
                text = f"its rows have {found} {what}; its design has {planned}"
                yield _claim("figures", manifest.round_id, text)


def withdrawn_gone(
    articles: Collection[str],
    annotators: Collection[str],
    rounds: Sequence[Round],
    withdrawn: Iterable[Gone],
) -> Iterator[Problem]:
    """Yield every withdrawn article that a row names, and annotator that a row or roster names.

    ``articles`` and ``annotators`` are those that any row of any config names.
    """
    rosters = {entry.annotator for manifest in rounds for entry in manifest.roster}
    named = {"article": set(articles), "annotator": rosters.union(annotators)}
    for gone in withdrawn:
        if gone.id in named[gone.what]:
            yield _claim("withdrawn", gone.id, f"the {gone.what} was withdrawn, but is still there")


def withdrawn_before(withdrawn: Sequence[Gone], version: str) -> Iterator[Problem]:
    """Yield every withdrawal that is named twice, or from a version later than ``version``."""
    for place, gone in enumerate(withdrawn):
        if any((gone.what, gone.id) == (one.what, one.id) for one in withdrawn[:place]):
            yield _claim("withdrawn", gone.id, f"the {gone.what} is named as withdrawn twice")
        with contextlib.suppress(ValueError):  # what is no version was named before
            if version_numbers(gone.since) > version_numbers(version):
                found = f"it was last in version {gone.since}, but this is {version}"
                yield _claim("withdrawn", gone.id, found)


def only_body(said: Columns, kinds: Mapping[str, str]) -> Iterator[Problem]:
    """Yield every annotated sentence that is not of the kind body; ``kinds`` maps ids to kinds."""
    for sentence in dict.fromkeys(said["sentence_id"]):
        if kinds.get(sentence, "body") != "body":
            found = f"its kind is {kinds[sentence]}, but only body sentences are annotated"
            yield _row("not-body", sentence, found)


def skips_are_empty(annotations: Iterable[Annotation]) -> Iterator[Problem]:
    """Yield every annotation that skips its item and yet has spans or choices."""
    for one in annotations:
        if one.status == "skipped" and (one.spans or one.choices):
            yield _row("skipped", one.annotation_id, "it skips the item, but has spans or choices")


def _row(code: str, id_: str, found: str) -> Problem:
    return Problem(code=code, file="data/annotations", id=id_, found=found, fix=FIX)


def _claim(code: str, id_: str, found: str) -> Problem:
    return Problem(code=code, file="release.json", id=id_, found=found, fix=FIX)
