"""From the places that a user names to entries: files with a name, an id and a way to open them.

Nothing here grows with the number of files but the names in one folder, which are sorted.
"""

import glob
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from sikap.errors import Problem, raise_if
from sikap.formats.detect import Name, parted
from sikap.storage.urls import Url

_MAGIC = re.compile(r"[*?\[]")
URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(?://|:)")


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A file: ``path`` inside its folder, ``file`` as people see it, ``source`` as is recorded."""

    path: str
    name: Name
    source: str
    file: str
    open: Callable[[], BinaryIO]
    named: bool = False
    """Whether the user named this very file."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """The entries with one path but for the suffix: a document with its metadata, in most cases."""

    entries: tuple[Entry, ...]


class Places:
    """The files in some places, in order: places as given, each by its ids.

    ``base`` is the folder that ids count from in it, ``name`` gives the name of a path that people
    see. A file in two places is found in the first. Raises InputError where a place is missing.
    """

    def __init__(self, places: Sequence[str], base: Path, name: Callable[[Path], str]) -> None:
        self.base = base.resolve()
        self.name = name
        self._seen: list[Path] = []
        self._linked: set[Path] = set()
        self._places = [(place, self._paths(place)) for place in places]
        fix = "name a file or folder that exists; articles of a project belong into dataset/raw"
        raise_if(
            problem("file-missing", name(Path(place)), "it does not exist", fix)
            for place, paths in self._places
            if paths == []
        )

    def __iter__(self) -> Iterator[Group | Problem]:
        for place, paths in self._places:
            if paths is None:
                yield from _of_url(place)
                continue
            for path in paths:
                # What a shell has for the output of a command is a link to a name that is no file.
                root = path.resolve() if path.is_file() or path.is_dir() else path.absolute()
                if not self._is_seen(root):
                    yield from self._below(root)
                    self._seen.append(root)

    def _paths(self, place: str) -> list[Path] | None:
        """The paths that a place stands for; None for a URL."""
        if URL.match(place):
            return None
        if _is_there(place) or not _MAGIC.search(place):
            return [Path(place)] if _is_there(place) else []
        return [Path(one) for one in sorted(glob.glob(place, recursive=True))]  # noqa: PTH207

    def _is_seen(self, path: Path) -> bool:
        return any(path == one or path.is_relative_to(one) for one in self._seen)

    def _below(self, root: Path) -> Iterator[Group | Problem]:
        folder = root if root.is_dir() else root.parent
        folder = self.base if folder.is_relative_to(self.base) else folder
        if root.is_dir():
            yield from self._walk(root, root, folder)
            return
        entry = self._entry(root, folder, named=True)
        beside = [entry]
        if entry.name.kind in {"text", "html"}:
            stem = str(root)[: len(str(root)) - len(root.name)] + entry.name.stem.rpartition("/")[2]
            others = (Path(stem + suffix) for suffix in (".json", ".JSON"))
            beside += [self._entry(one, folder) for one in others if one.is_file()][:1]
        yield Group(entries=tuple(beside))

    def _walk(self, here: Path, root: Path, folder: Path) -> Iterator[Group | Problem]:
        """The groups of a folder and of those in it, by their ids."""
        try:
            names = sorted(name for name in os.listdir(here) if not name.startswith("."))  # noqa: PTH208
        except OSError as error:
            found = f"the folder cannot be read: {error.strerror}"
            yield problem("disk", self.name(here), found, "give leave to read it")
            return
        keys = []
        for name in names:
            path = here / name
            if path.is_symlink() and (_leads_out(path, root) or self._leads_back(path)):
                found = "a link leads out of the folder, in a circle, or where another leads"
                fix = "put the document itself there"
                yield problem("outside-project", self.name(path), found, fix)
            elif path.is_dir():
                keys.append((f"{name}/", name))
            elif path.is_file():
                keys.append((parted(name).stem, name))
            elif not path.exists():
                fix = "remove the link"
                yield problem("file-missing", self.name(path), "a link leads nowhere", fix)
        group: list[Entry] = []
        last = None
        for key, name in sorted(keys):
            if key != last and group:
                yield Group(entries=tuple(group))
                group = []
            last = key
            if key.endswith("/"):
                if not self._is_seen(here / name):
                    yield from self._walk(here / name, root, folder)
            elif not self._is_seen(here / name):
                group.append(self._entry(here / name, folder))
        if group:
            yield Group(entries=tuple(group))

    def _leads_back(self, link: Path) -> bool:
        """Whether a link to a folder is one more way to what is read: such ways multiply."""
        if not link.is_dir():
            return False
        target = link.resolve()
        known = target in self._linked or link.parent.resolve().is_relative_to(target)
        self._linked.add(target)
        return known

    def _entry(self, path: Path, folder: Path, *, named: bool = False) -> Entry:
        inside = path.relative_to(folder).as_posix()
        return Entry(
            path=inside,
            name=parted(inside),
            source=inside,
            file=printable(self.name(path)),
            open=lambda: path.open("rb"),
            named=named,
        )


def _of_url(place: str) -> Iterator[Group | Problem]:
    """The files behind a URL: one, those that a pattern matches, or those of a folder."""
    url = Url(place)
    names = url.listed()
    if names is None:
        last = url.url.partition("?")[0].rpartition("/")[2] or "articles"
        open_ = url.open
        yield Group(
            entries=(
                Entry(
                    path=last,
                    name=parted(last),
                    source=url.url,
                    file=url.url,
                    open=open_,
                    named=True,
                ),
            )
        )
        return
    group: list[Entry] = []
    for name in sorted(names, key=lambda one: (parted(one).stem, one)):
        if any(part.startswith(".") for part in name.split("/")):
            continue
        if url.leads_out(name):
            found, fix = "its name or a link leads out of the folder", "give it another name"
            yield problem("outside-project", f"{url.folder}/{name}", found, fix)
            continue
        entry = Entry(
            path=name,
            name=parted(name),
            source=f"{url.folder}/{name}",
            file=printable(f"{url.folder}/{name}"),
            open=_opener(url, name),
        )
        if group and group[-1].name.stem != entry.name.stem:
            yield Group(entries=tuple(group))
            group = []
        group.append(entry)
    if group:
        yield Group(entries=tuple(group))


def _opener(url: Url, name: str) -> Callable[[], BinaryIO]:
    return lambda: url.open(name)


def _is_there(place: str) -> bool:
    try:
        return Path(place).exists()
    except OSError:  # the name is too long, or a folder above it may not be read
        return False


def _leads_out(link: Path, root: Path) -> bool:
    try:
        return not link.resolve(strict=True).is_relative_to(root)
    except FileNotFoundError:
        return False
    except (OSError, RuntimeError):  # a circle of links is the one or the other by Python's version
        return True


def problem(code: str, name: str, found: str, fix: str, id_: str = "") -> Problem:
    """A problem of a file by its name, whatever that holds."""
    return Problem(code=code, file=printable(name), id=id_, found=found, fix=fix)


def printable(name: str) -> str:
    """A file name without what JSON and terminals cannot show."""
    escaped = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in escaped
    )
