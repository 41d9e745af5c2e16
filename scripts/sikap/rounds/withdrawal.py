"""What is left of a round once articles and annotators are withdrawn.

The files of a round stay as they were planned; what is withdrawn is left out when they are read
for settling or for a release.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from sikap.records import Annotation, Gone, Item, Round, Tombstone
from sikap.storage.files import encode_lines, sha256


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """The ids of withdrawn articles, and the pseudonyms of withdrawn annotators in the project."""

    articles: frozenset[str] = frozenset()
    annotators: frozenset[str] = frozenset()


def withdrawn(tombstones: Iterable[Tombstone]) -> Withdrawn:
    """What the tombstones name."""
    ids: dict[str, set[str]] = {"article": set(), "annotator": set()}
    for tombstone in tombstones:
        ids[tombstone.what].add(tombstone.id)
    return Withdrawn(articles=frozenset(ids["article"]), annotators=frozenset(ids["annotator"]))


def remaining(
    manifest: Round, items: Sequence[Item], annotations: Sequence[Annotation], gone: Withdrawn
) -> tuple[Round, tuple[Item, ...], tuple[Annotation, ...]]:
    """A round without what is withdrawn: roster, overlap and counts are those of what is left.

    Lines of what is withdrawn may have been deleted from the files before. Drafts and annotations
    that were set aside are counted by nobody's name, so their numbers stay.
    """
    if not (gone.articles or gone.annotators):
        return manifest, tuple(items), tuple(annotations)
    lost = {item.item_id for item in items if item.article_id in gone.articles}
    kept = tuple(
        msgspec.structs.replace(item, annotators=left)
        for item in items
        if item.item_id not in lost
        and (left := tuple(one for one in item.annotators if one not in gone.annotators))
    )
    said = tuple(
        annotation
        for annotation in annotations
        if annotation.item_id not in lost and annotation.annotator not in gone.annotators
    )
    roster = tuple(entry for entry in manifest.roster if entry.annotator not in gone.annotators)
    manifest = recounted(manifest, len(kept), said)
    overlap = min(manifest.design.overlap, len(roster))
    design = msgspec.structs.replace(manifest.design, overlap=overlap)
    return msgspec.structs.replace(manifest, roster=roster, design=design), kept, said


def recounted(manifest: Round, items: int, annotations: Iterable[Annotation]) -> Round:
    """The manifest with the counts of ``items`` items and these annotations of the round."""
    statuses = Counter(annotation.status for annotation in annotations)
    counts = msgspec.structs.replace(
        manifest.counts,
        items=items,
        submitted=statuses["submitted"],
        skipped=statuses["skipped"],
    )
    return msgspec.structs.replace(manifest, counts=counts)


def purged_digest(items: Iterable[Item], articles: Collection[str]) -> str:
    """SHA-256 of items.jsonl once the lines of these articles are deleted from it."""
    return sha256(encode_lines(item for item in items if item.article_id not in articles))


def in_release(tombstones: Iterable[Tombstone], names: Mapping[str, str]) -> tuple[Gone, ...]:
    """What a release says of the withdrawn: only what some release had, by its name there.

    ``names`` maps pseudonyms of the project to those of releases.
    """
    return tuple(
        Gone(
            what=one.what,
            id=one.id if one.what == "article" else names[one.id],
            since=one.since,
        )
        for one in sorted(tombstones, key=lambda one: (one.what, one.id))
        if one.since is not None and (one.what == "article" or one.id in names)
    )
