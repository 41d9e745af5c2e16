"""A dataset on the Hub, read and written by commit id."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from sikap.errors import InputError, Problem, SikapError
from sikap.release.publish.hub_errors import ENDPOINT, TOKEN, Failures, is_foreign, quiet
from sikap.storage.files import sha256

BRANCH = "main"
OWN = ".gitattributes"
"""What the Hub itself puts into a dataset: no part of a release, and never deleted."""

THREADS = 8


class Head(msgspec.Struct, frozen=True):
    """A commit of a dataset, and whether the dataset is private."""

    commit: str
    private: bool


class Entry(msgspec.Struct, frozen=True):
    """A file in a commit: its size, and the digest that its kind of storage is known by.

    ``digest`` is the SHA-256 of what is in large file storage, else git's SHA-1 of the blob.
    """

    size: int
    digest: str
    large: bool

    def holds(self, data: bytes) -> bool:
        """Whether the file has these bytes."""
        if len(data) != self.size:
            return False
        blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
        return self.digest == (sha256(data) if self.large else blob)


class Hub:
    """One dataset, with the token and the endpoint of the environment as they are now.

    Every method raises InputError where the dataset or revision is not there, else ServiceError.
    """

    def __init__(self, repo: str) -> None:
        self.repo = repo
        self._token = os.environ.get(TOKEN, "").strip()
        self._endpoint = os.environ.get(ENDPOINT, "").strip().rstrip("/") or None
        if self._token and not (self._token.isascii() and self._token.isprintable()):
            found, fix = "the token holds characters that no token has", "copy it again"
            raise InputError(Problem(code="token", found=found, fix=fix))
        if self._token and in_the_clear(self._endpoint or ""):
            found = f"{ENDPOINT} is not https: everybody on the way could read the token"
            fix = f"write it with https://, or take {TOKEN} away"
            raise InputError(Problem(code="token", found=found, fix=fix))
        self._failures = Failures(self._token, self._endpoint or "")
        with self._answering() as api:
            self.url = f"{self._failures.clean(api.endpoint)}/datasets/{repo}"

    @property
    def may_write(self) -> bool:
        """Whether there is a token at all."""
        return bool(self._token)

    def head(self, revision: str | None = None) -> Head:
        """The commit that a branch, tag or commit id stands for, by default the main branch's."""
        with self._answering(revision) as api:
            info = api.dataset_info(self.repo, revision=revision)
            return Head(commit=_commit(info.sha), private=bool(info.private))

    def entries(self, commit: str) -> dict[str, Entry]:
        """The files of a commit by path, without those that are the Hub's own."""
        with self._answering(commit) as api:
            tree = api.list_repo_tree(
                self.repo, recursive=True, revision=commit, repo_type="dataset"
            )
            files = [entry for entry in tree if hasattr(entry, "blob_id")]
            return {file.path: _entry(file) for file in files if file.path != OWN}

    def read(self, commit: str, names: Iterable[str]) -> dict[str, bytes]:
        """The bytes of files of a commit, fresh from the Hub; names must have been checked."""
        with (
            tempfile.TemporaryDirectory(prefix="sikap-") as folder,
            self._answering(commit) as api,
            ThreadPoolExecutor(THREADS) as threads,
        ):

            def fetch(name: str) -> bytes:
                # Not from the cache of the machine: what is proven is what the Hub gives now.
                path = api.hf_hub_download(
                    self.repo, name, repo_type="dataset", revision=commit, local_dir=folder
                )
                return Path(path).read_bytes()

            names = list(names)
            return dict(zip(names, threads.map(fetch, names), strict=True))

    def create(self, *, private: bool) -> None:
        """Make the dataset where it is missing."""
        with self._answering() as api:
            api.create_repo(self.repo, repo_type="dataset", private=private, exist_ok=True)

    def commit(
        self, parent: str, sent: Mapping[str, bytes], gone: Iterable[str], message: str
    ) -> str:
        """Make one commit on a parent and return its id; fails with ``moved`` on any other."""
        with self._answering() as api:
            from huggingface_hub import (  # noqa: PLC0415
                CommitOperationAdd,
                CommitOperationDelete,
            )

            operations: list[Any] = [CommitOperationAdd(name, sent[name]) for name in sent]
            operations += [CommitOperationDelete(name, is_folder=False) for name in gone]
            made = api.create_commit(
                self.repo,
                operations,
                commit_message=message,
                repo_type="dataset",
                revision=BRANCH,
                parent_commit=parent,
            )
            return _commit(made.oid)

    def tags(self) -> dict[str, str]:
        """The commit of every tag."""
        with self._answering() as api:
            refs = api.list_repo_refs(self.repo, repo_type="dataset")
            return {tag.name: _commit(tag.target_commit) for tag in refs.tags}

    def tag(self, name: str, commit: str) -> None:
        """Put a tag on a commit; a tag of this name that is there already stays where it is."""
        with self._answering(commit) as api:
            api.create_tag(self.repo, tag=name, revision=commit, repo_type="dataset", exist_ok=True)

    @contextlib.contextmanager
    def _answering(self, revision: str | None = None) -> Iterator[Any]:
        """Give the client, quiet; what it raises, or what lies below it, comes out as ours."""
        from huggingface_hub import HfApi  # noqa: PLC0415 -- takes long to import

        # False, for None would send the token that somebody has stored on this machine.
        api = HfApi(endpoint=self._endpoint, token=self._token or False)
        try:
            with quiet():
                yield api
        except SikapError:
            raise
        except Exception as error:
            if not is_foreign(error):
                raise
            # What lies below may repeat the token: no traceback may lead there.
            where = self.repo + (f"@{revision}" if revision else "")
            raise self._failures.ours(error, where) from None


def in_the_clear(endpoint: str) -> bool:
    """Whether what is sent to an endpoint leaves this machine for anybody to read."""
    parts = urlsplit(endpoint)
    host = parts.hostname or ""
    with contextlib.suppress(ValueError):
        return parts.scheme == "http" and not ip_address(host).is_loopback
    return parts.scheme == "http" and host != "localhost"


def _commit(value: object) -> str:
    if not (isinstance(value, str) and len(value) == 40 and set(value) <= set("0123456789abcdef")):
        raise ValueError(f"{value!r} is no commit id")
    return value


def _entry(file: Any) -> Entry:  # noqa: ANN401 -- a class of the client
    if file.lfs is None:
        return Entry(size=file.size, digest=file.blob_id, large=False)
    return Entry(size=file.lfs.size, digest=file.lfs.sha256, large=True)
