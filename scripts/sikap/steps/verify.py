"""Verify a release that somebody received."""

from collections.abc import Iterator
from pathlib import Path

from sikap.release.folder import read_folder
from sikap.release.read import is_draft
from sikap.release.verify import verify as verify_files
from sikap.steps.release import versions
from sikap.steps.report import Report, from_here


class VerifyReport(Report, frozen=True, kw_only=True):
    """How many files were checked; problems are the rules that are broken.

    A ``draft`` may keep every rule and is yet not to be published.
    """

    folder: str
    files: int
    draft: bool

    def lines(self) -> Iterator[str]:
        """Yield the verdict."""
        if self.problems:
            yield f"{self.folder}: {len(self.problems)} problems in {self.files} files"
        else:
            yield f"{self.folder}: {self.files} files keep every rule"
        if self.draft:
            yield "it is a draft: not to be published"

    @property
    def failed(self) -> bool:
        """A broken rule fails the command."""
        return bool(self.problems)


def verify(folder: Path) -> VerifyReport:
    """Recompute everything that a release claims, from its bytes alone.

    It cannot tell who annotated, nor whether somebody recomputed everything.
    """
    files = read_folder(folder)
    problems = verify_files(files, versions())
    return VerifyReport(
        folder=from_here(folder),
        files=len(files),
        draft=is_draft(files),
        problems=tuple(problems),
    )
