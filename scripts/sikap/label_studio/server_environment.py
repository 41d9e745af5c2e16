"""The Python environment of the embedded Label Studio, built once for each user and lock.

Label Studio's dependencies clash with ours, so it lives in an environment of its own, installed
from a hashed lock into the user's cache folder together with an empty, migrated database.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.resources import files
from pathlib import Path

import platformdirs
import uv
from filelock import FileLock

from sikap.errors import Problem, ServiceError
from sikap.storage.files import sha256

LOCK = "label-studio.lock"
DATABASE = "label_studio.sqlite3"

# Label Studio reads its settings from variables with and without a prefix (HOST, DEBUG, ...), so
# only what any program needs goes in, and nothing of what the user's shell happens to export.
KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR")
QUIET = {
    "COLLECT_ANALYTICS": "False",
    "FRONTEND_SENTRY_DSN": "",
    "LATEST_VERSION_CHECK": "False",
    "PYTHONUNBUFFERED": "1",
    "SENTRY_DSN": "",
}


def prepare(cache: Path | None = None) -> Path:
    """The folder of the environment, built first where it is missing (needs the network).

    ``cache`` defaults to the user's cache folder. Raises ServiceError where it cannot be built.
    """
    cache = cache or platformdirs.user_cache_path("sikap")
    lock = files("sikap.label_studio").joinpath(LOCK).read_bytes()
    folder = cache / f"label-studio-{_version(lock)}-{sha256(lock)[:12]}"
    if _complete(folder):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / f".{folder.name}.lock"):
        if not _complete(folder):
            _build(folder, lock)
    return folder


def python(folder: Path) -> str:
    """The interpreter of an environment."""
    return str(folder / "bin" / "python")


def variables(data: Path) -> dict[str, str]:
    """The environment variables that a Label Studio with its data in ``data`` starts from."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | QUIET | {"LABEL_STUDIO_BASE_DATA_DIR": str(data)}


def _version(lock: bytes) -> str:
    found = re.search(r"^label-studio==(\S+)", lock.decode(), re.MULTILINE)
    return found.group(1) if found else "unknown"


def _complete(folder: Path) -> bool:
    # The interpreter is a link, dead when the Python that it was made from is gone.
    return Path(python(folder)).exists() and (folder / DATABASE).exists()


def _build(folder: Path, lock: bytes) -> None:
    """Build beside the place and rename, so that a half-built environment is never used."""
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".label-studio-") as name:
        fresh, requirements = Path(name) / "env", Path(name) / LOCK
        requirements.write_bytes(lock)
        program = uv.find_uv_bin()
        _run([program, "venv", "--relocatable", "--python", sys.executable, str(fresh)])
        sync = [program, "pip", "sync", "--compile-bytecode", "--require-hashes"]
        _run([*sync, "--python", python(fresh), str(requirements)])
        data = Path(name) / "data"
        data.mkdir()
        _run([python(fresh), "-m", "label_studio.server", "init", "-q"], variables(data))
        (data / DATABASE).rename(fresh / DATABASE)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)


def _run(command: list[str], environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(  # noqa: S603 -- no shell, and no argument comes from outside
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        found = f"its environment could not be built: {(done.stderr or done.stdout)[-2000:]}"
        fix = "see that the package index can be reached, then run again"
        raise ServiceError(Problem(code="server-start", found=found.strip(), fix=fix))
