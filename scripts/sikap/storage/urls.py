"""A folder behind a URL that fsspec knows: the only importer of it.

Whatever goes wrong below comes out as one error with a code, and what stands in a URL before its
host, a user and a password, is in none of them:

    place            a URL without a protocol that fsspec knows
    package-missing  the package for the protocol is not installed
    place-missing    no such file
    no-server        anything else: every file system has errors of its own
"""

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from sikap.errors import InputError, Problem, ServiceError, SikapError
from sikap.storage.folder import read_folder

_SIGNED = re.compile(
    r"([?&][\w-]*(?:sig|signature|token|secret|password|credential|key|auth)[\w-]*=)[^&#\s]+",
    re.IGNORECASE,
)
"""What says in the query of a URL who may read it, as stores of files sign them."""


class Url:
    """A folder behind a URL; every method raises InputError or ServiceError where it fails."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._user = user_in(self._url)
        self.url = " ".join(shown(self._url).split())[:600]
        if url.startswith("hf:"):
            found, fix = "a dataset on the Hub is no URL here", "write it as OWNER/NAME"
            raise InputError(Problem(code="place", file=self.url, found=found, fix=fix))
        self._fs, self._root = self._open()

    def read(self) -> dict[str, bytes]:
        """Every file by its path in the folder; none where there is no folder."""
        with self.answering():
            self._fs.invalidate_cache()
            if self._local is not None:
                return read_folder(self._local) if self._local.is_dir() else {}
            paths = self._fs.find(self._root) if self._fs.isdir(self._root) else []
            return {self._name(path): self._fs.cat_file(path) for path in sorted(paths)}

    def read_file(self, name: str) -> bytes | None:
        """One file; None where it is missing."""
        with self.answering():
            self._fs.invalidate_cache()
            try:
                return bytes(self._fs.cat_file(self._path(name)))
            except FileNotFoundError:
                return None

    def write_file(self, name: str, data: bytes) -> None:
        """Write or replace one file."""
        with self.answering():
            path = self._path(name)
            self._fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._fs.pipe_file(path, data)

    def remove_file(self, name: str) -> None:
        """Remove one file; one that is missing is removed already."""
        with self.answering(), contextlib.suppress(FileNotFoundError):
            self._fs.rm_file(self._path(name))

    def listed(self) -> list[str] | None:
        """The files of the folder, or those that a pattern matches, as ``folder`` counts them.

        Names are as the other side gives them: ask ``leads_out`` before one is opened.

        None where the URL is that of one file.
        """
        with self.answering():
            web = {"http", "https"} & {*_protocols(self._fs)}
            if not web and any(sign in self._root for sign in "*["):
                self._root, pattern = self._root[: self._wild()], self._root
                paths = self._fs.glob(pattern)
                return sorted(self._below(path) for path in paths if self._fs.isfile(path))
            if web or not self._fs.isdir(self._root):
                return None
            return sorted(map(self._below, self._fs.find(self._root)))

    def leads_out(self, name: str) -> bool:
        """Whether a file of ``listed`` is none of the folder: by its name, or as a link."""
        local = self._local
        try:
            check_name(name)
        except InputError:
            return True
        return local is not None and not (local / name).resolve().is_relative_to(local.resolve())

    @property
    def folder(self) -> str:
        """The URL that the names of ``listed`` are below."""
        if not any(sign in self.url for sign in "*["):
            return self.url
        first = min(self.url.find(sign) for sign in "*[" if sign in self.url)
        return self.url[:first].rpartition("/")[0]

    def open(self, name: str = "") -> BinaryIO:
        """A file to read from; that of the URL itself without a name."""
        with self.answering():
            path = self._path(name) if name else self._root
            return cast("BinaryIO", _Answering(self, self._fs.open(path, "rb")))

    def _wild(self) -> int:
        first = min(self._root.find(sign) for sign in "*[" if sign in self._root)
        return max(self._root.rfind("/", 0, first), 0)

    @property
    def _local(self) -> Path | None:
        """The folder on this machine: links are refused there as in any folder."""
        return Path(self._root) if {"file", "local"} & {*_protocols(self._fs)} else None

    def _open(self) -> tuple[Any, str]:
        with self.answering():
            from fsspec.core import url_to_fs  # noqa: PLC0415 -- not every command needs it

            try:
                fs, root = url_to_fs(self._url)
            except ImportError as error:
                found = self._clean(f"it needs a package that is not installed: {error}")
                fix = "install that package beside sikap, or use another place"
                problem = Problem(code="package-missing", file=self.url, found=found, fix=fix)
                raise InputError(problem) from None
            except ValueError as error:
                found = self._clean(f"fsspec cannot use it: {error}")
                fix = "write a URL such as file:///folder or s3://bucket/folder"
                problem = Problem(code="place", file=self.url, found=found, fix=fix)
                raise InputError(problem) from None
            return fs, str(root).rstrip("/")

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _name(self, path: str) -> str:
        return check_name(self._below(path))

    def _below(self, path: str) -> str:
        return path[len(self._root) + 1 :] if path.startswith(f"{self._root}/") else ""

    @contextlib.contextmanager
    def answering(self) -> Iterator[None]:
        """Turn whatever goes wrong below into an error with a code."""
        try:
            yield
        except SikapError:
            raise
        except FileNotFoundError:
            found = "there is no such place, or its server does not answer"
            fix = "correct the URL, or see to the network"
            problem = Problem(code="place-missing", file=self.url, found=found, fix=fix)
            raise InputError(problem) from None
        except Exception as error:  # noqa: BLE001 -- every file system has errors of its own
            # What lies below may repeat a password: no traceback may lead there.
            found = self._clean(f"it cannot be used: {type(error).__name__}: {error}")
            fix = "see to the network and to your leave to use it, then run again"
            problem = Problem(code="no-server", file=self.url, found=found, fix=fix)
            raise ServiceError(problem) from None

    def _clean(self, text: str) -> str:
        text = text.replace(self._user, "") if self._user else text
        password = self._user.rstrip("@").partition(":")[2]
        text = text.replace(password, "…") if password else text
        text = _SIGNED.sub(r"\1…", text)
        return " ".join(text.split())[:600]


def shown(url: str) -> str:
    """A URL without what stands in it for a user, a password or a signature."""
    user = user_in(url)
    return _SIGNED.sub(r"\1…", url.replace(user, "") if user else url)


def user_in(url: str) -> str:
    """What stands before the host, with its @; a password may hold a stroke or an @ of its own.

    An @ behind a host without a colon, as in the path of somebody's page, ends no password. Where
    somebody left the protocol out, the URL begins with the user.
    """
    protocol, colons, _ = url.partition("::")
    rest = url.partition("://")[2] or ("" if colons and protocol.isalnum() else url)
    authority = rest.partition("/")[0]
    host, colon, port = authority.rpartition(":")
    is_port = port.isdigit() and ("." in host or host == "localhost" or host.startswith("["))
    if "@" not in authority and (is_port or not colon):
        return ""
    before, at, _ = rest.rpartition("@")
    return before + at


class _Answering(io.RawIOBase):
    """An open file whose errors are those of a URL."""

    def __init__(self, url: Url, file: Any) -> None:  # noqa: ANN401 -- of any package
        self._url = url
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def seek(self, offset: int, whence: int = 0) -> int:
        with self._url.answering():
            return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 -- any writable bytes
        with self._url.answering():
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._file.close()
        super().close()


def check_name(name: str) -> str:
    """The path of a file in a release; raises InputError where it would lead out of its folder."""
    parts = name.split("/")
    if {"", ".", ".."} & {*parts} or "\\" in name or not name.isprintable() or ":" in parts[0]:
        found, fix = f"the name {name!r} leads out of the release", "have it made anew; use it not"
        raise InputError(Problem(code="outside-project", found=found, fix=fix))
    return name


def _protocols(fs: Any) -> tuple[str, ...]:  # noqa: ANN401 -- of any package
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)
