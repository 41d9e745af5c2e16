"""Throw-away ssh keys by the real ssh-keygen, and files that allow them to sign."""

import shutil
import subprocess
from pathlib import Path

from conftest import absent


def make_key(folder: Path, name: str, kind: str = "ed25519") -> Path:
    """A key without a passphrase."""
    program = shutil.which("ssh-keygen") or absent("there is no ssh-keygen")
    path = folder / name
    arguments = ["-q", "-t", kind, "-N", "", "-C", name, "-f", str(path)]
    subprocess.run([program, *arguments], check=True)
    return path


def allow(folder: Path, *keys: Path, namespace: str = "sikap") -> Path:
    """A file that allows the keys, each under the name of its file."""
    lines = [
        f'{key.name}@example.org namespaces="{namespace}" {key.with_suffix(".pub").read_text()}'
        for key in keys
    ]
    path = folder / "signers"
    path.write_text("".join(lines))
    return path
