"""Make a new dataset project: layout, settings, labelling config, guidelines and datasheet."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from sikap import schemas
from sikap.errors import InputError, Problem
from sikap.steps.report import Report
from sikap.store import write_bytes

CONFIG = "stance_entities.xml"
TEMPLATES = {
    "pyproject.toml": "pyproject.toml",
    "DATASHEET.md": "DATASHEET.md",
    "guidelines.md": "schema/guidelines.md",
    "gitignore": ".gitignore",
}


class InitReport(Report, frozen=True, kw_only=True):
    """The files of the new project."""

    folder: str
    files: tuple[str, ...]

    def lines(self) -> Iterator[str]:
        """Yield the files and the next steps."""
        yield f"made {self.folder}: {', '.join(self.files)}"
        yield "next: fill in pyproject.toml and schema/guidelines.md, put .txt files into"
        yield "dataset/raw/, then run sikap ingest, segment, studio, round plan ID, push, pull"


def init_project(folder: Path) -> InitReport:
    """Write a new project; raises InputError where one of its files exists already."""
    taken = [name for name in (*TEMPLATES.values(), f"schema/{CONFIG}") if (folder / name).exists()]
    if taken:
        found, fix = f"{', '.join(taken)} exists already", "choose an empty folder"
        raise InputError(Problem(code="file-exists", file=str(folder), found=found, fix=fix))
    templates = files("sikap.steps") / "templates"
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "dataset"
    for template, target in TEMPLATES.items():
        text = (templates / template).read_text(encoding="utf-8")
        write_bytes(folder / target, text.replace("PROJECT-NAME", name).encode())
    write_bytes(folder / "schema" / CONFIG, (schemas.folder() / CONFIG).read_bytes())
    write_bytes(folder / "dataset" / "raw" / ".gitkeep", b"")
    return InitReport(folder=str(folder), files=(*TEMPLATES.values(), f"schema/{CONFIG}"))
