import msgspec
import pytest

from samples import sample
from sikap.records import Gone, Tombstone
from sikap.rounds.withdrawal import Withdrawn, in_release, purged_digest, remaining, withdrawn
from sikap.storage.files import encode_lines, sha256

ROUNDS = sample().rounds
TRIAL, MAIN, VERDICT = ROUNDS


def stone(what: str, id_: str, since: str | None = "1.0.0") -> Tombstone:
    given: dict[str, object] = {"what": what, "id": id_, "since": since, "reason": "", "items": {}}
    return msgspec.convert(given, Tombstone)


def test_where_nothing_is_withdrawn_a_round_is_as_it_was() -> None:
    for one in ROUNDS:
        whole = (one.manifest, one.items, one.annotations)
        assert remaining(*whole, Withdrawn()) == whole


def test_another_withdrawal_changes_nothing_in_a_round() -> None:
    gone = Withdrawn(articles=frozenset({"ujian"}), annotators=frozenset({"dewi"}))
    for one in ROUNDS:
        whole = (one.manifest, one.items, one.annotations)
        assert remaining(*whole, gone) == whole


@pytest.mark.parametrize("article", ["banjir", "kopi", "pasar", "sawah", "jalan"])
def test_a_withdrawn_article_leaves_no_item_and_no_annotation(article: str) -> None:
    gone = Withdrawn(articles=frozenset({article}))
    manifest, items, annotations = remaining(MAIN.manifest, MAIN.items, MAIN.annotations, gone)
    assert items == tuple(item for item in MAIN.items if item.article_id != article)
    ids = {item.item_id for item in items}
    assert annotations == tuple(one for one in MAIN.annotations if one.item_id in ids)
    assert manifest.roster == MAIN.manifest.roster
    counts = manifest.counts
    assert (counts.items, counts.submitted + counts.skipped) == (len(items), len(annotations))
    assert counts.submitted == sum(one.status == "submitted" for one in annotations)


def test_a_withdrawn_annotator_leaves_roster_overlap_and_counts() -> None:
    gone = Withdrawn(annotators=frozenset({"citra"}))
    manifest, items, annotations = remaining(MAIN.manifest, MAIN.items, MAIN.annotations, gone)
    left = ("ani", "budi")
    assert items == tuple(msgspec.structs.replace(item, annotators=left) for item in MAIN.items)
    assert [entry.annotator for entry in manifest.roster] == ["ani", "budi"]
    assert manifest.design.overlap == 2
    assert annotations == tuple(one for one in MAIN.annotations if one.annotator != "citra")
    assert manifest.counts.submitted == len(annotations)
    assert manifest.counts.skipped == 0


def test_a_round_whose_lines_were_deleted_is_counted_anew() -> None:
    gone = Withdrawn(articles=frozenset({"pasar"}))
    whole = remaining(MAIN.manifest, MAIN.items, MAIN.annotations, gone)
    purged = remaining(MAIN.manifest, whole[1], whole[2], gone)
    assert purged == whole


def test_the_digest_is_that_of_the_file_without_the_lines() -> None:
    left = [item for item in MAIN.items if item.article_id not in {"pasar", "kopi"}]
    assert purged_digest(MAIN.items, {"pasar", "kopi"}) == sha256(encode_lines(left))


def test_tombstones_say_who_is_gone() -> None:
    stones = [stone("article", "a"), stone("annotator", "a"), stone("annotator", "b", None)]
    gone = Withdrawn(articles=frozenset({"a"}), annotators=frozenset({"a", "b"}))
    assert withdrawn(stones) == gone


def test_a_release_names_only_what_a_release_had_and_by_its_name_there() -> None:
    stones = [
        stone("article", "pasar", "1.2.0"),
        stone("article", "draf", None),
        stone("annotator", "budi"),
        stone("annotator", "unseen"),
    ]
    assert in_release(stones, {"ani": "a1", "budi": "a2"}) == (
        Gone(what="annotator", id="a2", since="1.0.0"),
        Gone(what="article", id="pasar", since="1.2.0"),
    )
