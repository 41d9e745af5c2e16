"""A dataset project: the folder that holds it, and where everything lies in it."""

import tomllib
from collections.abc import Callable, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, Literal, ParamSpec, TypeVar

import msgspec

from sikap.errors import InputError, Problem
from sikap.labelling_config.scheme import Scheme
from sikap.labelling_config.scheme_from_xml import read_scheme
from sikap.patterns import ROUND_ID
from sikap.settings import Settings, settings_of
from sikap.storage.files import read_bytes

P = ParamSpec("P")
T = TypeVar("T")


def once(
    read: Callable[Concatenate["Project", P], T],
) -> Callable[Concatenate["Project", P], T]:
    """Let a function read files once for a snapshot of a project, and each time for the project.

    Positional arguments say what is read, so keyword arguments must not change the result.
    """

    @wraps(read)
    def read_once(project: "Project", /, *args: P.args, **kwargs: P.kwargs) -> T:
        if project.kept is None:
            return read(project, *args, **kwargs)
        key = (read, *args)
        if key not in project.kept:
            project.kept[key] = read(project, *args, **kwargs)
        value: T = project.kept[key]
        return value

    return read_once


class Project:
    """The folders and files of one dataset project.

    ``root`` is the folder whose pyproject.toml has ``[tool.sikap]``. Raises InputError where a
    setting leads out of it.
    """

    def __init__(self, root: Path, settings: Settings) -> None:
        self.root = root.resolve()
        self.settings = settings
        self.dataset = self.root / "dataset"
        self.raw = self.dataset / "raw"
        self.articles = self.dataset / "articles.jsonl"
        self.warnings = self.dataset / "warnings.jsonl"
        self.rejects = self.dataset / "rejects.jsonl"
        self.sentences = self.dataset / "sentences.jsonl"
        self.rounds = self.dataset / "rounds"
        self.labels = self.dataset / "labels.jsonl"
        self.withdrawn = self.dataset / "withdrawn.jsonl"
        self.anchors = self.dataset / "anchors.jsonl"
        self.orphans = self.dataset / "orphans.jsonl"
        self.ledger = self.dataset / "splits.json"
        self.baselines = self.dataset / "baselines.json"
        self.release = self.dataset / "release"
        self.answers = self.root / "datasheet.toml"
        self.datasheet = self.root / "DATASHEET.md"
        self.config = self.inside(settings.config)
        self.guidelines = self.inside(settings.guidelines)
        self.outlets = self.root / "schema" / "outlets"
        self.private = self.root / ".sikap"
        self.lock = self.private / "lock"
        self.users = self.private / "annotators.json"
        self.studio = self.private / "studio"
        self.studios = self.private / "studios"
        self.servers = self.private / "servers.json"
        self.journals = self.private / "journals"
        self.kept: dict[tuple[object, ...], Any] | None = None

    def snapshot(self) -> "Project":
        """The project for one command, which keeps what functions with ``once`` read.

        Every command takes its own, so that it sees what changed on disk since the last one.
        """
        snapshot = Project(self.root, self.settings)
        snapshot.kept = {}
        return snapshot

    def with_texts(
        self, text: Literal["full", "standoff"] | None = None, *, drop_urls: bool | None = None
    ) -> "Project":
        """The project with other settings of the same names; None leaves a setting as it is."""
        wishes = {"text": text, "drop_urls": drop_urls}
        changes = {name: wish for name, wish in wishes.items() if wish is not None}
        return Project(self.root, msgspec.structs.replace(self.settings, **changes))

    def inside(self, path: str) -> Path:
        """A path of the settings, resolved; raises InputError where it leaves the project."""
        resolved = (self.root / path).resolve()
        if not resolved.is_relative_to(self.root):
            found, fix = f"{path!r} leaves the project", "name a path inside the project"
            problem = Problem(code="outside-project", file="pyproject.toml", found=found, fix=fix)
            raise InputError(problem)
        return resolved

    def name(self, path: Path) -> str:
        """A path as people see it: relative to the project where it lies inside."""
        return (
            path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else str(path)
        )

    def round(self, round_id: str) -> Path:
        """The folder of a round; raises InputError for an id that is no plain file name."""
        if not ROUND_ID.fullmatch(round_id):
            found = f"{round_id!r} cannot name a round"
            fix = "use up to 64 of a-z, 0-9, '.', '_' and '-', beginning with a letter or digit"
            raise InputError(Problem(code="round-id", id=round_id[:80], found=found, fix=fix))
        return self.rounds / round_id

    def journal(self, round_id: str) -> Path:
        """The file with what push has sent of a round."""
        return self.journals / f"{self.round(round_id).name}.jsonl"

    @once
    def read_input(self, path: Path, *, fix: str) -> bytes:
        """The bytes of the labelling config or the guidelines."""
        return read_bytes(path, self.name(path), fix)

    @once
    def scheme(self) -> Scheme:
        """The scheme in the project's labelling config."""
        data = self.read_input(self.config, fix="write a Label Studio config there")
        return read_scheme(data, self.name(self.config), self.settings.span_key)


def open_project(start: Path) -> Project:
    """The project at ``start`` or the nearest folder upwards that has one.

    Raises InputError where there is none or its settings are wrong.
    """
    for folder in (start.resolve(), *start.resolve().parents):
        tables = _tables(folder / "pyproject.toml")
        if tables is not None:
            return Project(folder, settings_of(tables))
    found = f"neither {start} nor a folder above it holds a sikap project"
    fix = "go to one, name one with --project, or make one with 'sikap init DIR'"
    raise InputError(Problem(code="no-project", found=found, fix=fix))


def _tables(path: Path) -> Mapping[str, Any] | None:
    if not path.is_file():
        return None
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        found, fix = f"it is not TOML: {error}", "correct it"
        raise InputError(Problem(code="settings", file=path.name, found=found, fix=fix)) from error
    tool = content.get("tool")
    tables: Mapping[str, Any] | None = tool.get("sikap") if isinstance(tool, dict) else None
    return tables
