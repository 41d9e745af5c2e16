"""Publish a release: show what would be sent, or send it and read it back."""

from collections.abc import Iterator
from pathlib import Path

from sikap.errors import ChecksError, InputError, Problem
from sikap.release.files.build import MANIFEST, Release
from sikap.release.files.manifest_claims import read_claims
from sikap.release.publish.hub import Hub
from sikap.release.publish.hub_errors import TOKEN
from sikap.release.publish.locations import detached, hub_name
from sikap.release.publish.publish import (
    Change,
    Plan,
    plan_hub,
    plan_url,
    refusals,
    send_hub,
    send_url,
)
from sikap.release.verify.verify import verify as verify_files
from sikap.steps.releases.assemble import versions
from sikap.steps.report import STAGES, Report, how_to_load
from sikap.storage.files import decode_json
from sikap.storage.folder import read_folder
from sikap.storage.urls import Url


class PublishReport(Report, frozen=True, kw_only=True):
    """What was sent, or would be: every file of the release and of the place with its state.

    ``parent`` is the commit that stood at the head (behind a URL, the digest of the checksums that
    were there), ``commit`` the one that holds the release, null before it was sent.
    """

    place: str
    version: str
    sent: bool
    changes: tuple[Change, ...]
    parent: str | None
    commit: str | None
    tag: str | None
    load: str

    def lines(self) -> Iterator[str]:
        """Yield each file with its state and size, then what became of them."""
        for change in self.changes:
            yield f"  {change.state:8} {change.size:>12,} {change.file}"
        count = sum(change.state != "same" for change in self.changes)
        what = "changed" if self.sent else "to change"
        yield f"{self.place}: version {self.version}, {count} of {len(self.changes)} files {what}"
        yield f"on top of: {self.parent or 'nothing, for no release is there'}"
        if self.tag:
            yield f"tag: {self.tag}"
        if not self.sent:
            yield "nothing was sent: run it with --send"
            return
        yield "read back and verified" + (f" at commit {self.commit}" if self.commit else "")
        yield self.load


def publish_release(
    place: str, folder: Path, *, send: bool = False, private: bool = False
) -> PublishReport:
    """Send the release in a folder to a dataset on the Hub or to a URL; without ``send``, look.

    Raises ChecksError with all that is wrong with the release, or where the place gives back other
    bytes; InputError where the place cannot be used or has the version with other bytes;
    ServiceError where it does not answer or somebody else published meanwhile.
    """
    STAGES.info("verifying the release")
    placed = detached(read_folder(folder))
    problems = verify_files(placed.files, versions())
    claims = read_claims(placed.files.get(MANIFEST, b""))
    problems += refusals(claims) if claims is not None else ()
    if problems:
        raise ChecksError(problems)
    manifest = decode_json(placed.files[MANIFEST], Release, MANIFEST)
    files = placed.lying
    if "://" in place:
        if private:
            found, fix = "only a dataset on the Hub can be private", "leave out --private"
            raise InputError(Problem(code="place", file=Url(place).url, found=found, fix=fix))
        return _to_url(Url(place), files, manifest, send=send)
    return _to_hub(place, files, manifest, send=send, private=private)


def _to_hub(
    place: str,
    files: dict[str, bytes],
    manifest: Release,
    *,
    send: bool,
    private: bool,
) -> PublishReport:
    repo, revision = hub_name(place)
    if revision is not None:
        found, fix = "a release goes to the main branch", "leave out what stands after the @"
        raise InputError(Problem(code="place", file=place, found=found, fix=fix))
    hub = Hub(repo)
    if send and not hub.may_write:
        found, fix = f"{TOKEN} is not set", "set it to a token that may write to the dataset"
        raise InputError(Problem(code="no-credentials", found=found, fix=fix))
    version = manifest.dataset.version
    STAGES.info("looking at what is at %s", repo)
    plan = plan_hub(hub, files, version, private=private)
    commit = plan.published
    if send:
        STAGES.info("sending, then reading back")
        message = f"Release {manifest.dataset.name} {version}"
        commit = send_hub(hub, plan, files, message, private=private)
    load = how_to_load(repo, manifest.facts.rows, plan.tag)
    return _report(plan, version, load, commit, sent=send)


def _to_url(url: Url, files: dict[str, bytes], manifest: Release, *, send: bool) -> PublishReport:
    version = manifest.dataset.version
    STAGES.info("looking at what is at %s", url.url)
    plan = plan_url(url, files, version)
    if send:
        STAGES.info("sending, then reading back")
        send_url(url, plan, files)
    return _report(plan, version, f"verify it: sikap verify {url.url}", None, sent=send)


def _report(
    plan: Plan, version: str, load: str, commit: str | None, *, sent: bool
) -> PublishReport:
    return PublishReport(
        place=plan.place,
        version=version,
        sent=sent,
        changes=plan.changes,
        parent=plan.parent,
        commit=commit,
        tag=plan.tag,
        load=load,
    )
