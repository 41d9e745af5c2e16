"""Send a release to a place so that it is there whole or not at all, and read it back.

Nothing here remembers what an earlier run has done: what is at the place decides what is left to
do, so that a killed run is completed by the next one, and a second one sends nothing.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from sikap.errors import ChecksError, InputError, Problem, ServiceError
from sikap.patterns import version_numbers
from sikap.release.files.build import MANIFEST, SUMS, read_sums
from sikap.release.files.manifest_claims import Claims, read_claims
from sikap.release.publish.hub import Entry, Hub
from sikap.release.publish.locations import SIGNATURE, read_commit, unsigned
from sikap.storage.files import sha256
from sikap.storage.urls import Url, check_name

State = Literal["added", "changed", "deleted", "same"]
Files = Mapping[str, bytes]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing does to one file; ``size`` in bytes, of what is there for a deleted one."""

    file: str
    size: int
    state: State


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What publishing a release to a place will do.

    ``parent`` is what the new one takes the place of: the commit of the head, or behind a URL the
    digest of the checksums there; null where there is nothing yet. ``published`` is the commit
    that has all these bytes already, ``tagged`` the one that the version's tag stands on.
    """

    place: str
    changes: tuple[Change, ...]
    parent: str | None = None
    published: str | None = None
    tag: str | None = None
    tagged: str | None = None

    def names(self, *states: State) -> list[str]:
        """The files in one of these states."""
        return [change.file for change in self.changes if change.state in states]


def refusals(claims: Claims) -> Iterator[Problem]:
    """Why a release may not be published although it keeps every rule: the one gate for all.

    Rules about what may leave the house belong here.
    """
    if claims.draft:
        found, fix = "it is a draft", "answer what is open, release it without draft, then publish"
        yield Problem(code="draft", file=MANIFEST, found=found, fix=fix)


def tag_of(version: str) -> str:
    """The tag of a version."""
    return f"v{version}"


def plan_hub(hub: Hub, files: Files, version: str, *, private: bool) -> Plan:
    """What is to do on the Hub; raises InputError where the version stands for other bytes there.

    A signature is no part of what a version stands for: it can be added to the newest later.
    """
    tag = tag_of(version)
    try:
        head = hub.head()
    except InputError as error:
        if {problem.code for problem in error.problems} != {"place-missing"}:
            raise
        return Plan(place=hub.url, changes=changes(files, {}), tag=tag)
    if private and not head.private:
        found = "the dataset is there and public: --private does not hide it"
        fix = "make it private in its settings on the Hub, or publish without --private"
        raise InputError(Problem(code="place", file=hub.url, found=found, fix=fix))
    there = less_kept(hub.entries(head.commit), files)
    tagged = hub.tags().get(tag)
    named = {MANIFEST, SUMS} <= there.keys()
    if tagged is None and named and not there[SUMS].holds(files[SUMS]):
        _refuse_late(hub.read(head.commit, [MANIFEST, SUMS]), files, version, hub.url)
    plan = Plan(
        place=hub.url,
        changes=changes(files, there),
        parent=head.commit,
        published=head.commit if holds(there, files) else None,
        tag=tag,
        tagged=tagged,
    )
    if tagged in {None, plan.published}:
        return plan
    old = less_kept(hub.entries(tagged or ""), files)
    if not holds(unsigned(old), unsigned(files)):
        found = f"its tag {tag} stands on other bytes, in commit {tagged}"
        fix = "raise the version: what was published under a number stays as it is"
        raise InputError(Problem(code="tag", file=hub.url, found=found, fix=fix))
    if plan.published is None and holds(old, files):
        return msgspec.structs.replace(plan, published=tagged, changes=changes(files, old))
    if not holds(unsigned(there), unsigned(files)):
        found = f"{tag} is published in commit {tagged}, and the head has another release since"
        fix = "publish the newer one; a signature can be added to the newest only"
        raise InputError(Problem(code="tag", file=hub.url, found=found, fix=fix))
    return plan


def send_hub(hub: Hub, plan: Plan, files: Files, message: str, *, private: bool) -> str:
    """Do what a plan says, read it back by commit id, tag it, and return the commit id.

    The tag comes last, so that it never names a commit that was not read back. Raises ServiceError
    with ``moved`` where somebody else has published since the plan was made.
    """
    commit = plan.published
    if commit is None:
        parent = plan.parent
        if parent is None:
            hub.create(private=private)
            parent = _empty_head(hub)
        sent = {name: files[name] for name in plan.names("added", "changed")}
        commit = hub.commit(parent, sent, plan.names("deleted"), message)
    back = read_commit(hub, commit)
    compare_back(back.lying, files, hub.url)
    if plan.tag is not None and plan.tagged is None:
        hub.tag(plan.tag, commit)
        stands = hub.tags().get(plan.tag)
        if stands != commit:
            found = f"its tag {plan.tag} stands on {stands}: somebody else has put it there"
            fix = "look at what they published, then run again"
            raise ServiceError(Problem(code="moved", file=hub.url, found=found, fix=fix))
    return commit


def plan_url(url: Url, files: Files, version: str) -> Plan:
    """What is to do behind a URL; raises InputError for files there that no release has put there.

    Of an earlier release, what its checksums name is replaced or removed.
    """
    there = url.read()
    _refuse_late(there, files, version, url.url)
    ours = {*files, *_listed(there), SUMS, SIGNATURE}
    strange = sorted(there.keys() - ours)
    if strange:
        fix = "take it away or choose another place: a release lies alone"
        raise InputError(
            Problem(code="unknown-file", file=name, found=f"{url.url} holds it already", fix=fix)
            for name in strange
        )
    entries = {n: Entry(size=len(d), digest=sha256(d), large=True) for n, d in there.items()}
    digest = sha256(there[SUMS]) if SUMS in there else None
    return Plan(place=url.url, changes=changes(files, less_kept(entries, files)), parent=digest)


def send_url(url: Url, plan: Plan, files: Files) -> None:
    """Do what a plan says, the checksums last, and read all of it back.

    Until the checksums are there the place holds no release that verifies. Of two who publish at
    once, one is told where the checksums show it; a place without versions can promise no more.
    """
    todo = plan.names("added", "changed")
    for name in sorted(todo, key=lambda name: (name == SIGNATURE, name)):
        if name != SUMS:
            url.write_file(name, files[name])
    for name in plan.names("deleted"):
        url.remove_file(name)
    if SUMS in todo:
        there = url.read_file(SUMS)
        if plan.parent != (None if there is None else sha256(there)):
            found = "its checksums changed meanwhile: somebody else is publishing there"
            fix = "agree on who publishes, then run again; until then it holds no good release"
            raise ServiceError(Problem(code="moved", file=url.url, found=found, fix=fix))
        url.write_file(SUMS, files[SUMS])
    compare_back(url.read(), files, url.url)


def changes(files: Files, there: Mapping[str, Entry]) -> tuple[Change, ...]:
    """What happens to every file of a release and of the place, by name."""
    found = []
    for name in sorted({*files, *there}):
        if name not in files:
            found.append(Change(file=name, size=there[name].size, state="deleted"))
            continue
        state: State = "added"
        if name in there:
            state = "same" if there[name].holds(files[name]) else "changed"
        found.append(Change(file=name, size=len(files[name]), state=state))
    return tuple(found)


def holds(there: Mapping[str, Entry], files: Files) -> bool:
    """Whether a place has exactly these files with exactly these bytes."""
    return there.keys() == files.keys() and all(there[n].holds(d) for n, d in files.items())


def less_kept(there: Mapping[str, Entry], files: Files) -> Mapping[str, Entry]:
    """What is at a place, without a signature that may stay: ours has none for the same checksums.

    So whoever publishes a rebuilt release does not take away what somebody else has signed.
    """
    same = SUMS in there and there[SUMS].holds(files[SUMS])
    return unsigned(there) if same and SIGNATURE not in files else there


def compare_back(back: Files, files: Files, place: str) -> None:
    """Raise ChecksError with every file that was read back otherwise than it was sent."""
    back = back if SIGNATURE in files else unsigned(back)
    differing = [name for name in sorted({*back, *files}) if back.get(name) != files.get(name)]
    if differing:
        fix = "run again; if it stays so, ask who else writes to that place"
        raise ChecksError(
            Problem(
                code="read-back",
                file=name,
                found=f"{place} does not give back what was sent",
                fix=fix,
            )
            for name in differing
        )


def _refuse_late(there: Files, files: Files, version: str, place: str) -> None:
    """Raise InputError where a place has this version with other bytes, or a newer one.

    Who comes late must neither undo nor replace what others have published, tagged or not yet. A
    release.json that the checksums there do not name is of a run that broke off, and counts not.
    """
    manifest, sums = there.get(MANIFEST, b""), there.get(SUMS, b"")
    whole = (sha256(manifest), MANIFEST) in read_sums(sums)
    claims = read_claims(manifest)
    if not whole or sums == files[SUMS] or claims is None:
        return
    other = claims.version
    if other == version:
        found = f"it holds version {version} with other bytes"
        fix = "raise the version: what was published under a number stays as it is"
        raise InputError(Problem(code="tag", file=place, found=found, fix=fix))
    if version_numbers(other) > version_numbers(version):
        found, fix = f"it holds version {other}, newer than {version}", "raise the version"
        raise InputError(Problem(code="version", file=place, found=found, fix=fix))


def _empty_head(hub: Hub) -> str:
    """The head of a dataset that was just made; whoever found it made and filled is told."""
    head = hub.head().commit
    if hub.entries(head):
        found = "somebody else made the dataset meanwhile, with files in it"
        fix = "look at what they did, then run again"
        raise ServiceError(Problem(code="moved", file=hub.url, found=found, fix=fix))
    return head


def _listed(there: Files) -> Iterable[str]:
    """The files of the release whose checksums are there; none of checksums of something else."""
    names = [name for _, name in read_sums(there.get(SUMS, b""))]
    if MANIFEST not in names:
        return []
    return [check_name(name) for name in names if name]
