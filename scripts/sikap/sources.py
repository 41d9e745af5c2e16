"""Find and open raw documents: plain text files at any depth, with metadata beside them."""

import os
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from sikap.errors import InputError, Problem, raise_if
from sikap.ingest.pieces import Piece
from sikap.ingest.readers import Raw
from sikap.store import read_bytes

TEXT, METADATA = ".txt", ".json"
_ID_LENGTH = 512


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A document that can be opened; the names are those of ``Raw``."""

    article_id: str
    source: str
    file: str
    path: Path
    metadata_file: str = ""
    metadata: Path | None = None

    def open(self) -> Raw:
        """Read its bytes; raises InputError where the file system refuses."""
        fix = "run again: it was there a moment ago"
        beside = read_bytes(self.metadata, self.metadata_file, fix) if self.metadata else None
        return Raw(
            article_id=self.article_id,
            source=self.source,
            file=self.file,
            data=read_bytes(self.path, self.file, fix),
            metadata_file=self.metadata_file,
            metadata=beside,
        )


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """What lies below the paths given: documents by id, problems, and how many other files."""

    found: tuple[Found, ...]
    problems: tuple[Problem, ...]
    others: int


def find(paths: Iterable[Path], base: Path, name: Callable[[Path], str]) -> Sources:
    """Look through files and folders.

    An id is the path below ``base``, else below the folder given, without suffix. ``name`` gives
    the name of a path that people see. Files whose names begin with a dot are passed over.
    Raises InputError where a path given does not exist.
    """
    paths = tuple(paths)
    fix = "name a file or folder that exists; articles of a project belong into dataset/raw"
    missing = [path for path in paths if not path.exists()]
    raise_if(_problem("file-missing", name(path), "it does not exist", fix) for path in missing)
    search = _Search(base.resolve(), name)
    for path in paths:
        search.add(path)
    return search.result()


def pieces(
    places: Iterable[str], base: Path, name: Callable[[Path], str]
) -> Iterator[Piece | Problem]:
    """Yield every document below files and folders, read, and what is wrong with others."""
    found = find([Path(place) for place in places], base, name)
    yield from found.problems
    for document in found.found:
        try:
            raw = document.open()
        except InputError as error:
            yield msgspec.structs.replace(error.problems[0], id=document.article_id)
            continue
        yield Piece(
            format="text",
            file=raw.file,
            source=raw.source,
            data=raw.data,
            article_id=raw.article_id,
            metadata_file=raw.metadata_file,
            metadata=raw.metadata,
        )


class _Search:
    def __init__(self, base: Path, name: Callable[[Path], str]) -> None:
        self.base = base
        self.name = name
        self.problems: list[Problem] = []
        self.roots: dict[Path, Path] = {}  # every file with the folder that its id counts from

    def add(self, path: Path) -> None:
        root = path.resolve()
        folder = root if root.is_dir() else root.parent
        folder = self.base if folder.is_relative_to(self.base) else folder
        files = self._walk(root) if root.is_dir() else [root]
        if root.is_file() and root.suffix.lower() == TEXT:
            files = [root, *_beside(root)]
        for file in files:
            self.roots.setdefault(file, folder)

    def _walk(self, root: Path) -> Iterator[Path]:
        for folder, folders, files in os.walk(root, onerror=self._unreadable):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            for one in sorted(folders + files):
                path = Path(folder, one)
                if one.startswith("."):
                    continue
                if path.is_symlink() and _leads_out(path, root):
                    found = "a link leads out of the folder, or in a circle"
                    fix = "put the document itself there"
                    self._problem("outside-project", path, found, fix)
                elif path.is_file():
                    yield path
                elif not path.exists():
                    self._problem("file-missing", path, "a link leads nowhere", "remove the link")

    def _unreadable(self, error: OSError) -> None:
        found = f"the folder cannot be read: {error.strerror}"
        self._problem("disk", Path(str(error.filename)), found, "give leave to read it")

    def result(self) -> Sources:
        texts = [path for path in self.roots if path.suffix.lower() == TEXT]
        stems = {path.with_suffix("") for path in texts}
        beside = {path for path in self.roots if path.suffix.lower() == METADATA}
        for path in sorted(path for path in beside if path.with_suffix("") not in stems):
            fix = f"put the article beside it, as {path.stem}{TEXT}, or remove it"
            self._problem("metadata-orphan", path, "it has no article beside it", fix)
        metadata = {path.with_suffix(""): path for path in sorted(beside, reverse=True)}
        by_id = defaultdict(list)
        for path in sorted(texts):
            found = self._found(path, metadata.get(path.with_suffix("")))
            if found is not None:
                by_id[found.article_id].append(found)
        unique = tuple(self._unique(by_id))
        others = len(self.roots) - len(texts) - len(beside)
        return Sources(found=unique, problems=tuple(self.problems), others=others)

    def _found(self, path: Path, metadata: Path | None) -> Found | None:
        source = path.relative_to(self.roots[path]).as_posix()
        article_id = source[: -len(path.suffix)]
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in source):
            fix = "give it a name in UTF-8 without control characters"
            self._problem("encoding", path, "its name cannot be an id", fix)
            return None
        if len(article_id) > _ID_LENGTH:
            found = f"its path has {len(article_id)} characters"
            self._problem("schema", path, found, f"use up to {_ID_LENGTH}")
            return None
        return Found(
            article_id=article_id,
            source=source,
            file=_printable(self.name(path)),
            path=path,
            metadata_file=_printable(self.name(metadata)) if metadata else "",
            metadata=metadata,
        )

    def _unique(self, by_id: dict[str, list[Found]]) -> Iterator[Found]:
        for article_id in sorted(by_id):
            files = by_id[article_id]
            if len(files) == 1:
                yield files[0]
                continue
            names = ", ".join(found.file for found in files)
            for found in files:
                fix = "rename all but one, or ingest one alone"
                self._problem("duplicate-id", found.path, f"one id for {names}", fix, article_id)

    def _problem(self, code: str, path: Path, found: str, fix: str, id_: str = "") -> None:
        self.problems.append(_problem(code, self.name(path), found, fix, id_))


def _problem(code: str, name: str, found: str, fix: str, id_: str = "") -> Problem:
    return Problem(code=code, file=_printable(name), id=id_, found=found, fix=fix)


def _leads_out(link: Path, root: Path) -> bool:
    try:
        return not link.resolve(strict=True).is_relative_to(root)
    except FileNotFoundError:
        return False
    except (OSError, RuntimeError):  # a circle of links is the one or the other by Python's version
        return True


def _beside(path: Path) -> list[Path]:
    return [
        other
        for other in (path.with_suffix(METADATA), path.with_suffix(METADATA.upper()))
        if other.is_file()
    ]


def _printable(name: str) -> str:
    """A file name without what JSON and terminals cannot show."""
    escaped = name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in escaped
    )
