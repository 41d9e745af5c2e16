"""Verify a release that somebody received, wherever it is.

How a place that holds a release is told to people.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from sikap.errors import InputError, Problem
from sikap.project import Project
from sikap.release.files.build import MANIFEST, SUMS
from sikap.release.files.manifest_claims import Claims, read_claims
from sikap.release.publish.locations import SIGNATURE, Placed, is_folder, read_place
from sikap.release.publish.signature import signer
from sikap.release.verify.verify import Depth
from sikap.release.verify.verify import verify as verify_files
from sikap.steps.releases.assemble import rebuild, versions
from sikap.steps.releases.release import not_reproduced
from sikap.steps.report import STAGES, Report, from_here
from sikap.storage.files import read_bytes
from sikap.storage.urls import Url
from sikap.version import __version__


def shown_place(place: str) -> str:
    """The place as it may be printed: a path from here, a URL without its password."""
    if "://" in place:
        return Url(place).url
    return from_here(Path(place)) if is_folder(place) else place


Signed = Literal["none", "not checked", "good", "bad"]


class VerifyReport(Report, frozen=True, kw_only=True):
    """How many files were checked, and how far; problems are the rules that are broken.

    A ``draft`` may keep every rule and is yet not to be published; what was ``restored`` in part
    says itself what it lacks.

    ``commit`` is what was read from the Hub; ``signature`` and ``signer`` say what is known of who
    vouches for it; ``rebuilt`` whether the project's files were built and compared.
    ``parquet_bytes`` says whether those of tables were compared, which can be done only with the
    versions that the release says it was built with.
    """

    place: str
    files: int
    draft: bool
    restored: bool
    commit: str | None = None
    signature: Signed = "none"
    signer: str | None = None
    rebuilt: bool = False
    depth: Depth = "full"
    parquet_bytes: bool = True
    built_by: str = __version__

    def lines(self) -> Iterator[str]:
        """Yield the verdict."""
        place = f"{self.place} at commit {self.commit}" if self.commit else self.place
        if self.problems:
            count = len(self.problems)
            yield f"{place}: {count} problem{'s' * (count != 1)} in {self.files} files"
        else:
            rule = "every rule" if self.depth == "full" else "the rules of structure"
            yield f"{place}: {self.files} files keep {rule}"
        if not self.parquet_bytes:
            yield "it names other versions than are here: rows of tables were compared, not bytes"
        if self.built_by != __version__ and self.problems:
            yield f"it was built by sikap {self.built_by}, this is {__version__}, whose words on"
            yield f"card, page and datasheet may be others: sikap {self.built_by} can tell"
        if self.draft:
            yield "it is a draft: not to be published"
        if self.restored:
            yield "it is not whole: not all could be put back into it; its card says what is lost"
        if self.signature == "good":
            yield f"its checksums are signed by {self.signer}"
        if self.signature == "not checked":
            yield "it has a signature, which was not checked: say who may sign with --signers"
        if self.rebuilt and not self.problems:
            yield "the project's files give the same bytes"

    @property
    def failed(self) -> bool:
        """A broken rule fails the command."""
        return bool(self.problems)


def verify_release(
    place: str | Path,
    *,
    signature: Path | None = None,
    signers: Path | None = None,
    identity: str | None = None,
    project: Project | None = None,
    depth: Depth = "full",
) -> VerifyReport:
    """Recompute everything that a release claims, from its bytes alone.

    With the depth ``structure`` no label is settled and no file built anew.

    ``place`` is a folder, ``owner/name`` or ``owner/name@revision`` on the Hub, or a URL.
    ``signers`` is an allowed_signers file; ``signature`` by default the one that lies with the
    release. With ``project`` the release is also rebuilt from its files and compared.

    It cannot tell who annotated, nor whether somebody recomputed everything. Raises InputError
    where there is no release, ServiceError where a place does not answer.
    """
    if signers is None and (signature or identity):
        found, fix = "nobody is said who may sign", "name a file of allowed signers with --signers"
        raise InputError(Problem(code="signature", found=found, fix=fix))
    STAGES.info("reading the release")
    placed = read_place(str(place))
    given = read_bytes(signature, str(signature), "name a signature") if signature else None
    state, who, problems = _signature(placed, given or placed.signature, signers, identity)
    STAGES.info("checking %d files", len(placed.files))
    problems = [*verify_files(placed.files, versions(), depth), *problems]
    if project is not None and MANIFEST in placed.files:
        STAGES.info("building it from the project")
        problems += not_reproduced(placed.files, rebuild(project, placed.files))
    claims = read_claims(placed.files.get(MANIFEST, b""))
    return VerifyReport(
        place=shown_place(str(place)),
        files=len(placed.files),
        draft=claims is not None and claims.draft,
        restored=claims is not None and claims.restored is not None,
        commit=placed.commit,
        signature=state,
        signer=who,
        rebuilt=project is not None,
        depth=depth,
        built_by=_built_by(claims),
        parquet_bytes=claims is None or claims.versions == versions(),
        problems=tuple(problems),
    )


def _built_by(claims: Claims | None) -> str:
    """The version of sikap that a release says it was built by; this one where it says nothing."""
    named = claims.versions if claims is not None else None
    return str(named.get("sikap", __version__)) if isinstance(named, dict) else __version__


def _signature(
    placed: Placed, signature: bytes | None, signers: Path | None, identity: str | None
) -> tuple[Signed, str | None, list[Problem]]:
    if signers is None:
        return ("none" if signature is None else "not checked"), None, []
    if signature is None:
        found, fix = "the release is not signed", "ask for a signature, or leave out --signers"
        return "none", None, [Problem(code="signature", file=SIGNATURE, found=found, fix=fix)]
    found_out = signer(placed.files.get(SUMS, b""), signature, signers, identity)
    if isinstance(found_out, Problem):
        return "bad", None, [found_out]
    return "good", found_out, []
