"""Where a release can be: a folder, a dataset on the Hub, or a folder behind a URL."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from sikap.errors import InputError, Problem
from sikap.release.publish.hub import Hub
from sikap.storage.folder import read_folder
from sikap.storage.urls import Url, check_name

T = TypeVar("T")

SIGNATURE = "SHA256SUMS.sig"
"""A signature of SHA256SUMS: it may lie in a release, but is no part of what is rebuilt."""

HUB_NAME = re.compile(r"([\w.-]+/[\w.-]+)(?:@(.+))?")


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """The files of a release by path, as they are at a place; ``signature`` is not among them.

    ``commit`` is the commit id that all were read by, where the place is on the Hub.
    """

    files: dict[str, bytes]
    signature: bytes | None
    commit: str | None

    @property
    def lying(self) -> dict[str, bytes]:
        """The files as they lie there: with the signature, if there is one."""
        return self.files | ({SIGNATURE: self.signature} if self.signature is not None else {})


def is_folder(place: str) -> bool:
    """Whether a place is a folder: one that exists wins over a dataset of the same name."""
    return "://" not in place and (Path(place).exists() or not HUB_NAME.fullmatch(place))


def hub_name(place: str) -> tuple[str, str | None]:
    """The dataset and revision of a place on the Hub; raises InputError for another form."""
    found = HUB_NAME.fullmatch(place)
    if found is None:
        problem = "it is neither the name of a dataset nor a URL"
        fix = "write OWNER/NAME, OWNER/NAME@REVISION, or a URL such as s3://bucket/folder"
        raise InputError(Problem(code="place", file=place, found=problem, fix=fix))
    return found[1], found[2]


def read_place(place: str) -> Placed:
    """The release at a place; raises InputError where there is none, ServiceError without answer.

    From the Hub everything is read by one commit id.
    """
    if "://" in place:
        return detached(_there(place, Url(place).read()))
    if is_folder(place):
        return detached(read_folder(Path(place)))
    repo, revision = hub_name(place)
    hub = Hub(repo)
    commit = hub.head(revision).commit
    return read_commit(hub, commit)


def read_commit(hub: Hub, commit: str) -> Placed:
    """The release in a commit of a dataset."""
    names = [check_name(name) for name in hub.entries(commit)]
    return detached(hub.read(commit, names), commit)


def detached(files: dict[str, bytes], commit: str | None = None) -> Placed:
    """The files of a folder as a release and its signature."""
    return Placed(files=unsigned(files), signature=files.get(SIGNATURE), commit=commit)


def unsigned(files: Mapping[str, T]) -> dict[str, T]:
    """The files without the signature, which is no part of what a version stands for."""
    return {name: value for name, value in files.items() if name != SIGNATURE}


def _there(url: str, files: dict[str, bytes]) -> dict[str, bytes]:
    if not files:
        found, fix = "there are no files", "correct the URL, or publish a release there"
        raise InputError(Problem(code="place-missing", file=Url(url).url, found=found, fix=fix))
    return files
