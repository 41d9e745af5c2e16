"""What was rejected and what people should look at: sorted on disk, the first of it in memory."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from sikap.articles.merge import key_of, order
from sikap.errors import Problem, raise_if
from sikap.project import Project
from sikap.storage.blocks import BLOCK, blocks
from sikap.storage.external_sort import Sorter
from sikap.storage.files import encode_line, try_lines

KEPT = 1_000
"""Problems in a report; the file has them all."""
RUN_BYTES = 8 << 20
_MAGIC = re.compile(r"\*\*|[*?\[]")
_NOW, _BEFORE = b"0", b"1"


class Findings:
    """Problems of this run, and those of earlier runs that still hold.

    ``rejects`` counts those of this run by code, ``first`` are the first of them in their order,
    once written; ``warned`` counts all warnings that are written.
    """

    def __init__(self, project: Project, folder: Path, places: Iterable[str]) -> None:
        rooms = [folder / "rejects", folder / "warnings"]
        for room in rooms:
            room.mkdir()
        self._rejects, self._warnings = (Sorter(room, RUN_BYTES) for room in rooms)
        self._decode = msgspec.json.Decoder(Problem).decode
        self.rejects: Counter[str] = Counter()
        self.warned: Counter[str] = Counter()
        self.first: list[Problem] = []
        looked_at = [_looked_at(place, project) for place in places]
        for problem in _problems(project.rejects, project):
            if not any(pattern.match(problem.file) for pattern in looked_at):
                self._rejects.add(order(problem), _BEFORE + encode_line(problem))

    def reject(self, problem: Problem) -> None:
        """Take a problem of this run, of a document that was set aside."""
        self._rejects.add(order(problem), _NOW + encode_line(problem))

    def warn(self, lines: Iterable[bytes]) -> None:
        """Take what people should look at in one article."""
        for line in lines:
            self._warnings.add(order(self._decode(line)), line)

    def write(self, folder: Path) -> None:
        """Write rejects.jsonl and warnings.jsonl, each problem once, in the order of problems."""
        last = b""
        with (folder / "rejects.jsonl").open("wb", buffering=BLOCK) as file:
            for _, value in self._rejects.entries():
                when, line = value[:1], value[1:]
                if line == last:
                    continue
                last = line
                file.write(line)
                if when == _NOW:
                    self._count(line)
        with (folder / "warnings.jsonl").open("wb", buffering=BLOCK) as file:
            for _, line in self._warnings.entries():
                if line != last:
                    file.write(line)
                    self.warned[self._decode(line).code] += 1
                last = line

    def _count(self, line: bytes) -> None:
        problem = self._decode(line)
        self.rejects[problem.code] += 1
        if len(self.first) < KEPT:
            self.first.append(problem)


def old_warnings(project: Project, room: Path) -> Sorter:
    """The warnings of earlier runs by the id of their article."""
    sorter = Sorter(room, RUN_BYTES)
    for problem in _problems(project.warnings, project):
        sorter.add(key_of(problem.id), encode_line(problem))
    return sorter


def _problems(path: Path, project: Project) -> Iterator[Problem]:
    if not path.exists():
        return
    file = project.name(path)
    for block in blocks(path, file, ""):
        problems, wrong = try_lines(block.data, Problem, file, block.line)
        raise_if(wrong)
        yield from problems


def _looked_at(place: str, project: Project) -> re.Pattern[str]:
    """What matches the names of files that a place stands for: itself, what is below, beside it."""
    here = Path(place)
    if "://" in place or place == "-":
        name = place
    elif _MAGIC.search(place) and not here.exists():
        name = project.name(here.absolute())
        return re.compile(rf"{_globbed(name)}(?:/|\Z)", re.DOTALL)
    else:
        name = project.name(here.resolve())
    # The metadata file of a document that was named is looked at as well.
    stem = str(Path(name).with_suffix("")) if Path(name).name else name
    names = f"{re.escape(name)}(?:/|\\Z)|{re.escape(stem)}\\."
    return re.compile(names, re.DOTALL)


def _globbed(name: str) -> str:
    """A glob as a regular expression; a class of characters stands for any one character."""
    wild = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/?|\*|\?|\[[^\]]+\])", name)
    return "".join(
        wild.get(part.rstrip("/"), "[^/]" if part.startswith("[") else re.escape(part))
        for part in parts
    )
