"""Make a new dataset project: layout, settings, labelling config, guidelines and questions."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from sikap.errors import InputError, Problem
from sikap.patterns import LICENCE_ID
from sikap.release.documents.datasheet_questions import skeleton
from sikap.steps.report import Report
from sikap.storage import schemas
from sikap.storage.files import write_bytes

CONFIG = "stance_entities.xml"
ANSWERS = "datasheet.toml"
UNKNOWN = "unknown"
TEMPLATES = {
    "pyproject.toml": "pyproject.toml",
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
        yield "next: fill in pyproject.toml and schema/guidelines.md; put texts, pages or tables"
        yield "into dataset/raw/, or name them to ingest; then run sikap ingest, segment,"
        yield "studio, round plan ID, push, pull; answer datasheet.toml before a release"


def init_project(folder: Path, licence: str = UNKNOWN) -> InitReport:
    """Write a new project whose dataset will be under ``licence``, an SPDX identifier.

    Raises InputError where one of its files exists already, or for what is no such identifier.
    """
    if not LICENCE_ID.fullmatch(licence):
        found, fix = f"{licence!r} is no SPDX identifier", "write one such as CC-BY-4.0"
        raise InputError(Problem(code="settings", id="licence", found=found, fix=fix))
    names = (*TEMPLATES.values(), ANSWERS, f"schema/{CONFIG}")
    taken = [name for name in names if (folder / name).exists()]
    if taken:
        found, fix = f"{', '.join(taken)} exists already", "choose an empty folder"
        raise InputError(Problem(code="file-exists", file=str(folder), found=found, fix=fix))
    templates = files("sikap.steps") / "templates"
    name = re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "dataset"
    values = {"PROJECT-NAME": name, "PROJECT-LICENCE": licence}
    if licence == UNKNOWN:
        values = {'["PROJECT-LICENCE"]': "[]", **values}
    for template, target in TEMPLATES.items():
        text = (templates / template).read_text(encoding="utf-8")
        for placeholder, value in values.items():
            text = text.replace(placeholder, value)
        write_bytes(folder / target, text.encode())
    write_bytes(folder / ANSWERS, skeleton().encode())
    write_bytes(folder / "schema" / CONFIG, (schemas.folder() / CONFIG).read_bytes())
    write_bytes(folder / "dataset" / "raw" / ".gitkeep", b"")
    return InitReport(folder=str(folder), files=names)
