"""Environments of their own for packages that benchmarks compare sikap with.

What they need may not fit beside what sikap needs. Each is made once from a lock file with hashes,
in the user's cache folder.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

import platformdirs
import uv

HERE = Path(__file__).resolve().parent


def peer_python(lock: str) -> str:
    """The Python of the environment that a lock file beside this one gives; made if missing."""
    path = HERE / lock
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    folder = platformdirs.user_cache_path("sikap") / f"peers-{sys.version_info.minor}-{digest}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        program = uv.find_uv_bin()
        make = [program, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)]
        subprocess.run(make, check=True)
        install = [program, "pip", "install", "--quiet", "--require-hashes", "--python"]
        subprocess.run([*install, str(python), "-r", str(path)], check=True)
        (folder / "complete").touch()
    return str(python)
