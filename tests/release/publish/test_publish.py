"""What a plan says, as values: applied to what is there it must give what is to be there."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sikap.errors import ChecksError
from sikap.release.files.build import SUMS
from sikap.release.files.manifest_claims import Claims
from sikap.release.publish.hub import Entry
from sikap.release.publish.locations import SIGNATURE, unsigned
from sikap.release.publish.publish import Plan, changes, compare_back, holds, less_kept, refusals
from sikap.storage.files import sha256

NAMES = st.sampled_from(["a", "b", "data/c", "data/d", SIGNATURE])
FILES = st.dictionaries(NAMES, st.binary(max_size=2))
RELEASES = st.builds(lambda files, sums: files | {SUMS: sums}, FILES, st.binary(max_size=1))


def entries(files: Mapping[str, bytes]) -> dict[str, Entry]:
    return {n: Entry(size=len(d), digest=sha256(d), large=True) for n, d in files.items()}


def applied(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> dict[str, bytes]:
    """What is at a place after a plan was carried out."""
    plan = Plan(place="", changes=changes(new, less_kept(entries(old), new)))
    kept = {name: data for name, data in old.items() if name not in plan.names("deleted")}
    return kept | {name: new[name] for name in plan.names("added", "changed")}


@given(FILES | RELEASES, RELEASES)
def test_a_plan_makes_of_any_place_the_release(
    old: dict[str, bytes], new: dict[str, bytes]
) -> None:
    then = applied(old, new)
    assert unsigned(then) == unsigned(new)
    compare_back(then, new, "")
    assert all(change.state == "same" for change in changes(new, less_kept(entries(then), new)))


@given(FILES | RELEASES, RELEASES)
def test_a_signature_stays_only_with_the_checksums_that_it_is_of(
    old: dict[str, bytes], new: dict[str, bytes]
) -> None:
    signature = applied(old, new).get(SIGNATURE)
    if SIGNATURE in new:
        assert signature == new[SIGNATURE]
    else:
        assert signature == (old.get(SIGNATURE) if old.get(SUMS) == new[SUMS] else None)


@given(FILES, FILES)
def test_a_place_holds_a_release_when_nothing_is_to_change(
    old: dict[str, bytes], new: dict[str, bytes]
) -> None:
    nothing = all(change.state == "same" for change in changes(new, entries(old)))
    assert holds(entries(old), new) == nothing == (old == new)


@given(FILES, FILES)
def test_every_file_that_comes_back_otherwise_is_named(
    back: dict[str, bytes], sent: dict[str, bytes]
) -> None:
    signed = {SIGNATURE} & sent.keys()
    expected = {
        name
        for name in back.keys() | sent.keys()
        if back.get(name) != sent.get(name) and (name != SIGNATURE or signed)
    }
    if not expected:
        compare_back(back, sent, "")
        return
    with pytest.raises(ChecksError) as caught:
        compare_back(back, sent, "")
    assert {problem.file for problem in caught.value.problems} == expected


@pytest.mark.parametrize(("draft", "codes"), [(False, []), (True, ["draft"])])
def test_a_draft_may_not_leave(draft: bool, codes: list[str]) -> None:
    assert [problem.code for problem in refusals(Claims(dataset={}, draft=draft))] == codes
