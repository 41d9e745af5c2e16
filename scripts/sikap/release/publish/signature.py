"""Signatures of a release's checksums by ssh-keygen, in the namespace ``sikap``.

A signature says who vouches for all files that the checksums name. ssh-keygen reads the key, or
asks the agent for it: nothing of it is copied. Anybody can check one without sikap:

    ssh-keygen -Y verify -n sikap -I WHO -f SIGNERS -s SHA256SUMS.sig < SHA256SUMS
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from sikap.errors import InputError, Problem
from sikap.release.files.build import SUMS
from sikap.release.publish.locations import SIGNATURE

NAMESPACE = "sikap"
PROGRAM = "ssh-keygen"


def sign(sums: bytes, key: Path) -> bytes:
    """The signature of checksums by a key: a private one, or a public one that the agent knows.

    Raises InputError where ssh-keygen or the key cannot be used. It may ask for a passphrase.
    """
    if not key.is_file():
        found, fix = "there is no such key", f"name a key that {PROGRAM} has made"
        raise InputError(Problem(code="file-missing", file=str(key), found=found, fix=fix))
    done = _run(["-Y", "sign", "-n", NAMESPACE, "-f", str(key)], sums)
    if done.returncode or not done.stdout:
        found = f"{PROGRAM} does not sign with it: {_said(done)}"
        fix = "name a private key, or the public half of one that ssh-agent holds"
        raise InputError(Problem(code="signing", file=str(key), found=found, fix=fix))
    return done.stdout


def signer(sums: bytes, signature: bytes, signers: Path, identity: str | None) -> str | Problem:
    """Who has signed these checksums, or why that cannot be said.

    ``signers`` is an allowed_signers file (see ssh-keygen); where ``identity`` is given, it must
    have been that one. Raises InputError where ssh-keygen or the file of signers is missing.
    """
    if not signers.is_file():
        found = "there is no such file"
        fix = f'write who may sign: IDENTITY namespaces="{NAMESPACE}" PUBLIC-KEY, a line each'
        raise InputError(Problem(code="file-missing", file=str(signers), found=found, fix=fix))
    with tempfile.TemporaryDirectory(prefix="sikap-") as folder:
        file = Path(folder) / SIGNATURE
        file.write_bytes(signature)
        given = ["-f", str(signers), "-s", str(file)]
        if identity is None:
            searched = _run(["-Y", "find-principals", *given], sums)
            names = searched.stdout.decode("utf-8", "replace").splitlines()
            if searched.returncode or not names:
                return _problem(f"nobody in {signers} has made it: {_said(searched)}")
            identity = names[0]
        checked = _run(["-Y", "verify", "-n", NAMESPACE, "-I", identity, *given], sums)
        if checked.returncode:
            return _problem(f"{identity} has not signed these checksums: {_said(checked)}")
        return identity


def _run(arguments: list[str], given: bytes) -> "subprocess.CompletedProcess[bytes]":
    program = shutil.which(PROGRAM)
    if program is None:
        found, fix = f"there is no {PROGRAM} here", "install OpenSSH (8.2 or newer), then run again"
        raise InputError(Problem(code="program-missing", found=found, fix=fix))
    return subprocess.run([program, *arguments], input=given, capture_output=True, check=False)  # noqa: S603 -- a program of the machine and our own arguments


def _said(done: "subprocess.CompletedProcess[bytes]") -> str:
    text = (done.stderr + b" " + done.stdout).decode("utf-8", "replace")
    return " ".join(text.split())[:300].rstrip(".") or f"it ended with {done.returncode}"


def _problem(found: str) -> Problem:
    fix = f"ask for {SIGNATURE} and the file of signers from people whom you trust"
    return Problem(code="signature", file=f"{SIGNATURE} of {SUMS}", found=found, fix=fix)
