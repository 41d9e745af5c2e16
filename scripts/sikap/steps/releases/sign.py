"""Sign a release that lies in a folder.

Apart from ``release``, because a key belongs to a person and not to a build: whoever vouches for a
release may sit elsewhere, without the project, and signs only what verifies.
"""

from collections.abc import Iterator
from pathlib import Path

from sikap.errors import ChecksError
from sikap.release.files.build import SUMS
from sikap.release.publish.locations import SIGNATURE, detached
from sikap.release.publish.signature import sign as sign_sums
from sikap.release.verify.verify import verify as verify_files
from sikap.steps.releases.assemble import versions
from sikap.steps.report import Report, from_here
from sikap.storage.files import write_bytes
from sikap.storage.folder import read_folder


class SignReport(Report, frozen=True, kw_only=True):
    """Where the signature is."""

    file: str
    changed: bool

    def lines(self) -> Iterator[str]:
        """Yield where it is."""
        yield f"{self.file} {'written' if self.changed else 'is as it was'}"


def sign_release(folder: Path, key: Path) -> SignReport:
    """Verify the release in a folder and put a signature of its checksums beside them.

    Raises ChecksError where the release breaks a rule, InputError where the key cannot be used.
    """
    files = detached(read_folder(folder)).files
    problems = verify_files(files, versions())
    if problems:
        raise ChecksError(problems)
    path = folder / SIGNATURE
    changed = write_bytes(path, sign_sums(files[SUMS], key))
    return SignReport(file=from_here(path), changed=changed)
