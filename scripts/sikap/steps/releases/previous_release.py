"""The release that stands where a new one is to be written: what its number asks of the new one."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from sikap.errors import InputError, Problem
from sikap.patterns import version_numbers
from sikap.release.diff.changes import Diff
from sikap.release.diff.diff import diff
from sikap.release.diff.read_any_format import read_edition
from sikap.release.diff.semantic_version import Reason, Verdict, judge, too_small, verdict
from sikap.release.files.build import MANIFEST
from sikap.release.files.manifest_claims import Claims, read_claims
from sikap.storage.folder import read_folder

FIX = """\
raise 'version' in [tool.sikap] or give --version; if the release that is there was never \
published, --replace writes over it"""


def judge_next(folder: Path, files: Mapping[str, bytes]) -> Verdict | None:
    """Judge the files of a release against the one in a folder; nothing where none can be read.

    Rows count as the same where both releases claim the same content hashes, so that a damaged
    release can be mended; of a stand-off release those of the full one count, as both are of the
    same rows. One that cannot be compared as a whole, and claims other hashes, counts as changed.
    A draft was never published: to finish it takes no other number while its rows are the same.
    """
    there = _there(folder)
    judged = _judged(there, files)
    if judged is None or judged.bump in {"minor", "major"}:
        return judged
    lower = version_numbers(judged.new) < version_numbers(judged.old)
    claims = read_claims(there.get(MANIFEST, b""))
    return None if claims is not None and claims.draft and not lower else judged


def _judged(there: Mapping[str, bytes], files: Mapping[str, bytes]) -> Verdict | None:
    claims, new = (read_claims(those.get(MANIFEST, b"")) for those in (there, files))
    if claims is None or new is None:
        return None
    same = claims.rows == new.rows
    if claims.text != new.text:  # every row is another one without its text
        return _unread(claims, new)
    try:
        changes = diff(read_edition(there), read_edition(files))
    except InputError:
        return _unread(claims, new)
    return verdict(_claims_only(changes) if same else changes)


def refused(judged: Verdict, file: str, *, named: bool) -> Iterator[Problem]:
    """Yield a problem where the new version is too small to be written.

    What leaves the rows as they are is refused only where the version was ``named`` for this
    release: release, baselines, release must come to rest.
    """
    lower = version_numbers(judged.new) < version_numbers(judged.old)
    if judged.bump in {"minor", "major"} or named or lower:
        yield from too_small(judged, file, FIX)


def _there(folder: Path) -> Mapping[str, bytes]:
    with contextlib.suppress(InputError):  # there is none, or it holds links
        return read_folder(folder)
    with contextlib.suppress(OSError):
        return {MANIFEST: (folder / MANIFEST).read_bytes()}
    return {}


def _claims_only(changes: Diff) -> Diff:
    rowless = {"configs": (), "labels": (), "newly_labelled": (), "unlabelled": ()}
    return msgspec.structs.replace(changes, **rowless)


def _unread(old: Claims, new: Claims) -> Verdict:
    names = sorted({*old.rows, *new.rows})
    differing = [n for n in names if old.rows.get(n) != new.rows.get(n)]
    text = "The release there cannot be compared as a whole, and claims other content hashes of "
    text += f"{', '.join(differing)}."
    found = [Reason(bump="major", text=text)] if differing else []
    return judge(old.version, new.version, iter(found))
